"""Walks a Scapy layer's own table of fields over octets and gives every field its value and bit range.

Knows nothing of particular protocols.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from scapy.packet import Packet

from layersviz.core.header import Dissection, Field, Header

Words = Callable[[Any], str]


class CutShortError(Exception):
    """The octets end inside a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How one of Scapy's fields is called by Wireshark and by textbooks, how it is shown, what it means."""

    name: str
    label: str
    text: Words = str
    meaning: Words | str = ""


Rest = bytes | tuple[bytes, int]


def walk(layer: type[Packet], octets: bytes, offset: int) -> Iterator[tuple[str, Any, int, int]]:
    """Each field of the layer that begins at `offset` octets: Scapy's name, value, first bit, length in bits.

    Raises CutShortError where the octets end inside a field. Fields of no length (absent options) are left out.
    """
    packet = _blank(layer)
    packet.fields.clear()
    rest: Rest = octets[offset:]
    for field in packet.fields_desc:
        first = len(octets) * 8 - _bits(rest)
        try:
            # Scapy's bit fields take and give octets with a bit position; its annotations leave that out.
            rest, value = field.getfield(packet, rest)  # type: ignore[arg-type]
        except (struct.error, IndexError, ValueError, TypeError) as error:
            raise CutShortError(field.name) from error
        packet.fields[field.name] = value
        length = len(octets) * 8 - _bits(rest) - first
        if length:
            yield field.name, value, first, length


@cache
def _blank(layer: type[Packet]) -> Packet:
    """One packet of each kind, used again and again: to make one costs more than to read all of its fields."""
    return layer()


def name_fields(
    layer: type[Packet], naming: Mapping[str, Naming], octets: bytes, offset: int, end: int
) -> tuple[Field, ...]:
    """The layer's fields between two octet offsets, named; fields without a naming are left to others."""
    return tuple(
        _named(naming[name], value, first, length)
        for name, value, first, length in walk(layer, octets[:end], offset)
        if name in naming
    )


def _named(naming: Naming, value: Any, first: int, length: int) -> Field:
    meaning = naming.meaning if isinstance(naming.meaning, str) else naming.meaning(value)
    return Field(
        name=naming.name,
        label=naming.label,
        text=naming.text(value),
        bit_offset=first,
        bit_length=length,
        number=int(value) if hasattr(value, "__int__") and not isinstance(value, str | bytes) else None,
        meaning=meaning,
    )


def _bits(rest: Rest) -> int:
    match rest:
        case tuple():
            return len(rest[0]) * 8 - rest[1]
        case bytes():
            return len(rest) * 8


def hexadecimal(digits: int) -> Words:
    return lambda value: f"0x{int(value):0{digits}x}"


def unread(octets: bytes, headers: tuple[Header, ...], offset: int, problem: str = "") -> Dissection:
    """What could be read, and the rest as payload; `problem` says why no more could be."""
    return Dissection(headers=headers, payload_offset=offset, payload=octets[offset:], problem=problem)
