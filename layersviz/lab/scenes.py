"""The scenes: what the programs on both hosts do, what the wire does to their frames, and how it all ends.

A new scene is a row here, and where it needs them programs in `clients` and `servers`.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.order import HANDSHAKE, FrameKind
from layersviz.core.tcp_state import TcpState
from layersviz.lab import clients, servers
from layersviz.lab.faults import Fault, Hold, Loss, Pick
from layersviz.lab.turns import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`programs` in the order in which they begin: a side without one has no socket, so its port is closed.

    `ends` are both kernels' states when all is over, None for datagrams. All times are the kernels' own: a run that
    takes more than `longest_run_s` is broken off.
    """

    programs: Mapping[Side, Program]
    ends: States | None
    faults: tuple[Fault, ...] = ()
    transport: socket.SocketKind = socket.SOCK_STREAM
    over_ipv6: bool = False
    longest_run_s: float = 5.0


_CLIENT, _SERVER = Side.CLIENT, Side.SERVER
_SERVER_CLOSES = States(client=TcpState.CLOSED, server=TcpState.TIME_WAIT)
_CLIENT_CLOSES = States(client=TcpState.TIME_WAIT, server=TcpState.CLOSED)
_BOTH_GONE = States(client=TcpState.CLOSED, server=TcpState.CLOSED)
_HELLO: dict[Side, Program] = {_SERVER: servers.serve_hello, _CLIENT: clients.ask_hello}
_LARGE: dict[Side, Program] = {_SERVER: servers.serve_hello, _CLIENT: clients.ask_for_large}
_LATE: dict[Side, Program] = {_SERVER: servers.serve_hello, _CLIENT: clients.ask_late}


def _first(sender: Side, kind: FrameKind) -> Pick:
    return Pick(sender=sender, kind=kind)


_CLIENTS_SYN, _SERVERS_SYN = _first(_CLIENT, FrameKind.SYN), _first(_SERVER, FrameKind.SYN)

_OVER_IPV4 = {
    HANDSHAKE: Scene(programs=_HELLO, ends=_SERVER_CLOSES),
    "refused": Scene(programs={_CLIENT: clients.be_refused}, ends=_BOTH_GONE),
    "lost-syn": Scene(programs=_HELLO, ends=_SERVER_CLOSES, faults=(Loss(frame=_CLIENTS_SYN),)),
    "lost-syn-ack": Scene(
        programs=_HELLO, ends=_SERVER_CLOSES, faults=(Loss(frame=_first(_SERVER, FrameKind.SYN_ACK)),)
    ),
    "lost-ack": Scene(programs=_HELLO, ends=_SERVER_CLOSES, faults=(Loss(frame=_first(_CLIENT, FrameKind.ACK)),)),
    "half-open": Scene(programs=_LATE, ends=_SERVER_CLOSES, faults=(Loss(frame=_first(_CLIENT, FrameKind.ACK)),)),
    "large": Scene(programs=_LARGE, ends=_SERVER_CLOSES),
    "zero-window": Scene(
        programs={_SERVER: servers.serve_until_left, _CLIENT: clients.ask_and_read_late}, ends=_CLIENT_CLOSES
    ),
    "lost-segment": Scene(
        programs=_LARGE,
        ends=_SERVER_CLOSES,
        faults=(Loss(frame=Pick(sender=_SERVER, kind=FrameKind.DATA, nth=3)),),
    ),
    "lost-request": Scene(programs=_HELLO, ends=_SERVER_CLOSES, faults=(Loss(frame=_first(_CLIENT, FrameKind.DATA)),)),
    "reset": Scene(programs={_SERVER: servers.serve_until_left, _CLIENT: clients.ask_and_leave}, ends=_BOTH_GONE),
    "half-close": Scene(
        programs={_SERVER: servers.serve_after_the_end, _CLIENT: clients.ask_and_finish_first},
        ends=_CLIENT_CLOSES,
    ),
    "simultaneous-open": Scene(
        programs={_CLIENT: clients.ask_hello, _SERVER: servers.connect_and_serve},
        ends=_SERVER_CLOSES,
        faults=(Hold(frame=_CLIENTS_SYN, until=_SERVERS_SYN),),
    ),
    "udp-echo": Scene(
        programs={_SERVER: servers.echo, _CLIENT: clients.send_and_hear_echo},
        ends=None,
        transport=socket.SOCK_DGRAM,
    ),
    "udp-closed-port": Scene(programs={_CLIENT: clients.send_to_nobody}, ends=None, transport=socket.SOCK_DGRAM),
    "udp-lost": Scene(
        programs={_SERVER: servers.hear_several, _CLIENT: clients.send_several},
        ends=None,
        faults=(Loss(frame=Pick(sender=_CLIENT, kind=FrameKind.DATAGRAM, nth=2)),),
        transport=socket.SOCK_DGRAM,
    ),
}

SCENES: Mapping[str, Scene] = _OVER_IPV4 | {
    f"{name}-ipv6": replace(scene, over_ipv6=True) for name, scene in _OVER_IPV4.items()
}
