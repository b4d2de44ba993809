"""/present/CODE/: notes, the next step, who is here, the screens, two windows, a recording for the class."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import complaints
from tests.browser.visitor import CONNECTING, JOIN, PRESENT, SHOW, Visitor, ask, visit
from tests.web.live import LiveServer, live_server, websocket
from tests.web.processes import installation

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STILL = {"reduced_motion": "reduce"}
SECRET = "Ask Ada: who answers?"
Come = Callable[..., Awaitable[Visitor]]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server of this module's own: its class has one presenter at a time, whom no other test disturbs."""
    with live_server(tmp_path_factory.mktemp("school"), LAB="off") as server:
        server.read_until("Lab ")
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def come(chromium: Browser, school: LiveServer) -> AsyncIterator[Come]:
    """Somebody comes with a browser; at the end none of them may have complained, and the class is as it was."""
    visitors: list[Visitor] = []

    async def came(path: str = PRESENT, **options: Any) -> Visitor:
        visitor = await visit(chromium, school, path, **{**STILL, **options})
        visitors.append(visitor)
        return visitor

    yield came
    await ask(await came(), {"kind": "show_cover", "cover": "none"})
    for visitor in visitors:
        await visitor.leave()
    for visitor in visitors:
        assert visitor.complaints == []
        assert visitor.strangers == []


async def at_the_first_step(come: Come) -> Visitor:
    presenter = await come()
    await presenter.press_start(cold=True)
    await presenter.key("Home")
    await expect(presenter.page.locator("lv-status .place")).to_contain_text("Frame 1 of")
    return presenter


def note(page: Page) -> Any:
    return page.locator("#note")


async def open_notes(presenter: Visitor) -> None:
    await presenter.key("s")
    await expect(note(presenter.page)).to_be_editable()


# --- notes ------------------------------------------------------------------------------------------------------------


async def test_a_note_is_saved_by_itself_and_is_there_again_in_every_run(come: Come) -> None:
    presenter = await at_the_first_step(come)
    page = presenter.page
    await open_notes(presenter)
    await expect(page.locator("lv-notes label")).to_have_text("Note for frame 1, step 1")
    await note(page).fill(SECRET)
    await expect(page.locator("lv-notes .standing")).to_have_text("Saved")
    await presenter.key("PageDown")
    await expect(note(page)).to_have_value("")
    await presenter.key("PageUp")
    await expect(note(page)).to_have_value(SECRET)
    await page.reload()
    await expect(note(page)).to_have_value(SECRET)
    await presenter.press_start(cold=True)
    await presenter.key("Home")
    await expect(note(page)).to_have_value(SECRET)


async def test_the_note_is_the_same_in_another_language(come: Come) -> None:
    presenter = await at_the_first_step(come)
    await open_notes(presenter)
    await note(presenter.page).fill("In both languages")
    await expect(presenter.page.locator("lv-notes .standing")).to_have_text("Saved")
    german = await come(locale="de-DE")
    await expect(german.page.locator("html")).to_have_attribute("lang", "de")
    await open_notes(german)
    await expect(note(german.page)).to_have_value("In both languages")


async def test_what_cannot_be_saved_says_why_survives_a_reload_and_is_saved_later(come: Come) -> None:
    presenter = await at_the_first_step(come)
    page = presenter.page
    await open_notes(presenter)
    refused = asyncio.Event()

    async def refuse(route: Any) -> None:
        if route.request.method == "PUT":
            refused.set()
            await route.fulfill(status=503, json={"sentence": "The server is busy."})
        else:
            await route.continue_()

    await page.route("**/notes/", refuse)
    await note(page).fill("not lost")
    await expect(page.locator("lv-notes .standing")).to_have_text("Not saved: The server is busy. It is tried again.")
    assert refused.is_set()
    await page.reload()
    await expect(note(page)).to_have_value("not lost")
    await page.unroute("**/notes/")
    await expect(page.locator("lv-notes .standing")).to_have_text("Saved")
    presenter.complaints[:] = [each for each in presenter.complaints if "503" not in each]


async def test_a_note_stays_with_the_step_that_it_was_written_for(come: Come) -> None:
    presenter = await at_the_first_step(come)
    page = presenter.page
    await open_notes(presenter)
    await note(page).fill("")
    await note(page).click()
    await page.keyboard.type("quick")
    async with page.expect_request(lambda request: request.method == "PUT" and "quick" in (request.post_data or "")):
        await presenter.key("PageDown")
    await expect(note(page)).to_have_value("")
    await presenter.key("PageUp")
    await expect(note(page)).to_have_value("quick")


