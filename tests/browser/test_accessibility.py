"""axe finds nothing on either page, in either theme, at several instants."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.any_link import open_conversation, upload
from tests.browser.visitor import PRESENT, SHOW, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
PLACES = ((0, 0), (0, 3), (2, 1), (2, 5), (2, 8))
"""Frame and step: at the start, on the wire, at a sender's and at a receiver's layer."""


async def complaints(visitor: Visitor) -> list[str]:
    results = await Axe().run(visitor.page)
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in results.response["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", [PRESENT, SHOW])
async def test_axe_finds_nothing(open_page: Open, path: str, theme: str) -> None:
    # The page's own policy forbids the script that axe is; only for this visitor it is set aside.
    options: dict[str, Any] = {"color_scheme": theme, "bypass_csp": True, "reduced_motion": "reduce"}
    presenter, visitor = await open_page(reduced_motion="reduce"), await open_page(path, **options)
    run = await presenter.press_start(cold=True)
    for frame, step in PLACES:
        await presenter.key("Home")
        for _ in range(sum(len(journey["steps"]) for journey in run["journeys"][:frame]) + step):
            await presenter.key("ArrowRight")
        await presenter.rest_at(run["journeys"][frame]["steps"][step])
        assert await complaints(visitor) == [], (frame, step)


async def test_axe_finds_nothing_before_the_first_run_and_with_the_help_open(open_page: Open) -> None:
    visitor = await open_page(bypass_csp=True)
    assert await complaints(visitor) == []
    await visitor.key("?")
    assert await complaints(visitor) == []


async def test_axe_finds_nothing_on_the_pages_of_recordings(open_page: Open) -> None:
    presenter = await open_page(reduced_motion="reduce")
    await presenter.press_start()
    address = await presenter.page.get_by_role("link", name=re.compile("Open recording")).get_attribute("href")
    for theme in ("light", "dark"):
        visitor = await open_page(address, bypass_csp=True, color_scheme=theme, reduced_motion="reduce")
        assert await complaints(visitor) == []
        for path in ("/recordings/", f"{address}rename/", f"{address}delete/"):
            await visitor.page.goto(f"http://{visitor.server.host}{path}")
            assert await complaints(visitor) == [], path


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_where_a_frame_is_lost_or_the_link_is_another_one(open_page: Open, theme: str) -> None:
    visitor = await open_page(bypass_csp=True, color_scheme=theme, reduced_motion="reduce")
    await upload(visitor)
    await open_conversation(visitor, 35310, "?frame=3&step=4")
    assert await complaints(visitor) == []
    await visitor.page.goto(f"http://{visitor.server.host}/recordings/")
    address = await visitor.page.locator("a", has_text="the first SYN is lost").get_attribute("href")
    for place in ("?frame=1&step=6", "?frame=2&step=2"):
        await visitor.page.goto(f"http://{visitor.server.host}{address}{place}")
        await expect(visitor.page.locator("lv-caption .caption-sentence")).not_to_be_empty()
        assert await complaints(visitor) == [], place


async def test_there_is_one_live_region_for_the_steps(open_page: Open) -> None:
    visitor = await open_page(reduced_motion="reduce")
    run = await visitor.press_start()
    await visitor.key("Home")
    spoken = visitor.page.locator("lv-caption [aria-live=polite]")
    assert await spoken.count() == 1
    first = run["journeys"][0]["steps"][0]
    await visitor.page.wait_for_function(
        "text => document.querySelector('lv-caption [aria-live=polite]').textContent.includes(text)",
        arg=first["sentence"],
    )
