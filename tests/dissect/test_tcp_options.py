"""Every standard option, and options that lie about their length."""

import pytest

from layersviz.core.packet import LinkType
from layersviz.core.story.lines import options
from layersviz.dissect import dissect
from tests.dissect.octets import ipv4, tcp


def read(octets):
    return dissect(ipv4(6, tcp(options=octets)), LinkType.RAW).header("TCP")


def shown(header):
    return [(field.name.removeprefix("tcp.option"), field.text) for field in header.fields if "option" in field.name]


def test_sack_gives_each_edge_of_each_block():
    header = read(bytes.fromhex("0101" + "0512" + "00000001 00000002 00000003 00000004".replace(" ", "")))
    edges = [(name, text) for name, text in shown(header) if "sack_" in name]
    assert edges == [("s.sack_le", "1"), ("s.sack_re", "2"), ("s.sack_le", "3"), ("s.sack_re", "4")]


@pytest.mark.parametrize("octets", ["2206aabbccdd0000", "fe06f989aabb0000"])
def test_a_fast_open_cookie_is_found_in_both_of_its_forms(octets):
    assert ("s.tfo.cookie", "aabbccdd" if octets.startswith("22") else "aabb") in shown(read(bytes.fromhex(octets)))


def test_an_unknown_option_shows_its_value():
    assert shown(read(bytes.fromhex("63040102"))) == [("_kind", "99"), ("_len", "4"), ("s.unknown", "0102")]


def test_behind_the_end_of_options_the_rest_pads():
    assert shown(read(bytes.fromhex("00010101")))[-1] == ("s.padding", "010101")


@pytest.mark.parametrize("octets", ["02000000", "02010000", "02ff0000", "01010108"])
def test_a_length_that_can_not_be_is_malformed_and_covers_the_rest(octets):
    header = read(bytes.fromhex(octets))
    last = header.fields[-1]
    assert last.name == "tcp.options.malformed"
    assert last.bit_offset + last.bit_length == (20 + 24) * 8


@pytest.mark.parametrize("kept", range(1, 12))
def test_options_that_the_capture_cut_are_covered_up_to_the_last_octet(kept):
    whole = ipv4(6, tcp(options=bytes.fromhex("0101080a0000000100000002")))
    dissection = dissect(whole[: 40 + kept], LinkType.RAW, len(whole))
    at = 20 * 8
    for field in dissection.header("TCP").fields:
        assert field.bit_offset == at
        at += field.bit_length
    assert at == (40 + kept) * 8
    assert "TCP options" in dissection.problem


def test_the_stage_still_says_options_in_its_short_words():
    linux = bytes.fromhex("020405b4" + "0402" + "080a0000000100000000" + "01" + "030307")
    assert options(read(linux)) == "MSS 1460, SACK permitted, timestamps 1/0, NOP, scale \u00d7128"
