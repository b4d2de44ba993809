"""The worker with a source of our own, real dissection and story. What it tells is read as JSON, as a page would."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from layersviz.capture.events import Event, LabState, LiveStatus, StartRun
from layersviz.capture.live_source import LiveEvent, VisitorAsked
from layersviz.capture.simulated_run import draw_numbers, simulate
from layersviz.capture.source import (
    EventStream,
    FrameSeen,
    SourceEvent,
    SourceImpossible,
    SourceRefused,
    SourceRunEnded,
    SourceRunStarted,
    SourceStatus,
)
from layersviz.capture.worker import CaptureWorker, OfferedSource
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts
from layersviz.core.order import Order
from layersviz.core.played_run import PlayedRun, Source
from tests.capture.heard import heard

NOW_S = 1_700_000_000.9


class ScriptedSource:
    """Tells what the test tells it to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[tuple[int, bool]] = asyncio.Queue()
        self.is_open = False
        self.is_closed = False
        self._stream = EventStream()

    async def open(self) -> None:
        self.is_open = True

    async def start_run(self, run: int, order: Order) -> None:
        self.asked.put_nowait((run, order.cold))

    def events(self) -> AsyncGenerator[SourceEvent]:
        return self._stream.read()

    async def close(self) -> None:
        self.is_closed = True
        self._stream.end()

    def tell(self, *events: SourceEvent) -> None:
        for event in events:
            self._stream.tell(event)

    def be_ready(self) -> None:
        self.tell(SourceStatus(state=LabState.READY, sentence="Ready."))

    def be_impossible(self) -> None:
        self.tell(SourceImpossible(sentence="The kernel forbids it.", remedy="Ask the kernel."))
        self._stream.end()


