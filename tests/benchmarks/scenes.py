"""Every scene over IPv4 and IPv6, many times in the real lab: did it show exactly what was asked, and how soon."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from layersviz.core.order import Order
from layersviz.lab.scenes import SCENES
from tests.benchmarks.figure import Figure, p50_p99
from tests.lab.asked import asked_of, befallen, came_otherwise
from tests.lab.frames import frames_of
from tests.lab.lab_child import LabChild, Report
from tests.lab.test_faults_on_the_wire import watching
from tests.lab.test_scenes import FRAMES, base, in_short, play

RUNS, LABS = 20, 8
_FIRST_PORT, _PORTS = 35_310, 1_000


async def measure() -> list[Figure]:
    wrong, waits_ms = await asyncio.to_thread(_play_all)
    for sentence in wrong:
        print(sentence)
    asked = RUNS * len(SCENES)
    return [
        Figure(
            name=f"{len(SCENES) // 2} scenes, IPv4 and IPv6, {RUNS} runs each, exactly as asked",
            value=f"{asked - len(wrong):,} of {asked:,}",
            goal="all",
        ),
        Figure(
            name="order of a scene to its first frame in the lab, p50 / p99", value=p50_p99(waits_ms), goal="< 150 ms"
        ),
    ]


def _play_all() -> tuple[list[str], list[float]]:
    with ThreadPoolExecutor(max_workers=LABS) as labs:
        shares = [list(SCENES)[share::LABS] for share in range(LABS)]
        done = list(labs.map(_play_some, shares, range(_FIRST_PORT, 60_000, _PORTS)))
    return [sentence for wrong, _waits in done for sentence in wrong], [
        wait for _wrong, waits in done for wait in waits
    ]


def _play_some(scenes: list[str], first_port: int) -> tuple[list[str], list[float]]:
    wrong, waits_ms = [], []
    with watching(first_port) as lab:
        ready = lab.report()
        if ready["kind"] != "ready":
            return [f"{scene}: {ready['sentence']}" for scene in scenes for _run in range(RUNS)], [0.0]
        for scene in scenes:
            for run in range(1, RUNS + 1):
                waits_ms.append(_first_frame_ms(lab, run, scene))
                reports = play(lab, RUNS + run, cold=False, scene=scene)
                if found := list(_what_is_wrong(scene, reports)):
                    wrong.append(f"{scene}, run {run}: {'; '.join(found)}")
    return wrong, waits_ms


def _first_frame_ms(lab: LabChild, run: int, scene: str) -> float:
    """From the order to the first that is told of a frame; the rest of the run is not waited for, but stopped."""
    began = time.perf_counter()
    lab.order(run, scene=scene)
    report = lab.report()
    while report["kind"] not in ("frame", "taken"):
        report = lab.report()
    waited_ms = (time.perf_counter() - began) * 1000
    lab.say(f'{{"kind":"stop","run":{run}}}')
    lab.reports_until("run_ended")
    return waited_ms


def _what_is_wrong(scene: str, reports: list[Report]) -> Iterator[str]:
    row, name = SCENES[scene], base(scene)
    asked, touched, wrong = befallen(asked_of(Order(scene=name)), reports)
    frames = [frame for frame in frames_of(reports) if not frame.is_resolution]
    names = [frame.name.replace("ICMP 1/4", "ICMP 3/3") for frame in frames]
    yield from wrong
    if reports[-1]["problem"]:
        yield reports[-1]["problem"]
    if asked != touched or asked < len(asked_of(Order(scene=name))):
        yield f"{asked} frames were named and {touched} touched"
    if name in FRAMES and in_short(names) != in_short(FRAMES[name]):
        yield f"the frames were {names}"
    if sentence := came_otherwise(reports):
        yield sentence
    if (
        row.ends is not None
        and row.then is None
        and name != "held-syn"
        and frames[-1].report["delivered"]
        != {
            "client": row.ends.client,
            "server": row.ends.server,
        }
    ):
        yield f"it ended as {frames[-1].report['delivered']}"
