"""The TCP connections of a story, followed segment by segment: states, relative numbers, findings, what arrives.

Knows nothing of words. Numbers and findings are the survey's own, so that stage and lists never disagree.
"""

import msgspec

from layersviz.core.frame import Frame, States
from layersviz.core.header import Dissection, Header
from layersviz.core.host import Side
from layersviz.core.story.sending import Came, Connection, Sent, came_of, judged, send, side_of
from layersviz.core.tcp_arrival import Arrival
from layersviz.core.tcp_ends import Acknowledged, Closing, Opening, TcpEnds
from layersviz.core.tcp_findings import LOST_SEGMENT, ZERO_WINDOW_PROBE
from layersviz.core.tcp_memory import NO_SCALING, UNKNOWN_SHIFT
from layersviz.core.tcp_reading import segment_of, stream_key
from layersviz.core.tcp_segment import ACK, FIN, MASK, SYN, TcpSegment
from layersviz.core.tcp_state import TcpState
from layersviz.core.tcp_streams import TcpStreams

_HAD_A_LISTENER = frozenset({Opening.THREE_WAY, Opening.FAST_OPEN, Opening.UNFINISHED, Opening.MID_STREAM})


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A TCP header read in the light of its connection.

    `sequence` and `acknowledgment` are relative, as Wireshark counts them; `acknowledgment` is None without ACK.
    `window` is in bytes, scaled by `shift` where scaling is in force (never in a SYN, RFC 7323 section 2.2); `shift` is
    None where the handshake was not captured, so that nobody knows what the window is to be multiplied by. `before`,
    `taken` and `delivered` are the states that the table gives before it was sent, when it was sent, and when it had
    arrived. `acknowledges` says whether it is the first to cover the other end's SYN or FIN. `data_octets` is what it
    carried on the wire. `findings` are bits of `tcp_findings`. `arrival` is what the receiver does with its bytes,
    `ready_octets` how many its application gets. `is_in_middle`: the capture begins in the middle of this connection,
    `is_first_of_middle`: with this segment. `synchronized_before`: this end has sent such a SYN before. `is_crossed`:
    both ends began with a SYN of their own, `is_crossing_syn`: this is the second of the two. `meets_fin`: this FIN
    crosses one that was captured later, `is_crossing_fin`: it is that later one. `early_octets` is the data that the
    sender's SYN carried and the other end took, `is_vouched` whether a fast open cookie was with it (RFC 7413).
    `stream` counts the story's connections. `fin_waits`: bytes before its FIN are missing, `frees_fin`: with it a FIN
    counts that had come before. `sacks` are relative, left edge and behind the right one, the newest first; `other_fin`
    is the number of the other end's FIN. `meets_closed_window`: the other end's latest window was 0. `answers` is what
    came to its sender last, where that asks for an answer.
    """

    sequence: int
    acknowledgment: int | None
    window: int
    shift: int | None
    before: States
    taken: States
    delivered: States
    acknowledges: Acknowledged | None
    data_octets: int = 0
    findings: int = 0
    duplicate_ack_number: int = 0
    arrival: Arrival = Arrival.NONE
    ready_octets: int = 0
    is_in_middle: bool = False
    is_first_of_middle: bool = False
    synchronized_before: bool = False
    is_crossed: bool = False
    is_crossing_syn: bool = False
    meets_fin: bool = False
    is_crossing_fin: bool = False
    early_octets: int = 0
    is_vouched: bool = False
    stream: int = 0
    fin_waits: bool = False
    frees_fin: bool = False
    sacks: tuple[tuple[int, int], ...] = ()
    other_fin: int | None = None
    meets_closed_window: bool = False
    answers: Came | None = None


class Connections:
    """All connections of a story, of which most have one.

    `opening` and `closing` are how it is known to begin and to end. `sees_all`: every frame that was sent is told or
    taken, so that all are judged in the order in which they were sent, and none is missing.
    """

    def __init__(self, opening: Opening | None, closing: Closing | None = None, *, sees_all: bool = False) -> None:
        self._opening, self._closing, self._sees_all = opening, closing, sees_all
        self._streams = TcpStreams()
        self._by_number: dict[int, Connection] = {}
        self._latest: Connection | None = None
        self._under_way: dict[tuple[int, Side, bytes], Sent] = {}
        self._sent: dict[int, Sent] = {}

    @property
    def states(self) -> States | None:
        """Of the connection that spoke last; None before the first segment."""
        return None if self._latest is None else self._latest.states

    def take(self, frame: Frame, dissection: Dissection, tcp: Header) -> tuple[int, int, int]:
        """Fold the sender's half of a segment that the wire keeps for a while: `follow` folds the rest.

        Gives its stream, its relative number, and how many octets of data it has.
        """
        sent = self._send(frame, dissection, tcp)
        self._under_way[frame.time_ns, frame.sender, frame.octets] = sent
        return sent.connection.stream.number, sent.logged.analysis.sequence, sent.logged.segment.length

    def follow(self, frame: Frame, dissection: Dissection, tcp: Header, *, arrives: bool) -> Segment:
        """Fold one segment; of the wire's second copy only that it arrives, for nobody has sent it again."""
        original = self._sent.get(frame.copy_of) if frame.copy_of else None
        if original is not None:
            return _copied(original, arrives=arrives, sees_all=self._sees_all)
        sent = self._under_way.pop((frame.time_ns, frame.sender, frame.octets), None) if self._under_way else None
        sent = sent or self._send(frame, dissection, tcp)
        if self._sees_all:
            self._sent[frame.number] = sent
            if frame.delivered is not None and frame.delivered.at(frame.sender.other) is TcpState.CLOSING:
                sent.connection.ends.cross_fins()
        return _fold(sent, arrives=arrives, sees_all=self._sees_all)

    def _send(self, frame: Frame, dissection: Dissection, tcp: Header) -> Sent:
        segment = segment_of(dissection, tcp, frame.octets, frame.time_ns)
        stream, direction, known = self._streams.find(stream_key(dissection, tcp, frame.octets), segment)
        connection = self._by_number.get(stream.number)
        is_new = connection is None
        if connection is None:
            ends = TcpEnds(segment, other=self._other_state(frame), closing=self._closing)
            connection = Connection(first=frame.sender, ends=ends, stream=stream)
            self._by_number[stream.number] = connection
        self._latest = connection
        if segment.flags & SYN and tcp.field("tcp.options.tfo.cookie") is not None:
            connection.vouched.add(direction)
        logged = judged(connection, direction, segment, known, by_time=self._sees_all)
        return send(connection, logged, is_new=is_new)

    def _other_state(self, frame: Frame) -> TcpState:
        """The state of the end that gets the first SYN: the kernel knows, or how it went on tells, or it listens."""
        receiver = frame.sender.other
        if frame.taken is not None and frame.taken.at(receiver) is TcpState.CLOSED:
            crosses = frame.delivered is not None and frame.delivered.at(receiver) is TcpState.SYN_RECEIVED
            return TcpState.SYN_SENT if crosses else TcpState.CLOSED
        if self._opening is Opening.SIMULTANEOUS:
            return TcpState.SYN_SENT
        return TcpState.LISTEN if self._opening is None or self._opening in _HAD_A_LISTENER else TcpState.CLOSED


