"""Whatever comes off the wire is data: no octets on any link make an exception, or take a second."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layersviz.core.packet import LinkType, Packet
from layersviz.dissect import dissect
from layersviz.dissect.wireshark import stateless_fields
from tests.dissect.octets import IPV6_ADDRESSES, dns, ethernet, icmp, ipv4, ipv6, tcp, udp

LINK_TYPES = st.sampled_from([*LinkType, 147])
SAMPLES = [
    ethernet(0x8100, bytes.fromhex("00050800") + ipv4(6, tcp(b"GET / HTTP/1.1\r\n\r\n"))),
    ethernet(0x0800, ipv4(17, udp(dns(b"\x01a\xc0\x0c\0\1\0\1"), ports=(4000, 53)))),
    ethernet(0x0800, ipv4(17, udp(bytes(236) + bytes.fromhex("63825363350101ff"), ports=(68, 67)))),
    ethernet(0x0800, ipv4(1, icmp(3, 3, bytes(4) + ipv4(6, tcp(options=bytes.fromhex("020405b4")))))),
    ethernet(0x86DD, ipv6(0, bytes.fromhex("3c00050200000100") + bytes.fromhex("2b000104") + bytes(40))),
    ethernet(
        0x86DD, ipv6(58, bytes.fromhex("8700000000000000") + IPV6_ADDRESSES[:16] + bytes.fromhex("0101020000000001"))
    ),
    ethernet(0x8863, bytes.fromhex("1109000000080101000001030000")),
    ethernet(0x8864, bytes.fromhex("1100001100180021") + ipv4(47, bytes.fromhex("0000880b00210000"))),
    ethernet(20, bytes.fromhex("aaaa030000000800") + ipv4(6, tcp())),
]


def read(octets, link_type, length):
    """Dissect, and hold what every dissection promises."""
    started = time.process_time()
    dissection = dissect(octets, link_type, length)
    packet = Packet(number=1, octets=octets, length=max(length, len(octets)), time_ns=None, link_type=link_type)
    shown = stateless_fields(packet, dissection)
    assert time.process_time() - started < 1
    assert all(isinstance(text, str) for texts in shown.values() for text in texts)
    assert dissection.problem == "" or dissection.problem.endswith(".")
    for header in dissection:
        first, last = header.octet_offset * 8, (header.octet_offset + header.octet_length) * 8
        assert 0 <= first <= last <= len(octets) * 8
        for field in header.fields:
            assert first <= field.bit_offset <= field.bit_offset + field.bit_length <= last, (header, field)
            first = field.bit_offset + field.bit_length
    assert octets[dissection.payload_offset :].startswith(dissection.payload)
    return dissection


@given(st.binary(max_size=300), LINK_TYPES, st.integers(0, 400))
def test_any_octets(octets, link_type, length):
    read(octets, link_type, length)


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    st.integers(0, 400),
    st.booleans(),
)
def test_any_damage_to_real_packets(sample, changes, kept, was_captured_whole):
    octets = bytearray(sample)
    for at, value in changes:
        octets[at % len(octets)] = value
    kept = len(octets) - kept % len(octets)
    read(bytes(octets[:kept]), LinkType.ETHERNET, kept if was_captured_whole else len(octets))


@pytest.mark.parametrize(
    ("octets", "link_type"),
    [
        (ethernet(0x8100, bytes.fromhex("00018100") * 16_000), LinkType.ETHERNET),
        (ipv6(0, bytes(65_528)), LinkType.IPV6),
        (ipv6(0, bytes.fromhex("00ff0000") + bytes(2044) + bytes(60_000)), LinkType.IPV6),
        (ethernet(0x8863, bytes.fromhex("11090000fff8") + bytes(65_528)), LinkType.ETHERNET),
        (ipv6(58, bytes.fromhex("8600") + bytes(14) + bytes.fromhex("0101000000000000") * 8000), LinkType.IPV6),
        (ipv4(4, ipv4(4, b"")[:20] * 3000), LinkType.IPV4),
        (ipv4(17, udp(bytes.fromhex("000180000001ffff00000000") + b"\0" * 65_000, ports=(53, 53))), LinkType.IPV4),
        (ipv4(17, udp(bytes(236) + bytes.fromhex("63825363") + bytes(64_000), ports=(68, 67))), LinkType.IPV4),
        (ipv4(6, tcp(b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 12_000 + b"\r\n")), LinkType.IPV4),
        (ipv4(6, tcp(b"GET / HTTP/1.1\r\n" + b"\r" * 64_000)), LinkType.IPV4),
        (ipv4(6, tcp(b"\0\x0c" + bytes(12) * 5000, ports=(53, 53))), LinkType.IPV4),
    ],
)
def test_the_largest_packets_of_the_worst_kind_take_less_than_a_second(octets, link_type):
    read(octets[:65_549], link_type, len(octets))
