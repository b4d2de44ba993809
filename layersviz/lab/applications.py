"""The programs on the two hosts, each written as a script of turns: do one thing, say what to wait for.

Knows nothing of the wire. A script left before its end resets its connection, so that nothing is left over.
"""

import os
import socket
import struct
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE

from layersviz.core.exchange import answer_to, request_to
from layersviz.core.host import Host

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger: on, no seconds
_MOST_OCTETS = 65_536


@dataclass(frozen=True, slots=True)
class Readiness:
    """A socket and the selector event that it is waited for."""

    socket: socket.socket
    event: int


Script = Generator[Readiness | None, None, None]
"""Acts once, then yields what it waits for; None waits for the next turn only."""


def ask_hello(connection: socket.socket, server: Host) -> Script:
    """The client: connect, ask for the page, read to the end of the answer, close."""
    with _reset_unless_done(connection):
        with suppress(BlockingIOError):  # which only says that the answer is still on its way
            connection.connect((server.ip, server.port))
        yield Readiness(connection, EVENT_WRITE)
        if (number := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)) != 0:
            raise OSError(number, os.strerror(number))
        connection.sendall(request_to(server))
        yield Readiness(connection, EVENT_READ)
        while connection.recv(_MOST_OCTETS):  # a client that closes before it has read all would reset: RFC 9293 3.6.1
            yield Readiness(connection, EVENT_READ)


def serve_hello(listener: socket.socket, client_port: int) -> Script:
    """The server: accept that client, read its request, answer, and close in a later turn."""
    connection = None
    while connection is None:
        yield Readiness(listener, EVENT_READ)
        connection = _accept(listener, client_port)
    with _reset_unless_done(connection):
        request = b""
        while b"\r\n\r\n" not in request:
            yield Readiness(connection, EVENT_READ)
            octets = connection.recv(_MOST_OCTETS)
            if not octets:
                raise ConnectionError("the client closed before its request was whole")
            request += octets
        connection.sendall(answer_to(request))
        yield None


def _accept(listener: socket.socket, client_port: int) -> socket.socket | None:
    """The connection of this run; one that an earlier run left in the queue is dropped."""
    connection, (_ip, port) = listener.accept()
    connection.setblocking(False)
    if port == client_port:
        return connection
    _reset(connection)
    return None


@contextmanager
def _reset_unless_done(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _reset(connection)
        raise
    connection.close()


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    connection.close()
