"""What a program really hears: a socket that notes what its calls give and how they fail, as the kernel says it.

Knows nothing of what the octets mean, nor of who wants to know.
"""

import errno
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from layersviz.core.ending import Heard, Read
from layersviz.core.host import Side

_MOST_READS = 8
_MOST_TEXT = 80
_TRANSPORTS = {socket.SOCK_STREAM: "tcp", socket.SOCK_DGRAM: "udp"}


class Hearing:
    """Of one program. The first failure is the one that counts: what comes after follows from it."""

    def __init__(self, side: Side, transport: socket.SocketKind) -> None:
        self._side = side
        self._transport = _TRANSPORTS[transport]
        self._octets = self._reads = 0
        self._first: list[Read] = []
        self._ended = False
        self._failed = ("", "", "")
        self._waited_ms: float | None = None

    def note(self, octets: bytes) -> None:
        """What recv() gave; nothing at all is the end of a stream (man 2 recv), and an empty datagram of UDP."""
        if not octets and self._transport == "tcp":
            self._ended = True
            return
        self._octets += len(octets)
        self._reads += 1
        if len(self._first) < _MOST_READS:
            self._first.append(Read(at_ns=time.time_ns(), octets=len(octets), text=_text(octets)))

    def note_failure(self, call: str, error: OSError) -> None:
        number = error.errno or 0
        if not any(self._failed):
            self._failed = (call, errno.errorcode.get(number, str(number)), os.strerror(number))

    def note_silence(self, waited_s: float) -> None:
        """It has waited for so long, and gives up."""
        self._waited_ms = waited_s * 1000

    def told(self) -> Heard:
        call, error, words = self._failed
        return Heard(
            side=self._side,
            transport=self._transport,
            octets=self._octets,
            reads=self._reads,
            first=tuple(self._first),
            ended=self._ended,
            call=call,
            error=error,
            words=words,
            waited_ms=self._waited_ms,
        )


class HearingSocket(socket.socket):
    """In place of `opened`, which it takes over."""

    def __init__(self, opened: socket.socket, hearing: Hearing) -> None:
        super().__init__(fileno=opened.detach())
        self.setblocking(False)
        self._hearing = hearing

    def accept(self) -> tuple[socket.socket, Any]:
        """What is accepted is heard by the same program."""
        with self._noting("accept()"):
            connection, address = super().accept()
        return HearingSocket(connection, self._hearing), address

    def connect(self, address: Any, /) -> None:
        with self._noting("connect()"):
            super().connect(address)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        with self._noting("recv()"):
            octets = super().recv(bufsize, flags)
        self._hearing.note(octets)
        return octets

    def recvfrom(self, bufsize: int, flags: int = 0, /) -> tuple[bytes, Any]:
        with self._noting("recvfrom()"):
            octets, sender = super().recvfrom(bufsize, flags)
        self._hearing.note(octets)
        return octets, sender

    def send(self, data: Any, flags: int = 0, /) -> int:
        with self._noting("send()"):
            return super().send(data, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        with self._noting("send()"):
            super().sendall(data, flags)

    @contextmanager
    def _noting(self, call: str) -> Iterator[None]:
        """That a call can't go on yet is nothing that a program hears."""
        try:
            yield
        except BlockingIOError:
            raise
        except OSError as error:
            self._hearing.note_failure(call, error)
            raise


def _text(octets: bytes) -> str:
    return "".join(chr(octet) if 32 <= octet < 127 else "." for octet in octets[:_MOST_TEXT])
