"""From the press of a scene at the start desk, by the mouse, to its first frame: heard by the page, and drawn."""

import asyncio
import json
import tempfile
from pathlib import Path

from tests.benchmarks.figure import Figure, p50_p99
from tests.benchmarks.latency import ASK_PAUSE, RECORD_MESSAGES
from tests.benchmarks.plain_chromium import PlainPage, plain_page
from tests.benchmarks.process import load
from tests.browser.ensure_chromium import WITHOUT, find_chromium
from tests.web.live import live_server

SCENES = (
    *("handshake", "refused", "large", "close", "reset", "half-close", "simultaneous-open"),
    *("udp-echo", "udp-closed-port", "udp-lost"),
)
"""Those whose runs are over at once."""
TIMES, REST_S = 5, 0.5
NAMES = tuple(
    f"press of a scene to its first frame over {version}: {end}"
    for version in ("IPv4", "IPv6")
    for end in ("its message", "its picture")
)

OPEN_DESK = """async () => {
  [...document.querySelectorAll("button")].find((each) => each.textContent === "Scene and faults").click();
  while (document.querySelector("dialog.start-desk[open]") === null) await new Promise(requestAnimationFrame);
  const ipv6 = document.querySelector("dialog.start-desk .around input[type=checkbox]");
  if (ipv6.checked !== %(ipv6)s) ipv6.click();
  const scene = document.querySelector('dialog.start-desk [data-scene="%(scene)s"]');
  scene.scrollIntoView({block: "center", behavior: "instant"});
  const {x, y, width, height} = scene.getBoundingClientRect();
  await new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled)));
  return [x + width / 2, y + height / 2];
}"""
"""Where the scene's button is to be pressed, in pixels of the page."""
WATCH = """() => {
  window.heard.length = 0;
  let pressed = 0, heard = 0;
  addEventListener("click", (event) => { pressed = event.timeStamp; }, {capture: true, once: true});
  const changed = {subtree: true, childList: true, characterData: true, attributes: true};
  const drawn = new Promise((painted) => {
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      requestAnimationFrame(() => painted(performance.now()));
    });
    window.onFrame = () => {
      if (heard === 0) { heard = performance.now(); watcher.observe(document.querySelector("main"), changed); }
    };
  });
  const closed = new Promise((heard) => { window.onRunClosed = heard; });
  window.measured = new Promise((done, fail) => {
    setTimeout(() => fail(new Error("no whole run came within 10 s of the press")), 10_000);
    closed.then(() => drawn).then((at) => done([heard - pressed, at - pressed]));
  });
}"""
"""Milliseconds from the mouse's own event to the first frame's message, and to the moment behind its first picture."""


async def measure() -> list[Figure]:
    chromium = find_chromium(with_a_window=True)
    if chromium is None:
        return [Figure(name=name, value="not measured", goal=WITHOUT) for name in NAMES]
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        if "SIMULATED" in server.read_until("Lab "):
            return [Figure(name=name, value="not measured", goal="needs the lab") for name in NAMES]
        async with plain_page(chromium) as page:
            await page.present(server, first=RECORD_MESSAGES)
            await _press(page, "handshake", ipv6=False)  # the lab is up, and the start desk has come
            waits = [wait for ipv6 in (False, True) for wait in await _waits_ms(page, ipv6=ipv6)]
    return [
        Figure(name=f"{name}, p50 / p99 of {len(each)}; {load()}", value=p50_p99(each), goal="< 150 ms")
        for name, each in zip(NAMES, waits, strict=True)
    ]


async def _waits_ms(page: PlainPage, *, ipv6: bool) -> tuple[list[float], list[float]]:
    """To the messages, and to the pictures."""
    both = [await _press(page, scene, ipv6=ipv6) for _time in range(TIMES) for scene in SCENES]
    return [message for message, _picture in both], [picture for _message, picture in both]


async def _press(page: PlainPage, scene: str, *, ipv6: bool) -> tuple[float, float]:
    await page.evaluate(ASK_PAUSE)
    await asyncio.sleep(REST_S)
    x, y = await page.evaluate(OPEN_DESK % {"scene": scene, "ipv6": json.dumps(ipv6)})
    await page.evaluate(WATCH)
    for kind in ("mousePressed", "mouseReleased"):
        await page.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    message, picture = await page.evaluate("() => window.measured")
    return message, picture
