"""Keys that lead to a place: the overview, "go to", a layer's digit; and what a remote sends, in a real browser."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_accessibility import complaints
from tests.browser.visitor import Visitor, visit
from tests.web.live import live_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
LESSON = "A large answer"
FULL_SCREEN = """() => new Promise((done) => {
  if (document.fullscreenElement !== null) done();
  else document.addEventListener("fullscreenchange", () => done());
})"""


async def open_lesson(open_page: Open, place: str, **options: object) -> Visitor:
    """A lesson of many frames, at that place."""
    visitor = await open_page(reduced_motion="reduce", **options)
    page = visitor.page
    await page.goto(f"http://{visitor.server.host}/recordings/")
    address = await page.locator("a", has_text=LESSON).first.get_attribute("href")
    await page.goto(f"http://{visitor.server.host}{address}{place}")
    await expect(page.locator("lv-status .place")).to_contain_text("of 36")
    return visitor


async def expect_place(page: Page, place: str) -> None:
    await expect(page).to_have_url(re.compile(re.escape(place) + "$"))


async def test_the_overview_begins_where_the_story_is_and_goes_where_enter_is_pressed(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=7&step=4")
    await visitor.key("o")
    here = visitor.page.get_by_role("button", name=re.compile("^Frame 7, step 4:"))
    await expect(here).to_be_focused()
    await expect(here).to_have_attribute("aria-current", "step")
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        await visitor.key(key)
    await expect_place(visitor.page, "?frame=8&step=5")
    await expect(visitor.page.get_by_role("dialog")).to_have_count(0)


async def test_the_overview_has_every_step_of_every_frame_and_reaches_both_ends(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=1&step=1")
    await visitor.key("o")
    stops = visitor.page.locator("lv-overview .stop")
    await expect(stops.nth(300)).to_be_attached()
    await visitor.key("End")
    await expect(stops.last).to_be_focused()
    await expect(stops.last).to_be_in_viewport()
    await visitor.key("Home")
    await expect(stops.first).to_be_focused()
    await visitor.key("o")
    await expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    await expect_place(visitor.page, "?frame=1&step=1")


async def test_go_to_says_what_is_missing_and_goes_when_it_is_right(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=7&step=4")
    await visitor.key("g")
    page = visitor.page
    await expect(page.get_by_label("Frame", exact=True)).to_have_value("7")
    for frame, step, sentence in (
        ("99", "1", "There is no frame 99"),
        ("2", "77", "Frame 2 has the steps 1 to"),
        ("two", "1", "Write a whole number."),
    ):
        await page.get_by_label("Frame", exact=True).fill(frame)
        await page.get_by_label("Step", exact=True).fill(step)
        await visitor.key("Enter")
        await expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    await expect_place(page, "?frame=7&step=4")
    await page.get_by_label("Frame", exact=True).fill("2")
    await page.get_by_label("Step", exact=True).fill("3")
    await visitor.key("Enter")
    await expect_place(page, "?frame=2&step=3")


async def test_a_digit_goes_to_that_layer_and_on_to_its_next_stop(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=4&step=1")
    for key, step in (("1", 5), ("1", 6), ("4", 10), ("5", 11), ("5", 1), ("3", 3)):
        await visitor.key(key)
        await expect_place(visitor.page, f"?frame=4&step={step}")


async def test_n_and_p_go_step_by_step(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=4&step=1")
    await visitor.key("n")
    await expect_place(visitor.page, "?frame=4&step=2")
    await visitor.key("p")
    await expect_place(visitor.page, "?frame=4&step=1")


async def test_a_remotes_begin_key_fills_the_screen_and_a_reload_keeps_the_place(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=4&step=2")
    await visitor.key("F5")
    await visitor.page.evaluate(FULL_SCREEN)
    await visitor.key("PageDown")
    await expect_place(visitor.page, "?frame=4&step=3")
    await visitor.page.reload()
    await expect_place(visitor.page, "?frame=4&step=3")
    await expect(visitor.page.locator("lv-status .place")).to_contain_text("Frame 4")


async def test_at_the_end_of_the_run_page_down_leaves_everything_as_it_is(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=4&step=1")
    before = visitor.page.url
    await visitor.key("End")
    await expect(visitor.page).not_to_have_url(before)
    end = visitor.page.url
    await visitor.key("PageDown")
    await visitor.key("PageUp")
    await expect(visitor.page).not_to_have_url(end)
    await visitor.key("PageDown")
    await expect(visitor.page).to_have_url(end)
    await expect(visitor.page.locator("lv-notice .toast")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_in_either_dialog(open_page: Open, theme: str) -> None:
    visitor = await open_lesson(open_page, "?frame=7&step=4", bypass_csp=True, color_scheme=theme)
    await visitor.key("o")
    await expect(visitor.page.get_by_role("dialog")).to_be_visible()
    assert await complaints(visitor) == []
    for key in ("Escape", "g"):
        await visitor.key(key)
    await visitor.page.get_by_label("Frame", exact=True).fill("99")
    await visitor.key("Enter")
    await expect(visitor.page.get_by_role("alert").filter(has_text="99")).to_be_visible()
    assert await complaints(visitor) == []


async def test_page_down_starts_the_first_run_of_all(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off") as server:
        server.read_until("Lab ")
        visitor = await visit(chromium, server, "/", reduced_motion="reduce")
        start = visitor.page.get_by_role("button", name="Start handshake")
        await expect(start).not_to_have_attribute("aria-disabled", "true")
        await visitor.key("PageDown")
        await expect(visitor.page.locator("lv-status .place")).to_contain_text("Frame 1")
        await visitor.leave()
