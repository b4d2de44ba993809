"""Good, bad, partial, not checkable, not present; and the true value beside a wrong one."""

import pytest

from layersviz.core.checksum import ones_complement_sum
from layersviz.core.header import ChecksumStatus
from layersviz.core.packet import LinkType
from layersviz.dissect import dissect
from tests.dissect.octets import IPV6_ADDRESSES, icmp, ipv4, ipv6, pseudo, tcp, udp


def checksum(octets, protocol, length=None, link_type=LinkType.RAW):
    return dissect(octets, link_type, length).header(protocol).checksum


@pytest.mark.parametrize(
    ("packet", "protocol"),
    [
        (ipv4(6, tcp(b"odd")), "TCP"),
        (ipv4(17, udp(b"even")), "UDP"),
        (ipv4(1, icmp(8, 0, bytes(7))), "ICMP"),
        (ipv4(6, tcp()), "IPv4"),
        (ipv6(6, tcp(b"odd", addresses=IPV6_ADDRESSES)), "TCP"),
        (ipv6(17, udp(b"even", addresses=IPV6_ADDRESSES)), "UDP"),
    ],
)
def test_a_true_checksum_is_good(packet, protocol):
    assert checksum(packet, protocol).status is ChecksumStatus.GOOD


@pytest.mark.parametrize(("at", "protocol"), [(8, "IPv4"), (25, "TCP"), (40, "TCP")])
def test_any_changed_octet_makes_it_bad_and_the_true_value_is_given(at, protocol):
    packet = bytearray(ipv4(6, tcp(b"data")))
    packet[at] ^= 0x40
    found = checksum(bytes(packet), protocol)
    assert found.status is ChecksumStatus.BAD
    place = 10 if protocol == "IPv4" else 36
    packet[place : place + 2] = found.true.to_bytes(2)
    assert checksum(bytes(packet), protocol).status is ChecksumStatus.GOOD


def test_only_the_pseudo_headers_sum_is_partial():
    segment = tcp(b"data")
    partial = ones_complement_sum(pseudo(6, len(segment))).to_bytes(2)
    found = checksum(ipv4(6, segment[:16] + partial + segment[18:]), "TCP")
    assert found.status is ChecksumStatus.PARTIAL
    assert found.true == int.from_bytes(segment[16:18])
    assert "offload" in found.reason


def test_zero_over_ipv4_is_no_checksum_and_over_ipv6_a_bad_one():
    datagram = udp(b"data")
    silent = datagram[:6] + bytes(2) + datagram[8:]
    assert checksum(ipv4(17, silent), "UDP").status is ChecksumStatus.NOT_PRESENT
    assert checksum(ipv6(17, silent), "UDP").status is ChecksumStatus.BAD


def test_what_was_cut_short_is_not_checkable():
    packet = ipv4(6, tcp(b"data"))
    found = checksum(packet[:-1], "TCP", len(packet))
    assert (found.status, found.true) == (ChecksumStatus.NOT_CHECKABLE, None)
    assert found.reason.endswith(".")


def test_of_a_quoted_packet_only_the_whole_is_checkable():
    packet = ipv4(6, tcp(b"data"))
    whole, beginning = (ipv4(1, icmp(11, 0, bytes(4) + quote)) for quote in (packet, packet[:-4]))
    assert dissect(whole, LinkType.RAW).headers[3].checksum.status is ChecksumStatus.GOOD
    assert dissect(beginning, LinkType.RAW).headers[3].checksum.status is ChecksumStatus.NOT_CHECKABLE


def test_padding_is_not_summed():
    assert checksum(ipv4(6, tcp(b"odd")) + b"\xff\xff\xff", "TCP").status is ChecksumStatus.GOOD
