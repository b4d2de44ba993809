"""Who has the stage when, and what is kept: with a scripted source, real story."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from layersviz.capture import visitors
from layersviz.capture.events import Event, LabState, LabStatus, LiveStatus
from layersviz.capture.live_source import LiveEvent, VisitorAsked, VisitsMissed
from layersviz.capture.simulated_run import draw_numbers, simulate
from layersviz.capture.source import FrameSeen, SourceImpossible, SourceRunEnded, SourceRunStarted, SourceStatus
from layersviz.capture.stage import Stage, StagedRun
from layersviz.capture.visitors import Visitors
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts, Side
from layersviz.core.played_run import PlayedRun, Source
from tests.capture.heard import heard

STAY_S = 0.3
ADDRESS = "http://10.9.0.1:8080/hello/"


class ScriptedSource:
    """Tells what the test tells it to."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[LiveEvent | None] = asyncio.Queue()

    async def open(self) -> None:
        self.told.put_nowait(SourceStatus(state=LabState.READY, sentence="Open."))

    async def events(self) -> AsyncGenerator[LiveEvent]:
        while (event := await self.told.get()) is not None:
            yield event

    async def close(self) -> None:
        self.told.put_nowait(None)


class Bench:
    """Visitors at work, and what was told and kept."""

    def __init__(self, hosts: Hosts, frames: list[Frame]) -> None:
        self.told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.hosts = hosts
        self.frames = frames
        self.kept: list[PlayedRun] = []
        self.is_expecting = False
        self.looks: asyncio.Queue[bool] = asyncio.Queue()
        self.live: list[LiveStatus] = []
        self._keeping: asyncio.Queue[PlayedRun] = asyncio.Queue()
        self._changes: asyncio.Queue[LiveStatus] = asyncio.Queue()
        self.source = ScriptedSource()
        status = LabStatus(state=LabState.READY, source=Source.LAB, sentence="Ready.")
        self.stage = Stage(self.put, status, self.keep)
        self.visitors = Visitors(
            self.source,
            self.stage,
            address=ADDRESS,
            change=self.change,
            is_expecting=self.look,
            now_s=lambda: 1_000.0,
            stay_s=STAY_S,
        )

    async def put(self, event: Event) -> None:
        self.told.put_nowait({**heard(event), "at_s": asyncio.get_running_loop().time()})

    def look(self) -> bool:
        self.looks.put_nowait(self.is_expecting)
        return self.is_expecting

    async def keep(self, run: PlayedRun) -> int:
        self._keeping.put_nowait(run)
        return len(self.kept) + self._keeping.qsize()

    async def change(self, live: LiveStatus) -> None:
        self._changes.put_nowait(live)

    def tell(self, *events: LiveEvent) -> None:
        for event in events:
            self.source.told.put_nowait(event)

    def begin(self, visit: int, ip: str) -> None:
        hosts = replace(self.hosts, client=replace(self.hosts.client, ip=ip))
        self.tell(SourceRunStarted(run=visit, hosts=hosts), FrameSeen(run=visit, frame=self.frames[0]))

    def ask(self, visit: int) -> None:
        self.tell(FrameSeen(run=visit, frame=self.frames[1]), VisitorAsked(run=visit))

    def end(self, visit: int) -> None:
        last = [FrameSeen(run=visit, frame=frame) for frame in self.frames[2:]]
        self.tell(*last, SourceRunEnded(run=visit))

    def visit(self, visit: int, ip: str) -> None:
        """A whole one."""
        self.begin(visit, ip)
        self.ask(visit)
        self.end(visit)

    async def hear(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.told.get(), 60)

    async def hear_until(self, kind: str) -> list[dict[str, Any]]:
        heard = [await self.hear()]
        while heard[-1]["kind"] != kind:
            heard.append(await self.hear())
        return heard

    async def keeps(self, number: int) -> None:
        async with asyncio.timeout(60):
            while len(self.kept) < number:
                self.kept.append(await self._keeping.get())

    def keeps_no_more(self) -> bool:
        return self._keeping.empty()

    async def says(self, what: str) -> LiveStatus:
        """The first change of the live status with those words."""
        async with asyncio.timeout(60):
            while what not in (live := await self._changes.get()).sentence:
                self.live.append(live)
        return live


@pytest.fixture
async def bench(hosts: Hosts) -> AsyncIterator[Bench]:
    run = list(simulate(hosts, draw_numbers(Random(1)), start_ns=1_000, with_arp=False))
    made = Bench(hosts, run)
    following = asyncio.create_task(made.visitors.follow())
    yield made
    await made.visitors.close()
    await following


def started(events: list[dict[str, Any]]) -> list[str]:
    return [event["hosts"]["client"]["ip"] for event in events if event["kind"] == "run_started"]


