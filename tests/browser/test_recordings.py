"""Recordings in a real browser: kept or uploaded, opened, linked to, taken along, renamed, deleted."""

import asyncio
import base64
import gzip
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from layersviz.files import open_capture
from layersviz.recordings.playing import WINDOW
from tests.browser.axe import complaints
from tests.browser.visitor import Visitor, skip_without_lab, snapshot
from tests.recordings.capture_files import download, octets_of_run, pcap, pcapng

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
STILL = {"reduced_motion": "reduce"}


async def kept_by_a_press(open_page: Open) -> tuple[Visitor, int]:
    """A presenter who has played a run, and the number under which it is kept."""
    presenter = await open_page(**STILL)
    await presenter.press_start(cold=True)
    link = presenter.page.get_by_role("link", name=re.compile(r"Open recording \d+"))
    await expect(link).to_be_visible()
    address = await link.get_attribute("href")
    assert address is not None
    return presenter, int(address.strip("/").rpartition("/")[2])


async def test_a_run_is_kept_and_opens_again_on_a_stage_of_its_own(open_page: Open) -> None:
    presenter, number = await kept_by_a_press(open_page)
    await skip_without_lab(presenter.server)
    live = await snapshot(presenter.server)
    reader = await open_page(f"/recordings/{number}/", **STILL)
    steps = live["run"]["journeys"][0]["steps"]
    await reader.rest_at(steps[0])
    await expect(reader.page.locator("lv-status .badge")).to_have_text("Recorded · real packets")
    await expect(reader.page.get_by_role("button", name="Start handshake")).to_be_hidden()
    await reader.key("PageDown")
    await reader.rest_at(steps[1])
    assert (await snapshot(presenter.server))["playhead"] == live["playhead"]


async def test_an_address_opens_just_there_follows_the_reader_and_outlives_a_reload(open_page: Open) -> None:
    presenter, number = await kept_by_a_press(open_page)
    journeys = (await snapshot(presenter.server))["run"]["journeys"]
    reader = await open_page(f"/recordings/{number}/?frame=3&step=2", **STILL)
    await reader.rest_at(journeys[2]["steps"][1])
    await reader.key("PageDown")
    await reader.rest_at(journeys[2]["steps"][2])
    await expect(reader.page).to_have_url(re.compile(r"\?frame=3&step=3$"))
    await reader.page.reload()
    await reader.rest_at(journeys[2]["steps"][2])


async def test_a_recording_can_be_taken_along_as_a_capture(open_page: Open, tmp_path: Path) -> None:
    presenter, number = await kept_by_a_press(open_page)
    reader = await open_page(f"/recordings/{number}/")
    async with reader.page.expect_download() as download:
        await reader.page.get_by_role("link", name="Download as pcapng").click()
    file = await download.value
    assert file.suggested_filename.endswith(f"({number}).pcapng")
    await file.save_as(tmp_path / "run")
    octets = [journey["octets"] for journey in (await snapshot(presenter.server))["run"]["journeys"]]
    with open_capture(tmp_path / "run") as capture:
        assert [packet.octets.hex() for packet in capture] == octets


async def test_the_list_renames_and_deletes_only_after_a_question(open_page: Open) -> None:
    _, number = await kept_by_a_press(open_page)
    reader = await open_page(f"/recordings/{number}/")
    page = reader.page
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("link", name="Recordings", exact=True).click()
    card = page.locator(f"#recording-{number}")
    await card.get_by_role("link", name="Rename").click()
    await page.get_by_label("Its new name").fill("The first lesson")
    await page.get_by_role("button", name="Rename").click()
    await expect(card.get_by_role("heading")).to_have_text("The first lesson")
    await card.get_by_role("link", name="Delete").click()
    await page.get_by_role("link", name="Keep it").click()
    await expect(card).to_be_visible()
    await card.get_by_role("link", name="Delete").click()
    await page.get_by_role("button", name="Delete it").click()
    await expect(page.get_by_role("heading", name="Recordings", exact=True)).to_be_visible()
    await expect(card).to_have_count(0)


# --- capture files ----------------------------------------------------------------------------------------------------


async def uploaded(open_page: Open, file: Path, **options: object) -> tuple[Visitor, int]:
    """A visitor who has uploaded the file and sees its conversations, and the recording's number."""
    visitor = await open_page(**STILL, **options)
    page = visitor.page
    await page.goto(f"http://{visitor.server.host}/recordings/")
    await page.get_by_label("Capture file").set_input_files(file)
    await page.get_by_role("button", name="Upload").click()
    await page.wait_for_url(re.compile(r"/recordings/\d+/$"))
    return visitor, int(page.url.strip("/").rpartition("/")[2])


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """ARP, a visit, and a download of some length, gzipped."""
    file = tmp_path / "lesson.pcapng.gz"
    file.write_bytes(gzip.compress(pcapng([*octets_of_run(), *download(WINDOW + 10)])))
    return file


