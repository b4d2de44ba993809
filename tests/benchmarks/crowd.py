"""Five thousand viewers of one room, one Daphne process: who gets in, who is cut off, how late the last ones hear."""

import asyncio
from contextlib import AsyncExitStack

from tests.benchmarks.figure import Figure, p50_p99
from tests.benchmarks.process import load, raise_file_limit
from tests.benchmarks.room import listeners, speaking_server
from tests.benchmarks.viewers import OCTETS

VIEWERS = 5000
PROCESSES = 2
MESSAGES, EVERY_MS = 15, 2000
ROOM_FOR_OTHER_FILES = 200


async def measure() -> list[Figure]:
    limit = raise_file_limit()
    viewers = min(VIEWERS, limit - ROOM_FOR_OTHER_FILES)
    async with speaking_server("daphne") as server, AsyncExitStack() as stack:
        share = viewers // PROCESSES
        crowds = [await stack.enter_async_context(listeners(server.port, server.code, share)) for _ in range(PROCESSES)]
        await server.say(messages=1, every_ms=EVERY_MS, octets=OCTETS)
        await asyncio.gather(*(each.report() for each in crowds))
        await server.say(messages=MESSAGES, every_ms=EVERY_MS, octets=OCTETS)
        reports = [await each.report() for each in crowds]
    delays = [(at - int(sent)) / 1e6 for report in reports for sent, all_at in report["heard"].items() for at in all_at]
    connected = sum(report["connected"] for report in reports)
    cut = sum(report["cut"] for report in reports)
    bound = "" if viewers == VIEWERS else f" (this machine allows {limit} open files)"
    return [
        Figure(
            name=f"viewers of one room{bound}", value=f"{connected:,} connected, {cut} cut", goal=f"{VIEWERS:,}, none"
        ),
        Figure(name=f"3 kB to each of them, p50 / p99; {load()}", value=p50_p99(delays), goal="p99 < 1 s"),
        Figure(name="of their messages never heard", value=str(connected * MESSAGES - len(delays)), goal="none"),
    ]
