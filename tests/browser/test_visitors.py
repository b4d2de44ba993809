"""A browser opens the visitors' address, and its own handshake is on everyone's stage; on loopback."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.visitor import SHOW, visit
from tests.web.live import free_port, live_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_browser_s_own_handshake_comes_onto_the_stage(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off", LIVE_INTERFACE="lo", LIVE_PORT=str(free_port())) as server:
        said = server.read_until("Visitors")
        if "NOT SHOWN" in said:
            pytest.skip(said)
        dashboard, projector = await visit(chromium, server), await visit(chromium, server, SHOW)
        address = said.removeprefix("Visitors").strip()
        for view in (dashboard, projector):
            await expect(view.page.locator("lv-visitors a")).to_have_attribute("href", address)
        async with await chromium.new_context() as elsewhere:
            page = await elsewhere.new_page()
            await page.goto(address)
            await expect(page.locator("h1")).to_have_text("Hello World!")
            for view in (dashboard, projector):
                await expect(view.page.locator("lv-status .badge")).to_have_text("A visitor · real packets")
                await expect(view.page.locator("lv-stack").first).to_contain_text("127.0.0.1")
                await expect(view.page.locator("lv-status .title")).to_contain_text("SYN")
        await expect(dashboard.page.locator("lv-kept").first).to_contain_text("recording")
        for view in (dashboard, projector):
            assert view.complaints == []
            await view.leave()
