"""The Internet checksum (RFC 1071) and the Ethernet frame check sequence (IEEE 802.3 clause 3.2.9)."""

import struct
import zlib
from ipaddress import IPv4Address


def ones_complement_sum(octets: bytes) -> int:
    """The 16-bit one's complement sum of 16-bit words; an odd last octet is padded with zero (RFC 1071 section 1)."""
    if len(octets) % 2:
        octets += b"\0"
    total: int = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def pseudo_header(source_ip: str, destination_ip: str, protocol: int, length: int) -> bytes:
    """The twelve octets that TCP and UDP sum before their own over IPv4 (RFC 9293 section 3.1)."""
    return (
        IPv4Address(source_ip).packed + IPv4Address(destination_ip).packed + bytes((0, protocol)) + length.to_bytes(2)
    )


def crc32(octets: bytes) -> int:
    """The CRC-32 of a frame from destination address to padding."""
    return zlib.crc32(octets)


def frame_check_sequence(octets: bytes) -> bytes:
    """The four octets that follow a frame on the wire, each sent least significant bit first like all others."""
    return crc32(octets).to_bytes(4, "little")
