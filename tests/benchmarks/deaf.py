"""Viewers that never read and never answer: the memory that each costs, and whether others hear any later for them.

Rounds on servers of their own, in turn without and with the deaf ones: the same attentive viewers, the same messages.
A deaf viewer's own end keeps next to nothing, as one far away would keep it on its own machine: what is measured is
what the server's process holds for it, and its kernel.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.figure import Figure, percentile
from tests.benchmarks.listeners import ask_to_join
from tests.benchmarks.process import load, resident_mib, tcp_buffers_mib
from tests.benchmarks.room import JOIN, SpeakingServer, listeners, speaking_server

DEAF = 20
ATTENTIVE = 200
ROUNDS = 3
SMALL, LARGE = 3_000, 20_000
"""Octets of a message; the large one is as long as a frame's."""
MESSAGES, EVERY_MS = 150, 20
"""More than twice a viewer's window."""
FAR_END_OCTETS = 4096


@dataclass(frozen=True, slots=True)
class Round:
    process_mib: float
    kernel_mib: float
    p99_ms: float


async def measure() -> list[Figure]:
    return [*await _measure(SMALL), *await _measure(LARGE)]


async def _measure(octets: int) -> list[Figure]:
    pairs = [(await one_round(0, octets), await one_round(DEAF, octets)) for _ in range(ROUNDS)]
    process = median(beside.process_mib - without.process_mib for without, beside in pairs) / DEAF
    kernel = median(beside.kernel_mib - without.kernel_mib for without, beside in pairs) / DEAF
    without_ms, beside_ms = (median(each.p99_ms for each in column) for column in zip(*pairs, strict=True))
    return [
        Figure(
            name=f"memory for one of {DEAF} who never read {octets // 1000} kB messages: process, kernel",
            value=f"{process:.2f}, {kernel:.2f} MB",
            goal="< 1 MB",
        ),
        Figure(
            name=f"p99 of {ATTENTIVE} others beside them; without them; {load()}",
            value=f"{beside_ms:.0f}; {without_ms:.0f} ms",
            goal="no effect",
        ),
    ]


async def one_round(deaf: int, octets: int) -> Round:
    async with speaking_server("daphne") as server, listeners(server.port, server.code, ATTENTIVE) as crowd:
        await server.say(messages=MESSAGES, every_ms=EVERY_MS, octets=octets)  # what it takes for anybody
        process, kernel = resident_mib(server.pid), tcp_buffers_mib()
        await crowd.report()
        with deaf_viewers(server, deaf):
            await server.say(messages=MESSAGES, every_ms=EVERY_MS, octets=octets)
            process, kernel = resident_mib(server.pid) - process, tcp_buffers_mib() - kernel
            heard = (await crowd.report())["heard"]
    delays = [(at - int(sent)) / 1e6 for sent, arrivals in heard.items() for at in arrivals]
    return Round(process, kernel, percentile(delays, 99))


@contextmanager
def deaf_viewers(server: SpeakingServer, count: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(ask_to_join(server.port, JOIN.format(code=server.code), receive_octets=FAR_END_OCTETS))
        yield
