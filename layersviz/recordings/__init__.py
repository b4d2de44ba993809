"""Runs that are kept: the database's tables, and the way in and out. Knows nothing of pages and websockets."""
