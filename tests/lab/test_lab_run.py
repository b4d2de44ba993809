"""One press, one true run: the real kernel's frames, read octet by octet."""

import gzip
import time
from itertools import pairwise

import pytest

from tests.lab.frames import ARP, Seen, frames_of, pseudo_header, sums_up
from tests.lab.lab_child import SETTINGS, LabChild, Report, skip_unless_ready

pytestmark = pytest.mark.lab

CLIENT, SERVER = SETTINGS["client"], SETTINGS["server"]
HANDSHAKE = ["SYN", "SYN/ACK", "ACK"]
RESOLUTION = ["ARP request", "ARP reply"]


def test_one_press_plays_arp_handshake_request_answer_and_close(first_run: list[Seen]) -> None:
    names = [frame.name for frame in first_run]
    assert names[:6] == [*RESOLUTION, *HANDSHAKE, "ACK data"]
    senders = [frame.report["sender"] for frame in first_run[:6]]
    assert senders == ["client", "server", "client", "server", "client", "client"]
    fins = [frame.report["sender"] for frame in first_run if "FIN" in frame.flags]
    assert fins == ["server", "client"]  # the server closes first
    assert names[-1] == "ACK"
    assert first_run[-1].report["sender"] == "server"


def test_on_a_wire_with_a_length_each_frame_is_on_its_way_for_so_long() -> None:
    with LabChild(settings={**SETTINGS, "wire_delay_ms": 3}) as child:
        skip_unless_ready(child.report())
        frames = frames_of(child.play(1, cold=True))
    assert [frame.name for frame in frames[:5]] == [*RESOLUTION, *HANDSHAKE]
    times = [frame.report["time_ns"] for frame in frames]
    assert all(later - earlier >= 3_000_000 for earlier, later in pairwise(times[:6]))
    syn = frames[2]
    assert syn.states == ("SYN-SENT", "LISTEN", "SYN-SENT", "SYN-RECEIVED")


def test_the_run_is_reported_from_its_start_to_its_end_without_a_problem(three_runs: list[list[Report]]) -> None:
    for number, reports in enumerate(three_runs, start=1):
        assert reports[0]["kind"] == "run_started"
        assert reports[-1] == {"kind": "run_ended", "run": number, "problem": ""}
        assert reports[-2]["kind"] == "ending"
        assert {report["kind"] for report in reports[1:-2]} == {"frame"}
        assert {report["run"] for report in reports} == {number}


