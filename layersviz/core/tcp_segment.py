"""A TCP segment as plain numbers, and arithmetic on sequence numbers (RFC 9293 section 3.4).

Knows nothing of octets, addresses or earlier segments.
"""

from enum import IntEnum

import msgspec

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
MODULUS = 1 << 32
MASK = MODULUS - 1
HALF = 1 << 31
NO_SHIFT = -1


class Reading(IntEnum):
    """How much of a header could be read: OPTIONS_CUT is all but its options, the others say a length that can't be."""

    WHOLE = 0
    OPTIONS_CUT = 1
    TOO_SHORT = 2
    TOO_LONG = 3


class TcpSegment(msgspec.Struct, frozen=True, gc=False):
    """One segment: its time in nanoseconds, the numbers of its header as they are on the wire, its octets of data.

    `flags` are the header's low twelve bits. `shift` is the window scale option's, NO_SHIFT without that option.
    `sacks` are the SACK option's blocks, left and right edge. `reading` says how much of the header could be read.
    """

    time_ns: int
    sequence: int
    acknowledgment: int
    flags: int
    window: int
    length: int
    shift: int = NO_SHIFT
    sacks: tuple[tuple[int, int], ...] = ()
    reading: Reading = Reading.WHOLE


def is_after(one: int, other: int) -> bool:
    """Whether a sequence number lies behind another, in modulo arithmetic."""
    return 0 < (one - other) & MASK <= HALF
