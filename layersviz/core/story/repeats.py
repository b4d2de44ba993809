"""What a segment sends again: the frame that had the same bytes before, what is the same and what is new.

Knows segments and header fields, nothing of sentences. Of each connection it remembers the latest.
"""

from collections import deque
from collections.abc import Iterator

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection
from layersviz.core.host import Side
from layersviz.core.journey import Line, Mark
from layersviz.core.said import recurring, said
from layersviz.core.story import labels
from layersviz.core.tcp_reading import network_header
from layersviz.core.tcp_segment import ACK, FIN, SYN

_MOST_KEPT = 256
_NEW_FIELDS = (("ip.id", labels.IDENTIFICATION), ("tcp.options.timestamp.tsval", "TSval"))
"""What a sender writes anew for each packet: RFC 791 section 3.2, RFC 7323 section 3.2."""


class Sending(msgspec.Struct, kw_only=True, gc=False):
    """One segment that uses sequence numbers; `number` is its frame's, 0 while the wire keeps it and it is not told.

    `behind` is the relative number behind its last. `tries` is how often the same had been sent before. `kernel_ms` is
    what its sender's kernel said, when the frame was told, that it would still wait for an answer.
    """

    number: int
    time_ns: int
    octets: bytes
    flags: int
    raw: str
    sequence: int
    behind: int
    data: bytes
    values: tuple[str, ...]
    tries: int = 0
    kernel_ms: float | None = None


class Repeat(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A sending, and the one before it of the same bytes."""

    before: Sending
    now: Sending

    @property
    def after_ms(self) -> float:
        return (self.now.time_ns - self.before.time_ns) / 1e6

    @property
    def is_new_packet(self) -> bool:
        """Whether the octets show that the sender made another packet of them."""
        return self.before.values != self.now.values

    def lines(self) -> Iterator[Line]:
        """What is the same and what is new."""
        yield Line(label="Seq", text=said("{number}: the same", number=self.now.raw), mark=Mark.PLAIN)
        if self.now.data:
            yield Line(label=labels.DATA, text=self._data(), mark=Mark.PLAIN)
        for (_name, label), old, new in zip(_NEW_FIELDS, self.before.values, self.now.values, strict=True):
            if old and new:
                text = f"{old} \u2192 {new}" if old != new else said("{number}: the same", number=new)
                yield Line(label=label, text=text, mark=Mark.PLAIN)

    def _data(self) -> str:
        count = len(self.now.data)
        if self.before.data == self.now.data:
            return recurring("the same {octets} bytes", octets=count)
        return said(
            "{octets} bytes from number {first} on, before {old_octets} from {old_first} on",
            octets=count,
            first=self.now.sequence,
            old_octets=len(self.before.data),
            old_first=self.before.sequence,
        )


class _End(msgspec.Struct):
    """What one end of a connection has sent.

    `behind` is the relative number behind all of it, `acknowledged` behind what it knows to have come.
    """

    sent: deque[Sending]
    behind: int = 0
    acknowledged: int = 0


class Sendings:
    """All that was sent and may be sent again, for each connection and side."""

    def __init__(self) -> None:
        self._ends: dict[tuple[int, Side], _End] = {}

    def note(
        self, frame: Frame, dissection: Dissection, stream: int, sequence: int, octets: int, *, number: int
    ) -> Repeat | Sending | None:
        """One more; what it repeats, or itself where it is new. None where it uses no sequence number."""
        now = _sending(frame, dissection, sequence, octets)
        if now is None:
            return None
        end = self._ends.get((stream, frame.sender))
        if end is None:
            end = self._ends[stream, frame.sender] = _End(deque(maxlen=_MOST_KEPT))
        kept, before = None, None
        if now.sequence < end.behind:
            kept = next((each for each in end.sent if not each.number and each.octets == now.octets), None)
            now = kept or now
            before = _before(end.sent, now)
        if kept is None:
            end.sent.append(now)
        now.number = number
        end.behind = max(end.behind, now.behind)
        if before is None:
            return now
        now.tries = before.tries + 1
        return Repeat(before=before, now=now)

    def acknowledge(self, stream: int, side: Side, number: int) -> None:
        """That side hears that all of its own before a relative number has come."""
        if (end := self._ends.get((stream, side))) is not None:
            end.acknowledged = max(end.acknowledged, number)

    def unanswered(self, stream: int, side: Side, number: int) -> Sending | None:
        """The latest of that side's that ends just before a relative number, where it has not heard of that yet."""
        end = self._ends.get((stream, side))
        if end is None or end.acknowledged >= number:
            return None
        return max((each for each in end.sent if each.behind == number), key=_when, default=None)


def _when(sending: Sending) -> int:
    return sending.time_ns


def _sending(frame: Frame, dissection: Dissection, sequence: int, octets: int) -> Sending | None:
    tcp = dissection.header("TCP")
    if tcp is None:
        return None
    flags = tcp.number("tcp.flags")
    uses = octets + bool(flags & SYN) + bool(flags & FIN)
    if not uses:
        return None
    ip = network_header(dissection)
    return Sending(
        number=0,
        time_ns=frame.time_ns,
        octets=frame.octets,
        flags=flags & (SYN | ACK) if flags & SYN else 0,
        raw=tcp.text("tcp.seq_raw"),
        sequence=sequence,
        behind=sequence + uses,
        data=dissection.payload if octets else b"",
        values=("" if ip is None else ip.text("ip.id"), tcp.text("tcp.options.timestamp.tsval")),
    )


def _before(sent: deque[Sending], now: Sending) -> Sending | None:
    """The latest that was sent before it and has its first number; a SYN and a SYN/ACK are two."""
    found = [
        each
        for each in sent
        if each.time_ns <= now.time_ns
        and each is not now
        and each.flags == now.flags
        and each.sequence <= now.sequence < each.behind
    ]
    return max(found, key=_when, default=None)
