"""What one end of a TCP stream has sent so far, and what of it waits for its acknowledgment.

Knows nothing of rules: it remembers.
"""

import msgspec

from layersviz.core.tcp_findings import ZERO_WINDOW_PROBE
from layersviz.core.tcp_segment import FIN, HALF, MASK, SYN, TcpSegment, is_after

UNKNOWN_SHIFT, NO_SCALING = -1, -2
NOT_SEEN = -1

_MOST_UNACKNOWLEDGED = 10_000


class Unacknowledged(msgspec.Struct):
    """A segment that used sequence numbers and waits for its acknowledgment."""

    sequence: int
    end: int
    time_ns: int


class TcpEnd(msgspec.Struct):
    """What one end has sent so far. Sequence numbers are raw; None where nothing is known yet."""

    base: int | None = None
    shift: int = UNKNOWN_SHIFT
    next_sequence: int = 0
    next_time_ns: int = 0
    contiguous_end: int = 0
    acknowledged: int = 0
    acknowledged_time_ns: int = 0
    window: int = NOT_SEEN
    window_is_unscaled: bool = False
    duplicate_acks: int = 0
    last_findings: int = 0
    flight_is_known: bool = True
    in_order: bool = True
    loss_is_told: bool = False
    unacknowledged: list[Unacknowledged] = msgspec.field(default_factory=list)


def _queue(end: TcpEnd, segment: TcpSegment) -> int:
    """Keep a segment until it is acknowledged; the sequence number behind it, where SYN and FIN count one each."""
    waiting = end.unacknowledged
    behind = (segment.sequence + segment.length) & MASK
    if len(waiting) >= _MOST_UNACKNOWLEDGED:
        return behind
    if segment.flags & (SYN | FIN):
        behind = (behind + 1) & MASK
    if waiting and (segment.sequence - waiting[-1].end) & MASK >= HALF:
        end.in_order = False
    waiting.append(Unacknowledged(segment.sequence, behind, segment.time_ns))
    return behind


def remember(end: TcpEnd, segment: TcpSegment, findings: int) -> None:
    """Note a segment that was judged."""
    behind = _queue(end, segment) if segment.length or segment.flags & (SYN | FIN) else segment.sequence
    if not findings & ZERO_WINDOW_PROBE:
        expected = end.next_sequence
        if not expected or 0 < (behind - expected) & MASK <= HALF:
            end.next_sequence = behind
            end.next_time_ns = segment.time_ns
        if not is_after(expected, segment.sequence):
            end.loss_is_told = False
        if not end.contiguous_end or segment.sequence == end.contiguous_end:
            end.contiguous_end = end.next_sequence
    end.window = segment.window
    end.window_is_unscaled = bool(segment.flags & SYN)
    end.acknowledged = segment.acknowledgment
    end.acknowledged_time_ns = segment.time_ns
    end.last_findings = findings


def settle(other: TcpEnd, segment: TcpSegment) -> int | None:
    """Take what is acknowledged from the other end's list; nanoseconds since the segment that ends just there."""
    if not other.in_order:
        return _settle_any(other, segment)
    acknowledgment, waiting = segment.acknowledgment, other.unacknowledged
    sent_ns = None
    settled = 0
    for one in waiting:
        if (acknowledgment - one.end) & MASK >= HALF:
            if 0 < (acknowledgment - one.sequence) & MASK <= HALF:
                one.sequence = acknowledgment
            break
        if one.end == acknowledgment and sent_ns is None:
            sent_ns = one.time_ns
        settled += 1
    if settled:
        del waiting[:settled]
    return None if sent_ns is None else segment.time_ns - sent_ns


def _settle_any(other: TcpEnd, segment: TcpSegment) -> int | None:
    """The same where the segments did not come in order."""
    acknowledgment = segment.acknowledgment
    sent_ns = None
    kept = []
    for one in other.unacknowledged:
        if one.end == acknowledgment:
            sent_ns = one.time_ns if sent_ns is None else sent_ns
        elif is_after(one.end, acknowledgment):
            if is_after(acknowledgment, one.sequence):
                one.sequence = acknowledgment
            kept.append(one)
    other.unacknowledged = kept
    other.in_order = not kept
    return None if sent_ns is None else segment.time_ns - sent_ns
