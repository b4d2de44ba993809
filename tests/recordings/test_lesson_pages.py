"""The lessons in words: each sentence has its step, each number comes from the run, and is what tshark reads there."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from layersviz.core.said import in_language
from layersviz.recordings.export import file_of
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.install import install_lessons
from layersviz.recordings.lessons.named_frames import FRAMES
from layersviz.recordings.lessons.page_runs import EVERY
from layersviz.recordings.lessons.pages import PAGES
from layersviz.recordings.lessons.pages.page import Page, places
from layersviz.recordings.lessons.readings import Readings
from layersviz.recordings.models import Recording
from layersviz.recordings.retelling import retell
from layersviz.web.said import catalogue

SOURCE = re.compile(r"(RFC \d+|IEEE 802\.3)(, section \d+(\.\d+)*)?")
NAMES_WITH_DIGITS = re.compile(
    r"IPv[46]|ICMPv6|RFC 1122|HTTP/1\.1|10BASE-T|CRC-32|FIN-WAIT-[12]|Abbildung 6|Figure 6|keys 1 to 5|Tasten 1 bis 5"
)
CONSTANTS = {
    "ports": {"0", "16", "1023", "1024", "49151", "49152", "65535", "80"},  # RFC 6335 section 6; 80 is HTTP's
    "udp": {"0", "8", "16"},  # RFC 768: a checksum of 0; RFC 792: 8 octets of what is quoted; 16-bit fields
    "sequence-numbers": {"0", "32"},  # RFC 9293 section 3.4
    "options": {"16", "20", "40", "536", "1220"},  # RFC 9293 sections 3.1 and 3.7.1
    "a-wrong-bit": {"1"},  # RFC 1071: with its checksum all bits of the sum are 1
    "closing": {"0"},  # recv() gives 0 at the end
    "bits": {
        "0",
        "1",
        "7",
        "11",
        "16",
        "32",
        "48",
        "56",
        "60",
        "64",
        "1500",
        "1536",
        "10101011",
    },  # IEEE 802.3 clause 3
}
"""What is the same in every run, because the standard says so: these numbers alone may stand in a text."""


@pytest.fixture(params=PAGES.values(), ids=lambda page: page.slug)
def page(request: pytest.FixtureRequest) -> Page:
    return request.param


@cache
def readings(slug: str) -> Readings:
    run = files.read(files.path_of(slug))
    return Readings(run, retell(run))


def texts(page: Page) -> Iterator[tuple[str, str]]:
    """Every text of the page, and the run that it reads."""
    yield from ((text, sentence.run) for sentence in page.sentences for text in (sentence.plain, sentence.precise))
    yield from ((text, page.runs[0]) for text in (page.name, page.about, page.attempt))


def test_there_are_thirteen_pages_of_four_to_eight_sentences() -> None:
    assert len(PAGES) == 13
    assert all(4 <= len(page.sentences) <= 8 for page in PAGES.values())


def test_every_sentence_is_a_step_of_a_ready_lesson(page: Page) -> None:
    assert set(page.runs) <= {lesson.slug for lesson in EVERY}
    assert [sentence.at for sentence in page.sentences if readings(sentence.run).place(sentence.at) is None] == []


def test_every_value_is_one_of_the_run(page: Page) -> None:
    asked = [(run, place) for text, run in texts(page) for place in places(text)]
    assert [each for each in asked if readings(each[0]).value(each[1]) is None] == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_number_of_a_run_is_typed(page: Page, language: str) -> None:
    for text, _run in texts(page):
        typed = NAMES_WITH_DIGITS.sub("", re.sub(r"\{[^{}]*\}", "", in_language(text, catalogue(language))))
        assert set(re.findall(r"\d+", typed)) <= CONSTANTS.get(page.slug, set()), text


def test_every_precise_sentence_names_its_standard(page: Page) -> None:
    assert [each.source for each in page.sentences if not SOURCE.fullmatch(each.source)] == []
    assert all(each.plain != each.precise for each in page.sentences)


def test_every_frame_that_has_a_name_is_spoken_of() -> None:
    every = list(PAGES.values())
    named = {place.partition(".")[0] for page in every for text, _run in texts(page) for place in places(text)}
    named |= {sentence.at.split()[0] for page in every for sentence in page.sentences}
    assert named == set(FRAMES)


def test_what_the_texts_say_of_the_close_is_so_in_the_run() -> None:
    """The server closes first, its FIN comes alone, and three segments are enough."""
    told = retell(files.read(files.path_of("01-handshake")))
    assert [(each.kind, each.sender.value) for each in told[-3:]] == [
        ("FIN", "server"),
        ("FIN", "client"),
        ("ACK of a FIN", "server"),
    ]
    assert readings("01-handshake").value("server_fin.data.len") == "0"
    states = told[-1].steps[-1].states
    assert states is not None
    assert (states.client.value, states.server.value) == ("CLOSED", "TIME-WAIT")


def test_what_the_texts_say_of_trouble_is_so_in_the_runs() -> None:
    silent, lost, full = (readings(slug) for slug in ("03-lost-syn", "06-lost-segment", "07-zero-window"))
    assert silent.value("syn.tcp.seq_raw") == silent.value("syn_again.tcp.seq_raw")
    assert silent.value("syn.ip.id") != silent.value("syn_again.ip.id")
    assert silent.value("syn.tcp.options.timestamp.tsval") != silent.value("syn_again.tcp.options.timestamp.tsval")
    assert lost.value("lost_data.tcp.seq") == lost.value("data_again.tcp.seq") == lost.value("duplicate_ack.tcp.ack")
    assert int(lost.value("duplicate_ack.count") or 0) >= 3
    assert float(lost.value("data_again.frame.time_relative") or 9) < 0.2  # Linux's least retransmission timeout
    assert full.value("probe.data.len") == "0"
    assert int(full.value("probe.tcp.seq") or 0) == int(full.value("zero_window.tcp.ack") or 0) - 1
    assert full.value("window_update.tcp.ack") == full.value("zero_window.tcp.ack")


def test_what_a_run_has_not_is_no_value() -> None:
    refused = readings("02-refused")
    assert refused.value("answer.tcp.seq_raw") is None
    assert refused.value("syn.udp.length") is None
    assert refused.value("nobody.frame.len") is None
    assert refused.place("ack down transport") is None
    assert refused.place("server_rst down application") is None


@pytest.mark.django_db
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: it can't be asked for the values")
def test_tshark_reads_the_same_values(tmp_path: Path) -> None:
    install_lessons(EVERY)
    for recording in Recording.objects.all():
        run = readings(recording.lesson)
        asked = {
            place
            for page in PAGES.values()
            for text, slug in texts(page)
            for place in places(text)
            if slug == recording.lesson and place.partition(".")[2] in WIRESHARKS
        }
        path = tmp_path / f"{recording.lesson}.pcapng"
        with file_of(recording) as file:
            path.write_bytes(file.read())
        read = told_by_tshark(path) if asked else []
        order = in_the_file(recording.lesson)
        wrong = {place: run.value(place) for place in asked if run.value(place) != tsharks(read, order, run, place)}
        assert not wrong, recording.lesson


WIRESHARKS = frozenset(
    {
        *("frame.len", "frame.number", "frame.time_relative", "frame.time_delta", "eth.dst", "eth.src", "eth.type"),
        *("arp.opcode", "arp.dst.proto_ipv4", "arp.src.hw_mac", "ip.src", "ip.dst", "ip.ttl", "ip.proto", "ip.id"),
        *("ip.len", "ip.hdr_len", "tcp.srcport", "tcp.dstport", "tcp.seq", "tcp.ack", "tcp.seq_raw", "tcp.ack_raw"),
        *("tcp.hdr_len", "tcp.window_size_value", "tcp.options.mss_val", "tcp.options.wscale.shift"),
        *("tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "tcp.options.sack_le", "tcp.options.sack_re"),
        *("udp.srcport", "udp.dstport", "udp.length", "udp.checksum", "icmp.type", "icmp.code"),
    }
)


def in_the_file(slug: str) -> list[int]:
    """The frames' numbers in the order in which they were sent."""
    sent = sorted(files.read(files.path_of(slug)).frames, key=lambda frame: frame.time_ns)
    return [frame.number for frame in sent]


def told_by_tshark(path: Path) -> list[dict[str, list[str]]]:
    asked = [word for field in sorted(WIRESHARKS) for word in ("-e", field)]
    done = subprocess.run(["tshark", "-n", "-r", path, "-T", "json", *asked], capture_output=True, check=True)
    return [packet["_source"]["layers"] for packet in json.loads(done.stdout)]


def tsharks(read: list[dict[str, list[str]]], order: list[int], run: Readings, place: str) -> str:
    """The value as a lesson writes it, by tshark's reading of the same frame; `order` is that of the file."""
    name, _, field = place.partition(".")
    frame = run.frame(name)
    assert frame is not None
    value = read[order.index(frame.number)][field][0]
    return f"{float(value):.3f}" if field.startswith("frame.time") else value
