"""Checksums against the RFC's own example and against a kernel's."""

from socket import AF_INET6, inet_aton, inet_pton

import pytest

from layersviz.core.checksum import (
    crc32,
    frame_check_sequence,
    internet_checksum,
    ones_complement_sum,
    pseudo_header,
)
from layersviz.dissect import dissect
from tests.recorded import recorded_run


def test_the_sum_of_rfc_1071s_example_is_ddf2():
    assert ones_complement_sum(bytes.fromhex("0001f203f4f5f6f7")) == 0xDDF2


def test_an_odd_last_octet_is_padded_with_zero():
    assert ones_complement_sum(b"\x12\x34\x56") == ones_complement_sum(b"\x12\x34\x56\x00")


def test_the_sum_of_nothing_is_zero():
    assert ones_complement_sum(b"") == 0


def test_crc32_of_the_digits_is_the_check_value_of_every_catalogue():
    assert crc32(b"123456789") == 0xCBF43926


def test_the_residue_over_frame_and_check_sequence_is_the_constant_of_ieee_802_3():
    octets = bytes(range(60))
    assert crc32(octets + frame_check_sequence(octets)) == 0x2144DF1C


@pytest.mark.parametrize("name", ["handshake-cold", "handshake-warm"])
def test_what_the_kernel_wrote_into_its_headers_sums_to_all_ones(name):
    for frame in recorded_run(name).frames:
        dissection = dissect(frame.octets)
        ip, tcp = dissection.header("IPv4"), dissection.header("TCP")
        if ip is None or tcp is None:
            continue
        assert ones_complement_sum(frame.octets[ip.octet_offset :][: ip.octet_length]) == 0xFFFF
        segment = frame.octets[tcp.octet_offset :]
        pseudo = pseudo_header(inet_aton(ip.text("ip.src")) + inet_aton(ip.text("ip.dst")), 6, len(segment))
        assert ones_complement_sum(pseudo + segment) == 0xFFFF


def test_zeros_sum_to_zero_and_nothing_else_does():
    assert ones_complement_sum(bytes(10)) == 0
    assert ones_complement_sum(b"\xff\xff") == 0xFFFF
    assert ones_complement_sum(b"\xff\xfe\x00\x01") == 0xFFFF


def test_a_checksum_is_what_makes_the_sum_all_ones():
    octets = bytes.fromhex("4500003c1c4640004006") + bytes.fromhex("ac100a63ac100a0c")
    assert internet_checksum(octets) == 0xB1E6
    assert ones_complement_sum(octets + internet_checksum(octets).to_bytes(2)) == 0xFFFF


def test_the_pseudo_header_of_ipv6_has_forty_octets():
    header = pseudo_header(inet_pton(AF_INET6, "2001:db8::1") + inet_pton(AF_INET6, "2001:db8::2"), 6, 20)
    assert len(header) == 40
    assert header[32:] == bytes.fromhex("00000014" + "00000006")
