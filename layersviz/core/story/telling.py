"""Puts a frame's journey together and lays it on the story's clock."""

from dataclasses import dataclass, field

from layersviz.core.fragments import Fragments, fragment_of
from layersviz.core.frame import Frame, States
from layersviz.core.header import Dissection
from layersviz.core.host import Hosts
from layersviz.core.journey import Half, Journey, Mark, Step
from layersviz.core.order import PLAIN, Order
from layersviz.core.played_run import Source
from layersviz.core.scene_cards import CARDS, Transport
from layersviz.core.story.calls import Calls
from layersviz.core.story.connection import Connections, Segment
from layersviz.core.story.damage import refusing_layer
from layersviz.core.story.dropping import dropping_layer
from layersviz.core.story.journeys import journey_of
from layersviz.core.story.kind import kind_of
from layersviz.core.story.lines import Lines
from layersviz.core.story.medium import medium_of
from layersviz.core.story.own_findings import as_told
from layersviz.core.story.parts import Parts, pdu_at
from layersviz.core.story.plan import Stop, stops
from layersviz.core.story.received import as_received, damage_in
from layersviz.core.story.rows import rows_of
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.sentences import sentence_at, title_at
from layersviz.core.story.states import before_first, crosses, states_at, when_it_left
from layersviz.core.story.titles import titles
from layersviz.core.story.wire_memory import WireMemory
from layersviz.core.tcp_ends import Closing, Opening
from layersviz.core.tcp_reading import tcp_header
from layersviz.core.timers import Clocks

_SEES_ALL = (Source.LAB, Source.SIMULATED)
"""There every frame of the one wire is told."""


