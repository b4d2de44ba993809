"""The lab's process killed: how long until its class is told that the next one is ready."""

import os
import signal
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.figure import Figure
from tests.benchmarks.process import load
from tests.browser.lab_process import lab_of
from tests.web.live import LiveServer, WebSocketClient, live_server, websocket

ROUNDS = 3
"""In a row: each time there is a longer pause before the next one."""


async def measure() -> list[Figure]:
    name, goal = f"lab killed, until its class is told that the next is ready; {load()}", "worst < 2 s"
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        if "SIMULATED" in server.read_until("Lab "):
            return [Figure(name=name, value="not measured", goal="This kernel forbids the lab.")]
        async with websocket(server.host, f"/ws/show/{server.code}/") as viewer:
            await viewer.read_until("snapshot")
            took = [await _until_ready_again(server, viewer) for _ in range(ROUNDS)]
    return [Figure(name=name, value=f"{median(took):.2f}, worst {max(took):.2f} s of {ROUNDS}", goal=goal)]


async def _until_ready_again(server: LiveServer, viewer: WebSocketClient) -> float:
    """Seconds."""
    os.kill(lab_of(server), signal.SIGKILL)
    began = time.monotonic()
    while (await viewer.read_until("lab_moved"))["lab"]["state"] != "ready":
        pass
    return time.monotonic() - began
