"""/join/CODE/: a student follows the class, looks around alone, catches up; on a phone, and when something breaks."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.visitor import JOIN, PRESENT, SHOW, Visitor, ask, visit
from tests.web.live import LiveServer, live_server, websocket

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ON_ITS_SIDE: dict[str, Any] = {**PHONE, "viewport": {"width": 844, "height": 390}}
NARROWEST: dict[str, Any] = {"viewport": {"width": 320, "height": 256}}
STILL = {"reduced_motion": "reduce"}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll("button, a, select, input, summary")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && each.closest(".below, .unseen") === null)
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, {width, height}]) => width > 1 && (width < 44 || height < 44)).map(([html]) => html)"""
SMALL_TEXTS = """() => {
  const small = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({visibilityProperty: true})) continue;
    if (parent.closest(".unseen, .spoken, lv-states, .inspector, lv-table")) continue;
    const scale = parent instanceof SVGGraphicsElement ? parent.getScreenCTM().d : 1;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
    if (size < 15.99) small.push([size, text.data.trim()]);
  }
  return small;
}"""


def steps_of(run: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for journey in run["journeys"] for step in journey["steps"]]


def bar(visitor: Visitor) -> Any:
    return visitor.page.locator(".follow-bar")


async def look_around(visitor: Visitor) -> None:
    await visitor.page.get_by_role("button", name="Look around").click()
    await expect(visitor.page.get_by_role("button", name="Catch up")).to_be_visible()
    await expect(visitor.page.get_by_role("button", name="Next step")).to_be_visible()


async def begun(open_page: Open) -> tuple[Visitor, list[dict[str, Any]]]:
    """A presenter at the first step of a run."""
    presenter = await open_page(**STILL)
    steps = steps_of(await presenter.press_start(cold=True))
    await presenter.key("Home")
    await presenter.rest_at(steps[0])
    return presenter, steps


async def test_a_student_sees_the_class_s_step_from_the_first_moment_on(open_page: Open) -> None:
    presenter, steps = await begun(open_page)
    await presenter.key("ArrowRight")
    await presenter.rest_at(steps[1])
    late = await open_page(JOIN, **STILL)
    await late.rest_at(steps[1])
    await expect(bar(late)).to_contain_text("You follow the class.")
    await presenter.key("ArrowRight")
    await late.rest_at(steps[2])


async def test_whoever_looks_around_moves_alone_and_catches_up_in_one_press(open_page: Open) -> None:
    presenter, steps = await begun(open_page)
    student, other = await open_page(JOIN, **STILL), await open_page(JOIN, **STILL)
    await student.rest_at(steps[0])
    await look_around(student)
    for step in steps[1:4]:
        await student.page.get_by_role("button", name="Next step").click()
        await student.rest_at(step)
    await student.key("ArrowRight")
    await student.rest_at(steps[4])
    await presenter.key("ArrowRight")
    await other.rest_at(steps[1])
    await expect(bar(student)).to_contain_text("The class is at frame 1, step 2.")
    await student.rest_at(steps[4])
    await presenter.rest_at(steps[1])
    await student.page.get_by_role("button", name="Catch up").click()
    await student.rest_at(steps[1])
    await expect(bar(student)).to_contain_text("You follow the class.")
    await expect(student.page.get_by_role("button", name="Next step")).to_be_hidden()


async def test_another_run_of_the_class_is_said_and_takes_nothing_from_who_looks_around(open_page: Open) -> None:
    presenter, steps = await begun(open_page)
    student = await open_page(JOIN, **STILL)
    await student.rest_at(steps[0])
    await look_around(student)
    await student.key("ArrowRight")
    await student.rest_at(steps[1])
    again = await presenter.press_start()
    await expect(bar(student)).to_contain_text("The class has begun another run.")
    await student.rest_at(steps[1])
    await presenter.key("Home")
    await student.page.get_by_role("button", name="Catch up").click()
    await student.rest_at(steps_of(again)[0])


async def test_a_follower_s_keys_move_nothing_and_say_why(open_page: Open) -> None:
    presenter, steps = await begun(open_page)
    student = await open_page(JOIN, **STILL)
    await student.rest_at(steps[0])
    for key in ("ArrowRight", "PageDown", "End", "b"):
        await student.key(key)
    await expect(student.page.locator("lv-notice .toast")).to_contain_text("Look around")
    await presenter.rest_at(steps[0])
    await student.rest_at(steps[0])


async def test_the_keyboard_alone_looks_around_and_comes_back(open_page: Open) -> None:
    _presenter, steps = await begun(open_page)
    student = await open_page(JOIN, **STILL)
    await student.rest_at(steps[0])
    await student.page.get_by_role("button", name="Look around").focus()
    await student.key("Enter")
    await expect(student.page.get_by_role("button", name="Catch up")).to_be_focused()
    await student.key("PageDown")
    await student.rest_at(steps[1])
    await student.key("Enter")
    await expect(student.page.get_by_role("button", name="Look around")).to_be_focused()
    await student.rest_at(steps[0])


