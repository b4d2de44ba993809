"""Writes pcapng, packet by packet: one section, nanoseconds, an interface for each link type when it first comes.

Knows nothing of what the packets mean. draft-ietf-opsawg-pcapng.
"""

from struct import Struct
from typing import BinaryIO

from layersviz.core.packet import Packet
from layersviz.files.block import ENHANCED_PACKET, INTERFACE, SECTION, SIMPLE_PACKET
from layersviz.files.options import COMMENT, END_OF_OPTIONS, padded
from layersviz.files.pcap import LONGEST
from layersviz.files.section import TIME_OFFSET, TIME_RESOLUTION

APPLICATION = 4
NANOSECONDS = b"\x09"
LONGEST_OPTION = 65_535
LOST = "lost on the wire"

_BLOCK = Struct("<II")
_TRAILER = Struct("<I")
_SECTION = Struct("<IHHq")
_INTERFACE = Struct("<HHI")
_ENHANCED = Struct("<IIIII")
_OPTION = Struct("<HH")
_WORD = Struct("<I")
_OFFSET = Struct("<q")

_BYTE_ORDER = 0x1A2B3C4D
_LENGTH_UNKNOWN = -1

ERA_S = 1 << 34
"""64 bits of nanoseconds count more seconds than this; times before 1970 are told from as much before it."""


class PcapngWriter:
    """Writes packets to a binary stream that stays the caller's: it is neither flushed nor closed."""

    def __init__(self, stream: BinaryIO, *, comment: str = "") -> None:
        """Begin the section; `comment` is about the whole file."""
        self._stream = stream
        self._interfaces: dict[tuple[int, int], int] = {}
        options = _texts((comment,) if comment else ()) + _option(APPLICATION, b"layersviz")
        self._write(SECTION, _SECTION.pack(_BYTE_ORDER, 1, 0, _LENGTH_UNKNOWN) + _ended(options))

    def write(self, packet: Packet, *, lost: bool = False) -> None:
        """Write one packet with its comments; `lost` adds a comment that it was lost on the wire.

        A comment it is because no option of the format says so: dropped packets are counted on those that came
        through, and a verdict is a network card's or a Linux program's. The packet's number and interface are not
        written: a reader counts anew, and an interface stands for a link type. A packet without a time keeps being so
        where the format has it (whole, of the first link type, nothing said of it), else it is written as of 1970.
        `length` and `link_type` are below 2 to the 32 and 16, `time_ns` is within 64 bits, `octets` at most 262,144.
        """
        era = -1 if packet.time_ns is not None and packet.time_ns < 0 else 0
        interface = self._interface(packet.link_type, era)
        comments = (*packet.comments, LOST) if lost else packet.comments
        options = _texts(comments)
        if packet.time_ns is None and not interface and not options and len(packet.octets) == packet.length:
            self._write(SIMPLE_PACKET, _WORD.pack(packet.length) + packet.octets)
            return
        count = (packet.time_ns or 0) - era * ERA_S * 1_000_000_000
        head = _ENHANCED.pack(interface, count >> 32, count & 0xFFFFFFFF, len(packet.octets), packet.length)
        self._write(ENHANCED_PACKET, head + _filled(packet.octets) + _ended(options))

    def _interface(self, link_type: int, era: int) -> int:
        """The number of the interface for packets of this kind, described in the file before the first of them."""
        known = self._interfaces.get((link_type, era))
        if known is not None:
            return known
        options = _option(TIME_RESOLUTION, NANOSECONDS)
        if era:
            options += _option(TIME_OFFSET, _OFFSET.pack(era * ERA_S))
        self._write(INTERFACE, _INTERFACE.pack(link_type, 0, LONGEST) + _ended(options))
        return self._interfaces.setdefault((link_type, era), len(self._interfaces))

    def _write(self, kind: int, body: bytes) -> None:
        body = _filled(body)
        length = _BLOCK.size + len(body) + _TRAILER.size
        self._stream.write(_BLOCK.pack(kind, length) + body + _TRAILER.pack(length))


def _texts(comments: tuple[str, ...]) -> bytes:
    return b"".join(_option(COMMENT, _text(comment)) for comment in comments)


def _text(comment: str) -> bytes:
    """As UTF-8 that no reader stumbles over, and not longer than an option can be."""
    value = comment.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")
    return value[:LONGEST_OPTION].decode("utf-8", "ignore").encode()


def _option(code: int, value: bytes) -> bytes:
    return _OPTION.pack(code, len(value)) + _filled(value)


def _ended(options: bytes) -> bytes:
    return options + _OPTION.pack(END_OF_OPTIONS, 0) if options else b""


def _filled(octets: bytes) -> bytes:
    return octets.ljust(padded(len(octets)), b"\0")
