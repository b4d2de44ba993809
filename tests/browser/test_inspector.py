"""The inspector in a real browser: what is chosen in one place is lit in all of them, by mouse, touch and keyboard."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.axe import complaints
from tests.browser.visitor import SHOW, Visitor, seek

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
STILL = {"reduced_motion": "reduce"}
PANES = ("lv-inspector-fields", "lv-inspector-octets", "lv-inspector-diagram")


def stop(run: dict[str, Any], name: str, half: str, layer: str) -> dict[str, Any]:
    """The step of the run's first frame of that name at that place."""
    journey = next(each for each in run["journeys"] if each["name"] == name)
    step: dict[str, Any] = next(each for each in journey["steps"] if (each["half"], each["layer"]) == (half, layer))
    return step


async def run_at(visitor: Visitor, name: str, half: str, layer: str) -> dict[str, Any]:
    """A run, resting at that step."""
    run = await visitor.press_start(cold=True)
    step = stop(run, name, half, layer)
    await seek(visitor, step["rest_ms"])
    await visitor.rest_at(step)
    return run


async def lit_bytes(visitor: Visitor) -> list[int]:
    """The places in the frame of the bytes that are lit."""
    return list(
        await visitor.page.locator("lv-inspector-octets .octets > *").evaluate_all(
            "cells => cells.flatMap((cell, index) => cell.dataset.lit ? [index] : [])"
        )
    )


async def lit_boxes(visitor: Visitor) -> set[str]:
    """What the boxes of the diagram say that are lit, without their values."""
    labels = await visitor.page.locator('lv-inspector-diagram [role="gridcell"][aria-selected="true"]').evaluate_all(
        "cells => cells.map(cell => cell.getAttribute('aria-label'))"
    )
    return {label.partition(":")[0] for label in labels}


async def rings(visitor: Visitor, lens: str) -> int:
    return await visitor.page.locator(f"{lens} .ring").count()


async def expect_chosen(visitor: Visitor, field: str, octets: list[int]) -> None:
    """The field is told, and lit in its row, its bytes and its box."""
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text(field)
    await expect(visitor.page.locator('lv-inspector-fields tr[aria-selected="true"] th')).to_have_text(field)
    assert await lit_bytes(visitor) == octets
    assert await lit_boxes(visitor) == {field}


async def click_text(visitor: Visitor, text: str, side: str = "client") -> None:
    """Clicks the stage where that text is drawn, as somebody who points at it."""
    drawn = visitor.page.locator(f'lv-stack[data-side="{side}"] text', has_text=re.compile(f"^{text}$")).first
    box = await drawn.bounding_box()
    assert box is not None
    await visitor.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def row_of(visitor: Visitor, name: str) -> Locator:
    """The row of the field that Wireshark calls so."""
    cell = visitor.page.locator("td.shark", has_text=re.compile(f"^{re.escape(name)}$"))
    return visitor.page.locator("lv-inspector-fields tr").filter(has=cell)