async def test_the_presenter_is_told_who_looks_around_and_where(open_page: Open, house: LiveServer) -> None:
    _presenter, steps = await begun(open_page)
    async with websocket(house.host, f"/ws/present/{house.code}/", cookie=house.cookie) as socket:
        student = await open_page(JOIN, **STILL)
        await student.rest_at(steps[0])
        await student.page.get_by_role("button", name="Yes").click()
        await student.page.get_by_label("Name", exact=True).fill("  Ada Lovelace ")
        await student.key("Enter")
        await look_around(student)
        await student.key("ArrowRight")
        told = await told_of(socket, "Ada Lovelace", mode="roam", step=2)
        assert told["frame"] == 1
        await student.page.get_by_role("button", name="Catch up").click()
        await told_of(socket, "Ada Lovelace", mode="follow", step=0)
        await student.page.reload()
        await expect(student.page.get_by_text("Tell the presenter your name?")).to_be_hidden()
        await told_of(socket, "Ada Lovelace", mode="follow", step=0)


async def told_of(socket: Any, name: str, **facts: Any) -> dict[str, Any]:
    """What the presenter hears of the student of that name, once it is so."""
    while True:
        for person in (await socket.read_until("attendance"))["people"]:
            if person["name"] == name and facts.items() <= person.items():
                found: dict[str, Any] = person
                return found


async def test_a_name_has_forty_signs_at_most_and_can_be_taken_back(open_page: Open) -> None:
    student = await open_page(JOIN)
    page = student.page
    await page.locator("#name-button").click()
    await page.get_by_label("Name", exact=True).press_sequentially("x" * 50)
    assert await page.get_by_label("Name", exact=True).input_value() == "x" * 40
    await page.get_by_role("button", name="Save").click()
    await page.locator("#name-button").click()
    await page.get_by_label("Name", exact=True).fill("")
    await page.get_by_role("button", name="Save").click()
    assert await page.evaluate("() => localStorage.getItem('layersviz-name')") == ""


async def test_a_blank_reaches_everybody_and_an_invitation_hides_nothing_from_who_has_joined(open_page: Open) -> None:
    presenter, steps = await begun(open_page)
    follower, roamer = await open_page(JOIN, **STILL), await open_page(JOIN, **STILL)
    await roamer.rest_at(steps[0])
    await look_around(roamer)
    try:
        await ask(presenter, {"kind": "show_cover", "cover": "blank"})
        for student in (follower, roamer):
            await expect(student.page.locator(".cover.blank")).to_be_visible()
            await expect(student.page.locator("lv-caption")).to_be_hidden()
            await expect(student.page.locator(".follow-bar button:visible")).to_have_count(0)
            await expect(student.page.get_by_role("button", name="Next step")).to_be_hidden()
        await ask(presenter, {"kind": "show_cover", "cover": "invitation"})
        for student in (follower, roamer):
            await expect(student.page.locator(".cover.blank")).to_be_hidden()
            await expect(student.page.locator("lv-caption")).to_be_visible()
            await expect(student.page.get_by_text("You are in.")).to_be_hidden()
    finally:
        await ask(presenter, {"kind": "show_cover", "cover": "none"})
    await follower.rest_at(steps[0])


