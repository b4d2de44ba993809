"""Whether this process lives (`/healthz`) and whether it can do its work (`/readyz`), in a sentence for each part.

What exactly failed goes into the log: these pages are open to everyone who reaches the server.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Protocol

from django.db import connection

from layersviz.web.probes import Answer

logger = logging.getLogger(__name__)

PATIENCE_S = 2.0
"""So long each part may take; they are asked at the same time."""

Check = Callable[[], Coroutine[Any, Any, None]]
"""Returns where the part works, raises where it doesn't."""


async def alive() -> Answer:
    """The event loop turns, or nobody would read this."""
    return Answer(body=b"This process is alive.\n")


class Readiness:
    """`checks` are by the sentence that says of one that it fails."""

    def __init__(self, checks: Mapping[str, Check], *, patience_s: float = PATIENCE_S) -> None:
        self._checks = checks
        self._patience_s = patience_s
        self._failing: set[str] = set()
        self._asking: set[asyncio.Future[None]] = set()

    async def answer(self) -> Answer:
        """200, or 503 with a line for each part that fails."""
        works = await asyncio.gather(*(self._works(sentence, check) for sentence, check in self._checks.items()))
        failing = [sentence for sentence, fine in zip(self._checks, works, strict=True) if not fine]
        if not failing:
            return Answer(body=b"This process is ready.\n")
        return Answer(status=HTTPStatus.SERVICE_UNAVAILABLE, body="".join(f"{each}\n" for each in failing).encode())

    async def _works(self, sentence: str, check: Check) -> bool:
        """What doesn't end in time is cancelled and not waited for: its own end may take as long."""
        asking = asyncio.ensure_future(check())
        self._asking.add(asking)
        asking.add_done_callback(self._forget)
        done, _ = await asyncio.wait({asking}, timeout=self._patience_s)
        if not done:
            asking.cancel()
        error = asking.exception() if done and not asking.cancelled() else None
        works = bool(done) and error is None
        why = f"{type(error).__name__}: {error}" if error else f"no answer within {self._patience_s:g} s"
        self._tell_once(sentence, works, why)
        return works

    def _forget(self, asking: asyncio.Future[None]) -> None:
        self._asking.discard(asking)
        if not asking.cancelled():
            asking.exception()  # it has been looked at

    def _tell_once(self, sentence: str, works: bool, why: str) -> None:
        """Checks come every few seconds; the log hears when a failure begins and when it is over."""
        if works and sentence in self._failing:
            self._failing.discard(sentence)
            logger.warning("This is over: %s", sentence)
        elif not works and sentence not in self._failing:
            self._failing.add(sentence)
            logger.error("%s (%s)", sentence, why)


class DatabaseCheck:
    """In a thread of its own: a database that hangs holds up no page, and no second check behind the first."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database check")

    async def __call__(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, _ask_database)


def _ask_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


class Layer(Protocol):
    """What is used of a channel layer."""

    async def new_channel(self) -> str: ...

    async def send(self, channel: str, message: dict[str, Any]) -> None: ...

    async def receive(self, channel: str) -> dict[str, Any]: ...


class LayerCheck:
    """Sends itself a message through the channel layer. One channel for all checks, and one check at a time."""

    def __init__(self, layer: Callable[[], Layer]) -> None:
        self._layer = layer
        self._channel = ""
        self._turn = asyncio.Lock()

    async def __call__(self) -> None:
        async with self._turn:
            layer, mark = self._layer(), secrets.token_hex(8)
            self._channel = self._channel or await layer.new_channel()
            await layer.send(self._channel, {"type": "health", "mark": mark})
            await self._await_mark(layer, mark)

    async def _await_mark(self, layer: Layer, mark: str) -> None:
        """Redis' layer gives a channel up where somebody stops waiting for it."""
        channel, self._channel = self._channel, ""
        while (await layer.receive(channel))["mark"] != mark:
            pass
        self._channel = channel