class ScriptedVisitors:
    """A LiveSource that tells what the test tells it to."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[LiveEvent | None] = asyncio.Queue()

    async def open(self) -> None:
        pass

    async def events(self) -> AsyncGenerator[LiveEvent]:
        while (event := await self.told.get()) is not None:
            yield event

    async def close(self) -> None:
        self.told.put_nowait(None)


class Bench:
    """A worker at work, its two sources, and what it has told."""

    def __init__(self, hosts: Hosts) -> None:
        self.told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.hosts = hosts
        self.lab, self.simulated = ScriptedSource(), ScriptedSource()
        self.now_s = NOW_S
        self.kept: list[PlayedRun] = []
        self.why_not_kept = ""
        self.told_kept: dict[str, Any] = {}
        self.worker = self.new_worker()

    def new_worker(self) -> CaptureWorker:
        offered = (
            OfferedSource(kind=Source.LAB, make=lambda _: self.lab),
            OfferedSource(kind=Source.SIMULATED, make=lambda _: self.simulated),
        )
        return CaptureWorker(
            tell=self.tell, hosts=self.hosts, offered=offered, keep=self.keep, now_s=lambda: self.now_s
        )

    async def tell(self, event: Event) -> None:
        self.told.put_nowait(heard(event))

    async def keep(self, run: PlayedRun) -> int:
        if self.why_not_kept:
            raise OSError(self.why_not_kept)
        self.kept.append(run)
        return len(self.kept)

    async def hear(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.told.get(), 60)

    async def hear_until(self, kind: str) -> list[dict[str, Any]]:
        heard = [await self.hear()]
        while heard[-1]["kind"] != kind:
            heard.append(await self.hear())
        return heard

    async def press(self, asked_by: str = "the presenter", *, cold: bool = False) -> None:
        await self.worker.start_run(StartRun(asked_by=asked_by, order=Order(cold=cold)))

    async def ready(self) -> None:
        self.lab.be_ready()
        await self.hear_until("lab_changed")

    async def asked_run(self) -> int:
        """The number of the run that the lab was asked for last."""
        return (await asyncio.wait_for(self.lab.asked.get(), 60))[0]

    async def play(self, frames: list[Frame]) -> list[dict[str, Any]]:
        await self.press()
        run = await self.asked_run()
        self.lab.tell(SourceRunStarted(run=run, hosts=self.hosts))
        self.lab.tell(*(FrameSeen(run=run, frame=frame) for frame in frames))
        self.lab.tell(SourceRunEnded(run=run))
        told = await self.hear_until("run_ended")
        if frames:
            self.told_kept = await self.hear()
        return told


@pytest.fixture
async def bench(hosts: Hosts) -> AsyncIterator[Bench]:
    made = Bench(hosts)
    playing = asyncio.create_task(made.worker.play())
    yield made
    await made.worker.close()
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)


@pytest.fixture
def frames(hosts: Hosts) -> list[Frame]:
    return list(simulate(hosts, draw_numbers(Random(1)), start_ns=1_000, with_arp=True))


async def test_the_lab_is_tried_first(bench: Bench) -> None:
    bench.lab.be_ready()
    status = (await bench.hear())["status"]
    assert (status["state"], status["source"], status["sentence"]) == ("ready", "lab", "Ready.")
    assert not bench.simulated.is_open


async def test_where_the_lab_is_impossible_runs_are_simulated_and_it_says_why(bench: Bench) -> None:
    bench.lab.be_impossible()
    bench.simulated.be_ready()
    status = (await bench.hear())["status"]
    assert (status["state"], status["source"]) == ("ready", "simulated")
    assert (status["sentence"], status["remedy"]) == ("The kernel forbids it.", "Ask the kernel.")
    assert bench.lab.is_closed


async def test_a_run_is_told_frame_by_frame(bench: Bench, frames: list[Frame]) -> None:
    await bench.ready()
    started, *dissected, ended = await bench.play(frames)
    assert (started["kind"], started["source"]) == ("run_started", "lab")
    assert [event["journey"]["octets"] for event in dissected] == [frame.octets.hex() for frame in frames]
    assert dissected[2]["journey"]["name"] == "SYN"
    assert (ended["run"], ended["problem"]) == (started["run"], "")


async def test_a_run_is_kept_whole_when_it_is_over(bench: Bench, frames: list[Frame], hosts: Hosts) -> None:
    await bench.ready()
    (*_, ended) = await bench.play(frames)
    kept = bench.told_kept
    assert (kept["kind"], kept["run"], kept["recording"], kept["problem"]) == ("run_kept", ended["run"], 1, "")
    assert bench.kept == [PlayedRun(hosts=hosts, frames=tuple(frames), source=Source.LAB)]


async def test_a_run_that_cannot_be_kept_says_why_and_takes_nothing_away(bench: Bench, frames: list[Frame]) -> None:
    await bench.ready()
    bench.why_not_kept = "The disk is full."
    told = await bench.play(frames)
    kept = bench.told_kept
    assert [event["kind"] for event in told].count("frame_dissected") == len(frames)
    assert (kept["recording"], kept["problem"]) == (None, "The disk is full.")


async def test_a_run_without_a_frame_is_not_kept(bench: Bench, frames: list[Frame]) -> None:
    await bench.ready()
    await bench.play([])
    await bench.play(frames)
    assert bench.told_kept["recording"] == 1


async def test_a_frame_of_noise_ends_nothing(bench: Bench, frames: list[Frame]) -> None:
    noise = [replace(frames[0], octets=Random(2).randbytes(60)), replace(frames[1], octets=b"")]
    await bench.ready()
    told = await bench.play([*noise, *frames[2:]])
    assert told[-1]["kind"] == "run_ended"
    assert [event["journey"]["name"] for event in told[1:-1]].count("SYN") == 1


async def test_cold_is_handed_on(bench: Bench) -> None:
    await bench.ready()
    await bench.press(cold=True)
    assert (await bench.lab.asked.get())[1] is True


async def test_a_press_before_the_lab_is_up_is_refused(bench: Bench) -> None:
    await bench.press("somebody")
    refused = await bench.hear()
    assert (refused["kind"], refused["asked_by"]) == ("run_refused", "somebody")
    assert "press again in a moment" in refused["sentence"]


async def test_a_second_press_while_a_run_is_on_is_refused(bench: Bench) -> None:
    await bench.ready()
    await bench.press()
    bench.lab.tell(SourceRunStarted(run=await bench.asked_run(), hosts=bench.hosts))
    await bench.hear_until("run_started")
    await bench.press("somebody else")
    refused = await bench.hear()
    assert (refused["kind"], refused["asked_by"]) == ("run_refused", "somebody else")
    assert "wait until it has ended" in refused["sentence"]
    assert bench.lab.asked.empty()


async def test_a_press_while_a_visit_is_on_the_stage_is_refused(bench: Bench) -> None:
    """And visitors take the stage beside a lab that is ready."""
    visitors = ScriptedVisitors()
    showing = asyncio.create_task(bench.worker.show_visitors(visitors, address="http://10.9.0.1:8080/hello/"))
    await bench.ready()
    visitors.told.put_nowait(SourceRunStarted(run=1, hosts=bench.hosts))
    visitors.told.put_nowait(VisitorAsked(run=1))
    assert (await bench.hear_until("run_started"))[-1]["source"] == "live"
    await bench.press()
    refused = await bench.hear()
    assert "wait until it has ended" in refused["sentence"]
    assert bench.lab.asked.empty()
    visitors.told.put_nowait(SourceRunEnded(run=1))
    await bench.hear_until("run_ended")
    await bench.press()
    assert await bench.asked_run() > 0
    await bench.worker.close()
    await showing


async def test_what_visitors_are_told_stays_in_the_lab_s_status(bench: Bench) -> None:
    live = LiveStatus(state=LabState.DOWN, address="", sentence="No right.", remedy="make live-rights")
    await bench.worker.change_live(live)
    assert (await bench.hear())["status"]["live"]["sentence"] == "No right."
    bench.lab.be_ready()
    status = (await bench.hear())["status"]
    assert (status["sentence"], status["live"]["remedy"]) == ("Ready.", "make live-rights")


async def test_the_source_s_own_refusal_reaches_the_one_who_asked(bench: Bench) -> None:
    await bench.ready()
    await bench.press("somebody")
    bench.lab.tell(SourceRefused(run=await bench.asked_run(), sentence="A run is on already."))
    refused = await bench.hear()
    assert (refused["asked_by"], refused["sentence"]) == ("somebody", "A run is on already.")


async def test_a_run_that_broke_off_can_be_followed_by_another(bench: Bench, frames: list[Frame]) -> None:
    await bench.ready()
    await bench.press()
    run = await bench.asked_run()
    bench.lab.tell(SourceRunStarted(run=run, hosts=bench.hosts), SourceRunEnded(run=run, problem="The lab has died."))
    assert (await bench.hear_until("run_ended"))[-1]["problem"] == "The lab has died."
    assert len(await bench.play(frames)) == len(frames) + 2


async def test_run_numbers_grow_even_when_presses_come_within_a_second(bench: Bench, frames: list[Frame]) -> None:
    await bench.ready()
    runs = [(await bench.play(frames[:1]))[0]["run"] for _ in range(3)]
    assert runs == [1_700_000_000, 1_700_000_001, 1_700_000_002]


async def test_a_worker_that_is_started_again_does_not_begin_with_1(bench: Bench, frames: list[Frame]) -> None:
    await bench.ready()
    first = (await bench.play(frames[:1]))[0]["run"]
    await bench.worker.close()
    bench.lab, bench.now_s = ScriptedSource(), NOW_S + 2
    again = bench.new_worker()
    playing = asyncio.create_task(again.play())
    await bench.ready()
    await again.start_run(StartRun(asked_by="the presenter"))
    assert await bench.asked_run() > first
    await again.close()
    await playing


async def test_a_closed_worker_closes_its_source(bench: Bench) -> None:
    await bench.ready()
    await bench.worker.close()
    assert bench.lab.is_closed
