"""The lab as a source: what its owner is told while the child process lives, dies and comes back."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise

import pytest

from layersviz.capture import child
from layersviz.capture.child import PAUSES_S, PROJECT
from layersviz.capture.events import LabState
from layersviz.capture.lab_source import LAB, LabSource
from layersviz.capture.source import (
    EndTold,
    FrameSeen,
    SourceEvent,
    SourceImpossible,
    SourceRefused,
    SourceRunEnded,
    SourceRunStarted,
    SourceStatus,
    WaitChanged,
)
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.order import COLD, PLAIN, Order
from layersviz.core.tcp_state import TcpState

pytestmark = pytest.mark.lab

HOSTS = Hosts(
    client=Host(side=Side.CLIENT, ip="10.0.0.3", mac="bc:35:db:cf:1b:03", port=35310),
    server=Host(side=Side.SERVER, ip="10.0.0.2", mac="bc:f2:b8:57:86:02", port=80),
)
LOSING_LAB = (sys.executable, "-m", "tests.lab.losing_lab")
ENDLESS = "no SYN arrives"
"""A scene of that lab whose runs last until they are broken off."""
PATIENCE_S = 60.0


def child_that(program: str) -> tuple[str, ...]:
    """A child of a few lines in place of the lab; `ready` is what the lab says first."""
    return (sys.executable, "-c", f'import sys, time\nready = \'{{"kind":"ready","kernel":"6","pid":1}}\'\n{program}')


class Owner:
    """Reads a source's events one after the other, each with a deadline."""

    def __init__(self, source: LabSource) -> None:
        self.source = source
        self._events = source.events()

    async def next(self) -> SourceEvent:
        return (await self.read_until(lambda _event: True))[0]

    async def read_until(self, is_last: Callable[[SourceEvent], bool]) -> list[SourceEvent]:
        events = []
        async with asyncio.timeout(PATIENCE_S):
            while not events or not is_last(events[-1]):
                events.append(await anext(self._events))
        return events

    async def is_ready(self) -> list[SourceEvent]:
        """All events up to READY; skips the test where the kernel forbids the lab."""
        events = await self.read_until(
            lambda event: is_status(event, LabState.READY) or isinstance(event, SourceImpossible)
        )
        if isinstance(events[-1], SourceImpossible):
            pytest.skip(f"{events[-1].sentence} {events[-1].remedy}")
        return events


def is_status(event: SourceEvent, state: LabState) -> bool:
    return isinstance(event, SourceStatus) and event.state is state


def has_ended(event: SourceEvent) -> bool:
    return isinstance(event, SourceRunEnded)


@asynccontextmanager
async def opened(*command: str) -> AsyncIterator[Owner]:
    source = LabSource(HOSTS, command=command or LAB)
    await source.open()
    try:
        yield Owner(source)
    finally:
        await source.close()


async def test_a_run_is_told_from_its_start_to_its_end() -> None:
    async with opened() as owner:
        starting, ready = await owner.is_ready()
        assert is_status(starting, LabState.STARTING)
        assert os.uname().release in ready.sentence
        await owner.source.start_run(7, PLAIN)
        started, *frames, told, ended = await owner.read_until(has_ended)
        assert isinstance(told, EndTold)
        assert told.run == 7
        assert started == SourceRunStarted(run=7, hosts=HOSTS, clocks=started.clocks)
        assert started.clocks.syn_retries > 0
        assert all(isinstance(event, FrameSeen) and event.run == 7 for event in frames)
        assert [event.frame.number for event in frames] == list(range(1, len(frames) + 1))
        assert ended == SourceRunEnded(run=7, problem="")


async def test_frames_come_with_their_octets_and_both_kernels_states() -> None:
    async with opened() as owner:
        await owner.is_ready()
        await owner.source.start_run(1, COLD)
        events = await owner.read_until(has_ended)
    arp, _reply, syn = [event.frame for event in events if isinstance(event, FrameSeen)][:3]
    assert arp.octets[:6] == b"\xff" * 6
    assert (syn.sender, len(syn.octets)) == (Side.CLIENT, 74)
    assert (syn.taken.client, syn.taken.server) == (TcpState.SYN_SENT, TcpState.LISTEN)
    assert syn.delivered.at(Side.SERVER) is TcpState.SYN_RECEIVED


