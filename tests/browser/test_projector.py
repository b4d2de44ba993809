"""/show/: the same stage, large, with nothing to press."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.browser.visitor import SHOW, Visitor

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
    sizes.push([parseFloat(getComputedStyle(parent).fontSize), text.data.trim()]);
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
