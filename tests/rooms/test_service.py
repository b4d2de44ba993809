"""Capture workers and the rooms that they own: real rooms, hubs and channel layer, a register in memory, no lab."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from channels.layers import InMemoryChannelLayer

from layersviz.capture.events import Event, FrameDissected, Replayed, RunEnded, RunKept, RunStarted
from layersviz.capture.simulated_source import SimulatedSource
from layersviz.capture.stage import Keep, Tell
from layersviz.capture.worker import CaptureWorker, OfferedSource
from layersviz.core.host import Hosts
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.said import encoder
from layersviz.rooms import service
from layersviz.rooms.bus import Looks, tell_workers_to_look
from layersviz.rooms.hub import Hub
from layersviz.rooms.messages.from_browser import OpenRecording, Pause, SetRate, ShowCover, Stand, Start, TakeOver
from layersviz.rooms.messages.values import Cover, Mode
from layersviz.rooms.questions import NotedAnswers
from layersviz.rooms.service import Hold, RoomService
from layersviz.rooms.viewer import Role
from layersviz.rooms.workshop import RecordingGoneError, Workshop
from tests.rooms.journeys import journey
from tests.rooms.reading import texts_of
from tests.rooms.test_hub import Reader

CODE = "ABCDEF"
QUICK = Hold(lease_s=0.4, look_every_s=0.05, alone=False)
RECORDING = 12


@dataclass(frozen=True)
class Claim:
    code: str
    term: int
    state: str


@dataclass
class Register:
    """Leases by the loop's clock."""

    open: set[str] = field(default_factory=lambda: {CODE})
    terms: dict[str, int] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    held: dict[str, tuple[str, float]] = field(default_factory=dict)
    saved: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    async def claim(self, worker: str, seconds: float, *, everything: bool) -> Sequence[Claim]:
        return [self._take(code, worker, seconds) for code in sorted(self.open) if self._is_free(code)]

    async def renew(self, worker: str, seconds: float) -> set[str]:
        ours = {code for code, (holder, _) in self.held.items() if holder == worker and code in self.open}
        self.held.update({code: (worker, self._now_s() + seconds) for code in ours})
        return ours

    async def release(self, worker: str, code: str = "") -> None:
        for each, (holder, _) in list(self.held.items()):
            if holder == worker and code in ("", each):
                del self.held[each]

    async def is_open(self, code: str) -> bool:
        return code in self.open

    async def save(self, code: str, term: int, state: str) -> bool:
        if self.terms[code] != term:
            return False
        self.states[code] = state
        self.saved.put_nowait(state)
        return True

    def _is_free(self, code: str) -> bool:
        return code not in self.held or self.held[code][1] < self._now_s()

    def _take(self, code: str, worker: str, seconds: float) -> Claim:
        self.held[code] = (worker, self._now_s() + seconds)
        self.terms[code] = self.terms.get(code, 0) + 1
        return Claim(code, self.terms[code], self.states.get(code, ""))

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()


class World:
    """One installation: a layer, a register, and workers that come and go."""

    def __init__(self, hosts: Hosts) -> None:
        self.layer = InMemoryChannelLayer(capacity=1000)
        self.register = Register()
        self.hosts = hosts
        self.kept: list[PlayedRun] = []
        self.replays_fail = 0
        self.noted: list[NotedAnswers] = []
        self._tasks: list[asyncio.Task[None]] = []

    def start_worker(self) -> "asyncio.Task[None]":
        workshop = Workshop(
            layer=self.layer,
            hosts=self.hosts,
            tongues={"en": encoder()},
            make_worker=self._make_worker,
            keep=lambda _code: self._keep,
            replay=self._replay,
            show=lambda _code, shown, run: self._replay(shown, run),
            save=self.register.save,
            note_answers=self._note_answers,
        )
        return self._start(RoomService(self.register, workshop, QUICK).run())

    async def _note_answers(self, code: str, noted: Sequence[NotedAnswers]) -> None:
        assert code == CODE
        self.noted += noted

    def open_hub(self) -> Hub:
        hub = Hub(CODE, layer=self.layer, tongues={"en": encoder()}, is_open=self.register.is_open)
        self._start(hub.listen())
        return hub

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: object) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(work)  # type: ignore[arg-type,var-annotated]
        self._tasks.append(task)
        return task

    def _make_worker(self, tell: Tell, keep: Keep) -> CaptureWorker:
        offered = OfferedSource(kind=Source.SIMULATED, make=SimulatedSource)
        return CaptureWorker(tell=tell, hosts=self.hosts, offered=(offered,), keep=keep)

    async def _keep(self, run: PlayedRun) -> int:
        self.kept.append(run)
        return RECORDING

    async def _replay(self, shown: Replayed, run: int) -> Sequence[Event]:
        if self.replays_fail:
            self.replays_fail -= 1
            raise OSError("the database is away")
        if shown.recording != RECORDING:
            raise RecordingGoneError
        return [
            RunStarted(run=run, source=Source.LAB, hosts=self.hosts, replay=shown),
            FrameDissected(run=run, journey=journey(1)),
            RunEnded(run=run),
            RunKept(run=run, recording=RECORDING),
        ]


