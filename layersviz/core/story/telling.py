"""Puts a frame's journey together and lays it on the story's clock."""

from dataclasses import dataclass, field

from layersviz.core.checksum import frame_check_sequence
from layersviz.core.fragments import Fragments, fragment_of
from layersviz.core.frame import Frame, States
from layersviz.core.header import Dissection
from layersviz.core.host import Hosts, Side
from layersviz.core.journey import Half, Journey, Mark, Step
from layersviz.core.layer import Layer
from layersviz.core.played_run import Source
from layersviz.core.story.calls import Calls
from layersviz.core.story.connection import Connections, Segment
from layersviz.core.story.findings import findings_of
from layersviz.core.story.kind import kind_of
from layersviz.core.story.lines import Lines
from layersviz.core.story.medium import medium_of
from layersviz.core.story.parts import Parts, pdu_at
from layersviz.core.story.plan import Stop, stops
from layersviz.core.story.rows import headings, rows_of
from layersviz.core.story.scenery import Scenery, dropping_layer
from layersviz.core.story.sentences import sentence_at, title_at
from layersviz.core.story.titles import titles
from layersviz.core.tcp_ends import Closing, Opening
from layersviz.core.tcp_reading import tcp_header
from layersviz.core.tcp_state import TcpState


@dataclass(slots=True, kw_only=True)
class Story:
    """One run's story so far. Feed it the frames in order; a simulated one's values are all marked as such.

    `opening` and `closing` are how the conversation begins and ends, where all of it is known before it is told: they
    say whether anybody listened at the server, and what crosses. Without them, and without a kernel's word, somebody
    listens. `refused` are the numbers of datagrams that a later frame reports as not wanted at their port.
    """

    hosts: Hosts
    source: Source = Source.LAB
    opening: Opening | None = None
    closing: Closing | None = None
    refused: frozenset[int] = frozenset()
    _connections: Connections = field(init=False)
    _calls: Calls = field(init=False)
    _fragments: Fragments = field(default_factory=Fragments)
    _states: States | None = None
    _first_ns: int | None = None
    _end_ms: int = 0

    def __post_init__(self) -> None:
        self._connections = Connections(self.opening, self.closing)
        self._calls = Calls(is_known=self.source is not Source.FILE)

    def skip(self, frame: Frame, dissection: Dissection) -> None:
        """Follow a frame without telling it: what comes later is told as if it had been."""
        self._since_first_us(frame.time_ns)
        if not self._calls.is_known:
            segment = self._follow(frame, dissection, arrives=not frame.lost)
            self._put_together(frame, dissection, arrives=not frame.lost)
            self._states = self._states if segment is None else segment.delivered
            return
        scenery = self._scenery(frame, dissection)
        self._begin(scenery)
        self._states = scenery.delivered
        for stop in stops(scenery):
            self._calls.advance(stop, scenery)

    def tell(self, frame: Frame, dissection: Dissection) -> Journey:
        """The frame's journey, behind all those told before."""
        scenery = self._scenery(frame, dissection)
        self._begin(scenery)
        stopped = tuple(stops(scenery))
        named = titles(scenery)
        told = tuple(rows_of(stopped, scenery, named.info))
        row_of = {stop: index for index, (stop, _) in enumerate(told)}
        parts, lines = Parts(scenery), Lines(scenery)
        steps = tuple(
            [
                self._step(number, stop, scenery, parts, lines, row_of.get(stop))
                for number, stop in enumerate(stopped, start=1)
            ]
        )
        down, up = headings(scenery, named.name)
        self._states = scenery.delivered
        return Journey(
            number=frame.number,
            sender=frame.sender,
            kind=scenery.kind.value,
            name=named.name,
            title=named.clause,
            arrow=named.arrow,
            time_ns=frame.time_ns,
            time_us=self._since_first_us(frame.time_ns),
            octets=frame.octets.hex(),
            fcs=frame_check_sequence(frame.octets).hex() if scenery.has_bits else "",
            link_type=frame.link_type,
            wire_octets=frame.wire_octets,
            lost=frame.lost,
            findings=findings_of(scenery.segment, named.arrow),
            headers=dissection.headers,
            payload_offset=dissection.payload_offset,
            payload_octets=len(dissection.payload),
            steps=steps,
            rows=tuple([row for _, row in told]),
            down_heading=down,
            up_heading=up,
            problem=dissection.problem,
        )

    def _begin(self, scenery: Scenery) -> None:
        """A packet that goes before TCP's first has been waited for by the state that TCP is in by then."""
        self._calls.begin(scenery.going_down if scenery.segment is None else scenery.before)

    def _scenery(self, frame: Frame, dissection: Dissection) -> Scenery:
        dropped_at = dropping_layer(dissection, self.source)
        before = self._states or self._connections.states or _before_first(frame)
        segment = self._follow(frame, dissection, arrives=not frame.lost and dropped_at is None)
        if segment is not None:
            before = self._states or segment.before
            before = _when_it_left(frame, segment, before)
        taken = frame.taken or (before if segment is None else segment.taken)
        return Scenery(
            frame=frame,
            dissection=dissection,
            hosts=self.hosts,
            source=self.source,
            kind=kind_of(dissection, segment),
            medium=medium_of(frame, dissection),
            segment=segment,
            before=before or taken,
            taken=taken,
            delivered=frame.delivered or (taken if segment is None else segment.delivered),
            from_kernel=frame.taken is not None and self.source is not Source.SIMULATED,
            origin=Mark.SIMULATED if self.source is Source.SIMULATED else Mark.CAPTURED,
            is_unanswered=self.opening is Opening.NO_ANSWER,
            is_refused=frame.number in self.refused,
            dropped_at=dropped_at,
            whole=self._put_together(frame, dissection, arrives=not frame.lost and dropped_at is None),
        )

    def _follow(self, frame: Frame, dissection: Dissection, *, arrives: bool) -> Segment | None:
        tcp = tcp_header(dissection)
        return None if tcp is None else self._connections.follow(frame, dissection, tcp, arrives=arrives)

    def _put_together(self, frame: Frame, dissection: Dissection, *, arrives: bool) -> bytes | None:
        """What a packet carries that came in fragments, where this frame completes it."""
        fragment = fragment_of(dissection, frame.octets) if arrives else None
        return None if fragment is None else self._fragments.add(fragment)

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
            states=_states_at(stop, scenery),
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


def _when_it_left(frame: Frame, segment: Segment, before: States) -> States:
    """The states before a segment was sent; what crosses another left before that one had come."""
    if segment.is_crossing_syn:
        return frame.taken or before
    if segment.is_crossing_fin:
        return segment.before
    return before


def _before_first(frame: Frame) -> States | None:
    """Before a run of which kernels speak: who sends first was closed, or listened."""
    if frame.taken is None:
        return None
    if frame.sender is Side.CLIENT:
        return States(client=TcpState.CLOSED, server=frame.taken.server)
    return States(client=frame.taken.client, server=TcpState.LISTEN)


def _states_at(stop: Stop, scenery: Scenery) -> States | None:
    """Both ends' states while the frame is at that stop.

    The sender's changes where its TCP makes the segment, the receiver's where its TCP has read it.
    """
    match stop.half, stop.layer:
        case Half.DOWN, Layer.APPLICATION:
            return scenery.before
        case Half.UP, Layer.TRANSPORT | Layer.APPLICATION:
            return scenery.delivered
        case (Half.UP, _) | (Half.WIRE, _):
            return scenery.taken
    return scenery.going_down
