"""The TCP state that each host's kernel has one connection in, by an exact sock_diag request (man 7 sock_diag).

Reading /proc/net/tcp would tell the same and take a hundred times as long.
"""

import errno
import os
import socket
import struct
from typing import Self

from layersviz.core.frame import States
from layersviz.core.host import Host, Hosts
from layersviz.core.tcp_state import TcpState
from layersviz.lab.address import family_of, packed
from layersviz.lab.namespaces import Namespace

_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _REQUEST, _ERROR = 4, 20, 1, 2
_ANY_COOKIE = b"\xff" * 8
_HEADER = struct.Struct("=IHHII")  # struct nlmsghdr
_EVERY_STATE = 0xFFFF_FFFF

# include/net/tcp_states.h; 12 is a connection that the server has answered and not yet accepted (TCP_NEW_SYN_RECV).
_BY_NUMBER = {
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


class SocketStates:
    """Asks both hosts' kernels about one connection."""

    def __init__(self, client: socket.socket, server: socket.socket, hosts: Hosts) -> None:
        self._client, self._server = client, server
        self._client_question = _question(hosts.client, hosts.server)
        self._server_question = _question(hosts.server, hosts.client)

    @classmethod
    def inside(cls, client: Namespace, server: Namespace, hosts: Hosts) -> Self:
        return cls(_open(client), _open(server), hosts)

    def of(self, hosts: Hosts) -> Self:
        """The same kernels, asked about another connection."""
        return type(self)(self._client, self._server, hosts)

    def read(self) -> States:
        return States(
            client=_ask(self._client, self._client_question),
            server=_ask(self._server, self._server_question),
        )


def _open(namespace: Namespace) -> socket.socket:
    with namespace.entered():
        return socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG)


def _question(here: Host, there: Host) -> bytes:
    """struct inet_diag_req_v2 without NLM_F_DUMP: the kernel looks up this one connection, else the listener."""
    family, local, remote = family_of(here.ip), packed(here.ip), packed(there.ip)
    ends = struct.pack("!HH16s16s", here.port, there.port, local, remote)
    request = struct.pack("=BBBxI", family, socket.IPPROTO_TCP, 0, _EVERY_STATE) + ends + bytes(4) + _ANY_COOKIE
    return _HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _REQUEST, 0, 0) + request


def _ask(kernel: socket.socket, question: bytes) -> TcpState:
    kernel.send(question)
    answer = kernel.recv(4096)
    kind = _HEADER.unpack_from(answer)[1]
    if kind == _ERROR:
        number = -struct.unpack_from("=i", answer, _HEADER.size)[0]
        if number == errno.ENOENT:
            return TcpState.CLOSED
        raise OSError(number, os.strerror(number))
    return _BY_NUMBER[answer[_HEADER.size + 1]]  # struct inet_diag_msg: family, state
