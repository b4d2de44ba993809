"""/show/: the same stage, large, with nothing to press."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_joining import close_class
from tests.browser.visitor import SHOW, Visitor, ask, finished_run, snapshot, visit
from tests.web.live import LiveServer, live_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
BEAMER = {"viewport": {"width": 1920, "height": 1080}, "reduced_motion": "reduce"}
SMALLEST_TYPE = """() => {
  const sizes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue;
    const box = parent.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;
    const scale = parent instanceof SVGGraphicsElement ? parent.getScreenCTM().d : 1;
    sizes.push([parseFloat(getComputedStyle(parent).fontSize) * scale, text.data.trim()]);
  }
  return sizes.sort((one, other) => one[0] - other[0])[0];
}"""


async def test_nothing_on_the_projector_is_smaller_than_24_pixels(open_page: Open) -> None:
    presenter, projector = await open_page(reduced_motion="reduce"), await open_page(SHOW, **BEAMER)
    run = await presenter.press_start(cold=True)
    await presenter.key("Home")
    for journey in (run["journeys"][0], run["journeys"][2], run["journeys"][5]):
        for step in journey["steps"]:
            await expect(projector.page.locator("lv-caption .caption-sentence")).not_to_be_empty()
            size, text = await projector.page.evaluate(SMALLEST_TYPE)
            assert size >= 24, (step["title"], text)
            await presenter.key("PageDown")


async def test_the_projector_follows_the_dashboard(open_page: Open) -> None:
    presenter, projector = await open_page(reduced_motion="reduce"), await open_page(SHOW, **BEAMER)
    run = await presenter.press_start()
    steps = [step for journey in run["journeys"] for step in journey["steps"]]
    await presenter.key("Home")
    for step in steps[1:8]:
        await presenter.key("ArrowRight")
        await expect(projector.page.locator("lv-caption .caption-sentence")).to_have_text(step["sentence"])


async def test_nothing_on_the_projector_can_be_pressed(open_page: Open) -> None:
    presenter, projector = await open_page(reduced_motion="reduce"), await open_page(SHOW, **BEAMER)
    run = await presenter.press_start()
    await presenter.key("Home")
    first = run["journeys"][0]["steps"][0]["sentence"]
    caption = projector.page.locator("lv-caption .caption-sentence")
    await expect(caption).to_have_text(first)
    assert await projector.page.locator(":is(button, a, input, select, [tabindex='0']):visible").count() == 0
    for key in ("ArrowRight", "PageDown", "Space", "End"):
        await projector.key(key)
    await presenter.rest_at(run["journeys"][0]["steps"][0])
    await expect(caption).to_have_text(first)


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080), (3840, 2160)])
async def test_the_projector_fits_the_window_without_scrolling(open_page: Open, size: tuple[int, int]) -> None:
    width, height = size
    projector = await open_page(SHOW, viewport={"width": width, "height": height})
    overflow = await projector.page.evaluate(
        "() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
    )
    assert max(overflow) <= 0


SIZES = [(1024, 768), (1280, 720), (1920, 1080), (3840, 2160)]
CUT_OFF = """() => [...document.querySelectorAll("lv-caption, lv-status .name, .corner, .invitation")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}))
  .filter((each) => each.scrollHeight > each.clientHeight + 1 && each.clientHeight > 0)
  .map((each) => each.className || each.localName)"""
COVERED = """() => {
  const corner = document.querySelector(".corner").getBoundingClientRect();
  return [...document.querySelectorAll("lv-status, lv-stack, lv-ladder, lv-caption, lv-wire")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.left < corner.right && corner.left < box.right && box.top < corner.bottom && corner.top < box.bottom;
  }).map((each) => each.localName);
}"""


async def show_lesson(presenter: Visitor, house: LiveServer, name: str) -> dict[str, Any]:
    """A ready lesson on the class's stage; gives its run."""
    page = await presenter.page.context.new_page()
    await page.goto(f"http://{house.host}/recordings/")
    address = await page.locator("a", has_text=name).first.get_attribute("href") or ""
    await page.close()
    before = (await snapshot(house))["run"]["number"]
    await ask(presenter, {"kind": "open_recording", "recording": int(address.strip("/").split("/")[-1])})
    return await finished_run(house, after=before)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "de"])