async def test_the_second_run_tells_its_own_source_port_and_counts_its_frames_anew() -> None:
    async with opened() as owner:
        await owner.is_ready()
        for run in (1, 2):
            await owner.source.start_run(run, PLAIN)
            events = await owner.read_until(has_ended)
            (started,) = [event for event in events if isinstance(event, SourceRunStarted)]
            numbers = [event.frame.number for event in events if isinstance(event, FrameSeen)]
            assert started.hosts.client.port == 35309 + run
            assert numbers[0] == 1


async def test_an_order_before_the_lab_is_ready_is_refused() -> None:
    async with opened() as owner:
        await owner.source.start_run(1, PLAIN)
        events = await owner.is_ready()
    refusals = [event for event in events if isinstance(event, SourceRefused)]
    assert refusals == [SourceRefused(run=1, sentence="The lab is not ready yet; try again in a moment.")]


async def test_a_second_order_while_a_run_is_on_is_refused_and_the_run_goes_on() -> None:
    async with opened(*LOSING_LAB) as owner:
        await owner.is_ready()
        await owner.source.start_run(1, Order(scene=ENDLESS))
        await owner.source.start_run(2, Order(scene=ENDLESS))
        events = await owner.read_until(has_ended)
    assert [event.run for event in events if isinstance(event, SourceRefused)] == [2]
    assert [event.run for event in events if isinstance(event, SourceRunStarted)] == [1]


async def test_a_killed_lab_is_ready_again_within_two_seconds() -> None:
    clock = asyncio.get_running_loop().time
    async with opened() as owner:
        await owner.is_ready()
        for _each in range(3):
            killed_at = clock()
            os.kill(owner.source.child_pid, signal.SIGKILL)
            down, _ready = await owner.is_ready()
            assert clock() - killed_at < 2
            assert is_status(down, LabState.DOWN)
            assert down.sentence == "The lab has stopped; it is being started again."
        await owner.source.start_run(1, PLAIN)
        assert (await owner.read_until(has_ended))[-1].problem == ""


async def test_a_run_that_was_on_ends_with_a_problem_when_the_lab_is_killed() -> None:
    async with opened(*LOSING_LAB) as owner:
        await owner.is_ready()
        await owner.source.start_run(1, Order(scene=ENDLESS))
        await owner.read_until(lambda event: isinstance(event, FrameSeen))
        os.kill(owner.source.child_pid, signal.SIGKILL)
        events = await owner.is_ready()
    endings = [event for event in events if isinstance(event, SourceRunEnded)]
    assert endings == [SourceRunEnded(run=1, problem="The lab stopped in the middle of this run.")]
    assert events.index(endings[0]) < events.index(next(event for event in events if is_status(event, LabState.DOWN)))


async def test_with_the_lab_goes_what_its_kernels_could_say_of_the_last_run() -> None:
    async with opened() as owner:
        await owner.is_ready()
        await owner.source.start_run(1, PLAIN)
        await owner.read_until(has_ended)
        os.kill(owner.source.child_pid, signal.SIGKILL)
        events = await owner.is_ready()
    assert WaitChanged(run=1, look=None) in events


async def test_an_order_that_the_lab_took_to_its_grave_is_refused() -> None:
    async with opened(*child_that("print(ready, flush=True)\nsys.stdin.readline()")) as owner:
        await owner.is_ready()
        await owner.source.start_run(5, PLAIN)
        events = await owner.read_until(lambda event: isinstance(event, SourceRefused))
    assert events[-1].run == 5
    assert "stopped before this run began" in events[-1].sentence


async def test_an_impossible_lab_is_told_once_and_not_tried_again() -> None:
    line = '{"kind":"impossible","sentence":"No.","remedy":"Try this."}'
    async with opened(*child_that(f"print('{line}', flush=True)\nsys.exit(3)")) as owner:
        starting, impossible = [event async for event in owner.source.events()]
    assert is_status(starting, LabState.STARTING)
    assert impossible == SourceImpossible(sentence="No.", remedy="Try this.")


async def test_a_lab_that_dies_at_once_is_started_again_with_growing_pauses() -> None:
    clock = asyncio.get_running_loop().time
    deaths = []
    async with opened(*child_that("sys.exit(1)")) as owner:
        while len(deaths) < 4:
            if is_status(await owner.next(), LabState.DOWN):
                deaths.append(clock())
    gaps = [later - earlier for earlier, later in pairwise(deaths)]
    assert all(gap >= pause for gap, pause in zip(gaps, PAUSES_S, strict=False))
    assert gaps == sorted(gaps)


