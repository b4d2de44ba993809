"""The handout: a run or a part of a file's conversation on one page for paper, with true values."""

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from layersviz.core.header_diagram import ROW_BITS, first_of_each, rows_of
from layersviz.core.host import Side
from layersviz.core.journey import Journey
from layersviz.core.played_run import Source
from layersviz.dissect import dissect
from layersviz.recordings.keeping import keep
from layersviz.recordings.lessons import files
from layersviz.recordings.models import Recording
from layersviz.recordings.playing import WINDOW
from layersviz.recordings.retelling import retell
from layersviz.web import ladder_diagram
from layersviz.web.handout_frames import frame_rows, time_text
from tests.core.faulty import EVERYTHING
from tests.recorded import recorded_run, tell
from tests.recordings.capture_files import download, kept_capture, octets_of_run, pcapng, pcapng_without_times
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def client(presenter: Client) -> Client:
    return presenter


@pytest.fixture
def number() -> int:
    return keep(played())


@pytest.fixture
def conversations(tmp_path: Path) -> Recording:
    """ARP (frames 1, 2), HTTP (3 to 12), a long download (from 13 on)."""
    return kept_capture(tmp_path, pcapng([*octets_of_run(), *download(WINDOW + 10)]))


class Words(HTMLParser):
    """The page's text, element by element, white space folded."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.pieces.append(" ".join(data.split()))


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def words_of(html: str) -> str:
    parser = Words()
    parser.feed(html)
    return " ".join(parser.pieces)


def lesson(slug: str) -> tuple[Journey, ...]:
    return retell(files.read(files.path_of(slug)))


# --- the page ---------------------------------------------------------------------------------------------------------


def test_it_says_what_was_played_by_whom_and_that_the_packets_are_real(client: Client, number: int) -> None:
    words = words_of(page_of(client, f"/recordings/{number}/handout/"))
    for each in ("Handshake with 10.0.0.2:80, ARP first", "Real packets", "10.0.0.3:35310", "MAC bc:f2:b8:57:86:02"):
        assert each in words
    assert "SIMULATED" not in words


def test_a_simulated_run_says_so_on_top_beside_each_header_and_on_every_sheet(client: Client) -> None:
    html = page_of(client, f"/recordings/{keep(played(source=Source.SIMULATED))}/handout/")
    assert words_of(html).count("SIMULATED") == 1 + len(first_of_each(tell(recorded_run("handshake-cold"))))
    assert "no wire carried them" in html
    assert '<article data-source="simulated">' in html  # static/css/handout.css puts its pages under "SIMULATED"


def test_the_ladder_has_flags_numbers_lengths_times_and_states_of_the_capture(client: Client, number: int) -> None:
    words = words_of(page_of(client, f"/recordings/{number}/handout/").partition('id="frames-title"')[0])
    for each in (
        "SYN seq 0 len 0",
        "SYN/ACK seq 0 ack 1 len 0",
        "GET / · PSH/ACK seq 1 ack 1 len 99",
        "200 OK gzip · PSH/ACK seq 1 ack 100 len 194",
        "FIN/ACK seq 195 ack 100 len 0",
        "ARP: who has 10.0.0.2?",
        "1,076.7 \N{MICRO SIGN}s",
    ):
        assert each in words
    assert re.findall(r"(?<= )(?:SYN-SENT|SYN-RECEIVED|LAST-ACK)(?= )", words) == [
        "SYN-SENT",
        "SYN-RECEIVED",
        "LAST-ACK",
    ]


def test_each_frame_has_a_row_with_its_way_through_the_layers(client: Client, number: int) -> None:
    html = page_of(client, f"/recordings/{number}/handout/")
    assert html.count('<tr class="way">') == len(recorded_run("handshake-cold").frames)
    words = words_of(html.partition('id="frames-title"')[2])
    assert "6 525.6 \N{MICRO SIGN}s Client → HTTP request (GET /) PSH/ACK 1 1 99 ESTABLISHED ESTABLISHED" in words
    assert "↓ HTTP 99 › TCP 131 › IPv4 151 › Ethernet II 165 › 1416 bits" in words
    assert "↑ bits › Ethernet II ✓ › IPv4 ✓ › TCP ✓ › HTTP" in words


def test_what_the_wire_did_stands_on_the_ladder_and_in_the_table(client: Client) -> None:
    html = page_of(client, f"/recordings/{keep(EVERYTHING)}/handout/")
    ladder, table = (words_of(part) for part in html.split('id="frames-title"'))
    for each in (
        "lost on the wire",
        "bit 183 wrong, refused by the layer: Network",
        "second copy of frame 3, made by the wire",
        "refused by the layer: Data link",
        "bit 600 wrong, refused by the layer: Transport",
        "kept on the wire for 400.0 ms",
    ):
        assert each in ladder
        assert each in table
    rungs = ladder_diagram.draw(retell(EVERYTHING)).rungs
    ends = [("head" if rung.head else "", "cross" if rung.cross else "") for rung in rungs]
    assert ends == [("", "cross")] * 2 + [("head", "")] * 4 + [("", "cross")] * 2 + [("head", "")] * 2
    assert rungs[3].line.startswith(f"M{ladder_diagram.MIDDLE_X:g} ")


def test_each_header_shows_the_values_that_the_dissector_reads(client: Client, number: int) -> None:
    frames = recorded_run("handshake-cold").frames
    html = page_of(client, f"/recordings/{number}/handout/").partition('id="headers-title"')[2]
    figures = {
        figure.partition("<strong>")[2].partition("<")[0]: words_of(figure) for figure in html.split("<figure>")[1:]
    }
    assert list(figures) == ["Ethernet II", "ARP", "IPv4", "TCP"]
    headers = {header.protocol: header for frame in (frames[0], frames[2]) for header in dissect(frame.octets)}
    for protocol, words in figures.items():
        for field in headers[protocol].fields:
            if field.name not in ("tcp.flags", "ip.flags"):
                assert f"{field.label} {field.text}" in words, field.name
    assert "AE 0 CWR 0 ECE 0 URG 0 ACK 0 PSH 0 RST 0 SYN 1 FIN 0" in figures["TCP"]
    assert "R 0 DF 1 MF 0" in figures["IPv4"]
    assert "40 bytes, in frame 3 (SYN)" in figures["TCP"]


def test_the_sentences_of_every_step_are_there_for_who_asks(client: Client, number: int) -> None:
    brief, full = (words_of(page_of(client, f"/recordings/{number}/handout/{query}")) for query in ("", "?full=1"))
    steps = [step for journey in tell(recorded_run("handshake-cold")) for step in journey.steps]
    assert all(" ".join(step.sentence.split()) in full for step in steps)
    assert not any(step.sentence in brief for step in steps)


def test_a_lost_frame_ends_on_the_wire(client: Client) -> None:
    first, *others = (run := played("handshake-warm")).frames
    lossy = keep(msgspec.structs.replace(run, frames=(dataclasses.replace(first, lost=True), *others)))
    html = page_of(client, f"/recordings/{lossy}/handout/")
    assert (html.count('class="cross"'), html.count('class="tip"')) == (1, len(others))
    words = words_of(html)
    assert "✗ lost on the wire" in words
    assert "↑ The server gets nothing: lost on the wire" in words


def test_a_run_that_broke_off_or_has_no_frame_says_so(client: Client) -> None:
    words = words_of(page_of(client, f"/recordings/{keep(played(problem='It broke off.'))}/handout/"))
    assert "Note: It broke off." in words
    assert "There is no frame in it." in words_of(page_of(client, f"/recordings/{keep(played(frames=()))}/handout/"))


def test_names_from_outside_are_text_and_not_markup(client: Client, number: int) -> None:
    Recording.objects.filter(pk=number).update(name="<script>alert(1)</script>")
    html = page_of(client, f"/recordings/{number}/handout/")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_it_has_no_script_or_style_of_its_own(client: Client, number: int) -> None:
    html = page_of(client, f"/recordings/{number}/handout/?full=1")
    assert not re.search(r"<style|\sstyle=|<script>|\son\w+=", html)


def test_the_recording_s_stage_leads_to_it_and_back(client: Client, number: int) -> None:
    assert f'href="/recordings/{number}/handout/"' in page_of(client, f"/recordings/{number}/")
    assert f'href="/recordings/{number}/"' in page_of(client, f"/recordings/{number}/handout/")


@pytest.mark.parametrize("path", ["7000/handout/", f"{10**30}/handout/", "7000/conversations/1/handout/"])
def test_of_what_is_not_there_it_is_not_found(client: Client, path: str) -> None:
    answer = client.get(f"/recordings/{path}")
    assert (answer.status_code, "There is no" in answer.content.decode()) == (404, True)


# --- a file's conversation --------------------------------------------------------------------------------------------


def test_a_file_has_a_handout_for_each_of_its_conversations(client: Client, conversations: Recording) -> None:
    answer = client.get(f"/recordings/{conversations.pk}/handout/")
    assert (answer.status_code, answer["Location"]) == (302, f"/recordings/{conversations.pk}/")
    words = words_of(page_of(client, f"/recordings/{conversations.pk}/conversations/2/handout/"))
    for each in (
        "Conversation 2, TCP",
        "lesson.pcapng",
        "Capture file",
        "TCP’s states are computed",
        "3-way handshake",
    ):
        assert each in words
    assert client.get(f"/recordings/{conversations.pk}/conversations/9/handout/").status_code == 404


def test_a_long_conversation_comes_a_window_at_a_time_as_on_the_stage(client: Client, conversations: Recording) -> None:
    address = f"/recordings/{conversations.pk}/conversations/3/handout/"
    first, last = page_of(client, address), page_of(client, f"{address}?frame={12 + WINDOW + 3}&full=1")
    assert (first.count('<tr class="way">'), last.count('<tr class="way">')) == (WINDOW, 10)
    assert f"Its frames {WINDOW + 1} to {WINDOW + 10} of {WINDOW + 10}" in words_of(last)
    assert f'href="{address}?frame={12 + WINDOW + 1}"' in first
    assert f'href="{address}?frame=13&amp;full=1"' in last


def test_frames_without_a_time_say_so(client: Client, tmp_path: Path) -> None:
    kept = kept_capture(tmp_path, pcapng_without_times(octets_of_run()))
    words = words_of(page_of(client, f"/recordings/{kept.pk}/conversations/2/handout/"))
    assert "The capture has no times for these frames" in words
    assert "1970" not in words


def test_a_file_that_is_gone_is_not_found(client: Client, conversations: Recording) -> None:
    Path(conversations.file.path).unlink()
    assert client.get(f"/recordings/{conversations.pk}/conversations/2/handout/").status_code == 404


def test_a_run_has_no_conversations_and_the_address_of_one_leads_to_the_run(client: Client, number: int) -> None:
    answer = client.get(f"/recordings/{number}/conversations/1/handout/")
    assert (answer.status_code, answer["Location"]) == (302, f"/recordings/{number}/")


# --- its parts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["01-handshake", "05-large-answer", "10-udp-closed-port"])
def test_the_boxes_of_a_header_hold_every_bit_of_it_once(slug: str) -> None:
    for journey in lesson(slug):
        for header in journey.headers:
            rows = rows_of(header)
            bits = sum(cell.span * cell.words for row in rows for cell in row.cells)
            assert bits == header.octet_length * 8
            assert all(row.free == 0 for row in rows[:-1])
            assert [row.offset for row in rows[1:]] == [row.offset + 4 * row.words for row in rows[:-1]]


def test_a_field_across_two_rows_has_its_value_once() -> None:
    (ethernet, *_), *_ = ((dissect(frame.octets).headers) for frame in recorded_run("handshake-cold").frames)
    cells = [cell for row in rows_of(ethernet) for cell in row.cells]
    assert [(cell.name, cell.span, bool(cell.value)) for cell in cells] == [
        ("Destination MAC", 32, True),
        ("Destination MAC", 16, False),
        ("Source MAC", 16, False),
        ("Source MAC", 32, True),
        ("EtherType", 16, True),
    ]


def test_a_long_field_is_one_high_box() -> None:
    from scapy.layers.inet import TCP
    from scapy.layers.inet6 import IPv6
    from scapy.layers.l2 import Ether

    octets = bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IPv6(src="2001:db8::1") / TCP(flags="S"))
    header = dissect(octets).header("IPv6")
    assert header is not None
    source = next(row for row in rows_of(header) if row.cells[0].value == "2001:db8::1")
    assert (source.words, source.cells[0].span) == (4, ROW_BITS)


def test_the_first_syn_is_drawn_rather_than_what_comes_before_it() -> None:
    drawn = {each.header.protocol: each.frame for each in first_of_each(lesson("01-handshake"))}
    assert drawn == {"Ethernet II": 3, "ARP": 1, "IPv4": 3, "TCP": 3}


def test_headers_that_an_error_quotes_are_not_taken_for_its_own() -> None:
    drawn = {each.header.protocol: each.frame for each in first_of_each(lesson("10-udp-closed-port"))}
    assert drawn == {"Ethernet II": 1, "IPv4": 1, "UDP": 1, "ICMP": 2}


def test_the_life_lines_run_through_every_row_without_a_gap() -> None:
    for rung in ladder_diagram.draw(lesson("03-lost-syn")).rungs:
        for x in (ladder_diagram.CLIENT_X, ladder_diagram.SERVER_X):
            pieces = [each for each in rung.stretches if each.x == x]
            assert (pieces[0].y1, pieces[-1].y2 >= rung.height) == (0, True)
            assert [each.y1 for each in pieces[1:]] == [each.y2 for each in pieces[:-1]]
        assert all(label.y < rung.height for label in rung.labels)


def test_every_change_of_state_is_written_once_at_the_end_that_it_happened_at() -> None:
    labels = [
        (label.side, label.state.value)
        for rung in ladder_diagram.draw(lesson("03-lost-syn")).rungs
        for label in rung.labels
    ]
    assert labels == [
        (Side.CLIENT, "SYN-SENT"),
        (Side.SERVER, "SYN-RECEIVED"),
        (Side.CLIENT, "ESTABLISHED"),
        (Side.SERVER, "ESTABLISHED"),
        (Side.SERVER, "FIN-WAIT-1"),
        (Side.CLIENT, "CLOSE-WAIT"),
        (Side.CLIENT, "LAST-ACK"),
        (Side.SERVER, "TIME-WAIT"),
        (Side.CLIENT, "CLOSED"),
    ]


def test_a_frame_that_its_checksum_gives_away_is_crossed_where_it_is_dropped() -> None:
    run = recorded_run("handshake-warm")
    octets = bytearray(run.frames[0].octets)
    octets[-1] ^= 0xFF
    damaged = dataclasses.replace(run.frames[0], octets=bytes(octets))
    (row,) = frame_rows(tell(dataclasses.replace(run, frames=(damaged,))))
    assert [(stop.name, stop.check) for stop in row.up][-1] == ("TCP", "bad")


@pytest.mark.parametrize(
    ("time_us", "span_us", "text"),
    [
        (0.0, 900.0, "0.0 \N{MICRO SIGN}s"),
        (5_123.42, 9_000.0, "5,123.4 \N{MICRO SIGN}s"),
        (1_010_647.354, 1_021_715.0, "1,010.647 ms"),
        (61_000_000.0, 61_000_000.0, "61.000000 s"),
    ],
)
def test_all_times_of_a_run_are_in_one_unit(time_us: float, span_us: float, text: str) -> None:
    assert time_text(time_us, span_us) == text
