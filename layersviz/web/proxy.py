"""Behind our own reverse proxy: the reader's address is what the proxy says, for pages and websockets alike."""

from typing import Any

_FORWARDED_FOR = b"x-forwarded-for"


class BehindProxy:
    """The last address of X-Forwarded-For is what the proxy itself has seen; those before it anyone may invent."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        said = [value for name, value in scope.get("headers", ()) if name.lower() == _FORWARDED_FOR]
        address = said[-1].decode("latin1").rpartition(",")[2].strip() if said else ""
        await self._application({**scope, "client": (address, 0)} if address else scope, receive, send)
