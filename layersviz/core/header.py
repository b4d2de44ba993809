"""A header is a table of fields. What a dissector says of a frame.

Knows nothing of how the octets were read.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from layersviz.core.layer import Layer


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field: `name` as Wireshark filters it, `label` as textbooks print it, `text` as it is shown.

    `number` is the raw value where it is one. `bit_offset` counts from the frame's first bit in network order.
    """

    name: str
    label: str
    text: str
    bit_offset: int
    bit_length: int
    number: int | None = None
    meaning: str = ""


class Header(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One protocol's header inside a frame; offsets and lengths in octets from the frame's first octet."""

    layer: Layer
    protocol: str
    octet_offset: int
    octet_length: int
    fields: tuple[Field, ...]

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        """The first field of each name: a repeated option is found by walking `fields`."""
        return {field.name: field for field in reversed(self.fields)}

    def field(self, name: str) -> Field | None:
        return self._by_name.get(name)

    def number(self, name: str) -> int:
        """The field's raw value; 0 where the header has no such field."""
        found = self.field(name)
        return found.number if found is not None and found.number is not None else 0

    def text(self, name: str) -> str:
        """The field as it is shown; empty where the header has no such field."""
        found = self.field(name)
        return found.text if found is not None else ""


class Dissection(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A frame's headers, outermost first, and the application's octets behind them.

    `padding` counts octets behind the network packet's end that belong to nobody. `problem` is one sentence where the
    frame was cut short or malformed: what could be read is in `headers` all the same.
    """

    headers: tuple[Header, ...]
    payload_offset: int
    payload: bytes
    padding: int = 0
    problem: str = ""

    @cached_property
    def _by_protocol(self) -> dict[str, Header]:
        return {header.protocol: header for header in self.headers}

    def __iter__(self) -> Iterator[Header]:
        return iter(self.headers)

    def header(self, protocol: str) -> Header | None:
        """The header of that protocol ('Ethernet II', 'ARP', 'IPv4', 'TCP'), None where the frame has none."""
        return self._by_protocol.get(protocol)
