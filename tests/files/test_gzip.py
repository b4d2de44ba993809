"""Captures inside gzip: told by their octets, cut, damaged, and far larger than they look."""

import gzip
import io
import random
import tracemalloc
import zlib
from struct import pack

import pytest

from layersviz.files import open_capture, plain_copy
from tests.files.parts import DATA, enhanced, interface, pcap, record, section
from tests.files.reading import Trickle, read

MEBIBYTE = 1 << 20
SOUND = pcap(*[record()] * 5)


def test_both_formats_are_read_through_gzip():
    for octets in (SOUND, section() + interface() + enhanced()):
        assert read(gzip.compress(octets)) == read(octets)


def test_a_gzip_of_several_members_is_one_capture():
    assert read(gzip.compress(SOUND[:100]) + gzip.compress(SOUND[100:])) == read(SOUND)


def test_a_gzip_that_comes_octet_by_octet_is_read_like_any_other():
    assert list(open_capture(Trickle(gzip.compress(SOUND)))) == list(open_capture(io.BytesIO(SOUND)))


def test_of_a_gzip_that_is_cut_short_what_could_be_read_is_kept():
    whole = pcap(*(record(random.Random(number).randbytes(600)) for number in range(400)))
    packets, problem = read(gzip.compress(whole)[:120_000])
    assert 180 < len(packets) < 200
    assert problem == "The gzipped file is cut short."


@pytest.mark.parametrize("behind", [b"", b"\xff" * 40])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_damage_that_lies_close_ahead_costs_no_packet_before_it(count, behind):
    packer = zlib.compressobj(wbits=31)
    octets = packer.compress(pcap(*[record()] * count)) + packer.flush(zlib.Z_FULL_FLUSH)
    packets, problem = read(octets + behind)
    assert len(packets) == count
    assert problem.startswith("The gzipped file is ")


def test_a_gzip_whose_check_fails_is_damaged_after_its_last_packet():
    octets = gzip.compress(SOUND)
    packets, problem = read(octets[:-8] + bytes(4) + octets[-4:])
    assert len(packets) == 5
    assert "gzipped file is damaged" in problem


def test_what_is_gzipped_twice_or_is_no_capture_is_said_to_be_none():
    for octets in (gzip.compress(gzip.compress(SOUND)), gzip.compress(b"hello" * 10)):
        assert read(octets) == ([], "This is not a capture: it begins neither as pcap nor as pcapng does.")


def test_a_gzip_of_nothing_is_empty():
    assert read(gzip.compress(b"")) == ([], "The file is empty.")


def test_a_bomb_costs_little_memory():
    """Two unknown blocks of 100 mebibytes of zeros each, in less than a quarter of one."""
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(section() + interface() + enhanced())
    length = 100 * MEBIBYTE + 12
    for _each in range(2):
        bomb += packer.compress(pack("<II", 0x7777, length))
        bomb += b"".join(packer.compress(bytes(MEBIBYTE)) for _each in range(100))
        bomb += packer.compress(pack("<I", length))
    bomb += packer.flush()
    tracemalloc.start()
    packets, problem = read(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ([packet.octets for packet in packets], problem) == ([DATA], "")
    assert peak < 20 * MEBIBYTE


def test_a_bomb_of_records_gives_them_one_by_one():
    many = gzip.compress(pcap(*[record(bytes(262_144))] * 200))
    tracemalloc.start()
    count = sum(1 for _packet in open_capture(io.BytesIO(many)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 200
    assert peak < 20 * MEBIBYTE


def copied(octets, most=10**6):
    target = io.BytesIO()
    return plain_copy(io.BytesIO(octets), target, most), target.getvalue()


def test_a_copy_is_plain_whether_the_file_is_gzipped_or_not():
    assert copied(SOUND) == copied(gzip.compress(SOUND)) == ("", SOUND)
    assert copied(b"") == ("", b"")


def test_of_a_damaged_gzip_what_came_before_is_copied_and_the_damage_said():
    whole = random.Random(1).randbytes(300_000)
    said, kept = copied(gzip.compress(whole)[:-2000])
    assert said == "The gzipped file is cut short."
    assert whole.startswith(kept)
    assert len(kept) > 290_000


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_copy_ends_at_its_limit_and_says_so(packed):
    whole = bytes(1_000_000)
    said, kept = copied(packed(whole), 999_999)
    assert said == "The file has more than 999,999 octets, unpacked: those behind them were left out."
    assert len(kept) == 999_999
    assert copied(packed(whole), 1_000_000) == ("", whole)
