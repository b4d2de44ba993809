"""Which bit goes wrong: in the place that was asked for, and found by the checksum that guards it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layersviz.core.checksum import internet_checksum
from layersviz.core.order import Place
from layersviz.lab.damage import bit_of, flipped

SOURCE, DESTINATION = bytes([10, 0, 0, 3]), bytes([10, 0, 0, 2])
ETHERNET, TCP, UDP = bytes(12), 6, 17


def over_ipv4(protocol: int, above: bytes) -> bytes:
    header = struct.pack("!BBHIBBH", 0x45, 0, 20 + len(above), 0, 64, protocol, 0) + SOURCE + DESTINATION
    return ETHERNET + b"\x08\x00" + header + above


def over_ipv6(protocol: int, above: bytes) -> bytes:
    header = struct.pack("!IHBB", 6 << 28, len(above), protocol, 64) + bytes(32)
    return ETHERNET + b"\x86\xdd" + header + above


def segment(data: bytes) -> bytes:
    """With twelve octets of options."""
    return struct.pack("!HHIIBBHHH", 35310, 80, 1, 2, 0x80, 0x18, 500, 0, 0) + bytes(12) + data


def datagram(data: bytes, checksum: int = 0x1234) -> bytes:
    return struct.pack("!HHHH", 35310, 80, 8 + len(data), checksum) + data


FRAMES = {
    "TCP over IPv4": (
        over_ipv4(TCP, segment(b"Hello")),
        {Place.IP: (14, 20), Place.TRANSPORT: (34, 32), Place.DATA: (66, 5)},
    ),
    "TCP over IPv6": (
        over_ipv6(TCP, segment(b"Hello")),
        {Place.IP: (14, 40), Place.TRANSPORT: (54, 32), Place.DATA: (86, 5)},
    ),
    "UDP over IPv4": (
        over_ipv4(UDP, datagram(b"Hello")),
        {Place.IP: (14, 20), Place.TRANSPORT: (34, 8), Place.DATA: (42, 5)},
    ),
    "UDP over IPv6": (
        over_ipv6(UDP, datagram(b"Hello")),
        {Place.IP: (14, 40), Place.TRANSPORT: (54, 8), Place.DATA: (62, 5)},
    ),
    "ICMP": (over_ipv4(1, bytes(8) + b"quoted"), {Place.IP: (14, 20), Place.TRANSPORT: (34, 8), Place.DATA: (42, 6)}),
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("place", Place)
def test_each_bit_of_a_place_can_be_asked_for_and_counting_goes_round_behind_the_last(name: str, place: Place) -> None:
    octets, spans = FRAMES[name]
    first, length = spans.get(place, (0, 14))
    for bit in range(8 * length):
        assert bit_of(octets, place, bit) == 8 * first + bit
        assert bit_of(octets, place, bit + 8 * length) == 8 * first + bit
    assert bit_of(octets, place, -1) in range(8 * first, 8 * (first + length))


def test_padding_is_no_data() -> None:
    padded = over_ipv4(TCP, segment(b"")) + bytes(6)
    assert bit_of(padded, Place.DATA, 0) == 0  # there is none, so it is the Ethernet header's first


def test_where_the_place_is_not_in_the_frame_the_ethernet_header_is_damaged() -> None:
    arp = ETHERNET + b"\x08\x06" + bytes(28)
    assert bit_of(arp, Place.TRANSPORT, 200) == 200 % (8 * 14)


@pytest.mark.parametrize("bit", range(48, 64))
def test_a_udp_checksum_never_becomes_0_which_would_say_that_there_is_none(bit: int) -> None:
    one_bit = 0x8000 >> (bit - 48)
    octets = over_ipv4(UDP, datagram(b"Hello", checksum=one_bit))
    damaged = flipped(octets, bit_of(octets, Place.TRANSPORT, bit))
    assert damaged != octets
    assert damaged[40:42] != b"\0\0"


@given(data=st.binary(min_size=1, max_size=200), bit=st.integers(-1, 5_000))
def test_the_internet_checksum_finds_every_single_bit(data: bytes, bit: int) -> None:
    octets = over_ipv4(TCP, segment(data))
    damaged = flipped(octets, bit_of(octets, Place.DATA, bit))
    assert sum(one != other for one, other in zip(octets, damaged, strict=True)) == 1
    assert internet_checksum(damaged[34:]) != internet_checksum(octets[34:])
