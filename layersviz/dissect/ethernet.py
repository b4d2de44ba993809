"""The link: Ethernet II, IEEE 802.3 with LLC and SNAP, and 802.1Q tags, however many."""

from scapy.layers.l2 import LLC, SNAP, Dot1Q, Ether

from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.names import ethertype
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal, mac

MOST_LENGTH = 1500
LEAST_ETHERTYPE = 1536
_BROADCAST = (1 << 48) - 1
_GROUP = 1 << 40
_EVERYBODY, _SEVERAL = said("every card on the link"), said("a group of cards on the link")
_ONE = said("the card that this frame is for")


def _receiver(address: int) -> str:
    if address == _BROADCAST:
        return _EVERYBODY
    return _SEVERAL if address & _GROUP else _ONE


_DESTINATION = Naming(name="eth.dst", label=said("Destination MAC"), text=mac, is_number=False, meaning=_receiver)
_SOURCE = Naming(
    name="eth.src", label=said("Source MAC"), text=mac, is_number=False, meaning=said("the card that sent this frame")
)
ETHERNET = Table.of(
    Ether,
    {
        "dst": _DESTINATION,
        "src": _SOURCE,
        "type": Naming(name="eth.type", label="EtherType", text=ethertype, meaning=said("what the frame carries")),
    },
)
IEEE_802_3 = Table.of(
    Ether,
    {
        "dst": _DESTINATION,
        "src": _SOURCE,
        "type": Naming(
            name="eth.len",
            label=said("Length"),
            meaning=said("bytes behind this header; up to 1500 it is no EtherType"),
        ),
    },
)
NEITHER = Table.of(
    Ether,
    {
        "dst": _DESTINATION,
        "src": _SOURCE,
        "type": Naming(
            name="eth.invalid_lentype",
            label=said("Invalid type"),
            text=hexadecimal(4),
            meaning=said("neither length nor EtherType"),
        ),
    },
)


def _tag(prefix: str, kind: Naming) -> Table:
    return Table.of(
        Dot1Q,
        {
            "prio": Naming(
                name=f"{prefix}.priority",
                label=said("Priority"),
                meaning=said("0 is ordinary traffic, 7 the most urgent"),
            ),
            "dei": Naming(
                name=f"{prefix}.dei", label=said("Drop eligible"), meaning=said("1 where this may be dropped first")
            ),
            "vlan": Naming(
                name=f"{prefix}.id", label="VLAN", meaning=said("the virtual network; 0 is none, only a priority")
            ),
            "type": kind,
        },
    )


VLAN = _tag(
    "vlan", Naming(name="vlan.etype", label="EtherType", text=ethertype, meaning=said("what the tag stands before"))
)
VLAN_802_3 = _tag("vlan", Naming(name="vlan.len", label=said("Length"), meaning=said("bytes behind this tag")))
SERVICE_VLAN = _tag(
    "ieee8021ad",
    Naming(name="ieee8021ad.etype", label="EtherType", text=ethertype, meaning=said("what the tag stands before")),
)
LLC_FIELDS = Table.of(
    LLC,
    {
        "dsap": Naming(
            name="llc.dsap", label="DSAP", text=hexadecimal(2), meaning=said("the service that this is for")
        ),
        "ssap": Naming(name="llc.ssap", label="SSAP", text=hexadecimal(2), meaning=said("the service that sent this")),
        "ctrl": Naming(
            name="llc.control", label=said("Control"), text=hexadecimal(2), meaning=said("3 is data without connection")
        ),
    },
)
_SNAP = {
    "OUI": Naming(
        name="llc.oui", label=said("Organization"), text=hexadecimal(6), meaning=said("0 says: an EtherType follows")
    ),
    "code": Naming(name="llc.type", label="EtherType", text=ethertype, meaning=said("what the frame carries")),
}
SNAP_FIELDS = Table.of(SNAP, _SNAP)


def dissect_ethernet(reader: Reader, at: int) -> Next:
    """A frame from its destination address on."""
    kind = int.from_bytes(reader.octets[at + 12 : at + 14])
    is_whole = reader.end >= at + ETHERNET.octets
    if is_whole and MOST_LENGTH < kind < LEAST_ETHERTYPE:
        reader.read(NEITHER, Layer.LINK, "Ethernet", at)
        sentence = said(
            "The Ethernet header's type {kind} is neither a length (up to 1500) nor an EtherType (from 1536).",
            kind=kind,
        )
        reader.doubt("Ethernet", sentence)
        return None
    if is_whole and 0 < kind <= MOST_LENGTH:
        reader.read(IEEE_802_3, Layer.LINK, "IEEE 802.3", at)
        reader.narrow(at + ETHERNET.octets, kind)
        return Space.LLC, 0, at + ETHERNET.octets
    if not reader.read(ETHERNET, Layer.LINK, "Ethernet II", at):
        return None
    return Space.ETHERTYPE, kind, at + ETHERNET.octets


def dissect_vlan(reader: Reader, at: int) -> Next:
    """One tag (IEEE 802.1Q clause 9.6); another may follow."""
    kind = int.from_bytes(reader.octets[at + 2 : at + 4])
    has_length = kind <= MOST_LENGTH and reader.end >= at + VLAN.octets
    if not reader.read(VLAN_802_3 if has_length else VLAN, Layer.LINK, "802.1Q", at):
        return None
    if has_length:
        reader.narrow(at + VLAN.octets, kind)
        return Space.LLC, 0, at + VLAN.octets
    return Space.ETHERTYPE, kind, at + VLAN.octets


def dissect_service_vlan(reader: Reader, at: int) -> Next:
    """A provider's tag around a customer's (IEEE 802.1ad)."""
    if not reader.read(SERVICE_VLAN, Layer.LINK, "802.1ad", at):
        return None
    return Space.ETHERTYPE, int.from_bytes(reader.octets[at + 2 : at + 4]), at + SERVICE_VLAN.octets


def dissect_llc(reader: Reader, at: int) -> Next:
    """What IEEE 802.2 puts behind a length field; SNAP gives an EtherType again (RFC 1042)."""
    if not reader.read(LLC_FIELDS, Layer.LINK, "LLC", at):
        return None
    at += LLC_FIELDS.octets
    if reader.octets[at - 3 : at] != b"\xaa\xaa\x03" or not reader.read(SNAP_FIELDS, Layer.LINK, "SNAP", at):
        return None
    if reader.octets[at : at + 3] != b"\0\0\0":
        return None
    return Space.ETHERTYPE, int.from_bytes(reader.octets[at + 3 : at + 5]), at + SNAP_FIELDS.octets
