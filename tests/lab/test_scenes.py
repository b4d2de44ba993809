"""Every scene, several times in a row on real kernels: the frames that were asked for, exactly those lost."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from layersviz.core.packet import Packet
from layersviz.core.timers import Clocks, syn_waits_s
from layersviz.files.pcapng_writer import PcapngWriter
from layersviz.lab.scenes import SCENES
from tests.lab.frames import DISCOVERY, ICMP, IPV6, TCP, UDP, Seen, frames_of, pseudo_header, sums_up
from tests.lab.lab_child import SETTINGS, LabChild, Report, skip_unless_ready

pytestmark = pytest.mark.lab

SLOW = ("lost-syn", "lost-syn-ack", "half-open", "silent", "held-syn", "side-by-side")
"""Each on a lab of its own, since they wait for a timer of one second."""
TIMES, TIMES_SLOW = 3, 2
FIRST_PORT, PORTS_FOR_ONE = 35_310, 200

OPEN, ENDS = ["SYN", "SYN/ACK", "ACK"], ["FIN/ACK", "FIN/ACK", "ACK"]
VISIT = [*OPEN, "ACK data", "ACK", "ACK data", "ACK", *ENDS]
FRAMES = {
    "handshake": VISIT,
    "refused": ["SYN", "RST/ACK"],
    "lost-syn": ["SYN", *VISIT],
    "lost-ack": [*OPEN, "ACK data", "ACK", "ACK data", "ACK", *ENDS],
    "half-open": [*OPEN, "SYN/ACK", "ACK", *VISIT[3:]],
    "lost-request": [*OPEN, "ACK data", *VISIT[3:]],
    "silent": ["SYN", "SYN", *VISIT],
    "held-syn": [*VISIT, "SYN", "ACK", "RST"],
    "tcp-corrupted": [*OPEN, "ACK data", *VISIT[3:]],
    "close": VISIT,
    "reset": [*VISIT[:7], "RST/ACK"],
    "half-close": [*VISIT[:5], "FIN/ACK", "ACK data", "ACK", "ACK data", "ACK", "FIN/ACK", "ACK"],
    "udp-echo": ["datagram", "datagram"],
    "udp-closed-port": ["datagram", "ICMP 3/3"],
    "udp-lost": ["datagram"] * 3,
    "udp-corrupted": ["datagram"] * 3,
}
"""By the names over IPv4. Of the other scenes the order of some frames is the kernels' to choose."""
LOST = {
    "lost-syn": [("client", "SYN", 1)],
    "lost-syn-ack": [("server", "SYN/ACK", 1)],
    "lost-ack": [("client", "ACK", 1)],
    "half-open": [("client", "ACK", 1)],
    "lost-segment": [("server", "ACK data", 3)],
    "lost-request": [("client", "ACK data", 1)],
    "udp-lost": [("client", "datagram", 2)],
    "silent": [("client", "SYN", 1), ("client", "SYN", 2)],
    "side-by-side": [("client", "ACK data", 1), ("client", "datagram", 1)],
}
WRONG = {"tcp-corrupted": [("client", "ACK data", 1)], "udp-corrupted": [("client", "datagram", 2)]}
SERVER_CLOSED_FIRST = ("LAST-ACK", "TIME-WAIT", "CLOSED", "TIME-WAIT")
CLIENT_CLOSED_FIRST = ("TIME-WAIT", "LAST-ACK", "TIME-WAIT", "CLOSED")


class ByScene(dict[str, list[Any]]):
    """Something of each scene; without those over IPv6 where the kernel gives the lab none."""

    def __missing__(self, scene: str) -> list[Any]:
        pytest.skip(f"This kernel gives the lab no IPv6: {scene} is not tried.")


@pytest.fixture(scope="session")
def played() -> ByScene:
    """The reports of each scene's runs, in a row on one lab; the second one begins with cold caches."""
    with LabChild() as child:
        skip_unless_ready(child.report())
        child.order(1, scene="udp-echo-ipv6")
        has_ipv6 = child.report()["kind"] == "run_started"
    possible = [scene for scene, row in SCENES.items() if has_ipv6 or not row.over_ipv6]
    quick = [scene for scene in possible if base(scene) not in SLOW]
    slow = [[scene for scene in possible if base(scene) == each] for each in SLOW]
    with ThreadPoolExecutor(max_workers=len(slow) + 2) as labs:
        runs = ByScene()
        shares = [*slow, quick[::2], quick[1::2]]
        for some in labs.map(_play_in_a_row, shares, range(FIRST_PORT, 60_000, PORTS_FOR_ONE)):
            runs |= some
    return runs


