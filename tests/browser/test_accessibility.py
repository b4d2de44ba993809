"""axe finds nothing on any page, in either theme and either language, on the stages at several instants."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.any_link import open_conversation, upload
from tests.browser.visitor import JOIN, PRESENT, SHOW, Visitor, ask, seek
from tests.web.live import websocket

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
PLACES = ((0, 0), (0, 3), (2, 1), (2, 5), (2, 8))
"""Frame and step: at the start, on the wire, at a sender's and at a receiver's layer."""


async def complaints(visitor: Visitor) -> list[str]:
    results = await Axe().run(visitor.page)
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in results.response["violations"]]


LOOKS = [(theme, locale) for theme in ("light", "dark") for locale in ("en-GB", "de-DE")]


def look_of(theme: str, locale: str) -> dict[str, Any]:
    """The page's own policy forbids the script that axe is; only for this visitor it is set aside."""
    return {"color_scheme": theme, "locale": locale, "bypass_csp": True, "reduced_motion": "reduce"}


async def said_to(visitor: Visitor, locale: str) -> list[dict[str, Any]]:
    """The run's journeys in that reader's language."""
    async with websocket(visitor.server.host, f"/ws/show/{visitor.server.code}/?language={locale[:2]}") as socket:
        journeys: list[dict[str, Any]] = (await socket.read_until("snapshot"))["run"]["journeys"]
    return journeys


@pytest.mark.parametrize(("theme", "locale"), LOOKS)
@pytest.mark.parametrize("path", [PRESENT, SHOW, JOIN])
async def test_axe_finds_nothing_on_the_stage(open_page: Open, path: str, theme: str, locale: str) -> None:
    presenter = await open_page(reduced_motion="reduce")
    await presenter.press_start(cold=True)
    visitor = await open_page(path, lead=False, **look_of(theme, locale))
    assert await visitor.page.evaluate("document.documentElement.lang") == locale[:2]
    journeys = await said_to(visitor, locale)
    for frame, step in PLACES:
        await seek(presenter, journeys[frame]["steps"][step]["rest_ms"])
        await visitor.rest_at(journeys[frame]["steps"][step])
        assert await complaints(visitor) == [], (frame, step)


@pytest.mark.parametrize(("theme", "locale"), LOOKS)
async def test_axe_finds_nothing_where_the_screens_are_covered_or_somebody_looks_around(
    open_page: Open, theme: str, locale: str
) -> None:
    presenter = await open_page(**look_of(theme, locale))
    followers = [await open_page(path, **look_of(theme, locale)) for path in (SHOW, JOIN)]
    await ask(presenter, {"kind": "start"})
    await expect(followers[1].page.locator("lv-status .place")).not_to_be_empty()
    await seek(presenter, 0)
    for cover in ("blank", "invitation", "none"):
        await ask(presenter, {"kind": "show_cover", "cover": cover})
        for visitor in (presenter, *followers):
            # once there is a run, who has joined already goes on seeing it beside the invitation
            seen = re.compile("invitation|none") if (visitor, cover) == (followers[1], "invitation") else cover
            await expect(visitor.page.locator("body")).to_have_attribute("data-cover", seen)
            assert await complaints(visitor) == [], cover
    await ask(followers[1], {"kind": "roam"})
    await expect(followers[1].page.locator("body[data-roaming] lv-controls button:visible").first).to_be_visible()
    assert await complaints(followers[1]) == []


@pytest.mark.parametrize(("theme", "locale"), LOOKS)
async def test_axe_finds_nothing_in_what_the_presenter_opens(open_page: Open, theme: str, locale: str) -> None:
    visitor = await open_page(**look_of(theme, locale))
    assert await complaints(visitor) == []
    await visitor.key("s")
    await expect(visitor.page.locator("lv-notes textarea")).to_be_visible()
    assert await complaints(visitor) == []
    await visitor.page.locator("[popovertarget=menu]").click()
    await expect(visitor.page.locator("#menu")).to_be_visible()
    assert await complaints(visitor) == []
    await visitor.key("Escape")
    await visitor.page.locator("lv-class button").click()
    await expect(visitor.page.get_by_role("dialog")).to_be_visible()
    assert await complaints(visitor) == []
    await visitor.key("Escape")
    await visitor.page.locator("lv-caption").click()
    await visitor.key("?")
    await expect(visitor.page.get_by_role("dialog")).to_be_visible()
    assert await complaints(visitor) == []


@pytest.mark.parametrize(("theme", "locale"), LOOKS)
async def test_axe_finds_nothing_on_the_other_pages(open_page: Open, theme: str, locale: str) -> None:
    visitor = await open_page(reduced_motion="reduce")
    await visitor.press_start()
    run = await visitor.page.locator("#table lv-kept a").first.get_attribute("href")
    await upload(visitor)
    capture = visitor.page.url.partition(visitor.server.host)[2].partition("?")[0]
    reader = await open_page(run, **look_of(theme, locale))
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
        await reader.page.goto(f"http://{visitor.server.host}{path}")
        assert await complaints(reader) == [], path
    reader.complaints[:] = [each for each in reader.complaints if "404 (Not Found)" not in each]


@pytest.mark.parametrize("path", ["/", "/present/{code}/", "/login/", "/recordings/"])
async def test_axe_finds_nothing_that_a_stranger_is_shown(open_page: Open, path: str) -> None:
    for theme, locale in LOOKS:
        visitor = await open_page(SHOW, **look_of(theme, locale))
        await visitor.page.goto(f"http://{visitor.server.host}{path.format(code=visitor.server.code)}")
        assert await complaints(visitor) == [], (theme, locale)
        visitor.complaints[:] = [each for each in visitor.complaints if "403 (Forbidden)" not in each]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_where_a_frame_is_lost_or_the_link_is_another_one(open_page: Open, theme: str) -> None:
    visitor = await open_page(bypass_csp=True, color_scheme=theme, reduced_motion="reduce")
    await upload(visitor)
    await open_conversation(visitor, 35310, "?frame=3&step=4")
    assert await complaints(visitor) == []
    await visitor.page.goto(f"http://{visitor.server.host}/recordings/")
    lesson = visitor.page.locator("a", has_text=re.compile("^Silence: the first SYN is lost$"))
    address = await lesson.get_attribute("href")
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
