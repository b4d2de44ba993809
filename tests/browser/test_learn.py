"""The lessons in a real browser: each page with its stage, a sentence moves it, and the page says where it is."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from layersviz.recordings.lessons.pages import PAGES
from tests.browser.axe import complaints
from tests.browser.visitor import Visitor
from tests.web.live import websocket

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
STILL = {"reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def sentence(visitor: Visitor, number: int) -> Locator:
    return visitor.page.locator(f"#s{number}")


async def journeys(visitor: Visitor) -> list[dict[str, Any]]:
    """Of the recording that the page shows, in the page's language."""
    path = await visitor.page.evaluate("document.body.dataset.socket")
    language = await visitor.page.evaluate("document.documentElement.lang")
    async with websocket(visitor.server.host, f"{path}?language={language}") as socket:
        told: list[dict[str, Any]] = (await socket.read_until("snapshot"))["run"]["journeys"]
    return told


async def stands_at(visitor: Visitor, number: int) -> None:
    """The stage shows the step of that sentence, and it alone is marked."""
    of = sentence(visitor, number)
    frame, step = [int(await of.get_attribute(f"data-{name}") or 0) for name in ("frame", "step")]
    await visitor.rest_at((await journeys(visitor))[frame - 1]["steps"][step - 1])
    await expect(of).to_have_attribute("aria-current", "step")
    await expect(visitor.page.locator(".sentence[aria-current]")).to_have_count(1)


@pytest.mark.parametrize("slug", PAGES)
async def test_a_page_stands_at_its_first_sentence_and_axe_finds_nothing(open_page: Open, slug: str) -> None:
    beginner = await open_page(f"/learn/{slug}/", locale="en-GB", bypass_csp=True, **STILL)
    expert = await open_page(f"/learn/{slug}/?depth=precise", locale="de-DE", bypass_csp=True, **STILL)
    for reader in (beginner, expert):
        await stands_at(reader, 1)
    assert await complaints(beginner, expert) == []


async def test_axe_finds_nothing_on_a_phone_in_the_list_and_in_the_glossary(open_page: Open) -> None:
    phone = await open_page("/learn/handshake/", bypass_csp=True, **PHONE, **STILL)
    await stands_at(phone, 1)
    assert await complaints(phone) == []
    for path, first in (("/learn/", "From layers to bits"), ("/learn/glossary/", "Glossary")):
        await phone.page.goto(f"http://{phone.server.host}{path}")
        await expect(phone.page.locator("main h1")).to_contain_text(first)
        assert await complaints(phone) == []


async def test_a_sentence_that_is_pressed_moves_the_stage_and_keys_go_on_from_there(open_page: Open) -> None:
    visitor = await open_page("/learn/handshake/", **STILL)
    await stands_at(visitor, 1)
    await sentence(visitor, 4).locator("a.to-step").click()
    await stands_at(visitor, 4)
    frame, step = [int(await sentence(visitor, 4).get_attribute(f"data-{name}") or 0) for name in ("frame", "step")]
    await visitor.key("PageDown")
    await visitor.rest_at((await journeys(visitor))[frame - 1]["steps"][step])
    await expect(sentence(visitor, 4)).to_have_attribute("aria-current", "step")
    await visitor.key("ArrowLeft")
    await stands_at(visitor, 4)
    await sentence(visitor, 2).locator("p").click(position={"x": 2, "y": 2})
    await stands_at(visitor, 2)


async def test_a_value_that_is_pressed_is_shown_in_the_inspector(open_page: Open) -> None:
    visitor = await open_page("/learn/handshake/", **STILL)
    await stands_at(visitor, 1)
    value = sentence(visitor, 4).locator("button.value").first
    await value.click()
    await stands_at(visitor, 4)
    await expect(visitor.page.locator("lv-inspector")).to_contain_text("Acknowledgment number")
    await expect(visitor.page.locator("lv-inspector")).to_contain_text(await value.inner_text())


