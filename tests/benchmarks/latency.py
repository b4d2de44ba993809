"""From the press to the first frame on the page, and from the wire to the browser, beside `tshark -l` on that wire."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure, p50_p99
from tests.benchmarks.plain_chromium import PlainPage, plain_page
from tests.benchmarks.tshark import Tshark
from tests.browser.ensure_chromium import WITHOUT, find_chromium
from tests.web.live import LiveServer, live_server

PRESSES = 30
QUIET_S = 1.2
"""The page takes no second press within a second, and its story shall rest."""
SAME_FRAME_NS = 50_000
"""Two sockets that see one frame give it times that differ by less."""

ASK_PAUSE = """() => document.querySelector("lv-controls").dispatchEvent(
  new CustomEvent("lv-ask", {bubbles: true, detail: {kind: "pause"}}))"""

RECORD_MESSAGES = """
window.heard = [];
window.onFrame = window.onRunClosed = () => {};
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({data}) => {
      window.heard.push([performance.now(), data]);
      if (data.startsWith('{"kind":"frame_added"')) window.onFrame();
      if (data.startsWith('{"kind":"run_closed"')) window.onRunClosed();
    });
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
  const changed = {subtree: true, childList: true, characterData: true, attributes: true};
  const drawn = new Promise((painted) => {
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(() => painted(performance.now() - began));
    });
    window.onFrame = () => watcher.observe(document.querySelector("main"), changed);
  });
  const closed = new Promise((heard) => { window.onRunClosed = heard; });
  setTimeout(() => fail(new Error("no whole run came within 5 s of the press")), 5000);
  start.click();
  closed.then(() => drawn).then(done);
})"""
"""Milliseconds from the press to the first picture behind the first frame; nobody asks the page anything meanwhile."""


Press = Callable[[PlainPage, LiveServer], Awaitable[list[Figure]]]


async def measure() -> list[Figure]:
    chromium = find_chromium(with_a_window=True)
    if chromium is None:
        return [Figure(name="press to first frame; wire to browser", value="not measured", goal=WITHOUT)]
    figures = await _measure(chromium, _press_many_times)
    return figures + await _measure(chromium, _press_in_bursts, LAB_WIRE_DELAY_MS="0")


async def _measure(chromium: str, press: Press, **environment: str) -> list[Figure]:
    with tempfile.TemporaryDirectory() as var, live_server(Path(var), **environment) as server:
        if "SIMULATED" in server.read_until("Lab "):
            return [Figure(name="press to first frame; wire to browser", value="not measured", goal="needs the lab")]
        async with plain_page(chromium) as page:
            await page.present(server, first=RECORD_MESSAGES)
            return await press(page, server)


async def _press_many_times(page: PlainPage, server: LiveServer) -> list[Figure]:
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


async def _press_in_bursts(page: PlainPage, _server: LiveServer) -> list[Figure]:
    """On a wire without a length a whole run takes one millisecond: frames wait for those before them."""
    series = await _series(page)
    name = f"the same on a wire without a length, p50 / p99 of {len(series.delay_ms)}"
    return [Figure(name=name, value=p50_p99(series.delay_ms), goal="")]


async def _beside_tshark(page: PlainPage, server: LiveServer) -> list[Figure]:
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


async def _series(page: PlainPage) -> _Series:
    """Many presses, each on a page whose story rests."""
    series = _Series()
    for _ in range(PRESSES):
        await page.evaluate(ASK_PAUSE)
        await asyncio.sleep(QUIET_S)
        zero_ms = await page.evaluate(CALIBRATE)
        series.press_ms.append(await page.evaluate(PRESS))
        for heard_ms, message in await _frames_heard(page):
            series.time_ns.add(message["journey"]["time_ns"])
            series.delay_ms.append(zero_ms + heard_ms - message["journey"]["time_ns"] / 1e6)
    return series


async def _frames_heard(page: PlainPage) -> list[tuple[float, dict[str, Any]]]:
    """When each frame's message was heard (the page's clock, ms)."""
    heard = [(at, json.loads(text)) for at, text in await page.evaluate("() => window.heard")]
    return [(at, message) for at, message in heard if message["kind"] == "frame_added"]
