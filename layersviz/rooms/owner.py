"""A room where it lives, in a capture worker: its rules, its capture, and what all who look at it are told.

Deltas are numbered and encoded here, once for each language. What the class shares is kept as it changes, so that
another worker can go on. Knows nothing of Django: the database is a `Register`.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import aclosing

import msgspec

from layersviz.capture.events import (
    Answer,
    Event,
    LetGo,
    PortTried,
    Replayed,
    RunRefused,
    SocketsSeen,
    StartRun,
    StopRun,
)
from layersviz.core.said import said
from layersviz.rooms.audience import Audience
from layersviz.rooms.bus import asked_feed, show, tell
from layersviz.rooms.kept_state import KeptState
from layersviz.rooms.messages import from_browser
from layersviz.rooms.messages.from_browser import OpenRecording
from layersviz.rooms.messages.from_server import (
    Attendance,
    Delta,
    Offered,
    QuestionMoved,
    Refused,
    Replied,
    ServerMessage,
)
from layersviz.rooms.messages.values import Cover
from layersviz.rooms.room import Outcome, Room
from layersviz.rooms.saving import Saving
from layersviz.rooms.socket_watch import SocketWatch
from layersviz.rooms.tellings import (
    Alive,
    Answered,
    Asking,
    Attended,
    Closed,
    Counted,
    HandedIn,
    Here,
    LookWanted,
    Moved,
    PortWanted,
    Pressed,
    Shown,
    Telling,
    Whole,
    WholeWanted,
)
from layersviz.rooms.tongues import Texts, in_all
from layersviz.rooms.viewer import Role
from layersviz.rooms.workshop import RecordingGoneError, Workshop

logger = logging.getLogger(__name__)

ALIVE_EVERY_S = 1.0
TICK_S = 0.5
SEQS_OF_A_TERM = 1 << 24
"""An owner's numbers begin above all that an earlier one can have used."""

_GONE = said("There is no such recording; perhaps it was deleted.")