async def test_a_capture_is_uploaded_a_conversation_chosen_and_a_link_leads_back(
    open_page: Open, lesson: Path, tmp_path: Path
) -> None:
    visitor, number = await uploaded(open_page, lesson)
    page = visitor.page
    await page.get_by_label("Protocol").select_option("HTTP")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(page.get_by_text("1 of 3 conversations has all of this.")).to_be_visible()
    await page.get_by_role("link", name="open the conversation of 10.0.0.3").click()
    await expect(page.locator("lv-status .place")).to_contain_text("Frame 3")
    await visitor.key("PageDown")
    await expect(page).to_have_url(re.compile(rf"/recordings/{number}/conversations/2/\?frame=3&step=2$"))
    sentence = await page.locator("lv-caption .caption-sentence").text_content()
    other = await open_page(page.url.partition(visitor.server.host)[2], **STILL)
    await expect(other.page.locator("lv-caption .caption-sentence")).to_have_text(sentence or "?")
    await page.locator("#inspector").scroll_into_view_if_needed()
    await expect(page.locator("lv-inspector-octets")).to_contain_text(re.compile(r"\w\w"))
    async with page.expect_download() as begun:
        await page.get_by_role("link", name="Download this conversation as pcapng").click()
    await (await begun.value).save_as(tmp_path / "conversation")
    assert await asyncio.to_thread(octets_in, tmp_path / "conversation") == octets_of_run()[2:]


async def test_below_the_stage_the_conversation_is_told_in_facts(open_page: Open, lesson: Path) -> None:
    _, number = await uploaded(open_page, lesson)
    reader = await open_page(f"/recordings/{number}/conversations/2/", **STILL)
    await expect(reader.page.locator("#conversation")).to_have_count(0)
    await reader.page.locator("#facts").scroll_into_view_if_needed()
    await expect(reader.page.locator("#conversation")).to_contain_text("carrying HTTP")
    frame = reader.page.locator("#conversation a:not(.term)").first  # a word leads to the glossary
    await expect(frame).to_have_attribute("href", re.compile(r"\?frame=\d+"))


async def test_another_part_of_a_long_conversation_is_a_link_away(open_page: Open, lesson: Path) -> None:
    _, number = await uploaded(open_page, lesson)
    reader = await open_page(f"/recordings/{number}/conversations/3/", **STILL)
    await reader.page.get_by_role("link", name="Next", exact=True).click()
    await expect(reader.page.locator("lv-status .place")).to_contain_text(f"Frame {13 + WINDOW}")
    await expect(reader.page.get_by_text(f"Its frames {WINDOW + 1} to {WINDOW + 10} of {WINDOW + 10}")).to_be_visible()


async def test_on_a_phone_a_conversation_takes_little_room_and_its_port_one_line(
    open_page: Open, tmp_path: Path
) -> None:
    many = tmp_path / "many.pcapng"
    many.write_bytes(pcapng([*octets_of_run(), *download(30)]))
    visitor, _ = await uploaded(open_page, many, viewport={"width": 390, "height": 844})
    cards = visitor.page.locator(".conversations tbody tr")
    heights = await cards.evaluate_all("cards => cards.map(card => card.getBoundingClientRect().height)")
    assert len(heights) == 3
    assert max(heights) < 150
    lines = await cards.locator(".port").evaluate_all("ports => ports.map(port => port.getClientRects().length)")
    assert set(lines) <= {0, 1}
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_frame_that_is_not_there_is_said(open_page: Open, lesson: Path) -> None:
    _, number = await uploaded(open_page, lesson)
    reader = await open_page(f"/recordings/{number}/conversations/2/?frame=1", **STILL)
    await expect(reader.page.locator("lv-notice .toast")).to_contain_text("Frame 1 is not here: this is frame 3.")
    await reader.page.get_by_role("link", name="Frame 1 is in another conversation").click()
    await expect(reader.page.locator("lv-status .place")).to_contain_text("Frame 1")


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: the download is not read again")
async def test_tshark_reads_the_file_as_it_was(open_page: Open, lesson: Path, tmp_path: Path) -> None:
    visitor, _ = await uploaded(open_page, lesson)
    async with visitor.page.expect_download() as begun:
        await visitor.page.get_by_role("link", name="Download the file").click()
    file = await begun.value
    assert file.suggested_filename == "lesson.pcapng"
    await file.save_as(tmp_path / "back")
    assert await asyncio.to_thread(told_by_tshark, tmp_path / "back") == await asyncio.to_thread(told_by_tshark, lesson)


