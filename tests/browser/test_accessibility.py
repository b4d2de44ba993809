"""axe finds nothing on any page, in either theme and either language, on the stages at several instants."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.any_link import open_conversation, upload
from tests.browser.axe import complaints
from tests.browser.visitor import JOIN, PRESENT, SHOW, Visitor, address_of, ask, seek
from tests.web.live import websocket

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
LANGUAGES = ("en-GB", "de-DE")
PLACES = ((0, 0), (0, 3), (2, 1), (2, 5), (2, 8))
"""Frame and step: at the start, on the wire, at a sender's and at a receiver's layer."""
BEAMER: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def readers(open_page: Open, path: str = PRESENT, *, lead: bool = False, **options: Any) -> list[Visitor]:
    """One for each language. The page's own policy forbids the script that axe is; only for them it is set aside."""
    settings = {"bypass_csp": True, "reduced_motion": "reduce", "lead": lead, **options}
    found = [await open_page(path, locale=locale, **settings) for locale in LANGUAGES]
    for reader, locale in zip(found, LANGUAGES, strict=True):
        assert await reader.page.evaluate("document.documentElement.lang") == locale[:2]
    return found


async def said_to(visitor: Visitor, locale: str) -> list[dict[str, Any]]:
    """The run's journeys in that reader's language."""
    async with websocket(visitor.server.host, f"/ws/show/{visitor.server.code}/?language={locale[:2]}") as socket:
        journeys: list[dict[str, Any]] = (await socket.read_until("snapshot"))["run"]["journeys"]
    return journeys


@pytest.mark.parametrize(
    ("path", "screen"), [(PRESENT, {}), (SHOW, {}), (JOIN, PHONE)], ids=["present", "show", "join"]
)
async def test_axe_finds_nothing_on_the_stage(open_page: Open, path: str, screen: dict[str, Any]) -> None:
    presenter = await open_page(reduced_motion="reduce")
    await presenter.press_start(cold=True)
    looking = await readers(open_page, path, **screen)
    journeys = [await said_to(presenter, locale) for locale in LANGUAGES]
    for frame, step in PLACES:
        await seek(presenter, journeys[0][frame]["steps"][step]["rest_ms"])
        for reader, told in zip(looking, journeys, strict=True):
            await reader.rest_at(told[frame]["steps"][step])
        assert await complaints(*looking) == [], (frame, step)


async def test_axe_finds_nothing_where_the_screens_are_covered_or_somebody_looks_around(open_page: Open) -> None:
    presenter = await open_page(reduced_motion="reduce")
    projectors = await readers(open_page, SHOW, **BEAMER)
    students, phones = await readers(open_page, JOIN), await readers(open_page, JOIN, **PHONE)
    await ask(presenter, {"kind": "start"})
    joined = [*students, *phones]
    for student in joined:
        await expect(student.page.locator("lv-status .place")).not_to_be_empty()
    await seek(presenter, 0)
    for cover in ("blank", "invitation", "none"):
        await ask(presenter, {"kind": "show_cover", "cover": cover})
        for visitor in (*projectors, *joined):
            # once there is a run, who has joined already goes on seeing it beside the invitation
            seen = "none" if visitor in joined and cover == "invitation" else cover
            await expect(visitor.page.locator("body")).to_have_attribute("data-cover", seen)
        for looking in (projectors, students, phones) if cover != "invitation" else (projectors,):
            assert await complaints(*looking) == [], cover
    for looking in (students, phones):
        for student in looking:
            await student.page.locator(".follow-bar button:visible").first.click()
            await expect(student.page.locator("body[data-roaming] lv-controls .play")).to_be_visible()
        assert await complaints(*looking) == []
    for student in phones:
        await student.page.locator("#name-button").click()
        await expect(student.page.locator("dialog.name-dialog input")).to_be_visible()
    assert await complaints(*phones) == []


