"""A web process killed in mid-play: how long after the next one is ready until a whole class is right again.

One presenter, one projector and five students, each in a Chromium page of its own, all on this machine. Right is a page
that is connected and shows what the playhead says at that moment.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.async_api import async_playwright, expect

from tests.benchmarks.figure import Figure
from tests.benchmarks.process import load
from tests.browser.classroom import Classroom, gather, one_process
from tests.browser.ensure_chromium import ARGUMENTS, WITHOUT, find_chromium

ROUNDS = 10
PATIENCE_S = 60.0
GOAL = "worst < 2 s"


async def measure() -> list[Figure]:
    path = find_chromium(with_a_window=True)
    if path is None:
        return [Figure(name="web process killed: its class is right again", value="not measured", goal=WITHOUT)]
    with tempfile.TemporaryDirectory() as var, one_process(Path(var)) as house:
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            classroom = await gather(chromium, house)
            took = [await _until_right_again(classroom) for _ in range(ROUNDS)]
            await classroom.leave()
            await chromium.close()
    name = f"web process killed, until all {len(classroom.pages())} pages are right again; {load()}"
    return [Figure(name=name, value=f"{median(took):.2f}, worst {max(took):.2f} s of {ROUNDS}", goal=GOAL)]


async def _until_right_again(classroom: Classroom) -> float:
    """Seconds from the moment at which the new web process says that it serves."""
    await classroom.begin()
    await classroom.presenter.key("Space")
    await expect(classroom.presenter.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    killed = classroom.server
    classroom.house.kill(killed)
    for each in classroom.pages():
        await expect(each.page.locator("lv-notice")).to_contain_text("Connection lost")
    classroom.house.start_web(killed.port)
    began = time.monotonic()
    await classroom.all_are_right(within_s=PATIENCE_S)
    return time.monotonic() - began
