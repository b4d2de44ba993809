"""Links that are no Ethernet: BSD's loopback (NULL, LOOP), Linux's cooked captures, and none at all (RAW).

Knows nothing of what they carry.
"""

from scapy.layers.l2 import CookedLinux, CookedLinuxV2

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.names import HARDWARE_TYPES, ethertype
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal, named

FAMILIES = {2: "IPv4", 24: "IPv6", 28: "IPv6", 30: "IPv6"}
_NETWORK = {"IPv4": 0x0800, "IPv6": 0x86DD}
MOST_FAMILY = 0xFFFF
LEAST_ETHERTYPE = 1536
FAMILY_OCTETS = 4
LINUX_LLC = 4
_FAMILY = Naming(
    name="null.type", label=said("Family"), text=named(FAMILIES), meaning=said("which network protocol follows")
)
FAMILY = Table([(_FAMILY, 32)])
_DIRECTIONS = {
    0: said("to this host"),
    1: said("to everyone"),
    2: said("to a group"),
    3: said("to another host"),
    4: said("from this host"),
}
_COOKED = {
    "pkttype": Naming(
        name="sll.pkttype",
        label=said("Packet type"),
        text=named(_DIRECTIONS),
        meaning=said("which way the packet went, as the capturing host saw it"),
    ),
    "lladdrtype": Naming(
        name="sll.hatype",
        label=said("Link type"),
        text=named(HARDWARE_TYPES),
        meaning=said("what kind of interface it was"),
    ),
    "lladdrlen": Naming(
        name="sll.halen", label=said("Address length"), meaning=said("octets of the sender's link address")
    ),
    "src": Naming(
        name="sll.src",
        label=said("Sender's link address"),
        text=hexadecimal(16),
        meaning=said("eight octets, of which as many count as the address length says"),
        is_number=False,
    ),
    "proto": Naming(name="sll.etype", label=said("Protocol"), text=ethertype, meaning=said("what the packet carries")),
}
SLL = Table.of(CookedLinux, _COOKED)
SLL2 = Table.of(
    CookedLinuxV2,
    {
        **_COOKED,
        "reserved": Naming(name="sll.unused", label=said("Reserved"), meaning=said("zero")),
        "ifindex": Naming(
            name="sll.ifindex", label=said("Interface"), meaning=said("the capturing host's number of the interface")
        ),
    },
)


def dissect_null(reader: Reader, at: int) -> Next:
    """The address family in the byte order of the capturing machine: the order in which it is a small number."""
    family = int.from_bytes(reader.octets[at : at + FAMILY_OCTETS], "little")
    if family > MOST_FAMILY or reader.end < at + FAMILY_OCTETS:
        return dissect_loop(reader, at)
    field = Field(
        name=_FAMILY.name,
        label=_FAMILY.label,
        text=_FAMILY.text(family),
        bit_offset=at * 8,
        bit_length=FAMILY_OCTETS * 8,
        number=family,
        meaning=said("which network protocol follows, least significant byte first"),
    )
    reader.add(Layer.LINK, "Loopback", at, FAMILY_OCTETS, (field,))
    return _network(family, at + FAMILY_OCTETS)


def dissect_loop(reader: Reader, at: int) -> Next:
    """OpenBSD's loopback: the address family in network order."""
    if not reader.read(FAMILY, Layer.LINK, "Loopback", at):
        return None
    return _network(int.from_bytes(reader.octets[at : at + FAMILY_OCTETS]), at + FAMILY_OCTETS)


def _network(family: int, at: int) -> Next:
    if family in FAMILIES:
        return Space.ETHERTYPE, _NETWORK[FAMILIES[family]], at
    return (Space.ETHERTYPE, family, at) if family >= LEAST_ETHERTYPE else None


def dissect_raw(reader: Reader, at: int) -> Next:
    """No link header: the first four bits are the version of IP."""
    if reader.end <= at:
        return None
    version = reader.octets[at] >> 4
    return (Space.ETHERTYPE, {4: 0x0800, 6: 0x86DD}[version], at) if version in (4, 6) else None


def dissect_sll(reader: Reader, at: int) -> Next:
    """Linux's capture on all interfaces, version 1 (pcap's LINKTYPE_LINUX_SLL)."""
    if not reader.read(SLL, Layer.LINK, "Linux cooked", at):
        return None
    return _carried(reader, at + SLL.octets)


def dissect_sll2(reader: Reader, at: int) -> Next:
    """Version 2, with the interface's number (LINKTYPE_LINUX_SLL2)."""
    if not reader.read(SLL2, Layer.LINK, "Linux cooked 2", at):
        return None
    return _carried(reader, at + SLL2.octets)


def _carried(reader: Reader, at: int) -> Next:
    """An EtherType, or one of Linux's own numbers, of which 4 is LLC."""
    kind = reader.headers[-1].number("sll.etype")
    return (Space.LLC, 0, at) if kind == LINUX_LLC else (Space.ETHERTYPE, kind, at)
