"""The capturing child on a link of the test's own: what it shows of who visits, and what it never sees."""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layersviz.core.frame import Frame
from layersviz.core.header import ChecksumStatus
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.dissect import dissect
from tests.live.house import SERVER_IP, VISITOR_IP, VISITOR_MAC
from tests.live.visit import PATIENCE_S, PORT, PROJECT, House, Line, converse, house

pytestmark = pytest.mark.lab

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
LARGEST_ETHERNET_FRAME = 1514
FAR_IP = "10.77.0.5"


@pytest.fixture(scope="module")
def plain() -> Iterator[House]:
    with house() as built:
        yield built


@pytest.fixture(scope="module")
def with_offload() -> Iterator[House]:
    with house(offload=True) as built:
        yield built


def flags(line: Line) -> str:
    tcp = dissect(bytes.fromhex(line["octets"])).header("TCP")
    assert tcp is not None
    names = {1: "FIN", 2: "SYN", 4: "RST"}
    return "/".join(name for bit, name in names.items() if tcp.number("tcp.flags") & bit)


def frames(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line["kind"] == "frame"]


def as_frames(told: list[Line]) -> list[Frame]:
    return [
        Frame(
            number=number,
            time_ns=line["time_ns"],
            sender=Side(line["sender"]),
            octets=bytes.fromhex(line["octets"]),
            length=line["length"],
        )
        for number, line in enumerate(told, start=1)
    ]


def sentences(seen: list[Frame]) -> list[str]:
    """All that the stage says of each frame."""
    hosts = Hosts(
        client=Host(side=Side.CLIENT, ip=VISITOR_IP, mac=VISITOR_MAC, port=40_000),
        server=Host(side=Side.SERVER, ip=SERVER_IP, mac="", port=PORT),
    )
    story = Story(hosts=hosts, source=Source.LIVE)
    journeys = [story.tell(frame, dissect(frame.octets)) for frame in seen]
    return [" ".join(step.sentence for step in journey.steps) for journey in journeys]


def test_a_visit_is_told_from_its_syn_to_the_last_ack_with_the_visitors_address_and_mac(plain: House) -> None:
    with plain.listener() as listener, plain.watching() as child:
        visitor = plain.visitor()
        port = visitor.getsockname()[1]
        converse(visitor, listener)
        began, *middle, ended = child.lines_until("ended")
    assert began["client"] == {"ip": VISITOR_IP, "port": port, "mac": VISITOR_MAC}
    assert (began["server"]["ip"], began["server"]["port"]) == (SERVER_IP, PORT)
    assert [line["sender"] for line in middle[:4]] == ["client", "server", "client", "client"]
    assert flags(middle[0]) == flags(middle[1]) == "SYN"
    assert [line["sender"] for line in middle if "FIN" in flags(line)] == ["server", "client"]
    assert middle[-1]["sender"] == "server"
    assert ended == {"kind": "ended", "visit": began["visit"], "problem": ""}
    times = [line["time_ns"] for line in middle]
    assert times == sorted(times)


def test_a_visitor_behind_a_router_has_no_mac_of_its_own(plain: House) -> None:
    """The visitor's machine stands for the router: the address is one that the server reaches through it."""
    for where, words in (("visitor", f"address {FAR_IP}"), ("server", f"route {FAR_IP} {VISITOR_IP}")):
        with plain.running([sys.executable, "-m", "tests.live.far", *words.split()], where=where) as program:
            assert program.text() == "done"
    with plain.listener() as listener, plain.watching() as child:
        visitor = plain.open_socket("visitor")
        visitor.bind((FAR_IP, 0))
        visitor.connect((SERVER_IP, PORT))
        converse(visitor, listener)
        began, syn, *_rest = child.lines_until("ended")
    assert (began["client"]["ip"], began["client"]["mac"]) == (FAR_IP, "")
    assert bytes.fromhex(syn["octets"])[6:12].hex(":") == VISITOR_MAC


def test_nothing_else_on_the_same_link_is_captured(plain: House) -> None:
    """Another port, the same port of another machine, the same number in UDP, and a connection that began before."""
    with plain.listener() as listener, plain.listener(9000) as other:
        early = plain.visitor()
        with plain.watching() as child:
            converse(plain.visitor(9000), other)
            with plain.open_socket("visitor") as elsewhere:
                elsewhere.bind((VISITOR_IP, PORT))
                elsewhere.listen()
                with plain.open_socket("server") as we_visit:
                    we_visit.connect((VISITOR_IP, PORT))
            with plain.open_socket("visitor", kind=socket.SOCK_DGRAM) as datagram:
                datagram.sendto(b"hello", (SERVER_IP, PORT))
            converse(early, listener)
            visitor = plain.visitor()
            port = visitor.getsockname()[1]
            converse(visitor, listener)
            told = child.lines_until("ended")
    assert [line["client"]["port"] for line in told if line["kind"] == "began"] == [port]
    assert {line["visit"] for line in told} == {1}


def test_two_visitors_at_once_are_told_apart(plain: House) -> None:
    with plain.listener() as listener, plain.watching() as child:
        first, second = plain.visitor(), plain.visitor()
        ports = [first.getsockname()[1], second.getsockname()[1]]
        converse(first, listener, b"1")
        converse(second, listener, b"22")
        told = child.lines_until("ended", times=2)
    assert [line["client"]["port"] for line in told if line["kind"] == "began"] == ports
    for visit, octets in ((1, 1), (2, 2)):
        own = [line for line in frames(told) if line["visit"] == visit]
        assert max(line["data_octets"] for line in own if line["sender"] == "client") == octets