async def test_the_keyboard_alone_goes_from_sentence_to_sentence(open_page: Open) -> None:
    visitor = await open_page("/learn/handshake/", **STILL)
    await stands_at(visitor, 1)
    await visitor.page.locator(".lesson-depths a").last.focus()
    await visitor.key("Tab")
    await expect(sentence(visitor, 1).locator("a.to-step")).to_be_focused()
    links = await visitor.page.locator(":is(#s1, #s2) :is(a, button)").count()
    for _ in range(links):
        await visitor.key("Tab")
    await expect(sentence(visitor, 3).locator("a.to-step")).to_be_focused()
    await stands_at(visitor, 3)
    await visitor.key("ArrowRight")
    await expect(visitor.page).to_have_url(re.compile(r"frame=3&step=11"))


async def test_a_sentence_of_another_recording_opens_it_just_there(open_page: Open) -> None:
    visitor = await open_page("/learn/closing/?depth=precise", **STILL)
    await stands_at(visitor, 1)
    before = await visitor.page.evaluate("document.body.dataset.socket")
    await sentence(visitor, 7).locator("a.to-step").click()
    await visitor.page.wait_for_url(re.compile(r"run=08-reset"))
    await expect(sentence(visitor, 7)).to_have_attribute("data-frame", re.compile(r"\d"))
    await stands_at(visitor, 7)
    assert await visitor.page.evaluate("document.body.dataset.socket") != before


async def test_the_other_depth_shows_the_same_step_and_is_kept_on_the_next_page(open_page: Open) -> None:
    visitor = await open_page("/learn/handshake/", **STILL)
    await sentence(visitor, 5).locator("a.to-step").click()
    await stands_at(visitor, 5)
    await visitor.page.get_by_role("link", name="Precise", exact=True).click()
    await expect(visitor.page.get_by_role("link", name="Precise", exact=True)).to_have_attribute("aria-current", "true")
    await stands_at(visitor, 5)
    await expect(sentence(visitor, 5)).to_contain_text("RFC 9293")
    await visitor.page.locator('.lesson-turn [rel="next"]').click()
    await visitor.page.wait_for_url(re.compile(r"/learn/sequence-numbers/\?depth=precise"))
    await stands_at(visitor, 1)


async def test_on_a_phone_the_stage_and_the_sentence_are_in_sight_together(open_page: Open) -> None:
    visitor = await open_page("/learn/handshake/", **PHONE, **STILL)
    for number in (3, 7):
        await sentence(visitor, number).locator("a.to-step").tap()
        await expect(sentence(visitor, number)).to_have_attribute("aria-current", "step")
        await expect(visitor.page.locator('lv-stack[data-side="server"]')).to_be_in_viewport(ratio=1)
        await expect(sentence(visitor, number)).to_be_in_viewport(ratio=0.9)
        boxes = [await visitor.page.locator(each).bounding_box() for each in ("#stage", f"#s{number}", ".dock")]
        stage, text, dock = [box for box in boxes if box is not None]
        assert stage["y"] + stage["height"] <= text["y"] + 1
        assert text["y"] + text["height"] <= dock["y"] + 1
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_german_page_takes_fewer_than_forty_requests_and_what_is_below_comes_when_it_is_scrolled_to(
    open_page: Open,
) -> None:
    visitor = await open_page("/learn/handshake/", locale="de-DE", **STILL)
    await stands_at(visitor, 1)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    await visitor.page.goto(f"http://{visitor.server.host}/learn/handshake/", wait_until="networkidle")
    await stands_at(visitor, 1)
    assert 20 < len(asked) < 40
    states = visitor.page.locator('lv-states [data-state="SYN-SENT"]')
    assert await states.get_attribute("data-client") is None
    await visitor.page.locator("#states").scroll_into_view_if_needed()
    await expect(states).to_have_attribute("data-client", "")
    await expect(visitor.page.locator("lv-table")).to_contain_text("Segment")
