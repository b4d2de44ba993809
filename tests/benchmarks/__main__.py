"""`python -m tests.benchmarks [name ...]`: run all benchmarks, or those named, and print a table."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from tests.benchmarks import (
    agreement,
    back,
    captures,
    choosing,
    crowd,
    deaf,
    drawing,
    faults,
    lab_back,
    latency,
    lesson,
    lighthouse,
    presses,
    rooms,
    scenes,
    startup,
    together,
    viewers,
    weight,
)
from tests.benchmarks.figure import Figure

BENCHMARKS: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "startup": startup.measure,
    "latency": latency.measure,
    "presses": presses.measure,
    "drawing": drawing.measure,
    "weight": weight.measure,
    "lighthouse": lighthouse.measure,
    "agreement": agreement.measure,
    "captures": captures.measure,
    "choosing": choosing.measure,
    "viewers": viewers.measure,
    "crowd": crowd.measure,
    "rooms": rooms.measure,
    "deaf": deaf.measure,
    "together": together.measure,
    "back": back.measure,
    "lab_back": lab_back.measure,
    "lesson": lesson.measure,
    "scenes": scenes.measure,
    "faults": faults.measure,
}


async def main(names: list[str]) -> None:
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}: choose from {', '.join(BENCHMARKS)}.")
    for name in names or BENCHMARKS:
        for figure in await BENCHMARKS[name]():
            print(figure.row(), flush=True)


if __name__ == "__main__":
    print(Figure.HEAD, flush=True)
    asyncio.run(main(sys.argv[1:]))
