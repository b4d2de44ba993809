"""Puts IPv4 and IPv6 packets together again from their fragments (RFC 791 section 3.2, RFC 8200 section 4.5).

Knows nothing of what the packets carry. Memory is bounded: the packets that wait longest are given up first.
"""

import msgspec

MOST_PACKETS = 256
MOST_OCTETS = 65_535


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
