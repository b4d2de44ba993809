"""How long a teacher waits: `make run` in a ready environment, to the first page and to a lab that can play."""

import asyncio
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from tests.benchmarks.figure import Figure
from tests.web.live import PROJECT, free_port, websocket

ROUNDS = 5
PATIENCE_S = 30


async def measure() -> list[Figure]:
    pages, labs = [], []
    with tempfile.TemporaryDirectory() as var:
        await _start_once(Path(var))  # the first start collects the static files
        for _ in range(ROUNDS):
            page_s, lab_s = await _start_once(Path(var))
            pages.append(page_s)
            labs.append(lab_s - page_s)
    return [
        Figure(name="`make run` to page served, median of 5", value=f"{median(pages):.2f} s", goal="< 3 s"),
        Figure(name="from then to the lab ready", value=f"{max(0, median(labs) * 1000):.0f} ms", goal="< 500 ms"),
    ]


async def _start_once(var: Path) -> tuple[float, float]:
    """Seconds from the command to the page, and to the lab."""
    port = free_port()
    environment = {**os.environ, "VAR_DIR": str(var)}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *("make", "--silent", "run", f"PORT={port}"),
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        await asyncio.to_thread(_wait_for_page, f"http://127.0.0.1:{port}/")
        page_s = time.perf_counter() - began
        await _wait_for_lab(f"127.0.0.1:{port}", await _code(process))
        return page_s, time.perf_counter() - began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


def _wait_for_page(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.005)
        else:
            return
    raise TimeoutError(f"{url} was not served within {PATIENCE_S} s")


async def _code(process: asyncio.subprocess.Process) -> str:
    """Of the class that it has made, as it prints it."""
    assert process.stdout is not None
    async for line in process.stdout:
        if b"/show/" in line:
            return line.decode().partition("/show/")[2][:6]
    raise AssertionError("it has ended without an address")


async def _wait_for_lab(host: str, code: str) -> None:
    async with asyncio.timeout(PATIENCE_S), websocket(host, f"/ws/show/{code}/") as socket:
        lab = (await socket.read_until("snapshot"))["lab"]
        while lab["state"] != "ready":
            lab = (await socket.read_until("lab_moved"))["lab"]
