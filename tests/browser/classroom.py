"""A whole class in browsers of their own: a presenter, a projector and five students, and what each of them shows."""

import asyncio
import contextlib
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec
from playwright.async_api import Browser, expect

from layersviz.core.playhead import Playhead
from tests.browser.visitor import JOIN, PRESENT, SHOW, Visitor, snapshot, visit
from tests.web.live import PATIENCE_S, LiveServer, live_server

STILL = {"reduced_motion": "reduce"}
STUDENTS = 5
EARLY_MS, LATE_MS = 50, 200
"""So far may a page be from the playhead while it plays: it draws sixty times a second where it has a processor."""

SHOWN = """() => {
  const text = (selector) => document.querySelector(selector).textContent;
  const banner = document.querySelector("lv-notice .banner");
  return {
    now: Date.now(), place: text("lv-status .place"), title: text("lv-caption .caption-title"),
    sentence: text("lv-caption .caption-sentence"), trouble: banner.hidden ? "" : banner.textContent,
  };
}"""

Shown = tuple[str, str, str]
"""What a page says of where it is: which frame, the step's title, its sentence."""


class House(Protocol):
    """What the class's pages come from: web processes that can be killed and started again."""

    var: Path
    webs: list[LiveServer]

    def kill(self, server: LiveServer) -> None: ...

    def start_web(self, port: int | None = None) -> LiveServer: ...


@dataclass(kw_only=True)
class OneProcess:
    """The default: web process and capture worker are one."""

    var: Path
    webs: list[LiveServer] = field(default_factory=list)
    ends: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start_web(self, port: int | None = None) -> LiveServer:
        settings = {"LAB": "off", **({} if port is None else {"PORT": str(port)})}
        server = self.ends.enter_context(live_server(self.var, **settings))
        server.read_until("Hello World")
        self.webs.append(server)
        return server

    def kill(self, server: LiveServer) -> None:
        server.process.kill()
        server.process.wait()
        self.webs.remove(server)


@contextlib.contextmanager
def one_process(var: Path) -> Iterator[OneProcess]:
    house = OneProcess(var=var)
    with house.ends:
        house.start_web()
        yield house


class Story:
    """What the server says that all are to show, from its snapshot."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.playhead = msgspec.convert(said["playhead"], Playhead)
        journeys = said["run"]["journeys"]
        self.stops: list[Shown] = [
            (f"Frame {journey['number']} of {len(journeys)}", step["title"], step["sentence"])
            for journey in journeys
            for step in journey["steps"]
        ]
        self._starts_ms = [step["start_ms"] for journey in journeys for step in journey["steps"]]

    def at(self, now_ms: float) -> Shown:
        instant_ms = self.playhead.instant_at(now_ms)
        return self.stops[max(bisect_right(self._starts_ms, instant_ms) - 1, 0)]

    def around(self, now_ms: float) -> set[Shown]:
        return {self.at(now_ms - LATE_MS), self.at(now_ms), self.at(now_ms + EARLY_MS)}


@dataclass(kw_only=True)
class Classroom:
    """`roaming` are the students who look around alone, with what their pages show."""

    house: House
    chromium: Browser
    presenter: Visitor
    projector: Visitor
    students: list[Visitor]
    roaming: dict[int, Shown] = field(default_factory=dict)

    @property
    def server(self) -> LiveServer:
        return self.house.webs[0]

    def pages(self) -> list[Visitor]:
        return [self.presenter, self.projector, *self.students]

    async def begin(self) -> list[Shown]:
        """All follow, at the first step of a whole run; gives the run's steps."""
        for number in list(self.roaming):
            await self.catch_up(number)
        said = await snapshot(self.server)
        if not said["run"]["journeys"]:
            await self.presenter.press_start()
            said = await snapshot(self.server)
        await self.presenter.key("Home")
        await self.all_show(Story(said).stops[0])
        return Story(said).stops

    async def step(self) -> None:
        """One on, and the presenter's own page shows it."""
        before = await shown(self.presenter)
        await self.presenter.key("PageDown")
        await expect(self.presenter.page.locator("lv-caption .caption-sentence")).not_to_have_text(before[2])

    async def look_around(self, number: int, *keys: str) -> Shown:
        """That student goes on alone, with those keys."""
        student = self.students[number]
        await student.page.get_by_role("button", name="Look around").click()
        await expect(student.page.get_by_role("button", name="Catch up")).to_be_visible()
        for key in keys:
            before = await shown(student)
            await student.key(key)
            await expect(student.page.locator("lv-caption .caption-sentence")).not_to_have_text(before[2])
        self.roaming[number] = await shown(student)
        return self.roaming[number]

    async def catch_up(self, number: int) -> None:
        student = self.students[number]
        await student.page.get_by_role("button", name="Catch up").click()
        await expect(student.page.get_by_role("button", name="Look around")).to_be_visible()
        del self.roaming[number]

    async def all_show(self, stop: Shown) -> None:
        """All who follow; where the playhead rests, this is where it does."""
        for each in self.following():
            page = each.page
            await expect(page.locator("lv-status .place")).to_have_text(stop[0])
            await expect(page.locator("lv-caption .caption-title")).to_have_text(stop[1])
            await expect(page.locator("lv-caption .caption-sentence")).to_have_text(stop[2])

    def following(self) -> list[Visitor]:
        return [
            self.presenter,
            self.projector,
            *(self.students[at] for at in range(STUDENTS) if at not in self.roaming),
        ]

    async def all_are_right(self, *, later: Sequence[Visitor] = ()) -> None:
        """Until each page is connected and shows what the playhead says, those that roam where they were. `later` are
        pages that came later."""
        until = time.monotonic() + PATIENCE_S
        wrong = ["nobody has looked yet"]
        while wrong:
            assert time.monotonic() < until, wrong
            story = Story(await snapshot(self.server))
            said = await asyncio.gather(*(each.page.evaluate(SHOWN) for each in (*self.pages(), *later)))
            wrong = [str(each) for at, each in enumerate(said) if not self._is_right(at, each, story)]

    def _is_right(self, at: int, said: dict[str, Any], story: Story) -> bool:
        student = at - len(self.pages()) + len(self.students)
        wanted = {self.roaming[student]} if student in self.roaming else story.around(said["now"])
        return said["trouble"] == "" and (said["place"], said["title"], said["sentence"]) in wanted

    async def late(self) -> Visitor:
        """One more student, who comes now."""
        return await visit(self.chromium, self.house.webs[-1], JOIN, **STILL)

    async def leave(self) -> None:
        for each in self.pages():
            await each.leave()


async def shown(visitor: Visitor) -> Shown:
    said = await visitor.page.evaluate(SHOWN)
    return said["place"], said["title"], said["sentence"]


async def trouble(visitor: Visitor) -> str:
    """What the page says is in the way: no connection, nobody who answers."""
    said: str = (await visitor.page.evaluate(SHOWN))["trouble"]
    return said


async def gather(chromium: Browser, house: House) -> Classroom:
    """All seven; half of the students and the projector at the last web process."""
    webs = house.webs
    return Classroom(
        house=house,
        chromium=chromium,
        presenter=await visit(chromium, webs[0], PRESENT, **STILL),
        projector=await visit(chromium, webs[-1], SHOW, **STILL),
        students=[await visit(chromium, webs[at % len(webs)], JOIN, **STILL) for at in range(STUDENTS)],
    )