async def test_no_sentence_of_a_lesson_is_cut_off_and_the_corner_covers_nothing(
    open_page: Open, house: LiveServer, size: tuple[int, int], language: str
) -> None:
    presenter = await open_page(reduced_motion="reduce")
    screen = {"viewport": {"width": size[0], "height": size[1]}}
    projector = await open_page(SHOW, **screen, reduced_motion="reduce", locale=language)
    run = await show_lesson(presenter, house, "Half open")
    steps = [step for journey in run["journeys"] for step in journey["steps"]]
    longest = sorted(steps, key=lambda step: len(step["sentence"]))[-4:]
    for step in longest:
        await ask(presenter, {"kind": "seek", "instant_ms": step["rest_ms"]})
        await presenter.rest_at(step)
        await expect(projector.page.locator("lv-caption")).to_have_attribute("data-layer", step["layer"])
        assert await projector.page.evaluate(CUT_OFF) == []
        assert await projector.page.evaluate(COVERED) == []


async def test_before_the_lesson_the_code_is_shown_large_and_then_blank_is_really_blank(open_page: Open) -> None:
    presenter, projector = await open_page(reduced_motion="reduce"), await open_page(SHOW, **BEAMER)
    page, code = projector.page, projector.server.code
    large = page.locator(".invitation .code")
    await expect(page.locator(".corner .code")).to_have_text(code)
    try:
        await ask(presenter, {"kind": "show_cover", "cover": "invitation"})
        await expect(large).to_have_text(code)
        assert await large.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") >= 144
        picture = page.locator(".invitation img")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("async (each) => { await each.decode(); return each.naturalWidth; }") > 0
        size, _text = await page.evaluate(SMALLEST_TYPE)
        assert size >= 24
        assert await page.evaluate(CUT_OFF) == []
        await ask(presenter, {"kind": "show_cover", "cover": "blank"})
        await expect(large).to_be_hidden()
        await expect(page.locator("lv-caption")).to_be_hidden()
        blank = page.locator(".cover.blank")
        assert await blank.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(0, 0, 0)"
        assert await blank.bounding_box() == {"x": 0, "y": 0, "width": 1920, "height": 1080}
        assert (await page.evaluate("document.body.innerText")).strip() == ""
    finally:
        await ask(presenter, {"kind": "show_cover", "cover": "none"})
    await expect(page.locator("lv-caption")).to_be_visible()


async def test_the_pointer_is_hidden_once_it_lies_still(open_page: Open) -> None:
    projector = await open_page(SHOW, **BEAMER)
    await projector.page.mouse.move(300, 300)
    await expect(projector.page.locator("body")).not_to_have_attribute("data-still", "")
    await expect(projector.page.locator("body")).to_have_attribute("data-still", "")
    assert await projector.page.evaluate("getComputedStyle(document.body).cursor") == "none"


async def test_the_screen_is_kept_awake_also_when_the_page_comes_back(chromium: Browser, house: LiveServer) -> None:
    context = await chromium.new_context()
    await context.add_init_script(
        "window.held = []; navigator.wakeLock.request = async (kind) => { window.held.push(kind); };"
    )
    page = await context.new_page()
    await page.goto(f"http://{house.host}{SHOW.format(code=house.code)}")
    await page.wait_for_function("window.held.length === 1")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await page.wait_for_function("window.held.length === 2")
    assert await page.evaluate("window.held") == ["screen", "screen"]
    await context.close()


async def test_forced_colours_leave_everything_to_be_seen(open_page: Open) -> None:
    presenter = await open_page(reduced_motion="reduce")
    await presenter.press_start()
    projector = await open_page(SHOW, **BEAMER, forced_colors="active")
    await expect(projector.page.locator("lv-caption .caption-sentence")).not_to_be_empty()
    caption = projector.page.locator("lv-caption")
    assert await caption.evaluate("each => getComputedStyle(each).borderInlineStartWidth") != "0px"
    colours = await projector.page.evaluate(
        """() => [...document.querySelectorAll("lv-stack text")].map((each) => getComputedStyle(each).fill)"""
    )
    assert len(set(colours)) > 3


async def test_a_class_that_is_over_invites_nobody(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off") as server:
        server.read_until("Lab ")
        projector = await visit(chromium, server, SHOW)
        await expect(projector.page.locator(".invitation .code")).to_be_visible()
        await close_class(chromium, server)
        await expect(projector.page.locator("lv-notice .banner")).to_have_text("This class is over.")
        for code in (".corner", ".invitation .code"):
            await expect(projector.page.locator(code)).to_be_hidden()
        await projector.leave()