async def test_axe_finds_nothing_in_what_the_presenter_opens(open_page: Open) -> None:
    looking = first, second = await readers(open_page, lead=True)
    await lead(first, second)
    await first.press_start()
    await lead(second, first)
    assert await complaints(*looking) == []
    await ask(second, {"kind": "show_cover", "cover": "blank"})
    await lead(first, second)
    for each in looking:
        await each.key("s")
        await expect(each.page.locator("lv-notes textarea")).to_be_visible()
        await expect(each.page.locator("body")).to_have_attribute("data-cover", "blank")
    assert await complaints(*looking) == []
    await lead(second, first)
    await ask(second, {"kind": "show_cover", "cover": "invitation"})
    for opener, opened in (("[popovertarget=menu]", "#menu"), ("lv-class button", "dialog[open]")):
        for each in looking:
            await each.page.locator(opener).click()
            await expect(each.page.locator(opened)).to_be_visible()
        assert await complaints(*looking) == [], opened
        for each in looking:
            await each.key("Escape")
    for each in looking:
        await each.page.locator("lv-caption").click()
        await each.key("?")
        await expect(each.page.get_by_role("dialog")).to_be_visible()
    assert await complaints(*looking) == []
    await ask(second, {"kind": "show_cover", "cover": "none"})


async def lead(visitor: Visitor, other: Visitor) -> None:
    """That window takes over from the other, which says so."""
    await ask(visitor, {"kind": "take_over"})
    await expect(visitor.page.locator("lv-lead button:visible")).to_have_count(0)
    await expect(other.page.locator("lv-lead button:visible")).to_have_count(1)


async def test_axe_finds_nothing_on_the_other_pages(open_page: Open) -> None:
    visitor = await open_page(reduced_motion="reduce")
    run = address_of(await visitor.press_start())
    await upload(visitor)
    capture = visitor.page.url.partition(visitor.server.host)[2].partition("?")[0]
    looking = await readers(open_page, run)
    code = visitor.server.code
    paths = [
        *("/", "/login/", "/join/", "/join/nothing/", "/join/ZZZZZZ/", "/recordings/", f"/rooms/{code}/close/"),
        *(f"{run}{page}" for page in ("", "?frame=2&step=2", "facts/", "handout/", "rename/", "delete/")),
        *(
            f"{capture}{page}"
            for page in ("", "conversations/1/", "conversations/1/facts/", "conversations/1/handout/")
        ),
    ]
    for path in paths:
        await go_all(looking, path)
        assert await complaints(*looking) == [], path
    for reader in looking:
        reader.complaints[:] = [each for each in reader.complaints if "404 (Not Found)" not in each]


async def go_all(looking: list[Visitor], path: str) -> None:
    await asyncio.gather(*(reader.page.goto(f"http://{reader.server.host}{path}") for reader in looking))


async def test_axe_finds_nothing_that_a_stranger_is_shown(open_page: Open) -> None:
    looking = await readers(open_page, SHOW)
    for path in ("/", f"/present/{looking[0].server.code}/", "/login/", "/recordings/"):
        await go_all(looking, path)
        assert await complaints(*looking) == [], path
    for reader in looking:
        reader.complaints[:] = [each for each in reader.complaints if "403 (Forbidden)" not in each]


async def test_axe_finds_nothing_where_a_frame_is_lost_or_the_link_is_another_one(open_page: Open) -> None:
    visitor, other = [await open_page(bypass_csp=True, reduced_motion="reduce") for _ in range(2)]
    await upload(visitor)
    await open_conversation(visitor, 35310, "?frame=3&step=4")
    assert await complaints(visitor) == []
    await visitor.page.goto(f"http://{visitor.server.host}/recordings/")
    lesson = visitor.page.locator("a", has_text=re.compile("^Silence: the first SYN is lost$"))
    address = await lesson.get_attribute("href")
    for each, place in ((visitor, "?frame=1&step=6"), (other, "?frame=2&step=2")):
        await each.page.goto(f"http://{visitor.server.host}{address}{place}")
        await expect(each.page.locator("lv-caption .caption-sentence")).not_to_be_empty()
    assert await complaints(visitor, other) == []


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
