"""`manage.py serve` as a process of its own, on 127.0.0.1."""

import errno
import os
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from layersviz.capture.events import LabState, LabStatus, LiveStatus
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.management.commands.serve import addresses, explain, lab_line, news
from layersviz.web.checks import LabCheck
from tests.web.live import PROJECT, TEXT, LiveServer, live_server, websocket

PATIENCE_S = 60


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by servers that come one after the other, so that the static files are collected once."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("simulated"), LAB="off") as server:
        server.read_until("Lab")
        yield server


@pytest.fixture
def with_lab(var: Path, hosts: Hosts) -> Iterator[LiveServer]:
    if LabCheck(hosts, wanted=True)(None):
        pytest.skip("this kernel forbids the lab")
    with live_server(var) as server:
        server.read_until("Lab         The lab is ready")
        yield server


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def has_ended(pidfd: int) -> bool:
    """Whether the process ends within the patience."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(PATIENCE_S * 1000))


# --- what it says -----------------------------------------------------------------------------------------------------


def test_it_says_where_to_open_it_and_what_the_frames_are(var: Path) -> None:
    with live_server(var, LAB="off") as server:
        at = f"http://localhost:{server.port}"
        assert server.read_until("Presenter").startswith(f"Presenter   {at}/present/{server.code}/?token=")
        assert server.read_until("Projector") == f"Projector   {at}/show/{server.code}/\n"
        assert server.read_until("Students") == f"Students    {at}/{server.code}\n"
        assert server.read_until("Hello World") == f"Hello World {at}/hello/\n"
        assert server.read_until("Lab").startswith("Lab         SIMULATED. ")


@pytest.mark.parametrize(
    ("host", "port", "own", "here", "elsewhere"),
    [
        ("127.0.0.1", 8000, [], "http://localhost:8000", ""),
        ("::1", 8000, [], "http://localhost:8000", ""),
        ("0.0.0.0", 8000, ["192.168.1.4"], "http://localhost:8000", "http://192.168.1.4:8000"),
        ("0.0.0.0", 80, ["192.168.1.4"], "http://localhost", "http://192.168.1.4"),
        ("0.0.0.0", 8000, [], "http://localhost:8000", ""),
        ("192.168.1.4", 8001, [], "http://192.168.1.4:8001", ""),
        ("fd00::4", 8001, [], "http://[fd00::4]:8001", ""),
    ],
)
def test_addresses_are_those_that_a_browser_needs(
    host: str, port: int, own: list[str], here: str, elsewhere: str
) -> None:
    assert addresses(host, port, own) == (here, elsewhere)


def test_a_simulated_lab_says_what_would_enable_the_real_one() -> None:
    status = LabStatus(state=LabState.READY, source=Source.SIMULATED, sentence="No namespaces.", remedy="sudo x")
    assert lab_line(status) == (
        "Lab         SIMULATED. No namespaces.\n            What would enable the real lab: sudo x"
    )


def test_the_operator_hears_once_of_each_coming_up_and_going_down() -> None:
    lab = LabStatus(state=LabState.READY, source=Source.LAB, sentence="Ready.")
    live = LiveStatus(state=LabState.STARTING, address="http://10.9.0.1:8080/hello/", sentence="In a moment.")
    opened = msgspec.structs.replace(live, state=LabState.READY, sentence="Come in.")
    down = msgspec.structs.replace(live, state=LabState.DOWN, sentence="eth0 is down.", remedy="Plug it in.")
    told = [lab, *(msgspec.structs.replace(lab, live=each) for each in (live, opened, opened, down, down))]
    assert [list(news(before, now)) for before, now in pairwise([None, *told])] == [
        ["Lab         Ready."],
        [],
        ["Visitors    http://10.9.0.1:8080/hello/\n            Come in."],
        [],
        ["Visitors    NOT SHOWN. eth0 is down.\n            What would enable it: Plug it in."],
        [],
    ]


def test_without_the_interface_that_was_asked_for_all_else_goes_on(var: Path) -> None:
    with live_server(var, LAB="off", LIVE_INTERFACE="nowhere") as server:
        assert server.read_until("Visitors") == "Visitors    NOT SHOWN. There is no network interface 'nowhere' here.\n"
        assert server.read_until("            What").startswith(
            "            What would enable it: Name one that there is"
        )
        with urllib.request.urlopen(f"http://{server.host}/", timeout=PATIENCE_S) as page:
            assert page.status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="a loopback of that name is Linux's")
def test_a_visitors_port_that_is_in_use_is_said_and_all_else_goes_on(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket(socket.AF_INET6) as also:
        port = taken.getsockname()[1]
        also.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        with suppress(OSError):  # where there is no IPv6 it needs no taking
            also.bind(("::1", port))
            also.listen()
        with live_server(var, LAB="off", LIVE_INTERFACE="lo", LIVE_PORT=str(port)) as server:
            said = server.read_until("Visitors")
            assert said == f"Visitors    NOT SHOWN. Port {port} is in use, so nobody can visit over lo.\n"
            with urllib.request.urlopen(f"http://{server.host}/", timeout=PATIENCE_S) as page:
                assert page.status == 200


@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL, errno.EINVAL])
def test_why_it_cannot_listen_is_one_sentence(number: int) -> None:
    sentence = explain(OSError(number, os.strerror(number)), "10.1.2.3", 80)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_port_in_use_ends_it_with_one_sentence(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=PROJECT,
            env={**os.environ, "VAR_DIR": str(var), "LAB": "off"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"CommandError: Port {port} is in use by another program")
    assert ended.stderr.count("\n") == 1


def test_of_two_servers_in_one_folder_the_second_ends_with_one_sentence(var: Path) -> None:
    """Else each would take the other's classes away, every few seconds."""
    with live_server(var, LAB="off") as first:
        first.read_until("Lab")
        with live_server(var, LAB="off") as second:
            said = second.read_to_end()
            assert second.process.wait(PATIENCE_S) == 1
        assert said.startswith(f"CommandError: Another server keeps its classes in {var}: end that one")
        assert said.count("\n") == 1
        first.process.kill()
        first.process.wait()
        with live_server(var, LAB="off") as third:
            assert third.read_until("Lab").startswith("Lab         SIMULATED. ")