def _play_in_a_row(scenes: Iterable[str], first_port: int) -> dict[str, list[list[Report]]]:
    """No two labs use the same ports, so that their frames may lie in one file."""
    with LabChild(settings={**SETTINGS, "client": SETTINGS["client"] | {"port": first_port}}) as child:
        skip_unless_ready(child.report())
        return {
            scene: [play(child, number, cold=number == 2, scene=scene) for number in range(1, times(scene) + 1)]
            for scene in scenes
        }


def play(child: LabChild, number: int, *, cold: bool, scene: str) -> list[Report]:
    """What is held is let go when all else is over."""
    child.order(number, cold=cold, scene=scene)
    reports = [child.report()]
    while reports[-1]["kind"] != "run_ended":
        if reports[-1].get("delivered") == {"client": "CLOSED", "server": "TIME-WAIT"}:
            child.let_go(number)
        reports.append(child.report())
    return reports


def times(scene: str) -> int:
    return TIMES_SLOW if base(scene) in SLOW else TIMES


def base(scene: str) -> str:
    """The scene that this one is over IPv6."""
    return scene.removesuffix("-ipv6")


@pytest.fixture(params=SCENES)
def scene(request: pytest.FixtureRequest) -> str:
    return request.param


def runs_of(played: ByScene, scene: str) -> list[list[Seen]]:
    """Each run's frames without ARP or neighbour discovery."""
    return [[frame for frame in frames_of(reports) if not frame.is_resolution] for reports in played[scene]]


def test_it_ends_without_a_problem(played: ByScene, scene: str) -> None:
    assert [reports[-1]["problem"] for reports in played[scene]] == [""] * times(scene)


def test_exactly_the_frames_that_were_named_are_lost(played: ByScene, scene: str) -> None:
    for frames in runs_of(played, scene):
        lost = [
            (frame.report["sender"], frame.name, 1 + sum(is_alike(frame, earlier) for earlier in frames[:index]))
            for index, frame in enumerate(frames)
            if frame.report["lost"]
        ]
        assert lost == LOST.get(base(scene), [])


def test_exactly_the_frames_that_were_named_have_a_wrong_bit(played: ByScene, scene: str) -> None:
    for frames in runs_of(played, scene):
        wrong = [
            (frame.report["sender"], frame.name, 1 + sum(is_alike(frame, earlier) for earlier in frames[:index]))
            for index, frame in enumerate(frames)
            if "flipped_bit" in frame.report
        ]
        assert wrong == WRONG.get(base(scene), [])


def is_alike(one: Seen, other: Seen) -> bool:
    return (one.report["sender"], one.name) == (other.report["sender"], other.name)


def test_a_lost_frame_changes_nothing_at_either_end(played: ByScene, scene: str) -> None:
    lost = [report for reports in played[scene] for report in reports if report.get("lost")]
    assert [report["taken"] for report in lost] == [report["delivered"] for report in lost]


def test_mac_addresses_are_asked_for_first_on_cold_caches_and_never_else(played: ByScene, scene: str) -> None:
    over_ipv6 = SCENES[scene].over_ipv6
    for number, reports in enumerate(played[scene], start=1):
        frames = frames_of(reports)
        asking = [frame.name for frame in frames if frame.is_resolution]
        assert asking == [frame.name for frame in frames[: len(asking)]]
        if number == 2:
            assert asking == (list(DISCOVERY.values()) if over_ipv6 else ["ARP request", "ARP reply"])
        if number == 3:
            assert asking == []


@pytest.mark.parametrize("scene", [scene for scene in SCENES if base(scene) in FRAMES])
def test_its_frames_are_those_of_the_textbook(played: ByScene, scene: str) -> None:
    for frames in runs_of(played, scene):
        names = [name.replace("ICMP 1/4", "ICMP 3/3") for name in names_of(frames)]  # ICMPv6's number for the same
        assert in_short(names) == in_short(FRAMES[base(scene)])


