"""Predict, then see, in real browsers: a class of five answers, one of them twice; then alone with a recording."""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import complaints
from tests.browser.classroom import STILL, Classroom, gather, one_process
from tests.browser.test_projector import SMALLEST_TYPE
from tests.browser.visitor import JOIN, SHOW, Visitor, address_of, ask, snapshot, visit
from tests.web.processes import installation

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
ONE, SEVERAL = "one process", "several processes"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, **STILL}
BEAMER: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}, **STILL}
ACKNOWLEDGMENT = "Which acknowledgment number comes back?"
OVERFLOWING = """() => {
  const isCut = (each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
  return [...document.querySelectorAll(".stage > lv-question, .stage > lv-question *")]
    .filter((each) => each.checkVisibility() && getComputedStyle(each).display !== "inline" && each.clientWidth > 0)
    .filter(isCut).map((each) => `${each.className || each.localName}: ${each.textContent.slice(0, 60)}`);
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll("lv-predict button")].map((each) => each.getBoundingClientRect())
  .filter(({ width, height }) => width < 44 || height < 44).length"""


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=[ONE, SEVERAL])
async def classroom(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Classroom]:
    var = tmp_path_factory.mktemp("class")
    with one_process(var) if request.param == ONE else installation(var, webs=2, workers=2, LAB="off") as house:
        gathered = await gather(chromium, house)
        yield gathered
        await gathered.leave()


async def go_to_syn(presenter: Visitor) -> dict[str, Any]:
    """The step in which the client's kernel makes its SYN; gives the run."""
    run: dict[str, Any] = (await snapshot(presenter.server))["run"]
    syn = next(journey for journey in run["journeys"] if journey["kind"] == "SYN")
    step = next(step for step in syn["steps"] if step["layer"] == "transport")
    await ask(presenter, {"kind": "seek", "instant_ms": step["rest_ms"]})
    await presenter.rest_at(step)
    return run


async def ask_class(presenter: Visitor, words: str = ACKNOWLEDGMENT) -> None:
    strip = presenter.page.locator("lv-ask")
    if not await strip.is_visible():
        await presenter.key("q")
    await strip.get_by_role("button", name=words).click()
    await expect(presenter.page.locator("lv-question")).to_be_visible()


async def answer(page: Page, index: int) -> None:
    await page.locator("lv-predict button.choice").nth(index).click()
    await expect(page.locator("lv-predict li").nth(index)).to_have_attribute("data-own", "")


def after_syn(run: dict[str, Any]) -> str:
    syn_ack = next(journey for journey in run["journeys"] if journey["kind"] == "SYN/ACK")
    tcp = next(header for header in syn_ack["headers"] if header["protocol"] == "TCP")
    return str(next(field["number"] for field in tcp["fields"] if field["name"] == "tcp.ack_raw"))


async def test_a_class_of_five_predicts_and_one_of_them_answers_twice(classroom: Classroom) -> None:
    await classroom.begin()
    presenter, projector, students = classroom.presenter, classroom.projector, classroom.students
    run = await go_to_syn(presenter)
    await ask_class(presenter)
    for number, student in enumerate(students):
        await answer(student.page, number % 4)
    again = students[0].page
    await again.reload()
    await expect(again.locator("lv-predict li").first).to_have_attribute("data-own", "")
    await again.locator("lv-predict button.choice").nth(2).click(force=True)
    await expect(again.locator("lv-predict .own")).to_have_text("Your answer: A.")
    await expect(projector.page.locator("lv-question .count")).to_have_text("5 have answered.")
    await expect(presenter.page.locator("lv-ask .who li")).to_have_count(5)
    for visitor in classroom.pages():
        assert await visitor.page.locator("[data-right], .why:not(:empty)").count() == 0

    await presenter.key("PageDown")
    right = after_syn(run)
    for visitor in classroom.pages():
        shown = visitor.page.locator("lv-question, lv-predict").first
        await expect(shown.locator("[data-right] .words")).to_have_text(right)
        await expect(shown.locator(".figure")).to_have_text(["2 of 5 (40 %)", *["1 of 5 (20 %)"] * 3])
        await expect(shown.locator(".why")).to_contain_text("RFC 9293")

    await presenter.key("PageDown")
    for visitor in classroom.pages():
        await expect(visitor.page.locator("lv-question, lv-predict").first).to_be_hidden()
    await expect(presenter.page.locator("lv-caption .caption-title")).to_have_text("Client sends: network layer")


