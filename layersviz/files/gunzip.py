"""Inflates gzip (RFC 1952) piece by piece: members, zeros behind them, and all that comes before damage.

Knows nothing of what is inside.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

from layersviz.core.said import said
from layersviz.files.damage import DamagedCaptureError

MAGIC = b"\x1f\x8b"
PIECE = 1 << 14
WITH_GZIP_HEADER = 31
CUT_SHORT = said("The gzipped file is cut short.")
DAMAGED = said("The gzipped file is damaged: it can't be decompressed any further.")


class Gunzip:
    """Reads compressed octets from `read` when inflated ones are asked for."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._rest = b""
        self._problem = ""
        self._inflater: zlib._Decompress | None = None

    def read(self, count: int) -> bytes:
        """At most `count` octets, none at the end. Raises DamagedCaptureError when all before the damage are given."""
        while not self._problem:
            compressed = self._rest or self._read(PIECE)
            if not compressed and self._inflater is None:
                return b""
            octets = self._inflate(compressed, count)
            if octets:
                return octets
        raise DamagedCaptureError(self._problem)

    def _inflate(self, compressed: bytes, count: int) -> bytes:
        if self._inflater is None:
            self._rest, compressed = b"", compressed.lstrip(b"\0")
            if not compressed:
                return b""
            self._inflater = zlib.decompressobj(WITH_GZIP_HEADER)
        inflater = self._inflater
        before = inflater.copy()
        try:
            octets = inflater.decompress(compressed, count)
        except zlib.error:
            self._problem = DAMAGED
            return b"".join(_salvaged(before, compressed))
        self._rest = inflater.unused_data or inflater.unconsumed_tail
        if inflater.eof:
            self._inflater = None
        elif not compressed and not octets:
            self._problem = CUT_SHORT
        return octets


def _salvaged(inflater: "zlib._Decompress", compressed: bytes) -> Iterator[bytes]:
    """What one call gives up when it meets damage comes out octet by octet."""
    with suppress(zlib.error):
        for at in range(len(compressed)):
            yield inflater.decompress(compressed[at : at + 1])
