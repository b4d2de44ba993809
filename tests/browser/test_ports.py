"""The page about ports in a real browser: what it says of sockets is what the systems' own tools say."""

import asyncio
import re
import shutil
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.axe import complaints
from tests.browser.visitor import JOIN, PRESENT, Visitor, finished_run, skip_without_lab, snapshot, take_over
from tests.web.live import PATIENCE_S, LiveServer, websocket

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Open = Callable[..., Awaitable[Visitor]]
Listed = set[tuple[str, str, str]]
"""Protocol, local end and process of each socket that waits."""
ROWS = """
element => [...element.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent))
"""
MACHINE, LAB = "lv-sockets[data-of=machine]", "lv-sockets[data-of=lab]"


async def at_ports(open_page: Open, path: str = PRESENT, **options: object) -> Visitor:
    visitor = await open_page(path, lead=False, **options)
    await visitor.page.goto(f"http://{visitor.server.host}/ports/")
    return visitor


async def rows(visitor: Visitor, table: str) -> list[list[str]]:
    found: list[list[str]] = await visitor.page.locator(table).evaluate(ROWS)
    return found


# --- this machine -----------------------------------------------------------------------------------------------------


@pytest.fixture
def listening() -> Iterator[set[int]]:
    """Ports at which this test waits: TCP and UDP, IPv4 and, where there is any, IPv6."""
    with ExitStack() as opened:
        ends = [("127.0.0.1", socket.AF_INET), ("", socket.AF_INET)]
        if socket.has_ipv6:
            ends.append(("::1", socket.AF_INET6))
        made = [opened.enter_context(socket.create_server((ip, 0), family=family)) for ip, family in ends]
        datagrams = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagrams.bind(("127.0.0.1", 0))
        yield {each.getsockname()[1] for each in (*made, datagrams)}


async def both_lists(visitor: Visitor) -> tuple[Listed, Listed]:
    """The page's and that of ss, from a time in which nothing else has begun or ended to listen; the last of them where
    they do not come to say the same."""
    shown: Listed = set()
    before = said_by_ss()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while shown != before or said_by_ss() != before:
                before = said_by_ss()
                for _ in range(2):  # the second answer is no older than the list before
                    async with visitor.page.expect_response("**/ports/machine.json"):
                        pass
                shown = {(row[4], row[5], row[1]) for row in await rows(visitor, MACHINE)}
    return shown, before


def said_by_ss() -> Listed:
    """As `ss -lntup` lists it. It has no place of its own for a socket that several processes share: a row for each."""
    output = subprocess.run(["ss", "-Hlntup"], capture_output=True, text=True, check=True).stdout
    found = set()
    for line in output.splitlines():
        columns = line.split(maxsplit=6)
        pids = re.findall(r"pid=(\d+)", columns[6]) if len(columns) > 6 else []
        found |= {(columns[0].upper(), end_of(columns[4]), pid) for pid in pids or ["not told"]}
    return found


def end_of(text: str) -> str:
    """Without the interface, and with one sign for any address."""
    host, _, port = text.rpartition(":")
    host = host.partition("%")[0]
    return f"{'*' if host in ('*', '0.0.0.0', '[::]') else host}:{port}"


@pytest.mark.skipif(shutil.which("ss") is None, reason="ss is not here")
async def test_who_listens_on_this_machine_is_what_ss_says_at_the_same_moment(
    open_page: Open, listening: set[int]
) -> None:
    visitor = await at_ports(open_page)
    shown, before = await both_lists(visitor)
    assert shown == before
    assert listening <= {int(end.rpartition(":")[2]) for _, end, _ in shown}


async def test_a_student_reads_why_there_is_no_table_of_the_machine(open_page: Open) -> None:
    visitor = await at_ports(open_page, JOIN)
    await expect(visitor.page.get_by_text("Only a presenter may see the sockets of the machine")).to_be_visible()
    assert await visitor.page.locator(MACHINE).count() == 0
    await expect(visitor.page.locator(LAB)).to_be_visible()
    assert await visitor.page.get_by_role("button", name="Bind it").count() == 0


# --- the lab ----------------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="session")
async def _lab(house: LiveServer) -> None:
    await skip_without_lab(house)


async def played(visitor: Visitor) -> int:
    """A run of the class's lab, and the number that it is kept under."""
    before = (await snapshot(visitor.server))["run"]["number"]
    address = f"/ws/present/{visitor.server.code}/"
    async with websocket(visitor.server.host, address, cookie=visitor.server.cookie) as presenter:
        await presenter.read_until("snapshot")
        await presenter.send(kind="take_over")
        await presenter.send(kind="start")
        kept = await presenter.read_until("run_kept")
    await finished_run(visitor.server, after=before)
    return int(kept["recording"])


@pytest.mark.usefixtures("_lab")
async def test_what_a_run_has_left_is_in_the_table_and_leads_to_its_frames(open_page: Open) -> None:
    visitor, student = await at_ports(open_page), await at_ports(open_page, JOIN)
    recording = await played(visitor)
    ports = (await snapshot(visitor.server))["run"]["hosts"]
    for page in (visitor.page, student.page):
        row = page.locator(f"{LAB} tbody tr", has_text=f"{ports['client']['ip']}:{ports['client']['port']}")
        await expect(row).to_contain_text("TIME-WAIT")
        await expect(row).to_contain_text("no process")
        await expect(row.get_by_role("link")).to_have_attribute("href", re.compile(f"^/recordings/{recording}/"))
        await row.get_by_role("link").click()
        await expect(page.locator("lv-status .place")).to_contain_text("Frame")


