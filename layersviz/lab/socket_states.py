"""The TCP state that each host's kernel has one connection in, and the timer that runs for it, by an exact sock_diag
request (man 7 sock_diag).

Reading /proc/net/tcp would tell the same and take a hundred times as long.
"""

import errno
import os
import socket
import struct
from dataclasses import dataclass
from typing import Self

from layersviz.core.frame import States, Timer, Timers
from layersviz.core.host import Host, Hosts
from layersviz.core.tcp_state import TcpState
from layersviz.lab.address import family_of, packed
from layersviz.lab.namespaces import Namespace

_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _REQUEST, _ERROR = 4, 20, 1, 2
_ANY_COOKIE = b"\xff" * 8
_HEADER = struct.Struct("=IHHII")  # struct nlmsghdr
_EVERY_STATE = 0xFFFF_FFFF

# include/net/tcp_states.h; 12 is a connection that the server has answered and not yet accepted (TCP_NEW_SYN_RECV).
BY_NUMBER = {
    1: TcpState.ESTABLISHED,
    2: TcpState.SYN_SENT,
    3: TcpState.SYN_RECEIVED,
    4: TcpState.FIN_WAIT_1,
    5: TcpState.FIN_WAIT_2,
    6: TcpState.TIME_WAIT,
    7: TcpState.CLOSED,
    8: TcpState.CLOSE_WAIT,
    9: TcpState.LAST_ACK,
    10: TcpState.LISTEN,
    11: TcpState.CLOSING,
    12: TcpState.SYN_RECEIVED,
}
_WAITING = "time-wait"  # of FIN-WAIT-2, too, once its program is gone; then it is no wait that the RFC knows
_TIMERS = {1: "retransmission", 2: "keepalive", 3: _WAITING, 4: "probe"}
_SENDING = ("retransmission", "probe")
_EXPIRES = struct.Struct("=I")
_EXPIRES_AT = 52  # in struct inet_diag_msg, behind the four octets and struct inet_diag_sockid


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What both kernels said at one moment."""

    states: States
    timers: Timers

    @property
    def has_no_timer(self) -> bool:
        return self.timers.client is None and self.timers.server is None

    @property
    def will_send(self) -> bool:
        """One of them will send something by itself, because it got no answer."""
        return any(timer.what in _SENDING for timer in (self.timers.client, self.timers.server) if timer is not None)


class SocketStates:
    """Asks both hosts' kernels about one connection."""

    def __init__(self, client: socket.socket, server: socket.socket, hosts: Hosts) -> None:
        self._client, self._server = client, server
        self._client_question = _question(hosts.client, hosts.server)
        self._server_question = _question(hosts.server, hosts.client)

    @classmethod
    def inside(cls, client: Namespace, server: Namespace, hosts: Hosts) -> Self:
        return cls(open_inside(client), open_inside(server), hosts)

    def of(self, hosts: Hosts) -> Self:
        """The same kernels, asked about another connection."""
        return type(self)(self._client, self._server, hosts)

    def look(self) -> Look:
        client, clients_timer = _ask(self._client, self._client_question)
        server, servers_timer = _ask(self._server, self._server_question)
        return Look(
            states=States(client=client, server=server), timers=Timers(client=clients_timer, server=servers_timer)
        )

    def read(self) -> States:
        return self.look().states


def open_inside(namespace: Namespace) -> socket.socket:
    """What asks the kernel about the sockets of that namespace."""
    with namespace.entered():
        return socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG)


def _question(here: Host, there: Host) -> bytes:
    """struct inet_diag_req_v2 without NLM_F_DUMP: the kernel looks up this one connection, else the listener."""
    family, local, remote = family_of(here.ip), packed(here.ip), packed(there.ip)
    ends = struct.pack("!HH16s16s", here.port, there.port, local, remote)
    request = struct.pack("=BBBxI", family, socket.IPPROTO_TCP, 0, _EVERY_STATE) + ends + bytes(4) + _ANY_COOKIE
    return _HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _REQUEST, 0, 0) + request


def _ask(kernel: socket.socket, question: bytes) -> tuple[TcpState, Timer | None]:
    kernel.send(question)
    answer = kernel.recv(4096)
    kind = _HEADER.unpack_from(answer)[1]
    if kind == _ERROR:
        number = -struct.unpack_from("=i", answer, _HEADER.size)[0]
        if number == errno.ENOENT:
            return TcpState.CLOSED, None
        raise OSError(number, os.strerror(number))
    _family, state, timer, tries = answer[_HEADER.size : _HEADER.size + 4]  # struct inet_diag_msg
    if timer not in _TIMERS or (_TIMERS[timer] == _WAITING and BY_NUMBER[state] is not TcpState.TIME_WAIT):
        return BY_NUMBER[state], None
    (left_ms,) = _EXPIRES.unpack_from(answer, _HEADER.size + _EXPIRES_AT)
    return BY_NUMBER[state], Timer(what=_TIMERS[timer], left_ms=left_ms, tries=tries)
