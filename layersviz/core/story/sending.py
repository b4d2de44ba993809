"""The sender's half of a TCP segment: its connection, how it is judged, the states behind its sending.

Knows nothing of whether it arrives, nor of words.
"""

from bisect import insort
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.tcp_analysis import TcpAnalysis, TcpStream
from layersviz.core.tcp_arrival import Arrivals
from layersviz.core.tcp_ends import Acknowledged, TcpEnds
from layersviz.core.tcp_findings import KEEP_ALIVE, ZERO_WINDOW_PROBE
from layersviz.core.tcp_segment import ACK, SYN, TcpSegment
from layersviz.core.tcp_state import TcpState


class Came(StrEnum):
    """What has come and asks for an answer, though it brings nothing new (RFC 9293 sections 3.8.6.1, 3.10.7.4)."""

    SYN = "SYN"
    SYN_ACK = "SYN/ACK"
    PROBE = "window probe"


class Logged(msgspec.Struct, kw_only=True, gc=False):
    """A segment among all that were sent on its stream, with what the analysis says of it.

    `meets_closed_window`: the other end's latest window was 0.
    """

    direction: int
    segment: TcpSegment
    known: int
    analysis: TcpAnalysis
    meets_closed_window: bool = False


@dataclass(slots=True, kw_only=True)
class Connection:
    """One stream: `first` is the side that sent its first segment. `log` is kept where it is judged by time.

    `came` is what has come to each end latest, where that asks for an answer.
    """

    first: Side
    ends: TcpEnds
    stream: TcpStream
    arrivals: tuple[Arrivals, Arrivals] = field(default_factory=lambda: (Arrivals(), Arrivals()))
    syn_flags: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))
    early_octets: list[int] = field(default_factory=lambda: [0, 0])
    early_fins: list[TcpSegment | None] = field(default_factory=lambda: [None, None])
    vouched: set[int] = field(default_factory=set)
    came: list[Came | None] = field(default_factory=lambda: [None, None])
    log: list[Logged] = field(default_factory=list)

    @property
    def states(self) -> States:
        one, other = self.ends.present
        if self.first is Side.CLIENT:
            return States(client=one, server=other)
        return States(client=other, server=one)


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A segment that was sent, whether or not it arrives: the sender's half of a Segment."""

    connection: Connection
    logged: Logged
    before: States
    taken: States
    acknowledges: Acknowledged | None
    is_new: bool
    is_crossing_fin: bool
    synchronized_before: bool
    answers: Came | None = None


def judged(connection: Connection, direction: int, segment: TcpSegment, known: int, *, by_time: bool) -> Logged:
    """What the analysis says of a segment. By time: one that was sent before others is judged before them, and they
    are judged anew."""
    log = connection.log
    if not by_time or not log or segment.time_ns >= log[-1].segment.time_ns:
        analysis = connection.stream.describe(direction, segment, known)
        logged = Logged(direction=direction, segment=segment, known=known, analysis=analysis)
        logged.meets_closed_window = not connection.stream.ends[1 - direction].window
        if by_time:
            log.append(logged)
        return logged
    logged = Logged(direction=direction, segment=segment, known=known, analysis=log[-1].analysis)
    insort(log, logged, key=lambda each: each.segment.time_ns)
    connection.stream = TcpStream(connection.stream.number, reuses_ports=bool(log[0].known))
    for each in log:
        each.analysis = connection.stream.describe(each.direction, each.segment, each.known)
        each.meets_closed_window = not connection.stream.ends[1 - each.direction].window
    return logged


def send(connection: Connection, logged: Logged, *, is_new: bool) -> Sent:
    """Fold that it was sent."""
    ends, before = connection.ends, connection.states
    direction, segment = logged.direction, logged.segment
    acknowledges = ends.newly_acknowledged(direction, segment)
    ends.send(direction, segment)
    answers, connection.came[direction] = connection.came[direction], None
    if is_crossing_fin := ends.crosses(direction):
        before = _with_state(before, connection, direction, TcpState.ESTABLISHED)
    return Sent(
        connection=connection,
        logged=logged,
        before=before,
        taken=connection.states,
        acknowledges=acknowledges,
        is_new=is_new,
        is_crossing_fin=is_crossing_fin,
        synchronized_before=_synchronized(connection.syn_flags[direction], segment),
        answers=answers,
    )


def came_of(sent: Sent, state: TcpState) -> Came | None:
    """What asks its receiver, in that state, for an answer though it brings nothing new."""
    flags = sent.logged.segment.flags
    if flags & SYN and state not in HAS_NO_SYN:
        return Came.SYN_ACK if flags & ACK else Came.SYN
    probes = sent.logged.analysis.findings & (KEEP_ALIVE | ZERO_WINDOW_PROBE)
    return Came.PROBE if probes and sent.logged.meets_closed_window else None


HAS_NO_SYN = frozenset({TcpState.CLOSED, TcpState.LISTEN, TcpState.SYN_SENT})
"""An end in which state has not had the other end's SYN."""


def side_of(connection: Connection, direction: int) -> Side:
    """Which side sends in that direction."""
    return connection.first.other if direction else connection.first


def _with_state(states: States, connection: Connection, direction: int, state: TcpState) -> States:
    if side_of(connection, direction) is Side.CLIENT:
        return States(client=state, server=states.server)
    return States(client=states.client, server=state)


def _synchronized(flags: set[int], segment: TcpSegment) -> bool:
    """Whether this end has sent such a SYN before: a SYN and a SYN/ACK are two, also with one number."""
    if not segment.flags & SYN:
        return False
    kind = segment.flags & (SYN | ACK)
    was_sent = kind in flags
    flags.add(kind)
    return was_sent
