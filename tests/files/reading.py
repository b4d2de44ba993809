"""Reads a capture from octets, whole: its packets, and what is wrong with it."""

import io

from layersviz.files import open_capture


def read(octets):
    capture = open_capture(io.BytesIO(octets))
    return list(capture), capture.problem


def epoch(time_ns):
    """A time as tshark writes it; empty where there is none. Before 1970 the seconds are rounded down, too."""
    if time_ns is None:
        return ""
    seconds, nanoseconds = divmod(time_ns, 10**9)
    return f"{seconds}.{nanoseconds:09d}"


class Trickle(io.RawIOBase):
    """A file that gives one octet at a time, as a slow pipe may."""

    def __init__(self, octets):
        self._octets = io.BytesIO(octets)

    def read(self, count=-1):
        return self._octets.read(1)
