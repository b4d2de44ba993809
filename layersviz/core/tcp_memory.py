"""What one end of a TCP stream has sent so far.

Knows nothing of rules: it remembers.
"""

from layersviz.core.tcp_findings import ZERO_WINDOW_PROBE
from layersviz.core.tcp_segment import FIN, HALF, MASK, SYN, TcpSegment

UNKNOWN_SHIFT, NO_SCALING = -1, -2
NOT_SEEN = -1
LOSS_TOLD = -1
"""In place of a count of repeated acknowledgments: what the other end acknowledged and the capture has not got."""


class TcpEnd:
    """What one end has sent so far. Sequence numbers are raw; `base` is None where nothing is known yet."""

    # No msgspec struct: its values are set far more often than it is made, and that takes a third of the time so.
    __slots__ = (
        "acknowledged",
        "acknowledged_time_ns",
        "base",
        "contiguous_end",
        "duplicate_acks",
        "flight_is_known",
        "last_findings",
        "next_sequence",
        "next_time_ns",
        "shift",
        "window",
        "window_is_unscaled",
    )

    def __init__(self) -> None:
        self.base: int | None = None
        self.shift = UNKNOWN_SHIFT
        self.next_sequence = self.next_time_ns = self.contiguous_end = 0
        self.acknowledged = self.acknowledged_time_ns = 0
        self.window = NOT_SEEN
        self.duplicate_acks = self.last_findings = 0
        self.flight_is_known = True
        self.window_is_unscaled = False

    @property
    def window_octets(self) -> int:
        """The window as bytes: scaled where the scale is known, and the segment that told it was no SYN."""
        return self.window if self.window_is_unscaled or self.shift < 0 else self.window << self.shift


def remember(end: TcpEnd, segment: TcpSegment, findings: int) -> None:
    """Note a segment that was judged."""
    if not findings & ZERO_WINDOW_PROBE:
        expected = end.next_sequence
        behind = (segment.sequence + segment.length + (1 if segment.flags & (SYN | FIN) else 0)) & MASK
        if not expected or 0 < (behind - expected) & MASK <= HALF:
            end.next_sequence = behind
            end.next_time_ns = segment.time_ns
        if not end.contiguous_end or segment.sequence == end.contiguous_end:
            end.contiguous_end = end.next_sequence
    end.window = segment.window
    end.window_is_unscaled = bool(segment.flags & SYN)
    end.acknowledged = segment.acknowledgment
    end.acknowledged_time_ns = segment.time_ns
    end.last_findings = findings


def take_expected(
    end: TcpEnd, other: TcpEnd, time_ns: int, sequence: int, acknowledgment: int, window: int, length: int
) -> bool:
    """Remember a segment that just goes on where the last one ended and acknowledges what was seen; False if it isn't.

    Most are: it is the same as asking all rules, which have nothing to say of it, in a third of the time. Not for SYN,
    FIN and RST, nor without ACK.
    """
    if sequence != end.next_sequence or not sequence or not window or not other.contiguous_end:
        return False
    if 0 < (acknowledgment - other.contiguous_end) & MASK <= HALF:
        return False
    behind = sequence
    if length:
        behind = (sequence + length) & MASK
        if length == 1 or not _leaves_room(other, behind):
            return False
        end.next_sequence = behind
        end.next_time_ns = time_ns
    elif acknowledgment == end.acknowledged:
        return False
    if acknowledgment != end.acknowledged:
        end.duplicate_acks = 0
        end.acknowledged = acknowledgment
    if sequence == end.contiguous_end or not end.contiguous_end:
        end.contiguous_end = behind
    other.flight_is_known = True
    end.window_is_unscaled = False
    end.window = window
    end.acknowledged_time_ns = time_ns
    end.last_findings = 0
    return True


def _leaves_room(other: TcpEnd, behind: int) -> bool:
    """Whether data up to there is new to the other end, and does not fill its window to the last byte."""
    unanswered = (behind - other.acknowledged) & MASK
    window = other.window
    if other.shift > 0 and not other.window_is_unscaled:
        window <<= other.shift
    return 0 < unanswered <= HALF and unanswered != window
