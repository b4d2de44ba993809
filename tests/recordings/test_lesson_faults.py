"""What the lessons say of damage, of late frames, of TIME-WAIT and of both ends at once is so in the runs they show."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import msgspec
import pytest

from layersviz.core.checksum import crc32
from layersviz.core.journey import Journey
from layersviz.core.layer import Layer
from layersviz.core.played_run import PlayedRun
from layersviz.files import PcapngWriter
from layersviz.lab.scenes import SCENES
from layersviz.recordings.export import packet_of
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.course import Lesson
from layersviz.recordings.lessons.page_runs import PAGE_RUNS
from layersviz.recordings.lessons.readings import Readings
from layersviz.recordings.retelling import retell

REQUESTS = ("request", "second_request", "third_request", "fourth_request")


@cache
def run_of(slug: str) -> PlayedRun:
    return files.read(files.path_of(slug))


@cache
def readings(slug: str) -> Readings:
    return Readings(run_of(slug), retell(run_of(slug)))


def frame(slug: str, name: str) -> Journey:
    found = readings(slug).frame(name)
    assert found is not None, (slug, name)
    return found


def states(slug: str, side: str) -> list[str]:
    """Those that the kernel of that side was seen in, as time went by."""
    frames = run_of(slug).frames
    looks = [(each.time_ns, each.taken) for each in frames] + [(each.arrived_ns, each.delivered) for each in frames]
    looks.sort(key=lambda look: look[0])
    return list(dict.fromkeys(str(getattr(at, side)) for _, at in looks if at is not None))


@pytest.mark.parametrize("lesson", PAGE_RUNS, ids=lambda lesson: lesson.slug)
def test_a_pages_own_run_is_what_was_asked_of_the_lab_and_ends_as_its_scene(lesson: Lesson) -> None:
    run = run_of(lesson.slug)
    assert (run.problem, run.order) == ("", lesson.order)
    in_tcp = [each.delivered for each in run.frames if each.delivered is not None]
    assert in_tcp[-1] == SCENES[lesson.scene].ends
    assert lesson.about.endswith(".")


def test_the_same_request_is_refused_at_three_layers_and_then_arrives() -> None:
    sent = [frame("page-wrong-bits", name) for name in REQUESTS]
    assert [each.refused_at for each in sent] == [Layer.LINK, Layer.NETWORK, Layer.TRANSPORT, None]
    whole = readings("page-wrong-bits")
    assert len({whole.value(f"{name}.tcp.seq_raw") for name in REQUESTS}) == 1
    assert sent[-1].steps[-1].layer is Layer.APPLICATION
    waits = [float(whole.value(f"{name}.frame.time_delta") or 0) for name in REQUESTS[1:]]
    assert waits[1] == pytest.approx(2 * waits[0], rel=0.1)
    assert waits[2] == pytest.approx(2 * waits[1], rel=0.1)


def test_the_cards_sum_is_the_crc_of_what_came() -> None:
    damaged = frame("page-wrong-bits", "request")
    read = readings("page-wrong-bits")
    assert read.value("request.refused.came") == read.value("request.eth.fcs")
    assert read.value("request.refused.computed") == f"0x{crc32(bytes.fromhex(damaged.arrived)):08x}"


def test_of_the_same_messages_tcp_delivers_all_and_udp_all_but_the_damaged_one() -> None:
    read = readings("page-side-by-side")
    assert frame("page-side-by-side", "message").refused_at is Layer.TRANSPORT
    assert frame("page-side-by-side", "datagram").refused_at is Layer.TRANSPORT
    assert read.value("message.tcp.seq_raw") == read.value("message_again.tcp.seq_raw")
    told = retell(run_of("page-side-by-side"))
    delivered = {
        kind: [each.octets[2 * each.payload_offset :] for each in told if each.kind == kind and each.refused_at is None]
        for kind in ("data", "UDP datagram")
    }
    assert sorted(delivered["UDP datagram"]) == sorted(delivered["data"])[1:]
    octets = {kind: sum(len(each) // 2 for each in all_of_them) for kind, all_of_them in delivered.items()}
    assert read.value("message_again.program.heard") == str(octets["data"])
    assert read.value("second_datagram.program.heard") == str(octets["UDP datagram"])
    assert len(delivered["data"]) == int(read.value("datagram.count") or 0)


def test_who_closes_first_waits_alone_and_its_kernel_says_how_long() -> None:
    client, server = (states("page-close", side) for side in ("client", "server"))
    assert set(server) - set(client) - {"SYN-RECEIVED", "LISTEN"} == {"CLOSE-WAIT", "LAST-ACK", "CLOSED"}
    assert (client[-1], server[-1]) == ("TIME-WAIT", "CLOSED")
    timers = run_of("page-close").frames[-1].timers
    assert timers is not None
    assert timers.client is not None
    assert timers.server is None
    left = readings("page-close").value("client_last_ack.kernel.time_wait")
    assert left == f"{timers.client.left_ms / 1000:.1f}"
    assert 50 < float(left) <= 60  # Linux's TCP_TIMEWAIT_LEN


def test_where_both_close_at_once_both_pass_closing_and_both_wait() -> None:
    for side in ("client", "server"):
        assert states("page-simultaneous-close", side)[-3:] == ["FIN-WAIT-1", "CLOSING", "TIME-WAIT"]


def test_where_both_open_at_once_nobody_listens_and_four_segments_do() -> None:
    both = [states("page-simultaneous-open", side) for side in ("client", "server")]
    assert [each[:3] for each in both] == [
        ["SYN-SENT", "SYN-RECEIVED", "ESTABLISHED"],
        ["CLOSED", "SYN-SENT", "SYN-RECEIVED"],
    ]
    read = readings("page-simultaneous-open")
    assert read.value("client_syn_ack.tcp.seq_raw") == read.value("syn.tcp.seq_raw")
    assert read.value("client_syn_ack.tcp.ack_raw") == str(int(read.value("server_syn.tcp.seq_raw") or 0) + 1)
    fourth = run_of("page-simultaneous-open").frames[3].delivered
    assert fourth is not None
    assert {fourth.client.value, fourth.server.value} == {"ESTABLISHED"}


def test_a_syn_that_comes_late_changes_nothing_and_is_answered_with_an_ack() -> None:
    read, late = readings("page-held-syn"), frame("page-held-syn", "held_syn")
    assert read.value("held_syn.tcp.seq_raw") == read.value("syn.tcp.seq_raw")
    assert late.held_ms > 1000
    kept = run_of("page-held-syn").frames[late.number - 1].delivered
    assert kept is not None
    assert kept.server.value == "ESTABLISHED"
    answer = frame("page-held-syn", "challenge_ack")
    assert answer.time_us >= (late.arrived_us or 0)
    assert read.value("challenge_ack.tcp.ack_raw") == str(int(read.value("held_syn.tcp.seq_raw") or 0) + 1)
    assert "window_update" in {finding.name for finding in answer.findings}


def test_a_lost_last_ack_is_repaired_by_the_servers_timer() -> None:
    run = run_of("04-half-open")
    ends = {each.number: each.delivered for each in run.frames if each.delivered is not None}
    lost, again = frame("04-half-open", "ack").number, frame("04-half-open", "syn_ack_again").number
    assert run.frames[lost - 1].lost
    assert [(ends[n].client.value, ends[n].server.value) for n in (lost, again, again + 1)] == [
        ("ESTABLISHED", "SYN-RECEIVED"),
        ("ESTABLISHED", "SYN-RECEIVED"),
        ("ESTABLISHED", "ESTABLISHED"),
    ]


def test_refused_is_heard_at_once_and_silence_lasts() -> None:
    assert float(readings("02-refused").value("server_rst.frame.arrived") or 9) < 0.1
    assert float(readings("03-lost-syn").value("syn_again.frame.time_delta") or 0) >= 1


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: it can't be asked for the sums")
@pytest.mark.parametrize(
    ("slug", "name", "protocol"),
    [
        ("page-wrong-bits", "second_request", "ip"),
        ("page-wrong-bits", "third_request", "tcp"),
        ("page-side-by-side", "message", "tcp"),
        ("page-side-by-side", "datagram", "udp"),
    ],
)
def test_tshark_computes_the_same_sum_over_what_came(slug: str, name: str, protocol: str, tmp_path: Path) -> None:
    number = frame(slug, name).number
    sent = run_of(slug).frames[number - 1]
    path = tmp_path / "came.pcapng"
    with path.open("wb") as file:
        PcapngWriter(file).write(msgspec.structs.replace(packet_of(sent), octets=sent.arrived))
    fields = [f"{protocol}.checksum", f"{protocol}.checksum_calculated", f"{protocol}.checksum.status"]
    asked = [word for field in fields for word in ("-e", field)]
    checked = [word for each in ("ip", "tcp", "udp") for word in ("-o", f"{each}.check_checksum:TRUE")]
    done = subprocess.run(["tshark", "-n", "-r", path, "-T", "json", *checked, *asked], capture_output=True, check=True)
    layers = json.loads(done.stdout)[0]["_source"]["layers"]
    read = readings(slug)
    came, computed = read.value(f"{name}.refused.came"), read.value(f"{name}.refused.computed")
    assert [layers[field][0] for field in fields] == [came, computed, "0"]
