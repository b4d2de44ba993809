"""What a class sees when something breaks: a lost server, a dead lab, no lab at all."""

import os
import re
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.lab_process import lab_of
from tests.browser.visitor import SHOW, Visitor, visit
from tests.web.live import live_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]


async def test_a_lost_server_is_said_and_a_new_one_is_found_again(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path) as first:
        first.read_until("Lab ")
        visitor = await visit(chromium, first)
        await visitor.press_start()
        first.process.kill()
        await expect(visitor.page.locator("lv-notice")).to_contain_text("Connection lost")
        first.process.wait()
        with live_server(tmp_path, PORT=str(first.port)):
            await expect(visitor.page.locator("lv-notice")).not_to_contain_text("Connection lost")
            await expect(visitor.page.get_by_role("button", name="Start handshake")).to_be_enabled()
            await visitor.press_start()
    await visitor.leave()


async def test_a_lab_that_dies_is_said_and_is_back_by_itself(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path) as server:
        if "SIMULATED" in server.read_until("Lab "):
            pytest.skip("This kernel forbids the lab, so there is none to kill.")
        visitor = await visit(chromium, server)
        start = visitor.page.get_by_role("button", name="Start handshake")
        await expect(start).to_be_enabled()
        os.kill(lab_of(server), signal.SIGKILL)
        await expect(visitor.page.locator("lv-notice")).to_contain_text("The lab has stopped")
        await expect(start).to_be_enabled()
        await visitor.press_start()
        assert visitor.complaints == []
        await visitor.leave()


async def test_every_view_of_a_simulated_run_says_simulated(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off") as server:
        server.read_until("Lab ")
        dashboard, projector = await visit(chromium, server), await visit(chromium, server, SHOW)
        await dashboard.press_start()
        for view in (dashboard, projector):
            await expect(view.page.locator("lv-status .badge")).to_contain_text("SIMULATED")
            await expect(view.page.locator("lv-wire")).to_contain_text("SIMULATED")
        await expect(dashboard.page.locator("lv-table caption")).to_contain_text("SIMULATED")
        async with dashboard.page.expect_download() as downloading:
            await dashboard.page.get_by_role("button", name="Download CSV").click()
        assert "SIMULATED" in (await (await downloading.value).path()).read_text(encoding="utf-8-sig")
        for view in (dashboard, projector):
            await view.leave()


async def test_a_second_press_while_a_run_is_on_is_refused_politely(open_page: Open) -> None:
    visitor = await open_page()
    await visitor.page.evaluate(
        "() => { for (let press = 0; press < 15; press += 1) document.querySelector('lv-controls')"
        ".dispatchEvent(new CustomEvent('lv-ask', {bubbles: true, detail: {kind: 'start', cold: true}})); }"
    )
    await expect(visitor.page.locator("lv-notice")).to_contain_text(re.compile("under way|already on"))


async def test_visitors_that_cannot_be_shown_are_said_with_what_would_enable_it(
    chromium: Browser, tmp_path: Path
) -> None:
    with live_server(tmp_path, LAB="off", LIVE_INTERFACE="nowhere") as server:
        server.read_until("Visitors")
        visitor = await visit(chromium, server)
        said = visitor.page.locator("lv-visitors")
        await expect(said).to_contain_text("Not shown. There is no network interface 'nowhere' here.")
        await expect(said).to_contain_text("Name one that there is")
        assert visitor.complaints == []
        await visitor.leave()
