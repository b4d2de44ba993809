"""What is noteworthy about each segment of a TCP stream, by Wireshark's rules (User's Guide, section 7.5).

Knows nothing of octets and addresses: a segment is plain numbers and comes with its direction, 0 or 1.
"""

from functools import cached_property

import msgspec

from layersviz.core.tcp_findings import (
    ACK_LOST_SEGMENT,
    DUPLICATE_ACK,
    FAST_RETRANSMISSION,
    KEEP_ALIVE,
    KEEP_ALIVE_ACK,
    LOST_SEGMENT,
    NOTED,
    OUT_OF_ORDER,
    RETRANSMISSION,
    REUSED_PORTS,
    SPURIOUS_RETRANSMISSION,
    WINDOW_FULL,
    WINDOW_UPDATE,
    ZERO_WINDOW,
    ZERO_WINDOW_PROBE,
    ZERO_WINDOW_PROBE_ACK,
)
from layersviz.core.tcp_memory import LOSS_TOLD, NO_SCALING, UNKNOWN_SHIFT, TcpEnd, remember, take_expected
from layersviz.core.tcp_segment import ACK, FIN, HALF, MASK, NO_SHIFT, RST, SYN, Reading, TcpSegment, is_after
from layersviz.core.tcp_waiting import Waiting

HAS_SYN, HAS_SYN_ACK, HAS_ACK, HAS_DATA, HAS_FIN, HAS_RST = 1, 2, 4, 8, 16, 32

GREATEST_SHIFT = 14

_FAST_NS = 20_000_000
_ORDER_NS = 3_000_000
_UNSIGNED = (1 << 64) - 1
"""Where a capture's clock goes backwards Wireshark takes that for a very long time, not for none."""
_CONTROL = SYN | FIN | RST
ACK_AND_CONTROL = ACK | _CONTROL


class TcpAnalysis(msgspec.Struct, frozen=True):
    """A segment in the light of its stream.

    `sequence` and `acknowledgment` are relative. `scale_factor` is what the window is multiplied by: None in a SYN,
    -1 where the handshake was not seen, -2 where scaling is not in force. `window` is in bytes, scaled. `findings` are
    bits of `tcp_findings`. `duplicate_ack_number` counts from 1, 0 where it is no duplicate. Nanoseconds are None
    where there is nothing to measure. `sacks` are relative, too. `completeness` is what had been seen before.
    """

    stream: int
    sequence: int
    acknowledgment: int
    window: int
    scale_factor: int | None
    findings: int
    duplicate_ack_number: int
    initial_rtt_ns: int | None
    ack_rtt_ns: int | None
    completeness: int
    sacks: tuple[tuple[int, int], ...] = ()


