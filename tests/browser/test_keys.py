"""Every key and what it does, in a real browser: to the class, on the presenter's page; to the reader's own place."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import complaints
from tests.browser.visitor import Visitor, ask, seek, snapshot, visit
from tests.web.live import PATIENCE_S, PROJECT, live_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
LESSON = "A large answer"
FULL_SCREEN = """() => new Promise((done) => {
  if (document.fullscreenElement !== null) done();
  else document.addEventListener("fullscreenchange", () => done());
})"""


LAYERS = ("physical", "link", "network", "transport", "application")
HERE = 7
"""The step from which each key is tried: in the midst of a frame, with a frame before it and more behind it."""


def moves(stops: list[tuple[int, dict[str, Any]]]) -> dict[str, tuple[float, bool]]:
    """For each key that moves the class from HERE: where the playhead rests then, and whether it glides there. The
    stops are frame and step."""
    frame = stops[HERE][0]
    step = [each["rest_ms"] for _frame, each in stops]
    firsts = [at for at, (number, _step) in enumerate(stops) if at == 0 or stops[at - 1][0] != number]
    forth, back = (step[HERE + 1], True), (step[HERE - 1], False)
    frame_on = (step[next(at for at in firsts if at > HERE)], True)
    frame_back = (step[max(at for at in firsts if at < HERE)], False)
    end_ms = stops[-1][1]["end_ms"]
    found = {"Space": (end_ms, True), "Home": (step[0], False), "End": (end_ms, False)}
    found |= dict.fromkeys(("PageDown", "ArrowRight", "n", "N"), forth)
    found |= dict.fromkeys(("PageUp", "ArrowLeft", "p", "P"), back)
    found |= dict.fromkeys(("]", "Shift+ArrowRight"), frame_on) | dict.fromkeys(("[", "Shift+ArrowLeft"), frame_back)
    for key, layer in enumerate(LAYERS, start=1):
        alike = [at for at, (_frame, each) in enumerate(stops) if each["layer"] == layer and at != HERE]
        ours = [at for at in alike if stops[at][0] == frame]
        after = [at for at in alike if at > HERE]
        found[str(key)] = (step[[*(at for at in ours if at > HERE), *ours, *after][0]], False)
    return found


RATES = {"+": 2, "=": 2, "-": 0.5, "_": 0.5}
COVERS = ("b", "B", ".")
OWN = {"s", "o", "g", "w", "q", "l", "?", "f", "F5"}


async def until(visitor: Visitor, key: str, **wanted: object) -> None:
    """Until the class's playhead and its cover are so."""
    parts: dict[str, Any] = {}
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not wanted.items() <= parts.items():
                said = await snapshot(visitor.server)
                parts = {**said["playhead"], "cover": said["cover"]}
    except TimeoutError:
        raise AssertionError((key, wanted, parts)) from None


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


async def test_every_key_that_moves_moves_the_class(open_page: Open) -> None:
    visitor = await open_page(reduced_motion="reduce")
    run = await visitor.press_start(cold=True)
    await ask(visitor, {"kind": "set_rate", "rate": 1})
    stops = [(journey["number"], step) for journey in run["journeys"] for step in journey["steps"]]
    here_ms = stops[HERE][1]["rest_ms"]
    for key, (rest_ms, glides) in moves(stops).items():
        await seek(visitor, here_ms)
        await until(visitor, key, instant_ms=here_ms, playing=False)
        await visitor.rest_at(stops[HERE][1])
        await visitor.key(key)
        await until(visitor, key, playing=glides, **{"until_ms" if glides else "instant_ms": rest_ms})
    await visitor.key("Space")
    await until(visitor, "Space", playing=True)
    await expect(visitor.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    await visitor.key("Space")
    await until(visitor, "Space", playing=False)


async def test_every_key_of_rate_and_screen_reaches_the_class(open_page: Open) -> None:
    visitor = await open_page(reduced_motion="reduce")
    await visitor.press_start()
    rate = visitor.page.get_by_label("Rate of the story")
    for key, wanted in RATES.items():
        await ask(visitor, {"kind": "set_rate", "rate": 1})
        await expect(rate).to_have_value("1")
        await visitor.key(key)
        await until(visitor, key, rate=wanted)
        await expect(rate).to_have_value(f"{wanted:g}")
    await ask(visitor, {"kind": "set_rate", "rate": 1})
    blank = visitor.page.get_by_role("button", name="Blank", exact=True)
    for key in COVERS:
        for cover, pressed in (("blank", "true"), ("none", "false")):
            await visitor.key(key)
            await until(visitor, key, cover=cover)
            await expect(blank).to_have_attribute("aria-pressed", pressed)


async def test_every_key_of_the_window_opens_what_it_names_and_moves_nothing(open_page: Open) -> None:
    visitor = await open_page(reduced_motion="reduce")
    await visitor.press_start()
    await visitor.key("Home")
    await until(visitor, "Home", playing=False)
    before = (await snapshot(visitor.server))["playhead"]
    page = visitor.page
    for key, name in (("o", "All frames and steps"), ("g", "Go to"), ("w", "Scene and faults"), ("?", "Keys")):
        await visitor.key(key)
        await expect(page.get_by_role("dialog", name=name)).to_be_visible()
        await visitor.key("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await visitor.key("s")
    note = page.get_by_role("textbox", name=re.compile("note", re.IGNORECASE))
    await expect(note).to_be_visible()
    await page.locator("lv-caption").click()
    await visitor.key("s")
    await expect(note).to_be_hidden()
    questions = page.locator("lv-ask")
    await visitor.key("q")
    await expect(questions).to_be_visible()
    await visitor.key("q")
    await expect(questions).to_be_hidden()
    await visitor.key("l")  # nothing is held; tests/browser/test_faults.py lets go what is
    for key in ("f", "F5"):
        await visitor.key(key)
        await page.evaluate(FULL_SCREEN)
        await page.evaluate("() => document.exitFullscreen()")
    assert (await snapshot(visitor.server))["playhead"] == before


async def test_every_key_that_the_page_knows_is_tried_here() -> None:
    source = (PROJECT / "static" / "js" / "core" / "keys.js").read_text()
    asked = source[source.index("export function wish") : source.index('@typedef {"page"')]
    known = set(re.findall(r'case "([^"]+)":', asked)) | set(re.findall(r"\b([1-9]): \"", source))
    frames = [(number, {"rest_ms": 0, "end_ms": 0, "layer": layer}) for number in range(3) for layer in LAYERS]
    tried = {" " if key == "Space" else key for key in (*moves(frames), *RATES, *COVERS, *OWN)}
    assert known <= tried


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


async def test_axe_finds_nothing_in_either_dialog(open_page: Open) -> None:
    visitor = await open_lesson(open_page, "?frame=7&step=4", bypass_csp=True)
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
        visitor = await visit(chromium, server, reduced_motion="reduce")
        start = visitor.page.get_by_role("button", name="Start handshake")
        await expect(start).not_to_have_attribute("aria-disabled", "true")
        await visitor.key("PageDown")
        await expect(visitor.page.locator("lv-status .place")).to_contain_text("Frame 1")
        await visitor.leave()
