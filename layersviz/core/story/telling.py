"""Puts a frame's journey together and lays it on the story's clock."""

from dataclasses import dataclass, field

from layersviz.core.checksum import frame_check_sequence
from layersviz.core.conversation import Conversation, Segment
from layersviz.core.frame import Frame, States
from layersviz.core.header import Dissection
from layersviz.core.host import Hosts, Side
from layersviz.core.journey import Half, Journey, Mark, Part, Step
from layersviz.core.layer import Layer
from layersviz.core.played_run import Source
from layersviz.core.story.calls import Calls
from layersviz.core.story.kind import kind_of
from layersviz.core.story.lines import lines_at
from layersviz.core.story.parts import PDU, all_parts, parts_after
from layersviz.core.story.plan import Stop, stops
from layersviz.core.story.rows import headings, rows_of
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.sentences import sentence_at, title_at
from layersviz.core.story.titles import titles


@dataclass(slots=True, kw_only=True)
class Story:
    """One run's story so far. Feed it the frames in order; a simulated one's values are all marked as such."""

    hosts: Hosts
    source: Source = Source.LAB
    _conversation: Conversation = field(default_factory=Conversation)
    _calls: Calls = field(default_factory=Calls)
    _states: States | None = None
    _first_ns: int | None = None
    _end_ms: int = 0

    def tell(self, frame: Frame, dissection: Dissection) -> Journey:
        """The frame's journey, behind all those told before."""
        scenery = self._scenery(frame, dissection)
        stopped = tuple(stops(scenery))
        named = titles(scenery)
        told = tuple(rows_of(stopped, scenery, named.info))
        row_of = {stop: index for index, (stop, _) in enumerate(told)}
        whole = tuple(all_parts(scenery))
        steps = tuple(
            self._step(number, stop, scenery, whole, row_of.get(stop)) for number, stop in enumerate(stopped, start=1)
        )
        down, up = headings(scenery, named.name)
        self._states = scenery.delivered
        return Journey(
            number=frame.number,
            sender=frame.sender,
            name=named.name,
            title=named.clause,
            arrow=named.arrow,
            time_ns=frame.time_ns,
            time_us=self._since_first_us(frame.time_ns),
            octets=frame.octets.hex(),
            fcs=frame_check_sequence(frame.octets).hex(),
            link_type=frame.link_type,
            wire_octets=frame.wire_octets,
            headers=dissection.headers,
            payload_offset=dissection.payload_offset,
            payload_octets=len(dissection.payload),
            steps=steps,
            rows=tuple(row for _, row in told),
            down_heading=down,
            up_heading=up,
            problem=dissection.problem,
        )

    def _scenery(self, frame: Frame, dissection: Dissection) -> Scenery:
        before = self._states or self._conversation.states
        segment = self._follow(frame, dissection)
        computed_taken = segment.taken if segment is not None else before
        computed_delivered = segment.delivered if segment is not None else before
        return Scenery(
            frame=frame,
            dissection=dissection,
            hosts=self.hosts,
            kind=kind_of(dissection, segment),
            segment=segment,
            before=before,
            taken=frame.taken or computed_taken,
            delivered=frame.delivered or computed_delivered,
            from_kernel=frame.taken is not None and self.source is not Source.SIMULATED,
            origin=Mark.SIMULATED if self.source is Source.SIMULATED else Mark.CAPTURED,
        )

    def _follow(self, frame: Frame, dissection: Dissection) -> Segment | None:
        tcp = dissection.header("TCP")
        if tcp is None:
            return None
        return self._conversation.follow(frame.sender, tcp, len(dissection.payload))

    def _step(self, number: int, stop: Stop, scenery: Scenery, whole: tuple[Part, ...], row: int | None) -> Step:
        self._calls.advance(stop, scenery.kind, scenery.data_octets)
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
            pdu=PDU[stop.layer],
            parts=parts_after(stop, whole),
            lines=lines_at(stop, scenery),
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


def _states_at(stop: Stop, scenery: Scenery) -> States:
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
    return _joined(scenery)


def _joined(scenery: Scenery) -> States:
    """While it goes down: the sender as the wire found it, the receiver as it was before."""
    if scenery.sender is Side.CLIENT:
        return States(client=scenery.taken.client, server=scenery.before.server)
    return States(client=scenery.before.client, server=scenery.taken.server)
