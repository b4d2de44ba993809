"""Each of a presenter's windows has a name of its own, by which the server knows which of them leads."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser.visitor import PRESENT, visit
from tests.web.live import LiveServer, live_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("names"), LAB="off") as running:
        running.read_until("Lab ")
        yield running


async def name_of(page: Page) -> str | None:
    name: str | None = await page.evaluate("sessionStorage.getItem('layersviz-window')")
    return name


async def test_a_reload_keeps_the_name_and_a_copy_of_the_window_takes_another(
    chromium: Browser, server: LiveServer
) -> None:
    visitor = await visit(chromium, server, PRESENT)
    page = visitor.page
    name = await name_of(page)
    assert name
    assert (await page.evaluate("performance.getEntriesByType('navigation')[0].type")) == "navigate"
    await page.reload()
    assert await name_of(page) == name
    async with page.context.expect_page() as opening:
        await page.evaluate("void window.open(location.href)")
    copy = await opening.value
    await copy.wait_for_load_state()
    assert await name_of(copy) not in (None, name)
    assert await name_of(page) == name
    await page.goto(f"http://{server.host}/recordings/")
    await page.goto(f"http://{server.host}/present/{server.code}/")
    assert await name_of(page) == name
    await visitor.leave()