@pytest.mark.usefixtures("_lab")
async def test_while_a_frame_is_held_both_ends_are_in_the_table_and_lead_to_the_stage(open_page: Open) -> None:
    visitor = await at_ports(open_page)
    hold = {
        "deed": "hold",
        "sender": "client",
        "frame": "SYN",
        "nth": 1,
        "count": 1,
        "place": None,
        "bit": -1,
        "delay_ms": 0,
    }
    address = f"/ws/present/{visitor.server.code}/"
    async with websocket(visitor.server.host, address, cookie=visitor.server.cookie) as presenter:
        await presenter.read_until("snapshot")
        await presenter.send(kind="take_over")
        await presenter.send(kind="start", faults=[hold])
        while not (await presenter.read_until("held_moved"))["held"]:
            pass
        client = visitor.page.locator(f"{LAB} tbody tr", has_text="SYN-SENT")
        await expect(visitor.page.locator(f"{LAB} tbody tr", has_text="LISTEN")).to_contain_text("10.0.0.2:80")
        await expect(client.get_by_role("link")).to_have_attribute("href", f"/present/{visitor.server.code}/")
        await visitor.page.get_by_label("Only what waits").first.check()
        await expect(visitor.page.locator(f"{LAB} tbody tr")).to_have_count(1)
        await presenter.send(kind="let_go", held=0)
        await presenter.read_until("run_kept")
    await expect(visitor.page.locator(f"{LAB} tbody tr")).to_have_count(0)


@pytest.mark.usefixtures("_lab")
async def test_the_kernel_refuses_a_privileged_port_without_the_right_and_all_see_it(open_page: Open) -> None:
    presenter, student = await at_ports(open_page), await at_ports(open_page, JOIN)
    await presenter.page.locator("#bind-port").fill("79")
    await presenter.page.get_by_role("button", name="Bind it without the right").click()
    for visitor in (presenter, student):
        tries = visitor.page.locator("lv-bind li")
        await expect(tries.first).to_have_text("Port 79 without the right: Permission denied (error 13).")
        await expect(visitor.page.locator("lv-bind")).to_contain_text("On the lab's server the limit is 1024")


# --- the page ---------------------------------------------------------------------------------------------------------


async def test_a_service_is_found_by_number_name_and_purpose(open_page: Open) -> None:
    visitor = await at_ports(open_page)
    search = visitor.page.get_by_label("Number, name or purpose")
    found = visitor.page.locator("lv-services tbody tr:visible")
    for text, service in (("443", "https"), ("mysql", "mysql"), ("mailbox on the server", "imap"), ("www", "http")):
        await search.fill(text)
        await expect(found.locator("code").first).to_have_text(re.compile(service))
    await search.fill("50000")
    await expect(found).to_have_count(0)
    await expect(visitor.page.locator("lv-services [role=status]")).to_contain_text("50000 is a dynamic port")
    await search.fill("70000")
    await expect(visitor.page.locator("lv-services [role=status]")).to_contain_text("There is no such port")


async def test_the_address_names_the_port_only_where_it_has_to(open_page: Open) -> None:
    visitor = await at_ports(open_page)
    port, address = visitor.page.locator("#any-port"), visitor.page.locator(".any output")
    for typed, shown in (("80", "http://10.0.0.2"), ("6789", "http://10.0.0.2:6789")):
        await port.fill(typed)
        await expect(address).to_have_text(shown)
    await port.fill("65536")
    await expect(address).to_have_text("A port is a number from 1 to 65535.")


@pytest.mark.usefixtures("_lab")
async def test_a_port_that_is_chosen_is_the_servers_in_the_next_run(open_page: Open) -> None:
    visitor = await at_ports(open_page)
    await visitor.page.locator("#any-port").fill("6789")
    await visitor.page.get_by_role("button", name="Choose it for the next run").click()
    await take_over(visitor)
    before = (await snapshot(visitor.server))["run"]["number"]
    await visitor.page.get_by_role("button", name=re.compile("^Start")).first.click()
    run = await finished_run(visitor.server, after=before)
    assert run["hosts"]["server"]["port"] == 6789
    assert run["problem"] == ""


@pytest.mark.usefixtures("_lab")
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
async def test_axe_finds_nothing_and_nobody_has_to_scroll_sideways(open_page: Open, locale: str) -> None:
    look = {"locale": locale, "bypass_csp": True, "reduced_motion": "reduce"}
    visitors = [await at_ports(open_page, path, **look) for path in (PRESENT, JOIN)]
    for visitor in visitors:
        await expect(visitor.page.locator("lv-bind")).to_be_visible()
    assert await complaints(*visitors) == []
    for visitor in visitors:
        for width in (390, 1280, 3840):
            await visitor.page.set_viewport_size({"width": width, "height": 844})
            assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= width