class TcpStream:
    """One connection's analysis, segment by segment, in the order of the capture."""

    def __init__(self, number: int, *, reuses_ports: bool = False) -> None:
        self.number = number
        self.ends = (TcpEnd(), TcpEnd())
        self.completeness = HAS_SYN if reuses_ports else 0
        self.initial_rtt_ns: int | None = None
        self._syn_time_ns: int | None = None
        self.is_begun = reuses_ports
        self.parts_of_first = 0

    @cached_property
    def _waiting(self) -> tuple[Waiting, Waiting]:
        """What waits for its acknowledgment; only who asks for all about a segment needs it."""
        return Waiting(), Waiting()

    def is_reused_by(self, direction: int, segment: TcpSegment) -> bool:
        """Whether this SYN begins another connection between the same addresses and ports."""
        base = self.ends[direction].base
        return segment.flags & (SYN | ACK) == SYN and base is not None and segment.sequence != base

    def follow(self, direction: int, segment: TcpSegment, findings: int = 0) -> int:
        """Fold one segment; its findings, beside those that are known before."""
        if segment.reading:
            return self._follow_in_part(direction, segment)
        if segment.flags & ACK_AND_CONTROL == ACK and self.go_on(
            direction,
            segment.time_ns,
            segment.sequence,
            segment.acknowledgment,
            segment.window,
            segment.length,
        ):
            return findings
        return self._follow(direction, segment, findings)

    def go_on(self, direction: int, time_ns: int, sequence: int, acknowledgment: int, window: int, length: int) -> bool:
        """Fold a segment with ACK and without SYN, FIN, RST, if it is the one that was to come; False where it isn't.

        It has no findings then. `follow` does the same; who has many segments spares making them into one.
        """
        if self.initial_rtt_ns is None:
            return False
        end, other = self.ends[direction], self.ends[1 - direction]
        if not take_expected(end, other, time_ns, sequence, acknowledgment, window, length):
            return False
        self.completeness |= HAS_DATA if length else HAS_ACK
        return True

    def _follow(self, direction: int, segment: TcpSegment, findings: int) -> int:
        end, other = self.ends[direction], self.ends[1 - direction]
        if segment.flags & SYN or end.base is None or other.base is None:
            findings |= self._open(end, other, segment)
        if self.initial_rtt_ns is None:
            self._time_handshake(segment)
        findings |= self._judge(end, other, segment)
        if segment.acknowledgment != end.acknowledged:
            end.duplicate_acks = 0
        if segment.flags & ACK:
            findings |= _acknowledge_unseen(other, segment.acknowledgment)
            other.flight_is_known = True
        if segment.length or segment.flags & (SYN | FIN):
            findings |= self._judge_old(end, other, segment, findings)
        remember(end, segment, findings)
        self._complete(segment)
        return findings

    def glance(self, direction: int, segment: TcpSegment) -> TcpAnalysis:
        """Look at a segment that an ICMP error quotes: Wireshark judges nothing there and shows raw numbers."""
        shift = self.ends[direction].shift
        completeness = self.completeness
        self._time_handshake(segment)
        self._complete(segment)
        return TcpAnalysis(
            stream=self.number,
            sequence=segment.sequence,
            acknowledgment=segment.acknowledgment,
            window=segment.window,
            scale_factor=None if segment.flags & SYN else (1 << shift if shift >= 0 else shift),
            findings=0,
            duplicate_ack_number=0,
            initial_rtt_ns=None,
            ack_rtt_ns=None,
            completeness=completeness,
        )

    def _time_handshake(self, segment: TcpSegment) -> None:
        """The initial round trip is from a SYN to the first segment that acknowledges without SYN."""
        if self.initial_rtt_ns is None and self._syn_time_ns is not None and segment.flags & (SYN | ACK) == ACK:
            self.initial_rtt_ns = segment.time_ns - self._syn_time_ns or None

    def describe(self, direction: int, segment: TcpSegment, findings: int = 0) -> TcpAnalysis:
        """Fold one segment, and say all about it."""
        completeness = self.completeness
        findings = self.follow(direction, segment, findings)
        ack_rtt_ns = self._time_acknowledgment(direction, segment)
        end, other = self.ends[direction], self.ends[1 - direction]
        synchronizes = segment.flags & SYN
        shift = end.shift
        base = (other.base or 0) if segment.flags & ACK else 0
        in_flight = not segment.reading and segment.length and end.flight_is_known
        noted = findings or in_flight or ack_rtt_ns is not None
        return TcpAnalysis(
            stream=self.number,
            sequence=(segment.sequence - (end.base or 0)) & MASK,
            acknowledgment=(segment.acknowledgment - base) & MASK,
            window=segment.window << shift if shift > 0 and not synchronizes else segment.window,
            scale_factor=None if synchronizes else (1 << shift if shift >= 0 else shift),
            findings=findings,
            duplicate_ack_number=end.duplicate_acks if findings & DUPLICATE_ACK else 0,
            initial_rtt_ns=self.initial_rtt_ns if noted else None,
            ack_rtt_ns=ack_rtt_ns or None,
            completeness=completeness,
            sacks=tuple(((left - base) & MASK, (right - base) & MASK) for left, right in segment.sacks),
        )

    def _follow_in_part(self, direction: int, segment: TcpSegment) -> int:
        """A header that can't be read to its end counts for what comes later, but nothing is said of it."""
        match segment.reading:
            case Reading.TOO_LONG:
                self._complete(segment)
            case _:
                self._follow(direction, segment, 0)
        return 0

    def _time_acknowledgment(self, direction: int, segment: TcpSegment) -> int | None:
        """How long it is since the other end sent what this acknowledges; None where that can't be said."""
        if segment.reading is Reading.TOO_LONG:
            return None
        self._waiting[direction].add(segment)
        since_ns = self._waiting[1 - direction].settle(segment.acknowledgment, segment.time_ns)
        return None if segment.reading else since_ns

    def _open(self, end: TcpEnd, other: TcpEnd, segment: TcpSegment) -> int:
        """Learn the initial sequence numbers and the windows' scales."""
        findings = 0
        flags = segment.flags
        if flags & SYN:
            if flags & ACK and end.base is not None and end.base != segment.sequence:
                findings = REUSED_PORTS
            if not flags & ACK:
                self._syn_time_ns = segment.time_ns
                if end.base is not None:
                    end.next_sequence = end.contiguous_end
            if segment.reading is Reading.WHOLE:
                _learn_shift(end, other, segment)
        _learn_bases(end, other, segment)
        return findings

    def _judge(self, end: TcpEnd, other: TcpEnd, segment: TcpSegment) -> int:
        """What this segment is by itself and beside the one before it of the same end."""
        sequence, flags, length = segment.sequence, segment.flags, segment.length
        if length == 1 and sequence == end.next_sequence and other.window == 0:
            return ZERO_WINDOW_PROBE
        findings = 0
        if segment.window == 0 and not flags & _CONTROL:
            findings |= ZERO_WINDOW
        if end.next_sequence and is_after(sequence, end.next_sequence) and not flags & RST:
            findings |= LOST_SEGMENT
            end.flight_is_known = False
        if flags & _CONTROL:
            return findings
        if length <= 1 and sequence == (end.next_sequence - 1) & MASK:
            findings |= KEEP_ALIVE
        if length:
            return findings | _judge_window_full(other, segment)
        if sequence == end.next_sequence and segment.acknowledgment in (end.acknowledged, end.acknowledged + 1):
            findings |= _judge_repeated(end, other, segment)
        return findings

    def _judge_old(self, end: TcpEnd, other: TcpEnd, segment: TcpSegment, findings: int) -> int:
        """Which kind of old bytes these are; 0 where they are new."""
        sequence, length = segment.sequence, segment.length
        if findings & KEEP_ALIVE:
            return 0
        if length and other.acknowledged and not is_after((sequence + length) & MASK, other.acknowledged):
            return RETRANSMISSION | SPURIOUS_RETRANSMISSION
        if not end.next_sequence or not is_after(end.next_sequence, sequence):
            return 0
        if length > 1 and sequence == (end.next_sequence - 1) & MASK:
            return 0
        since_ack_ns = (segment.time_ns - other.acknowledged_time_ns) & _UNSIGNED
        is_asked_for = other.duplicate_acks >= 2 or other.duplicate_acks == LOSS_TOLD
        if is_asked_for and since_ack_ns < _FAST_NS and sequence == other.acknowledged:
            return RETRANSMISSION | FAST_RETRANSMISSION
        behind = (sequence + length + (1 if segment.flags & (SYN | FIN) else 0)) & MASK
        patience_ns = (self.initial_rtt_ns or _ORDER_NS) & _UNSIGNED
        if (segment.time_ns - end.next_time_ns) & _UNSIGNED < patience_ns and end.next_sequence != behind:
            return OUT_OF_ORDER
        return RETRANSMISSION

    def _complete(self, segment: TcpSegment) -> None:
        """Note what this segment adds to the connection's parts."""
        parts = _parts(segment)
        if self.is_begun:
            self.completeness |= parts
            return
        self.is_begun = True
        if segment.flags & (SYN | ACK) == SYN:
            self.completeness = HAS_SYN | (HAS_DATA if segment.length else 0)
        else:
            self.parts_of_first = parts