async def test_a_click_on_a_line_of_the_stage_lights_its_field_everywhere(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await run_at(visitor, "SYN", "down", "network")
    await click_text(visitor, "TTL")
    await expect_chosen(visitor, "Time to live", [22])
    await expect(visitor.page.locator("lv-inspector .value")).to_have_text("64")
    await expect(visitor.page.locator("lv-inspector .told")).to_contain_text("Each router takes 1 off")
    assert await rings(visitor, 'lv-inspector-lens[data-side="client"]') >= 2


async def test_a_click_on_a_piece_lights_its_whole_header(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await run_at(visitor, "SYN", "down", "link")
    await click_text(visitor, r"IPv4.*")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("IPv4")
    assert await lit_bytes(visitor) == list(range(14, 34))
    assert len(await lit_boxes(visitor)) == 12


async def test_a_bit_of_the_wire_lights_its_field_and_its_byte(open_page: Open) -> None:
    visitor = await open_page()
    run = await visitor.press_start(cold=True)
    step = stop(run, "SYN", "wire", "physical")
    await visitor.key("Space")
    await seek(visitor, (step["start_ms"] + step["rest_ms"]) / 2)
    wave = visitor.page.locator("lv-inspector-wave")
    await expect(visitor.page.locator("lv-wire .sign, lv-wire rect.now")).not_to_have_count(0)
    box = await wave.bounding_box()
    assert box is not None
    said = await visitor.page.locator("lv-wire text", has_text=re.compile(r"bit \d+ of \d+")).text_content()
    await visitor.page.mouse.click(box["x"] + box["width"] / 2 - 1, box["y"] + box["height"] * 0.45)
    await expect(visitor.page.locator("lv-inspector .bit")).to_contain_text(re.compile(r"Bit \d+ of \d+ is [01]"))
    assert said is not None
    field = await visitor.page.locator("lv-inspector h3.name").text_content()
    assert field is not None
    assert field in said
    place = int(re.search(r"bit (\d+) of", said)[1]) - 1 - 64  # type: ignore[index]
    assert await lit_bytes(visitor) == [place // 8]
    assert await visitor.page.locator("lv-inspector-wave .ring").count() == 1


@pytest.mark.parametrize(
    ("pane", "target"),
    [
        ("row", "lv-inspector-fields tr"),
        ("byte", 'lv-inspector-octets [role="gridcell"]'),
        ("box", 'lv-inspector-diagram [role="gridcell"]'),
    ],
)
async def test_every_pane_lights_all_the_others_and_the_stage(open_page: Open, pane: str, target: str) -> None:
    visitor = await open_page(**STILL)
    await run_at(visitor, "SYN", "down", "transport")
    await visitor.page.locator("#inspector").scroll_into_view_if_needed()
    chosen = {
        "row": row_of(visitor, "tcp.seq_raw"),
        "byte": visitor.page.locator(target).nth(40),
        "box": visitor.page.locator('lv-inspector-diagram [aria-label^="Sequence number"]'),
    }[pane]
    await chosen.click()
    await expect_chosen(visitor, "Sequence number", [38, 39, 40, 41])
    assert await rings(visitor, 'lv-inspector-lens[data-side="client"]') == 2


async def test_a_finger_chooses_too(open_page: Open) -> None:
    visitor = await open_page(**STILL, has_touch=True, viewport={"width": 390, "height": 844})
    await run_at(visitor, "SYN", "down", "network")
    await visitor.page.locator("#inspector").scroll_into_view_if_needed()
    await row_of(visitor, "ip.ttl").tap()
    await expect_chosen(visitor, "Time to live", [22])
    await visitor.page.locator('lv-inspector-octets [role="gridcell"]').nth(23).tap()
    await expect_chosen(visitor, "Protocol", [23])
    assert await visitor.page.evaluate("document.querySelector('#inspector').scrollWidth <= innerWidth")


async def tab_to(visitor: Visitor, selector: str) -> None:
    for _ in range(60):
        await visitor.key("Tab")
        if await visitor.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


async def test_the_keyboard_alone_goes_through_all_of_it(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await run_at(visitor, "SYN", "down", "transport")
    await visitor.key("Tab")
    await expect(visitor.page.locator("lv-inspector-diagram [role=gridcell]")).not_to_have_count(0)
    assert await visitor.page.locator("#inspector [data-lit]").count() == 0
    await tab_to(visitor, "lv-inspector-fields tr")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("Preamble")
    await tab_to(visitor, 'lv-inspector-lens[data-side="client"]')
    await visitor.key("Escape")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("Nothing is chosen")
    await visitor.key("ArrowDown")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("TCP")
    await visitor.key("ArrowDown")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("TCP")
    await visitor.key("ArrowDown")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("Flags")
    await tab_to(visitor, "lv-inspector-fields tr")
    for _ in range(6):
        await visitor.key("ArrowUp")
    await expect_chosen(visitor, "Source port", [34, 35])
    await tab_to(visitor, "lv-inspector [data-bit]")
    await visitor.key("ArrowRight")
    await expect(visitor.page.locator("lv-inspector .bit")).to_contain_text("Bit 2 of 16")
    assert await lit_bytes(visitor) == [34]
    await tab_to(visitor, "lv-inspector-fields tr")
    await visitor.key("ArrowDown")
    await expect_chosen(visitor, "Destination port", [36, 37])
    await tab_to(visitor, "lv-inspector-diagram [data-first]")
    await visitor.key("ArrowDown")
    await expect_chosen(visitor, "Sequence number", [38, 39, 40, 41])
    await tab_to(visitor, "lv-inspector-octets [role=gridcell]")
    await visitor.key("ArrowDown")
    await expect_chosen(visitor, "Maximum segment size", [54])
    await visitor.key("Escape")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("Nothing is chosen")
    assert await visitor.page.locator("#inspector [data-lit]").count() == 0
    assert await visitor.page.locator("lv-inspector-lens .ring").count() == 0


async def test_one_byte_with_two_fields_gives_the_second_one_when_pressed_again(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await run_at(visitor, "SYN", "down", "network")
    await visitor.page.locator("#inspector").scroll_into_view_if_needed()
    octet = visitor.page.locator('lv-inspector-octets [role="gridcell"]').nth(14)
    await octet.click()
    await expect_chosen(visitor, "Version", [14])
    await octet.click()
    await expect_chosen(visitor, "Header length", [14])


async def test_a_presenters_keys_go_on_elsewhere(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await run_at(visitor, "SYN", "down", "network")
    await click_text(visitor, "TTL")
    await expect_chosen(visitor, "Time to live", [22])
    await visitor.key("ArrowRight")
    await visitor.rest_at(stop(run, "SYN", "down", "link"))
    await row_of(visitor, "ip.ttl").focus()
    await visitor.key("ArrowRight")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("Protocol")
    await visitor.rest_at(stop(run, "SYN", "down", "link"))
    await visitor.key("PageDown")
    await visitor.rest_at(stop(run, "SYN", "down", "physical"))


async def test_the_choice_stays_from_frame_to_frame_and_over_a_reload(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await run_at(visitor, "SYN/ACK", "down", "transport")
    await click_text(visitor, "Seq", side="server")
    await expect_chosen(visitor, "Sequence number", [38, 39, 40, 41])
    await visitor.key("]")
    await visitor.rest_at(next(each for each in run["journeys"] if each["name"] == "ACK")["steps"][0])
    await expect_chosen(visitor, "Sequence number", [38, 39, 40, 41])
    await visitor.page.reload()
    await expect_chosen(visitor, "Sequence number", [38, 39, 40, 41])
    await visitor.key("Home")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("Not in this frame")
    assert await lit_bytes(visitor) == []


async def test_the_sums_are_those_of_the_octets_of_that_run(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    run = await run_at(visitor, "SYN/ACK", "down", "transport")
    await visitor.page.locator("#inspector").scroll_into_view_if_needed()
    octets = {each["name"]: bytes.fromhex(each["octets"]) for each in reversed(run["journeys"])}
    sequence = int.from_bytes(octets["SYN"][38:42])
    told = visitor.page.locator("lv-inspector .told")
    await row_of(visitor, "tcp.ack_raw").click()
    await expect(told).to_contain_text(f"{sequence + 1} = {sequence} + 1")
    await expect(told).to_contain_text(f"relative 1 · raw {sequence + 1}")
    await row_of(visitor, "ip.len").click()
    await expect(told).to_contain_text("60 = 20 + 40")
    await row_of(visitor, "tcp.checksum").click()
    await expect(told).to_contain_text(f"= 0x{octets['SYN/ACK'][50:52].hex()}")
    await expect(told).to_contain_text("the field says so too: right")


async def test_the_lines_of_the_step_in_full_choose_what_they_stand_for(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await run_at(visitor, "SYN", "down", "network")
    await visitor.page.locator("#inspector").scroll_into_view_if_needed()
    lines = visitor.page.locator("lv-table .step dl > div")
    await expect(lines.filter(has_text="TTL").get_by_role("button")).to_be_visible()
    await lines.filter(has_text="TTL").locator(".value").click()
    await expect_chosen(visitor, "Time to live", [22])
    await expect(lines.filter(has_text="TTL")).to_have_attribute("data-lit", "")
    await lines.filter(has_text="Size").get_by_role("button").press("Enter")
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("IPv4")
    await row_of(visitor, "ip.src").click()
    await expect(lines.filter(has_text="From").get_by_role("button")).to_have_attribute("aria-pressed", "true")


async def test_axe_finds_nothing_with_the_inspector_open(open_page: Open) -> None:
    visitor = await open_page(**STILL, bypass_csp=True)
    await run_at(visitor, "SYN", "down", "network")
    await visitor.page.locator("#inspector").scroll_into_view_if_needed()
    for place in (None, "ip.flags", "tcp.flags", "eth.dst"):
        if place is not None:
            await row_of(visitor, place).click()
            await expect(visitor.page.locator('lv-inspector-fields tr[aria-selected="true"] .shark')).to_have_text(
                place
            )
        assert await complaints(visitor) == [], place


async def test_nothing_of_it_is_fetched_before_somebody_comes_near(open_page: Open) -> None:
    visitor = await open_page(**STILL)
    await visitor.page.wait_for_load_state("networkidle")
    names = (
        "performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.includes('inspector'))"
    )
    assert await visitor.page.evaluate(names) == []
    await visitor.page.locator("#stage").hover()
    await expect(visitor.page.locator("lv-inspector h3.name")).to_have_text("Nothing is chosen")
    assert len(await visitor.page.evaluate(names)) > 5


async def test_the_projector_has_no_inspector(open_page: Open) -> None:
    visitor = await open_page(SHOW)
    assert await visitor.page.locator("#inspector, lv-inspector-lens").count() == 0
