"""Every field with its value and place; and what is cut short is said to be so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layersviz.core.layer import Layer
from layersviz.dissect import dissect
from tests.recorded import recorded_run

FRAMES = recorded_run("handshake-cold").frames
ARP, SYN, SYN_ACK, GET, ANSWER = (FRAMES[index].octets for index in (0, 2, 3, 5, 7))


def test_a_syn_of_74_octets_has_three_headers_and_no_payload():
    dissection = dissect(SYN)
    assert [(h.protocol, h.octet_offset, h.octet_length) for h in dissection] == [
        ("Ethernet II", 0, 14),
        ("IPv4", 14, 20),
        ("TCP", 34, 40),
    ]
    assert (dissection.payload, dissection.padding, dissection.problem) == (b"", 0, "")


@pytest.mark.parametrize("octets", [ARP, SYN, SYN_ACK, GET, ANSWER])
def test_the_fields_of_a_header_cover_it_without_gap_or_overlap(octets):
    for header in dissect(octets):
        at = header.octet_offset * 8
        for field in header.fields:
            assert field.bit_offset == at, (header.protocol, field.name)
            at += field.bit_length
        if header.protocol == "HTTP":
            at += 16  # the empty line that ends the head
        assert at == (header.octet_offset + header.octet_length) * 8, header.protocol


@pytest.mark.parametrize("octets", [ARP, SYN, SYN_ACK, GET, ANSWER])
def test_a_fields_number_is_what_stands_in_its_bits(octets):
    whole = int.from_bytes(octets)
    compared = 0
    for header in dissect(octets):
        for field in header.fields:
            if field.number is None or field.name.startswith("tcp.options."):
                continue
            behind = len(octets) * 8 - field.bit_offset - field.bit_length
            assert whole >> behind & ((1 << field.bit_length) - 1) == field.number, field.name
            compared += 1
    assert compared >= 5


def test_the_syn_carries_the_options_of_linux_each_split_into_kind_length_and_value():
    tcp = dissect(SYN).header("TCP")
    assert [(f.name, f.number, f.bit_length // 8) for f in tcp.fields if f.name.startswith("tcp.option")] == [
        ("tcp.option_kind", 2, 1),
        ("tcp.option_len", 4, 1),
        ("tcp.options.mss_val", 1460, 2),
        ("tcp.option_kind", 4, 1),
        ("tcp.option_len", 2, 1),
        ("tcp.option_kind", 8, 1),
        ("tcp.option_len", 10, 1),
        ("tcp.options.timestamp.tsval", tcp.number("tcp.options.timestamp.tsval"), 4),
        ("tcp.options.timestamp.tsecr", 0, 4),
        ("tcp.option_kind", 1, 1),
        ("tcp.option_kind", 3, 1),
        ("tcp.option_len", 3, 1),
        ("tcp.options.wscale.shift", tcp.number("tcp.options.wscale.shift"), 1),
    ]


def test_an_arp_request_asks_for_a_mac_address():
    arp = dissect(ARP).header("ARP")
    assert (arp.layer, arp.octet_length) == (Layer.NETWORK, 28)
    assert (arp.text("arp.opcode"), arp.text("arp.dst.proto_ipv4")) == ("1 (request)", "10.0.0.2")


def test_the_answers_head_is_read_line_by_line():
    http = dissect(ANSWER).header("HTTP")
    assert http.fields[0].text == "HTTP/1.1 200 OK"
    assert http.text("http.content_encoding") == "gzip"
    assert http.octet_length < len(dissect(ANSWER).payload)


def test_padding_behind_the_ip_total_length_is_not_payload():
    ack = FRAMES[4].octets
    dissection = dissect(ack + bytes(6))
    assert (dissection.payload, dissection.padding) == (b"", 6)


@pytest.mark.parametrize(
    ("octets", "word"),
    [
        (SYN[:10], "Ethernet"),
        (SYN[:24], "IPv4"),
        (SYN[:44], "TCP header"),
        (SYN[:60], "TCP options"),
        (ARP[:30], "ARP"),
        (SYN[:14] + b"\x43" + SYN[15:], "too few"),
        (SYN[:46] + b"\x10" + SYN[47:], "too few"),
    ],
)
def test_a_frame_that_is_cut_short_says_where(octets, word):
    dissection = dissect(octets)
    assert word in dissection.problem
    assert dissection.problem.endswith(".")


def test_an_option_whose_length_is_wrong_is_shown_as_malformed():
    broken = SYN[:55] + b"\xff" + SYN[56:]
    tcp = dissect(broken).header("TCP")
    assert tcp.fields[-1].label == "Malformed option"
    assert tcp.fields[-1].bit_offset + tcp.fields[-1].bit_length == 74 * 8


@given(st.binary(max_size=200))
def test_no_octets_make_dissection_fail(octets):
    dissection = dissect(octets)
    assert dissection.payload_offset <= len(octets) or dissection.problem


@given(st.integers(0, len(ANSWER) - 1), st.integers(1, 255))
def test_no_changed_octet_makes_dissection_fail(at, change):
    octets = ANSWER[:at] + bytes([ANSWER[at] ^ change]) + ANSWER[at + 1 :]
    assert dissect(octets).headers
