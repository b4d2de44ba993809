"""The clients' programs. Knows nothing of the wire."""

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from selectors import EVENT_READ

from layersviz.core.exchange import LARGE_PATH, request_to
from layersviz.core.host import Host
from layersviz.core.scene_cards import CARDS
from layersviz.lab.turns import (
    HEAD_ENDS,
    MOST_OCTETS,
    SEVERAL,
    Pause,
    Readiness,
    Script,
    connect,
    message,
    numbered,
    read_to_end,
    reset_unless_done,
)

_LITTLE_ROOM = 4_096
_ECHOED = b"Does this datagram come back?"
_UNHEARD = b"Does anybody hear this datagram?"


def ask_hello(connection: socket.socket, server: Host) -> Script:
    """Connect, ask for the page, read to the end of the answer, close."""
    return _ask(connection, server)


def ask_for_large(connection: socket.socket, server: Host) -> Script:
    """The same, for an answer of several segments."""
    return _ask(connection, server, path=LARGE_PATH)


def ask_late(connection: socket.socket, server: Host) -> Script:
    """Connect ahead of need, as browsers do, and ask later than a lost ACK would be repaired."""
    return _ask(connection, server, pause_s=1.3)


def ask_and_read_late(connection: socket.socket, server: Host) -> Script:
    """Ask for the large answer with little room for it, read nothing for half a second, then all, and close first."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LITTLE_ROOM)  # the kernel doubles it
    with reset_unless_done(connection):
        yield from connect(connection, server)
        connection.sendall(request_to(server, LARGE_PATH))
        yield Readiness(connection, EVENT_READ)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        yield Pause(CARDS["zero-window"].pause_s)
        yield from _read_answer(connection)
        yield None


def ask_and_close_first(connection: socket.socket, server: Host) -> Script:
    """Ask, read the answer until it is whole by its own length, and close without waiting for the server to."""
    with reset_unless_done(connection):
        yield from connect(connection, server)
        connection.sendall(request_to(server))
        yield from _read_answer(connection)
        yield None


def say_several(connection: socket.socket, server: Host) -> Script:
    """Connect, send numbered messages, one in each turn and segment, and close."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with reset_unless_done(connection):
        yield from connect(connection, server)
        for number in range(1, SEVERAL + 1):
            connection.sendall(message(number))
            yield None


def say_several_by_udp(datagrams: socket.socket, server: Host) -> Script:
    """The same messages, one in each datagram."""
    return _send_all(datagrams, server, [message(number) for number in range(1, SEVERAL + 1)])


def _ask(connection: socket.socket, server: Host, *, path: str = "/", pause_s: float = 0.0) -> Script:
    with reset_unless_done(connection):
        yield from connect(connection, server)
        if pause_s > 0:
            yield Pause(pause_s)
        connection.sendall(request_to(server, path))
        yield from read_to_end(connection)


def be_refused(connection: socket.socket, server: Host) -> Script:
    """Connect to a port where nobody listens."""
    with reset_unless_done(connection), suppress(ConnectionRefusedError):
        yield from connect(connection, server)
        raise ConnectionError("somebody listens at the port that should be closed")


def ask_and_leave(connection: socket.socket, server: Host) -> Script:
    """Ask, and close as soon as the answer is there, unread: then the kernel resets (RFC 9293 section 3.6.1)."""
    with reset_unless_done(connection):
        yield from connect(connection, server)
        connection.sendall(request_to(server))
        yield Readiness(connection, EVENT_READ)


def ask_and_finish_first(connection: socket.socket, server: Host) -> Script:
    """Ask, say at once that no more will come, and go on reading."""
    with reset_unless_done(connection):
        yield from connect(connection, server)
        connection.sendall(request_to(server))
        yield None
        connection.shutdown(socket.SHUT_WR)
        yield from read_to_end(connection)


def send_and_hear_echo(datagrams: socket.socket, server: Host) -> Script:
    with datagrams:
        datagrams.connect((server.ip, server.port))
        datagrams.send(_ECHOED)
        yield Readiness(datagrams, EVENT_READ)
        if datagrams.recv(MOST_OCTETS) != _ECHOED:
            raise ConnectionError("another datagram came back than was sent")


def send_to_nobody(datagrams: socket.socket, server: Host) -> Script:
    """The kernel reports the ICMP error at the next call on a connected socket."""
    with datagrams, suppress(ConnectionRefusedError):
        datagrams.connect((server.ip, server.port))
        datagrams.send(_UNHEARD)
        yield Readiness(datagrams, EVENT_READ)
        datagrams.recv(MOST_OCTETS)
        raise ConnectionError("somebody answered from the port that should be closed")


def send_several(datagrams: socket.socket, server: Host) -> Script:
    """Numbered datagrams, one in each turn; no answer is waited for."""
    return _send_all(datagrams, server, [numbered(number) for number in range(1, SEVERAL + 1)])


def _send_all(datagrams: socket.socket, server: Host, each: Iterable[bytes]) -> Script:
    with datagrams:
        datagrams.connect((server.ip, server.port))
        for octets in each:
            datagrams.send(octets)
            yield None


def _read_answer(connection: socket.socket) -> Script:
    """As much as its head says that there is (RFC 9112 section 6.2)."""
    octets = b""
    missing = 1
    while missing > 0:
        yield Readiness(connection, EVENT_READ)
        received = connection.recv(MOST_OCTETS)
        if not received:
            raise ConnectionError("the server closed before its answer was whole")
        octets += received
        head, _ends, body = octets.partition(HEAD_ENDS)
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        missing = int(length[1]) - len(body) if length else 1