async def test_before_a_run_there_is_nothing_to_look_around_in(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off") as server:
        server.read_until("Lab ")
        student = await visit(chromium, server, JOIN)
        await expect(bar(student)).to_contain_text("There are no frames yet.")
        button = student.page.get_by_role("button", name="Look around")
        await expect(button).to_have_attribute("aria-disabled", "true")
        await student.leave()


async def test_to_be_offline_and_an_offline_presenter_are_two_sentences(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off") as server:
        server.read_until("Lab ")
        student = await visit(chromium, server, JOIN)
        said = student.page.locator("lv-notice .banner")
        await expect(said).to_have_text("The presenter is not here yet.")
        presenter = await visit(chromium, server, PRESENT)
        await expect(said).to_be_hidden()
        await presenter.leave()
        await expect(said).to_have_text("The presenter is offline.")
        await student.page.context.set_offline(True)
        await expect(said).to_contain_text("You are offline. Trying again")
        await student.page.context.set_offline(False)
        await expect(said).to_have_text("The presenter is offline.")
        await student.leave()


async def test_a_class_that_is_closed_is_over_for_good(chromium: Browser, tmp_path: Path) -> None:
    with live_server(tmp_path, LAB="off") as server:
        server.read_until("Lab ")
        student, german = await visit(chromium, server, JOIN), await visit(chromium, server, JOIN, locale="de")
        sockets: list[str] = []
        await close_class(chromium, server)
        await expect(student.page.locator("lv-notice .banner")).to_have_text("This class is over.")
        await expect(german.page.locator("lv-notice .banner")).to_have_text("Diese Klasse ist beendet.")
        student.page.on("websocket", lambda socket: sockets.append(socket.url))
        await student.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        await student.page.get_by_role("link", name="Join another class").click()
        await expect(student.page.get_by_label("Code")).to_be_visible()
        assert sockets == []
        await student.leave()
        await german.leave()


async def close_class(chromium: Browser, server: LiveServer) -> None:
    presenter = await visit(chromium, server, PRESENT)
    await presenter.page.goto(f"http://{server.host}/rooms/{server.code}/close/")
    await presenter.page.get_by_role("button", name=re.compile("Close")).click()
    await presenter.leave()


@pytest.mark.parametrize("screen", [PHONE, ON_ITS_SIDE, NARROWEST], ids=["upright", "on its side", "400 % zoom"])
@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_phone_needs_no_zoom_and_no_sideways_scrolling(
    open_page: Open, screen: dict[str, Any], language: str
) -> None:
    presenter, steps = await begun(open_page)
    student = await open_page(JOIN, **STILL, **screen, locale=language)
    for number in (1, 3, 5, 8):
        await ask(presenter, {"kind": "seek", "instant_ms": steps[number]["rest_ms"]})
        await presenter.rest_at(steps[number])
        await expect(student.page.locator("lv-caption")).to_have_attribute("data-layer", steps[number]["layer"])
        assert await student.page.evaluate(SIDEWAYS) <= 0
        assert await student.page.evaluate(SMALL_TEXTS) == []
    await student.page.locator(".follow-bar button:visible").click()
    await expect(student.page.locator("lv-controls .play")).to_be_visible()
    assert await student.page.evaluate(SIDEWAYS) <= 0
    assert await student.page.evaluate(SMALL_TARGETS) == []


async def test_a_listener_hears_each_step_once_while_the_class_plays(open_page: Open) -> None:
    presenter, steps = await begun(open_page)
    student = await open_page(JOIN)
    heard = student.page.locator("lv-caption [aria-live=polite]")
    await expect(heard).to_contain_text(steps[0]["sentence"])
    await student.page.evaluate(
        """() => {
          window.heard = [];
          const region = document.querySelector("lv-caption [aria-live=polite]");
          const note = () => window.heard.push(region.textContent);
          new MutationObserver(note).observe(region, {childList: true, characterData: true, subtree: true});
        }"""
    )
    for step in steps[1:3]:
        await presenter.key("ArrowRight")
        await expect(heard).to_contain_text(step["sentence"])
    said = await student.page.evaluate("() => window.heard")
    assert said == [f"{step['title']}. {step['sentence']}" for step in steps[1:3]]


async def test_a_remark_on_mode_is_told_once_too(open_page: Open) -> None:
    presenter, steps = await begun(open_page)
    student = await open_page(JOIN, **STILL)
    await student.rest_at(steps[0])
    await look_around(student)
    status = student.page.locator(".follow-bar [role=status]")
    await expect(status).to_have_text("You are looking around.")
    await presenter.key("ArrowRight")
    await expect(bar(student)).to_contain_text("step 2")
    await expect(status).to_have_text("You are looking around.")


@pytest.mark.parametrize("path", [JOIN, SHOW])
@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_page_of_the_class_takes_fewer_than_forty_requests(
    chromium: Browser, house: LiveServer, path: str, language: str
) -> None:
    context = await chromium.new_context(locale=language)
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"http://{house.host}{path.format(code=house.code)}", wait_until="networkidle")
    await context.close()
    assert 20 < len(asked) < 40


async def test_a_code_on_the_form_leads_into_the_class(open_page: Open, house: LiveServer) -> None:
    student = await open_page(JOIN, **PHONE)
    page: Page = student.page
    await page.goto(f"http://{house.host}/join/")
    assert await page.evaluate(SIDEWAYS) <= 0
    assert await page.evaluate(SMALL_TARGETS) == []
    await page.get_by_label("Code").fill("0OI1L0")
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("alert")).to_contain_text("six characters")
    student.complaints.clear()  # the browser notes the status 404 of the answer
    await page.get_by_label("Code").fill(house.code.lower())
    await page.get_by_role("button", name="Join").click()
    await expect(page).to_have_url(f"http://{house.host}/join/{house.code}/")
    await expect(page.locator(".follow-bar")).to_contain_text("You follow the class.")
    await page.goto(f"http://{house.host}/{house.code}")
    await expect(page).to_have_url(f"http://{house.host}/join/{house.code}/")
    await expect(page.locator(".follow-bar")).to_contain_text("You follow the class.")