# --- what it serves ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/show/{code}/", "/join/{code}/", "/{code}", "/hello/"])
def test_pages_are_served(simulated: LiveServer, path: str) -> None:
    with urllib.request.urlopen(f"http://{simulated.host}{path.format(code=simulated.code)}") as answer:
        assert answer.status == 200


def test_the_server_made_no_noise_of_its_own_name_and_version(simulated: LiveServer) -> None:
    with urllib.request.urlopen(f"http://{simulated.host}/") as answer:
        assert answer.headers["Server"] == "layersviz"


def test_a_name_that_is_not_ours_is_refused(simulated: LiveServer) -> None:
    request = urllib.request.Request(f"http://{simulated.host}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400
    refused.value.close()


async def test_a_press_plays_a_simulated_run(simulated: LiveServer) -> None:
    async with websocket(simulated.host, f"/ws/present/{simulated.code}/", cookie=simulated.cookie) as page:
        while (await page.read_until("snapshot"))["lab"]["source"] != "simulated":
            pass
        await page.send(kind="start")
        assert (await page.read_until("run_opened"))["run"]["source"] == "simulated"
        assert (await page.read_until("run_closed"))["problem"] == ""


async def test_a_page_of_another_server_is_refused(simulated: LiveServer) -> None:
    with pytest.raises(ConnectionRefusedError, match=r"HTTP/1.1 403"):
        async with websocket(simulated.host, f"/ws/show/{simulated.code}/", origin="http://evil.example"):
            pass


@pytest.mark.parametrize("octets", [16 * 1024 + 1, 5_000_000])
async def test_a_message_over_16_kib_is_refused_by_its_length_alone(simulated: LiveServer, octets: int) -> None:
    async with websocket(simulated.host, f"/ws/show/{simulated.code}/") as page:
        await page.read()
        await page.send_head(TEXT, octets)
        assert await page.read_to_end() == (4413, "A message may have 16 KiB.")


async def test_a_message_over_16_kib_in_small_pieces_is_refused_too(simulated: LiveServer) -> None:
    async with websocket(simulated.host, f"/ws/show/{simulated.code}/") as page:
        await page.read()
        await page.send_frame(TEXT, b" " * 10_000, is_last=False)
        await page.send_frame(0, b" " * 10_000)
        assert await page.read_to_end() == (4413, "A message may have 16 KiB.")


async def test_a_reason_reaches_the_browser_with_the_code(simulated: LiveServer) -> None:
    async with websocket(simulated.host, f"/ws/show/{simulated.code}/") as page:
        await page.send(kind="start")
        assert await page.read_to_end() == (4403, "Only the presenter may ask for this.")


async def test_what_breaks_the_protocol_is_told_so(simulated: LiveServer) -> None:
    async with websocket(simulated.host, f"/ws/show/{simulated.code}/") as page:
        await page.send_frame(TEXT, b"\xff\xfe")
        assert (await page.read_to_end())[0] == 1007


# --- its end ----------------------------------------------------------------------------------------------------------


@pytest.mark.lab
async def test_a_press_plays_a_real_run_in_the_lab(with_lab: LiveServer) -> None:
    async with websocket(with_lab.host, f"/ws/present/{with_lab.code}/", cookie=with_lab.cookie) as page:
        await page.read_until("snapshot")
        await page.send(kind="start", cold=True)
        assert (await page.read_until("run_opened"))["run"]["source"] == "lab"
        names = [(await page.read_until("frame_added"))["journey"]["name"] for _ in range(5)]
        assert names[2:] == ["SYN", "SYN/ACK", "ACK"]
        assert (await page.read_until("run_closed"))["problem"] == ""


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order_and_leaves_no_child(with_lab: LiveServer, number: signal.Signals) -> None:
    (child,) = children_of(with_lab.process.pid)
    pidfd = os.pidfd_open(child)
    with_lab.process.send_signal(number)
    assert with_lab.process.wait(PATIENCE_S) == 0
    assert has_ended(pidfd)
    os.close(pidfd)
    assert "Traceback" not in with_lab.read_to_end()


@pytest.mark.lab
def test_killed_at_once_it_leaves_no_child_either(with_lab: LiveServer) -> None:
    (child,) = children_of(with_lab.process.pid)
    pidfd = os.pidfd_open(child)
    with_lab.process.kill()
    assert has_ended(pidfd)
    os.close(pidfd)


@pytest.mark.lab
async def test_a_lab_that_dies_is_told_and_comes_back(with_lab: LiveServer) -> None:
    async with websocket(with_lab.host, f"/ws/present/{with_lab.code}/", cookie=with_lab.cookie) as page:
        await page.read_until("snapshot")
        (child,) = children_of(with_lab.process.pid)
        os.kill(child, signal.SIGKILL)
        states = [(await page.read_until("lab_moved"))["lab"]["state"] for _ in range(2)]
        assert states == ["down", "ready"]
        await page.send(kind="start")
        assert (await page.read_until("run_closed"))["problem"] == ""
