"""The long run: a million changed inputs for whatever reads what came off the wire."""