async def test_letters_in_a_note_are_no_keys_of_the_stage(come: Come) -> None:
    presenter = await at_the_first_step(come)
    page = presenter.page
    await open_notes(presenter)
    await note(page).fill("")
    await note(page).click()
    await page.keyboard.type("b. so n")
    await expect(note(page)).to_have_value("b. so n")
    await expect(page.get_by_role("button", name="Blank")).to_have_attribute("aria-pressed", "false")
    await presenter.key("Escape")
    await expect(page.get_by_role("button", name="Notes")).to_be_focused()


async def test_notes_reach_neither_student_nor_projector(come: Come, school: LiveServer) -> None:
    presenter = await at_the_first_step(come)
    student, projector = await come(JOIN), await come(SHOW)
    await open_notes(presenter)
    await note(presenter.page).fill(SECRET)
    await expect(presenter.page.locator("lv-notes .standing")).to_have_text("Saved")
    for other in (student, projector):
        assert SECRET not in await other.page.content()
        answer = await other.page.request.get(f"http://{school.host}/present/{school.code}/notes/")
        assert answer.status == 403
        assert SECRET not in await answer.text()
        await other.key("s")
        await expect(other.page.locator("lv-notes")).to_have_count(0)
    for kind in ("join", "show"):
        async with websocket(school.host, f"/ws/{kind}/{school.code}/") as socket:
            assert SECRET not in str(await socket.read_until("snapshot"))


# --- the next step ----------------------------------------------------------------------------------------------------


async def test_the_presenter_knows_what_comes_next_to_the_very_end(come: Come) -> None:
    presenter = await come()
    run = await presenter.press_start(cold=True)
    await presenter.key("Home")
    steps = [(journey, step) for journey in run["journeys"] for step in journey["steps"]]
    ahead = presenter.page.locator("lv-next")
    for (journey, _), (following, step) in pairwise(steps[:15]):
        await expect(ahead).to_contain_text(step["title"])
        begins = following is not journey
        await expect(ahead.locator("strong")).to_have_text(
            f"Frame {following['number']}: {following['name']}" if begins else ""
        )
        await presenter.key("PageDown")
        await presenter.rest_at(step)
    await presenter.key("End")
    await expect(ahead).to_have_text("This is the last step.", use_inner_text=True)


# --- the class --------------------------------------------------------------------------------------------------------


async def test_the_presenter_sees_how_many_are_here_and_how_to_join(come: Come, school: LiveServer) -> None:
    presenter = await come()
    page = presenter.page
    count = page.locator("lv-class button")
    await expect(count).to_have_text("Nobody yet")
    await count.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Nobody has joined yet.")
    await expect(dialog).to_contain_text(school.code)
    await expect(dialog.get_by_role("img")).to_be_visible()
    await expect(dialog).to_contain_text("its round trip to the server takes")
    students = [await come(JOIN) for _ in range(3)]
    await come(SHOW)
    await expect(dialog).to_contain_text("3 follow")
    await expect(dialog).to_contain_text("1 projector")
    await expect(dialog.get_by_role("row", name=re.compile("Student"))).to_have_count(4)
    await students[0].leave()
    await expect(dialog).to_contain_text("2 follow")
    await presenter.key("Escape")
    await expect(count).to_have_text("2 follow")


async def test_who_roams_is_named_with_the_place(come: Come, school: LiveServer) -> None:
    presenter = await at_the_first_step(come)
    page = presenter.page
    async with websocket(school.host, f"/ws/join/{school.code}/") as socket:
        await socket.read_until("snapshot")
        await socket.send(kind="stand", mode="roam", name="<b>Ada</b> Löve", frame=3, step=2)
        await expect(page.locator("lv-class button")).to_contain_text("1 looks around")
        await page.locator("lv-class button").click()
        row = page.get_by_role("row", name="<b>Ada</b> Löve")
        await expect(row).to_contain_text("looks around: frame 3, step 2")
        assert await complaints_without_policy(come) == []


