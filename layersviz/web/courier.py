"""Carries a viewer's texts to its socket: at once where the server takes them at once, else one after the other.

A task for each viewer would cost more than the sending: a server that has room for a text takes it without waiting.
"""

import asyncio
import logging
import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from layersviz.rooms.viewer import Viewer

logger = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
"""ASGI's."""


class Courier:
    """`end` is told once that the viewer has been dismissed."""

    def __init__(self, viewer: Viewer, send: Send, end: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._viewer = viewer
        self._send = send
        self._end = end
        self._task: asyncio.Task[None] | None = None
        self._has_stopped = False

    def begin(self) -> None:
        self._viewer.on_news = self._go
        self._go()

    def stop(self) -> None:
        """Nothing is sent any more."""
        self._has_stopped = True
        self._viewer.on_news = None
        if self._task is not None:
            self._task.cancel()

    def _go(self) -> None:
        """Send what waits; where the server lets one wait, a task goes on from there."""
        while self._may_send() and (text := self._viewer.take()) is not None:
            self._send_one(text)
        if self._may_send() and self._viewer.dismissal is not None:
            self._task = asyncio.create_task(self._end())

    def _may_send(self) -> bool:
        return self._task is None and not self._has_stopped

    def _send_one(self, text: str) -> None:
        sending = self._send({"type": "websocket.send", "text": text})
        try:
            awaited = sending.send(None)
        except StopIteration:
            pass
        except Exception as error:
            self._give_up(error)
        else:
            self._task = asyncio.create_task(self._wait(_rest(sending, awaited)))

    async def _wait(self, rest: Coroutine[Any, Any, None]) -> None:
        try:
            await rest
        except Exception as error:
            self._give_up(error)
        else:
            self._task = None
            self._go()

    def _give_up(self, error: Exception) -> None:
        """Its browser is gone, which the server tells by its own way; it is nothing to those who get the same text."""
        logger.debug("A text could not be sent: %s", error)
        self.stop()


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, Any, None]:
    """What remains of a coroutine that has taken its first step, and yielded what it waits for."""
    try:
        while True:
            awaited = coroutine.send((yield awaited))
    except StopIteration:
        return
    finally:
        coroutine.close()
