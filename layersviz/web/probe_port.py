"""The probes on a port of their own, for a process that serves no pages: the capture worker.

It answers on the worker's own event loop, so that an answer tells that the loop turns.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

from layersviz.web.probes import Answer, Probe, headers_of

PATIENCE_S = 5.0
MOST_OCTETS = 8_192


class ProbePort:
    """GET and HEAD of the given paths; every connection is closed after one answer."""

    def __init__(self, probes: Mapping[str, Probe]) -> None:
        self._probes = probes

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Raises OSError where the port is not to be had."""
        return await asyncio.start_server(self._serve, host, port, limit=MOST_OCTETS)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE_S):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._respond(head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")))
                await writer.drain()
        writer.close()

    async def _respond(self, request: list[str]) -> bytes:
        match request:
            case ["GET" | "HEAD" as method, target, _version]:
                probe = self._probes.get(target.partition("?")[0])
                answer = _NOTHING if probe is None else await probe.answer()
                return _written(answer, with_body=method == "GET")
        return _written(Answer(status=HTTPStatus.METHOD_NOT_ALLOWED, body=b"Only GET and HEAD.\n"), with_body=True)


_NOTHING = Answer(status=HTTPStatus.NOT_FOUND, body=b"Here are /healthz, /readyz and /metrics only.\n")


def _written(answer: Answer, *, with_body: bool) -> bytes:
    first = f"HTTP/1.1 {int(answer.status)} {answer.status.phrase}\r\n".encode("ascii")
    headers = [b"%s: %s\r\n" % pair for pair in (*headers_of(answer), (b"connection", b"close"))]
    return b"".join([first, *headers, b"\r\n", answer.body if with_body else b""])
