"""Drawn frames per second while a frame crosses the wire at 1920x1080, beside an empty page in the same browser."""

import tempfile
from pathlib import Path
from statistics import median

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from tests.benchmarks.figure import Figure
from tests.browser.ensure_chromium import ARGUMENTS, WITHOUT, find_chromium
from tests.browser.visitor import SHOW, ask, seek, visit
from tests.web.live import live_server

ROUNDS = 5
SECONDS = 4
COUNT_FRAMES = """(ms) => new Promise((done) => {
  const began = performance.now();
  let frames = 0;
  const count = (now) => {
    frames += 1;
    if (now - began < ms) requestAnimationFrame(count); else done(frames * 1000 / (now - began));
  };
  requestAnimationFrame(count);
})"""


async def measure() -> list[Figure]:
    chromium = find_chromium(with_a_window=True)
    if chromium is None:
        return [Figure(name="drawn frames per second", value="not measured", goal=WITHOUT)]
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        server.read_until("Lab ")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            visitor = await visit(browser, server, SHOW, viewport={"width": 1920, "height": 1080})
            presenter = await visit(browser, server)
            run = await presenter.press_start()
            wire = next(step for step in run["journeys"][0]["steps"] if step["half"] == "wire")
            empty, drawn, script = [], [], []
            for _ in range(ROUNDS):
                empty.append(await _empty_page(browser))
                await visitor.page.bring_to_front()
                await seek(presenter, wire["start_ms"])
                await ask(presenter, {"kind": "play"})
                rate, script_ms = await _draw(visitor.page)
                drawn.append(rate)
                script.append(script_ms)
            await browser.close()
    ratio = median(d / e for d, e in zip(drawn, empty, strict=True))
    return [
        Figure(
            name="drawn frames a second while a frame crosses the wire; empty page",
            value=f"{median(drawn):.1f}; {median(empty):.1f} = {ratio:.0%}",
            goal=">= 95 %",
        ),
        Figure(name="script in one drawn frame", value=f"{median(script):.2f} ms", goal="< 4 ms"),
    ]


async def _empty_page(browser: Browser) -> float:
    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    page = await context.new_page()
    await page.goto("about:blank")
    rate: float = await page.evaluate(COUNT_FRAMES, SECONDS * 1000)
    await context.close()
    return rate


async def _draw(page: Page) -> tuple[float, float]:
    """Frames a second, and milliseconds of script in each."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    before = await _script_s(session)
    rate: float = await page.evaluate(COUNT_FRAMES, SECONDS * 1000)
    spent_s = await _script_s(session) - before
    await session.detach()
    return rate, spent_s * 1000 / (rate * SECONDS)


async def _script_s(session: CDPSession) -> float:
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "ScriptDuration")
