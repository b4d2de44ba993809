"""The Hello World page on a port of its own, for visitors whose handshake is to be seen: this page and nothing else.

Knows nothing of Django: no request on this port can reach any other page, a websocket or a file.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit

from layersviz.core.hello import Answer, respond

PATHS = ("/", "/hello", "/hello/")
PATIENCE_S = 30.0
"""How long a visitor may take for the request; somebody may be typing it."""
LINGER_S = 1.0
"""How long what a visitor still sends is read after the answer, so that no RST overtakes it (RFC 9112 section 9.6)."""
MOST_OCTETS = 8_192
MOST_AT_ONCE = 128


class HelloPort:
    """Every connection is closed after one answer, so that it is a whole run. `servers` are by their addresses."""

    def __init__(self) -> None:
        self.servers: dict[str, asyncio.Server] = {}
        self._open = 0

    async def listen(self, addresses: Sequence[str], port: int) -> None:
        """On those of the addresses where it is possible; raises OSError where there are some and it is on none."""
        why: OSError | None = None
        for address in addresses:
            try:
                self.servers[address] = await asyncio.start_server(self._serve, address, port, limit=MOST_OCTETS)
            except OSError as error:
                why = error
        if why is not None and not self.servers:
            raise why

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        if self._open >= MOST_AT_ONCE:
            writer.transport.abort()
            return
        self._open += 1
        try:
            with suppress(OSError, TimeoutError):
                await _answer(reader, writer)
        finally:
            self._open -= 1
            writer.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            head = await _read_head(reader)
    except ValueError:  # a line that is longer than the stream's limit
        head = None
    if head == []:
        return
    writer.write((_bad_request() if head is None else answer_to(head)).to_http1())
    await writer.drain()
    writer.write_eof()
    async with asyncio.timeout(LINGER_S):
        while await reader.read(MOST_OCTETS):
            pass


async def _read_head(reader: asyncio.StreamReader) -> list[str] | None:
    """The request's lines up to the empty one; none where nothing was asked, None where they are too long."""
    lines: list[str] = []
    octets = 0
    while line := await reader.readline():
        octets += len(line)
        if octets > MOST_OCTETS:
            return None
        if not line.strip() and lines:
            return lines
        if line.strip():
            lines.append(line.decode("latin-1").rstrip("\r\n"))
    return []


def answer_to(head: Sequence[str]) -> Answer:
    """The answer to a request's first line and headers."""
    request, *headers = head
    match request.split():
        case [method, target, version] if version.startswith("HTTP/"):
            pairs = [(name, value.strip()) for name, _colon, value in (line.partition(":") for line in headers)]
            return respond(method, pairs) if _path(target) in PATHS else _not_found(method)
    return _bad_request()


def _path(target: str) -> str:
    if target.startswith("/"):
        return target.partition("?")[0]
    try:
        return urlsplit(target).path
    except ValueError:  # brackets that hold no address
        return ""


def _not_found(method: str) -> Answer:
    return _say(HTTPStatus.NOT_FOUND, b"Here is the Hello World page only: /hello/\n", with_body=method != "HEAD")


def _bad_request() -> Answer:
    return _say(HTTPStatus.BAD_REQUEST, b"This is no HTTP request that this page can read.\n")


def _say(status: HTTPStatus, content: bytes, *, with_body: bool = True) -> Answer:
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content))))
    return Answer(status=status.value, reason=status.phrase, headers=headers, body=content if with_body else b"")