def _fold(sent: Sent, *, arrives: bool, sees_all: bool) -> Segment:
    connection, direction = sent.connection, sent.logged.direction
    segment, analysis = sent.logged.segment, sent.logged.analysis
    ends, taken = connection.ends, connection.states if sees_all else sent.taken
    findings = analysis.findings & ~LOST_SEGMENT if sees_all else analysis.findings
    fin_waits = arrives and sees_all and _fin_waits(connection, direction, segment)
    arrival, ready = _arrive(sent, findings, taken, fin_waits=fin_waits) if arrives else (Arrival.NONE, 0)
    frees_fin = arrives and _frees_fin(connection, direction)
    is_crossed = all(SYN in flags for flags in connection.syn_flags)
    return Segment(
        stream=connection.stream.number,
        sequence=analysis.sequence,
        acknowledgment=analysis.acknowledgment if segment.flags & ACK else None,
        window=analysis.window,
        shift=_shift(analysis.scale_factor),
        before=sent.before,
        taken=taken,
        delivered=connection.states if arrives else taken,
        acknowledges=sent.acknowledges,
        data_octets=segment.length,
        findings=findings,
        duplicate_ack_number=analysis.duplicate_ack_number,
        arrival=arrival,
        ready_octets=ready,
        is_in_middle=ends.is_in_middle,
        is_first_of_middle=sent.is_new and ends.is_in_middle,
        synchronized_before=sent.synchronized_before,
        is_crossed=is_crossed,
        is_crossing_syn=is_crossed and segment.flags & (SYN | ACK) == SYN,
        meets_fin=bool(segment.flags & FIN) and ends.will_cross(direction),
        is_crossing_fin=sent.is_crossing_fin,
        early_octets=min(connection.early_octets[direction], max(0, analysis.sequence - 1)),
        is_vouched=direction in connection.vouched,
        fin_waits=fin_waits,
        frees_fin=frees_fin,
        sacks=analysis.sacks,
        other_fin=_relative_fin(connection, 1 - direction),
        meets_closed_window=sent.logged.meets_closed_window,
        answers=sent.answers,
    )


