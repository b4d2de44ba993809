"""The blocks of a pcapng file, one after the other: draft-ietf-opsawg-pcapng, section 3.1.

Knows where a block begins and ends and which kinds there are, not what is in them.
"""

from struct import Struct

import msgspec

from layersviz.core.said import said
from layersviz.files.damage import DamagedCaptureError
from layersviz.files.octets import Octets
from layersviz.files.options import Options, padded

SECTION_HEADER = b"\x0a\x0d\x0d\x0a"
BYTE_ORDER = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}

SECTION = int.from_bytes(SECTION_HEADER)  # reads the same both ways
INTERFACE, OBSOLETE_PACKET, SIMPLE_PACKET, NAMES, STATISTICS, ENHANCED_PACKET = range(1, 7)
JOURNAL, SECRETS = 9, 10
CUSTOM_BLOCK, CUSTOM_BLOCK_NOT_TO_COPY = 0x00000BAD, 0x40000BAD

SMALLEST = {
    SECTION: 28,
    INTERFACE: 20,
    OBSOLETE_PACKET: 32,
    SIMPLE_PACKET: 16,
    NAMES: 16,
    STATISTICS: 24,
    ENHANCED_PACKET: 32,
    SECRETS: 20,
}
"""The length of a block with nothing in it, of those kinds that we look into."""
FRAME, TRAILER = 12, 4
"""Octets of every block that are not its body: kind and length before it, and the length again behind it."""
CUT_SHORT = said("The file is cut short: it ends in the middle of a block.")
LONGEST_BLOCK = 134_348_832
"""Wireshark's limit."""
LONGEST_HELD = 1 << 22
"""Blocks that we look into are in memory whole, and none that anybody caught comes near this."""


class Numbers:
    """How the numbers of blocks are laid out, in one order of octets, '<' or '>'."""

    def __init__(self, order: str) -> None:
        self.block = Struct(order + "II")
        self.block_and_packet = Struct(order + "IIIIIII")
        self.word = Struct(order + "I")
        self.version = Struct(order + "4xHH")
        self.interface = Struct(order + "H2xI")
        self.time_offset = Struct(order + "q")
        self.packet = {ENHANCED_PACKET: Struct(order + "IIIII"), OBSOLETE_PACKET: Struct(order + "H2xIIII")}
        self.options = Options(order)


NUMBERS = {magic: Numbers(order) for magic, order in BYTE_ORDER.items()}
"""By the magic number of a section header."""


class Body(msgspec.Struct, frozen=True, gc=False):
    """A block's body lies in `octets` between two offsets; `before` octets of the file came before those."""

    kind: int
    octets: bytes
    start: int
    end: int
    before: int


def section_numbers(octets: Octets) -> Numbers:
    """How the section that begins here has its numbers; its header says so."""
    magic = octets.buffer[octets.at + 8 : octets.at + 12]
    if magic not in NUMBERS:
        raise DamagedCaptureError(said("The file is damaged: a section doesn't say in which order its octets are."))
    return NUMBERS[magic]


def next_body(octets: Octets, numbers: Numbers) -> Body:
    """Take the next block; the body of one that we don't look into is left out."""
    kind, claimed = numbers.block.unpack_from(octets.buffer, octets.at)
    length = padded(claimed)
    looked_into = kind in SMALLEST
    if claimed < SMALLEST.get(kind, FRAME):
        raise DamagedCaptureError(
            said("The file is damaged: a block claims {claimed:,} octets, too few for its kind.", claimed=claimed)
        )
    if length > (LONGEST_HELD if looked_into else LONGEST_BLOCK):
        raise DamagedCaptureError(
            said("The file is damaged: a block claims {claimed:,} octets, too many for any.", claimed=claimed)
        )
    if not (octets.have(length) if looked_into else octets.skip(length - TRAILER) and octets.have(TRAILER)):
        raise DamagedCaptureError(CUT_SHORT)
    start = octets.at + 8
    if looked_into:
        octets.at += length - TRAILER
    (again,) = numbers.word.unpack_from(octets.buffer, octets.at)
    if padded(again) != length:
        raise DamagedCaptureError(
            said(
                "The file is damaged: a block claims {claimed:,} octets first and {again:,} at its end.",
                claimed=claimed,
                again=again,
            )
        )
    body = Body(kind, octets.buffer, start, octets.at, octets.before)
    octets.at += TRAILER
    return body
