"""What is said of one conversation: by Wireshark's names where others' captures are at hand, and of small runs."""

import gzip
import json
import re
import struct
from pathlib import Path

import msgspec
import pytest
from django.template.loader import render_to_string
from pytest_django.fixtures import Settings

from layersviz.core.packet import Packet
from layersviz.core.said import encoder
from layersviz.core.tcp_ends import Closing, Opening
from layersviz.core.tcp_findings import NAMES, WIRESHARK_NAMES
from layersviz.files import open_capture
from layersviz.survey import words
from layersviz.survey.exchanges import MOST_BODY_OCTETS, MOST_EXCHANGES, exchanges
from layersviz.survey.frame_list import read
from layersviz.survey.frame_rows import FrameRows
from layersviz.survey.index import Index
from layersviz.survey.questions import dns_pairs, echo_pairs
from layersviz.survey.report import MOST_FRAMES, ConversationReport, report
from layersviz.survey.survey import Survey, Surveyed
from tests.survey.segments import ADDRESSES, CLIENT, HANDSHAKE, PATIENT_RUN, SERVER, Sent, packets_of
from tests.survey.test_others_captures import CAPTURES, ORACLES, theirs
from tests.survey.test_survey import ANSWER, REQUEST, conversation, ethernet, icmp_error

FOLDED = {"fast_retransmission": "retransmission", "spurious_retransmission": "retransmission"}
"""Wireshark's list shows only the first of the two, its fields have both."""


def surveyed(captured: list[Packet]) -> list[Surveyed]:
    survey = Survey()
    return [survey.feed(packet) for packet in captured]


def reported(captured: list[Packet]) -> ConversationReport:
    found = report(captured)
    assert found is not None
    return found


def others(name: str) -> list[Packet]:
    path = CAPTURES / name
    if not path.exists():
        pytest.skip("There are no captures by others beside this project.")
    with open_capture(path) as capture:
        return list(capture)


@pytest.mark.skipif(not ORACLES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda path: path.stem)
def test_rows_have_wiresharks_findings_and_round_trips(oracle: Path) -> None:
    making = FrameRows()
    captured = others(oracle.stem)
    for each, said in zip(surveyed(captured), theirs(oracle), strict=True):
        row = making.row(each, back=False)
        named = {name for name in NAMES.values() if f"tcp.analysis.{name}" in said}
        shown = named - {folded for name, folded in FOLDED.items() if name in named}
        assert {finding.name for finding in row.findings} == {WIRESHARK_NAMES[name] for name in shown}
        details = [finding.detail.partition("#")[2] for finding in row.findings if finding.detail]
        assert details == said.get("tcp.analysis.duplicate_ack_num", [])


@pytest.mark.skipif(not ORACLES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda path: path.stem)
def test_every_conversation_of_others_captures_has_a_report_with_tsharks_round_trip(oracle: Path) -> None:
    path = CAPTURES / oracle.stem
    captured = {packet.number: packet for packet in others(oracle.stem)}
    said = {int(frame["frame.number"][0]): frame for frame in theirs(oracle)}
    index = Index(remember_frames=True)
    for packet in captured.values():
        index.feed(packet)
    for place, counted in enumerate(index.conversations()):
        frames = read(index.frames_of(place))
        found = reported([captured[frame.number] for frame in frames])
        assert len(found.rows) == len(frames), path
        own = found.first.frames + found.second.frames
        assert own + found.others == len(frames)
        times = {value for frame in frames for value in said[frame.number].get("tcp.analysis.initial_rtt", ())}
        if times and counted.stream is not None and found.round_trip is not None:
            assert times == {f"{found.round_trip.ms / 1000:.9f}"}
        else:
            assert counted.initial_rtt is None or not times


@pytest.mark.skipif(not ORACLES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("http-get-gzip.pcap", [(4, 8)]),
        ("http-split-request.pcap", [(6, 10)]),
        ("vlan-none-one-two-http.pcap", None),
        ("browse-many-streams.pcap", None),
    ],
)
def test_as_many_http_answers_are_paired_as_tshark_has_requests(name: str, pairs: list[tuple[int, int]] | None) -> None:
    found, count = exchanges(surveyed(others(name)))
    both = [(each.request.frame, each.answer.frame) for each in found if each.request and each.answer]
    codes = sum(len(frame.get("http.response.code", ())) for frame in theirs(CAPTURES / "oracle" / f"{name}.jsonl"))
    assert len(both) == codes
    assert count >= codes
    assert pairs is None or both == pairs


def test_all_ways_to_open_and_to_close_have_a_sentence() -> None:
    assert words.OPENINGS.keys() == set(Opening)
    assert words.CLOSINGS.keys() == set(Closing)
    assert set(WIRESHARK_NAMES) == set(NAMES.values())