def _arrive(sent: Sent, findings: int, taken: States, *, fin_waits: bool) -> tuple[Arrival, int]:
    """What comes of it at the other end, and how many octets the application can read then."""
    connection, direction, segment = sent.connection, sent.logged.direction, sent.logged.segment
    if came := came_of(sent, taken.at(side_of(connection, 1 - direction))):
        connection.came[1 - direction] = came
    connection.ends.arrive(direction, _without_fin(segment) if fin_waits else segment)
    return _take(connection, direction, segment, findings, taken)


def _relative_fin(connection: Connection, direction: int) -> int | None:
    fin, base = connection.ends.fin_of(direction), connection.stream.ends[direction].base
    return None if fin is None or base is None else (fin - base) & MASK


def _copied(original: Sent, *, arrives: bool, sees_all: bool) -> Segment:
    """The wire's second copy: nobody has sent anything, and no state of its sender has changed."""
    states = original.connection.states
    copy = msgspec.structs.replace(original, before=states, taken=states, is_new=False, is_crossing_fin=False)
    return msgspec.structs.replace(_fold(copy, arrives=arrives, sees_all=sees_all), findings=0)


def _fin_waits(connection: Connection, direction: int, segment: TcpSegment) -> bool:
    """Whether a FIN comes before the bytes in front of it: then it counts when they have come (RFC 9293 3.10.7.4)."""
    if not segment.flags & FIN or connection.arrivals[direction].has_all_before(segment.sequence):
        return False
    connection.early_fins[direction] = segment
    return True


def _frees_fin(connection: Connection, direction: int) -> bool:
    """Whether the bytes before a FIN that waited are there now; it counts then."""
    fin = connection.early_fins[direction]
    if fin is None or not connection.arrivals[direction].has_all_before(fin.sequence):
        return False
    connection.early_fins[direction] = None
    connection.ends.arrive(direction, fin)
    return True


def _without_fin(segment: TcpSegment) -> TcpSegment:
    return msgspec.structs.replace(segment, flags=segment.flags & ~FIN)


def _shift(factor: int | None) -> int | None:
    """The window's shift of the survey's factor: 0 in a SYN and where scaling is not in force."""
    if factor is None or factor == NO_SCALING:
        return 0
    return None if factor == UNKNOWN_SHIFT else factor.bit_length() - 1


def _take(
    connection: Connection, direction: int, segment: TcpSegment, findings: int, taken: States
) -> tuple[Arrival, int]:
    """What its receiver, in the states that were `taken`, does with its bytes, and how many its application gets."""
    if taken.at(side_of(connection, 1 - direction)) is TcpState.CLOSED:
        return Arrival.NONE, 0
    if segment.flags & ACK:
        connection.arrivals[1 - direction].acknowledge(segment.acknowledgment)
    if findings & ZERO_WINDOW_PROBE:
        return Arrival.NONE, 0
    arrivals = connection.arrivals[direction]
    arrival = arrivals.take(segment)
    if segment.flags & SYN:
        connection.early_octets[direction] = max(connection.early_octets[direction], arrivals.octets)
    return arrival, arrivals.octets
