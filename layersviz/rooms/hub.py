"""A room's place in one web process: hears its owner, answers its viewers, forwards what all get.

The owner encodes each message once for each language; here it is only handed on. Knows nothing of sockets or of Django;
all of it runs on one event loop.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import aclosing

import msgspec

from layersviz.core import measures
from layersviz.core.said import said
from layersviz.rooms.audience import here
from layersviz.rooms.bus import (
    Alive,
    Answered,
    Asking,
    Attended,
    ChannelLayer,
    Closed,
    Here,
    Moved,
    Pressed,
    Telling,
    Texts,
    Whole,
    WholeWanted,
    ask,
    told_feed,
)
from layersviz.rooms.messages import (
    Acknowledge,
    AskSnapshot,
    BrowserMessage,
    CloseCode,
    Interrupted,
    Ping,
    Pong,
    PresenterMessage,
    Refused,
    ServerMessage,
    Stand,
)
from layersviz.rooms.replica import Replica
from layersviz.rooms.viewer import Role, Viewer

logger = logging.getLogger(__name__)

SILENT_S = 10.0
"""A browser pings every four seconds: one that has said nothing for so long is not here."""
PATIENCE_S = 30.0
"""So long a viewer may be behind before its connection is ended."""
TICK_S = 0.5
HERE_EVERY_S = 1.5
ASK_AGAIN_S = 0.4
LOST_AFTER_S = 1.5
SILENCE_S = 3.0
"""An owner that has said nothing for so long is gone."""

Tongues = dict[str, msgspec.json.Encoder]
"""For each language what makes JSON of a message in it."""

NO_OWNER = said("The capture worker of this class does not answer: as soon as one does, the class goes on.")
_OUT_OF_REACH = said("This did not reach the class: try again in a moment.")
_NOT_ALLOWED = "Only the presenter may ask for this."


def server_ms() -> float:
    """The server's clock: milliseconds since 1970."""
    return time.time() * 1000


