"""What the story finds in a segment beside Wireshark, which sees the octets alone: SACK, D-SACK, probes, answers.

Values only; the words are in `findings`.
"""

import msgspec

from layersviz.core.story.connection import Segment
from layersviz.core.story.kind import Kind
from layersviz.core.story.selected import beyond, twice
from layersviz.core.story.sending import Came
from layersviz.core.tcp_findings import (
    DUPLICATE_ACK,
    KEEP_ALIVE,
    OUT_OF_ORDER,
    RETRANSMISSION,
    WINDOW_UPDATE,
    ZERO_WINDOW_PROBE,
    ZERO_WINDOW_PROBE_ACK,
)

SELECTIVE, TWICE, CHALLENGE = 1 << 20, 1 << 21, 1 << 22
"""In place of a window update or a duplicate: blocks above the number, one below it, an answer to a SYN."""
NO_NEWS = DUPLICATE_ACK | SELECTIVE | TWICE | CHALLENGE
"""Of an acknowledgment: the kernel sends it by itself, no program has a part in it."""


def as_told(segment: Segment, kind: Kind, *, is_known_repeat: bool) -> Segment:
    """With the findings that the story tells: it knows more than Wireshark, which sees the octets alone."""
    if is_known_repeat:
        segment = as_repeated(segment)
    bits = segment.findings
    if bits & KEEP_ALIVE and segment.meets_closed_window:
        bits = bits & ~KEEP_ALIVE | ZERO_WINDOW_PROBE
    if kind in _BARE_ACKS:
        bits = _of_acknowledgment(segment, bits)
    return segment if bits == segment.findings else msgspec.structs.replace(segment, findings=bits)


def _of_acknowledgment(segment: Segment, bits: int) -> int:
    repeated = bits & (WINDOW_UPDATE | DUPLICATE_ACK)
    if not segment.window and segment.answers is Came.PROBE:
        return bits | ZERO_WINDOW_PROBE_ACK
    if beyond(segment):
        return bits & ~repeated | SELECTIVE
    if twice(segment) is not None:
        return bits & ~repeated | TWICE
    if repeated and segment.answers in (Came.SYN, Came.SYN_ACK):
        return bits & ~repeated | CHALLENGE
    return bits


_BARE_ACKS = frozenset({Kind.ACK, Kind.HANDSHAKE_ACK, Kind.CLOSING_ACK})


def as_repeated(segment: Segment) -> Segment:
    """What is known to have been sent before is no segment that was overtaken, however soon it comes."""
    if not segment.findings & OUT_OF_ORDER:
        return segment
    return msgspec.structs.replace(segment, findings=segment.findings & ~OUT_OF_ORDER | RETRANSMISSION)
