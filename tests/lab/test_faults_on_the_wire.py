"""Each deed on the real lab, several times in a row: what was asked for, what was told, what came at the other card,
and what the kernel there has counted."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from layersviz.core.host import Side
from layersviz.core.order import Deed, Fault, FrameKind, Order, Place
from layersviz.core.timers import Clocks, syn_waits_s
from tests.lab.asked import asked_of, befallen, came_otherwise, more, random_order
from tests.lab.frames import frames_of
from tests.lab.lab_child import SETTINGS, LabChild, Report, skip_unless_ready

pytestmark = pytest.mark.lab

CLIENT, SERVER = Side.CLIENT, Side.SERVER
TIMES, LABS = 3, 8
WATCHING = (sys.executable, "-m", "tests.lab.watching_lab")


def watching(first_port: int = 35_310) -> LabChild:
    settings = {**SETTINGS, "client": SETTINGS["client"] | {"port": first_port}}
    return LabChild(program=WATCHING, settings=settings)


@pytest.fixture
def watched() -> Iterator[LabChild]:
    with watching() as child:
        skip_unless_ready(child.report())
        yield child


def played(lab: LabChild, number: int, order: Order) -> list[Report]:
    """Ends in "watched", "run_ended"."""
    return lab.play(number, scene=order.scene, cold=order.cold, **more(order))


def one(deed: Deed, sender: Side, frame: FrameKind, **what: Any) -> Order:
    rest = {name: what.pop(name) for name in ("scene", "ipv6", "cold") if name in what}
    return Order(faults=(Fault(deed=deed, sender=sender, frame=frame, **what),), **rest)


DEEDS = {
    "a lost SYN/ACK": one(Deed.LOSE, SERVER, FrameKind.SYN_ACK),
    "a lost ARP request": one(Deed.LOSE, CLIENT, FrameKind.ARP, cold=True),
    "two lost data segments": one(Deed.LOSE, SERVER, FrameKind.DATA, nth=4, count=2, scene="large"),
    "a lost FIN": one(Deed.LOSE, SERVER, FrameKind.FIN),
    "a lost RST": one(Deed.LOSE, SERVER, FrameKind.RST, scene="refused"),
    "a lost datagram": one(Deed.LOSE, CLIENT, FrameKind.DATAGRAM, scene="udp-echo"),
    "a lost report": one(Deed.LOSE, SERVER, FrameKind.ICMP, scene="udp-closed-port"),
    "a SYN twice": one(Deed.DUPLICATE, CLIENT, FrameKind.SYN),
    "a data segment twice": one(Deed.DUPLICATE, SERVER, FrameKind.DATA, scene="large", nth=2),
    "a datagram twice": one(Deed.DUPLICATE, CLIENT, FrameKind.DATAGRAM, scene="udp-lost"),
    "two segments the wrong way round": one(Deed.SWAP, SERVER, FrameKind.DATA, nth=3, scene="large"),
    "a swapped datagram": one(Deed.SWAP, CLIENT, FrameKind.DATAGRAM, scene="udp-lost"),
    "a late SYN": one(Deed.DELAY, CLIENT, FrameKind.SYN, delay_ms=40),
    "late data": one(Deed.DELAY, SERVER, FrameKind.DATA, delay_ms=30, nth=2, count=2, scene="large"),
    "a held ACK": one(Deed.HOLD, CLIENT, FrameKind.ACK),
    "a held datagram": one(Deed.HOLD, CLIENT, FrameKind.DATAGRAM, scene="udp-echo"),
    "a wrong bit in Ethernet": one(Deed.CORRUPT, CLIENT, FrameKind.DATA, place=Place.ETHERNET),
    "a wrong bit in IP": one(Deed.CORRUPT, CLIENT, FrameKind.DATA, place=Place.IP),
    "a wrong bit in TCP": one(Deed.CORRUPT, SERVER, FrameKind.DATA, place=Place.TRANSPORT),
    "a wrong bit in the data": one(Deed.CORRUPT, SERVER, FrameKind.DATA, place=Place.DATA, bit=100),
    "a wrong bit in UDP": one(Deed.CORRUPT, CLIENT, FrameKind.DATAGRAM, place=Place.TRANSPORT, scene="udp-lost"),
    "a wrong bit in ICMP": one(Deed.CORRUPT, SERVER, FrameKind.ICMP, place=Place.TRANSPORT, scene="udp-closed-port"),
}


@pytest.mark.parametrize("ipv6", [False, True])
def test_each_deed_befalls_the_frame_that_was_named_and_no_other(ipv6: bool) -> None:
    def try_some(share: int) -> list[str]:
        runs = [(name, replace(DEEDS[name], ipv6=ipv6)) for name in list(DEEDS)[share::LABS] for _time in range(TIMES)]
        with watching(35_310 + 100 * share) as lab:
            skip_unless_ready(lab.report())
            return [
                f"{name}: {sentence}"
                for run, (name, order) in enumerate(runs, start=1)
                for sentence in problems(lab, run, order)
            ]

    with ThreadPoolExecutor(max_workers=LABS) as labs:
        assert [sentence for some in labs.map(try_some, range(LABS)) for sentence in some] == []


def problems(lab: LabChild, run: int, order: Order) -> Iterator[str]:
    """Nothing where the run did what was asked, told it, and really did it."""
    reports = played(lab, run, order)
    if reports[-1]["kind"] == "refused":
        pytest.skip(reports[-1]["sentence"])
    asked, touched, wrong = befallen(asked_of(order), reports)
    yield from wrong
    if asked != touched or asked == 0:
        yield f"{asked} frames were named and {touched} touched"
    if sentence := came_otherwise(reports):
        yield sentence
    if reports[-1]["problem"]:
        yield reports[-1]["problem"]


def test_sixty_random_orders_touch_exactly_what_they_name() -> None:
    def try_some(share: int) -> list[str]:
        chance = random.Random(share)
        with watching(35_310 + 200 * share) as lab:
            skip_unless_ready(lab.report())
            return [
                f"{order}: {sentence}"
                for run in range(1, 11)
                for order in [random_order(chance)]
                for sentence in problems(lab, run, order)
                if sentence != "0 frames were named and 0 touched"
            ]

    with ThreadPoolExecutor(max_workers=6) as labs:
        assert [sentence for some in labs.map(try_some, range(6)) for sentence in some] == []


# --- who finds the wrong bit ------------------------------------------------------------------------------------------

FOUND_BY = {
    ("handshake", FrameKind.DATA, Place.IP, False): ("IpInHdrErrors", 1),
    ("handshake", FrameKind.DATA, Place.TRANSPORT, False): ("TcpInCsumErrors", 1),
    ("handshake", FrameKind.DATA, Place.DATA, False): ("TcpInCsumErrors", 1),
    ("handshake", FrameKind.DATA, Place.IP, True): ("TcpInCsumErrors", 1),
    ("handshake", FrameKind.DATA, Place.DATA, True): ("TcpInCsumErrors", 1),
    ("udp-lost", FrameKind.DATAGRAM, Place.IP, False): ("IpInHdrErrors", 1),
    ("udp-lost", FrameKind.DATAGRAM, Place.TRANSPORT, False): ("UdpInCsumErrors", 1),
    ("udp-lost", FrameKind.DATAGRAM, Place.DATA, False): ("UdpInCsumErrors", 1),
    ("udp-lost", FrameKind.DATAGRAM, Place.IP, True): ("Udp6InCsumErrors", 1),
    ("udp-lost", FrameKind.DATAGRAM, Place.TRANSPORT, True): ("Udp6InCsumErrors", 1),
    ("udp-lost", FrameKind.DATAGRAM, Place.DATA, True): ("Udp6InCsumErrors", 1),
}
ERRORS = {"IpInHdrErrors", "Ip6InHdrErrors", "TcpInCsumErrors", "UdpInCsumErrors", "Udp6InCsumErrors"}


@pytest.mark.parametrize("scene", ["handshake", "udp-lost"])
@pytest.mark.parametrize("ipv6", [False, True])
def test_the_receivers_kernel_itself_refuses_what_is_wrong_above_ethernet(
    watched: LabChild, scene: str, *, ipv6: bool
) -> None:
    cases = {case: found for case, found in FOUND_BY.items() if case[0] == scene and case[3] is ipv6}
    for run, ((_scene, kind, place, _ipv6), (counter, by)) in enumerate(cases.items(), start=1):
        reports = played(watched, run, one(Deed.CORRUPT, CLIENT, kind, place=place, scene=scene, ipv6=ipv6))
        if reports[-1]["kind"] == "refused":
            pytest.skip(reports[-1]["sentence"])
        counted = reports[-2]["counted"]["server"]
        assert {name: grown for name, grown in counted.items() if name in ERRORS} == {counter: by}, place
        assert reports[-1]["problem"] == ""


def test_what_the_card_refuses_no_kernel_has_seen(watched: LabChild) -> None:
    reports = played(watched, 1, one(Deed.CORRUPT, CLIENT, FrameKind.DATA, place=Place.ETHERNET))
    assert not ERRORS & set(reports[-2]["counted"]["server"])
    broken = [frame for frame in frames_of(reports) if frame.report.get("at_card")]
    assert len(broken) == 1
    assert broken[0].report["taken"] == broken[0].report["delivered"]


# --- waiting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("textbook", [False, True])
def test_lost_syns_are_sent_again_when_the_kernels_settings_say_so(lab: LabChild, *, textbook: bool) -> None:
    order = Order(faults=(Fault(deed=Deed.LOSE, sender=CLIENT, frame=FrameKind.SYN, count=2),), textbook=textbook)
    reports = lab.play(1, **more(order))
    if reports[-1]["kind"] == "refused":
        pytest.skip(reports[-1]["sentence"])
    clocks = Clocks(**reports[0]["clocks"])
    assert clocks.textbook is textbook or clocks.syn_linear == 0
    sent = [frame.report["time_ns"] / 1e9 for frame in frames_of(reports) if frame.name == "SYN"]
    waited = [later - earlier for earlier, later in pairwise(sent)]
    assert waited == pytest.approx(syn_waits_s(clocks, 2), abs=0.2)
    assert reports[-1]["problem"] == ""


def test_the_timers_of_one_run_are_not_those_of_the_next(lab: LabChild) -> None:
    usual = lab.play(1)[0]["clocks"]
    textbook = lab.play(2, textbook=True)
    if textbook[-1]["kind"] == "refused":
        pytest.skip(textbook[-1]["sentence"])
    assert textbook[0]["clocks"]["syn_linear"] == 0
    assert lab.play(3)[0]["clocks"] == usual


def test_the_kernels_own_timers_are_told_with_the_frames(lab: LabChild) -> None:
    first, *_others, last = [report for report in lab.play(1, scene="lost-syn") if report["kind"] == "frame"][2:]
    assert first["timers"]["client"]["what"] == "retransmission"
    assert 0 < first["timers"]["client"]["left_ms"] <= 1_000
    assert last["timers"]["server"]["what"] == "time-wait"
    assert 59_000 < last["timers"]["server"]["left_ms"] <= 60_000


def test_each_direction_has_its_own_delay(lab: LabChild) -> None:
    reports = [report for report in lab.play(1, client_delay_ms=60, server_delay_ms=20) if report["kind"] == "frame"]
    for report in reports:
        on_its_way_ms = (report["arrived_ns"] - report["time_ns"]) / 1e6
        assert on_its_way_ms >= (60 if report["sender"] == "client" else 20)
    syn, syn_ack = [report for report in reports if len(report["octets"]) == 2 * 74]
    assert syn_ack["time_ns"] - syn["time_ns"] >= 60e6


# --- holding ----------------------------------------------------------------------------------------------------------


def test_while_a_syn_is_held_the_client_sends_another_and_the_run_waits_for_whoever_holds_it(lab: LabChild) -> None:
    lab.order(1, scene="held-syn")
    reports = lab.reports_until("held")
    (held,) = reports[-1]["held"]
    assert (held["number"], held["sender"], held["frame"], held["nth"]) == (1, "client", "SYN", 1)
    while reports[-1].get("delivered") != {"client": "CLOSED", "server": "TIME-WAIT"}:
        reports.append(lab.report())
    again = next(frame for frame in frames_of(reports) if frame.name == "SYN")
    assert again.report["time_ns"] - held["since_ns"] > 0.95e9
    lab.let_go(1, held["number"])
    rest = lab.reports_until("run_ended")
    assert rest[0] == {"kind": "held", "run": 1, "held": []}
    late = frames_of(rest)[0]
    assert (late.octets.hex(), late.report["time_ns"], late.report["deed"]) == (
        held["octets"],
        held["since_ns"],
        "hold",
    )
    assert late.report["held_ns"] > 0.95e9
    assert rest[-1]["problem"] == ""


def test_of_several_held_frames_one_may_go_and_the_others_stay(lab: LabChild) -> None:
    lab.order(1, **more(one(Deed.HOLD, CLIENT, FrameKind.SYN, count=2)))
    while len((report := lab.reports_until("held")[-1])["held"]) < 2:
        pass
    lab.let_go(1, 2)
    assert [held["number"] for held in lab.reports_until("held")[-1]["held"]] == [1]
    lab.let_go(1)
    rest = lab.reports_until("run_ended")
    assert [each["held"] for each in rest if each["kind"] == "held"] == [[]]
    assert [each["number"] for each in report["held"]] == [1, 2]


def test_a_run_that_is_stopped_lets_go_of_everything_and_says_so(lab: LabChild) -> None:
    lab.order(1, **more(one(Deed.HOLD, CLIENT, FrameKind.SYN, count=4)))
    lab.reports_until("held")
    lab.say('{"kind":"stop","run":1}')
    rest = lab.reports_until("run_ended")
    assert rest[-1]["problem"] == "The run was stopped."
    assert [each["held"] for each in rest if each["kind"] == "held"][-1] == []
    assert frames_of(rest)[0].report["deed"] == "hold"
    assert lab.play(2)[-1]["problem"] == ""


# --- what a run asks for and can't have -------------------------------------------------------------------------------


@pytest.mark.parametrize("port", [35_310, 40_000, 60_999])
def test_a_port_of_the_clients_is_refused_for_the_server_in_one_sentence(lab: LabChild, port: int) -> None:
    refused = lab.play(3, server_port=port)[-1]
    assert (refused["kind"], refused["run"]) == ("refused", 3)
    assert refused["sentence"] == "The ports from 35310 to 60999 are the client's; choose another for the server."
    assert lab.play(4)[-1]["problem"] == ""


@pytest.mark.parametrize("port", [1, 6_789, 35_309, 61_000, 65_535])
def test_any_other_port_can_be_the_servers_for_one_run(lab: LabChild, port: int) -> None:
    for scene in ("handshake", "udp-echo", "side-by-side"):
        reports = lab.play(port, scene=scene, server_port=port)
        assert (reports[0]["server_port"], reports[-1]["problem"]) == (port, "")
        assert all(port in frame.ports for frame in frames_of(reports) if not frame.is_resolution)
    assert lab.play(2)[0]["server_port"] == 80


# --- a fault never outlives its run -----------------------------------------------------------------------------------


def test_after_any_fault_the_plain_visit_is_as_ever(watched: LabChild) -> None:
    plain = [frame.name for frame in frames_of(played(watched, 1, Order(cold=True)))]
    for run, order in enumerate(DEEDS.values()):
        played(watched, 2 * run + 2, order)
        after = played(watched, 2 * run + 3, Order(cold=True))
        assert [frame.name for frame in frames_of(after)][:6] == plain[:6]
        assert befallen({}, after)[1:] == (0, [])
        assert after[-1]["problem"] == ""
        assert came_otherwise(after) == ""


# --- programs have patience -------------------------------------------------------------------------------------------


def test_what_no_repair_helps_ends_in_time_and_is_no_problem_of_the_lab() -> None:
    hopeless = [
        one(Deed.LOSE, SERVER, FrameKind.DATAGRAM, scene="udp-echo"),
        one(Deed.LOSE, CLIENT, FrameKind.DATAGRAM, scene="udp-lost", nth=3),
        one(Deed.LOSE, SERVER, FrameKind.ICMP, scene="udp-closed-port"),
        one(Deed.LOSE, SERVER, FrameKind.RST, scene="refused", count=2),
        one(Deed.LOSE, CLIENT, FrameKind.RST, scene="reset"),
        one(Deed.LOSE, CLIENT, FrameKind.ARP, cold=True, count=4),
    ]

    def try_one(share: tuple[int, Order]) -> str:
        number, order = share
        with watching(35_310 + 100 * number) as lab:
            skip_unless_ready(lab.report())
            return played(lab, 1, order)[-1]["problem"]

    with ThreadPoolExecutor(max_workers=len(hopeless)) as labs:
        assert list(labs.map(try_one, enumerate(hopeless))) == [""] * len(hopeless)


READ_ONLY = "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"


def test_where_the_system_lets_nobody_change_its_settings_textbook_timers_are_refused_and_all_else_goes_on() -> None:
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    inside = ("unshare", "-Urm", "sh", "-c")
    if subprocess.run([*inside, READ_ONLY], check=False, capture_output=True).returncode != 0:
        pytest.skip("this system does not let us make /proc/sys read-only for a while")
    with LabChild(*inside, f'{READ_ONLY} && exec "$@"', "sh") as lab:
        skip_unless_ready(lab.report())
        clocks = lab.play(1)[0]["clocks"]
        assert clocks["changed"] is False
        if clocks["syn_linear"] > 0:
            refused = lab.play(2, textbook=True)[-1]
            assert (refused["kind"], refused["run"]) == ("refused", 2)
            assert refused["sentence"] == "This system does not let the lab change its timers."
        assert lab.play(3, scene="lost-syn")[-1]["problem"] == ""
