"""Fragments, options, extension headers, and packets that errors quote."""

import pytest

from layersviz.core.header import ChecksumStatus, FaultKind
from layersviz.core.packet import LinkType
from layersviz.dissect import dissect
from tests.dissect.octets import IPV6_ADDRESSES, ethernet, icmp, ipv4, ipv6, tcp, udp

MORE = 0x2000


def names(dissection):
    return [header.protocol for header in dissection]


@pytest.mark.parametrize("fragmentation", [MORE, MORE | 3, 3])
def test_a_fragment_carries_payload_and_shows_no_transport_header(fragmentation):
    dissection = dissect(ipv4(6, tcp(b"data"), fragmentation=fragmentation), LinkType.IPV4)
    assert names(dissection) == ["IPv4"]
    assert dissection.payload == tcp(b"data")


def test_options_of_ipv4_are_split_and_counted_into_the_header():
    dissection = dissect(ipv4(6, tcp(), options=bytes.fromhex("94040000" + "01000000")), LinkType.IPV4)
    ip = dissection.header("IPv4")
    assert (ip.octet_length, ip.checksum.status) == (28, ChecksumStatus.GOOD)
    labels = [field.label for field in ip.fields if field.name.startswith("ip.opt.")]
    assert labels == [
        "Router alert",
        "Router alert: length",
        "Router alert: value",
        "No operation",
        "End of options",
        "Padding",
    ]


def test_a_total_length_of_zero_is_offload_and_means_up_to_the_end():
    dissection = dissect(ipv4(6, tcp(b"data"), total=0), LinkType.IPV4)
    assert dissection.payload == b"data"


def test_extension_headers_are_walked_to_the_transport():
    destination = bytes.fromhex("06000104") + bytes(4)
    hop_by_hop = bytes.fromhex("3c00050200000100")
    dissection = dissect(ipv6(0, hop_by_hop + destination + tcp(addresses=IPV6_ADDRESSES)), LinkType.IPV6)
    assert names(dissection) == ["IPv6", "IPv6 hop-by-hop options", "IPv6 destination options", "TCP"]
    assert dissection.header("TCP").checksum.status is ChecksumStatus.GOOD


def test_an_atomic_fragment_is_read_on_and_another_is_not():
    segment = tcp(b"data", addresses=IPV6_ADDRESSES)
    atomic = dissect(ipv6(44, bytes.fromhex("0600000000000007") + segment), LinkType.IPV6)
    assert names(atomic) == ["IPv6", "IPv6 fragment", "TCP"]
    first = dissect(ipv6(44, bytes.fromhex("0600000100000007") + segment), LinkType.IPV6)
    assert (names(first), first.payload) == (["IPv6", "IPv6 fragment"], segment)


def test_behind_a_routing_header_the_last_address_counts_for_the_checksum():
    last = bytes(15) + b"\x09"
    segment = tcp(addresses=IPV6_ADDRESSES[:16] + last)
    dissection = dissect(ipv6(43, bytes.fromhex("0602000100000000") + last + segment), LinkType.IPV6)
    assert dissection.header("IPv6 routing").text("ipv6.routing.address") == "::9"
    assert dissection.header("TCP").checksum.status is ChecksumStatus.GOOD


def test_authentication_is_a_header_on_the_way_to_tcp():
    header = bytes.fromhex("060400000000000100000002") + bytes(12)
    dissection = dissect(ipv6(51, header + tcp(addresses=IPV6_ADDRESSES)), LinkType.IPV6)
    assert names(dissection) == ["IPv6", "AH", "TCP"]


def test_an_error_quotes_a_packet_whose_headers_are_marked_and_not_taken_for_the_frames_own():
    quoted = ipv4(17, udp(b"question", ports=(4000, 9)))[:28]
    dissection = dissect(ipv4(1, icmp(3, 3, bytes(4) + quoted)), LinkType.IPV4)
    assert [(h.protocol, h.quoted) for h in dissection] == [
        ("IPv4", False),
        ("ICMP", False),
        ("IPv4", True),
        ("UDP", True),
    ]
    assert dissection.header("UDP") is None
    assert dissection.headers[3].number("udp.dstport") == 9
    assert dissection.payload == quoted


def test_an_echo_has_identifier_and_sequence_number_and_a_checksum():
    dissection = dissect(ipv4(1, icmp(8, 0, bytes.fromhex("00010002") + b"ping")), LinkType.IPV4)
    echo = dissection.header("ICMP")
    assert (echo.number("icmp.ident"), echo.number("icmp.seq"), dissection.payload) == (1, 2, b"ping")
    assert echo.checksum.status is ChecksumStatus.GOOD


def test_another_version_than_the_link_said_is_told():
    dissection = dissect(ethernet(0x0800, b"\x75" + bytes(30)))
    assert "version 7" in dissection.problem


def test_a_capture_that_kept_less_is_cut_short_and_a_packet_that_holds_less_is_malformed():
    whole = ethernet(0x0800, ipv4(6, tcp()))
    (cut,) = dissect(whole[:40], length=len(whole)).faults
    (malformed,) = dissect(ethernet(0x0800, ipv4(6, tcp()[:6]))).faults
    assert (cut.kind, malformed.kind) == (FaultKind.CUT_SHORT, FaultKind.MALFORMED)
    assert cut.sentence.startswith("The capture kept 40 of the frame's 54 bytes")


def test_a_payload_that_is_cut_has_its_length_on_the_wire():
    whole = ethernet(0x0800, ipv4(6, tcp(b"0123456789")))
    dissection = dissect(whole[:-4], length=len(whole))
    assert (dissection.payload, dissection.payload_length) == (b"012345", 10)
    assert "payload is cut" in dissection.problem
