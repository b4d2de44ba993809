"""A lesson with 200 viewers: does the memory of web and worker grow? LESSON_MINUTES says how long it is; without it 5.

Each minute the presenter starts a run, plays, pauses, steps on and back and seeks, while a tenth of the class leaves
and comes back. An hour is the figure to report: `LESSON_MINUTES=60 .venv/bin/python -m tests.benchmarks lesson`.
"""

import asyncio
import os
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.figure import Figure
from tests.benchmarks.process import children, load, own_mib
from tests.benchmarks.room import Presenter, listeners, presenter
from tests.web.live import LiveServer, live_server

MINUTES = float(os.environ.get("LESSON_MINUTES", "5"))
STEADY_AFTER = 1 / 6
"""Of the lesson: ten minutes of an hour."""
STAYING, COMING = 180, 20
SAMPLE_EVERY_S = 2.0
AT_ONCE = 5
"""Samples whose median is one end of the comparison."""


async def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        server.read_until("Lab ")
        async with (
            listeners(server.port, server.code, STAYING) as crowd,
            presenter(server.host, server.code, server.cookie) as teacher,
        ):
            sampling = asyncio.create_task(_sample(server.process.pid))
            runs = await _teach(teacher, server)
            sampling.cancel()
            samples = await sampling
            cut = (await crowd.report())["cut"]
    return [*_growth(samples), Figure(name=f"{runs} runs; viewers cut; {load()}", value=str(cut), goal="none")]


async def _teach(teacher: Presenter, server: LiveServer) -> int:
    """Gives the number of runs."""
    clock = asyncio.get_running_loop().time
    end, runs = clock() + MINUTES * 60, 0
    while clock() < end:
        async with listeners(server.port, server.code, COMING):
            await _show_one_run(teacher)
        runs += 1
    return runs


async def _show_one_run(teacher: Presenter) -> None:
    teacher.forget()
    await teacher.press("start", cold=True)
    await teacher.until("run_closed")
    for kind, rest in (
        *(("pause", {}), ("seek", {"instant_ms": 0})),
        *(10 * [("move_step", {"by": 1})]),
        *(4 * [("move_step", {"by": -1})]),
        *(("move_frame", {"by": 1}), ("set_rate", {"rate": 2}), ("play", {}), ("set_rate", {"rate": 1})),
        *(("seek", {"instant_ms": 20_000}), ("play", {})),
    ):
        await teacher.press(kind, **rest)
        await asyncio.sleep(2.5)


async def _sample(pid: int) -> list[tuple[float, float]]:
    """MiB of web and worker (one process) and of its children, until it is cancelled."""
    samples = []
    try:
        while True:
            samples.append((own_mib(pid), sum(own_mib(child) for child in children(pid))))
            await asyncio.sleep(SAMPLE_EVERY_S)
    except asyncio.CancelledError:
        return samples


def _growth(samples: list[tuple[float, float]]) -> list[Figure]:
    steady = samples[int(len(samples) * STEADY_AFTER) :]
    figures = []
    for name, column in zip(("web and worker", "lab"), zip(*steady, strict=True), strict=True):
        first, last = median(column[:AT_ONCE]), median(column[-AT_ONCE:])
        value = f"{first:.1f} to {last:.1f} MB = {last / first - 1:+.1%}"
        figures.append(Figure(name=f"{MINUTES:g} minutes, 200 viewers: memory of {name}", value=value, goal="< 5 %"))
    return figures
