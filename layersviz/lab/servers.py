"""The servers' programs. Knows nothing of the wire."""

import socket
from contextlib import suppress
from selectors import EVENT_READ

from layersviz.core.exchange import answer_to
from layersviz.core.host import Host
from layersviz.lab.turns import (
    HEAD_ENDS,
    MOST_OCTETS,
    SEVERAL,
    Readiness,
    Script,
    Turns,
    connect,
    numbered,
    read_to_end,
    reset_unless_done,
    send,
)

_QUIET_S = 2.0  # longer than a swapped datagram waits for another


def serve_hello(listener: socket.socket, _client: Host) -> Script:
    """Accept, read the request, answer, and close in a later turn."""
    connection = yield from _accept(listener)
    with reset_unless_done(connection):
        yield from _answer(connection)


def serve_until_left(listener: socket.socket, _client: Host) -> Script:
    """Answer, and wait until the client closes the connection or resets it."""
    connection = yield from _accept(listener)
    with reset_unless_done(connection):
        yield from _answer(connection)
        yield Readiness(connection, EVENT_READ)
        with suppress(ConnectionResetError):
            connection.recv(MOST_OCTETS)


def serve_after_the_end(listener: socket.socket, _client: Host) -> Script:
    """Read until the client has finished its half, then answer in two pieces, then close."""
    connection = yield from _accept(listener)
    with reset_unless_done(connection):
        head, _ends, body = answer_to((yield from read_to_end(connection))).partition(HEAD_ENDS)
        for piece in (head + HEAD_ENDS, body):
            yield from send(connection, piece)
            yield None


def connect_and_serve(connection: socket.socket, client: Host) -> Script:
    """Open the connection from this side, too, then serve it."""
    with reset_unless_done(connection):
        yield from connect(connection, client)
        yield from _answer(connection)


def echo(datagrams: socket.socket, _client: Host) -> Script:
    """Send the first datagram back to where it came from."""
    with datagrams:
        yield Readiness(datagrams, EVENT_READ)
        octets, sender = datagrams.recvfrom(MOST_OCTETS)
        datagrams.sendto(octets, sender)


def hear_several(datagrams: socket.socket, _client: Host) -> Script:
    """Take what comes until the last one; one that is missing is not missed."""
    with datagrams:
        heard = b""
        while heard != numbered(SEVERAL):
            yield Readiness(datagrams, EVENT_READ)
            heard = datagrams.recv(MOST_OCTETS)


def hear_to_the_end(listener: socket.socket, _client: Host) -> Script:
    """Accept, read until the client has closed, and close."""
    connection = yield from _accept(listener)
    with reset_unless_done(connection):
        yield from read_to_end(connection)


def hear_for_a_while(datagrams: socket.socket, _client: Host) -> Script:
    """Take what comes until nothing more does for two seconds: nobody says which datagram is the last."""
    with datagrams, suppress(TimeoutError):
        while True:
            yield Readiness(datagrams, EVENT_READ, patience_s=_QUIET_S)
            datagrams.recv(MOST_OCTETS)


def _accept(listener: socket.socket) -> Turns[socket.socket]:
    """One connection and no other: from then on the kernel tells of it alone at this port, and never LISTEN again."""
    with listener:
        listener.listen()
        yield Readiness(listener, EVENT_READ)
        connection, _address = listener.accept()
    connection.setblocking(False)
    return connection


def _answer(connection: socket.socket) -> Script:
    request = b""
    while HEAD_ENDS not in request:
        yield Readiness(connection, EVENT_READ)
        octets = connection.recv(MOST_OCTETS)
        if not octets:
            raise ConnectionError("the client closed before its request was whole")
        request += octets
    yield from send(connection, answer_to(request))
    yield None
