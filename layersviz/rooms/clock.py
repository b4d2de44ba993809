"""The server's clock, by which all pages of a class show the same instant."""

import time


def server_ms() -> float:
    """Milliseconds since 1970."""
    return time.time() * 1000
