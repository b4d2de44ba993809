"""Packets written out octet by octet, with true checksums, without any library's help."""

import struct

from layersviz.core.checksum import internet_checksum

MACS = bytes.fromhex("020000000002020000000001")
IPV4_ADDRESSES = bytes((10, 0, 0, 1, 10, 0, 0, 2))
IPV6_ADDRESSES = bytes(15) + b"\1" + bytes(15) + b"\2"


def ethernet(kind: int, payload: bytes) -> bytes:
    return MACS + kind.to_bytes(2) + payload


def ipv4(
    protocol: int, payload: bytes, *, options: bytes = b"", fragmentation: int = 0, total: int | None = None
) -> bytes:
    octets = 20 + len(options)
    length = octets + len(payload) if total is None else total
    head = struct.pack("!BBHHHBBH", 0x40 | octets // 4, 0, length, 7, fragmentation, 64, protocol, 0)
    checksum = internet_checksum(head + IPV4_ADDRESSES + options).to_bytes(2)
    return head[:10] + checksum + IPV4_ADDRESSES + options + payload


def ipv6(following: int, payload: bytes, addresses: bytes = IPV6_ADDRESSES) -> bytes:
    return struct.pack("!IHBB", 6 << 28, len(payload), following, 64) + addresses + payload


def pseudo(protocol: int, length: int, addresses: bytes = IPV4_ADDRESSES) -> bytes:
    if len(addresses) == 8:
        return addresses + bytes((0, protocol)) + length.to_bytes(2)
    return addresses + length.to_bytes(4) + bytes((0, 0, 0, protocol))


def tcp(
    payload: bytes = b"",
    *,
    options: bytes = b"",
    ports: tuple[int, int] = (1111, 2222),
    flags: int = 0x10,
    addresses: bytes = IPV4_ADDRESSES,
) -> bytes:
    head = struct.pack("!HHIIBBHHH", *ports, 100, 200, (20 + len(options)) // 4 << 4, flags, 500, 0, 0)
    segment = head + options + payload
    checksum = internet_checksum(pseudo(6, len(segment), addresses) + segment).to_bytes(2)
    return segment[:16] + checksum + segment[18:]


def udp(payload: bytes, *, ports: tuple[int, int] = (1111, 2222), addresses: bytes = IPV4_ADDRESSES) -> bytes:
    datagram = struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload
    checksum = internet_checksum(pseudo(17, len(datagram), addresses) + datagram).to_bytes(2)
    return datagram[:6] + checksum + datagram[8:]


def icmp(kind: int, code: int, rest: bytes) -> bytes:
    message = bytes((kind, code, 0, 0)) + rest
    return message[:2] + internet_checksum(message).to_bytes(2) + message[4:]


def dns(questions: bytes, answers: bytes = b"", counts: tuple[int, int, int, int] = (1, 0, 0, 0)) -> bytes:
    return struct.pack("!HHHHHH", 7, 0x0100, *counts) + questions + answers
