"""`python -m tests.benchmarks.listeners PORT PATH COUNT [acknowledging]`: many viewers of one server, cheaply.

One thread, one epoll: what it costs to hear a message must be far less than what it costs to send it. Acknowledges
and measures the clock as the page does (static/js/live/socket.js). Orders are lines on standard input: `report` prints
what was heard since the last report, as one line of JSON (`Report`); the end of the input ends it.
"""

import json
import re
import select
import socket
import sys
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TypedDict

from tests.benchmarks.process import raise_file_limit

BATCH = 50
"""So many connections are opened at once."""
ACKNOWLEDGE_AFTER_S = 0.25
ACKNOWLEDGE_EVERY = 16
PING_EVERY_S = 4.0
PATIENCE_S = 60
TEXT = 0x1

_SEQ = re.compile(rb'"seq":(\d+)')
_SENT = re.compile(rb"sent (\d+) ")


class Report(TypedDict):
    """`heard` has for each message (the moment that it holds, else its number) the moments of its arrivals, in ns of
    the monotonic clock. `cut` connections were closed by the server; `snapshots` came beside the first one of each."""

    heard: dict[str, list[int]]
    cut: int
    snapshots: int
    connected: int


@dataclass(slots=True)
class Listener:
    """One connection. `buffer` is what came of a frame that is not whole yet."""

    socket: socket.socket
    buffer: bytes = b""
    seq: int = 0
    acknowledged: int = 0
    is_waiting: bool = False
    snapshots: int = 0


@dataclass(slots=True)
class Crowd:
    """All connections of this process."""

    acknowledging: bool
    listeners: dict[int, Listener] = field(default_factory=dict)
    heard: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    due: deque[tuple[float, Listener]] = field(default_factory=deque)
    pings: deque[tuple[float, Listener]] = field(default_factory=deque)
    cut: int = 0
    epoll: select.epoll = field(default_factory=select.epoll)

    def connect(self, port: int, path: str, count: int) -> None:
        for first in range(0, count, BATCH):
            batch = [ask_to_join(port, path) for _ in range(min(BATCH, count - first))]
            for each in batch:
                self._welcome(each)

    def _welcome(self, connection: socket.socket) -> None:
        answer = b""
        while b"\r\n\r\n" not in answer:
            if not (more := connection.recv(65536)):
                break
            answer += more
        head, _, rest = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            sys.exit(f"The server refused a viewer: {head.partition(bytes((13,)))[0].decode()}")
        connection.setblocking(False)
        listener = Listener(connection)
        self.listeners[connection.fileno()] = listener
        self.epoll.register(connection.fileno(), select.EPOLLIN)
        self.pings.append((time.monotonic() + PING_EVERY_S, listener))
        self._read(listener, rest, time.monotonic_ns())

    def listen(self) -> None:
        """Until standard input ends."""
        self.epoll.register(sys.stdin.fileno(), select.EPOLLIN)
        while True:
            for descriptor, _ in self.epoll.poll(self._pause_s()):
                if descriptor != sys.stdin.fileno():
                    self._hear(self.listeners[descriptor])
                elif not sys.stdin.readline():
                    return
                else:
                    print(json.dumps(self.report()), flush=True)
            self._speak(time.monotonic())

    def _pause_s(self) -> float:
        now = time.monotonic()
        first = min((queue[0][0] for queue in (self.due, self.pings) if queue), default=now + 1)
        return max(0.0, first - now)

    def _hear(self, listener: Listener) -> None:
        try:
            octets = listener.socket.recv(262_144)
        except ConnectionError:
            octets = b""
        now_ns = time.monotonic_ns()
        if octets:
            self._read(listener, listener.buffer + octets, now_ns)
        else:
            self._lose(listener)

    def _read(self, listener: Listener, octets: bytes, now_ns: int) -> None:
        """All whole frames in it; the rest waits (RFC 6455 section 5.2, unmasked and in one piece, as servers send)."""
        at = 0
        while len(octets) - at >= 2:
            length, begin = octets[at + 1], at + 2
            if length >= 126:
                begin += 2 if length == 126 else 8
                if len(octets) < begin:
                    break
                length = int.from_bytes(octets[at + 2 : begin])
            if len(octets) < begin + length:
                break
            if octets[at] & 0xF == TEXT:
                self._note(listener, octets[begin : begin + length], now_ns)
            at = begin + length
        listener.buffer = octets[at:]

    def _note(self, listener: Listener, payload: bytes, now_ns: int) -> None:
        if payload.startswith(b'{"kind":"pong"'):
            return
        seq = _SEQ.search(payload, 0, 64)
        if seq is not None:
            self._count(listener, int(seq[1]))
        if payload.startswith(b'{"kind":"snapshot"'):
            listener.snapshots += 1
            return
        sent = _SENT.search(payload, 0, 256)
        key = sent or seq
        if key is not None:
            self.heard[key[1].decode()].append(now_ns)

    def _count(self, listener: Listener, seq: int) -> None:
        listener.seq = seq
        if not self.acknowledging:
            return
        if seq - listener.acknowledged >= ACKNOWLEDGE_EVERY:
            self._acknowledge(listener)
        elif not listener.is_waiting:
            listener.is_waiting = True
            self.due.append((time.monotonic() + ACKNOWLEDGE_AFTER_S, listener))

    def _speak(self, now: float) -> None:
        while self.due and self.due[0][0] <= now:
            _, listener = self.due.popleft()
            listener.is_waiting = False
            if listener.acknowledged < listener.seq:
                self._acknowledge(listener)
        while self.pings and self.pings[0][0] <= now:
            _, listener = self.pings.popleft()
            if self.acknowledging and listener.socket.fileno() >= 0:
                self._send(listener, b'{"kind":"ping","client_ms":%d}' % (now * 1000))
                self.pings.append((now + PING_EVERY_S, listener))

    def _acknowledge(self, listener: Listener) -> None:
        listener.acknowledged = listener.seq
        self._send(listener, b'{"kind":"acknowledge","seq":%d}' % listener.seq)

    def _send(self, listener: Listener, payload: bytes) -> None:
        """Under a mask of zeros, which changes nothing."""
        if listener.socket.fileno() >= 0:
            listener.socket.send(bytes((0x80 | TEXT, 0x80 | len(payload))) + bytes(4) + payload)

    def _lose(self, listener: Listener) -> None:
        self.cut += 1
        self.epoll.unregister(listener.socket.fileno())
        del self.listeners[listener.socket.fileno()]
        listener.socket.close()

    def report(self) -> Report:
        heard, self.heard = self.heard, defaultdict(list)
        again = sum(max(0, each.snapshots - 1) for each in self.listeners.values())
        return Report(heard=heard, cut=self.cut, snapshots=again, connected=len(self.listeners))


def ask_to_join(port: int, path: str, *, receive_octets: int = 0) -> socket.socket:
    """A connection with its request on the way. `receive_octets` bounds what its own end keeps unread."""
    connection = socket.socket()
    connection.settimeout(PATIENCE_S)
    if receive_octets:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_octets)
    connection.connect(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "\r\n".encode()
    )
    return connection


def main(port: str, path: str, count: str, *acknowledging: str) -> None:
    raise_file_limit()
    crowd = Crowd(acknowledging=bool(acknowledging))
    crowd.connect(int(port), path, int(count))
    print(json.dumps(crowd.report()), flush=True)
    crowd.listen()


if __name__ == "__main__":
    main(*sys.argv[1:])
