"""What the dashboard weighs on the network at the first visit, and how many requests it makes."""

import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from tests.benchmarks.figure import Figure
from tests.browser.ensure_chromium import ARGUMENTS, WITHOUT, find_chromium
from tests.web.live import live_server


async def measure() -> list[Figure]:
    chromium = find_chromium(with_a_window=True)
    if chromium is None:
        return [Figure(name="page weight", value="not measured", goal=WITHOUT)]
    received: list[float] = []
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        server.read_until("Lab ")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
            page = await browser.new_page()
            url = f"http://{server.host}/"
            await page.context.add_cookies([{"name": "sessionid", "value": server.presenter, "url": url}])
            session = await page.context.new_cdp_session(page)
            await session.send("Network.enable")

            def finished(event: dict[str, Any]) -> None:
                received.append(event["encodedDataLength"])

            session.on("Network.loadingFinished", finished)
            await page.goto(f"{url}present/{server.code}/", wait_until="networkidle")
            await browser.close()
    return [
        Figure(name="page weight, compressed, headers too", value=f"{sum(received) / 1000:.0f} kB", goal="< 150 kB"),
        Figure(name="requests", value=str(len(received)), goal="< 40"),
    ]
