"""From the press to the first frame on the page, and from the wire to the browser, beside `tshark -l` on that very wire."""

import asyncio
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.benchmarks.figure import Figure, p50_p99
from tests.benchmarks.tshark import Tshark
from tests.browser.ensure_chromium import ARGUMENTS, WITHOUT, find_chromium
from tests.web.live import LiveServer, live_server

PRESSES = 40
PATIENCE_S = 10

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
  const spin = () => { const now = Date.now(); if (now === before) queueMicrotask(spin); else done(now - performance.now()); };
  spin();
})"""
"""Milliseconds since 1970 at the page's own zero: taken at a tick of the system's clock, which pages see in whole ms."""
PRESS = """() => new Promise((done) => {
  const place = document.querySelector("lv-status .title");
  const [start] = [...document.querySelectorAll("button")].filter((each) => each.textContent === "Start handshake");
  const caption = document.querySelector("lv-ladder");
  window.heard.length = 0;
  const began = performance.now();
  const look = () => {
    const first = window.heard.find(([, data]) => data.includes('"kind":"frame_added"'));
    if (first === undefined) requestAnimationFrame(look);
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
    tshark = Tshark.beside(server) if shutil.which("tshark") else None
    if tshark is not None:
        await tshark.start()
    presses, to_browser, frames = [], [], set()
    for _ in range(PRESSES):
        zero_ms = await page.evaluate(CALIBRATE)
        presses.append(await page.evaluate(PRESS))
        for heard_ms, message in await _whole_run(page):
            time_ns = message["journey"]["time_ns"]
            frames.add(time_ns)
            to_browser.append(zero_ms + heard_ms - time_ns / 1e6)
    figures = [
        Figure(
            name=f"press to first frame on the page, p50 / p99 of {PRESSES}", value=p50_p99(presses), goal="< 150 ms"
        ),
        Figure(
            name=f"frame on the wire to message in the browser, p50 / p99 of {len(to_browser)}",
            value=p50_p99(to_browser),
            goal="< 5 / 20 ms, and below tshark -l",
        ),
    ]
    if tshark is not None:
        printed = await tshark.stop()
        delays = [delay for time_ns, delay in printed if any(abs(time_ns - frame) < 50_000 for frame in frames)]
        value = p50_p99(delays) if delays else "printed nothing"
        figures.append(
            Figure(name=f"the same wire, tshark -l to its line, p50 / p99 of {len(delays)}", value=value, goal="")
        )
    return figures


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
