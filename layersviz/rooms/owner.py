"""A room where it lives, in a capture worker: its rules, its capture, and what all who look at it are told.

Deltas are numbered and encoded here, once for each language. What the class shares is kept as it changes, so that
another worker can go on. Knows nothing of Django: the database is a `Register`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import msgspec

from layersviz.capture.events import Event, LetGo, Replayed, RunRefused, StartRun, StopRun
from layersviz.capture.stage import Keep, Tell
from layersviz.capture.worker import CaptureWorker
from layersviz.core.host import Hosts
from layersviz.core.said import said
from layersviz.rooms.audience import Audience
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
    asked_feed,
    tell,
)
from layersviz.rooms.hub import Tongues, server_ms
from layersviz.rooms.messages import Attendance, Cover, OpenRecording, Refused, ServerMessage
from layersviz.rooms.room import KeptState, Outcome, Room

logger = logging.getLogger(__name__)

ALIVE_EVERY_S = 1.0
TICK_S = 0.5
SAVE_AGAIN_S = 1.0
SEQS_OF_A_TERM = 1 << 24
"""An owner's numbers begin above all that an earlier one can have used."""

_GONE = said("There is no such recording; perhaps it was deleted.")


class RecordingGoneError(Exception):
    """It isn't there, it can't be read, or it is none of this class's."""


Replay = Callable[[Replayed, int], Awaitable[Sequence[Event]]]
"""A recording's events, under that number of a run; raises RecordingGoneError."""

Show = Callable[[str, Replayed, int], Awaitable[Sequence[Event]]]
"""The same for the class of that code, which may see it from now on; gone is also what its presenter may not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What every room of a worker is made with. `save` gives False where another worker owns the room by now."""

    layer: ChannelLayer
    hosts: Hosts
    tongues: Tongues
    make_worker: Callable[[Tell, Keep], CaptureWorker]
    keep: Callable[[str], Keep]
    replay: Replay
    show: Show
    save: Callable[[str, int, str], Awaitable[bool]]
    now_ms: Callable[[], float] = server_ms


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
        self._attendance: Attendance | None = None
        self._changed = asyncio.Event()

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
                tasks.create_task(self._save_changes(), name=f"what is kept of {self.code}")
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

    async def _hear(self, event: Event) -> None:
        asked_by = event.asked_by if isinstance(event, RunRefused) else ""
        await self._carry_out(self._room.fold(event, self._shop.now_ms()), asked_by)

    # --- what the web processes ask -----------------------------------------------------------------------------------

    async def _heed(self, asking: Asking) -> None:
        match asking:
            case WholeWanted():
                await self._tell_whole()
            case Here():
                self._audience.hear(asking, self._now_s())
                await self._meet()
            case Pressed():
                self._audience.see(asking.window, self._now_s())
                outcomes = self._room.answer(asking.request, asking.window, self._shop.now_ms())
                await self._carry_out(outcomes, asking.window)

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
                case Refused():
                    await self._tell(Answered(window=window, texts=self._texts(outcome)))
                case delta:
                    await self._tell(Moved(seq=delta.seq, texts=self._texts(delta)))
                    self._changed.set()

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
            await asyncio.sleep(TICK_S)

    async def _meet(self) -> None:
        """Who leads, and who is here, where that has changed."""
        now_s = self._now_s()
        await self._carry_out(self._room.meet(self._audience.windows(now_s)), "")
        attendance = self._audience.attendance(now_s)
        if attendance != self._attendance:
            self._attendance = attendance
            await self._tell(Attended(text=msgspec.json.encode(attendance).decode()))

    async def _save_changes(self) -> None:
        """The latest state, as often as the database takes it."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            kept = self._room.state()
            if kept is None:
                continue
            await self._save(msgspec.json.encode(kept).decode())

    async def _save(self, state: str) -> None:
        """A database that does not answer is tried again; raises LostRoomError."""
        try:
            is_ours = await self._shop.save(self.code, self._term, state)
        except Exception:
            logger.exception("What room %s shares could not be kept", self.code)
            self._changed.set()
            await asyncio.sleep(SAVE_AGAIN_S)
            return
        if not is_ours:
            raise LostRoomError(self.code)

    # --- telling ------------------------------------------------------------------------------------------------------

    async def _tell_whole(self) -> None:
        snapshot = self._room.snapshot(self._shop.now_ms())
        await self._tell(Whole(seq=snapshot.seq, texts=self._texts(snapshot)))
        if self._attendance is not None:
            await self._tell(Attended(text=msgspec.json.encode(self._attendance).decode()))

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


class LostRoomError(Exception):
    """Another worker owns the room by now."""
