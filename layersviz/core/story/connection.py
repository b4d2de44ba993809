"""The TCP connections of a story, followed segment by segment: states, relative numbers, findings, what arrives.

Knows nothing of words. Numbers and findings are the survey's own, so that stage and lists never disagree.
"""

from dataclasses import dataclass, field

import msgspec

from layersviz.core.frame import Frame, States
from layersviz.core.header import Dissection, Header
from layersviz.core.host import Side
from layersviz.core.tcp_analysis import TcpStream
from layersviz.core.tcp_arrival import Arrival, Arrivals
from layersviz.core.tcp_ends import Acknowledged, Closing, Opening, TcpEnds
from layersviz.core.tcp_findings import ZERO_WINDOW_PROBE
from layersviz.core.tcp_memory import NO_SCALING, UNKNOWN_SHIFT
from layersviz.core.tcp_reading import segment_of, stream_key
from layersviz.core.tcp_segment import ACK, FIN, SYN, TcpSegment
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


@dataclass(slots=True, kw_only=True)
class _Connection:
    """One stream: `first` is the side that sent its first segment."""

    first: Side
    ends: TcpEnds
    arrivals: tuple[Arrivals, Arrivals] = field(default_factory=lambda: (Arrivals(), Arrivals()))
    syn_flags: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    early_octets: list[int] = field(default_factory=lambda: [0, 0])
    vouched: set[int] = field(default_factory=set)

    @property
    def states(self) -> States:
        one, other = self.ends.present
        if self.first is Side.CLIENT:
            return States(client=one, server=other)
        return States(client=other, server=one)


class Connections:
    """All connections of a story, of which most have one.

    `opening` and `closing` are how it is known to begin and to end.
    """

    def __init__(self, opening: Opening | None, closing: Closing | None = None) -> None:
        self._opening, self._closing = opening, closing
        self._streams = TcpStreams()
        self._by_number: dict[int, _Connection] = {}
        self._latest: _Connection | None = None

    @property
    def states(self) -> States | None:
        """Of the connection that spoke last; None before the first segment."""
        return None if self._latest is None else self._latest.states

    def follow(self, frame: Frame, dissection: Dissection, tcp: Header, *, arrives: bool) -> Segment:
        """Fold one segment."""
        segment = segment_of(dissection, tcp, frame.octets, frame.time_ns)
        stream, direction, known = self._streams.find(stream_key(dissection, tcp, frame.octets), segment)
        connection = self._by_number.get(stream.number)
        is_new = connection is None
        if connection is None:
            ends = TcpEnds(segment, other=self._other_state(frame), closing=self._closing)
            connection = _Connection(first=frame.sender, ends=ends)
            self._by_number[stream.number] = connection
        self._latest = connection
        if segment.flags & SYN and tcp.field("tcp.options.tfo.cookie") is not None:
            connection.vouched.add(direction)
        return _fold(connection, stream, direction, segment, known, arrives=arrives, is_new=is_new)

    def _other_state(self, frame: Frame) -> TcpState:
        """The state of the end that gets the first SYN: the kernel knows, or how it went on tells, or it listens."""
        receiver = frame.sender.other
        if frame.taken is not None and frame.taken.at(receiver) is TcpState.CLOSED:
            crosses = frame.delivered is not None and frame.delivered.at(receiver) is TcpState.SYN_RECEIVED
            return TcpState.SYN_SENT if crosses else TcpState.CLOSED
        if self._opening is Opening.SIMULTANEOUS:
            return TcpState.SYN_SENT
        return TcpState.LISTEN if self._opening is None or self._opening in _HAD_A_LISTENER else TcpState.CLOSED


def _fold(
    connection: _Connection,
    stream: TcpStream,
    direction: int,
    segment: TcpSegment,
    known: int,
    *,
    arrives: bool,
    is_new: bool,
) -> Segment:
    ends, before = connection.ends, connection.states
    analysis = stream.describe(direction, segment, known)
    acknowledges = ends.newly_acknowledged(direction, segment)
    ends.send(direction, segment)
    taken = connection.states
    if is_crossing_fin := ends.crosses(direction):
        before = _with_state(before, connection, direction, TcpState.ESTABLISHED)
    arrival, ready = Arrival.NONE, 0
    if arrives:
        ends.arrive(direction, segment)
        if taken.at(_side(connection, 1 - direction)) is not TcpState.CLOSED:
            arrival, ready = _take(connection, direction, segment, analysis.findings)
    synchronized_before = _synchronized(connection.syn_flags[direction], segment)
    if segment.flags & SYN:
        connection.early_octets[direction] = max(connection.early_octets[direction], ready)
    is_crossed = all(SYN in flags for flags in connection.syn_flags)
    return Segment(
        sequence=analysis.sequence,
        acknowledgment=analysis.acknowledgment if segment.flags & ACK else None,
        window=analysis.window,
        shift=_shift(analysis.scale_factor),
        before=before,
        taken=taken,
        delivered=connection.states if arrives else taken,
        acknowledges=acknowledges,
        data_octets=segment.length,
        findings=analysis.findings,
        duplicate_ack_number=analysis.duplicate_ack_number,
        arrival=arrival,
        ready_octets=ready,
        is_in_middle=ends.is_in_middle,
        is_first_of_middle=is_new and ends.is_in_middle,
        synchronized_before=synchronized_before,
        is_crossed=is_crossed,
        is_crossing_syn=is_crossed and segment.flags & (SYN | ACK) == SYN,
        meets_fin=bool(segment.flags & FIN) and ends.will_cross(direction),
        is_crossing_fin=is_crossing_fin,
        early_octets=min(connection.early_octets[direction], max(0, analysis.sequence - 1)),
        is_vouched=direction in connection.vouched,
    )


def _side(connection: _Connection, direction: int) -> Side:
    return connection.first.other if direction else connection.first


def _with_state(states: States, connection: _Connection, direction: int, state: TcpState) -> States:
    if _side(connection, direction) is Side.CLIENT:
        return States(client=state, server=states.server)
    return States(client=states.client, server=state)


def _shift(factor: int | None) -> int | None:
    """The window's shift of the survey's factor: 0 in a SYN and where scaling is not in force."""
    if factor is None or factor == NO_SCALING:
        return 0
    return None if factor == UNKNOWN_SHIFT else factor.bit_length() - 1


def _synchronized(flags: set[int], segment: TcpSegment) -> bool:
    """Whether this end has sent such a SYN before: a SYN and a SYN/ACK are two, also with one number."""
    if not segment.flags & SYN:
        return False
    kind = segment.flags & (SYN | ACK)
    was_sent = kind in flags
    flags.add(kind)
    return was_sent


def _take(connection: _Connection, direction: int, segment: TcpSegment, findings: int) -> tuple[Arrival, int]:
    if segment.flags & ACK:
        connection.arrivals[1 - direction].acknowledge(segment.acknowledgment)
    if findings & ZERO_WINDOW_PROBE:
        return Arrival.NONE, 0
    arrivals = connection.arrivals[direction]
    arrival = arrivals.take(segment)
    return arrival, arrivals.octets
