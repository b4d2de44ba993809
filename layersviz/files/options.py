"""The options at the end of a pcapng block: draft-ietf-opsawg-pcapng, section 3.5.

Knows how an option is laid out and how long some must be, not what it means for its block.
"""

from collections.abc import Iterator, Mapping
from struct import Struct

from layersviz.core.said import said
from layersviz.files.damage import DamagedCaptureError

END_OF_OPTIONS = 0
COMMENT = 1

CUSTOM = dict.fromkeys((2988, 2989, 19372, 19373), range(4, 1 << 16))
"""Anybody's own options begin with the four octets of a private enterprise number."""

Lengths = Mapping[int, range]


class Options:
    """Reads options in one order of octets, '<' or '>'."""

    def __init__(self, order: str) -> None:
        self._header = Struct(order + "HH")

    def read(self, octets: bytes, at: int, end: int, lengths: Lengths = CUSTOM) -> Iterator[tuple[int, bytes]]:
        """The code and the value of each option between two offsets.

        Raises DamagedCaptureError where an option is longer than what is left of its block, or has none of the
        lengths that `lengths` gives its code.
        """
        while at < end:
            code, length = self._header.unpack_from(octets, at)  # a block ends where an option might begin
            at += self._header.size
            if padded(length) > end - at:
                raise DamagedCaptureError(
                    said("The file is damaged: an option of {length:,} octets is longer than its block.", length=length)
                )
            if code == END_OF_OPTIONS:
                return
            if code in lengths and length not in lengths[code]:
                raise DamagedCaptureError(
                    said(
                        "The file is damaged: its option {code} can't be {length:,} octets long.",
                        code=code,
                        length=length,
                    )
                )
            yield code, octets[at : at + length]
            at += padded(length)

    def check(self, octets: bytes, at: int, end: int) -> None:
        """Read the options only to see that they are sound."""
        for _each in self.read(octets, at, end):
            pass


def comment_text(value: bytes) -> str:
    """A comment's text; it is UTF-8 and ends at a zero octet where there is one."""
    return value.partition(b"\0")[0].decode("utf-8", "replace")


def padded(length: int) -> int:
    """Blocks and options are laid out in steps of four octets."""
    return (length + 3) & ~3
