"""Reads a capture from octets, whole: its packets, and what is wrong with it."""

import io

import msgspec

from layersviz.files import open_capture
from layersviz.files.gunzip import MAGIC as GZIP


def read(octets):
    """The packets without their positions, which are looked at here where the octets are plain."""
    capture = open_capture(io.BytesIO(octets))
    packets = list(capture)
    if not octets.startswith(GZIP):
        for packet in packets:
            assert octets[packet.position : packet.position + len(packet.octets)] == packet.octets
    return [msgspec.structs.replace(packet, position=0) for packet in packets], capture.problem


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