def names_of(frames: list[Seen]) -> list[str]:
    """Without data that came although it had come before, and what was said to that: its sender's kernel probes (RFC
    8985) where its peer was too busy to acknowledge in time."""
    came = [not frame.report["lost"] and "flipped_bit" not in frame.report for frame in frames]
    first = {frame.seq: place for place, frame in reversed(list(enumerate(frames))) if frame.payload}
    probes = {place for place in sent_again(frames) if frames[place].payload and came[first[frames[place].seq]]}
    left_out = probes | acknowledged_again(frames, probes)
    return [frame.name for place, frame in enumerate(frames) if place not in left_out]


def in_short(names: list[str]) -> list[str]:
    """Without ACKs in the midst of closing: where a busy machine's program is slow to close, they come apart."""
    start = next((index for index, name in enumerate(names) if "FIN" in name), len(names))
    return [name for index, name in enumerate(names) if not (start < index < len(names) - 1 and name == "ACK")]


def test_every_frame_goes_between_the_addresses_that_were_told(played: ByScene, scene: str) -> None:
    for reports in played[scene]:
        told = {reports[0]["client_ip"], reports[0]["server_ip"]}
        assert told == ({"fd00::3", "fd00::2"} if SCENES[scene].over_ipv6 else {"10.0.0.3", "10.0.0.2"})
        frames = [frame for frame in frames_of(reports) if not frame.is_resolution]
        assert all({frame.source_ip, frame.destination_ip} == told for frame in frames)


def test_every_checksum_is_true(played: ByScene, scene: str) -> None:
    for frame in (frame for frames in runs_of(played, scene) for frame in frames):
        assert frame.ethertype == IPV6 or sums_up(frame.ip_header)
        assert sums_up(frame.segment if frame.protocol == ICMP else pseudo_header(frame) + frame.segment)


def test_times_never_go_back(played: ByScene, scene: str) -> None:
    for reports in played[scene]:
        times = [frame.report["time_ns"] for frame in frames_of(reports) if not was_held(frame)]
        assert times == sorted(times)


def was_held(frame: Seen) -> bool:
    """It was told when it had left the wire, after frames that were sent later."""
    return "held_ns" in frame.report


@pytest.mark.parametrize("scene", [scene for scene, row in SCENES.items() if row.ends is not None and row.then is None])
def test_no_end_moves_but_by_a_frame_that_it_sends_or_gets(played: ByScene, scene: str) -> None:
    for frames in runs_of(played, scene):
        for earlier, later in pairwise(frame for frame in frames if not was_held(frame)):
            before, after = earlier.report["delivered"], later.report["taken"]
            other = "server" if later.report["sender"] == "client" else "client"
            if before[other] != after[other]:
                assert (base(scene), later.name) == (
                    "simultaneous-open",
                    "SYN",
                )  # it was taken before the other was delivered


def test_datagrams_have_no_states(played: ByScene) -> None:
    for scene in ("udp-echo", "udp-closed-port", "udp-lost", "udp-echo-ipv6"):
        for report in (report for reports in played[scene] for report in reports if report["kind"] == "frame"):
            assert report["taken"] is report["delivered"] is None


# --- what each scene is about -----------------------------------------------------------------------------------------


def test_a_closed_port_refuses_at_once(played: ByScene) -> None:
    for syn, rst in runs_of(played, "refused"):
        assert (rst.seq, rst.ack, rst.window, len(rst.octets)) == (0, (syn.seq + 1) % 2**32, 0, 54)
        assert rst.states == ("SYN-SENT", "CLOSED", "CLOSED", "CLOSED")
        assert milliseconds(syn, rst) < 1_000  # before the client would have asked again


@pytest.mark.parametrize(
    ("scene", "name"),
    [("lost-syn", "SYN"), ("half-open", "SYN/ACK"), ("lost-request", "ACK data"), ("tcp-corrupted", "ACK data")],
)
def test_what_nobody_acknowledged_is_sent_again_with_the_same_seq(played: ByScene, scene: str, name: str) -> None:
    for frames in runs_of(played, scene):
        first, again = [frame for frame in frames if frame.name == name][:2]
        assert (again.seq, again.payload) == (first.seq, first.payload)
        assert again.timestamp != first.timestamp
        if name != "SYN/ACK":  # which has no identification of its own
            assert again.identification != first.identification


def over_both(*scenes: str) -> list[str]:
    """Each over IPv4 and over IPv6."""
    return [scene + version for scene in scenes for version in ("", "-ipv6")]


