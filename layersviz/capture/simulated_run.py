"""The script of a simulated run: the frames that Linux would send, octet by octet, and the states behind each.

Pure: chance and time are arguments. Given a real run's random numbers it gives that run's very octets, and a test
holds it to that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from layersviz.core.exchange import answer_to, request_to
from layersviz.core.frame import Frame, States
from layersviz.core.host import Hosts, Side
from layersviz.core.tcp_state import TcpState
from layersviz.dissect.compose import (
    SegmentValues,
    Synchronizing,
    compose_arp_reply,
    compose_arp_request,
    compose_segment,
)

MODULUS = 1 << 32
MSS, SHIFT = 1460, 10
CLIENT_SYN_WINDOW, SERVER_SYN_WINDOW = 64_240, 65_160
CLIENT_WINDOW, SERVER_WINDOW = 63, 64
KERNEL_GAP_NS = 90_000
"""From one frame to the next where the wire takes no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNumbers:
    """What one kernel draws by chance for a connection; `timestamp` is its clock of RFC 7323, in milliseconds."""

    sequence: int
    identification: int
    timestamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Both ends' numbers."""

    client: EndNumbers
    server: EndNumbers


def draw_numbers(chance: Random) -> Numbers:
    """New numbers, as every connection has them (RFC 9293 section 3.4.1)."""

    def one_end() -> EndNumbers:
        return EndNumbers(
            sequence=chance.getrandbits(32), identification=chance.getrandbits(16), timestamp=chance.getrandbits(32)
        )

    return Numbers(client=one_end(), server=one_end())


def simulate(
    hosts: Hosts, numbers: Numbers, *, start_ns: int, gap_ns: int = KERNEL_GAP_NS, with_arp: bool
) -> Iterator[Frame]:
    """The frames of one run in order, `gap_ns` apart; `start_ns` is the first one's time, nanoseconds since 1970."""
    script = [*(_arp(hosts) if with_arp else ()), *_connection(hosts, numbers)]
    for index, (sender, octets, taken, delivered) in enumerate(script):
        yield Frame(
            number=index + 1,
            time_ns=start_ns + index * gap_ns,
            sender=sender,
            octets=octets,
            taken=taken,
            delivered=delivered,
        )


_Line = tuple[Side, bytes, States, States]
_S = TcpState
_WAITING = States(client=_S.SYN_SENT, server=_S.LISTEN)


def _arp(hosts: Hosts) -> Iterator[_Line]:
    """connect() has been called: the SYN waits for the server's MAC address."""
    yield Side.CLIENT, compose_arp_request(hosts.client, hosts.server), _WAITING, _WAITING
    yield Side.SERVER, compose_arp_reply(hosts.server, hosts.client), _WAITING, _WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    """One segment of the script: who sends which flags and data, and both states on the wire and behind it."""

    sender: Side
    flags: str
    taken: tuple[TcpState, TcpState]
    delivered: tuple[TcpState, TcpState]
    data: bytes = b""


def _cues(request: bytes, answer: bytes) -> tuple[_Cue, ...]:
    client, server, open_ = Side.CLIENT, Side.SERVER, (_S.ESTABLISHED, _S.ESTABLISHED)
    listening, half = (_S.SYN_SENT, _S.LISTEN), (_S.SYN_SENT, _S.SYN_RECEIVED)
    first = (_S.ESTABLISHED, _S.SYN_RECEIVED)
    closing, told = (_S.ESTABLISHED, _S.FIN_WAIT_1), (_S.CLOSE_WAIT, _S.FIN_WAIT_1)
    last, waits, gone = (_S.LAST_ACK, _S.FIN_WAIT_1), (_S.LAST_ACK, _S.TIME_WAIT), (_S.CLOSED, _S.TIME_WAIT)
    return (
        _Cue(sender=client, flags="S", taken=listening, delivered=half),
        _Cue(sender=server, flags="SA", taken=half, delivered=first),
        _Cue(sender=client, flags="A", taken=first, delivered=open_),
        _Cue(sender=client, flags="PA", taken=open_, delivered=open_, data=request),
        _Cue(sender=server, flags="A", taken=open_, delivered=open_),
        _Cue(sender=server, flags="PA", taken=open_, delivered=open_, data=answer),
        _Cue(sender=client, flags="A", taken=open_, delivered=open_),
        _Cue(sender=server, flags="FA", taken=closing, delivered=told),
        _Cue(sender=client, flags="FA", taken=last, delivered=waits),
        _Cue(sender=server, flags="A", taken=waits, delivered=gone),
    )


@dataclass(slots=True, kw_only=True)
class _End:
    """How far one end has come: its next sequence number, its next identification, its clock."""

    next_sequence: int
    next_identification: int
    timestamp: int
    has_spoken: bool = False


def _connection(hosts: Hosts, numbers: Numbers) -> Iterator[_Line]:
    request = request_to(hosts.server)
    ends = {side: _end(numbers.client if side is Side.CLIENT else numbers.server) for side in Side}
    for cue in _cues(request, answer_to(request)):
        values = _values(cue, ends[cue.sender], ends[cue.sender.other])
        octets = compose_segment(hosts.at(cue.sender), hosts.at(cue.sender.other), values)
        yield (
            cue.sender,
            octets,
            States(client=cue.taken[0], server=cue.taken[1]),
            States(client=cue.delivered[0], server=cue.delivered[1]),
        )


def _end(numbers: EndNumbers) -> _End:
    return _End(next_sequence=numbers.sequence, next_identification=numbers.identification, timestamp=numbers.timestamp)


def _values(cue: _Cue, sender: _End, receiver: _End) -> SegmentValues:
    """Take the sender's next numbers; SYN and FIN use one sequence number each, like an octet of data."""
    has_syn, has_ack = "S" in cue.flags, "A" in cue.flags
    # Linux answers a SYN out of a socket that is not there yet, without an identification of its own.
    identification = 0 if has_syn and has_ack else sender.next_identification
    values = SegmentValues(
        flags=cue.flags,
        sequence=sender.next_sequence,
        acknowledgment=receiver.next_sequence if has_ack else 0,
        window=_window(cue),
        identification=identification,
        timestamp=sender.timestamp,
        echo=receiver.timestamp if receiver.has_spoken else 0,
        data=cue.data,
        synchronizing=Synchronizing(mss=MSS, shift=SHIFT) if has_syn else None,
    )
    sender.has_spoken = True
    sender.next_sequence = (sender.next_sequence + len(cue.data) + has_syn + ("F" in cue.flags)) % MODULUS
    if identification == sender.next_identification:
        sender.next_identification = (sender.next_identification + 1) % (1 << 16)
    return values


def _window(cue: _Cue) -> int:
    if "S" in cue.flags:
        return CLIENT_SYN_WINDOW if cue.sender is Side.CLIENT else SERVER_SYN_WINDOW
    return CLIENT_WINDOW if cue.sender is Side.CLIENT else SERVER_WINDOW
