"""Every exported function of a tests/js/NAME.test.js is one test, run inside a real Chromium.

The browser runs in a thread of its own and is gone before the first result is looked at: Playwright's loop and
pytest-asyncio's would not bear each other in one thread.
"""

import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.ensure_chromium import WITHOUT, find_chromium
from tests.js.made import MADE

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_EXPORTED = re.compile(r"^export (?:async )?function (\w+)", re.MULTILINE)
_OUTCOMES = pytest.StashKey[dict[str, str] | None]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "JsFile | None":
    if file_path.name.endswith(".test.js"):
        return JsFile.from_parent(parent, path=file_path)
    return None


class JsFile(pytest.File):
    def collect(self) -> Iterator["JsTest"]:
        for name in _EXPORTED.findall(self.path.read_text(encoding="utf-8")):
            yield JsTest.from_parent(self, name=name)


class JsTest(pytest.Item):
    def runtest(self) -> None:
        outcomes = self._outcomes()
        if outcomes is None:
            if os.environ.get("CI"):
                raise AssertionError(WITHOUT)
            pytest.skip(WITHOUT)
        if outcomes[self.nodeid]:
            raise AssertionError(outcomes[self.nodeid])

    def _outcomes(self) -> dict[str, str] | None:
        """The first test that is reached runs all that were chosen."""
        if _OUTCOMES not in self.session.stash:
            chosen = [item for item in self.session.items if isinstance(item, JsTest)]
            with ThreadPoolExecutor(max_workers=1) as thread:
                self.session.stash[_OUTCOMES] = thread.submit(_run_all, chosen).result()
        return self.session.stash[_OUTCOMES]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        if excinfo.errisinstance(AssertionError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name


def _run_all(tests: list[JsTest]) -> dict[str, str] | None:
    """What went wrong in each test, by its id; empty where nothing did. None where there is no browser."""
    chromium = find_chromium()
    if chromium is None:
        return None
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietFiles, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/tests/js/page.html")
            outcomes = {test.nodeid: _run(page, test) for test in tests}
            browser.close()
            return outcomes
    finally:
        server.shutdown()
        server.server_close()


def _run(page: Page, test: JsTest) -> str:
    module = "/" + test.path.relative_to(ROOT).as_posix()
    return str(page.evaluate("([module, name]) => window.runTest(module, name)", [module, test.name]))


class _QuietFiles(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """A file of the project, or samples that are made now."""
        make = MADE.get(self.path)
        if make is None:
            super().do_GET()
            return
        body = make()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def guess_type(self, path: Any) -> str:
        """Some systems' tables have no JavaScript, and a browser runs no module of another type."""
        return "text/javascript" if str(path).endswith(".js") else super().guess_type(path)

    def log_message(self, *args: Any) -> None:
        pass