@pytest.fixture
async def world(hosts: Hosts) -> AsyncIterator[World]:
    made = World(hosts)
    yield made
    await made.close()


async def until(reader: Reader, is_it: Callable[[dict], bool]) -> dict:
    while not is_it(message := await reader.read()):
        pass
    return message


def is_a(kind: str) -> Callable[[dict], bool]:
    return lambda message: message["kind"] == kind


async def ready(world: World) -> tuple[Hub, Reader]:
    """A class with its presenter, whose source of frames is ready."""
    hub = world.open_hub()
    presenter = Reader(hub, Role.PRESENTER, window="w1")
    await until(presenter, lambda message: message.get("lab", {}).get("state") == "ready")
    return hub, presenter


async def test_a_press_plays_a_run_for_all_in_two_web_processes(world: World) -> None:
    world.start_worker()
    hub, presenter = await ready(world)
    pupil = Reader(world.open_hub())
    await pupil.read()
    await hub.answer(presenter.viewer, Start())
    for reader in (presenter, pupil):
        assert (await until(reader, is_a("run_kept")))["recording"] == RECORDING
    assert len(world.kept) == 1


async def test_a_new_class_begins_with_the_invitation(world: World) -> None:
    world.start_worker()
    assert (await Reader(world.open_hub()).read())["cover"] == "invitation"


async def test_two_presses_at_one_moment_give_one_order_to_all(world: World) -> None:
    world.start_worker()
    _hub, presenter = await ready(world)
    other = world.open_hub()
    second = Reader(other, Role.PRESENTER, window="w2")
    await until(second, is_a("snapshot"))
    await other.answer(second.viewer, SetRate(rate=2))
    assert "Take over" in (await until(second, is_a("refused")))["sentence"]
    await other.answer(second.viewer, TakeOver())
    for reader in (presenter, second):
        assert (await until(reader, lambda said: said.get("leader") == "w2"))["presenter_online"]


async def test_a_worker_that_ends_in_good_order_is_followed_by_another_at_once(world: World) -> None:
    first = world.start_worker()
    hub, presenter = await ready(world)
    await hub.answer(presenter.viewer, Start())
    await until(presenter, is_a("run_kept"))
    await hub.answer(presenter.viewer, Pause())
    paused = (await until(presenter, is_a("playhead_moved")))["playhead"]
    while json.loads(await world.register.saved.get())["playhead"] != paused:
        pass
    world.start_worker()
    first.cancel()
    snapshot = await until(presenter, is_a("snapshot"))
    assert snapshot["playhead"] == paused
    assert snapshot["run"]["replay"] == {"recording": RECORDING, "conversation": None}
    assert snapshot["leader"] == "w1"


async def test_of_two_workers_one_owns_the_room(world: World) -> None:
    world.start_worker()
    world.start_worker()
    hub, presenter = await ready(world)
    await hub.answer(presenter.viewer, ShowCover(cover=Cover.BLANK))
    await until(presenter, is_a("cover_moved"))
    assert world.register.terms == {CODE: 1}


async def test_a_worker_whose_lease_was_taken_speaks_no_more(world: World) -> None:
    world.start_worker()
    hub, presenter = await ready(world)
    before = world.register.terms[CODE]
    world.register.held[CODE] = ("another", float("inf"))
    world.register.terms[CODE] += 1
    await hub.answer(presenter.viewer, ShowCover(cover=Cover.BLANK))
    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            await until(presenter, is_a("interrupted"))
    assert before == 1
    assert CODE not in world.register.states or "blank" not in world.register.states[CODE]


async def test_a_room_that_is_opened_later_is_found(world: World) -> None:
    world.register.open.clear()
    world.start_worker()
    reader = Reader(world.open_hub())
    world.register.open.add(CODE)
    await tell_workers_to_look(world.layer)
    assert (await reader.read())["kind"] == "snapshot"


async def test_a_room_that_is_closed_lets_all_go(world: World) -> None:
    world.start_worker()
    _, presenter = await ready(world)
    world.register.open.clear()
    async for _ in texts_of(presenter.viewer):
        pass
    assert presenter.viewer.dismissal is not None


async def test_a_worker_that_is_ended_while_it_lets_a_room_go_ends_and_waits_for_that_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, may_close, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()
    close = CaptureWorker.close

    async def close_late(worker: CaptureWorker) -> None:
        closing.set()
        await may_close.wait()
        await close(worker)
        closed.set()

    monkeypatch.setattr(CaptureWorker, "close", close_late)
    worker = world.start_worker()
    await ready(world)
    world.register.open.clear()
    await closing.wait()
    worker.cancel()
    may_close.set()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(worker, 60)
    assert closed.is_set()


