"""Recordings in a real browser: kept, opened, linked to, taken along, renamed, deleted."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from layersviz.files import open_capture
from tests.browser.visitor import Visitor, snapshot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
STILL = {"reduced_motion": "reduce"}


async def kept_by_a_press(open_page: Open) -> tuple[Visitor, int]:
    """A presenter who has played a run, and the number under which it is kept."""
    presenter = await open_page(**STILL)
    await presenter.press_start(cold=True)
    link = presenter.page.get_by_role("link", name=re.compile(r"Open recording \d+"))
    await expect(link).to_be_visible()
    address = await link.get_attribute("href")
    assert address is not None
    return presenter, int(address.strip("/").rpartition("/")[2])


async def test_a_run_is_kept_and_opens_again_on_a_stage_of_its_own(open_page: Open) -> None:
    presenter, number = await kept_by_a_press(open_page)
    live = await snapshot(presenter.server)
    reader = await open_page(f"/recordings/{number}/", **STILL)
    steps = live["run"]["journeys"][0]["steps"]
    await reader.rest_at(steps[0])
    await expect(reader.page.locator("lv-status .badge")).to_have_text("Recorded · real packets")
    await expect(reader.page.get_by_role("button", name="Start handshake")).to_be_hidden()
    await reader.key("PageDown")
    await reader.rest_at(steps[1])
    assert (await snapshot(presenter.server))["playhead"] == live["playhead"]


async def test_an_address_opens_just_there_follows_the_reader_and_outlives_a_reload(open_page: Open) -> None:
    presenter, number = await kept_by_a_press(open_page)
    journeys = (await snapshot(presenter.server))["run"]["journeys"]
    reader = await open_page(f"/recordings/{number}/?frame=3&step=2", **STILL)
    await reader.rest_at(journeys[2]["steps"][1])
    await reader.key("PageDown")
    await reader.rest_at(journeys[2]["steps"][2])
    await expect(reader.page).to_have_url(re.compile(r"\?frame=3&step=3$"))
    await reader.page.reload()
    await reader.rest_at(journeys[2]["steps"][2])


async def test_a_recording_can_be_taken_along_as_a_capture(open_page: Open, tmp_path: Path) -> None:
    presenter, number = await kept_by_a_press(open_page)
    reader = await open_page(f"/recordings/{number}/")
    async with reader.page.expect_download() as download:
        await reader.page.get_by_role("link", name="Download as pcapng").click()
    file = await download.value
    assert file.suggested_filename.endswith(f"({number}).pcapng")
    await file.save_as(tmp_path / "run")
    octets = [journey["octets"] for journey in (await snapshot(presenter.server))["run"]["journeys"]]
    with open_capture(tmp_path / "run") as capture:
        assert [packet.octets.hex() for packet in capture] == octets


async def test_the_list_renames_and_deletes_only_after_a_question(open_page: Open) -> None:
    _, number = await kept_by_a_press(open_page)
    reader = await open_page(f"/recordings/{number}/")
    page = reader.page
    await page.get_by_role("link", name="Recordings", exact=True).click()
    card = page.locator(f"#recording-{number}")
    await card.get_by_role("link", name="Rename").click()
    await page.get_by_label("Its new name").fill("The first lesson")
    await page.get_by_role("button", name="Rename").click()
    await expect(card.get_by_role("heading")).to_have_text("The first lesson")
    await card.get_by_role("link", name="Delete").click()
    await page.get_by_role("link", name="Keep it").click()
    await expect(card).to_be_visible()
    await card.get_by_role("link", name="Delete").click()
    await page.get_by_role("button", name="Delete it").click()
    await expect(page.get_by_role("heading", name="Recordings", exact=True)).to_be_visible()
    await expect(card).to_have_count(0)
