"""Fifty classes at once on one server, each with its lab, all pressing Start within a second."""

import asyncio
import random
import tempfile
import time
from contextlib import AsyncExitStack
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path

from tests.benchmarks.figure import Figure, p50_p99
from tests.benchmarks.process import children, load, proportional_mib
from tests.benchmarks.room import Presenter, presenter
from tests.web.live import LiveServer, live_server

ROOMS = 50
ROUNDS = 3
WITHIN_S = 1.0
QUIET_S = 3.0
PATIENCE_S = 120


async def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        if "SIMULATED" in server.read_until("Lab "):
            return [Figure(name=f"{ROOMS} rooms at once", value="not measured", goal="needs the lab")]
        alone_mib = _memory_mib(server)
        async with AsyncExitStack() as stack:
            codes, cookie = await asyncio.to_thread(open_rooms, server, ROOMS - 1)
            teachers = [
                await stack.enter_async_context(presenter(server.host, code, cookie)) for code in (server.code, *codes)
            ]
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*(each.until("lab ready") for each in teachers))
            delays = [delay for _ in range(ROUNDS) for delay in await _press_all(teachers)]
            each_mib = (_memory_mib(server) - alone_mib) / (ROOMS - 1)
    return [
        Figure(
            name=f"{ROOMS} rooms press Start within 1 s: press to first frame, p50 / p99; {load()}",
            value=p50_p99(delays),
            goal="p99 < 1.5 s",
        ),
        Figure(name="memory for a room, its lab too", value=f"{each_mib:.1f} MB", goal="< 30 MB"),
    ]


def open_rooms(server: LiveServer, count: int) -> tuple[list[str], str]:
    """As the presenter's page does; gives the codes, and the cookie of the session that presents them all."""
    cookies = SimpleCookie({"sessionid": server.presenter})
    connection = HTTPConnection(server.host, timeout=PATIENCE_S)
    _ask(connection, "GET", "/", cookies)
    addresses = [_ask(connection, "POST", "/rooms/", cookies) for _ in range(count)]
    return [address.split("/")[2] for address in addresses], f"sessionid={cookies['sessionid'].value}"


def _ask(connection: HTTPConnection, method: str, path: str, cookies: SimpleCookie) -> str:
    """Where the answer leads; what it sets is kept in `cookies`."""
    token = cookies["csrftoken"].value if "csrftoken" in cookies else ""
    headers = {
        "Cookie": cookies.output(attrs=[], header="", sep=";").strip(),
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": token,
    }
    connection.request(method, path, body="" if method == "POST" else None, headers=headers)
    answer = connection.getresponse()
    answer.read()
    for line in answer.headers.get_all("Set-Cookie", []):
        cookies.load(line)
    return answer.headers.get("Location", "")


async def _press_all(teachers: list[Presenter]) -> list[float]:
    """Milliseconds from each press to that room's first frame."""
    await asyncio.sleep(QUIET_S)
    async with asyncio.timeout(PATIENCE_S):
        delays = await asyncio.gather(*(_press(each) for each in teachers))
        await asyncio.gather(*(each.until("run_kept") for each in teachers))
    return delays


async def _press(teacher: Presenter) -> float:
    teacher.forget()
    await asyncio.sleep(random.uniform(0, WITHIN_S))
    pressed_ns = time.monotonic_ns()
    await teacher.press("start", cold=True)
    return (await teacher.until("frame_added") - pressed_ns) / 1e6


def _memory_mib(server: LiveServer) -> float:
    pid = server.process.pid
    return proportional_mib(pid) + sum(proportional_mib(child) for child in children(pid))
