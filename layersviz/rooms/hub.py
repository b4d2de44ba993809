"""A room's place in one web process: hears its owner, answers its viewers, forwards what all get.

The owner encodes each message once for each language; here it is only handed on. Knows nothing of sockets or of Django;
all of it runs on one event loop.
"""

import asyncio
import logging
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from layersviz.rooms.audience import here
from layersviz.rooms.bus import ChannelLayer, Feed, ask, told_feed
from layersviz.rooms.clock import server_ms
from layersviz.rooms.messages.from_browser import (
    Acknowledge,
    AskSnapshot,
    BrowserMessage,
    LetGo,
    Ping,
    Reply,
    Stand,
    Start,
)
from layersviz.rooms.messages.from_server import CloseCode, Pong
from layersviz.rooms.patience import PATIENCE_S, Patience
from layersviz.rooms.presses import Presses
from layersviz.rooms.tellings import (
    Alive,
    Answered,
    Asking,
    Attended,
    Closed,
    Counted,
    Moved,
    Telling,
    Whole,
    WholeWanted,
)
from layersviz.rooms.tongues import Tongues
from layersviz.rooms.viewer import Role, Viewer
from layersviz.rooms.viewers import Viewers

logger = logging.getLogger(__name__)

IsOpen = Callable[[str], Awaitable[bool]]
"""Whether the class of that code is open by the register; raises where that does not answer."""

TICK_S = 0.5
HERE_EVERY_S = 1.5
ASK_AGAIN_S = 0.4
SILENCE_S = 3.0
"""An owner that has said nothing for so long is gone."""
JOIN_AGAIN_S = 1.0
IS_OPEN_EVERY_S = 5.0
"""So often it is looked up, while no owner answers, whether the class was closed meanwhile."""

_NOT_ALLOWED = "Only the presenter may ask for this."


