"""What shall go wrong, chosen at the start desk, in a real browser with the real lab: what is asked is what is seen."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.axe import complaints
from tests.browser.test_projector import BEAMER, SMALLEST_TYPE
from tests.browser.visitor import (
    JOIN,
    SHOW,
    Visitor,
    finished_run,
    seek,
    skip_without_lab,
    snapshot,
    take_over,
    visit,
)
from tests.web.live import LiveServer, live_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
STILL = {"reduced_motion": "reduce"}
PHONE = {**STILL, "viewport": {"width": 390, "height": 844}}
LOST_SYN = "The client's 1st SYN is lost."


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(house: LiveServer, open_page: Open) -> Open:
    """Pages of a class that has a lab: a model has no wire on which anything could go wrong."""
    await skip_without_lab(house)
    return open_page


async def open_desk(visitor: Visitor) -> Page:
    await visitor.page.get_by_role("button", name="Scene and faults").click()
    await expect(visitor.page.get_by_role("dialog", name="Scene and faults")).to_be_visible()
    return visitor.page


async def play(visitor: Visitor) -> dict[str, Any]:
    before = (await snapshot(visitor.server))["run"]["number"]
    await visitor.page.locator("lv-controls .primary").click()
    return await finished_run(visitor.server, after=before)


async def test_a_lost_syn_is_chosen_in_one_press_said_beside_start_and_lost(open_page: Open) -> None:
    presenter = await open_page(**STILL)
    page = await open_desk(presenter)
    await page.get_by_role("button", name="Lose the first SYN").click()
    await page.keyboard.press("Escape")
    await expect(page.locator("lv-chosen")).to_contain_text(LOST_SYN)
    run = await play(presenter)
    syns = [
        journey for journey in run["journeys"] if journey["name"].startswith("SYN") and journey["sender"] == "client"
    ]
    assert [journey["lost"] for journey in syns] == [True, False]
    assert syns[1]["repeats"] == syns[0]["number"]
    assert [journey["number"] for journey in run["journeys"] if journey["lost"]] == [syns[0]["number"]]


async def test_what_is_chosen_outlives_a_reload_and_a_reset_takes_it_away(open_page: Open) -> None:
    presenter = await open_page(**STILL)
    page = await open_desk(presenter)
    await page.get_by_role("button", name="Lose the first SYN").click()
    await page.get_by_label("IPv6 in place of IPv4").check()
    await expect(page.locator("#desk-address")).to_have_text(re.compile(r"http://\[fd00::2\](:\d+)?$"))
    await page.get_by_label("IPv6 in place of IPv4").uncheck()
    await expect(page.locator("#desk-address")).to_have_text(re.compile(r"http://10\.0\.0\.2(:\d+)?$"))
    await page.get_by_label("Textbook timers").check()
    await page.reload()
    await expect(page.locator("lv-chosen")).to_contain_text(f"{LOST_SYN} Textbook timers.")
    await take_over(presenter)
    await page.locator("lv-chosen").get_by_role("button", name="Reset").click()
    await expect(page.locator("lv-chosen")).to_be_hidden()
    await page.reload()
    await expect(page.locator("lv-controls .primary")).to_be_visible()
    await take_over(presenter)
    run = await presenter.press_start()
    assert not any(journey["lost"] for journey in run["journeys"])


async def test_nonsense_is_refused_in_one_sentence_and_what_was_chosen_stays(open_page: Open) -> None:
    presenter = await open_page(**STILL)
    page = await open_desk(presenter)
    await page.get_by_role("button", name="Lose the first SYN").click()
    await page.get_by_label("The server's port").fill("70000")
    await expect(page.get_by_role("alert").filter(has_text="A port is a number from 1 to 65535.")).to_be_visible()
    await page.get_by_label("The server's port").fill("6789")
    await expect(page.locator("#desk-address")).to_contain_text(":6789")
    await page.get_by_text("Another fault").click()
    await page.get_by_role("button", name="Add this fault").click()
    await expect(page.get_by_role("alert").filter(has_text="Two faults name the same frame.")).to_be_visible()
    await expect(page.locator(".faults li")).to_have_count(1)
    await page.get_by_label("how many in a row").fill("8")
    await page.get_by_role("button", name="Add this fault").click()
    await expect(page.get_by_text("A fault names 4 frames in a row at most, of the first 20.")).to_have_count(1)
    await expect(page.get_by_label("how many in a row")).to_be_focused()
    before = (await snapshot(presenter.server))["run"]["number"]
    await page.locator(".start-desk .primary").click()
    run = await finished_run(presenter.server, after=before)
    assert [each["count"] for each in run["order"]["faults"]] == [1]
    await expect(page.locator("lv-chosen")).to_contain_text(f"{LOST_SYN} The server listens on port 6789.")


async def test_a_scene_is_played_by_one_press(open_page: Open) -> None:
    presenter = await open_page(**STILL)
    before = (await snapshot(presenter.server))["run"]["number"]
    page = await open_desk(presenter)
    await page.locator('[data-scene="refused"]').click()
    run = await finished_run(presenter.server, after=before)
    assert run["order"]["scene"] == "refused"
    assert [journey["name"] for journey in run["journeys"]][-2:] == ["SYN", "RST/ACK"]
    await expect(page.locator("lv-controls .primary")).to_have_text("Start: Refused")


async def test_a_held_syn_stands_on_all_screens_until_it_is_let_go(open_page: Open) -> None:
    presenter, projector, student = (
        await open_page(**STILL),
        await open_page(SHOW, **BEAMER),
        await open_page(JOIN, **PHONE),
    )
    before = (await snapshot(presenter.server))["run"]["number"]
    page = await open_desk(presenter)
    await page.get_by_role("button", name="Hold the SYN").click()
    await page.get_by_role("dialog").get_by_role("button", name="Start handshake").click()
    for visitor in (presenter, projector, student):
        await expect(visitor.page.locator("lv-held")).to_contain_text("The wire holds the client's 1st SYN.")
        await expect(visitor.page.locator("lv-wire")).to_contain_text("held")
    for visitor in (projector, student):
        await expect(visitor.page.locator("lv-held").get_by_role("button")).to_have_count(0)
    size, text = await projector.page.evaluate(SMALLEST_TYPE)
    assert size >= 24, text
    await presenter.key("l")
    run = await finished_run(presenter.server, after=before)
    assert [journey["deed"] for journey in run["journeys"] if journey["deed"]] == ["hold"]
    for visitor in (presenter, projector, student):
        await expect(visitor.page.locator("lv-held")).to_be_hidden()


async def test_a_run_that_is_stopped_holds_nothing_any_more(open_page: Open) -> None:
    presenter = await open_page(**STILL)
    before = (await snapshot(presenter.server))["run"]["number"]
    page = await open_desk(presenter)
    await page.get_by_role("button", name="Hold the SYN").click()
    await page.get_by_role("dialog").get_by_role("button", name="Start handshake").click()
    await page.get_by_role("button", name="Stop the run").click()
    run = await finished_run(presenter.server, after=before)
    assert run["held"] == []
    await expect(page.locator("lv-held")).to_be_hidden()


async def test_a_wrong_bit_is_marked_and_the_layer_that_finds_it_refuses_the_frame(open_page: Open) -> None:
    presenter, projector = await open_page(**STILL), await open_page(SHOW, **BEAMER)
    page = await open_desk(presenter)
    await page.get_by_text("Another fault").click()
    await page.get_by_label("What the wire does").select_option("corrupt")
    await page.get_by_label("where").select_option("ip")
    await page.get_by_role("button", name="Add this fault").click()
    await page.keyboard.press("Escape")
    run = await play(presenter)
    damaged = next(journey for journey in run["journeys"] if journey["deed"] == "corrupt")
    assert damaged["refused_at"] == "network"
    wire = next(step for step in damaged["steps"] if step["half"] == "wire")
    for visitor in (presenter, projector):
        await seek(presenter, wire["rest_ms"])
        await expect(visitor.page.locator("lv-wire path.flag").first).to_be_attached()
        bit = damaged["flipped_bit"]
        await expect(visitor.page.locator("lv-wire")).to_contain_text(f"Bit {bit} of the frame")
        await seek(presenter, damaged["steps"][-1]["rest_ms"])
        await expect(visitor.page.locator('lv-stack[data-side="server"] .stamp')).to_have_count(1)
        await expect(visitor.page.locator('lv-stack[data-side="server"]')).to_contain_text("refused")
        header = visitor.page.locator('lv-stack[data-side="server"] svg svg g.network:has(> rect.refused)')
        await expect(header).to_contain_text("IPv4")


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, {"width": 390, "height": 844}])
async def test_the_start_desk_has_nothing_that_axe_would_complain_of(open_page: Open, size: dict[str, int]) -> None:
    presenter = await open_page(**STILL, viewport=size, bypass_csp=True)
    page = await open_desk(presenter)
    await page.get_by_role("button", name="Lose the first SYN").click()
    await page.get_by_text("Another fault").click()
    assert await complaints(presenter) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_desk_is_worked_with_the_keyboard_alone(open_page: Open) -> None:
    presenter = await open_page(**STILL)
    page = presenter.page
    await expect(page.locator("lv-controls .primary")).to_be_visible()
    await page.keyboard.press("w")
    await expect(page.get_by_role("dialog", name="Scene and faults")).to_be_visible()
    await page.get_by_role("button", name="Lose the final ACK").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(page.locator("lv-chosen")).to_contain_text("The client's 1st bare ACK is lost.")


async def test_where_the_lab_is_simulated_the_desk_says_so_and_offers_nothing_else(
    chromium: Browser, tmp_path: Path
) -> None:
    with live_server(tmp_path, LAB="off") as server:
        presenter = await visit(chromium, server, reduced_motion="reduce")
        page = await open_desk(presenter)
        await expect(page.locator(".start-desk .simulated")).to_be_visible()
        assert await page.locator(".start-desk section").evaluate_all("all => all.every((each) => each.inert)")
        await presenter.leave()
        assert presenter.complaints == []


async def test_tcp_and_udp_stand_side_by_side_once_their_story_is_told(open_page: Open) -> None:
    presenter, projector = await open_page(**STILL), await open_page(SHOW, **BEAMER)
    before = (await snapshot(presenter.server))["run"]["number"]
    page = await open_desk(presenter)
    await page.locator('[data-scene="side-by-side"]').click()
    run = await finished_run(presenter.server, after=before)
    assert [journey["lost"] for journey in run["journeys"]].count(True) == 2
    await presenter.key("End")
    for visitor in (presenter, projector):
        beside = visitor.page.locator("lv-beside")
        await expect(beside).to_be_visible()
        await expect(beside).to_contain_text("All 3 messages came.")
        await expect(beside).to_contain_text("1 of 3 messages never came as sent, and UDP tells nobody.")
        for read in server_reads(run):
            whole_or_in_two_lines = re.escape(f"“{read}”").replace(r"\ ", r"\s?")
            await expect(beside).to_contain_text(re.compile(whole_or_in_two_lines))
    size, text = await projector.page.evaluate(SMALLEST_TYPE)
    assert size >= 24, text
    await seek(presenter, run["journeys"][-1]["steps"][-2]["rest_ms"])
    await expect(page.locator("lv-beside")).to_be_hidden()


def server_reads(run: dict[str, Any]) -> list[str]:
    """What its program said itself that each of its calls gave."""
    heard = [each for each in run["ending"]["heard"] if each["side"] == "server"]
    assert len(heard) == 2
    return [read["text"] for each in heard for read in each["first"]]


async def test_who_waits_in_time_wait_is_counted_down_for_all_and_in_a_recording_it_stands_still(
    open_page: Open,
) -> None:
    presenter, student = await open_page(**STILL), await open_page(JOIN, **PHONE)
    before = (await snapshot(presenter.server))["run"]["number"]
    page = await open_desk(presenter)
    await page.locator('[data-scene="close"]').click()
    run = await finished_run(presenter.server, after=before)
    said = run["ending"]["look"]
    assert said["states"] == {"client": "TIME-WAIT", "server": "CLOSED"}
    await presenter.key("End")
    await student.page.reload()
    seconds = f"{said['timers']['client']['left_ms'] / 1000:.1f}"
    for visitor in (presenter, student):
        await expect(visitor.page.locator("lv-caption .caption-more")).to_contain_text(
            f"The client waits in TIME-WAIT and has {seconds} s left, says its kernel"
        )
        shown = visitor.page.locator('lv-stack[data-side="client"]').get_by_text(COUNTED)
        first = await shown.text_content()
        assert first is not None
        await expect(shown).not_to_have_text(first)
        assert left_of(await shown.text_content()) < left_of(first) <= 60
    kept = page.locator("lv-kept a").first
    last = run["journeys"][-1]
    address = await kept.evaluate("(link) => link.href")
    await page.goto(f"{address}?frame={last['number']}&step={last['steps'][-1]['number']}")
    await expect(page.locator("lv-caption .caption-more")).to_contain_text(f"had {seconds} s left, said its kernel")
    await expect(page.locator('lv-stack[data-side="client"]').get_by_text("TIME-WAIT", exact=True)).to_be_visible()


COUNTED = re.compile(r"^TIME-WAIT (\d+) s$")


def left_of(shown: str | None) -> int:
    found = COUNTED.match(shown or "")
    assert found is not None, shown
    return int(found[1])
