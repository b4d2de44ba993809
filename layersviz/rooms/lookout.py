"""Who looks at a class's sockets by one web process: asks the room's owner while anybody looks, hands on the answers.

Beside the hub, whose viewers need none of it. The owner bounds how often the lab is asked. Knows nothing of sockets or
of Django.
"""

import asyncio
import logging
import math
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress

from layersviz.core.said import said
from layersviz.rooms.bus import ChannelLayer, Feed, ask, looked_feed
from layersviz.rooms.messages.from_browser import Look, LookerMessage, TryPort
from layersviz.rooms.messages.from_server import CloseCode, Interrupted, Refused
from layersviz.rooms.tellings import Closed, LookWanted, PortWanted, Showing, Shown
from layersviz.rooms.tongues import Texts, Tongues, in_all, in_or_else
from layersviz.rooms.viewer import Role, Viewer
from layersviz.rooms.viewers import NO_OWNER

logger = logging.getLogger(__name__)

TICK_S = 0.5
ASK_EVERY_S = 1.0
SILENT_S = 20.0
"""A page says every few seconds that it looks: one that has not for so long is told nothing until it does again."""
SILENCE_S = 8.0
"""An owner that has not answered for so long is away; after half of it, it is asked to answer in any case."""
JOIN_AGAIN_S = 1.0
_OVER = "This class is over: its presenter has closed it."
_FAILED = "Something went wrong on the server."
_NOT_YOURS = said("Only the presenter may try a port.")


class Lookout:
    """One for each room whose sockets are looked at, in each web process."""

    def __init__(
        self, code: str, layer: ChannelLayer, tongues: Tongues, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.code = code
        self._layer = layer
        self._tongues = tongues
        self._now_s = now_s
        self._viewers: dict[int, Viewer] = {}
        self._joined = 0
        self._waiting: set[int] = set()
        self._news = asyncio.Event()
        self._asked_s = -math.inf
        self._heard_s = now_s()
        self._is_interrupted = False

    @property
    def is_empty(self) -> bool:
        return not self._viewers

    # --- the owner ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Ask and hear, until it is cancelled or the class is over."""
        feed = looked_feed(self._layer, self.code)
        asking = asyncio.create_task(self._ask(), name=f"who asks for the sockets of {self.code}")
        try:
            await _join(feed)
            async with aclosing(feed.read()) as showings:
                async for shown in showings:
                    if isinstance(shown, Closed):
                        return self.dismiss(CloseCode.CLOSED, _OVER)
                    self._show(shown)
        finally:
            asking.cancel()
            await feed.leave()

    async def _ask(self) -> None:
        while True:
            if self._looking() and (self._news.is_set() or self._now_s() - self._asked_s >= ASK_EVERY_S):
                await self._ask_now()
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), TICK_S)

    async def _ask_now(self) -> None:
        """`anew` where somebody has heard nothing yet: by itself an owner says what has changed."""
        now_s = self._now_s()
        if now_s - self._asked_s > SILENCE_S:
            self._heard_s = now_s  # nobody has asked for a while, so nobody can have answered
        self._asked_s = now_s
        anew = bool(self._waiting) or self._is_interrupted or now_s - self._heard_s > SILENCE_S / 2
        if now_s - self._heard_s > SILENCE_S and not self._is_interrupted:
            self._is_interrupted = True
            self._offer(in_all(self._tongues, Interrupted(sentence=NO_OWNER)), self._looking())
        await ask(self._layer, self.code, LookWanted(anew=anew))

    def _show(self, shown: Shown) -> None:
        """What is new to all, else to those who have nothing yet, or were told that nobody answers."""
        to_all = shown.is_new or self._is_interrupted
        self._heard_s = self._now_s()
        self._is_interrupted = False
        self._offer(shown.texts, [each for each in self._looking() if to_all or each.number in self._waiting])
        self._waiting.clear()

    def _offer(self, texts: Texts, viewers: Iterable[Viewer]) -> None:
        for viewer in viewers:
            viewer.offer(in_or_else(texts, viewer.language))

    def dismiss(self, code: CloseCode = CloseCode.FAILED, reason: str = _FAILED) -> None:
        for viewer in list(self._viewers.values()):
            viewer.dismiss(code, reason)

    # --- who looks ----------------------------------------------------------------------------------------------------

    def join(self, role: Role, *, language: str = "") -> Viewer:
        """How it is now is the first message, and what is new then follows."""
        self._joined += 1
        language = language if language in self._tongues else next(iter(self._tongues))
        viewer = Viewer(self._joined, role, window=secrets.token_hex(6), language=language)
        viewer.heard_s = self._now_s()
        self._viewers[viewer.number] = viewer
        self._await_first(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.pop(viewer.number, None)
        self._waiting.discard(viewer.number)

    async def answer(self, viewer: Viewer, message: LookerMessage) -> None:
        was_silent = self._now_s() - viewer.heard_s >= SILENT_S
        viewer.heard_s = self._now_s()
        match message:
            case Look() if was_silent:
                self._await_first(viewer)
            case TryPort() if viewer.role is not Role.PRESENTER:
                viewer.offer(in_all(self._tongues, Refused(sentence=_NOT_YOURS))[viewer.language])
            case TryPort():
                await ask(self._layer, self.code, PortWanted(port=message.port, right=message.right))

    def _await_first(self, viewer: Viewer) -> None:
        self._waiting.add(viewer.number)
        self._news.set()

    def _looking(self) -> list[Viewer]:
        since_s = self._now_s() - SILENT_S
        return [viewer for viewer in self._viewers.values() if viewer.heard_s >= since_s]


async def _join(feed: Feed[Showing]) -> None:
    """As soon as the layer is there."""
    while True:
        if await feed.try_to_join():
            return
        await asyncio.sleep(JOIN_AGAIN_S)


class Lookouts:
    """By the rooms' codes: one from its first looker on, until nobody has looked for a while."""

    def __init__(self, layer: ChannelLayer, tongues: Tongues) -> None:
        self._layer = layer
        self._tongues = tongues
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._lookouts: dict[str, Lookout] = {}

    def lookout(self, code: str) -> Lookout:
        if code not in self._lookouts:
            lookout = Lookout(code, self._layer, self._tongues)
            self._lookouts[code] = lookout
            self._tasks[code] = asyncio.create_task(self._run(lookout), name=f"the lookout of {code}")
        return self._lookouts[code]

    async def _run(self, lookout: Lookout) -> None:
        running = asyncio.ensure_future(lookout.run())
        try:
            while not running.done():
                was_empty = lookout.is_empty
                await asyncio.wait([running], timeout=SILENT_S)
                if was_empty and lookout.is_empty:
                    return
        finally:
            del self._lookouts[lookout.code], self._tasks[lookout.code]
            running.cancel()
            (result,) = await asyncio.gather(running, return_exceptions=True)
            if isinstance(result, Exception):
                logger.error("The lookout of %s has failed", lookout.code, exc_info=result)
                lookout.dismiss()

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