@pytest.mark.parametrize(
    "scene",
    over_both("handshake", "refused", "lost-ack", "large", "close", "simultaneous-close", "reset", "half-close"),
)
def test_where_nothing_has_to_be_repaired_nobody_sends_again(played: ByScene, scene: str) -> None:
    """Also where the wire was busy for a moment: the hosts send no probes of their own accord (RFC 8985 section 7), and
    whoever did had waited for its timer."""
    if not has_changed_settings(played):
        pytest.skip("This system does not let the lab change its hosts' settings: a busy one's kernel probes.")
    for frames in runs_of(played, scene):
        for frame in (frames[place] for place in sent_again(frames)):
            assert frame.report["timers"][frame.report["sender"]]["tries"] > 0


def has_changed_settings(played: ByScene) -> bool:
    clocks = played["handshake"][0][0]["clocks"]
    return clocks is not None and bool(clocks["changed"])


def sent_again(frames: list[Seen]) -> set[int]:
    """The places of those whose octets their sender had all sent before."""
    found: set[int] = set()
    sent: set[tuple[str, int]] = set()
    for place, frame in enumerate(frames):
        length = len(frame.payload) + len(frame.flags & {"SYN", "FIN"}) if frame.protocol == TCP else 0
        octets = {(frame.report["sender"], (frame.seq + offset) % 2**32) for offset in range(length)}
        if octets and octets <= sent:
            found.add(place)
        sent |= octets
    return found


def acknowledged_again(frames: list[Seen], again: set[int]) -> set[int]:
    """The places of the ACKs that tell the sender of what came twice no more than an earlier frame had told."""
    senders = {place: frames[place].report["sender"] for place in again}
    said = [(frame.report["sender"], frame.seq, frame.ack) for frame in frames]
    return {
        place
        for place, frame in enumerate(frames)
        if frame.name == "ACK"
        and said[place] in said[:place]
        and any(earlier < place and sender != frame.report["sender"] for earlier, sender in senders.items())
    }


@pytest.mark.parametrize(("scene", "name"), [("lost-syn", "SYN"), ("half-open", "SYN/ACK")])
def test_a_handshake_waits_for_the_kernels_timer_of_one_second(played: ByScene, scene: str, name: str) -> None:
    for frames in runs_of(played, scene):
        first, again = [frame for frame in frames if frame.name == name][:2]
        assert 950 < milliseconds(first, again) < 1_300


def test_half_open_is_established_here_and_not_yet_there(played: ByScene) -> None:
    for frames in runs_of(played, "half-open"):
        lost = frames[2]
        assert lost.states == ("ESTABLISHED", "SYN-RECEIVED", "ESTABLISHED", "SYN-RECEIVED")
        assert frames[4].states == ("ESTABLISHED", "SYN-RECEIVED", "ESTABLISHED", "ESTABLISHED")


def test_the_request_does_for_the_lost_ack(played: ByScene) -> None:
    for frames in runs_of(played, "lost-ack"):
        assert frames[3].states == ("ESTABLISHED", "SYN-RECEIVED", "ESTABLISHED", "ESTABLISHED")


def test_a_large_answer_arrives_whole_in_segments_that_fit_the_link(played: ByScene) -> None:
    for scene in ("large", "lost-segment", "zero-window"):
        for frames in runs_of(played, scene):
            assert max(len(frame.octets) for frame in frames) == 1_514
            text = received(frames, by="client").split(b"\r\n\r\n", 1)[1]
            assert len(text) == 20_000
            assert text[50:].startswith(b"This line is bytes 50 to 99.")


def received(frames: Iterable[Seen], *, by: str) -> bytes:
    """What one end got, put in order by sequence number; sent twice, it counts once."""
    pieces = {
        frame.seq: frame.payload
        for frame in frames
        if frame.report["sender"] != by and frame.payload and not frame.report["lost"]
    }
    return b"".join(payload for _seq, payload in sorted(pieces.items()))


def test_the_lost_segment_is_asked_for_by_the_same_ack_and_sent_again(played: ByScene) -> None:
    for frames in runs_of(played, "lost-segment"):
        lost = next(frame for frame in frames if frame.report["lost"])
        again = next(frame for frame in frames if frame.seq == lost.seq and frame.payload and not frame.report["lost"])
        before = frames[: frames.index(again)]
        asking = [frame for frame in before if frame.name == "ACK" and frame.ack == lost.seq]
        assert len(asking) >= 3
        assert again.report["timers"]["server"]["tries"] == 0  # it did not wait for the timer, which would count it


