"""A server of our own as a process, and a plain websocket client that can also say what no browser would."""

import asyncio
import base64
import contextlib
import json
import os
import queue
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
STATIC_WHOLE = Path("static", ".sources")
"""Written when a server has collected the static files."""

_started_in: list[Path] = []
TEXT, BINARY, CLOSE, PONG = 0x1, 0x2, 0x8, 0xA


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(kw_only=True)
class LiveServer:
    """`link` is what it printed for the presenter."""

    process: subprocess.Popen[str]
    port: int
    lines: "queue.SimpleQueue[str]"
    link: "Future[str]"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def code(self) -> str:
        """Of the class that it has made."""
        return self.link.result(PATIENCE_S).partition("/present/")[2][:6]

    @cached_property
    def presenter(self) -> str:
        """The session's key of a browser that has opened the presenter's link, which works once."""
        path = self.link.result(PATIENCE_S).split(str(self.port), 1)[1]
        connection = HTTPConnection(self.host, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request("GET", path)
            cookies = SimpleCookie(connection.getresponse().headers["Set-Cookie"])
        return cookies["sessionid"].value

    @property
    def cookie(self) -> str:
        return f"sessionid={self.presenter}"

    def read_until(self, beginning: str) -> str:
        """The first line of its output that begins so."""
        seen = []
        while line := self.lines.get(timeout=PATIENCE_S):
            if line.startswith(beginning):
                return line
            seen.append(line)
        raise AssertionError(f"the server ended without {beginning!r}: {''.join(seen)}")

    def read_to_end(self) -> str:
        """All that it still says; it has to end."""
        return "".join(iter(lambda: self.lines.get(timeout=PATIENCE_S), ""))


def give_static_files(var: Path) -> None:
    """A folder that is new gets them from a server before, as if it had been started here once: to collect them takes
    a second of the processor's. The first server of all collects its own."""
    whole = next((before for before in _started_in if (before / STATIC_WHOLE).exists()), None)
    if whole is not None and not (var / "static").exists():
        shutil.copytree(whole / "static", var / "static")
    if var not in _started_in:
        _started_in.append(var)


@contextlib.contextmanager
def live_server(var: Path, **environment: str) -> Iterator[LiveServer]:
    """`manage.py serve`; `environment` holds further settings."""
    give_static_files(var)
    port = int(environment.get("PORT") or free_port())
    settings = {**os.environ, "VAR_DIR": str(var), "HOST": "127.0.0.1", "PORT": str(port), **environment}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=PROJECT,
        env=settings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    server = LiveServer(process=process, port=port, lines=queue.SimpleQueue(), link=Future())
    reader = threading.Thread(target=_read_all, args=(server,))
    reader.start()
    try:
        yield server
    finally:
        process.kill()
        process.wait()
        reader.join()


def _read_all(server: LiveServer) -> None:
    """All that it says, so that it never waits for a reader; an empty line is its end."""
    assert server.process.stdout is not None
    with server.process.stdout as lines:
        for line in lines:
            if line.startswith("Presenter") and not server.link.done():
                server.link.set_result(line.split()[-1])
            server.lines.put(line)
    server.lines.put("")


class WebSocketClient:
    """One connection (RFC 6455), without extensions. `closed` is the code and reason that the server gave."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.closed: tuple[int, str] | None = None

    async def send(self, **message: Any) -> None:
        await self.send_frame(TEXT, json.dumps(message).encode())

    async def send_frame(self, opcode: int, payload: bytes, *, is_last: bool = True) -> None:
        mask = await self.send_head(opcode, len(payload), is_last=is_last)
        self._writer.write(bytes(octet ^ mask[index % 4] for index, octet in enumerate(payload)))
        await self._writer.drain()

    async def send_head(self, opcode: int, length: int, *, is_last: bool = True) -> bytes:
        """What stands before the octets of a frame; gives the mask that they need."""
        mask = secrets.token_bytes(4)
        first = bytes([(0x80 if is_last else 0) | opcode])
        if length < 126:
            size = bytes([0x80 | length])
        elif length < 65536:
            size = bytes([0x80 | 126]) + length.to_bytes(2)
        else:
            size = bytes([0x80 | 127]) + length.to_bytes(8)
        self._writer.write(first + size + mask)
        await self._writer.drain()
        return mask

    async def read(self) -> dict[str, Any] | None:
        """The next message; None at the end."""
        while True:
            opcode, payload = await self._read_frame()
            if opcode == TEXT:
                message: dict[str, Any] = json.loads(payload)
                return message
            if opcode == CLOSE:
                self.closed = (int.from_bytes(payload[:2]), payload[2:].decode())
                return None

    async def read_until(self, kind: str) -> dict[str, Any]:
        while (message := await self.read()) is not None:
            if message["kind"] == kind:
                return message
        raise AssertionError(f"closed with {self.closed} before {kind}")

    async def read_to_end(self) -> tuple[int, str]:
        while await self.read() is not None:
            pass
        assert self.closed is not None
        return self.closed

    async def _read_frame(self) -> tuple[int, bytes]:
        first, second = await self._reader.readexactly(2)
        length = second & 0x7F
        if length >= 126:
            length = int.from_bytes(await self._reader.readexactly(2 if length == 126 else 8))
        return first & 0xF, await self._reader.readexactly(length)


@contextlib.asynccontextmanager
async def websocket(host: str, path: str, origin: str = "", cookie: str = "") -> AsyncIterator[WebSocketClient]:
    """Open a websocket; a server that refuses raises ConnectionRefusedError with its status line."""
    name, _, port = host.rpartition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: {origin or f'http://{host}'}\r\n"
        f"Cookie: {cookie}\r\n\r\n"
    )
    writer.write(request.encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    try:
        if not answer.startswith(b"HTTP/1.1 101"):
            raise ConnectionRefusedError(answer.partition(b"\r\n")[0].decode())
        yield WebSocketClient(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
