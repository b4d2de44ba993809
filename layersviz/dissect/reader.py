"""One frame while it is read: where the packet ends that is being read, what was found so far, what was wrong.

Knows nothing of particular protocols.
"""

from enum import Enum

from layersviz.core.checksum import ALL_ONES, internet_checksum, ones_complement_sum, pseudo_header
from layersviz.core.header import (
    Checksum,
    ChecksumStatus,
    Dissection,
    Fault,
    FaultKind,
    Field,
    Header,
)
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.table import Table


class Space(Enum):
    """Whose numbers say what comes next."""

    LINK_TYPE = "link type"
    ETHERTYPE = "EtherType"
    LLC = "LLC service access point"
    PPP = "PPP protocol"
    IP = "IP protocol"
    APPLICATION = "application"


NOT_KEPT = said("Not all octets that the checksum covers are there.")
_PART_QUOTED = said("An error quotes only the beginning of a packet, so its checksum can't be computed.")
_FRAGMENT = said("This is a fragment: the checksum covers the whole packet.")
_OFFLOADED = said("The field holds only the pseudo-header's sum: the sender's network card was to finish it (offload).")

Next = tuple[Space, int, int] | None
"""What lies behind a header: whose number, the number, the octet where it begins. None where it is payload."""


class Reader:
    """Reads one frame's octets; `length` is how many there were on the wire.

    `end` and `wire_end` are where the packet ends that is being read: among the captured octets, and on the wire.
    `addresses` are the network header's two, as octets, for the pseudo-header. `fragment` says that a header told that
    this is a piece of a larger packet, `quoted` that an ICMP error's packet is being read,
    of which seldom more than the beginning is there: that it ends early is no fault.
    """

    __slots__ = (
        "addresses",
        "end",
        "faults",
        "fragment",
        "headers",
        "is_partly_quoted",
        "length",
        "octets",
        "own_end",
        "own_wire_end",
        "payload_offset",
        "quoted",
        "wire_end",
    )

    def __init__(self, octets: bytes, length: int) -> None:
        self.octets = octets
        self.length = max(length, len(octets))
        self.end = len(octets)
        self.wire_end = self.length
        self.own_end, self.own_wire_end = self.end, self.wire_end
        self.headers: list[Header] = []
        self.faults: list[Fault] = []
        self.addresses = b""
        self.fragment = False
        self.quoted = False
        self.is_partly_quoted = False
        self.payload_offset = 0

    def narrow(self, at: int, octets: int) -> None:
        """The packet that begins at `at` says how long it is: what lies behind is not its own."""
        if self.quoted and at + octets > self.wire_end:
            self.is_partly_quoted = True
        self.wire_end = min(self.wire_end, at + octets)
        self.end = min(self.end, self.wire_end)
        if not self.quoted:
            self.own_end, self.own_wire_end = self.end, self.wire_end

    def quote(self) -> None:
        """From here on the packet that an error speaks of is read."""
        self.quoted = True

    def add(
        self,
        layer: Layer,
        protocol: str,
        at: int,
        octets: int,
        fields: tuple[Field, ...],
        checksum: Checksum | None = None,
    ) -> int:
        """A header of so many octets, or as many of them as there are; where it ends."""
        octets = max(0, min(octets, self.end - at))
        self.headers.append(
            Header(
                layer=layer,
                protocol=protocol,
                octet_offset=at,
                octet_length=octets,
                fields=fields,
                checksum=checksum,
                quoted=self.quoted,
            )
        )
        if not self.quoted and layer is not Layer.APPLICATION:
            self.payload_offset = at + octets
        return at + octets

    def read(self, table: Table, layer: Layer, protocol: str, at: int, checksum: Checksum | None = None) -> bool:
        """Add a header of one table; False where the octets end inside it, which is said then."""
        fields = table.read(self.octets, at, self.end)
        if at + table.octets <= self.end:
            self.add(layer, protocol, at, table.octets, fields, checksum)
            return True
        if at < self.end:
            self.add(layer, protocol, at, table.octets, fields, checksum)
        what = said("the {protocol} header ({field})", protocol=protocol, field=table.label_at(self.end - at))
        self.ends_inside(protocol, what, self.end + 1)
        return False

    def ends_inside(self, protocol: str, what: str, wanted_end: int) -> None:
        """The octets end before `wanted_end`: because the capture kept no more, or because the packet has no more."""
        if self.end < self.wire_end and wanted_end <= self.wire_end:
            sentence = said(
                "The capture kept {kept} of the frame's {length} bytes: it ends inside {what}.",
                kept=len(self.octets),
                length=self.length,
                what=what,
            )
            self.faults.append(Fault(kind=FaultKind.CUT_SHORT, protocol=protocol, sentence=sentence))
        elif not self.quoted:
            is_frame = self.wire_end == self.length
            sentence = (
                said("The frame ends inside {what}.", what=what)
                if is_frame
                else said("The packet ends inside {what}.", what=what)
            )
            self.malformed(protocol, sentence)

    def malformed(self, protocol: str, sentence: str) -> None:
        self.faults.append(Fault(kind=FaultKind.MALFORMED, protocol=protocol, sentence=sentence))

    def doubt(self, protocol: str, sentence: str) -> None:
        """What a header says can't be, though all of it could be read."""
        self.faults.append(Fault(kind=FaultKind.CONTRADICTORY, protocol=protocol, sentence=sentence))

    def transport_checksum(self, protocol: int, at: int, field_at: int) -> Checksum:
        """The checksum field at `field_at` over pseudo-header and all octets from `at` to the packet's end."""
        found = int.from_bytes(self.octets[field_at : field_at + 2])
        if reason := self.uncheckable():
            return unchecked(found, reason)
        octets = self.octets[at : self.end]
        pseudo = pseudo_header(self.addresses, protocol, len(octets)) if self.addresses else b""
        return compare(found, pseudo, octets, field_at - at)

    def uncheckable(self) -> str:
        """Why no checksum over all of the packet can be computed; empty where one can."""
        if self.is_partly_quoted:
            return _PART_QUOTED
        if self.fragment:
            return _FRAGMENT
        if self.end < self.wire_end:
            return NOT_KEPT
        return ""

    def dissection(self) -> Dissection:
        problem = self.faults[0].sentence if self.faults else ""
        if not problem and self.own_end < self.own_wire_end:
            problem = said(
                "The capture kept {kept} of the frame's {length} bytes: the payload is cut.",
                kept=len(self.octets),
                length=self.length,
            )
        at = self.payload_offset
        return Dissection(
            headers=tuple(self.headers),
            payload_offset=at,
            payload=self.octets[at : self.own_end],
            padding=len(self.octets) - self.own_end,
            problem=problem,
            payload_length=max(0, self.own_wire_end - at),
            faults=tuple(self.faults),
        )


def unchecked(found: int, reason: str) -> Checksum:
    """A checksum that nobody can compare, and why."""
    return Checksum(status=ChecksumStatus.NOT_CHECKABLE, found=found, reason=reason)


def compare(found: int, pseudo: bytes, octets: bytes, field_at: int) -> Checksum:
    """A field's value against the sum over pseudo-header and octets; the field is at octet `field_at` of them."""
    if ones_complement_sum(pseudo + octets) == ALL_ONES:
        return Checksum(status=ChecksumStatus.GOOD, found=found, true=found)
    true = internet_checksum(pseudo + octets[:field_at] + b"\0\0" + octets[field_at + 2 :])
    if pseudo and found == ones_complement_sum(pseudo):
        return Checksum(status=ChecksumStatus.PARTIAL, found=found, true=true, reason=_OFFLOADED)
    reason = said("The field holds 0x{found:04x}, but what it covers gives 0x{true:04x}.", found=found, true=true)
    return Checksum(status=ChecksumStatus.BAD, found=found, true=true, reason=reason)
