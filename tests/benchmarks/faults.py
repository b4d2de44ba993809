"""What faults do, against what was asked and predicted: random orders in the real lab; and how long lost SYNs cost."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

from layersviz.core.host import Side
from layersviz.core.order import Deed, Fault, FrameKind, Order
from layersviz.core.timers import Clocks, syn_waits_s
from tests.benchmarks.figure import Figure
from tests.lab.asked import asked_of, befallen, came_otherwise, more, random_order
from tests.lab.lab_child import LabChild, Report
from tests.lab.test_faults_on_the_wire import played, watching

ORDERS, LABS, TIMES = 1_000, 20, 5
_FIRST_PORT, _PORTS = 35_310, 1_000


async def measure() -> list[Figure]:
    return [
        *[await asyncio.to_thread(_time_to_connect, textbook) for textbook in (False, True)],
        await asyncio.to_thread(_play_random_orders),
    ]


def _time_to_connect(textbook: bool) -> Figure:
    """Of several runs the one that is the farthest from the prediction."""
    order = Order(faults=(Fault(deed=Deed.LOSE, sender=Side.CLIENT, frame=FrameKind.SYN, count=2),), textbook=textbook)
    name = f"first 2 SYNs lost, {'textbook' if textbook else 'default'} timers: time to connect"
    with LabChild() as lab:
        lab.report()
        runs = [lab.play(run, **more(order)) for run in range(1, TIMES + 1)]
    refused = [run[-1]["sentence"] for run in runs if run[-1]["kind"] == "refused"]
    if refused:
        return Figure(name=name, value=refused[0], goal="")
    predicted = sum(syn_waits_s(Clocks(**runs[0][0]["clocks"]), 2))
    farthest = max((_connected_s(run) for run in runs), key=lambda took: abs(took - predicted))
    return Figure(name=name, value=f"{farthest:.3f} s", goal=f"{predicted:.1f} s, within 0.2 s")


def _connected_s(reports: list[Report]) -> float:
    """From the first SYN to the moment at which the client was ESTABLISHED."""
    frames = [report for report in reports if report["kind"] == "frame"]
    first = next(frame for frame in frames if frame.get("deed") == Deed.LOSE)
    connected = next(frame for frame in frames if frame["delivered"]["client"] == "ESTABLISHED")
    return float(connected["arrived_ns"] - first["time_ns"]) / 1e9


def _play_random_orders() -> Figure:
    with ThreadPoolExecutor(max_workers=LABS) as labs:
        done = list(labs.map(_play_some, range(LABS)))
    asked, touched, wrong = (sum(each[column] for each in done) for column in range(3))
    return Figure(
        name=f"{ORDERS:,} random orders: frames named and sent, touched, wrong or not as told",
        value=f"{asked:,}, {touched:,}, {wrong}",
        goal="equal, 0",
    )


def _play_some(share: int) -> tuple[int, int, int]:
    chance = random.Random(1_000 + share)
    asked = touched = wrong = 0
    with watching(_FIRST_PORT + _PORTS * share) as lab:
        lab.report()
        for run in range(1, ORDERS // LABS + 1):
            order = random_order(chance)
            reports = played(lab, run, order)
            named, changed, sentences = befallen(asked_of(order), reports)
            asked, touched = asked + named, touched + changed
            sentences += [sentence for sentence in [came_otherwise(reports)] if sentence]
            if reports[-1]["problem"]:
                sentences.append(reports[-1]["problem"])
            for sentence in sentences:
                print(f"{order}: {sentence}")
            wrong += len(sentences)
    return asked, touched, wrong