@dataclass(slots=True, kw_only=True)
class Story:
    """One run's story so far. Feed it the frames in order; a simulated one's values are all marked as such.

    `opening` and `closing` are how the conversation begins and ends, where all of it is known before it is told: they
    say whether anybody listened at the server, and what crosses. Without them, and without a kernel's word, somebody
    listens. `refused` are the numbers of datagrams that a later frame reports as not wanted at their port. `order` is
    what was asked of the run, `clocks` its hosts' settings of waiting. `tells_heard`: the lab's programs say themselves
    what they have heard when the run is over, so that nothing of it is inferred.
    """

    hosts: Hosts
    source: Source = Source.LAB
    opening: Opening | None = None
    closing: Closing | None = None
    refused: frozenset[int] = frozenset()
    order: Order = PLAIN
    clocks: Clocks | None = None
    tells_heard: bool = True
    _connections: Connections = field(init=False)
    _calls: Calls = field(init=False)
    _fragments: Fragments = field(default_factory=Fragments)
    _wire: WireMemory = field(init=False)
    _states: States | None = None
    _first_ns: int | None = None
    _end_ms: int = 0

    def __post_init__(self) -> None:
        sees_all = self.source in _SEES_ALL
        self._connections = Connections(self.opening, self.closing, sees_all=sees_all)
        self._wire = WireMemory(self.clocks, self.order, sees_all=sees_all)
        self._calls = Calls(is_known=self.source is not Source.FILE)

    def take(self, frame: Frame, dissection: Dissection) -> None:
        """The wire has taken a frame and keeps it: it is told when it has left, what is sent meanwhile before it."""
        self._since_first_us(frame.time_ns)
        if (tcp := tcp_header(dissection)) is not None:
            self._wire.take(frame, dissection, *self._connections.take(frame, dissection, tcp))

    def skip(self, frame: Frame, dissection: Dissection, arrived: Dissection | None = None) -> None:
        """Follow a frame without telling it: what comes later is told as if it had been."""
        self._since_first_us(frame.time_ns)
        if not self._calls.is_known:
            segment = self._follow(frame, dissection, arrives=not frame.lost)
            self._wire.of(frame, dissection, segment, arrives=not frame.lost)
            self._put_together(frame, dissection, arrives=not frame.lost)
            self._states = self._states if segment is None else segment.delivered
            return
        scenery = self._scenery(frame, dissection, arrived)
        self._wire.leave(frame, titles(scenery).name, has_arrived=scenery.arrives)
        self._begin(scenery)
        self._states = scenery.delivered or self._states
        for stop in stops(scenery):
            self._calls.advance(stop, scenery)

    def tell(self, frame: Frame, dissection: Dissection, arrived: Dissection | None = None) -> Journey:
        """The frame's journey, behind all those told before. `arrived` is what came, where a bit was flipped.

        Raises ValueError where that is missing.
        """
        scenery = self._scenery(frame, dissection, arrived)
        self._begin(scenery)
        stopped = tuple(stops(scenery))
        named = titles(scenery)
        told = tuple(rows_of(stopped, scenery, named.info))
        steps = self._steps(stopped, scenery, {stop: index for index, (stop, _) in enumerate(told)})
        self._states = scenery.delivered or self._states
        self._wire.leave(frame, named.name, has_arrived=scenery.arrives)
        return journey_of(scenery, named, steps, tuple([row for _, row in told]), self._since_first_us)

    def _begin(self, scenery: Scenery) -> None:
        """A packet that goes before TCP's first has been waited for by the state that TCP is in by then."""
        self._calls.begin(scenery.going_down if scenery.segment is None else scenery.before)

    def _scenery(self, frame: Frame, dissection: Dissection, arrived: Dissection | None) -> Scenery:
        damage = damage_in(frame, dissection, arrived)
        dropped_at = dropping_layer(arrived or dissection, self.source)
        if damage is not None and arrived is not None:
            dropped_at = refusing_layer(damage, frame, dissection, arrived, self.hosts.at(frame.sender.other))
        arrives = not frame.lost and dropped_at is None
        known = self._states or self._connections.states or before_first(frame)
        segment = self._follow(frame, dissection, arrives=arrives)
        before, taken = self._before_and_taken(frame, dissection, segment, known)
        past = self._wire.of(frame, dissection, segment, arrives=arrives)
        kind = kind_of(dissection, segment)
        scenery = Scenery(
            frame=frame,
            dissection=dissection,
            hosts=self.hosts,
            source=self.source,
            kind=kind,
            medium=medium_of(frame, dissection),
            segment=segment and as_told(segment, kind, is_known_repeat=past.is_known_repeat),
            before=before or taken,
            taken=taken,
            delivered=_delivered(frame, segment, taken),
            from_kernel=frame.taken is not None and self.source is not Source.SIMULATED,
            origin=Mark.SIMULATED if self.source is Source.SIMULATED else Mark.CAPTURED,
            is_unanswered=self.opening is Opening.NO_ANSWER,
            is_refused=frame.number in self.refused,
            dropped_at=dropped_at,
            whole=self._put_together(frame, dissection, arrives=arrives),
            damage=damage,
            past=past,
            judged=segment,
            is_hello=_is_hello(self.order),
            tells_heard=self.tells_heard and self.source is Source.LAB,
            card=CARDS.get(self.order.scene) if self.source is Source.LAB else None,
        )
        return scenery if arrived is None or damage is None else as_received(scenery, arrived)

    def _before_and_taken(
        self, frame: Frame, dissection: Dissection, segment: Segment | None, known: States | None
    ) -> tuple[States | None, States | None]:
        """Both ends' states before the frame was sent, and when it was on the wire; `known` are the last ones told."""
        if dissection.header("UDP") is not None:
            return None, None
        before = known if segment is None else when_it_left(frame, segment, self._states or segment.before)
        taken = frame.taken or (before if segment is None else segment.taken)
        if (since := self._wire.states_since(frame)) is not None and not crosses(segment):
            return since, since
        return before, taken

    def _follow(self, frame: Frame, dissection: Dissection, *, arrives: bool) -> Segment | None:
        tcp = tcp_header(dissection)
        return None if tcp is None else self._connections.follow(frame, dissection, tcp, arrives=arrives)

    def _put_together(self, frame: Frame, dissection: Dissection, *, arrives: bool) -> bytes | None:
        """What a packet carries that came in fragments, where this frame completes it."""
        fragment = fragment_of(dissection, frame.octets) if arrives else None
        return None if fragment is None else self._fragments.add(fragment)

    def _steps(self, stopped: tuple[Stop, ...], scenery: Scenery, row_of: dict[Stop, int]) -> tuple[Step, ...]:
        parts, lines = Parts(scenery), Lines(scenery)
        parts_up = parts if scenery.came is None else Parts(scenery.came)
        return tuple(
            [
                self._step(number, stop, scenery, parts_up if stop.half is Half.UP else parts, lines, row_of.get(stop))
                for number, stop in enumerate(stopped, start=1)
            ]
        )

    def _step(self, number: int, stop: Stop, scenery: Scenery, parts: Parts, lines: Lines, row: int | None) -> Step:
        self._calls.advance(stop, scenery)
        start_ms = self._end_ms
        rest_ms = start_ms + stop.moving_ms
        self._end_ms = rest_ms + stop.staying_ms
        return Step(
            number=number,
            half=stop.half,
            side=stop.side,
            layer=stop.layer,
            title=title_at(stop, scenery),
            sentence=sentence_at(stop, scenery),
            pdu=pdu_at(stop, scenery),
            parts=parts.after(stop),
            lines=lines.at(stop),
            states=states_at(stop, scenery),
            client_call=self._calls.client,
            server_call=self._calls.server,
            start_ms=start_ms,
            rest_ms=rest_ms,
            end_ms=self._end_ms,
            row=row,
        )

    def _since_first_us(self, time_ns: int) -> float:
        if self._first_ns is None:
            self._first_ns = time_ns
        return (time_ns - self._first_ns) / 1_000


def _is_hello(order: Order) -> bool:
    """Whether the server's program is the Hello World server: it is in every scene that is TCP's alone."""
    card = CARDS.get(order.scene)
    return card is None or card.transport is Transport.TCP


def _delivered(frame: Frame, segment: Segment | None, taken: States | None) -> States | None:
    """Both states once it had arrived. Of UDP there are none; a FIN that meets another counts when that one is told."""
    if segment is None:
        return None if taken is None else frame.delivered or taken
    return segment.delivered if segment.meets_fin else frame.delivered or segment.delivered
