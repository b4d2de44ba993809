"""Frames that a fault holds on the wire of the real lab, and who lets them go: real rooms, hubs, layer and lab."""

import asyncio
import os
import select
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from layersviz.capture.lab_source import LabSource
from layersviz.capture.stage import Keep, Tell
from layersviz.capture.worker import CaptureWorker, OfferedSource
from layersviz.core.host import Hosts, Side
from layersviz.core.order import LONGEST_HOLD_S, Deed, Fault, FrameKind
from layersviz.core.played_run import Source
from layersviz.rooms.hub import Hub
from layersviz.rooms.messages.from_browser import Allow, LetGo, OpenRecording, Start, StopRun
from layersviz.rooms.messages.values import Permission
from layersviz.rooms.viewer import Role
from layersviz.web.checks import LabCheck
from tests.rooms.test_hub import Reader
from tests.rooms.test_service import World

pytestmark = pytest.mark.lab

HELD_SYN = Start(faults=(Fault(deed=Deed.HOLD, sender=Side.CLIENT, frame=FrameKind.SYN),))
PATIENCE_S = 20


class WithLab(World):
    """The same with the real lab; `sources` are all that were ever made."""

    def __init__(self, hosts: Hosts) -> None:
        super().__init__(hosts)
        self.sources: list[LabSource] = []

    def start_worker(self) -> "asyncio.Task[None]":
        self._worker = super().start_worker()
        return self._worker

    def end_worker(self) -> None:
        self._worker.cancel()

    def _make_worker(self, tell: Tell, keep: Keep) -> CaptureWorker:
        offered = OfferedSource(kind=Source.LAB, make=self._make_source)
        return CaptureWorker(tell=tell, hosts=self.hosts, offered=(offered,), keep=keep)

    def _make_source(self, hosts: Hosts) -> LabSource:
        self.sources.append(LabSource(hosts))
        return self.sources[-1]


@contextmanager
def process(pid: int | None) -> Iterator[int]:
    """Its file descriptor, which can be read from as soon as the process has ended."""
    assert pid is not None
    pidfd = os.pidfd_open(pid)
    try:
        yield pidfd
    finally:
        os.close(pidfd)


async def has_ended(pidfd: int) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(await asyncio.to_thread(poll.poll, PATIENCE_S * 1000))


@pytest.fixture
async def world(hosts: Hosts) -> AsyncIterator[WithLab]:
    if LabCheck(hosts, wanted=True)(None):
        pytest.skip("this kernel forbids the lab")
    made = WithLab(hosts)
    yield made
    await made.close()


async def until(reader: Reader, kind: str, **values: Any) -> dict[str, Any]:
    """The next message of that kind with those values; a presenter's page acknowledges what it gets."""
    while True:
        message = await reader.read()
        if message["kind"] == kind and values.items() <= message.items():
            return message


async def holding(world: WithLab) -> tuple[Hub, Reader, Reader]:
    """A class with its presenter and a student, in whose lab a SYN is held on the wire."""
    world.start_worker()
    hub = world.open_hub()
    presenter = Reader(hub, Role.PRESENTER, window="w1")
    while (await presenter.read()).get("lab", {}).get("state") != "ready":
        pass
    pupil = Reader(hub)
    await hub.answer(presenter.viewer, HELD_SYN)
    for each in (presenter, pupil):
        (held,) = (await until(each, "held_moved"))["held"]
        assert (held["sender"], held["frame"], held["nth"]) == ("client", "SYN", 1)
    return hub, presenter, pupil


async def ended(reader: Reader) -> dict[str, Any]:
    """The run goes on to its end once nothing is held; gives the journey of what was."""
    await until(reader, "held_moved", held=[])
    while (added := await until(reader, "frame_added"))["journey"]["deed"] != "hold":
        pass
    assert (await until(reader, "run_closed"))["problem"] == ""
    assert 0 < added["journey"]["held_ms"] < LONGEST_HOLD_S * 1000
    return dict(added["journey"])


async def test_what_is_held_goes_on_when_the_presenter_has_left(world: WithLab) -> None:
    hub, presenter, pupil = await holding(world)
    hub.leave(presenter.viewer)
    assert not (await until(pupil, "leader_moved"))["presenter_online"]
    assert (await ended(pupil))["name"] == "SYN"


async def test_what_is_held_stays_while_another_window_of_the_presenters_is_there(world: WithLab) -> None:
    hub, presenter, pupil = await holding(world)
    second = Reader(hub, Role.PRESENTER, window="w2")
    hub.leave(presenter.viewer)
    await until(second, "frame_added")  # the client's kernel sends another SYN after a second, and that one connects
    hub.leave(second.viewer)
    assert not (await until(pupil, "leader_moved"))["presenter_online"]
    await ended(pupil)


async def test_a_student_who_may_lets_it_go_and_one_who_may_not_is_refused(world: WithLab) -> None:
    hub, presenter, pupil = await holding(world)
    await hub.answer(pupil.viewer, LetGo())
    assert "has not allowed" in (await until(pupil, "refused"))["sentence"]
    await hub.answer(presenter.viewer, Allow(allowed=(Permission.LET_GO,)))
    await until(pupil, "allowed_moved", allowed=["let_go"])
    another = Reader(hub)
    await hub.answer(another.viewer, LetGo(held=1))
    await ended(pupil)


async def test_a_student_who_may_starts_the_same_order_again(world: WithLab) -> None:
    hub, presenter, pupil = await holding(world)
    await hub.answer(presenter.viewer, Allow(allowed=(Permission.START, Permission.LET_GO)))
    await hub.answer(presenter.viewer, LetGo())
    await ended(pupil)
    await until(pupil, "run_kept")
    await hub.answer(pupil.viewer, HELD_SYN)
    opened = (await until(pupil, "run_opened"))["run"]
    assert [(each["deed"], each["frame"]) for each in opened["order"]["faults"]] == [("hold", "SYN")]
    await until(pupil, "held_moved")
    await hub.answer(presenter.viewer, LetGo())
    await ended(pupil)


async def test_while_a_frame_is_held_another_press_says_what_to_do_and_stop_ends_it(world: WithLab) -> None:
    hub, presenter, pupil = await holding(world)
    for press in (Start(), OpenRecording(recording=12)):
        await hub.answer(presenter.viewer, press)
        sentence = (await until(presenter, "refused"))["sentence"]
        assert sentence == "A frame is held on the wire: let it go or stop the run, then press again."
    await hub.answer(presenter.viewer, StopRun())
    await until(pupil, "held_moved", held=[])
    assert (await until(pupil, "run_closed"))["problem"]
    await hub.answer(presenter.viewer, Start())
    await until(pupil, "run_opened")
    assert (await until(pupil, "run_closed"))["problem"] == ""


async def test_when_the_class_is_closed_the_lab_ends_and_what_is_held_with_it(world: WithLab) -> None:
    await holding(world)
    with process(world.sources[0].child_pid) as pidfd:
        world.register.open.clear()
        assert await has_ended(pidfd)


async def test_when_the_worker_ends_the_lab_ends_and_the_next_one_holds_nothing(world: WithLab) -> None:
    """The run went on for a moment only, so it was not kept: the next owner begins with an empty stage."""
    hub, _presenter, _pupil = await holding(world)
    with process(world.sources[0].child_pid) as pidfd:
        world.end_worker()
        assert await has_ended(pidfd)
    world.start_worker()
    newcomer = Reader(hub)
    while (snapshot := await until(newcomer, "snapshot"))["run"]["held"]:
        pass
    assert snapshot["run"]["ended"]