async def test_what_can_t_be_read_is_said_beside_the_form(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no capture at all")
    visitor = await open_page(**STILL)
    page = visitor.page
    await page.goto(f"http://{visitor.server.host}/recordings/")
    await page.get_by_label("Capture file").set_input_files(tmp_path / "notes.txt")
    await page.get_by_role("button", name="Upload").click()
    await expect(page.locator("#upload-said")).to_have_text(re.compile(r"^This is not a capture"))
    await expect(page.get_by_role("button", name="Upload")).to_be_visible()


async def test_the_way_of_a_large_file_is_seen_and_can_be_cancelled(open_page: Open, tmp_path: Path) -> None:
    many = tmp_path / "many.pcap"
    many.write_bytes(pcap([bytes(60)] * 200_000))
    visitor = await open_page(**STILL)
    page = visitor.page
    await page.goto(f"http://{visitor.server.host}/recordings/")
    before = await page.locator(".recording").count()
    await page.get_by_label("Capture file").set_input_files(many)
    await page.get_by_role("button", name="Upload").click()
    await expect(page.locator("#upload progress")).to_be_visible()
    await expect(page.locator("#upload-said")).to_contain_text(re.compile(r"Reading: [\d,]+ frames"))
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#upload-said")).to_have_text("Cancelled: nothing was kept.")
    await page.reload()
    assert await page.locator(".recording").count() == before


async def test_a_file_can_be_dropped_on_the_page(open_page: Open, lesson: Path) -> None:
    visitor = await open_page(**STILL)
    page = visitor.page
    await page.goto(f"http://{visitor.server.host}/recordings/")
    octets = base64.b64encode(await asyncio.to_thread(lesson.read_bytes)).decode()
    await page.evaluate(
        """octets => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(atob(octets), (each) => each.charCodeAt(0))], "dropped.pcapng.gz"));
          document.querySelector("#upload").dispatchEvent(
            new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));
        }""",
        octets,
    )
    await page.wait_for_url(re.compile(r"/recordings/\d+/$"))
    await expect(page.get_by_role("heading", name="dropped.pcapng.gz")).to_be_visible()


async def test_all_of_it_goes_by_keyboard_alone(open_page: Open, lesson: Path) -> None:
    visitor, number = await uploaded(open_page, lesson)
    page = visitor.page
    await page.get_by_label("Address").focus()
    await page.keyboard.type("192.0.2")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("1 of 3 conversations has all of this.")).to_be_visible()
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.classList.contains('open')"):
            break
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile(rf"/recordings/{number}/conversations/3/"))
    await expect(page.locator("lv-status .place")).to_contain_text("Frame 13")


async def test_a_deleted_file_is_gone_for_those_who_look_at_it(open_page: Open, lesson: Path) -> None:
    visitor, number = await uploaded(open_page, lesson)
    await visitor.page.get_by_role("link", name="Delete").click()
    await visitor.page.get_by_role("button", name="Delete it").click()
    await expect(visitor.page.locator(f"#recording-{number}")).to_have_count(0)
    await visitor.page.goto(f"http://{visitor.server.host}/recordings/{number}/conversations/2/")
    await expect(visitor.page.get_by_role("heading")).to_contain_text("There is no conversation 2")
    visitor.complaints.clear()  # the browser's own word about a page that is not there


async def test_axe_finds_nothing_on_the_pages_of_a_capture(open_page: Open, lesson: Path) -> None:
    _, number = await uploaded(open_page, lesson)
    sizes = [{"width": width, "height": 800} for width in (390, 1280)]
    looking = [await open_page(bypass_csp=True, viewport=size, **STILL) for size in sizes]
    for path in (
        "",
        f"{number}/",
        f"{number}/?port=1",
        f"{number}/conversations/3/",
        f"{number}/conversations/3/facts/",
    ):
        for visitor in looking:
            await visitor.page.goto(f"http://{visitor.server.host}/recordings/{path}")
        assert await complaints(*looking) == [], path


def octets_in(file: Path) -> list[bytes]:
    with open_capture(file) as capture:
        return [packet.octets for packet in capture]


def told_by_tshark(file: Path) -> str:
    done = subprocess.run(["tshark", "-n", "-t", "e", "-r", str(file)], capture_output=True, text=True, check=True)
    return done.stdout
