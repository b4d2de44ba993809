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
    Counted,
    Feed,
    HandedIn,
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
    LetGo,
    Ping,
    Pong,
    PresenterMessage,
    Refused,
    Reply,
    ServerMessage,
    Stand,
    Start,
    StudentPress,
)
from layersviz.rooms.patience import PATIENCE_S, Patience
from layersviz.rooms.presses import UnheardPresses
from layersviz.rooms.replica import Replica
from layersviz.rooms.viewer import Role, Viewer

logger = logging.getLogger(__name__)

IsOpen = Callable[[str], Awaitable[bool]]
"""Whether the class of that code is open by the register; raises where that does not answer."""

SILENT_S = 10.0
"""A browser pings every four seconds: one that has said nothing for so long is not here."""
TICK_S = 0.5
HERE_EVERY_S = 1.5
ASK_AGAIN_S = 0.4
SILENCE_S = 3.0
"""An owner that has said nothing for so long is gone."""
JOIN_AGAIN_S = 1.0
IS_OPEN_EVERY_S = 5.0
"""So often it is looked up, while no owner answers, whether the class was closed meanwhile."""

PRESS_EVERY_S = 1.0
"""So often a student's press is handed on."""

Tongues = dict[str, msgspec.json.Encoder]
"""For each language what makes JSON of a message in it."""

