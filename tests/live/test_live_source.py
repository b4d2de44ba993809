"""What is told of a capturing child that speaks, dies, and comes back. The children here are a few lines each."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from layersviz.capture.events import LabState
from layersviz.capture.live_source import LiveEvent, LiveSource, VisitorAsked, VisitsMissed
from layersviz.capture.source import FrameSeen, SourceImpossible, SourceRunEnded, SourceRunStarted, SourceStatus
from layersviz.core.frame import Frame
from layersviz.core.host import Host, Hosts, Side

READY = {"kind": "ready", "link_type": 101}
BEGAN = {
    "kind": "began",
    "visit": 1,
    "client": {"ip": "10.9.0.7", "port": 40000, "mac": ""},
    "server": {"ip": "10.9.0.1", "port": 8080, "mac": ""},
}
FRAME = {
    "kind": "frame",
    "visit": 1,
    "time_ns": 5,
    "sender": "client",
    "octets": "4500",
    "length": 60,
    "data_octets": 20,
}


def child_that_says(*lines: dict[str, Any], then: str = "sys.stdin.read()") -> tuple[str, ...]:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    return (sys.executable, "-c", f"import sys\nprint({text!r}, end='', flush=True)\n{then}")


@asynccontextmanager
async def opened(command: tuple[str, ...]) -> AsyncIterator[LiveSource]:
    source = LiveSource("eth0", command=command)
    await source.open()
    try:
        yield source
    finally:
        await source.close()


async def told_until(source: LiveSource, is_last: Callable[[LiveEvent], bool]) -> list[LiveEvent]:
    told = []
    async with asyncio.timeout(60):
        async for event in source.events():
            told.append(event)
            if is_last(event):
                break
    return told


async def test_a_visit_is_told_with_its_hosts_frames_and_end() -> None:
    ended = {"kind": "ended", "visit": 1, "problem": ""}
    async with opened(child_that_says(READY, BEGAN, FRAME, FRAME, ended)) as source:
        starting, ready, *visit = await told_until(source, lambda event: isinstance(event, SourceRunEnded))
    assert isinstance(starting, SourceStatus)
    assert starting.state is LabState.STARTING
    assert isinstance(ready, SourceStatus)
    assert ready.sentence == "Whoever opens this address over eth0 sees their own handshake on the stage."
    hosts = Hosts(
        client=Host(side=Side.CLIENT, ip="10.9.0.7", mac="", port=40000),
        server=Host(side=Side.SERVER, ip="10.9.0.1", mac="", port=8080),
    )
    first, second = (
        Frame(number=number, time_ns=5, sender=Side.CLIENT, octets=b"\x45\0", link_type=101, length=60)
        for number in (1, 2)
    )
    assert visit == [
        SourceRunStarted(run=1, hosts=hosts),
        FrameSeen(run=1, frame=first),
        VisitorAsked(run=1),
        FrameSeen(run=1, frame=second),
        SourceRunEnded(run=1),
    ]


async def test_a_child_that_dies_ends_its_visits_and_is_started_again_with_new_numbers() -> None:
    async with opened(child_that_says(READY, BEGAN, FRAME, then="")) as source:
        endings: list[LiveEvent] = []
        told = await told_until(
            source, lambda event: isinstance(event, SourceRunEnded) and bool(endings.append(event) or len(endings) == 2)
        )
    assert endings == [
        SourceRunEnded(run=run, problem="The capture stopped in the middle of this run.") for run in (1, 2)
    ]
    down = [event for event in told if isinstance(event, SourceStatus) and event.state is LabState.DOWN]
    assert down[0].sentence == "The capture on eth0 has stopped; it is being started again."


async def test_an_impossible_capture_is_told_once_and_not_tried_again() -> None:
    said = {"kind": "impossible", "sentence": "No right.", "remedy": "make live-rights"}
    async with opened(child_that_says(said, then="sys.exit(3)")) as source:
        _starting, impossible = await told_until(source, lambda _event: False)
    assert impossible == SourceImpossible(sentence="No right.", remedy="make live-rights")


async def test_an_interface_that_is_down_and_visits_that_were_missed_are_told() -> None:
    down = {"kind": "down", "sentence": "eth0 is down.", "remedy": "Plug it in."}
    missed = {"kind": "missed", "visits": 2, "frames": 9}
    async with opened(child_that_says(down, missed)) as source:
        *_starting, told, last = await told_until(source, lambda event: isinstance(event, VisitsMissed))
    assert told == SourceStatus(state=LabState.DOWN, sentence="eth0 is down.", remedy="Plug it in.")
    assert last == VisitsMissed(visits=2, frames=9)


async def test_closing_ends_the_child() -> None:
    async with opened(child_that_says(READY)) as source:
        await told_until(source, lambda event: isinstance(event, SourceStatus) and event.state is LabState.READY)
        assert source.child_pid is not None
        await source.close()
        assert source.child_pid is None