class Hub:
    """One for each room that is looked at, in each web process."""

    def __init__(
        self,
        code: str,
        *,
        layer: ChannelLayer,
        tongues: Tongues,
        is_open: IsOpen,
        now_ms: Callable[[], float] = server_ms,
        now_s: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.code = code
        self._layer = layer
        self._is_open = is_open
        self._now_ms = now_ms
        self._now_s = now_s
        self._process = secrets.token_hex(6)
        self._viewers = Viewers(tongues, Patience(patience_s, self.leave), now_ms=now_ms, now_s=now_s)
        self._presses = Presses(code, layer=layer, process=self._process, viewers=self._viewers, now_s=now_s)
        self._heard_s = now_s()
        self._asked_s = self._said_s = self._looked_s = -math.inf
        self._news = asyncio.Event()
        self._saying: set[asyncio.Task[None]] = set()

    @property
    def is_empty(self) -> bool:
        return not self._viewers

    # --- the owner ----------------------------------------------------------------------------------------------------

    async def listen(self) -> None:
        """Hear the owner, until the room is closed. What fails in it ends all of it."""
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(self._read(), name=f"what the hub of {self.code} hears")
            ticking = tasks.create_task(self._tick(), name=f"the clock of the hub of {self.code}")
            await asyncio.wait({reading, ticking}, return_when=asyncio.FIRST_COMPLETED)
            reading.cancel()
            ticking.cancel()

    async def _read(self) -> None:
        feed = told_feed(self._layer, self.code)
        try:
            await self._join(feed)
            await self._ask_if_in_doubt()
            async with aclosing(feed.read()) as tellings:
                async for telling in tellings:
                    if isinstance(telling, Closed):
                        return self.close()
                    await self._hear(telling)
        finally:
            await feed.leave()

    async def _join(self, feed: Feed[Telling]) -> None:
        """As soon as the layer is there."""
        while not await feed.try_to_join():
            self._viewers.interrupt()
            await asyncio.sleep(JOIN_AGAIN_S)

    async def _hear(self, telling: Telling) -> None:
        self._heard_s = self._now_s()
        self._presses.hear()
        replica = self._viewers.replica
        match telling:
            case Moved():
                self._viewers.take_in(telling)
                await self._ask_if_in_doubt()
            case Alive():
                if replica.seq is not None and telling.seq > replica.seq:
                    replica.seq = None
                await self._ask_if_in_doubt()
            case Whole():
                self._viewers.begin(telling)
            case Answered():
                asked = [each for each in self._viewers if self._presses.asker(each) == telling.window]
                self._viewers.pass_on(telling.texts, asked)
            case Attended() | Counted():
                self._viewers.tell_presenters(telling)

    async def _ask_if_in_doubt(self) -> None:
        """Not again before the last question can have been answered: the answer is large. In which languages the
        owner answers depends on who is here."""
        viewers = self._viewers
        is_in_doubt = viewers.replica.seq is None or viewers.is_interrupted or viewers.lack_a_language()
        if is_in_doubt and self._now_s() - self._asked_s > ASK_AGAIN_S:
            self._asked_s = self._now_s()
            await self._say((WholeWanted(),))

    def close(self) -> None:
        """The class is over."""
        self._viewers.dismiss(CloseCode.CLOSED, "This class is over: its presenter has closed it.")

    def fail(self) -> None:
        """Something in here went wrong: the pages come back, and get another hub."""
        self._viewers.dismiss(CloseCode.FAILED, "Something went wrong on the server.")

    # --- now and then -------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Say who is here when that has changed, and now and then; notice an owner that has gone silent; until the
        class turns out to be closed."""
        while not await self._is_over():
            if self._news.is_set() or self._now_s() - self._said_s > HERE_EVERY_S:
                self._news.clear()
                self._said_s = self._now_s()
                await self._say(())
            self._presses.admit_lost()
            if self._now_s() - self._heard_s > SILENCE_S:
                self._viewers.interrupt()
            await self._ask_if_in_doubt()
            self._viewers.send_snapshots_due()
            await asyncio.sleep(TICK_S)
        self.close()

    async def _is_over(self) -> bool:
        """Whether the class was closed while there was no owner to say so; a register that is away says nothing."""
        if not self._viewers.is_interrupted or self._now_s() - self._looked_s < IS_OPEN_EVERY_S:
            return False
        self._looked_s = self._now_s()
        try:
            return not await self._is_open(self.code)
        except Exception:
            logger.exception("Whether %s is open can't be told", self.code)
            return False

    # --- the viewers --------------------------------------------------------------------------------------------------

    def join(self, role: Role, *, window: str = "", language: str = "", person: str = "") -> Viewer:
        """A new viewer; the snapshot is its first message, as soon as there is one."""
        viewer = self._viewers.join(role, window=window, language=language, person=person)
        self._tell_who_is_here(viewer)
        replica = self._viewers.replica
        if replica.seq is not None and not replica.has(viewer.language):
            self._say_soon(WholeWanted())
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.leave(viewer)
        self._tell_who_is_here(viewer)

    def _tell_who_is_here(self, viewer: Viewer) -> None:
        """A presenter's coming and going at once, for whoever leads depends on it; the rest with the next tick."""
        self._news.set()
        if viewer.presents:
            self._say_soon()

    def _say_soon(self, *further: Asking) -> None:
        """Who is here, and what depends on that."""
        task = asyncio.get_running_loop().create_task(self._say(further), name="who is here")
        self._saying.add(task)  # the loop holds its tasks weakly
        task.add_done_callback(self._saying.discard)

    async def _say(self, further: tuple[Asking, ...]) -> None:
        for asking in (here(self._process, self._viewers.heard_of_late()), *further):
            await ask(self._layer, self.code, asking)

    async def answer(self, viewer: Viewer, message: BrowserMessage) -> None:
        viewer.heard_s = self._now_s()
        match message:
            case Acknowledge():
                viewer.acknowledge(min(message.seq, self._viewers.replica.seq or 0))
                self._viewers.send_snapshot_if_due(viewer)
            case AskSnapshot():
                viewer.ask_snapshot()
                self._viewers.send_snapshot_if_due(viewer)
            case Ping():
                viewer.round_trip_ms = message.round_trip_ms
                self._viewers.say(viewer, Pong(client_ms=message.client_ms, now_ms=self._now_ms()))
            case Stand():
                viewer.stand = message
                self._news.set()
            case Reply():
                await self._presses.hand_in(viewer, message)
            case Start() | LetGo() if viewer.role is Role.STUDENT:
                await self._presses.press_now_and_then(viewer, message)
            case request if viewer.presents:
                await self._presses.press(viewer, request)
            case _:
                viewer.dismiss(CloseCode.NOT_ALLOWED, _NOT_ALLOWED)
