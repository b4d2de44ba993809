"""pcap as it is read: both orders of octets, both resolutions, its cousins, and where it is damaged."""

import io

import pytest

from layersviz.core.packet import Packet
from layersviz.files import open_capture
from tests.files.parts import DATA, pcap, record
from tests.files.reading import Trickle, read

PATCH = b"\1\0\0\0\x08\0\0\0"
NOKIA = b"\1\xb6\xbf\x9f"
MODIFIED = 0xA1B2CD34


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "unit_ns"), [(0xA1B2C3D4, 1000), (0xA1B23C4D, 1)])
def test_both_orders_of_octets_and_both_resolutions_are_read(order, magic, unit_ns):
    records = [record(order=order, seconds=second, fraction=999_999, length=1500) for second in (7, 0xFFFFFFFF)]
    packets, problem = read(pcap(*records, order=order, magic=magic, link_type=101))
    times = [7 * 10**9 + 999_999 * unit_ns, 0xFFFFFFFF * 10**9 + 999_999 * unit_ns]
    assert problem == ""
    assert packets == [
        Packet(number=number, octets=DATA, length=1500, time_ns=time_ns, link_type=101)
        for number, time_ns in enumerate(times, start=1)
    ]


def test_a_capture_without_packets_is_sound():
    assert read(pcap()) == ([], "")


def test_a_record_may_be_empty():
    packets, problem = read(pcap(record(b""), record()))
    assert ([packet.octets for packet in packets], problem) == ([b"", DATA], "")


def test_the_flags_above_the_link_type_are_masked():
    packets, _problem = read(pcap(record(), link_type=0x3000_0001))
    assert packets[0].link_type == 1


def test_a_link_type_that_nobody_knows_is_no_damage():
    packets, problem = read(pcap(record(), link_type=0xFFFF))
    assert (packets[0].link_type, problem) == (0xFFFF, "")


@pytest.mark.parametrize(
    ("minor", "captured", "length"), [(2, 100, 60), (3, 100, 60), (3, 60, 100), (4, 60, 100), (5, 60, 100)]
)
def test_the_lengths_of_old_minor_versions_are_put_in_order(minor, captured, length):
    packets, problem = read(pcap(record(captured=captured, length=length), record(b""), version=(2, minor)))
    assert (len(packets[0].octets), packets[0].length, len(packets), problem) == (60, 100, 2, "")


@pytest.mark.parametrize(
    ("magic", "extra"), [(0xA1B2C3D4, PATCH), (0xA1B2C3D4, NOKIA), (MODIFIED, PATCH), (MODIFIED, PATCH + bytes(4))]
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_cousins_with_a_longer_record_header_are_told_by_their_records(order, magic, extra):
    records = [record(order=order, extra=extra) for _each in range(5)]
    packets, problem = read(pcap(*records, order=order, magic=magic))
    assert ([packet.octets for packet in packets], problem) == ([DATA] * 5, "")


def test_a_file_that_comes_octet_by_octet_is_read_like_any_other():
    octets = pcap(record(), record())
    assert list(open_capture(Trickle(octets))) == list(open_capture(io.BytesIO(octets)))


def test_records_are_whole_wherever_a_piece_of_the_file_ends():
    data = bytes(262_144)
    packets, problem = read(pcap(*(record(data) for _each in range(9)), record()))
    assert ([len(packet.octets) for packet in packets], problem) == ([262_144] * 9 + [60], "")


def test_a_capture_is_opened_by_its_path_and_closed(tmp_path):
    path = tmp_path / "a name that lies.txt"
    path.write_bytes(pcap(record()))
    with open_capture(path) as capture:
        assert [packet.octets for packet in capture] == [DATA]
    file = io.BytesIO(pcap(record()))
    with open_capture(file) as capture:
        assert next(capture).number == 1
    assert file.closed


@pytest.mark.parametrize(
    ("octets", "frames", "words"),
    [
        (b"", 0, "The file is empty."),
        (b"hello, this is no capture", 0, "not a capture"),
        (b"\xd4\xc3", 0, "not a capture"),
        (pcap()[:15], 0, "cut short: it ends in the middle of pcap's file header"),
        (pcap(record(), version=(1, 4)), 0, "version 1.4 of pcap"),
        (pcap(record(), version=(3, 0)), 0, "version 3.0 of pcap"),
        (pcap(*[record()] * 5)[:-1], 4, "cut short: it ends in the middle of frame 5"),
        (pcap(*[record()] * 5) + b"abc", 5, "cut short: it ends in the middle of frame 6"),
        (pcap(*[record()] * 5, record(bytes(262_145)), record()), 5, "Frame 6 is damaged: it claims 262,145 octets"),
        (pcap(*[record()] * 5, record(captured=0xFFFFFFFF)), 5, "Frame 6 is damaged: it claims 4,294,967,295 octets"),
    ],
)
def test_what_came_before_the_damage_is_kept_and_one_sentence_says_what_it_is(octets, frames, words):
    packets, problem = read(octets)
    assert len(packets) == frames
    assert words in problem
    assert problem.endswith(".")


def test_the_problem_is_known_only_when_the_packets_have_ended():
    capture = open_capture(io.BytesIO(pcap(record(), record())[:-1]))
    assert next(capture).number == 1
    assert capture.problem == ""
    assert list(capture) == []
    assert capture.problem
