"""What browsers send: kept in a file as it arrives, up to a limit, and that file is what Django reads.

Twisted would take a form apart in memory, and Daphne would put the whole body into a queue: both stop the event loop,
and with it the live stage, for as long as that takes. Knows nothing of what is sent.

Only an upload by somebody with a session may be large, and few of them at once: nothing else comes to the disk.
"""

import tempfile
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any

from daphne.http_protocol import WebRequest
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest

IN_MEMORY = 64 * 1024
ROOM_FOR_A_FORM = 64 * 1024
"""What a form adds to its file."""

OF_ALL_ELSE = 64 * 1024
"""So many octets a request may have that is no upload."""

MOST_AT_ONCE = 8
"""So many uploads may be on their way or lie in a file at the same time."""

UPLOAD_PATH = b"/recordings/upload/"

_BODY = "layersviz.body"

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Body:
    """One request's body. Past `most_octets`, or when the disk fails, nothing of it is kept and the rest goes nowhere:
    the browser sends it to its end all the same, since one that is cut off shows its user no reason.

    `is_crowded`: it might have been large, had there not been too many such. For Daphne, which reads it like a file, it
    is empty.
    """

    def __init__(self, most_octets: int, announced: int | None = None, *, is_crowded: bool = False) -> None:
        self.is_crowded = is_crowded
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the request
        self.error: OSError | None = None
        self.is_too_large = False
        self._most_octets = most_octets
        self._octets = 0
        self._is_handed_over = False
        self._count(announced or 0)

    @property
    def closed(self) -> bool:
        return self.file.closed

    def write(self, octets: bytes) -> None:
        self._octets += len(octets)
        self._count(self._octets)
        if self.is_too_large or self.error is not None:
            return
        try:
            self.file.write(octets)
        except OSError as error:
            self.error = error
            self._forget()

    def hand_over(self) -> None:
        """From now on it is Django that closes the file."""
        self._is_handed_over = True
        self.file.seek(0)

    def close(self) -> None:
        if not self._is_handed_over:
            self.file.close()

    def tell(self) -> int:
        return self._octets

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return 0

    def read(self, _count: int = -1) -> bytes:
        return b""

    def _count(self, octets: int) -> None:
        if octets > self._most_octets and not self.is_too_large:
            self.is_too_large = True
            self._forget()

    def _forget(self) -> None:
        self.file.close()
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the request


class Uploads:
    """Those that are on their way, or lie in a file that Django still reads."""

    def __init__(self) -> None:
        self._bodies: list[Body] = []

    def admit(self, most_octets: int, announced: int | None) -> Body:
        """A further one; past the limit it may be no larger than other requests."""
        self._bodies = [body for body in self._bodies if not body.closed]
        if len(self._bodies) >= MOST_AT_ONCE:
            return Body(OF_ALL_ELSE, announced, is_crowded=True)
        body = Body(most_octets, announced)
        self._bodies.append(body)
        return body


_uploads = Uploads()


class FiledRequest(WebRequest):  # type: ignore[misc]
    """Daphne's request, whose body is a `Body`."""

    def __init__(self, *args: Any, most_octets: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsePOSTFormSubmission = False
        self._most_octets = most_octets

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        if self._is_upload():
            self.content = _uploads.admit(self._most_octets, length)
        else:
            self.content = Body(min(OF_ALL_ELSE, self._most_octets), length)

    def _is_upload(self) -> bool:
        """The channel alone knows the path by now."""
        path = self.channel._path.partition(b"?")[0]
        return path == UPLOAD_PATH and settings.SESSION_COOKIE_NAME.encode() in self.received_cookies


class FiledHandler(ASGIHandler):
    """Django's, but it takes the body's file where there is one."""

    async def __call__(self, scope: Any, receive: Receive, send: Any) -> None:
        body = scope.get(_BODY)
        try:
            await super().__call__(scope, receive if body is None else _Received(receive, body), send)
        finally:
            if body is not None:
                body.file.close()

    async def read_body(self, receive: Receive) -> IO[bytes]:
        if not isinstance(receive, _Received):
            file: IO[bytes] = await super().read_body(receive)
            return file
        if (await receive())["type"] == "http.disconnect":
            receive.body.file.close()
            raise RequestAborted
        return receive.body.file


class _Received:
    """Daphne's messages, and the body that they would have carried."""

    def __init__(self, receive: Receive, body: Body) -> None:
        self._receive = receive
        self.body = body

    async def __call__(self) -> Mapping[str, Any]:
        return await self._receive()


def with_body(protocol: Any, scope: dict[str, Any]) -> dict[str, Any]:
    """The scope with the body of the request that it is for; a websocket has none."""
    if not isinstance(protocol, FiledRequest):
        return scope
    protocol.content.hand_over()
    return {**scope, _BODY: protocol.content}


def body_of(request: HttpRequest) -> Body | None:
    """None where another server than ours has taken the request."""
    body: Body | None = getattr(request, "scope", {}).get(_BODY)
    return body
