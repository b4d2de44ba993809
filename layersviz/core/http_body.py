"""An HTTP message's body as it reads: out of its chunks (RFC 9112 section 7.1), unpacked (RFC 9110 section 8.4.1).

Pure and bounded: never gives more octets than it was told to, however much the body would unpack to.
"""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from layersviz.core.header import Header
from layersviz.core.said import said

MOST_OCTETS = 1 << 20
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """`carried` as it came, `plain` as it reads; `problem` is one sentence where that is not all of it."""

    carried: bytes
    plain: bytes
    problem: str = ""

    @property
    def is_compressed(self) -> bool:
        return self.carried != self.plain


def decode_body(head: Header, carried: bytes, most_octets: int = MOST_OCTETS) -> Body:
    """The body behind a message's head, at most so many octets of it."""
    plain, problem = carried, ""
    for coding in reversed(_codings(head)):
        decode = _DECODERS.get(coding)
        if decode is None:
            problem = problem or said("The coding {coding} is not known here.", coding=coding)
            break
        plain, found = decode(plain, most_octets)
        problem = problem or found
    if len(plain) > most_octets:
        problem = problem or _first_only(most_octets)
    return Body(carried=carried, plain=plain[:most_octets], problem=problem)


def _codings(head: Header) -> list[str]:
    """In the order in which they were applied: those of the content, then those of the transfer."""
    lines = (head.text("http.content_encoding"), head.text("http.transfer_encoding"))
    named = [coding.strip().lower() for line in lines for coding in line.split(",")]
    return [coding for coding in named if coding not in ("", "identity")]


def _unchunked(octets: bytes, most_octets: int) -> tuple[bytes, str]:
    pieces: list[bytes] = []
    at = total = 0
    while total <= most_octets:
        line = _SIZE_LINE.match(octets, at)
        if line is None:
            missing = said("The last chunk is missing.") if at >= len(octets) else said("A chunk's size can't be read.")
            return b"".join(pieces), missing
        size = int(line[1], 16)
        if size == 0:
            return b"".join(pieces), ""
        piece = octets[line.end() : line.end() + size]
        pieces.append(piece)
        if len(piece) < size:
            return b"".join(pieces), said("The body ends inside a chunk of {size} bytes.", size=size)
        total += size
        at = line.end() + size + 2
    return b"".join(pieces), _first_only(most_octets)


def _unzipped(octets: bytes, most_octets: int) -> tuple[bytes, str]:
    return _inflated(octets, most_octets, _GZIP)


def _undeflated(octets: bytes, most_octets: int) -> tuple[bytes, str]:
    """With zlib's frame, as the standard says, or without, as some servers send it."""
    has_frame = len(octets) >= 2 and octets[0] & 0x0F == 8 and int.from_bytes(octets[:2]) % 31 == 0
    return _inflated(octets, most_octets, _ZLIB if has_frame else _RAW_DEFLATE)


def _inflated(octets: bytes, most_octets: int, bits: int) -> tuple[bytes, str]:
    unpacking = zlib.decompressobj(wbits=bits)
    plain = bytearray()
    # Piece by piece, so that what came before the damage is there.
    for at in range(0, len(octets), _PIECE_OCTETS):
        try:
            plain += unpacking.decompress(octets[at : at + _PIECE_OCTETS], most_octets + 1 - len(plain))
        except zlib.error:
            return bytes(plain), said("The packed body is damaged.")
        if len(plain) > most_octets:
            return bytes(plain[:most_octets]), _first_only(most_octets)
        if unpacking.eof:
            break
    return bytes(plain), "" if unpacking.eof else said("The packed body is not whole.")


def _first_only(most_octets: int) -> str:
    return said("Only the first {most} bytes are shown.", most=most_octets)


_PIECE_OCTETS = 256
_DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, str]]] = {
    "chunked": _unchunked,
    "gzip": _unzipped,
    "x-gzip": _unzipped,
    "deflate": _undeflated,
}