NO_OWNER = said("The capture worker of this class does not answer: as soon as one does, the class goes on.")
_OUT_OF_REACH = said("This did not reach the class: try again in a moment.")
_TOO_FAST = said("You have pressed a moment ago: press again in a second.")
_NOBODY = said(
    "This browser keeps no cookie of this class, so nobody could tell your answer from others: load the page again."
)
_NOT_ALLOWED = "Only the presenter may ask for this."
_ONLY_STUDENTS = "Only the students of a class answer its questions."


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
        is_open: IsOpen,
        now_ms: Callable[[], float] = server_ms,
        now_s: Callable[[], float] = time.monotonic,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.code = code
        self._layer = layer
        self._tongues = tongues
        self._is_open = is_open
        self._now_ms = now_ms
        self._now_s = now_s
        self._patience = Patience(patience_s, self.leave)
        self._replica = Replica()
        self._viewers: dict[int, Viewer] = {}
        self._process = secrets.token_hex(6)
        self._joined = 0
        self._heard_s = now_s()
        self._asked_s = self._said_s = self._looked_s = -math.inf
        self._is_interrupted = False
        self._for_presenters: dict[type[Telling], str] = {}
        self._news = asyncio.Event()
        self._unheard = UnheardPresses()
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
        while True:
            try:
                return await feed.join()
            except Exception as error:  # whatever the layer's connection raises
                logger.warning("The hub of %s can't hear its owner yet: %s", self.code, error)
            self._say_interrupted()
            await asyncio.sleep(JOIN_AGAIN_S)

    async def _hear(self, telling: Telling) -> None:
        self._heard_s = self._now_s()
        self._unheard.hear()
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
                self._pass_on(telling.texts, lambda each: self._asker(each) == telling.window)
            case Attended() | Counted():
                self._tell_presenters(telling)

    def _tell_presenters(self, telling: Attended | Counted) -> None:
        """Now, and those who come later: all that matters of it is the last."""
        self._for_presenters[type(telling)] = telling.text
        self._pass_on(dict.fromkeys(self._tongues, telling.text), _presents)

    async def _ask_if_in_doubt(self) -> None:
        """Not again before the last question can have been answered: the answer is large. In which languages the
        owner answers depends on who is here."""
        is_in_doubt = self._replica.seq is None or self._is_interrupted or self._lacks_a_language()
        if is_in_doubt and self._now_s() - self._asked_s > ASK_AGAIN_S:
            self._asked_s = self._now_s()
            await self._say((WholeWanted(),))

    def _lacks_a_language(self) -> bool:
        return any(not self._replica.has(viewer.language) for viewer in self._heard_of_late())

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
                self._send_snapshot(viewer)

    def _broadcast(self, moved: Moved) -> None:
        """To all who have what came before it."""
        seq, texts = moved.seq, moved.texts
        for viewer in list(self._viewers.values()):  # whoever can't be sent to may leave meanwhile
            if self._replica.has(viewer.language) and viewer.offer_delta(texts[viewer.language], seq):
                self._patience.begin(viewer)
        measures.messages_sent.add(len(self._viewers))

    def _pass_on(self, texts: Texts, is_meant: Callable[[Viewer], bool]) -> None:
        for viewer in list(filter(is_meant, self._viewers.values())):
            viewer.offer(texts.get(viewer.language) or next(iter(texts.values())))

    def close(self) -> None:
        """The class is over."""
        self._dismiss_all(CloseCode.CLOSED, "This class is over: its presenter has closed it.")

    def fail(self) -> None:
        """Something in here went wrong: the pages come back, and get another hub."""
        self._dismiss_all(CloseCode.FAILED, "Something went wrong on the server.")

    def _dismiss_all(self, code: CloseCode, reason: str) -> None:
        for viewer in list(self._viewers.values()):
            viewer.dismiss(code, reason)

    # --- now and then -------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Say who is here when that has changed, and now and then; notice an owner that has gone silent; until the
        class turns out to be closed."""
        while not await self._is_over():
            if self._news.is_set() or self._now_s() - self._said_s > HERE_EVERY_S:
                self._news.clear()
                self._said_s = self._now_s()
                await self._say(())
            self._admit_lost_presses()
            if self._now_s() - self._heard_s > SILENCE_S:
                self._say_interrupted()
            await self._ask_if_in_doubt()
            for viewer in list(self._viewers.values()):
                self._send_snapshot_if_due(viewer)
            await asyncio.sleep(TICK_S)
        self.close()

    def _say_interrupted(self) -> None:
        """Once: until an owner answers."""
        if not self._is_interrupted:
            self._is_interrupted = True
            self._pass_on(self._encoded(Interrupted(sentence=NO_OWNER)), lambda _: True)

    async def _is_over(self) -> bool:
        """Whether the class was closed while there was no owner to say so; a register that is away says nothing."""
        if not self._is_interrupted or self._now_s() - self._looked_s < IS_OPEN_EVERY_S:
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
        self._joined += 1
        language = language if language in self._tongues else next(iter(self._tongues))
        window = window or secrets.token_hex(6)
        viewer = Viewer(self._joined, role, window=window, language=language, person=person)
        viewer.heard_s = self._now_s()
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
        self._patience.end(viewer)
        self._tell_who_is_here(viewer)

    def _tell_who_is_here(self, viewer: Viewer) -> None:
        """A presenter's coming and going at once, for whoever leads depends on it; the rest with the next tick."""
        self._news.set()
        if _presents(viewer):
            self._say_soon()

    def _here(self) -> Here:
        return here(self._process, self._heard_of_late())

    def _heard_of_late(self) -> list[Viewer]:
        """Whose browser has spoken: a line that died says nothing, and the system notices it much later."""
        since_s = self._now_s() - SILENT_S
        return [viewer for viewer in self._viewers.values() if viewer.heard_s >= since_s]

    def _say_soon(self, *further: Asking) -> None:
        """Who is here, and what depends on that."""
        task = asyncio.get_running_loop().create_task(self._say(further), name="who is here")
        self._saying.add(task)  # the loop holds its tasks weakly
        task.add_done_callback(self._saying.discard)

    async def _say(self, further: tuple[Asking, ...]) -> None:
        for asking in (self._here(), *further):
            await ask(self._layer, self.code, asking)

    async def answer(self, viewer: Viewer, message: BrowserMessage) -> None:
        viewer.heard_s = self._now_s()
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
            case Reply():
                await self._hand_in(viewer, message)
            case Start() | LetGo() if viewer.role is Role.STUDENT:
                await self._press_now_and_then(viewer, message)
            case request if _presents(viewer):
                await self._press(viewer, request)
            case _:
                viewer.dismiss(CloseCode.NOT_ALLOWED, _NOT_ALLOWED)

    async def _press(self, viewer: Viewer, request: PresenterMessage) -> None:
        if self._is_interrupted:
            viewer.offer(self._encode(Refused(sentence=NO_OWNER), viewer))
        elif await ask(self._layer, self.code, self._pressed(viewer, request)):
            self._unheard.note(viewer.number, self._now_s())
        else:
            viewer.offer(self._encode(Refused(sentence=_OUT_OF_REACH), viewer))

    async def _press_now_and_then(self, viewer: Viewer, request: StudentPress) -> None:
        """Of each student one in a second: the room's owner answers for the whole class."""
        if self._now_s() - viewer.pressed_s < PRESS_EVERY_S:
            viewer.offer(self._encode(Refused(sentence=_TOO_FAST), viewer))
            return
        viewer.pressed_s = self._now_s()
        await self._press(viewer, request)

    async def _hand_in(self, viewer: Viewer, reply: Reply) -> None:
        if viewer.role is not Role.STUDENT:
            viewer.dismiss(CloseCode.NOT_ALLOWED, _ONLY_STUDENTS)
        elif self._is_interrupted:
            viewer.offer(self._encode(Refused(sentence=NO_OWNER), viewer))
        elif not viewer.person:
            viewer.offer(self._encode(Refused(sentence=_NOBODY), viewer))
        else:
            name = viewer.stand.name
            handed = HandedIn(window=self._asker(viewer), person=viewer.person, name=name, reply=reply)
            if not await ask(self._layer, self.code, handed):
                viewer.offer(self._encode(Refused(sentence=_OUT_OF_REACH), viewer))

    def _pressed(self, viewer: Viewer, request: PresenterMessage) -> Pressed:
        return Pressed(window=self._asker(viewer), request=request, role=viewer.role)

    def _asker(self, viewer: Viewer) -> str:
        """A student's window may have any name, the presenter's too: it is known by one that no window can have."""
        return viewer.window if _presents(viewer) else f"{self._process}.{viewer.number}"

    def _admit_lost_presses(self) -> None:
        for number in self._unheard.take_lost(self._now_s()):
            if (viewer := self._viewers.get(number)) is not None:
                viewer.offer(self._encode(Refused(sentence=_OUT_OF_REACH), viewer))

    def _send_snapshot_if_due(self, viewer: Viewer) -> None:
        if viewer.is_due_snapshot(self._now_s()) and self._replica.has(viewer.language):
            self._send_snapshot(viewer)

    def _send_snapshot(self, viewer: Viewer) -> None:
        assert self._replica.seq is not None
        self._patience.end(viewer)
        snapshot = self._replica.snapshot(viewer.language, self._now_ms())
        viewer.offer_snapshot(snapshot, self._replica.seq, self._now_s())
        for text in self._for_presenters.values() if _presents(viewer) else ():
            viewer.offer(text)

    def _encode(self, message: ServerMessage, viewer: Viewer) -> str:
        return self._tongues[viewer.language].encode(message).decode()

    def _encoded(self, message: ServerMessage) -> Texts:
        return {language: tongue.encode(message).decode() for language, tongue in self._tongues.items()}


def _presents(viewer: Viewer) -> bool:
    return viewer.role is Role.PRESENTER