async def test_a_visit_comes_onto_the_stage_when_it_asks_and_is_told_frame_by_frame(bench: Bench) -> None:
    bench.begin(1, "10.9.0.7")
    bench.ask(1)
    first, syn, _answer = [await bench.hear() for _ in range(3)]
    assert (first["kind"], first["source"], first["hosts"]["client"]["ip"]) == ("run_started", "live", "10.9.0.7")
    assert syn["journey"]["name"] == "SYN"
    bench.end(1)
    told = await bench.hear_until("run_kept")
    assert (told[-2]["kind"], told[-2]["problem"], told[-1]["recording"]) == ("run_ended", "", 1)
    await bench.keeps(1)
    (kept,) = bench.kept
    assert (kept.source, len(kept.frames)) == (Source.LIVE, len(bench.frames))


async def test_two_visitors_at_once_have_the_stage_one_after_the_other_and_both_are_kept(bench: Bench) -> None:
    bench.begin(1, "10.9.0.7")
    bench.begin(2, "10.9.0.8")
    bench.ask(1)
    bench.ask(2)
    bench.end(2)
    bench.end(1)
    first = await bench.hear_until("run_kept")
    await bench.keeps(2)
    second = await bench.hear_until("run_kept")
    assert (started(first), started(second)) == (["10.9.0.7"], ["10.9.0.8"])
    began, began_next = ([each["at_s"] for each in told if each["kind"] == "run_started"] for told in (first, second))
    assert began_next[0] - began[0] >= STAY_S
    assert len({event["run"] for event in first + second}) == 2


async def test_what_else_a_browser_opens_is_kept_and_does_not_take_the_stage(bench: Bench) -> None:
    bench.visit(1, "10.9.0.7")
    await bench.hear_until("run_kept")
    bench.visit(2, "10.9.0.7")
    bench.visit(3, "10.9.0.8")
    await bench.keeps(3)
    assert started(await bench.hear_until("run_kept")) == ["10.9.0.8"]


async def test_a_connection_on_which_nothing_is_asked_is_shown_after_a_moment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "PATIENCE_S", 0.05)
    bench.begin(1, "10.9.0.7")
    assert started(await bench.hear_until("run_started")) == ["10.9.0.7"]


async def test_a_visit_waits_while_a_run_of_the_lab_is_on_or_about_to_be(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "LOOK_AGAIN_S", 0.02)
    lab = StagedRun(number=1, hosts=bench.hosts, source=Source.LAB)
    async with bench.stage.turn:
        await bench.stage.open(lab)
    bench.stage.opened_at_s -= STAY_S
    bench.visit(1, "10.9.0.7")
    await bench.keeps(1)
    bench.is_expecting = True
    async with bench.stage.turn:
        await bench.stage.end(lab, "")
    assert [await bench.looks.get() for _ in range(3)] == [True] * 3
    bench.is_expecting = False
    told = await bench.hear_until("run_kept")
    assert [event["kind"] for event in told if event["kind"].startswith("run_")] == [
        *("run_started", "run_ended", "run_started", "run_ended", "run_kept")
    ]


async def test_more_visitors_than_can_wait_are_kept_and_counted(bench: Bench) -> None:
    number = visitors.MOST_WAITING + 5
    for visit in range(1, number + 1):
        bench.visit(visit, f"10.9.1.{visit}")
    await bench.keeps(number)
    assert (await bench.says(" 4 visits were not shown")).sentence.startswith("Open. ")


async def test_who_never_took_part_in_a_handshake_is_not_kept(bench: Bench) -> None:
    answers = [frame for frame in bench.frames if frame.sender is Side.SERVER]
    bench.begin(1, "10.9.0.66")
    bench.tell(*(FrameSeen(run=1, frame=frame) for frame in answers), SourceRunEnded(run=1, problem="Still open."))
    bench.visit(2, "10.9.0.7")
    await bench.keeps(1)
    assert [run.hosts.client.ip for run in bench.kept] == ["10.9.0.7"]


async def test_no_more_visits_are_kept_than_there_is_room_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "MOST_KEPT", 2)
    for visit in range(1, 5):
        bench.visit(visit, f"10.9.1.{visit}")
    bench.tell(VisitsMissed(visits=9, frames=0))
    said = await bench.says("9 visits were not shown")
    assert said.sentence.endswith("2 visits are kept as recordings, and no more of them until the next start.")
    await bench.keeps(2)
    assert bench.keeps_no_more()


async def test_what_the_source_says_becomes_the_live_status(bench: Bench) -> None:
    bench.tell(VisitsMissed(visits=3, frames=8), SourceImpossible(sentence="No right.", remedy="make live-rights"))
    impossible = await bench.says("No right.")
    ready, missed = bench.live
    assert ready == LiveStatus(state=LabState.READY, address=ADDRESS, sentence="Open.")
    assert "3 visits were not shown" in missed.sentence
    assert "8 frames were missed" in missed.sentence
    assert (impossible.state, impossible.remedy) == (LabState.DOWN, "make live-rights")
    assert impossible.sentence.startswith("No right.")
