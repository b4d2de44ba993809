"""A whole class in real browsers, in one process and in several: what all see, what each may do, what lives through."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.classroom import STILL, Classroom, gather, one_process, shown, trouble
from tests.browser.visitor import PRESENT, Visitor, snapshot, visit
from tests.web.live import websocket
from tests.web.processes import Installation, installation, wait_until_kept

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ONE, SEVERAL = "one process", "several processes"
KEYS = (
    *("PageDown", "PageUp", "ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Space", "n", "p", "[", "]", "Home", "End"),
    *("1", "2", "3", "4", "5", "+", "-", "b", ".", "s", "o", "g"),
)
OPENING = ("o", "g")


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=[ONE, SEVERAL])
async def classroom(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Classroom]:
    var = tmp_path_factory.mktemp("class")
    with one_process(var) if request.param == ONE else installation(var, webs=2, workers=2, LAB="off") as house:
        gathered = await gather(chromium, house)
        yield gathered
        await gathered.leave()


async def test_every_screen_shows_the_presenters_step(classroom: Classroom) -> None:
    stops = await classroom.begin()
    for stop in stops[1:5]:
        await classroom.presenter.key("PageDown")
        await classroom.all_show(stop)
    await classroom.presenter.key("End")
    await classroom.all_show(stops[-1])
    await classroom.presenter.key("PageUp")
    await classroom.all_show(stops[-2])
    await classroom.all_are_right()


async def test_a_student_who_follows_moves_nothing(classroom: Classroom) -> None:
    stops = await classroom.begin()
    student = classroom.students[0]
    for key in KEYS:
        await student.key(key)
    for name in ("lv-stack", "lv-wire", "lv-ladder", "lv-caption", "lv-table tbody tr"):
        await student.page.locator(name).first.click(force=True)
    await expect(student.page.locator("lv-notice")).to_contain_text("Look around")
    await classroom.step()
    await classroom.all_show(stops[1])
    said = await snapshot(classroom.server)
    assert (said["cover"], said["playhead"]["rate"]) == ("none", 1)


async def test_who_looks_around_moves_only_that_page_and_catches_up(classroom: Classroom) -> None:
    stops = await classroom.begin()
    assert await classroom.look_around(0, "PageDown", "]") != stops[0]
    assert await classroom.look_around(1, "End") == stops[-1]
    await classroom.all_show(stops[0])
    await expect(classroom.presenter.page.get_by_role("button", name="3 follow 2 look around")).to_be_visible()
    await classroom.students[0].page.locator("lv-caption").click()  # Space is else the button's that has the focus
    for key in (key for key in KEYS if key not in OPENING):
        await classroom.students[0].key(key)
    await classroom.students[0].key("End")
    await expect(classroom.students[0].page.locator("lv-caption .caption-title")).to_have_text(stops[-1][1])
    classroom.roaming[0] = stops[-1]
    await classroom.step()
    await classroom.all_show(stops[1])
    await classroom.all_are_right()
    await expect(classroom.students[1].page.locator("lv-follow")).to_contain_text("The class is at frame 1, step 2.")
    for number in (0, 1):
        await classroom.catch_up(number)
    await classroom.all_show(stops[1])
    await expect(classroom.presenter.page.get_by_role("button", name="5 follow", exact=True)).to_be_visible()
    said = await snapshot(classroom.server)
    assert (said["cover"], said["playhead"]["rate"]) == ("none", 1)


async def test_who_comes_late_is_at_the_right_step_at_once(classroom: Classroom) -> None:
    await classroom.begin()
    await classroom.presenter.key("Space")
    await expect(classroom.presenter.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    late = await classroom.late()
    try:
        await classroom.all_are_right(later=[late])
    finally:
        await late.leave()
    assert late.complaints == []


async def test_a_blank_screen_reaches_all_and_who_looks_around_too(classroom: Classroom) -> None:
    await classroom.begin()
    await classroom.look_around(4, "PageDown")
    for key, cover in (("b", "blank"), (".", "none")):
        await classroom.presenter.key(key)
        for each in (classroom.projector, *classroom.students):
            await expect(each.page.locator(".cover.blank")).to_be_visible(visible=cover == "blank")
    await expect(classroom.presenter.page.locator(".cover.blank")).to_be_hidden()


async def test_a_second_window_of_the_presenters_follows_until_it_takes_over(classroom: Classroom) -> None:
    stops = await classroom.begin()
    second = await visit(classroom.chromium, classroom.house.webs[-1], PRESENT, lead=False, **STILL)
    first = classroom.presenter
    try:
        await expect(second.page.locator("lv-lead")).to_contain_text("Another window leads this class.")
        await second.key("PageDown")
        await expect(second.page.locator("lv-notice")).to_contain_text("Another window leads this class")
        await classroom.all_show(stops[0])
        await second.page.get_by_role("button", name="Take over").click()
        await expect(first.page.locator("lv-lead")).to_contain_text("Another window has taken over.")
        await second.key("PageDown")
        await classroom.all_show(stops[1])
        await first.page.get_by_role("button", name="Take over").click()
        await expect(first.page.get_by_role("button", name="Take over")).to_be_hidden()
        await first.key("PageDown")
        await classroom.all_show(stops[2])
    finally:
        await second.leave()


async def test_who_was_cut_off_is_right_again_as_soon_as_the_line_is_back(classroom: Classroom) -> None:
    stops = await classroom.begin()
    here = await classroom.look_around(2, "]")
    cut = classroom.students[1:3]
    try:
        for each in cut:
            await each.page.context.set_offline(True)
            await expect(each.page.locator("lv-notice")).to_contain_text("You are offline.")
        await classroom.step()
        await expect(classroom.students[0].page.locator("lv-caption .caption-title")).to_have_text(stops[1][1])
        assert [await shown(each) for each in cut] == [stops[0], here]
    finally:
        for each in cut:
            await each.page.context.set_offline(False)
    await classroom.all_are_right()


async def test_a_presenter_who_goes_away_is_said_to_the_class_and_leads_again_when_back(classroom: Classroom) -> None:
    stops = await classroom.begin()
    presenter = classroom.presenter.page
    notices = [each.page.locator("lv-notice .banner") for each in (classroom.projector, *classroom.students)]
    await presenter.goto("about:blank")
    for each in notices:
        await expect(each).to_have_text("The presenter is offline.")
    await presenter.go_back()
    for each in notices:
        await expect(each).to_be_hidden()
    await classroom.all_show(stops[0])
    await classroom.step()
    await classroom.all_show(stops[1])


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "start", "cold": True},
        {"kind": "seek", "instant_ms": 1},
        {"kind": "move_step", "by": 1},
        {"kind": "set_rate", "rate": 4},
        {"kind": "show_cover", "cover": "blank"},
        {"kind": "open_recording", "recording": 1},
        {"kind": "take_over"},
    ],
    ids=lambda wish: wish["kind"],
)
async def test_what_a_student_or_the_projector_forges_moves_nothing(classroom: Classroom, wish: dict[str, Any]) -> None:
    await classroom.begin()
    before = await snapshot(classroom.server)
    for page in ("join", "show"):
        for web in classroom.house.webs:
            async with websocket(web.host, f"/ws/{page}/{web.code}/?window=w1") as line:
                await line.send(**wish)
                if (page, wish["kind"]) == ("join", "start"):  # the presenter may allow that, and has not
                    assert "has not allowed" in (await line.read_until("refused"))["sentence"]
                else:
                    assert (await line.read_to_end())[0] == 4403
    after = await snapshot(classroom.server)
    for part in ("run", "playhead", "cover", "leader"):
        assert after[part] == before[part]


async def test_nobody_else_gets_the_presenters_line(classroom: Classroom) -> None:
    for web in classroom.house.webs:
        for cookie in ("", f"sessionid={'x' * 32}"):
            async with websocket(web.host, f"/ws/present/{web.code}/", cookie=cookie) as line:
                assert (await line.read_to_end())[0] == 4403


async def play_on(classroom: Classroom) -> bytes:
    """In mid-play, one student elsewhere; gives the file of what was recorded, once all of that is on the disk."""
    await classroom.begin()
    await classroom.look_around(3, "]", "PageDown")
    await classroom.presenter.key("Space")
    await expect(classroom.presenter.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    said = await snapshot(classroom.server)
    wait_until_kept(classroom.house.var, said["playhead"]["instant_ms"])
    return await recorded(classroom.presenter, said["run"]["recording"])


async def recorded(presenter: Visitor, number: int) -> bytes:
    answer = await presenter.page.request.get(f"http://{presenter.server.host}/recordings/{number}/file/")
    assert answer.ok
    return await answer.body()


@pytest.mark.parametrize("which", [0, -1])
async def test_a_web_process_that_is_killed_in_mid_play_has_its_class_back(classroom: Classroom, which: int) -> None:
    file = await play_on(classroom)
    number = (await snapshot(classroom.server))["run"]["recording"]
    killed = classroom.house.webs[which]
    classroom.house.kill(killed)
    through_it = [each for each in classroom.pages() if each.server.port == killed.port]
    for each in through_it:
        await expect(each.page.locator("lv-notice")).to_contain_text("Connection lost")
    classroom.house.start_web(killed.port)
    await classroom.all_are_right()
    assert (await snapshot(classroom.server))["playhead"]["playing"]
    assert await recorded(classroom.presenter, number) == file
    await classroom.step()


@pytest.mark.parametrize("classroom", [SEVERAL], indirect=True)
async def test_a_worker_that_is_killed_in_mid_play_leaves_its_class_to_another(classroom: Classroom) -> None:
    house = classroom.house
    assert isinstance(house, Installation)
    file = await play_on(classroom)
    run = (await snapshot(classroom.server))["run"]
    house.kill(house.owner())
    house.owner()
    await classroom.all_are_right()
    assert await recorded(classroom.presenter, run["recording"]) == file
    again = await classroom.presenter.press_start()
    assert again["number"] > run["number"]
    house.start_worker()


@pytest.mark.parametrize("classroom", [SEVERAL], indirect=True)
async def test_redis_that_is_started_again_has_the_class_as_it_was(classroom: Classroom) -> None:
    house = classroom.house
    assert isinstance(house, Installation)
    file = await play_on(classroom)
    number = (await snapshot(classroom.server))["run"]["recording"]
    house.stop_redis()
    house.start_redis()
    await classroom.all_are_right()
    stops = await classroom.begin()
    await classroom.step()
    await classroom.all_show(stops[1])
    assert await recorded(classroom.presenter, number) == file


async def test_nobody_has_complained(classroom: Classroom) -> None:
    """But for the lines that were cut, which a browser says itself."""
    for each in classroom.pages():
        said = [words for words in each.complaints if not re.search("WebSocket|ERR_", words)]
        assert said == []
        assert each.strangers == []
        assert await trouble(each) == ""
