"""Lighthouse's verdict on the dashboard, where its command is at hand (`npm install --global lighthouse`)."""

import asyncio
import json
import shutil
import tempfile
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.browser.ensure_chromium import ARGUMENTS, find_chromium
from tests.web.live import live_server

CATEGORIES = ("performance", "accessibility", "best-practices")
NAME = "Lighthouse: performance, accessibility, best practices"


async def measure() -> list[Figure]:
    command, chromium = shutil.which("lighthouse"), find_chromium(with_a_window=True)
    if command is None or chromium is None:
        return [Figure(name=NAME, value="not measured", goal="no lighthouse command here")]
    with tempfile.TemporaryDirectory() as var, live_server(Path(var)) as server:
        server.read_until("Lab ")
        process = await asyncio.create_subprocess_exec(
            command,
            f"http://{server.host}/join/{server.code}/",
            "--quiet",
            "--preset=desktop",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-path={chromium}",
            f"--chrome-flags={' '.join(('--headless', *ARGUMENTS))}",
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate()
    categories = json.loads(printed)["categories"]
    scores = [f"{round(categories[name]['score'] * 100)}" for name in CATEGORIES]
    return [Figure(name=NAME, value=", ".join(scores), goal="100, 100, 100")]