def test_the_request_is_a_get_that_accepts_gzip(first_run: list[Seen]) -> None:
    (request,) = [frame.payload for frame in first_run if frame.payload and frame.report["sender"] == "client"]
    assert request == (
        b"GET / HTTP/1.1\r\nHost: 10.0.0.2\r\nUser-Agent: layersviz\r\n"
        b"Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    )


def test_the_answer_is_hello_world_in_gzip(first_run: list[Seen]) -> None:
    answer = b"".join(frame.payload for frame in first_run if frame.report["sender"] == "server")
    head, body = answer.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Encoding: gzip" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert gzip.decompress(body) == b"<HTML><h1>Hello World!</h1></HTML>"


def test_every_frame_carries_the_addresses_of_the_settings(first_run: list[Seen]) -> None:
    ends = {"client": (CLIENT, SERVER), "server": (SERVER, CLIENT)}
    for frame in first_run[1:]:
        sender, receiver = ends[frame.report["sender"]]
        assert (frame.source_mac, frame.destination_mac) == (sender["mac"], receiver["mac"])
    for frame in first_run[2:]:
        sender, receiver = ends[frame.report["sender"]]
        assert (frame.source_ip, frame.destination_ip) == (sender["ip"], receiver["ip"])
        assert frame.ports == (sender["port"], receiver["port"])


def test_arp_asks_everyone_for_the_server_and_the_server_answers(first_run: list[Seen]) -> None:
    request, reply = first_run[:2]
    assert request.destination_mac == "ff:ff:ff:ff:ff:ff"
    assert request.source_mac == CLIENT["mac"]
    assert request.octets[38:42] == bytes([10, 0, 0, 2])
    assert reply.octets[22:28].hex(":") == SERVER["mac"]
    assert (len(request.octets), len(reply.octets)) == (42, 42)


def test_every_ip_and_tcp_checksum_is_true(three_runs: list[list[Report]]) -> None:
    segments = [frame for reports in three_runs for frame in frames_of(reports) if frame.ethertype != ARP]
    assert len(segments) >= 3 * 9
    for frame in segments:
        assert sums_up(frame.ip_header), frame.name
        assert sums_up(pseudo_header(frame) + frame.segment), frame.name


def test_nothing_but_arp_and_the_one_connection_is_on_the_wire(three_runs: list[list[Report]]) -> None:
    for reports in three_runs:
        ports = {reports[0]["client_port"], SERVER["port"]}
        segments = [frame for frame in frames_of(reports) if frame.ethertype != ARP]
        assert all(set(frame.ports) == ports for frame in segments)
        assert all(frame.ip_header[9] == 6 for frame in segments)


def test_each_frame_is_seen_once_and_none_exceeds_the_mtu(three_runs: list[list[Report]]) -> None:
    for reports in three_runs:
        octets = [frame.octets for frame in frames_of(reports)]
        assert len(octets) == len(set(octets))
        assert max(map(len, octets)) <= 14 + 1500


def test_times_grow_from_frame_to_frame_and_are_of_this_moment(lab: LabChild) -> None:
    before = time.time_ns()
    times = [frame.report["time_ns"] for frame in frames_of(lab.play(1))]
    assert times == sorted(set(times))
    assert before <= times[0]
    assert times[-1] <= time.time_ns()


def test_sequence_numbers_hang_together(first_run: list[Seen]) -> None:
    syn, syn_ack, ack, request = first_run[2:6]
    assert syn.seq != 0
    assert syn_ack.ack == (syn.seq + 1) % 2**32
    assert ack.ack == (syn_ack.seq + 1) % 2**32
    assert ack.seq == request.seq == syn_ack.ack


def test_the_syn_has_74_octets_and_a_bare_ack_66(first_run: list[Seen]) -> None:
    assert [len(frame.octets) for frame in first_run[2:5]] == [74, 74, 66]


def test_both_kernels_states_move_as_the_rfc_draws_them(first_run: list[Seen]) -> None:
    syn, syn_ack, ack, request = first_run[2:6]
    assert syn.states == ("SYN-SENT", "LISTEN", "SYN-SENT", "SYN-RECEIVED")
    assert syn_ack.states == ("SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "SYN-RECEIVED")
    assert ack.states == ("ESTABLISHED", "SYN-RECEIVED", "ESTABLISHED", "ESTABLISHED")
    server_fin = next(frame for frame in first_run if "FIN" in frame.flags)
    exchange = first_run[first_run.index(request) : first_run.index(server_fin)]
    assert {"client", "server"} == {frame.report["sender"] for frame in exchange if frame.payload}
    assert {frame.states for frame in exchange} == {("ESTABLISHED",) * 4}
    assert server_fin.states == ("ESTABLISHED", "FIN-WAIT-1", "CLOSE-WAIT", "FIN-WAIT-1")
    assert first_run[-1].states == ("LAST-ACK", "TIME-WAIT", "CLOSED", "TIME-WAIT")


def test_no_state_moves_but_by_a_frame_or_by_the_frames_own_sender(first_run: list[Seen]) -> None:
    """Between two frames only the end that sends the second one can have moved."""
    for earlier, later in pairwise(first_run):
        before, after = earlier.report["delivered"], later.report["taken"]
        other = "server" if later.report["sender"] == "client" else "client"
        assert after[other] == before[other], later.name


def test_a_later_run_has_a_fresh_port_and_no_arp(three_runs: list[list[Report]]) -> None:
    assert [reports[0]["client_port"] for reports in three_runs] == [35310, 35311, 35312]
    assert [frame.name for frame in frames_of(three_runs[1])][:3] == HANDSHAKE
    assert all(frame.ethertype != ARP for frame in frames_of(three_runs[1]))


def test_a_cold_run_begins_with_arp(three_runs: list[list[Report]]) -> None:
    assert [frame.name for frame in frames_of(three_runs[2])][:5] == [*RESOLUTION, *HANDSHAKE]


def test_two_runs_have_different_initial_sequence_numbers(three_runs: list[list[Report]]) -> None:
    first, second = (
        next(frame.seq for frame in frames_of(reports) if frame.name == "SYN") for reports in three_runs[:2]
    )
    assert first != second


def test_twenty_runs_in_a_row_end_well(lab: LabChild) -> None:
    for number in range(1, 21):
        reports = lab.play(number, cold=number % 2 == 0)
        names = [frame.name for frame in frames_of(reports)]
        assert reports[-1]["problem"] == ""
        assert [name for name in names if not name.startswith("ARP")][:4] == [*HANDSHAKE, "ACK data"]
        assert frames_of(reports)[-1].states == ("LAST-ACK", "TIME-WAIT", "CLOSED", "TIME-WAIT")


def test_a_run_ordered_before_the_links_have_settled_loses_no_frame() -> None:
    for _each in range(5):
        with LabChild() as child:
            child.order(1)
            skip_unless_ready(child.report())
            frames = frames_of(child.reports_until("run_ended"))
        assert [frame.name for frame in frames][:5] == [*RESOLUTION, *HANDSHAKE]


def test_any_port_can_be_the_servers_and_the_request_names_it() -> None:
    settings = {**SETTINGS, "server": SERVER | {"port": 6789}}
    with LabChild(settings=settings) as child:
        skip_unless_ready(child.report())
        frames = frames_of(child.play(1))
    assert {6789} == {frame.ports[1] for frame in frames if frame.name == "SYN"}
    assert any(b"Host: 10.0.0.2:6789\r\n" in frame.payload for frame in frames)


def test_source_ports_start_again_after_the_last() -> None:
    settings = {**SETTINGS, "client": CLIENT | {"port": 60_998}}
    with LabChild(settings=settings) as child:
        skip_unless_ready(child.report())
        assert [child.play(run)[0]["client_port"] for run in (1, 2, 3)] == [60_998, 60_999, 60_998]
