"""Where the frames of a conversation lie in its capture file: a packed list, and the frames read again from there.

Knows nothing of formats: a frame is so many octets at a position of the plain (not gzipped) file.
"""

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import BinaryIO

import msgspec

from layersviz.core.packet import Packet

_RECORD = Struct("<IQIIqIB")
_BACK, _TIMED = 1, 2

RECORD_OCTETS = _RECORD.size


class Remembered(msgspec.Struct, frozen=True, gc=False):
    """A frame without its octets: `captured` of them lie at `position`, `length` were on the wire.

    The other values are as in `core.packet.Packet`; `back` says that the conversation's second end sent it.
    """

    number: int
    position: int
    captured: int
    length: int
    time_ns: int | None
    link_type: int
    back: bool = False


def remembered(packet: Packet) -> Remembered:
    """The packet without its octets, as if the first end had sent it."""
    return Remembered(
        packet.number, packet.position, len(packet.octets), packet.length, packet.time_ns, packet.link_type
    )


def pack(frame: Remembered, *, back: int) -> bytes:
    """One frame as RECORD_OCTETS octets; `back` is 1 where the second end sent it."""
    time_ns = frame.time_ns
    kind = back if time_ns is None else back | _TIMED
    return _RECORD.pack(frame.number, frame.position, frame.captured, frame.length, time_ns or 0, frame.link_type, kind)


def in_order(frames: bytes) -> bytes:
    """The same list by the frames' numbers: a datagram's fragments are known only when the last one has come."""
    return b"".join(pack(frame, back=int(frame.back)) for frame in sorted(read(frames), key=lambda frame: frame.number))


def read(frames: bytes) -> list[Remembered]:
    """The list that was packed."""
    return [
        Remembered(number, position, captured, length, time if kind & _TIMED else None, link_type, bool(kind & _BACK))
        for number, position, captured, length, time, link_type, kind in _RECORD.iter_unpack(frames)
    ]


def packets(file: BinaryIO, frames: Iterable[Remembered]) -> Iterator[Packet]:
    """The frames with their octets, out of the plain file. One that the file no longer holds whole is cut short."""
    for frame in frames:
        file.seek(frame.position)
        yield Packet(
            number=frame.number,
            octets=file.read(frame.captured),
            length=frame.length,
            time_ns=frame.time_ns,
            link_type=frame.link_type,
            position=frame.position,
        )
