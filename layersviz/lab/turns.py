"""What a program on a host is written in: a script of turns, each of which acts once and says what it waits for.

Knows the turns that several programs take, and nothing of the wire.
"""

import socket
import struct
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE
from typing import TypeVar

from layersviz.core.host import Host

MOST_OCTETS = 65_536
HEAD_ENDS = b"\r\n\r\n"
SEVERAL = 3
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger: on, no seconds


@dataclass(frozen=True, slots=True)
class Readiness:
    """A socket and the selector event that it is waited for, for so long; TimeoutError is thrown in then."""

    socket: socket.socket
    event: int
    patience_s: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for so long, whatever happens meanwhile."""

    seconds: float


Awaited = Readiness | Pause | None
_T = TypeVar("_T")
Turns = Generator[Awaited, None, _T]
"""Acts once, then yields what it waits for; None waits for the next turn only. Ends with a value."""
Script = Turns[None]
Program = Callable[[socket.socket, Host], Script]
"""Given its host's socket, bound to its own port, and the other host. Left before its end, it resets its connection."""


def connect(connection: socket.socket, there: Host) -> Script:
    with suppress(BlockingIOError):  # which only says that the answer is still on its way
        connection.connect((there.ip, there.port))
    yield Readiness(connection, EVENT_WRITE)
    connection.connect((there.ip, there.port))  # asked once more, the kernel says how it went


def read_to_end(connection: socket.socket) -> Turns[bytes]:
    """A client that closes before it has read all would reset: RFC 9293 section 3.6.1."""
    octets = b""
    yield Readiness(connection, EVENT_READ)
    while received := connection.recv(MOST_OCTETS):
        octets += received
        yield Readiness(connection, EVENT_READ)
    return octets


def send(connection: socket.socket, octets: bytes) -> Script:
    """All of it, in as many turns as the kernel's buffer makes it take."""
    while octets:
        try:
            octets = octets[connection.send(octets) :]
        except BlockingIOError:
            yield Readiness(connection, EVENT_WRITE)


@contextmanager
def reset_unless_done(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _reset(connection)
        raise
    connection.close()


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    connection.close()


def numbered(number: int) -> bytes:
    """One of several datagrams."""
    return f"Datagram {number} of {SEVERAL}".encode("ascii")


def message(number: int) -> bytes:
    """One of several that go by TCP and by UDP."""
    return f"Message {number} of {SEVERAL}".encode("ascii")
