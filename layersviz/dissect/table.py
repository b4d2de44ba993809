"""A header's layout as a table: each row's name, width and meaning. One shift of the whole header gives each value.

Knows nothing of particular protocols; of Scapy only how wide the fields of its layers are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from socket import AF_INET6, inet_ntop

from scapy.fields import BitField
from scapy.packet import Packet

from layersviz.core.header import Field
from layersviz.core.said import Said, said

Words = Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How a field is called by Wireshark (`name`) and by textbooks (`label`), how it is shown, what it means.

    Addresses are no numbers to reckon with: `is_number` is False.
    """

    name: str
    label: str
    text: Words = str
    meaning: Words | str = ""
    is_number: bool = True


class Table:
    """Rows of fixed width, in order, without a gap."""

    def __init__(self, rows: Iterable[tuple[Naming, int]]) -> None:
        rows = tuple(rows)
        self.bits = sum(width for _, width in rows)
        self.octets = self.bits // 8
        self._rows = []
        first = 0
        for naming, width in rows:
            shift = self.bits - first - width
            self._rows.append((naming, first, width, shift, (1 << width) - 1))
            first += width

    @classmethod
    def of(cls, layer: type[Packet], namings: Mapping[str, Naming]) -> "Table":
        """The fields that `namings` names by Scapy's names, as wide and in the order as Scapy's layer has them."""
        return cls((namings[field.name], _width(field)) for field in layer.fields_desc if field.name in namings)

    def read(self, octets: bytes, at: int, end: int) -> tuple[Field, ...]:
        """Every field that lies whole between two octet offsets: all of them, unless the octets end before."""
        stop = min(end, at + self.octets)
        missing = (at + self.octets - stop) * 8
        whole = int.from_bytes(octets[at:stop]) << missing
        first_bit = at * 8
        return tuple(
            _field(naming, (whole >> shift) & mask, first_bit + first, width)
            for naming, first, width, shift, mask in self._rows
            if shift >= missing
        )

    def label_at(self, octets: int) -> str:
        """The label of the first field that ends behind so many octets."""
        return next(naming.label for naming, first, width, _, _ in self._rows if first + width > octets * 8)


def _field(naming: Naming, value: int, bit_offset: int, bit_length: int) -> Field:
    meaning = naming.meaning
    return Field(
        name=naming.name,
        label=naming.label,
        text=naming.text(value),
        bit_offset=bit_offset,
        bit_length=bit_length,
        number=value if naming.is_number else None,
        meaning=meaning(value) if callable(meaning) else meaning,
    )


def _width(field: object) -> int:
    if isinstance(field, BitField):
        return int(field.size)
    return int(field.sz * 8)  # type: ignore[attr-defined]


def hexadecimal(digits: int) -> Words:
    return lambda value: f"0x{value:0{digits}x}"


def named(names: Mapping[int, str]) -> Words:
    """The number with its name behind it: '6 (TCP)'."""
    known = {value: with_name(str(value), name) for value, name in names.items()}
    return lambda value: known.get(value) or unknown(str(value))


def with_name(number: str, name: str) -> str:
    """A number as it is shown, and what it stands for."""
    return said("{number} ({name})", number=number, name=name) if isinstance(name, Said) else f"{number} ({name})"


def unknown(number: str) -> str:
    return said("{number} (unknown)", number=number)


def mac(value: int) -> str:
    return value.to_bytes(6).hex(":")


def ipv4(value: int) -> str:
    return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


def ipv6(value: int) -> str:
    """As RFC 5952 writes it."""
    return inet_ntop(AF_INET6, value.to_bytes(16))
