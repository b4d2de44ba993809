"""The connections to our port, each from its first SYN to its end, and no more of them than can be followed.

Pure: the time is an argument, in seconds of a clock that never goes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from layersviz.core.host import Side
from layersviz.core.said import said
from layersviz.live.segment import End, Segment

MOST_AT_ONCE = 64
BURST, EACH_SECOND = 100, 1.0
"""So many visits may begin at once, and so many more in each second."""
MOST_FRAMES, MOST_OCTETS = 400, 1_000_000
LONGEST_S = 30.0

STILL_OPEN = said(
    "This connection was still open after {longest_s:.0f} seconds: what came later is not shown.", longest_s=LONGEST_S
)
TOO_LONG = said(
    "This connection had more than {most_frames} frames or {most_octets:,} octets: what came later is not shown.",
    most_frames=MOST_FRAMES,
    most_octets=MOST_OCTETS,
)
REPLACED = said("The visitor began a new connection from the same port before this one had ended.")

Key = tuple[str, int, str, int]


@dataclass(slots=True, kw_only=True)
class Visit:
    """One connection; `number` counts from 1. `fins` are the numbers behind each side's FIN, once it was sent."""

    number: int
    client: End
    server: End
    first_sequence: int
    began_s: float
    frames: int = 0
    octets: int = 0
    fins: dict[Side, int] = field(default_factory=dict)
    acknowledged: set[Side] = field(default_factory=set)

    def follow(self, sender: Side, segment: Segment, octets: int) -> None:
        self.frames += 1
        self.octets += octets
        if (after := segment.after) is not None:
            self.fins[sender] = after
        fin = self.fins.get(sender.other)
        if fin is not None and segment.acknowledges(fin):
            self.acknowledged.add(sender.other)

    @property
    def is_full(self) -> bool:
        return self.frames >= MOST_FRAMES or self.octets >= MOST_OCTETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    visit: Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A frame of a visit, with how many octets of data it carries."""

    visit: Visit
    sender: Side
    data_octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """`problem` is one sentence where it did not end by both sides' FIN or a RST."""

    visit: Visit
    problem: str = ""


Happening = Began | Seen | Ended


class Visits:
    """Those that are open now. A segment of a connection that began before us, or that we let go, is nobody's."""

    def __init__(self, port: int, addresses: frozenset[str]) -> None:
        self._server = {(ip, port) for ip in addresses}
        self._open: dict[Key, Visit] = {}
        self._latest = 0
        self._allowance = float(BURST)
        self._allowed_at_s = 0.0
        self.passed_over = 0

    def see(self, segment: Segment, octets: int, now_s: float) -> Iterator[Happening]:
        """What a segment of that many octets in its frame brings about."""
        sender = Side.CLIENT if (segment.target.ip, segment.target.port) in self._server else Side.SERVER
        client, server = segment.source, segment.target
        if sender is Side.SERVER:
            client, server = server, client
        key = (client.ip, client.port, server.ip, server.port)
        if sender is Side.CLIENT and segment.begins:
            yield from self._begin(key, segment, now_s)
        visit = self._open.get(key)
        if visit is None:
            return
        visit.follow(sender, segment, octets)
        yield Seen(visit=visit, sender=sender, data_octets=segment.data_octets)
        if segment.resets or visit.acknowledged == set(Side):
            yield self._end(key)
        elif visit.is_full:
            yield self._end(key, TOO_LONG)

    def expire(self, now_s: float) -> Iterator[Ended]:
        """Those that have been open for too long."""
        for key, visit in list(self._open.items()):
            if now_s - visit.began_s >= LONGEST_S:
                yield self._end(key, STILL_OPEN)

    def _begin(self, key: Key, segment: Segment, now_s: float) -> Iterator[Happening]:
        known = self._open.get(key)
        if known is not None and known.first_sequence == segment.sequence:
            return  # the same SYN once more
        if known is not None:
            yield self._end(key, REPLACED)
        if len(self._open) >= MOST_AT_ONCE or not self._may_begin(now_s):
            self.passed_over += 1
            return
        self._latest += 1
        visit = Visit(
            number=self._latest,
            client=segment.source,
            server=segment.target,
            first_sequence=segment.sequence,
            began_s=now_s,
        )
        self._open[key] = visit
        yield Began(visit=visit)

    def _may_begin(self, now_s: float) -> bool:
        self._allowance = min(BURST, self._allowance + (now_s - self._allowed_at_s) * EACH_SECOND)
        self._allowed_at_s = now_s
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def _end(self, key: Key, problem: str = "") -> Ended:
        return Ended(visit=self._open.pop(key), problem=problem)
