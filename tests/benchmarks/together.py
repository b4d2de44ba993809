"""One presenter and several followers, each in a Chromium of its own: how far apart they are.

The moment at which a page shows a step's caption is the moment at which its instant reaches that step. All pages run on
this machine, so they share one clock.
"""

import asyncio
import json
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure, p50_p99
from tests.benchmarks.plain_chromium import PlainPage, plain_page
from tests.benchmarks.process import load
from tests.benchmarks.room import PRESENT_PAGE, SHOW_PAGE
from tests.browser.ensure_chromium import WITHOUT, find_chromium
from tests.web.live import live_server

FOLLOWERS = 2
SCREEN = {"width": 800, "height": 600, "deviceScaleFactor": 1, "mobile": False}
"""Small, because one processor draws all of them."""
PLAYED_S = 45
PRESSES = 30
BETWEEN_S = 1.0
"""A step's movement is over by then."""

RECORD_STEPS = """
window.shown = [];
new MutationObserver(() => {
  const place = document.querySelector("lv-caption")?.textContent;
  if (place === undefined || place === window.shown.at(-1)?.[1]) return;
  window.shown.push([performance.timeOrigin + performance.now(), place]);
}).observe(document, {subtree: true, childList: true, characterData: true});
"""
ASK = """() => {{
  const now = performance.timeOrigin + performance.now();
  document.querySelector("lv-controls").dispatchEvent(new CustomEvent("lv-ask", {{bubbles: true, detail: {wish}}}));
  return now;
}}"""
START = """() => [...document.querySelectorAll("lv-controls button.primary")][0].click()"""


async def measure() -> list[Figure]:
    chromium = find_chromium(with_a_window=True)
    if chromium is None:
        return [Figure(name="presenter and followers: difference of instants", value="not measured", goal=WITHOUT)]
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        server.read_until("Lab ")
        async with AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(plain_page(chromium)) for _ in range(1 + FOLLOWERS)]
            for page, path in zip(pages, (PRESENT_PAGE, *(FOLLOWERS * [SHOW_PAGE])), strict=True):
                await page.ask("Emulation.setDeviceMetricsOverride", **SCREEN)
                await page.ask(
                    "Network.setCookie", name="sessionid", value=server.presenter, url=f"http://{server.host}/"
                )
                await page.go(f"http://{server.host}{path.format(code=server.code)}", first=RECORD_STEPS)
            presenter, *followers = pages
            await _start(presenter)
            apart = await _while_playing(presenter, followers)
            late = await _after_presses(presenter, followers)
    return [
        Figure(
            name=f"instants of presenter and {FOLLOWERS} followers while playing, p50 / p99; {load()}",
            value=p50_p99(apart),
            goal="p99 < 50 ms",
        ),
        Figure(
            name=f"presenter's press to the step on the followers, p50 / p99 of {len(late)}",
            value=p50_p99(late),
            goal="< 100 ms",
        ),
    ]


async def _start(presenter: PlainPage) -> None:
    """Until a whole run is there and the story rests at its beginning."""
    await presenter.evaluate(START)
    await asyncio.sleep(3)
    await _ask(presenter, kind="seek", instant_ms=0)
    await asyncio.sleep(BETWEEN_S)


async def _while_playing(presenter: PlainPage, followers: list[PlainPage]) -> list[float]:
    """For each step and follower, how much earlier or later it was there than with the presenter, in milliseconds."""
    await _forget([presenter, *followers])
    await _ask(presenter, kind="play")
    await asyncio.sleep(PLAYED_S)
    await _ask(presenter, kind="pause")
    await asyncio.sleep(BETWEEN_S)
    ours = dict(await _shown(presenter))
    theirs = [await _shown(each) for each in followers]
    return [abs(at - ours[place]) for shown in theirs for place, at in shown if place in ours]


async def _after_presses(presenter: PlainPage, followers: list[PlainPage]) -> list[float]:
    """Milliseconds from each press until each follower shows another step."""
    late = []
    for _ in range(PRESSES):
        await _forget([presenter, *followers])
        pressed = await _ask(presenter, kind="move_step", by=1)
        await asyncio.sleep(BETWEEN_S)
        for each in followers:
            shown = await _shown(each)
            late += [at - pressed for _, at in shown[:1]]
    return late


async def _forget(pages: list[PlainPage]) -> None:
    for page in pages:
        await page.evaluate("() => { window.shown = window.shown.slice(-1); }")


async def _ask(page: PlainPage, **wish: Any) -> float:
    pressed: float = await page.evaluate(ASK.format(wish=json.dumps(wish)))
    return pressed


async def _shown(page: PlainPage) -> list[tuple[str, float]]:
    return [(place, at) for at, place in (await page.evaluate("() => window.shown"))[1:]]