@pytest.mark.parametrize(
    ("parts", "name", "sentence"),
    [
        (
            1,
            "Incomplete, SYN_SENT (1)",
            "Not in this capture: the SYN and ACK that answer, the ACK that ends the handshake",
        ),
        (31, "Complete, WITH_DATA (31)", "Handshake, data and end were all recorded."),
        (39, "Complete, NO_DATA (39)", "Not in this capture: data."),
        (28, "Incomplete (28)", "Not in this capture: the SYN that opens it and the SYN and ACK that answer."),
    ],
)
def test_completeness_is_told_in_wiresharks_manner_and_in_words(parts: int, name: str, sentence: str) -> None:
    assert words.completeness(parts) == name
    assert words.missing(parts).startswith(sentence)


def test_a_tcp_conversation_is_told_whole() -> None:
    found = reported(packets_of(PATIENT_RUN))
    assert (found.first.address, found.first.port, found.first.mac) == ("10.0.0.1", 40_000, "00:00:00:00:00:00")
    assert (found.first.state, found.second.state) == ("CLOSED", "TIME-WAIT")
    assert (found.opening and found.opening.name, found.closing and found.closing.name) == (
        "three-way",
        "orderly in three segments",
    )
    assert found.round_trip is not None
    assert (found.round_trip.ms, found.round_trip.first_frame, found.round_trip.last_frame) == (20.0, 1, 3)
    assert (found.first.scale, found.second.scale) == (
        "shift 2: a window of 1 means 4 bytes",
        "shift 3: a window of 1 means 8 bytes",
    )
    assert found.first.mss == "not said: the other end must assume 536 bytes"
    assert dict(found.finding_counts)["TCP Dup ACK"] == 2
    assert [row.findings[0].detail for row in found.rows[8:10]] == ["8#1", "8#2"]
    third = found.rows[3]
    assert (third.time_s, third.about, third.back) == (0.03, "PSH, ACK", False)
    assert (third.sequence, third.sequence_raw, third.acknowledgment, third.length, third.window) == (
        *(1, 1_000_001, 1, 100, 4000),
    )
    assert found.rows[0].acknowledgment is None


def test_of_a_conversation_that_began_before_the_capture_nothing_is_made_up() -> None:
    found = reported(packets_of(PATIENT_RUN[3:6]))
    assert found.round_trip is None
    assert found.first.scale == "not known: its SYN was not recorded"
    assert not found.rows[0].is_scaled


def test_a_scale_that_only_one_end_offers_is_not_in_force() -> None:
    syn, answer = Sent(CLIENT, "S", 0, 0, shift=2), Sent(SERVER, "SA", 0, 1)
    found = reported(packets_of((syn, answer)))
    assert (found.first.scale, found.second.scale) == ("shift 2, but the other end offers none", "not offered")
    assert reported(packets_of((syn,))).first.scale.endswith("if the other end offers scaling, too")


def test_frames_of_other_conversations_are_told_apart_and_go_the_right_way() -> None:
    run = packets_of(HANDSHAKE)
    question = bytes.fromhex("0001080006040001") + bytes(6) + ADDRESSES[SERVER] + bytes(6) + ADDRESSES[CLIENT]
    arp = Packet(number=9, octets=bytes(12) + b"\x08\x06" + question, length=42, time_ns=None)
    found = reported([arp, *run, icmp_error(10, run[0].octets[14:])])
    assert (found.protocol, found.others) == ("TCP", 2)
    assert [row.back for row in found.rows] == [True, False, True, False, True]
    assert found.rows[0].about == "Who has 10.0.0.1? Tell 10.0.0.2."
    assert found.errors[0].about == "TCP from 10.0.0.1 port 40000 to 10.0.0.2 port 9999"


def test_a_request_stands_beside_its_answer_however_they_came() -> None:
    found = reported(
        conversation((CLIENT, REQUEST[:22], ""), (CLIENT, REQUEST[22:] + REQUEST, ""), (SERVER, ANSWER * 2, ""))
    )
    assert [(each.request and each.request.frame, each.answer and each.answer.frame) for each in found.exchanges] == [
        (5, 6),
        (5, 6),
    ]
    first = found.exchanges[0]
    assert first.request is not None
    assert first.answer is not None
    assert first.wait_ms == 10.0
    assert first.request.first_line == "GET /hello HTTP/1.1"
    assert [(line.name, line.value) for line in first.request.lines] == [("Host", "me")]
    assert (first.answer.body, first.answer.note) == ("0123456789", "10 bytes as sent.")


def test_a_body_is_unpacked_and_bounded() -> None:
    text = b"Hello World\n" * 10_000
    packed = gzip.compress(text)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    answer = reported(conversation((CLIENT, REQUEST, ""), (SERVER, head + packed, ""))).exchanges[0].answer
    assert answer is not None
    assert answer.body == text[:MOST_BODY_OCTETS].decode()
    assert "Only the first" in answer.note


def test_a_body_that_is_no_text_is_not_shown_as_text() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 256\r\n\r\n"
    answer = reported(conversation((CLIENT, REQUEST, ""), (SERVER, head + bytes(range(256)), ""))).exchanges[0].answer
    assert answer is not None
    assert (answer.body, answer.note) == ("", "256 bytes as sent. It is not text.")


def test_an_interim_answer_is_not_the_answer_and_a_missing_one_is_said() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    found = reported(conversation((CLIENT, REQUEST * 2, ""), (SERVER, interim, ""), (SERVER, ANSWER, ""))).exchanges
    assert [each.answer and each.answer.frame for each in found] == [6, None]


