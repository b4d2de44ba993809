"""A header is a table of fields. What a dissector says of a frame.

Knows nothing of how the octets were read.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from layersviz.core.layer import Layer
from layersviz.core.lazy import lazy


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


class ChecksumStatus(StrEnum):
    """How a checksum compares with what it covers."""

    GOOD = "good"
    BAD = "bad"
    PARTIAL = "partial"
    NOT_CHECKABLE = "not checkable"
    NOT_PRESENT = "not present"


class Checksum(msgspec.Struct, frozen=True, kw_only=True):
    """A header's checksum against its octets: `true` is what the field would have to hold, None where nobody can say.

    `reason` is one sentence wherever the status is not good. PARTIAL: the field holds the pseudo-header's sum only,
    because the network card was to finish it (checksum offload).
    """

    status: ChecksumStatus
    found: int
    true: int | None = None
    reason: str = ""


class Header(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One protocol's header inside a frame; offsets and lengths in octets from the frame's first octet.

    `quoted` headers belong to the packet that an ICMP error speaks of, not to the one that travels.
    """

    layer: Layer
    protocol: str
    octet_offset: int
    octet_length: int
    fields: tuple[Field, ...]
    checksum: Checksum | None = None
    quoted: bool = False

    @lazy
    def _by_name(self) -> dict[str, Field]:
        """The first field of each name: a repeated option is found by walking `fields`."""
        return {field.name: field for field in reversed(self.fields)}

    def field(self, name: str) -> Field | None:
        return self._by_name.get(name)

    def number(self, name: str) -> int:
        """The field's raw value; 0 where the header has no such field."""
        found = self._by_name.get(name)
        return found.number if found is not None and found.number is not None else 0

    def text(self, name: str) -> str:
        """The field as it is shown; empty where the header has no such field."""
        found = self._by_name.get(name)
        return found.text if found is not None else ""


class FaultKind(StrEnum):
    """What is wrong: the capture left octets out, a header ends too early, or a header's values can't be true."""

    CUT_SHORT = "cut short"
    MALFORMED = "malformed"
    CONTRADICTORY = "contradictory"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a frame, in one sentence; `protocol` is the header where it showed."""

    kind: FaultKind
    protocol: str
    sentence: str


class Dissection(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A frame's headers, outermost first, and the application's octets behind them.

    `payload` is what the innermost header below the application carries; headers of the application and quoted ones
    lie within it. `payload_length` is how long it was on the wire, more than `payload` where the capture cut it short.
    `padding` counts octets behind the network packet's end that belong to nobody. `problem` is one sentence where the
    frame was cut short or malformed, the first of `faults`: what could be read is in `headers` all the same.
    """

    headers: tuple[Header, ...]
    payload_offset: int
    payload: bytes
    padding: int = 0
    problem: str = ""
    payload_length: int = 0
    faults: tuple[Fault, ...] = ()

    @lazy
    def _by_protocol(self) -> dict[str, Header]:
        return {header.protocol: header for header in reversed(self.headers) if not header.quoted}

    def __iter__(self) -> Iterator[Header]:
        return iter(self.headers)

    def header(self, protocol: str) -> Header | None:
        """The outermost header of that protocol ('Ethernet II', 'ARP', 'IPv4', 'TCP') that is not quoted, or None."""
        return self._by_protocol.get(protocol)