def test_a_full_window_stops_the_server_until_the_client_has_read(played: ByScene) -> None:
    for frames in runs_of(played, "zero-window"):
        closed = next(frame for frame in frames if frame.window == 0)
        opened = next(
            frame
            for frame in frames
            if frame.window > 0
            and frame.name == "ACK"
            and frame.ack == closed.ack
            and frame.report["sender"] == "client"
            and frames.index(frame) > frames.index(closed)
        )
        between = frames[frames.index(closed) + 1 : frames.index(opened)]
        assert not any(frame.payload for frame in between)
        assert {frame.report["sender"] for frame in between} == {"server", "client"}  # asked, and told no
        assert frames[-1].states == CLIENT_CLOSED_FIRST


def test_unread_data_makes_a_reset(played: ByScene) -> None:
    for frames in runs_of(played, "reset"):
        assert frames[-1].report["sender"] == "client"
        assert frames[-1].states == ("CLOSED", "ESTABLISHED", "CLOSED", "CLOSED")


def test_who_has_said_fin_still_gets_an_answer(played: ByScene) -> None:
    for frames in runs_of(played, "half-close"):
        fins = [frame for frame in frames if "FIN" in frame.flags]
        assert [frame.report["sender"] for frame in fins] == ["client", "server"]
        between = frames[frames.index(fins[0]) + 1 : frames.index(fins[1])]
        assert {frame.states[1] for frame in between} == {"CLOSE-WAIT"}
        assert frames[-1].states == CLIENT_CLOSED_FIRST


def test_who_closes_first_waits_in_time_wait(played: ByScene) -> None:
    for scene, first, ends in (
        ("handshake", "server", SERVER_CLOSED_FIRST),
        ("close", "client", CLIENT_CLOSED_FIRST),
    ):
        for frames in runs_of(played, scene):
            assert next(frame for frame in frames if "FIN" in frame.flags).report["sender"] == first
            assert frames[-1].states == ends
            waiting = frames[-1].report["timers"][first]
            assert waiting["what"] == "time-wait"
            assert 59_000 < waiting["left_ms"] <= 60_000


def test_two_fins_cross_and_both_ends_are_closing_and_wait(played: ByScene) -> None:
    for frames in runs_of(played, "simultaneous-close"):
        fins = [frame for frame in frames if "FIN" in frame.flags]
        assert {fin.report["sender"] for fin in fins} == {"client", "server"}
        assert fins[1].states[:2] == ("FIN-WAIT-1", "FIN-WAIT-1")
        assert fins[1].states[2:] == ("CLOSING", "CLOSING")
        assert frames[-1].states[2:] == ("TIME-WAIT", "TIME-WAIT")
        assert {timer["what"] for timer in frames[-1].report["timers"].values()} == {"time-wait"}


def test_silence_lasts_as_long_as_the_kernels_settings_say(played: ByScene) -> None:
    for reports in played["silent"]:
        syns = [frame for frame in frames_of(reports) if frame.name == "SYN"]
        waited = [milliseconds(*pair) / 1000 for pair in pairwise(syns)]
        assert waited == pytest.approx(syn_waits_s(Clocks(**reports[0]["clocks"]), 2), abs=0.3)


def test_a_syn_that_is_held_is_sent_again_and_comes_too_late_for_anything(played: ByScene) -> None:
    for frames in runs_of(played, "held-syn"):
        again, late = [frame for frame in frames if frame.name == "SYN"]
        assert late.report["deed"] == "hold"
        assert late.seq == again.seq
        assert 950 < milliseconds(late, again) < 1_300
        assert late.states == ("SYN-SENT", "LISTEN", "CLOSED", "TIME-WAIT")
        assert frames[-1].states[2:] == ("CLOSED", "CLOSED")


def test_the_side_by_side_messages_all_arrive_by_tcp_in_order_and_by_udp_one_is_missing(played: ByScene) -> None:
    messages = [f"Message {number} of 3".encode() for number in (1, 2, 3)]
    for frames in runs_of(played, "side-by-side"):
        by_tcp = [frame for frame in frames if frame.protocol == TCP]
        by_udp = [frame for frame in frames if frame.protocol == UDP]
        assert received(by_tcp, by="server") == b"".join(messages)
        assert [frame.payload for frame in by_udp if not frame.report["lost"]] == messages[1:]
        assert {tuple(sorted(frame.ports)) for frame in frames} == {tuple(sorted(by_tcp[0].ports))}
        assert max(frame.report["time_ns"] for frame in by_tcp) < min(frame.report["time_ns"] for frame in by_udp)


