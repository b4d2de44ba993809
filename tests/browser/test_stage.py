"""The presenter's stage in a real browser: what stands on the stage is what went over the wire in that very run."""

import re
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.any_link import CLIENT, open_conversation, upload
from tests.browser.visitor import Visitor, ask, seek, snapshot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
STILL = {"reduced_motion": "reduce"}


def steps_of(run: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for journey in run["journeys"] for step in journey["steps"]]


def words_of_a_segment(octets: bytes) -> list[str]:
    """What must stand in the sender's transport layer, read from the octets by this test alone."""
    source, destination, sequence, acknowledgment, offset_and_flags, window, checksum = struct.unpack_from(
        "!HHIIHHH", octets, 34
    )
    words = [
        f"{source} \u2192 {destination}",
        f"raw {sequence}",
        f"0x{checksum:04x}",
        f"(0x{offset_and_flags & 0x1FF:03x})",
    ]
    return [*words, str(window), *([f"raw {acknowledgment}"] if offset_and_flags & 0x10 else [])]


def words_of_a_packet(octets: bytes) -> list[str]:
    identification, ttl, checksum = (
        int.from_bytes(octets[18:20]),
        octets[22],
        int.from_bytes(octets[24:26]),
    )
    addresses = [".".join(map(str, octets[at : at + 4])) for at in (26, 30)]
    return [f"0x{identification:04x}", f"TTL{ttl}", f"0x{checksum:04x}", *addresses]


def words_of_a_frame(octets: bytes) -> list[str]:
    macs = [octets[at : at + 6].hex(":") for at in (0, 6)]
    return [*macs, f"0x{octets[12:14].hex()}", f"0x{zlib.crc32(octets):08x}"]


def _no_words(_octets: bytes) -> list[str]:
    return []