async def complaints_without_policy(come: Come) -> list[str]:
    """Of a second window with the list of the class open: the page's own policy forbids the script that axe is."""
    watcher = await come(lead=False, bypass_csp=True)
    await watcher.page.locator("lv-class button").click()
    await expect(watcher.page.get_by_role("dialog")).to_be_visible()
    return await complaints(watcher)


# --- what the screens show --------------------------------------------------------------------------------------------


async def test_blank_and_invitation_are_buttons_and_going_on_shows_the_picture(come: Come) -> None:
    presenter = await at_the_first_step(come)
    page, projector = presenter.page, await come(SHOW)
    blank, invitation = (page.get_by_role("button", name=name) for name in ("Blank", "Invitation"))
    await blank.click()
    await expect(blank).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("lv-lead")).to_contain_text("The screens are blank: press b or go on.")
    await expect(page.locator("lv-caption .caption-sentence")).to_be_visible()
    await expect(projector.page.locator("body")).to_have_attribute("data-cover", "blank")
    await invitation.click()
    await expect(invitation).to_have_attribute("aria-pressed", "true")
    await expect(blank).to_have_attribute("aria-pressed", "false")
    await presenter.key("PageDown")
    await expect(invitation).to_have_attribute("aria-pressed", "false")
    await expect(page.locator("lv-lead .strip:visible")).to_have_count(0)
    await presenter.key(".")
    await expect(blank).to_have_attribute("aria-pressed", "true")
    await presenter.key("b")
    await expect(blank).to_have_attribute("aria-pressed", "false")


# --- two windows ------------------------------------------------------------------------------------------------------


async def test_a_second_window_follows_until_it_takes_over_and_both_say_so(come: Come) -> None:
    first = await at_the_first_step(come)
    second = await come(lead=False)
    await expect(second.page.locator("lv-lead")).to_contain_text("Another window leads this class. This one follows.")
    await expect(second.page.get_by_role("button", name="Next step")).to_have_attribute("aria-disabled", "true")
    await expect(second.page.get_by_role("button", name="Blank")).to_have_attribute("aria-disabled", "true")
    await second.key("PageDown")
    await expect(second.page.locator("lv-notice .toast")).to_contain_text("press Take over")
    await expect(first.page.locator("lv-next")).not_to_contain_text("Frame 2")
    await expect(first.page.locator("lv-lead .strip:visible")).to_have_count(0)
    await second.page.get_by_role("button", name="Take over").click()
    await expect(first.page.locator("lv-lead")).to_contain_text("Another window has taken over. This one follows now.")
    await expect(second.page.locator("lv-lead .strip:visible")).to_have_count(0)
    await expect(second.page.get_by_role("button", name="Next step")).not_to_have_attribute("aria-disabled", "true")
    await second.leave()
    await expect(first.page.locator("lv-lead .strip:visible")).to_have_count(0)
    await expect(first.page.get_by_role("button", name="Next step")).not_to_have_attribute("aria-disabled", "true")


async def test_a_reload_of_the_only_window_still_knows_who_is_here(come: Come) -> None:
    presenter = await come()
    await come(JOIN)
    await expect(presenter.page.locator("lv-class button")).to_have_text("1 follows")
    await presenter.page.reload()
    await expect(presenter.page.locator("lv-class button")).to_have_text("1 follows")


# --- a recording for the class ----------------------------------------------------------------------------------------


async def test_a_lesson_is_shown_to_the_class_once_and_is_not_called_live(come: Come, school: LiveServer) -> None:
    presenter = await come()
    page, student = presenter.page, await come(JOIN)
    await page.goto(f"http://{school.host}/")
    await page.get_by_role("link", name=re.compile("Show to the class Silence")).click()
    await expect(page).to_have_url(f"http://{school.host}/present/{school.code}/")
    await expect(page.locator("lv-status .badge")).to_have_text("Recorded · real packets")
    await expect(page.locator("lv-status .name")).to_have_text("SYN")
    await expect(student.page.locator("lv-status .badge")).to_have_text("Recorded · real packets")
    await expect(page.locator("lv-kept[data-place=dock] a")).to_have_attribute(
        "href", re.compile(r"^/recordings/\d+/$")
    )
    await presenter.press_start()
    await expect(page.locator("lv-status .badge")).to_have_text("SIMULATED")
    await page.reload()
    await expect(page.locator("lv-status .badge")).to_have_text("SIMULATED")