def test_two_syns_cross_and_both_ends_are_in_syn_received(played: ByScene) -> None:
    for frames in runs_of(played, "simultaneous-open"):
        first, second = frames[:2]
        assert [(each.report["sender"], each.name) for each in (first, second)] == [
            ("client", "SYN"),
            ("server", "SYN"),
        ]
        assert first.states == ("SYN-SENT", "CLOSED", "SYN-SENT", "SYN-RECEIVED")
        assert second.states == ("SYN-SENT", "SYN-SENT", "SYN-RECEIVED", "SYN-RECEIVED")
        assert [frame.name for frame in frames].count("SYN/ACK") == 2
        assert in_short(names_of(frames))[-3:] == ENDS
        assert frames[-1].states == SERVER_CLOSED_FIRST


def test_the_echo_is_what_was_sent(played: ByScene) -> None:
    for sent, echoed in runs_of(played, "udp-echo"):
        assert sent.payload == echoed.payload != b""
        assert echoed.ports == sent.ports[::-1]


def test_icmp_carries_the_datagram_that_nobody_took(played: ByScene) -> None:
    for sent, unreachable in runs_of(played, "udp-closed-port"):
        assert unreachable.segment[8:] == sent.ip_header + sent.segment


def test_a_lost_or_damaged_datagram_is_missed_by_nobody(played: ByScene) -> None:
    for frames in [*runs_of(played, "udp-lost"), *runs_of(played, "udp-corrupted")]:
        assert [frame.payload for frame in frames] == [f"Datagram {number} of 3".encode() for number in (1, 2, 3)]
        assert {frame.report["sender"] for frame in frames} == {"client"}


def milliseconds(earlier: Seen, later: Seen) -> float:
    return (later.report["time_ns"] - earlier.report["time_ns"]) / 1e6


# --- what comes after -------------------------------------------------------------------------------------------------


def test_a_fault_does_not_outlive_its_run(lab: LabChild) -> None:
    for number, scene in enumerate(("lost-ack", "lost-segment-ipv6", "simultaneous-open", "udp-lost")):
        assert lab.play(2 * number + 1, scene=scene)[-1]["problem"] == ""
        frames = [frame for frame in frames_of(lab.play(2 * number + 2)) if not frame.is_resolution]
        assert in_short(names_of(frames)) == VISIT
        assert not any(frame.report["lost"] for frame in frames)


def test_a_frame_that_is_held_to_the_end_arrives_then() -> None:
    with LabChild(program=(sys.executable, "-m", "tests.lab.losing_lab")) as child:
        skip_unless_ready(child.report())
        reports = child.play(1, scene="the SYN is held")
        assert reports[-1]["problem"].startswith("The run did not end within 0.3 s: the client was SYN-SENT,")
        names = [frame.name for frame in frames_of(reports)]
        assert names == ["ARP request", "ARP reply", "SYN", "RST/ACK"]  # both programs had been broken off by then
        assert in_short(names_of(frames_of(child.play(2)))) == VISIT


def test_a_scene_that_nobody_knows_is_refused_in_one_sentence(lab: LabChild) -> None:
    lab.order(7, scene="silence")
    refused = lab.report()
    assert (refused["kind"], refused["run"]) == ("refused", 7)
    assert refused["sentence"] == "The lab does not know this scene."
    assert lab.play(8)[-1]["problem"] == ""


# --- what others say of it --------------------------------------------------------------------------------------------

Said = dict[str, list[str]]