class OwnedRoom:
    """One room, from the moment that a worker has taken it until it is given back."""

    def __init__(self, code: str, term: int, state: str, workshop: Workshop) -> None:
        self.code = code
        self._term = term
        self._kept = state
        self._shop = workshop
        self._room = self._new_room()
        self.worker = workshop.make_worker(self._hear, workshop.keep(code))
        self._audience = Audience()
        self._watch = SocketWatch()
        self._attendance: Attendance | None = None
        self._saving = Saving(code, term, save=workshop.save, note_answers=workshop.note_answers)

    def _new_room(self) -> Room:
        cover = Cover.NONE if self._kept else Cover.INVITATION
        return Room(self._shop.hosts, seq=self._term * SEQS_OF_A_TERM, cover=cover)

    async def run(self) -> None:
        """Until it is cancelled, or another worker owns the room."""
        feed = asked_feed(self._shop.layer, self.code)
        await feed.join()
        try:
            await self._resume()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.worker.play(), name=f"the source of frames of {self.code}")
                tasks.create_task(self._tick(), name=f"the clock of {self.code}")
                tasks.create_task(self._saving.run(self._room), name=f"what is kept of {self.code}")
                await self._tell_whole()
                async with aclosing(feed.read()) as askings:
                    async for asking in askings:
                        await self._heed(asking)
        finally:
            await feed.leave()
            await self.worker.close()

    async def close(self) -> None:
        """The class is over: all who look at it are told."""
        await self._tell(Closed())
        await show(self._shop.layer, self.code, Closed())

    async def _resume(self) -> None:
        """Where another owner stopped: its run is told again, and the playhead is where it would be by now. A run that
        is gone is left out. Raises what the database raises where it is away: nothing is begun, or kept, then."""
        if not self._kept:
            return
        try:
            kept = msgspec.json.decode(self._kept, type=KeptState)
        except (msgspec.DecodeError, ValueError) as error:
            logger.warning("Room %s begins anew: %s", self.code, error)
            return
        try:
            if kept.shown is not None:
                self._room.replay(await self._shop.replay(kept.shown, kept.playhead.run), self._shop.now_ms())
        except RecordingGoneError:
            logger.warning("Room %s begins anew without its run", self.code, exc_info=True)
            self._room = self._new_room()
        self._room.resume(kept)

    # --- what the capture tells ---------------------------------------------------------------------------------------

    async def _hear(self, event: Event | Answer) -> None:
        if isinstance(event, SocketsSeen | PortTried):
            await self._show(event)
            return
        self._watch.hear(event)
        asked_by = event.asked_by if isinstance(event, RunRefused) else ""
        await self._carry_out(self._room.fold(event, self._shop.now_ms()), asked_by)

    async def _show(self, answer: Answer) -> None:
        """To those who look at the lab's sockets, in every language: the owner does not know who they are."""
        if isinstance(answer, PortTried):
            self._watch.note(answer)
            await self.worker.look_at_sockets()
        elif (told := self._watch.see(answer)) is not None:
            texts = in_all(self._shop.tongues, told.message)
            await show(self._shop.layer, self.code, Shown(texts=texts, is_new=told.is_new))

    # --- what the web processes ask -----------------------------------------------------------------------------------

    async def _heed(self, asking: Asking) -> None:
        match asking:
            case WholeWanted():
                await self._tell_whole()
            case Here():
                self._audience.hear(asking, self._now_s())
                await self._meet()
            case Pressed():
                await self._carry_out(self._answered(asking), asking.window)
            case HandedIn():
                await self._take_answer(asking)
            case LookWanted() | PortWanted():
                await self._look(asking)

    async def _look(self, asking: LookWanted | PortWanted) -> None:
        now_s = self._now_s()
        if isinstance(asking, LookWanted) and self._watch.may_look(now_s, anew=asking.anew):
            await self.worker.look_at_sockets()
        elif isinstance(asking, PortWanted) and self._watch.may_try(now_s):
            await self.worker.try_port(asking.port, right=asking.right)

    def _answered(self, pressed: Pressed) -> list[Outcome]:
        now_ms = self._shop.now_ms()
        match pressed.role, pressed.request:
            case Role.PRESENTER, request:
                self._audience.see(pressed.window, self._now_s())
                return self._room.answer(request, pressed.window, now_ms)
            case Role.STUDENT, (from_browser.Start() | from_browser.LetGo()) as request:
                return self._room.answer_student(request, pressed.window, now_ms)
        return []

    async def _carry_out(self, outcomes: Iterable[Outcome], window: str) -> None:
        """Deltas to all, refusals to the window that asked, the rest is done."""
        for outcome in outcomes:
            match outcome:
                case StartRun():
                    await self.worker.start_run(outcome)
                case LetGo():
                    await self.worker.let_go(outcome)
                case StopRun():
                    await self.worker.stop_run()
                case OpenRecording():
                    await self._open_recording(outcome, window)
                case Refused() | Offered():
                    await self._tell(Answered(window=window, texts=self._texts(outcome)))
                case delta:
                    await self._move(delta)

    async def _move(self, delta: Delta) -> None:
        await self._tell(Moved(seq=delta.seq, texts=self._texts(delta)))
        if isinstance(delta, QuestionMoved):
            await self._tell_replies()
        self._saving.note_change()

    async def _take_answer(self, handed: HandedIn) -> None:
        """The student hears at once which answer counts, all others with the next tick that somebody has answered."""
        heard = self._room.quiz.reply(handed.reply, handed.person, handed.name, self._shop.now_ms())
        if isinstance(heard, Refused | Replied):
            await self._tell(Answered(window=handed.window, texts=self._texts(heard)))

    async def _open_recording(self, request: OpenRecording, window: str) -> None:
        try:
            wanted = Replayed(recording=request.recording, conversation=request.conversation)
            events = await self._shop.show(self.code, wanted, self.worker.next_run())
        except Exception as error:
            if not isinstance(error, RecordingGoneError):
                logger.exception("Recording %d can't be shown in room %s", request.recording, self.code)
            await self._carry_out([Refused(sentence=_GONE)], window)
            return
        await self._carry_out([self._room.replay(events, self._shop.now_ms())], window)

    # --- now and then -------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        alive_s = 0.0
        while True:
            if self._now_s() - alive_s >= ALIVE_EVERY_S:
                alive_s = self._now_s()
                await self._tell(Alive(seq=self._room.seq))
            await self._meet()
            await self._carry_out(self._room.quiz.count(), "")
            await asyncio.sleep(TICK_S)

    async def _meet(self) -> None:
        """Who leads, and who is here, where that has changed."""
        now_s = self._now_s()
        await self._carry_out(self._room.meet(self._audience.windows(now_s)), "")
        attendance = self._audience.attendance(now_s)
        if attendance != self._attendance:
            self._attendance = attendance
            await self._tell(Attended(text=msgspec.json.encode(attendance).decode()))

    # --- telling ------------------------------------------------------------------------------------------------------

    async def _tell_whole(self) -> None:
        snapshot = self._room.snapshot(self._shop.now_ms())
        await self._tell(Whole(seq=snapshot.seq, texts=self._texts(snapshot)))
        if self._attendance is not None:
            await self._tell(Attended(text=msgspec.json.encode(self._attendance).decode()))
        await self._tell_replies()

    async def _tell_replies(self) -> None:
        await self._tell(Counted(text=msgspec.json.encode(self._room.quiz.replies()).decode()))

    def _texts(self, message: ServerMessage) -> Texts:
        """In the first language always, in the others while somebody reads them."""
        first, *others = self._shop.tongues
        read = self._audience.languages(self._now_s())
        return {
            language: self._shop.tongues[language].encode(message).decode()
            for language in (first, *(each for each in others if each in read))
        }

    async def _tell(self, telling: Telling) -> None:
        await tell(self._shop.layer, self.code, telling)

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()