async def test_the_presenter_takes_the_answers_along_and_nobody_else_does(classroom: Classroom) -> None:
    address = f"http://{classroom.server.host}/present/{classroom.server.code}/questions.csv"
    response = await classroom.presenter.page.request.get(address)
    rows = list(csv.reader(io.StringIO((await response.body()).decode("utf-8-sig"))))
    assert len(rows) == 6
    assert len({row[6] for row in rows[1:]}) == 5
    student = await classroom.students[0].page.request.get(address)
    assert student.status == 403


async def test_whoever_looks_around_comes_no_further_than_the_question(classroom: Classroom) -> None:
    await classroom.begin()
    student = classroom.students[1]
    await classroom.look_around(1, "]", "]", "]", "]")
    await go_to_syn(classroom.presenter)
    await ask_class(classroom.presenter)
    caption = student.page.locator("lv-caption .caption-title")
    await expect(caption).to_have_text("Client sends: transport layer")
    for key in ("PageDown", "]", "End"):
        await student.key(key)
    await expect(caption).to_have_text("Client sends: transport layer")
    for place in ("lv-scrubber", "lv-status", "lv-ladder", "#table"):  # the state diagram names SYN/ACK in any case
        assert "SYN/ACK" not in await student.page.locator(place).inner_text(), place
    await student.key("o")
    rows = student.page.locator("lv-overview .frames > li")
    await expect(rows.last).to_contain_text("SYN")
    assert "SYN/ACK" not in await rows.last.inner_text()
    await student.key("Escape")
    await classroom.presenter.page.get_by_role("button", name="Take the question away").click()
    await student.key("End")
    await expect(student.page.locator("lv-status .place")).to_contain_text(" of ")
    await classroom.catch_up(1)


@pytest.mark.parametrize("classroom", [ONE], indirect=True)
async def test_on_the_projector_each_question_can_be_read_and_is_whole(chromium: Browser, classroom: Classroom) -> None:
    await classroom.begin()
    presenter = classroom.presenter
    for locale in ("en", "de-DE"):
        beamer = await visit(chromium, classroom.server, SHOW, locale=locale, bypass_csp=True, **BEAMER)
        for words in (ACKNOWLEDGMENT, "Which flags come next?", "Which port answers?"):
            await go_to_syn(presenter)
            await ask_class(presenter, words)
            for _press in range(2):
                await expect(beamer.page.locator("lv-question li")).to_have_count(4)
                size, text = await beamer.page.evaluate(SMALLEST_TYPE)
                assert size >= 24, (words, text)
                assert await beamer.page.evaluate(OVERFLOWING) == [], words
                await presenter.key("PageDown")
            await expect(beamer.page.locator("lv-question")).to_be_hidden()
        await beamer.leave()


@pytest.mark.parametrize("classroom", [ONE], indirect=True)
async def test_axe_finds_nothing_in_a_question(chromium: Browser, classroom: Classroom) -> None:
    await classroom.begin()
    presenter, bare = classroom.presenter, {"bypass_csp": True}
    looking = [
        await visit(chromium, classroom.server, JOIN, **PHONE, **bare),
        await visit(chromium, classroom.server, JOIN, **STILL, **bare),
        await visit(chromium, classroom.server, SHOW, **BEAMER, **bare),
        await visit(chromium, classroom.server, lead=False, **STILL, **bare),
    ]
    phone = looking[0].page
    await go_to_syn(presenter)
    await ask_class(presenter)
    for visitor in looking:
        await expect(visitor.page.locator("lv-question, lv-predict").first).to_be_visible()
    assert await complaints(*looking) == []
    assert await phone.evaluate(SMALL_TARGETS) == 0
    assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await answer(phone, 1)
    await presenter.key("PageDown")
    await expect(phone.locator("lv-predict .why")).not_to_be_empty()
    assert await complaints(*looking) == []
    await presenter.key("PageDown")
    for visitor in looking:
        await visitor.leave()


async def test_alone_with_a_recording_one_asks_oneself(open_page: Open) -> None:
    presenter = await open_page(reduced_motion="reduce")
    run = await presenter.press_start()
    syn = next(journey for journey in run["journeys"] if journey["kind"] == "SYN")
    step = next(step for step in syn["steps"] if step["layer"] == "transport")
    reader = await open_page(f"{address_of(run)}?frame={syn['number']}&step={step['number']}", **STILL)
    page = reader.page
    await reader.rest_at(step)
    await page.locator("#questions-button").click()
    await page.locator("lv-ask").get_by_role("button", name=ACKNOWLEDGMENT).click()
    await page.locator("lv-predict button.choice").first.click()
    await expect(page.locator("lv-predict [data-right]")).to_have_count(1)
    await expect(page.locator("lv-predict .why")).to_contain_text("RFC 9293")
    await reader.key("PageDown")
    await expect(page.locator("lv-predict")).to_be_hidden()
    await reader.rest_at(syn["steps"][step["number"]])
