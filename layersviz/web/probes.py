"""The addresses that an operator's programs ask, answered before Django: for any Host, without TLS, without a thread.

A load balancer asks by an address that ALLOWED_HOSTS need not name, and must not be sent elsewhere. Knows nothing of
what the answers say.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: HTTPStatus = HTTPStatus.OK
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """`is_open` ones answer everyone; others only whoever asks this very process, and no one by way of a proxy."""

    answer: Callable[[], Awaitable[Answer]]
    is_open: bool = True


class Probes:
    """An ASGI application for HTTP: the probes by their paths, and `otherwise` for all else."""

    def __init__(self, probes: Mapping[str, Probe], otherwise: Application) -> None:
        self._probes = probes
        self._otherwise = otherwise

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        probe = self._probes.get(scope["path"])
        if probe is None or scope["method"] not in ("GET", "HEAD") or not (probe.is_open or _is_direct(scope)):
            await self._otherwise(scope, receive, send)
            return
        answer = await probe.answer()
        head = {"type": "http.response.start", "status": int(answer.status), "headers": headers_of(answer)}
        await send(head)
        await send({"type": "http.response.body", "body": answer.body if scope["method"] == "GET" else b""})


def headers_of(answer: Answer) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", answer.content_type.encode("ascii")),
        (b"content-length", str(len(answer.body)).encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]


def _is_direct(scope: Any) -> bool:
    """A proxy names whom it speaks for."""
    return not {b"x-forwarded-for", b"x-forwarded-proto", b"forwarded"} & {name for name, _ in scope["headers"]}
