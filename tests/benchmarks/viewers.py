"""3 kB to a thousand viewers of one room: by Daphne, by uvicorn, and by a bare `websockets` server beside them.

Each round takes all three in turn, so that whatever else the machine does befalls all alike; the medians of the rounds
are reported. A delay runs from the moment just before the owner of the room sends (it is in the message) until the
viewers' process has the octets in its hands. The processor time is that of the server's process, beyond what it needs
when nothing is said.
"""

from dataclasses import dataclass
from statistics import median

from tests.benchmarks.figure import Figure, percentile
from tests.benchmarks.process import load
from tests.benchmarks.room import listeners, speaking_server

VIEWERS = 1000
OCTETS = 3000
MESSAGES = 30
"""Fewer than a viewer's window, so that a round without acknowledgements is possible."""
EVERY_MS = 400
"""Acknowledgements come a quarter of a second after what they acknowledge: not while the next message is sent."""
ROUNDS = 3
IDLE_S = 5


@dataclass(frozen=True, slots=True)
class Round:
    """`p50_ms`, `p99_ms` of all arrivals; `cpu_us` of the server for each viewer's message. `lost` never arrived."""

    p50_ms: float
    p99_ms: float
    cpu_us: float
    lost: int


async def measure() -> list[Figure]:
    rounds = [
        [await one_round(kind, acknowledging=False) for kind in ("plain", "daphne", "uvicorn")] for _ in range(ROUNDS)
    ]
    plain, daphne, uvicorn = (_middle(list(each)) for each in zip(*rounds, strict=True))
    acknowledged = _middle([await one_round("daphne", acknowledging=True) for _ in range(ROUNDS)])
    return [
        _delays("bare websockets broadcast", plain, ""),
        _delays("Daphne", daphne, "< 80 / 120 ms"),
        _delays("Daphne, with acknowledgements and pings", acknowledged, "< 80 / 120 ms"),
        _delays("uvicorn without deflate", uvicorn, ""),
        _cost("Daphne", daphne, plain, "<= 4 times"),
        _cost("Daphne, with acknowledgements and pings", acknowledged, plain, ""),
        _cost("uvicorn without deflate", uvicorn, plain, "<= 1.5 times"),
    ]


async def one_round(kind: str, *, acknowledging: bool, viewers: int = VIEWERS) -> Round:
    """A server of its own, and all viewers anew."""
    async with (
        speaking_server(kind) as server,
        listeners(server.port, server.code, viewers, acknowledging=acknowledging) as crowd,
    ):
        await server.say(messages=2, every_ms=EVERY_MS, octets=OCTETS)
        await crowd.report()
        idle = await server.rest(IDLE_S)
        spent_s = await server.say(messages=MESSAGES, every_ms=EVERY_MS, octets=OCTETS, idle=idle)
        heard = (await crowd.report())["heard"]
    delays = [(at - int(sent)) / 1e6 for sent, arrivals in heard.items() for at in arrivals]
    sent = viewers * MESSAGES
    return Round(median(delays), percentile(delays, 99), spent_s * 1e6 / sent, sent - len(delays))


def _middle(rounds: list[Round]) -> Round:
    return Round(
        median(each.p50_ms for each in rounds),
        median(each.p99_ms for each in rounds),
        median(each.cpu_us for each in rounds),
        sum(each.lost for each in rounds),
    )


def _delays(name: str, measured: Round, goal: str) -> Figure:
    lost = f", {measured.lost} lost" if measured.lost else ""
    return Figure(
        name=f"3 kB to 1,000 viewers: {name}, p50 / p99",
        value=f"{measured.p50_ms:.0f} / {measured.p99_ms:.0f} ms{lost}",
        goal=goal,
    )


def _cost(name: str, measured: Round, plain: Round, goal: str) -> Figure:
    return Figure(
        name=f"server's CPU for each: {name}; bare; {load()}",
        value=f"{measured.cpu_us:.0f}; {plain.cpu_us:.0f} us = {measured.cpu_us / plain.cpu_us:.1f} times",
        goal=goal,
    )