async def test_a_recording_is_shown_to_the_class_and_one_that_is_gone_is_not(world: World) -> None:
    world.start_worker()
    hub, presenter = await ready(world)
    await hub.answer(presenter.viewer, OpenRecording(recording=RECORDING))
    opened = await until(presenter, is_a("run_opened"))
    assert [each["number"] for each in opened["run"]["journeys"]] == [1]
    await hub.answer(presenter.viewer, OpenRecording(recording=99))
    assert "no such recording" in (await until(presenter, is_a("refused")))["sentence"]


async def test_the_presenter_hears_who_follows_and_who_roams(world: World) -> None:
    world.start_worker()
    _hub, presenter = await ready(world)
    other = world.open_hub()
    pupil = Reader(other)
    Reader(other)
    await other.answer(pupil.viewer, Stand(mode=Mode.ROAM, name="Ada", frame=2, step=3))
    here = await until(presenter, lambda said: said.get("roaming") == 1 and said["following"] == 1)
    assert [(person["name"], person["frame"]) for person in here["people"] if person["mode"] == "roam"] == [("Ada", 2)]


async def test_the_class_is_told_when_the_presenter_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layersviz.rooms.audience.AWAY_AFTER_S", 0.0)
    world.start_worker()
    hub, presenter = await ready(world)
    pupil = Reader(hub)
    assert (await pupil.read())["presenter_online"]
    hub.leave(presenter.viewer)
    assert not (await until(pupil, is_a("leader_moved")))["presenter_online"]


def test_a_hold_prolongs_its_leases_long_before_they_end() -> None:
    from layersviz.rooms.service import ALONE, SHARED

    for hold in (ALONE, SHARED):
        assert hold.look_every_s * 3 <= hold.lease_s
    assert replace(SHARED, alone=True).alone


async def test_a_lease_that_nobody_begun_a_room_for_is_given_back_and_taken_anew(world: World) -> None:
    """As after a claim that broke off in the middle, or a failed room whose lease could not be given back."""
    claim, tries = world.register.claim, []

    async def break_off_once(worker: str, seconds: float, *, everything: bool) -> Sequence[Claim]:
        claims = await claim(worker, seconds, everything=everything)
        tries.append(claims)
        if len(tries) == 1:
            raise ConnectionError("no database")
        return claims

    world.register.claim = break_off_once  # type: ignore[method-assign]
    world.start_worker()
    assert (await Reader(world.open_hub()).read())["kind"] == "snapshot"
    assert world.register.terms == {CODE: 2}


async def test_a_database_that_fails_to_save_costs_no_class(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layersviz.rooms.saving.SAVE_AGAIN_S", 0.01)
    save, failed = world.register.save, []

    async def fail_twice(code: str, term: int, state: str) -> bool:
        if len(failed) < 2:
            failed.append(state)
            raise ConnectionError("no database")
        return await save(code, term, state)

    world.register.save = fail_twice  # type: ignore[method-assign]
    world.start_worker()
    await ready(world)
    await asyncio.wait_for(world.register.saved.get(), 60)
    assert world.register.terms == {CODE: 1}


async def test_a_recording_that_can_t_be_told_is_refused_and_the_class_goes_on(world: World) -> None:
    async def fail(shown: Replayed, run: int) -> Sequence[Event]:
        raise KeyError("octets")

    world._replay = fail  # type: ignore[method-assign]
    world.start_worker()
    hub, presenter = await ready(world)
    await hub.answer(presenter.viewer, OpenRecording(recording=RECORDING))
    assert "no such recording" in (await until(presenter, is_a("refused")))["sentence"]
    assert world.register.terms == {CODE: 1}


async def test_a_database_that_is_away_when_a_worker_takes_over_costs_the_class_nothing(world: World) -> None:
    """The state is not begun anew, and not written over, before the run on the stage could be read."""
    first = world.start_worker()
    hub, presenter = await ready(world)
    await hub.answer(presenter.viewer, Start())
    await until(presenter, is_a("run_kept"))
    await hub.answer(presenter.viewer, Pause())
    await world.register.saved.get()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    kept = world.register.states[CODE]
    assert str(RECORDING) in kept
    world.replays_fail = 2
    world.start_worker()
    shown = await until(presenter, lambda message: message["kind"] == "snapshot" and message["run"]["journeys"] != [])
    assert world.replays_fail == 0
    assert shown["run"]["recording"] == RECORDING


async def test_a_layer_that_is_away_when_a_worker_starts_ends_no_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = asyncio.Semaphore(0)

    async def away(_looks: Looks) -> None:
        tries.release()
        raise ConnectionError("no layer yet")

    monkeypatch.setattr(Looks, "join", away)
    monkeypatch.setattr(service, "JOIN_AGAIN_S", 0.0)
    world.start_worker()
    assert (await Reader(world.open_hub()).read())["kind"] == "snapshot"
    for _ in range(3):
        await tries.acquire()