async def test_the_numbers_on_the_stage_are_those_of_the_frames_of_that_run(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start(cold=True)
    await visitor.key("Home")
    compared = 0
    for index, step in enumerate(steps_of(run)):
        if index:
            await visitor.key("ArrowRight")
        await visitor.rest_at(step)
        journey = next(each for each in run["journeys"] if step in each["steps"])
        octets = bytes.fromhex(journey["octets"])
        if step["half"] != "down" or octets[12:14] != b"\x08\x00":
            continue
        expected = {"transport": words_of_a_segment, "network": words_of_a_packet, "link": words_of_a_frame}
        shown = (await visitor.shown(step["side"])).replace(" ", "")
        for word in expected.get(step["layer"], _no_words)(octets):
            assert word.replace(" ", "") in shown, (journey["name"], step["layer"], word, shown)
            compared += 1
    assert compared > 100


async def test_every_step_can_be_walked_to_the_end_and_back(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    steps = steps_of(run)
    await visitor.key("Home")
    for step in steps[1:]:
        await visitor.key("PageDown")
        await visitor.rest_at(step)
    await visitor.key("PageDown")
    await visitor.rest_at(steps[-1])
    for step in reversed(steps[:-1]):
        await visitor.key("PageUp")
        await visitor.rest_at(step)


async def test_the_states_on_the_stage_are_those_that_both_kernels_had(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    await visitor.key("Home")
    seen = set()
    for index, step in enumerate(steps_of(run)):
        if index:
            await visitor.key("ArrowRight")
        await visitor.rest_at(step)
        for side in ("client", "server"):
            state = step["states"][side]
            assert state in await visitor.shown(side)
            seen.add((side, state))
    assert {("client", "SYN-SENT"), ("server", "SYN-RECEIVED"), ("server", "TIME-WAIT"), ("client", "CLOSED")} <= seen


async def test_a_reload_keeps_the_place(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    await visitor.key("Home")
    await visitor.key("ArrowRight")
    await visitor.rest_at(steps_of(run)[1])
    await visitor.page.reload()
    await visitor.rest_at(steps_of(run)[1])


async def test_the_back_button_keeps_the_place(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    await visitor.key("Home")
    await visitor.key("ArrowRight")
    await visitor.rest_at(steps_of(run)[1])
    await visitor.page.goto(f"http://{visitor.server.host}/hello/")
    await visitor.page.go_back()
    await visitor.rest_at(steps_of(run)[1])
    await visitor.key("ArrowRight")
    await visitor.rest_at(steps_of(run)[2])


async def test_the_tables_marked_row_is_the_row_of_the_step(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    await visitor.key("Home")
    marked = visitor.page.locator("lv-table [aria-current=step]")
    for journey in run["journeys"][:3]:
        for step in journey["steps"]:
            await visitor.rest_at(step)
            await expect(marked).to_have_count(1)
            if step["row"] is not None:
                row = journey["rows"][step["row"]]
                cells = [re.sub(r"\s", "", text) for text in await marked.locator("th, td").all_text_contents()]
                wanted = [row["protocol"], row["pdu"], row["info"], row["ports"], row["ips"], row["macs"]]
                assert cells[1:] == [re.sub(r"\s", "", cell) for cell in wanted]
            await visitor.key("ArrowRight")


async def test_the_marked_row_is_in_sight_as_soon_as_the_table_is(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await visitor.press_start()
    await visitor.key("End")
    await visitor.page.locator("lv-table .box").evaluate("box => box.scrollIntoView()")
    await expect(visitor.page.locator("lv-table [aria-current=step]")).to_be_in_viewport()


async def test_the_table_can_be_downloaded_as_csv(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    async with visitor.page.expect_download() as downloading:
        await visitor.page.get_by_role("button", name="Download CSV").click()
    download = await downloading.value
    assert download.suggested_filename == f"layersviz-run-{run['number']}.csv"
    path = await download.path()
    text = path.read_text(encoding="utf-8-sig")
    assert "3-way handshake (SYN)" in text
    assert f"Src Port: {run['hosts']['client']['port']}" in text


async def test_space_plays_and_pauses_also_right_after_start_was_pressed(open_page: Open) -> None:
    visitor = await open_page()
    run = await visitor.press_start()
    pause = visitor.page.get_by_role("button", name="Pause", exact=True)
    await expect(pause).to_be_visible()
    await visitor.key("Space")
    await expect(visitor.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await visitor.key("Space")
    await expect(pause).to_be_visible()
    await visitor.key("Space")
    assert (await snapshot(visitor.server))["run"]["number"] == run["number"]


async def test_keys_are_left_to_a_field_that_has_the_focus(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    await visitor.key("Home")
    await visitor.rest_at(steps_of(run)[0])
    await visitor.page.get_by_label("Rate of the story").focus()
    await visitor.key("ArrowRight")
    await visitor.key("ArrowLeft")
    await visitor.page.locator("lv-caption").click()
    await visitor.rest_at(steps_of(run)[0])


async def test_the_diagram_of_states_marks_where_each_end_is(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await visitor.press_start()
    await visitor.key("Home")
    for step in steps_of(run)[:12]:
        await visitor.rest_at(step)
        for side in ("client", "server"):
            marked = visitor.page.locator(f"lv-states [data-state][data-{side}]")
            await expect(marked).to_have_count(1)
            await expect(marked).to_have_attribute("data-state", step["states"][side])
        await visitor.key("ArrowRight")


async def test_a_chosen_rate_stands_until_the_server_answers(open_page: Open) -> None:
    visitor = await open_page()
    await visitor.press_start()
    await expect(visitor.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    chosen = await visitor.page.evaluate("""async () => {
      const select = document.querySelector("lv-controls select");
      document.addEventListener("lv-ask", (event) => event.stopImmediatePropagation(), {capture: true, once: true});
      select.value = "2";
      select.dispatchEvent(new Event("change", {bubbles: true}));
      for (let drawn = 0; drawn < 4; drawn += 1) await new Promise(requestAnimationFrame);
      return select.value;
    }""")
    assert chosen == "2"
    await visitor.page.reload()
    await expect(visitor.page.get_by_label("Rate of the story")).to_have_value("1")


async def test_plus_and_minus_change_the_rate_for_every_window(open_page: Open) -> None:
    first, second = await open_page(), await open_page(lead=False)
    await first.press_start()
    await ask(first, {"kind": "set_rate", "rate": 1})
    rate = second.page.get_by_label("Rate of the story")
    await expect(first.page.get_by_label("Rate of the story")).to_have_value("1")
    await first.key("+")
    await expect(rate).to_have_value("2")
    await first.key("-")
    await expect(rate).to_have_value("1")


async def test_the_question_mark_lists_the_keys(open_page: Open) -> None:
    visitor = await open_page()
    await visitor.key("?")
    await expect(visitor.page.get_by_role("dialog")).to_contain_text("PageDown")
    await visitor.key("Escape")
    await expect(visitor.page.get_by_role("dialog")).to_be_hidden()


async def test_the_wave_on_the_wire_says_which_field_passes_and_what_is_computed(open_page: Open) -> None:
    visitor = await open_page()
    run = await visitor.press_start()
    wire_step = next(step for step in steps_of(run) if step["half"] == "wire")
    host = f"http://{visitor.server.host}"
    middle = (wire_step["start_ms"] + wire_step["rest_ms"]) / 2
    await seek(visitor, middle)
    wire = visitor.page.locator("lv-wire")
    await expect(wire).to_contain_text(re.compile(r"bit \d+ of \d+"))
    await seek(visitor, wire_step["start_ms"] + 200)
    await expect(wire).to_contain_text("computed")
    assert visitor.page.url.startswith(host)


async def test_the_diagram_of_states_shows_by_which_way_each_end_came(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await visitor.press_start()
    await visitor.key("End")
    words = visitor.page.locator("lv-states [data-words]")
    await expect(words).to_contain_text("the server in TIME-WAIT, from ")
    ways = visitor.page.locator("lv-states path[data-server]")
    await expect(ways).to_have_count(1)
    assert str(await ways.get_attribute("data-way")).endswith(" TIME-WAIT")
    await visitor.key("Home")
    await expect(visitor.page.locator("lv-states path[data-server]")).to_have_count(0)


async def test_the_dock_says_under_which_number_the_run_is_kept(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await visitor.press_start()
    kept = visitor.page.locator(".dock .kept")
    await expect(kept).to_have_text(re.compile(r"^Kept as recording \d+$"))
    await kept.click()
    await expect(visitor.page.locator(".which").first).to_contain_text("Recording")
    await expect(visitor.page.locator(".dock .kept")).to_be_hidden()


async def test_on_a_phone_the_wire_is_in_the_first_window_while_bits_cross(open_page: Open) -> None:
    visitor = await open_page(**STILL, viewport={"width": 390, "height": 844})
    run = await visitor.press_start()
    wire = next(step for step in run["journeys"][0]["steps"] if step["half"] == "wire")
    await seek(visitor, wire["rest_ms"])
    await visitor.rest_at(wire)
    box = await visitor.page.locator("lv-wire").bounding_box()
    dock = await visitor.page.locator(".dock").bounding_box()
    assert box is not None
    assert dock is not None
    assert box["y"] + box["height"] <= dock["y"]


async def test_at_the_largest_zoom_most_of_the_window_is_the_pages(open_page: Open) -> None:
    visitor = await open_page(viewport={"width": 320, "height": 256})
    head = await visitor.page.locator("header.head").bounding_box()
    dock = await visitor.page.locator(".dock").bounding_box()
    assert head is not None
    assert dock is not None
    assert head["height"] <= 256 / 3
    assert dock["y"] >= 256
    await visitor.page.locator("lv-caption").evaluate("caption => caption.scrollIntoView()")
    for part in ("header.head", ".dock"):
        await expect(visitor.page.locator(part)).not_to_be_in_viewport()
    assert await visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_lost_frame_dies_on_the_wire_and_its_arrow_ends_halfway(open_page: Open) -> None:
    """One of the ready lessons loses the first SYN."""
    visitor = await open_page(**STILL)
    await visitor.page.goto(f"http://{visitor.server.host}/recordings/")
    lesson = visitor.page.locator("a", has_text=re.compile("^Silence: the first SYN is lost$"))
    address = await lesson.get_attribute("href")
    await visitor.page.goto(f"http://{visitor.server.host}{address}?frame=1&step=99")
    await expect(visitor.page.locator("lv-wire .loss")).to_have_count(1)
    await expect(visitor.page.locator("lv-wire")).to_contain_text("was lost here")
    await expect(visitor.page.locator("lv-ladder .cross")).to_have_count(1)
    await expect(visitor.page.locator("lv-ladder")).to_contain_text("[lost]")
    assert "TCP 40" not in await visitor.shown("server")


async def test_a_conversation_of_another_link_is_shown_as_it_was_captured(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await upload(visitor)
    await open_conversation(visitor, 35310, "?frame=3&step=2")
    page = visitor.page
    await expect(page.locator("lv-status .place")).to_have_text("Frame 3, 2 of 3")
    await expect(page.locator("lv-status .badge")).to_have_text("From a capture file")
    await expect(page.get_by_role("button", name="Start handshake")).to_be_hidden()
    assert "frame=3" in page.url
    client = await visitor.shown("client")
    assert f"{CLIENT}port 35310" in client
    assert client.count("not in the capture") == 2
    for _ in range(2):
        await visitor.key("ArrowRight")
    await expect(page.locator("lv-caption .caption-title")).to_contain_text("On the wire")
    wire = await page.locator("lv-wire").text_content()
    assert wire is not None
    assert "TCP" in wire
    assert "as captured" in wire
    assert not re.search("Preamble|FCS|10BASE-T", wire)
    assert await page.locator("lv-wire path.wave").count() == 0
    await visitor.key("]")
    await expect(page.locator("lv-status .place")).to_have_text("Frame 5, 3 of 3")
    await page.wait_for_url(re.compile(r"frame=5"))


async def test_only_a_connection_has_states(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await upload(visitor)
    await open_conversation(visitor, 40000, "")
    await expect(visitor.page.locator("lv-status .place")).to_have_text("Frame 2, 1 of 2")
    await expect(visitor.page.locator("#states")).to_be_hidden()
    await expect(visitor.page.locator(".to-states")).to_be_hidden()
    assert "ESTABLISHED" not in await visitor.shown("client")


TOO_WIDE = """name => {
  const range = document.createRange();
  range.selectNodeContents(name);
  return range.getBoundingClientRect().width - name.getBoundingClientRect().width;
}"""


@pytest.mark.parametrize("width", [1024, 1280])
async def test_in_the_head_the_clause_gives_way_before_the_frames_name(open_page: Open, width: int) -> None:
    visitor = await open_page(**STILL, viewport={"width": width, "height": 720})
    run = await visitor.press_start(cold=True)
    await visitor.key("Home")
    name = visitor.page.locator("lv-status .name")
    for number, journey in enumerate(run["journeys"], start=1):
        await expect(visitor.page.locator("lv-status .place")).to_contain_text(f"Frame {number} of")
        await expect(name).to_have_text(journey["name"])
        assert await name.evaluate(TOO_WIDE) <= 0.01, journey["name"]
        await visitor.key("]")


async def test_on_a_phone_the_present_state_is_in_sight_and_the_head_is_not_cut(open_page: Open) -> None:
    visitor = await open_page(**STILL, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    run = await visitor.press_start()
    assert await visitor.page.locator(".tools").evaluate("tools => tools.scrollWidth <= tools.clientWidth")
    await visitor.key("Home")
    for step in steps_of(run):
        await visitor.rest_at(step)
        side = step["side"] or "client"
        state = visitor.page.locator(f'lv-states [data-state="{step["states"][side]}"][data-{side}]')
        left, right = await state.evaluate(
            "node => [node.getBoundingClientRect().left, innerWidth - node.getBoundingClientRect().right]"
        )
        assert min(left, right) >= 0, (step["title"], step["states"])
        await visitor.key("ArrowRight")
    await expect(visitor.page.locator(".states-hint")).to_be_visible()


async def test_a_long_name_on_the_scrubber_keeps_its_beginning(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await visitor.press_start()
    words = visitor.page.locator("lv-scrubber .words").first
    await visitor.page.locator("lv-scrubber .name").first.evaluate("name => { name.textContent = 'x'.repeat(90); }")
    inside = "words => words.getBoundingClientRect().left - words.parentElement.getBoundingClientRect().left"
    assert await words.evaluate(inside) >= 0
    assert await words.evaluate("words => getComputedStyle(words).whiteSpace") == "nowrap"