def test_a_reset_ends_a_visit(plain: House) -> None:
    with plain.listener(), plain.watching() as child:
        with plain.visitor() as visitor:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        told = child.lines_until("ended")
    assert flags(told[-2]) == "RST"
    assert told[-1]["problem"] == ""


def test_a_visit_that_is_refused_is_told_too(plain: House) -> None:
    with plain.watching() as child:
        with pytest.raises(ConnectionRefusedError):
            plain.visitor()
        told = child.lines_until("ended")
    assert [line["sender"] for line in frames(told)] == ["client", "server"]


def test_with_offload_on_frames_are_larger_than_ethernets_and_checksums_unfinished(with_offload: House) -> None:
    with with_offload.listener() as listener, with_offload.watching() as child:
        converse(with_offload.visitor(), listener, bytes(40_000))
        told = frames(child.lines_until("ended"))
    large = [line for line in told if line["length"] > LARGEST_ETHERNET_FRAME]
    assert large
    assert all(len(line["octets"]) == 2 * line["length"] for line in large)
    for line in told:
        tcp = dissect(bytes.fromhex(line["octets"])).header("TCP")
        assert tcp is not None
        assert tcp.checksum is not None
        assert tcp.checksum.status is ChecksumStatus.PARTIAL
    said = sentences(as_frames(told))
    assert "or after the receiver's card joined it (offload)" in said[told.index(large[0])]
    assert all("finish it (offload)" in each for each in said)


@pytest.mark.parametrize("ip", ["127.0.0.1", "::1"])
def test_on_loopback_each_frame_is_told_once_and_has_no_mac(plain: House, ip: str) -> None:
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with plain.listener(ip=ip) as listener, plain.watching("lo", "127.0.0.1", "::1") as child:
        visitor = plain.open_socket("server", family)
        visitor.connect((ip, PORT))
        converse(visitor, listener)
        began, *told = child.lines_until("ended")
    assert began["client"]["ip"] == ip
    assert began["client"]["mac"] == began["server"]["mac"] == "00:00:00:00:00:00"
    assert [flags(line) for line in frames(told)].count("SYN") == 2
    assert len({line["octets"] for line in frames(told)}) == len(frames(told))
    said = sentences(as_frames(frames(told)))
    assert all("on one machine. There is no wire" in each for each in said)


def test_the_child_holds_no_right_once_its_socket_is_open(plain: House) -> None:
    with plain.watching() as child:
        lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
    held = {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}
    assert {int(held[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {0}
    assert held["NoNewPrivs"] == "1"


def test_nobody_can_take_the_filter_away(plain: House) -> None:
    program = (
        "import socket\n"
        "from layersviz.live.interface import read_interface\n"
        "from layersviz.live.tap import Tap\n"
        "tap = Tap(read_interface('eth0'), 8080, ['10.9.0.1'])\n"
        "try: tap.socket.setsockopt(socket.SOL_SOCKET, 27, 0)\n"  # SO_DETACH_FILTER
        "except PermissionError: print('locked', flush=True)\n"
    )
    with plain.running([sys.executable, "-c", program]) as tried:
        assert tried.text() == "locked"


def test_the_child_ends_when_its_parent_is_killed(plain: House) -> None:
    program = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'layersviz.live', 'lo', '8080', '127.0.0.1'],\n"
        "                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    with plain.running([sys.executable, "-c", program]) as parent:
        descriptor = os.pidfd_open(int(parent.text()))
        os.kill(parent.pid, signal.SIGKILL)
        ended = select.select([descriptor], [], [], PATIENCE_S)[0]
        os.close(descriptor)
    assert ended


def child_without_rights(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys\nfrom layersviz.live import __main__, rights\nrights.hold(rights.NONE)\n"
        "sys.exit(__main__.main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))"
    )
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "sentence", "remedy"),
    [
        (
            ("lo", "8080", "127.0.0.1"),
            "Capturing on lo needs the right CAP_NET_RAW",
            "make live-rights gives just that",
        ),
        (("nowhere", "8080", "10.0.0.1"), "There is no network interface 'nowhere' here.", "lo"),
        (("lo", "8080"), "lo has no address", "Connect it"),
    ],
)
def test_what_is_in_the_way_is_said_in_one_sentence_with_a_remedy(
    arguments: tuple[str, ...], sentence: str, remedy: str
) -> None:
    ended = child_without_rights(*arguments)
    assert (ended.returncode, ended.stdout.count("\n")) == (3, 1)
    assert '"kind":"impossible"' in ended.stdout
    assert sentence in ended.stdout
    assert remedy in ended.stdout


def test_an_interface_that_goes_down_and_comes_up_again_is_said_and_captured_again(plain: House) -> None:
    switch = (
        "import fcntl, socket, struct, sys\n"
        "probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "fcntl.ioctl(probe, 0x8914, struct.pack('16sH22x', b'eth0', int(sys.argv[1])))\n"  # SIOCSIFFLAGS
        "print('done', flush=True)\n"
    )
    with plain.listener() as listener, plain.watching() as child:
        for flag, kind in ((0, "down"), (1, "ready")):
            with plain.running([sys.executable, "-c", switch, str(flag)], where="visitor") as switched:
                assert switched.text() == "done"
            assert child.line()["kind"] == kind
        converse(plain.visitor(), listener)
        assert child.lines_until("ended")[-1]["problem"] == ""
