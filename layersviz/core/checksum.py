"""The Internet checksum (RFC 1071) and the Ethernet frame check sequence (IEEE 802.3 clause 3.2.9)."""

import zlib

ALL_ONES = 0xFFFF


def ones_complement_sum(octets: bytes) -> int:
    """The 16-bit one's complement sum of 16-bit words; an odd last octet is padded with zero (RFC 1071 section 1).

    2^16 leaves 1 when divided by 65535, so the whole as one number leaves the sum; a sum that isn't of zeros only is
    never 0 but 65535.
    """
    number = int.from_bytes(octets) << (len(octets) % 2 * 8)
    return number % ALL_ONES or (ALL_ONES if number else 0)


def internet_checksum(octets: bytes) -> int:
    """What a checksum field over these octets has to hold; count the field itself as zero (RFC 1071 section 1)."""
    return ones_complement_sum(octets) ^ ALL_ONES


def pseudo_header(addresses: bytes, protocol: int, length: int) -> bytes:
    """The octets that TCP and UDP sum before their own, twelve over IPv4 (RFC 9293 section 3.1), forty over IPv6.

    `addresses` are both as they stand in the packet: 8 octets of IPv4, 32 of IPv6 (RFC 8200 section 8.1).
    """
    if len(addresses) == 8:
        return addresses + bytes((0, protocol)) + length.to_bytes(2)
    return addresses + length.to_bytes(4) + bytes((0, 0, 0, protocol))


def crc32(octets: bytes) -> int:
    """The CRC-32 of a frame from destination address to padding."""
    return zlib.crc32(octets)


def frame_check_sequence(octets: bytes) -> bytes:
    """The four octets that follow a frame on the wire, each sent least significant bit first like all others."""
    return crc32(octets).to_bytes(4, "little")