def test_exchanges_are_bounded_and_counted() -> None:
    run = conversation(*[(CLIENT, REQUEST * 30, "")] * 4)
    found = reported(run)
    assert (len(found.exchanges), found.exchange_count) == (MOST_EXCHANGES, 120)


def datagram(number: int, side: int, data: bytes, ports: tuple[int, int] = (4000, 53)) -> Packet:
    ends = (ADDRESSES[side] + ADDRESSES[1 - side], ports if side == CLIENT else ports[::-1])
    udp = struct.pack("!HHHH", *ends[1], 8 + len(data), 0) + data
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0)
    packet = ethernet(number, head + ends[0] + udp)
    return msgspec.structs.replace(packet, time_ns=number * 10**9)


def dns(identifier: int, *, address: bytes = b"") -> bytes:
    name = b"\x05hello\x03org\0"
    head = struct.pack("!6H", identifier, 0x8180 if address else 0x0100, 1, int(bool(address)), 0, 0)
    record = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04" + address if address else b""
    return head + name + b"\0\x01\0\x01" + record


def test_a_dns_question_stands_beside_its_answer_and_an_unanswered_one_is_there_too() -> None:
    run = [
        datagram(1, CLIENT, dns(7)),
        datagram(2, CLIENT, dns(7)),
        datagram(3, CLIENT, dns(8)),
        datagram(4, SERVER, dns(7, address=bytes((192, 0, 2, 1)))),
        datagram(5, SERVER, dns(9, address=bytes((192, 0, 2, 1)))),
        datagram(20, CLIENT, dns(8)),
    ]
    found = reported(run)
    assert (found.protocol, found.application, found.opening) == ("UDP", "DNS", None)
    assert [(each.question_frame, each.repeats, each.answer_frame, each.wait_ms) for each in found.dns] == [
        (1, [2], 4, 3000.0),
        (3, [], 0, None),
        (0, [], 5, None),
        (20, [], 0, None),
    ]
    assert [(each.name, each.kind, each.value) for each in found.dns[0].records] == [
        ("hello.org", "1 (A)", "192.0.2.1")
    ]
    assert (found.dns[0].name, found.dns[0].identifier) == ("hello.org", "0x0007")


def echo(number: int, side: int, kind: int, sequence: int) -> Packet:
    carried = struct.pack("!BBHHH", kind, 0, 0, 5, sequence) + b"ping"
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(carried), 1, 0, 64, 1, 0)
    packet = ethernet(number, head + ADDRESSES[side] + ADDRESSES[1 - side] + carried)
    return msgspec.structs.replace(packet, time_ns=number * 1_000_000)


def test_an_echo_request_stands_beside_its_reply() -> None:
    run = [echo(1, CLIENT, 8, 1), echo(2, CLIENT, 8, 2), echo(5, SERVER, 0, 2), echo(6, CLIENT, 0, 1)]
    assert [
        (each.sequence, each.request_frame, each.reply_frame, each.wait_ms) for each in echo_pairs(surveyed(run))
    ] == [
        (1, 1, 0, None),
        (2, 2, 5, 3.0),
        (1, 0, 6, None),
    ]
    assert reported(run).rows[0].about == "echo request, sequence number 1"


def test_only_the_first_frames_of_a_long_conversation_are_told_and_that_is_said() -> None:
    run = [datagram(number, CLIENT, b"x", (1, 2)) for number in range(1, MOST_FRAMES + 2)]
    found = reported(run)
    assert len(found.rows) == MOST_FRAMES
    assert found.left_out == "It has 2,001 frames: the first 2,000 are told here."


def test_of_no_packets_there_is_nothing_to_say() -> None:
    assert report([]) is None
    assert dns_pairs([]) == echo_pairs([]) == []


@pytest.fixture
def plain_static_files(settings: Settings) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.mark.usefixtures("plain_static_files")
def test_the_page_shows_it_links_to_the_stage_and_escapes_what_came_off_the_wire() -> None:
    evil = b"GET /<script>alert(1)</script> HTTP/1.1\r\nHost: <b>me</b>\r\n\r\n"
    found = reported(conversation((CLIENT, evil, ""), (SERVER, ANSWER, "")))
    page = render_to_string("_conversation.html", {"conversation": found, "stage": "/recordings/7/"})
    assert '<a class="frame-link" href="/recordings/7/?frame=5">5</a>' in page
    assert "<script" not in page
    assert "GET /&lt;script&gt;" in page
    assert "10.000 ms later" in page
    assert not re.search(r"\{[{%]", page)


@pytest.mark.skipif(not ORACLES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("plain_static_files")
def test_every_capture_of_others_has_a_page(oracle: Path) -> None:
    found = report(others(oracle.stem))
    if found is None:
        return
    page = render_to_string("_conversation.html", {"conversation": found, "stage": "/s/"})
    assert page.count('href="/s/?frame=') >= len(found.rows)
    assert json.loads(encoder().encode(found))["protocol"] == found.protocol
    assert not re.search(r">None\b(?!:)", page)
