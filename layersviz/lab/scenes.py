"""The scenes: what the programs on both hosts do, what the wire does to their frames, and how it all ends.

A new scene is a row here and in `core.scene_cards`, and where it needs them programs in `clients` and `servers`.
"""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.order import HANDSHAKE, Deed, Fault, FrameKind, Named, Place, named
from layersviz.core.tcp_state import TcpState
from layersviz.lab import clients, servers
from layersviz.lab.faults import Crossing
from layersviz.lab.turns import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`programs` in the order in which they begin: a side without one has no socket, so its port is closed.

    `ends` are both kernels' states when all is over, None for datagrams. All times are the kernels' own: a run that
    takes more than `longest_run_s` is broken off. Its `faults` are what it is about; `usual_faults` happen only where
    the order asks for none of its own. Where it does, programs that hear nothing give up after `patience_s` and what
    repairing takes. `then` is played behind it in the same run, at the same ports: the same faults befall its data.
    """

    programs: Mapping[Side, Program]
    ends: States | None
    faults: tuple[Fault, ...] = ()
    usual_faults: tuple[Fault, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    transport: socket.SocketKind = socket.SOCK_STREAM
    over_ipv6: bool = False
    longest_run_s: float = 5.0
    patience_s: float = 5.0
    then: "Scene | None" = None

    def faults_with(self, ordered: Iterable[Fault]) -> dict[Named, Fault]:
        """What is asked for goes before what the scene brings, frame by frame."""
        asked = named(ordered)
        faults = named(self.faults) | (asked or named(self.usual_faults))
        return faults if self.then is None else _in_both(faults)


def _in_both(faults: Mapping[Named, Fault]) -> dict[Named, Fault]:
    """What befalls a segment with data befalls the datagram of the same number as well, and the other way."""
    twins = {FrameKind.DATA: FrameKind.DATAGRAM, FrameKind.DATAGRAM: FrameKind.DATA}
    also = {(side, twins[kind], nth): fault for (side, kind, nth), fault in faults.items() if kind in twins}
    return also | dict(faults)


_CLIENT, _SERVER = Side.CLIENT, Side.SERVER
_SERVER_CLOSES = States(client=TcpState.CLOSED, server=TcpState.TIME_WAIT)
_CLIENT_CLOSES = States(client=TcpState.TIME_WAIT, server=TcpState.CLOSED)
_BOTH_CLOSE = States(client=TcpState.TIME_WAIT, server=TcpState.TIME_WAIT)
_BOTH_GONE = States(client=TcpState.CLOSED, server=TcpState.CLOSED)
_HELLO: dict[Side, Program] = {_SERVER: servers.serve_hello, _CLIENT: clients.ask_hello}
_LARGE: dict[Side, Program] = {_SERVER: servers.serve_hello, _CLIENT: clients.ask_for_large}
_LATE: dict[Side, Program] = {_SERVER: servers.serve_hello, _CLIENT: clients.ask_late}
_SEVERAL: dict[Side, Program] = {_SERVER: servers.hear_several, _CLIENT: clients.send_several}


def _fault(deed: Deed, sender: Side, frame: FrameKind, nth: int = 1, *, count: int = 1) -> Fault:
    return Fault(deed=deed, sender=sender, frame=frame, nth=nth, count=count)


def _lost(sender: Side, frame: FrameKind, nth: int = 1, *, count: int = 1) -> tuple[Fault, ...]:
    return (_fault(Deed.LOSE, sender, frame, nth, count=count),)


def _wrong_data(frame: FrameKind, nth: int) -> tuple[Fault, ...]:
    return (Fault(deed=Deed.CORRUPT, sender=_CLIENT, frame=frame, nth=nth, place=Place.DATA),)


def _crossing(kind: FrameKind, held: Side) -> Crossing:
    return Crossing(frame=(held, kind, 1), until=(held.other, kind, 1))


def _hello(**what: tuple[Fault, ...]) -> Scene:
    """The visit with something wrong on the wire."""
    return Scene(programs=_HELLO, ends=_SERVER_CLOSES, faults=what.get("faults", ()))


_DATAGRAMS = Scene(programs={}, ends=None, transport=socket.SOCK_DGRAM, patience_s=2.0)

_OVER_IPV4 = {
    HANDSHAKE: _hello(),
    "refused": Scene(programs={_CLIENT: clients.be_refused}, ends=_BOTH_GONE),
    "silent": replace(_hello(), usual_faults=_lost(_CLIENT, FrameKind.SYN, count=2), longest_run_s=10.0),
    "held-syn": _hello(faults=(_fault(Deed.HOLD, _CLIENT, FrameKind.SYN),)),
    "lost-syn": _hello(faults=_lost(_CLIENT, FrameKind.SYN)),
    "lost-syn-ack": _hello(faults=_lost(_SERVER, FrameKind.SYN_ACK)),
    "lost-ack": _hello(faults=_lost(_CLIENT, FrameKind.ACK)),
    "half-open": Scene(programs=_LATE, ends=_SERVER_CLOSES, faults=_lost(_CLIENT, FrameKind.ACK)),
    "large": Scene(programs=_LARGE, ends=_SERVER_CLOSES),
    "zero-window": Scene(
        programs={_SERVER: servers.serve_until_left, _CLIENT: clients.ask_and_read_late}, ends=_CLIENT_CLOSES
    ),
    "lost-segment": Scene(programs=_LARGE, ends=_SERVER_CLOSES, faults=_lost(_SERVER, FrameKind.DATA, 3)),
    "lost-request": _hello(faults=_lost(_CLIENT, FrameKind.DATA)),
    "tcp-corrupted": _hello(faults=_wrong_data(FrameKind.DATA, 1)),
    "close": Scene(
        programs={_SERVER: servers.serve_until_left, _CLIENT: clients.ask_and_close_first}, ends=_CLIENT_CLOSES
    ),
    "simultaneous-close": Scene(
        programs={_SERVER: servers.serve_hello, _CLIENT: clients.ask_and_close_first},
        ends=_BOTH_CLOSE,
        crossings=(_crossing(FrameKind.FIN, _CLIENT), _crossing(FrameKind.FIN, _SERVER)),
    ),
    "reset": Scene(programs={_SERVER: servers.serve_until_left, _CLIENT: clients.ask_and_leave}, ends=_BOTH_GONE),
    "half-close": Scene(
        programs={_SERVER: servers.serve_after_the_end, _CLIENT: clients.ask_and_finish_first},
        ends=_CLIENT_CLOSES,
    ),
    "simultaneous-open": Scene(
        programs={_CLIENT: clients.ask_hello, _SERVER: servers.connect_and_serve},
        ends=_SERVER_CLOSES,
        crossings=(_crossing(FrameKind.SYN, _CLIENT),),
    ),
    "udp-echo": replace(_DATAGRAMS, programs={_SERVER: servers.echo, _CLIENT: clients.send_and_hear_echo}),
    "udp-closed-port": replace(_DATAGRAMS, programs={_CLIENT: clients.send_to_nobody}),
    "udp-lost": replace(_DATAGRAMS, programs=_SEVERAL, faults=_lost(_CLIENT, FrameKind.DATAGRAM, 2)),
    "udp-corrupted": replace(_DATAGRAMS, programs=_SEVERAL, faults=_wrong_data(FrameKind.DATAGRAM, 2)),
    "side-by-side": Scene(
        programs={_SERVER: servers.hear_to_the_end, _CLIENT: clients.say_several},
        ends=_CLIENT_CLOSES,
        usual_faults=_lost(_CLIENT, FrameKind.DATA),
        then=replace(_DATAGRAMS, programs={_SERVER: servers.hear_for_a_while, _CLIENT: clients.say_several_by_udp}),
        longest_run_s=10.0,
    ),
}

SCENES: Mapping[str, Scene] = _OVER_IPV4 | {
    f"{name}-ipv6": replace(scene, over_ipv6=True) for name, scene in _OVER_IPV4.items()
}
