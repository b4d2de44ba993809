"""From the press to the first frame on the page, and from the wire to the browser, beside `tshark -l` on that wire."""

import asyncio
import json
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.benchmarks.figure import Figure, p50_p99
from tests.benchmarks.tshark import Tshark
from tests.browser.ensure_chromium import ARGUMENTS, WITHOUT, find_chromium
from tests.web.live import LiveServer, live_server

PRESSES = 30
PATIENCE_S = 10
QUIET_S = 1.2
"""The page takes no second press within a second, and its story shall rest."""
SAME_FRAME_NS = 50_000
"""Two sockets that see one frame give it times that differ by less."""

ASK_PAUSE = """() => document.querySelector("lv-controls").dispatchEvent(
  new CustomEvent("lv-ask", {bubbles: true, detail: {kind: "pause"}}))"""

RECORD_MESSAGES = """
window.heard = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({data}) => window.heard.push([performance.now(), data]));
  }
};
"""
CALIBRATE = """() => new Promise((done) => {
  const before = Date.now();
  const spin = () => {
    const now = Date.now();
    if (now === before) queueMicrotask(spin); else done(now - performance.now());
  };
  spin();
})"""
"""Milliseconds since 1970 at the page's own zero: taken at a tick of the clock, which pages see in whole ms."""
PRESS = """() => new Promise((done, fail) => {
  const [start] = [...document.querySelectorAll("button")].filter((each) => each.textContent === "Start handshake");
  window.heard.length = 0;
  const began = performance.now();
  const look = () => {
    const first = window.heard.find(([, data]) => data.includes('"kind":"frame_added"'));
    if (performance.now() - began > 5000) fail(new Error("no frame came within 5 s of the press"));
    else if (first === undefined) requestAnimationFrame(look);
    else requestAnimationFrame(() => done(performance.now() - began));
  };
  start.click();
  requestAnimationFrame(look);
})"""


async def measure() -> list[Figure]:
    chromium = find_chromium()
    if chromium is None:
        return [Figure(name="press to first frame; wire to browser", value="not measured", goal=WITHOUT)]
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        if "SIMULATED" in server.read_until("Lab "):
            return [Figure(name="press to first frame; wire to browser", value="not measured", goal="needs the lab")]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            page = await browser.new_page()
            await page.add_init_script(RECORD_MESSAGES)
            await page.goto(f"http://{server.host}/")
            figures = await _press_many_times(page, server)
            await browser.close()
            return figures


async def _press_many_times(page: Page, server: LiveServer) -> list[Figure]:
    alone = await _series(page)
    figures = [
        Figure(
            name=f"press to first frame on the page, p50 / p99 of {PRESSES}",
            value=p50_p99(alone.press_ms),
            goal="< 150 ms",
        ),
        Figure(
            name=f"frame on the wire to message in the browser, p50 / p99 of {len(alone.delay_ms)}",
            value=p50_p99(alone.delay_ms),
            goal="< 5 / 20 ms",
        ),
    ]
    return figures + (await _beside_tshark(page, server) if shutil.which("tshark") else [])


async def _beside_tshark(page: Page, server: LiveServer) -> list[Figure]:
    """Both at once, on the same frames."""
    tshark = Tshark.beside(server)
    await tshark.start()
    ours = await _series(page)
    printed = await tshark.stop()
    theirs = [
        delay for time_ns, delay in printed if any(abs(time_ns - ours_ns) < SAME_FRAME_NS for ours_ns in ours.time_ns)
    ]
    return [
        Figure(
            name="the same while tshark captures, p50 / p99", value=p50_p99(ours.delay_ms), goal="below the next line"
        ),
        Figure(
            name=f"tshark -l on that wire, to its line, p50 / p99 of {len(theirs)}",
            value=p50_p99(theirs) if theirs else "printed nothing",
            goal="",
        ),
    ]


@dataclass(slots=True)
class _Series:
    """Milliseconds from each press to its first frame, and from the wire to the browser for each frame."""

    press_ms: list[float] = field(default_factory=list)
    delay_ms: list[float] = field(default_factory=list)
    time_ns: set[int] = field(default_factory=set)


async def _series(page: Page) -> _Series:
    """Many presses, each on a page whose story rests."""
    series = _Series()
    for _ in range(PRESSES):
        await page.evaluate(ASK_PAUSE)
        await asyncio.sleep(QUIET_S)
        zero_ms = await page.evaluate(CALIBRATE)
        series.press_ms.append(await page.evaluate(PRESS))
        for heard_ms, message in await _whole_run(page):
            series.time_ns.add(message["journey"]["time_ns"])
            series.delay_ms.append(zero_ms + heard_ms - message["journey"]["time_ns"] / 1e6)
    return series


async def _whole_run(page: Page) -> list[tuple[float, dict[str, Any]]]:
    """When each frame's message was heard (the page's clock, ms), once the run is over."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        heard = [(at, json.loads(text)) for at, text in await page.evaluate("() => window.heard")]
        kinds = [message["kind"] for _, message in heard]
        states = [message["lab"]["state"] for _, message in heard if message["kind"] == "lab_moved"]
        if "run_closed" in kinds and states and states[-1] == "ready":
            return [(at, message) for at, message in heard if message["kind"] == "frame_added"]
        await asyncio.sleep(0.01)
    raise TimeoutError("the run did not end")