def _parts(segment: TcpSegment) -> int:
    """What a segment adds to a connection that has begun; data and FIN count only beside an ACK."""
    flags = segment.flags
    parts = HAS_RST if flags & RST else 0
    if not flags & ACK:
        return parts
    if flags & FIN:
        parts |= HAS_FIN
    if flags & SYN:
        return parts | HAS_SYN_ACK
    return parts | (HAS_DATA if segment.length else HAS_ACK)


def _learn_bases(end: TcpEnd, other: TcpEnd, segment: TcpSegment) -> None:
    """From which numbers relative ones count; where no SYN was seen the first segment counts as number 1."""
    flags = segment.flags
    if flags & (SYN | ACK) == SYN | ACK or (flags & SYN and end.base is None):
        end.base = segment.sequence
    elif end.base is None:
        end.base = (segment.sequence - 1) & MASK
    if other.base is None and flags & ACK:
        other.base = (segment.acknowledgment - 1) & MASK


def _learn_shift(end: TcpEnd, other: TcpEnd, segment: TcpSegment) -> None:
    """Scaling is in force only where both ends offered it (RFC 7323 section 1.3)."""
    if segment.shift != NO_SHIFT:
        end.shift = min(segment.shift, GREATEST_SHIFT)
    if end.shift == UNKNOWN_SHIFT:
        end.shift = other.shift = NO_SCALING
    elif segment.flags & ACK and other.shift == NO_SCALING:
        end.shift = NO_SCALING


def _judge_window_full(other: TcpEnd, segment: TcpSegment) -> int:
    if other.shift == UNKNOWN_SHIFT:
        return 0
    edge = (other.acknowledged + other.window_octets) & MASK
    return WINDOW_FULL if (segment.sequence + segment.length) & MASK == edge else 0


def _judge_repeated(end: TcpEnd, other: TcpEnd, segment: TcpSegment) -> int:
    """No data, and the same numbers as before: a window update, an answer to a probe, or a duplicate."""
    same_window = segment.window == end.window
    if not segment.window:
        probed = same_window and other.last_findings & ZERO_WINDOW_PROBE
        return ZERO_WINDOW_PROBE_ACK if probed else 0
    if segment.acknowledgment != end.acknowledged:
        return 0
    if not same_window:
        return WINDOW_UPDATE
    if other.last_findings & KEEP_ALIVE:
        return KEEP_ALIVE_ACK
    end.duplicate_acks = max(end.duplicate_acks, 0) + 1
    return DUPLICATE_ACK


def _acknowledge_unseen(other: TcpEnd, acknowledgment: int) -> int:
    """Say it where bytes are acknowledged that the capture has not got.

    Behind all that was seen of the other end it is said once, and not while that end repeats an acknowledgment.
    """
    end = other.contiguous_end
    if not end or not 0 < (acknowledgment - end) & MASK <= HALF:
        return 0
    if is_after(other.next_sequence, end):
        other.contiguous_end = other.next_sequence
        return ACK_LOST_SEGMENT
    is_said = other.duplicate_acks == 0
    other.duplicate_acks = LOSS_TOLD
    return ACK_LOST_SEGMENT if is_said else NOTED
