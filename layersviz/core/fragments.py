"""Puts IPv4 and IPv6 packets together again from their fragments (RFC 791 section 3.2, RFC 8200 section 4.5).

Knows nothing of what the packets carry. Memory is bounded: the packets that wait longest are given up first.
"""

import msgspec

from layersviz.core.header import Dissection, Header
from layersviz.core.tcp_reading import addresses, network_header

MOST_PACKETS = 256
MOST_OCTETS = 65_535
_MORE, _OFFSET = 0x2000, 0x1FFF


class Fragment(msgspec.Struct, frozen=True):
    """One piece: `key` tells its packet from others, `offset` is in octets, `more` whether others follow behind it."""

    key: bytes
    offset: int
    more: bool
    octets: bytes


class Fragments:
    """Pieces that wait for the rest of their packet."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, list[Fragment]] = {}

    def add(self, fragment: Fragment) -> bytes | None:
        """What the whole packet carries, where this piece completes it. Of two that overlap, the one before counts."""
        if fragment.offset + len(fragment.octets) > MOST_OCTETS:
            return None
        pieces = self._waiting.setdefault(fragment.key, [])
        pieces.append(fragment)
        whole = _joined(pieces)
        if whole is not None:
            del self._waiting[fragment.key]
        elif len(self._waiting) > MOST_PACKETS:
            del self._waiting[next(iter(self._waiting))]
        return whole


def _joined(pieces: list[Fragment]) -> bytes | None:
    """All octets from the first piece to the last; None while one is missing."""
    if all(piece.more for piece in pieces):
        return None
    whole = bytearray()
    for piece in sorted(pieces, key=lambda piece: piece.offset):
        if piece.offset > len(whole):
            return None
        whole += piece.octets[len(whole) - piece.offset :]
        if not piece.more:
            return bytes(whole)
    return None


def fragment_of(dissection: Dissection, octets: bytes) -> Fragment | None:
    """The fragment that the frame holds whole; None where it holds none, or the capture cut it short."""
    network = network_header(dissection)
    if network is None or len(dissection.payload) < dissection.payload_length:
        return None
    if network.protocol == "IPv4":
        return _ipv4_fragment(network, octets, dissection)
    return _ipv6_fragment(network, octets, dissection)


def _ipv4_fragment(network: Header, octets: bytes, dissection: Dissection) -> Fragment | None:
    at = network.octet_offset
    bits = int.from_bytes(octets[at + 6 : at + 8])
    if not bits & (_MORE | _OFFSET):
        return None
    key = octets[at + 4 : at + 6] + octets[at + 9 : at + 10] + addresses(network, octets)
    return Fragment(key, (bits & _OFFSET) * 8, bool(bits & _MORE), _behind(network, dissection, octets))


def _ipv6_fragment(network: Header, octets: bytes, dissection: Dissection) -> Fragment | None:
    header = next((each for each in dissection.headers if each.protocol == "IPv6 fragment" and not each.quoted), None)
    if header is None or header.octet_length < 8:
        return None
    at = header.octet_offset
    bits = int.from_bytes(octets[at + 2 : at + 4])
    if not bits & 0xFFF9:
        return None
    key = octets[at : at + 1] + octets[at + 4 : at + 8] + addresses(network, octets)
    return Fragment(key, bits & 0xFFF8, bool(bits & 1), _behind(header, dissection, octets))


def _behind(header: Header, dissection: Dissection, octets: bytes) -> bytes:
    end = dissection.payload_offset + len(dissection.payload)
    return octets[header.octet_offset + header.octet_length : end]