async def test_a_lesson_in_a_second_window_offers_to_take_over_and_show_it(come: Come, school: LiveServer) -> None:
    first, second = await at_the_first_step(come), await come(lead=False)
    page = second.page
    await page.goto(f"http://{school.host}/")
    await page.get_by_role("link", name=re.compile("Show to the class Silence")).click()
    await expect(page.get_by_role("button", name="Take over and show it")).to_be_visible()
    await page.get_by_role("button", name="Don't show it").click()
    await page.get_by_role("button", name="Take over", exact=True).click()
    await expect(page.locator("lv-lead .strip:visible")).to_have_count(0)
    await expect(first.page.locator("lv-status .badge")).to_have_text("SIMULATED")


async def test_a_link_from_elsewhere_asks_first(come: Come, school: LiveServer) -> None:
    presenter = await at_the_first_step(come)
    page = presenter.page
    asked: list[str] = []

    async def decline(dialog: Any) -> None:
        asked.append(dialog.message)
        await dialog.dismiss()

    page.on("dialog", decline)
    await page.goto(f"http://{school.host}/present/{school.code}/?recording=2")
    await expect(page).to_have_url(f"http://{school.host}/present/{school.code}/")
    await expect(page.locator("lv-status .badge")).to_have_text("SIMULATED")
    assert asked == ["Show recording 2 to the class?"]


# --- the head, the menu, the dashboard --------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_the_head_cuts_no_name_off_and_nothing_is_wider_than_the_window(
    come: Come, locale: str, width: int
) -> None:
    await at_the_first_step(come)
    presenter = await come(locale=locale, viewport={"width": width, "height": 720})
    page = presenter.page
    await expect(page.locator("lv-status .place")).to_contain_text("1")
    await nothing_is_cut_off(page)
    await page.route_web_socket(re.compile("/ws/"), lambda _line: None)  # which takes the line and says nothing
    await page.reload()
    await expect(page.locator("lv-status .badge")).to_have_text(CONNECTING)
    await nothing_is_cut_off(page)


async def nothing_is_cut_off(page: Page) -> None:
    await page.locator("lv-class button").wait_for()
    name = page.locator("lv-status .name")
    await expect(name).not_to_be_empty()
    assert await name.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def test_the_menu_holds_the_rest_and_the_help_lists_every_key(come: Come) -> None:
    presenter = await come()
    page = presenter.page
    await expect(page.get_by_label("Theme")).to_be_hidden()
    await page.get_by_role("button", name="Menu").click()
    for name in ("Projector", "Recordings", "Dashboard", "Close the class"):
        await expect(page.locator("#menu").get_by_role("link", name=name)).to_be_visible()
    await expect(page.get_by_label("Language")).to_be_visible()
    await page.get_by_role("button", name="Keys").click()
    keys = await page.get_by_role("dialog").locator("kbd").all_inner_texts()
    assert {
        "PageDown",
        "PageUp",
        "n",
        "p",
        "Space",
        "b",
        ".",
        "s",
        "o",
        "g",
        "f",
        "F5",
        "1",
        "5",
        "+",
        "-",
        "?",
    } <= set(keys)


async def test_the_page_is_made_of_fewer_than_forty_requests(chromium: Browser, school: LiveServer) -> None:
    for locale in ("en-US", "de-DE"):
        visitor = await visit(chromium, school, PRESENT, locale=locale)
        asked: list[str] = []
        visitor.page.on("request", lambda request, asked=asked: asked.append(request.url))
        await visitor.page.reload(wait_until="networkidle")
        await expect(visitor.page.locator("lv-class button")).to_be_visible()
        assert len(asked) < 40, locale
        await visitor.leave()


# --- when something breaks --------------------------------------------------------------------------------------------


async def test_a_worker_that_is_gone_and_a_line_that_is_cut_are_two_sentences(
    chromium: Browser, tmp_path: Path
) -> None:
    with installation(tmp_path, webs=1, workers=1, LAB="off") as house:
        presenter = await visit(chromium, house.webs[0], PRESENT)
        banner = presenter.page.locator("lv-notice .banner")
        await expect(presenter.page.locator("lv-class button")).to_have_text("Nobody yet")
        house.kill(house.owner())
        await expect(banner).to_contain_text("The capture worker of this class does not answer")
        house.start_worker()
        await expect(banner).to_be_hidden()
        house.kill(house.webs[0])
        await expect(banner).to_contain_text("Connection lost. Trying again")
        await presenter.leave()