class Hub:
    """One for each room that is looked at, in each web process."""

    def __init__(
        self,
        code: str,
        *,
        layer: ChannelLayer,
        tongues: Tongues,
        now_ms: Callable[[], float] = server_ms,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.code = code
        self._layer = layer
        self._tongues = tongues
        self._now_ms = now_ms
        self._patience_s = patience_s
        self._replica = Replica()
        self._viewers: dict[int, Viewer] = {}
        self._patience: dict[int, asyncio.TimerHandle] = {}
        self._process = secrets.token_hex(6)
        self._joined = 0
        self._heard_ms = now_ms()
        self._asked_ms = 0.0
        self._is_interrupted = False
        self._attendance = ""
        self._news = asyncio.Event()
        self._unheard: dict[int, float] = {}
        self._saying: set[asyncio.Task[None]] = set()

    @property
    def is_empty(self) -> bool:
        return not self._viewers

    # --- the owner ----------------------------------------------------------------------------------------------------

    async def listen(self) -> None:
        """Hear the owner, until the room is closed."""
        feed = told_feed(self._layer, self.code)
        await feed.join()
        ticking = asyncio.create_task(self._tick(), name=f"the hub of {self.code}")
        try:
            await self._ask_if_in_doubt()
            async with aclosing(feed.read()) as tellings:
                async for telling in tellings:
                    if isinstance(telling, Closed):
                        return self.close()
                    await self._hear(telling)
        finally:
            ticking.cancel()
            await feed.leave()

    async def _hear(self, telling: Telling) -> None:
        self._heard_ms = self._now_ms()
        self._unheard.clear()
        match telling:
            case Moved():
                if self._replica.fold(telling.seq, telling.texts):
                    self._broadcast(telling)
                await self._ask_if_in_doubt()
            case Alive():
                if self._replica.seq is not None and telling.seq > self._replica.seq:
                    self._replica.seq = None
                await self._ask_if_in_doubt()
            case Whole():
                self._begin(telling)
            case Answered():
                self._pass_on(telling.texts, lambda viewer: viewer.window == telling.window)
            case Attended():
                self._attendance = telling.text
                texts = dict.fromkeys(self._tongues, telling.text)
                self._pass_on(texts, lambda viewer: viewer.role is Role.PRESENTER)

    async def _ask_if_in_doubt(self) -> None:
        """Not again before the last question can have been answered: the answer is large."""
        is_in_doubt = self._replica.seq is None or self._is_interrupted
        if is_in_doubt and self._now_ms() - self._asked_ms > ASK_AGAIN_S * 1000:
            self._asked_ms = self._now_ms()
            await ask(self._layer, self.code, WholeWanted())

    def _begin(self, whole: Whole) -> None:
        """What somebody else asked for, or what we have already, changes nothing."""
        is_older = self._replica.seq is not None and whole.seq < self._replica.seq
        is_old = self._replica.seq == whole.seq and not self._is_interrupted
        new = {language for language in whole.texts if not (is_old and self._replica.has(language))}
        if is_older or not new:
            return
        self._replica.begin(whole.seq, whole.texts)
        self._is_interrupted = False
        for viewer in self._viewers.values():
            if viewer.language in new:
                self._be_patient_no_more(viewer)
                self._send_snapshot(viewer)

    def _broadcast(self, moved: Moved) -> None:
        seq, texts = moved.seq, moved.texts
        for viewer in self._viewers.values():
            if viewer.language in texts and viewer.offer_delta(texts[viewer.language], seq):
                self._lose_patience_later(viewer)
        measures.messages_sent.add(len(self._viewers))

    def _pass_on(self, texts: Texts, is_meant: Callable[[Viewer], bool]) -> None:
        for viewer in filter(is_meant, self._viewers.values()):
            viewer.offer(texts.get(viewer.language) or next(iter(texts.values())))

    def close(self) -> None:
        """The class is over."""
        for viewer in list(self._viewers.values()):
            viewer.dismiss(CloseCode.CLOSED, "This class is over: its presenter has closed it.")

    # --- now and then -------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Say who is here when that has changed, and now and then; notice an owner that has gone silent."""
        said_ms = 0.0
        while True:
            if self._news.is_set() or self._now_ms() - said_ms > HERE_EVERY_S * 1000:
                self._news.clear()
                said_ms = self._now_ms()
                await ask(self._layer, self.code, self._here())
            self._admit_lost_presses()
            if self._now_ms() - self._heard_ms > SILENCE_S * 1000:
                await self._interrupt()
            await asyncio.sleep(TICK_S)

    async def _interrupt(self) -> None:
        """Until an owner answers."""
        if not self._is_interrupted:
            self._is_interrupted = True
            self._pass_on(self._encoded(Interrupted(sentence=NO_OWNER)), lambda _: True)
        await self._ask_if_in_doubt()

    # --- the viewers --------------------------------------------------------------------------------------------------

    def join(self, role: Role, *, window: str = "", language: str = "") -> Viewer:
        """A new viewer; the snapshot is its first message, as soon as there is one."""
        self._joined += 1
        language = language if language in self._tongues else next(iter(self._tongues))
        viewer = Viewer(self._joined, role, window=window or secrets.token_hex(6), language=language)
        viewer.heard_ms = self._now_ms()
        self._viewers[viewer.number] = viewer
        self._tell_who_is_here(viewer)
        if self._replica.has(viewer.language):
            self._send_snapshot(viewer)
        elif self._replica.seq is not None:
            self._say_soon(WholeWanted())
        if self._is_interrupted:
            viewer.offer(self._encode(Interrupted(sentence=NO_OWNER), viewer))
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.pop(viewer.number, None)
        self._be_patient_no_more(viewer)
        self._tell_who_is_here(viewer)

    def _tell_who_is_here(self, viewer: Viewer) -> None:
        """A presenter's coming and going at once, for whoever leads depends on it; the rest with the next tick."""
        self._news.set()
        if viewer.role is Role.PRESENTER:
            self._say_soon()

    def _here(self) -> Here:
        """Whose browser has spoken of late: a line that died says nothing, and the system notices it much later."""
        since_ms = self._now_ms() - SILENT_S * 1000
        return here(self._process, [viewer for viewer in self._viewers.values() if viewer.heard_ms >= since_ms])

    def _say_soon(self, *further: Asking) -> None:
        """Who is here, and what depends on that."""
        task = asyncio.get_running_loop().create_task(self._say(further), name="who is here")
        self._saying.add(task)  # the loop holds its tasks weakly
        task.add_done_callback(self._saying.discard)

    async def _say(self, further: tuple[Asking, ...]) -> None:
        for asking in (self._here(), *further):
            await ask(self._layer, self.code, asking)

    async def answer(self, viewer: Viewer, message: BrowserMessage) -> None:
        viewer.heard_ms = self._now_ms()
        match message:
            case Acknowledge():
                viewer.acknowledge(min(message.seq, self._replica.seq or 0))
                self._send_snapshot_if_due(viewer)
            case AskSnapshot():
                viewer.ask_snapshot()
                self._send_snapshot_if_due(viewer)
            case Ping():
                viewer.round_trip_ms = message.round_trip_ms
                viewer.offer(self._encode(Pong(client_ms=message.client_ms, now_ms=self._now_ms()), viewer))
            case Stand():
                viewer.stand = message
                self._news.set()
            case request if viewer.role is Role.PRESENTER:
                await self._press(viewer, request)
            case _:
                viewer.dismiss(CloseCode.NOT_ALLOWED, _NOT_ALLOWED)

    async def _press(self, viewer: Viewer, request: PresenterMessage) -> None:
        if self._is_interrupted:
            viewer.offer(self._encode(Refused(sentence=NO_OWNER), viewer))
        elif await ask(self._layer, self.code, Pressed(window=viewer.window, request=request)):
            self._unheard.setdefault(viewer.number, self._now_ms())
        else:
            viewer.offer(self._encode(Refused(sentence=_OUT_OF_REACH), viewer))

    def _admit_lost_presses(self) -> None:
        """An owner says each second that it lives: what was pressed longer ago, and nothing heard since, was lost."""
        lost = [number for number, at_ms in self._unheard.items() if self._now_ms() - at_ms > LOST_AFTER_S * 1000]
        for number in lost:
            del self._unheard[number]
            if (viewer := self._viewers.get(number)) is not None:
                viewer.offer(self._encode(Refused(sentence=_OUT_OF_REACH), viewer))

    def _send_snapshot_if_due(self, viewer: Viewer) -> None:
        if viewer.is_due_snapshot and self._replica.has(viewer.language):
            self._be_patient_no_more(viewer)
            self._send_snapshot(viewer)

    def _send_snapshot(self, viewer: Viewer) -> None:
        assert self._replica.seq is not None
        viewer.offer_snapshot(self._replica.snapshot(viewer.language, self._now_ms()), self._replica.seq)
        if viewer.role is Role.PRESENTER and self._attendance:
            viewer.offer(self._attendance)

    def _encode(self, message: ServerMessage, viewer: Viewer) -> str:
        return self._tongues[viewer.language].encode(message).decode()

    def _encoded(self, message: ServerMessage) -> Texts:
        return {language: tongue.encode(message).decode() for language, tongue in self._tongues.items()}

    # --- viewers that are behind --------------------------------------------------------------------------------------

    def _lose_patience_later(self, viewer: Viewer) -> None:
        loop = asyncio.get_running_loop()
        self._patience[viewer.number] = loop.call_later(self._patience_s, self._lose_patience, viewer)

    def _lose_patience(self, viewer: Viewer) -> None:
        logger.info("Viewer %d of %s was behind for %g s and is let go.", viewer.number, self.code, self._patience_s)
        viewer.dismiss(CloseCode.TOO_SLOW, "Nothing was acknowledged for too long: reload to follow again.")
        self.leave(viewer)

    def _be_patient_no_more(self, viewer: Viewer) -> None:
        if timer := self._patience.pop(viewer.number, None):
            timer.cancel()
