"""What one end of a TCP stream has sent and nobody has acknowledged yet: how long each acknowledgment took.

Knows nothing of rules: it keeps segments, and gives them up. Memory is bounded.
"""

import msgspec

from layersviz.core.tcp_segment import FIN, HALF, MASK, SYN, TcpSegment, is_after

_MOST_WAITING = 10_000


class _Sent(msgspec.Struct):
    """A segment that used sequence numbers: those up to `end` wait."""

    sequence: int
    end: int
    time_ns: int


class Waiting:
    """The segments of one end that wait for their acknowledgment."""

    def __init__(self) -> None:
        self._sent: list[_Sent] = []
        self._in_order = True

    def add(self, segment: TcpSegment) -> None:
        """A segment that this end sent; one without data, SYN and FIN waits for nothing."""
        controls = segment.flags & (SYN | FIN)
        if not (segment.length or controls) or len(self._sent) >= _MOST_WAITING:
            return
        if self._sent and (segment.sequence - self._sent[-1].end) & MASK >= HALF:
            self._in_order = False
        end = (segment.sequence + segment.length + (1 if controls else 0)) & MASK
        self._sent.append(_Sent(segment.sequence, end, segment.time_ns))

    def settle(self, acknowledgment: int, time_ns: int) -> int | None:
        """Give up what is acknowledged; nanoseconds since the segment that ends just there, None where none does."""
        if not self._in_order:
            return self._settle_any(acknowledgment, time_ns)
        sent_ns = None
        settled = 0
        for one in self._sent:
            if (acknowledgment - one.end) & MASK >= HALF:
                if 0 < (acknowledgment - one.sequence) & MASK <= HALF:
                    one.sequence = acknowledgment
                break
            if one.end == acknowledgment and sent_ns is None:
                sent_ns = one.time_ns
            settled += 1
        del self._sent[:settled]
        return None if sent_ns is None else time_ns - sent_ns

    def _settle_any(self, acknowledgment: int, time_ns: int) -> int | None:
        """The same where the segments did not come in order."""
        sent_ns = None
        kept = []
        for one in self._sent:
            if one.end == acknowledgment:
                sent_ns = one.time_ns if sent_ns is None else sent_ns
            elif is_after(one.end, acknowledgment):
                if is_after(acknowledgment, one.sequence):
                    one.sequence = acknowledgment
                kept.append(one)
        self._sent = kept
        self._in_order = not kept
        return None if sent_ns is None else time_ns - sent_ns