@pytest.fixture(scope="session")
def tshark(played: ByScene, tmp_path_factory: pytest.TempPathFactory) -> ByScene:
    """What tshark says of each frame of each scene's first run; all are in one file, for tshark takes long to start."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed: what it makes of our runs is not tried")
    first_runs = {scene: frames_of(runs[0]) for scene, runs in played.items()}
    path = tmp_path_factory.mktemp("scenes") / "runs.pcapng"
    path.write_bytes(as_file([frame for frames in first_runs.values() for frame in frames]))
    done = subprocess.run(["tshark", "-n", "-r", path, "-T", "json", *ASKED], capture_output=True, check=True)
    said = iter([packet["_source"].get("layers", {}) for packet in json.loads(done.stdout)])
    return ByScene({scene: [next(said) for _frame in frames] for scene, frames in first_runs.items()})


ASKED = [
    word
    for field in (
        *("tcp.analysis.flags", "tcp.analysis.retransmission", "tcp.analysis.fast_retransmission"),
        *("tcp.analysis.duplicate_ack_num", "tcp.analysis.zero_window", "tcp.analysis.keep_alive"),
        *("tcp.analysis.window_full", "tcp.analysis.window_update", "tcp.connection.rst", "_ws.malformed"),
        *("icmp.type", "icmp.code", "icmpv6.type", "icmpv6.code", "frame.comment", "tcp.connection.synack"),
    )
    for word in ("-e", field)
]


def as_file(frames: list[Seen]) -> bytes:
    stream = io.BytesIO()
    writer = PcapngWriter(stream)
    for number, frame in enumerate(frames, start=1):
        time_ns = frame.report["time_ns"]
        packet = Packet(number=number, octets=frame.octets, length=len(frame.octets), time_ns=time_ns)
        writer.write(packet, lost=frame.report["lost"])
    return stream.getvalue()


def places(said: list[Said], field: str) -> list[int]:
    return [index for index, frame in enumerate(said) if field in frame]


@pytest.mark.parametrize("scene", over_both("handshake", "lost-ack", "large", "half-close", "udp-echo", "udp-lost"))
def test_tshark_has_nothing_to_remark_but_what_was_sent_twice(played: ByScene, tshark: ByScene, scene: str) -> None:
    said, frames = tshark[scene], frames_of(played[scene][0])
    again = sent_again(frames)
    assert places(said, "tcp.analysis.flags") == sorted(again | acknowledged_again(frames, again))
    assert not places(said, "_ws.malformed")


@pytest.mark.parametrize("scene", over_both("lost-syn", "half-open", "lost-request", "lost-segment", "tcp-corrupted"))
def test_tshark_sees_the_retransmission_where_we_lost_a_frame(played: ByScene, tshark: ByScene, scene: str) -> None:
    frames = frames_of(played[scene][0])
    repeated = [
        index
        for index, frame in enumerate(frames)
        if (frame.payload or "SYN" in frame.flags)
        and any((each.seq, each.name) == (frame.seq, frame.name) for each in frames[:index])
    ]
    assert len(repeated) == 1 or not has_changed_settings(played)
    assert places(tshark[scene], "tcp.analysis.retransmission") == repeated


@pytest.mark.parametrize("scene", over_both("lost-segment"))
def test_tshark_calls_it_a_fast_retransmission_after_duplicate_acks(tshark: ByScene, scene: str) -> None:
    said = tshark[scene]
    (again,) = places(said, "tcp.analysis.fast_retransmission")
    assert len([each for each in places(said, "tcp.analysis.duplicate_ack_num") if each < again]) >= 2


@pytest.mark.parametrize("scene", over_both("refused", "reset"))
def test_tshark_sees_the_reset(tshark: ByScene, scene: str) -> None:
    said = tshark[scene]
    assert places(said, "tcp.connection.rst") == [len(said) - 1]


@pytest.mark.parametrize("scene", over_both("zero-window"))
def test_tshark_sees_the_window_full_closed_probed_and_opened(tshark: ByScene, scene: str) -> None:
    said = tshark[scene]
    full, closed = places(said, "tcp.analysis.window_full")[0], places(said, "tcp.analysis.zero_window")[0]
    # Linux asks with an empty segment that repeats a number: tshark calls that a keep-alive.
    asked, opened = places(said, "tcp.analysis.keep_alive")[0], places(said, "tcp.analysis.window_update")[0]
    assert full < closed < asked < opened


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ("udp-closed-port", {"icmp.type": ["3"], "icmp.code": ["3"]}),
        ("udp-closed-port-ipv6", {"icmpv6.type": ["1"], "icmpv6.code": ["4"]}),
    ],
)
def test_tshark_sees_the_port_unreachable(tshark: ByScene, scene: str, said: Said) -> None:
    messages = [{name: each[name] for name in said} for each in tshark[scene] if set(said) <= set(each)]
    assert [each for each in messages if each.get("icmpv6.type") not in (["135"], ["136"])] == [said]


@pytest.mark.parametrize("scene", over_both("udp-lost"))
def test_tshark_reads_that_a_frame_was_lost(tshark: ByScene, scene: str) -> None:
    (lost,) = places(tshark[scene], "frame.comment")
    assert tshark[scene][lost]["frame.comment"] == ["lost on the wire"]
