"""A real server with the real lab, and a real Chromium, for all tests of this folder."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.ensure_chromium import ARGUMENTS, WITHOUT, find_chromium
from tests.browser.visitor import PRESENT, Visitor, visit
from tests.web.live import LiveServer, live_server


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """`manage.py serve`, its lab as this kernel allows it."""
    with live_server(tmp_path_factory.mktemp("var")) as server:
        server.read_until("Lab ")
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            raise AssertionError(WITHOUT)
        pytest.skip(WITHOUT)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


Open = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(chromium: Browser, house: LiveServer) -> AsyncIterator[Open]:
    """Opens a page in a browser context of its own; at the end none of them may have complained."""
    visitors: list[Visitor] = []

    async def opened(path: str = PRESENT, *, server: LiveServer = house, **options: object) -> Visitor:
        visitor = await visit(chromium, server, path, **options)
        visitors.append(visitor)
        return visitor

    yield opened
    for visitor in visitors:
        await visitor.leave()
    for visitor in visitors:
        assert visitor.complaints == []
        assert visitor.strangers == []