async def test_what_the_child_says_on_standard_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        async with opened(*child_that("print('alas', file=sys.stderr)")) as owner:
            await owner.read_until(lambda event: is_status(event, LabState.DOWN))
    assert "lab: alas" in caplog.messages


async def test_a_child_that_nobody_understands_is_ended_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    async with opened(*child_that("print('moo', flush=True)\ntime.sleep(60)")) as owner:
        events = await owner.read_until(lambda event: is_status(event, LabState.DOWN))
    assert not any(is_status(event, LabState.READY) for event in events)
    assert any("nobody understands" in message for message in caplog.messages)


@pytest.mark.parametrize(
    ("command", "farewell_s"),
    [(LAB, 2 * PATIENCE_S), (child_that("print(ready, flush=True)\ntime.sleep(600)"), child.FAREWELL_S)],
    ids=["the lab, which ends with its input", "a child that has to be killed"],
)
async def test_closing_ends_the_child_and_the_events(
    command: tuple[str, ...], farewell_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "FAREWELL_S", farewell_s)
    async with opened(*command) as owner:
        await owner.is_ready()
        child_pid = owner.source.child_pid
        async with asyncio.timeout(PATIENCE_S):
            await owner.source.close()
        with pytest.raises(ProcessLookupError):
            os.kill(child_pid, 0)
        assert owner.source.child_pid is None
        with pytest.raises(StopAsyncIteration):
            await owner.next()


async def test_a_run_that_is_on_when_the_source_is_closed_ends_with_a_problem() -> None:
    async with opened(*LOSING_LAB) as owner:
        await owner.is_ready()
        await owner.source.start_run(1, Order(scene=ENDLESS))
        await owner.read_until(lambda event: isinstance(event, FrameSeen))
        await owner.source.close()
        (*_events, ended) = await owner.read_until(has_ended)
    assert ended.problem == "The lab stopped in the middle of this run."


async def test_killing_the_owner_leaves_no_child() -> None:
    program = (
        "import asyncio\n"
        "from tests.capture.test_lab_source import LabSource, HOSTS, SourceImpossible, LabState, is_status\n"
        "async def main():\n"
        "    source = LabSource(HOSTS)\n"
        "    await source.open()\n"
        "    async for event in source.events():\n"
        "        if is_status(event, LabState.READY): print(source.child_pid, flush=True)\n"
        "        if isinstance(event, SourceImpossible): print(0, flush=True)\n"
        "asyncio.run(main())\n"
    )
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=PROJECT, stdout=subprocess.PIPE)
    child_pid = int(await asyncio.wait_for(owner.stdout.readline(), PATIENCE_S))
    owner.kill()
    await owner.wait()
    if child_pid == 0:
        pytest.skip("the kernel forbids the lab")
    assert await is_gone(child_pid)


async def is_gone(pid: int) -> bool:
    """Wait for the end of a process that is not our child; False where it lives on."""
    with suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(descriptor, ended.set)
        try:
            await asyncio.wait_for(ended.wait(), PATIENCE_S)
        except TimeoutError:
            return False
        finally:
            loop.remove_reader(descriptor)
            os.close(descriptor)
    return True


async def test_a_scene_is_played_and_its_lost_frame_told_as_lost() -> None:
    async with opened() as owner:
        await owner.is_ready()
        await owner.source.start_run(1, Order(scene="udp-lost"))
        events = await owner.read_until(has_ended)
    frames = [
        event.frame for event in events if isinstance(event, FrameSeen) and event.frame.octets[12:14] == b"\x08\x00"
    ]
    assert [frame.lost for frame in frames] == [False, True, False]
    assert {frame.taken for frame in frames} == {frame.delivered for frame in frames} == {None}


async def test_a_scene_that_the_lab_does_not_know_is_refused() -> None:
    async with opened() as owner:
        await owner.is_ready()
        await owner.source.start_run(1, Order(scene="silence"))
        (*_events, refused) = await owner.read_until(lambda event: isinstance(event, SourceRefused))
    assert refused.run == 1
    assert refused.sentence == "The lab does not know this scene."


async def test_hosts_are_told_by_the_addresses_that_the_scene_uses() -> None:
    async with opened() as owner:
        await owner.is_ready()
        await owner.source.start_run(1, Order(scene="udp-echo-ipv6"))
        events = await owner.read_until(has_ended)
    (started,) = [event for event in events if isinstance(event, SourceRunStarted)]
    assert (started.hosts.client.ip, started.hosts.server.ip) == ("fd00::3", "fd00::2")
    assert started.hosts.client.mac == HOSTS.client.mac
