"""Ethernet II and what it carries: ARP, or IPv4 and on."""

from scapy.layers.l2 import ARP, Ether

from layersviz.core.header import Dissection, Header
from layersviz.core.layer import Layer
from layersviz.dissect.ipv4 import dissect_ipv4
from layersviz.dissect.walk import CutShortError, Naming, name_fields, unread

ETHERNET_OCTETS = 14
ARP_OCTETS = 28
ETHERTYPES = {0x0800: "IPv4", 0x0806: "ARP", 0x86DD: "IPv6", 0x8100: "802.1Q"}
_BROADCAST = "ff:ff:ff:ff:ff:ff"


def ethertype(value: int) -> str:
    return f"0x{value:04x} ({ETHERTYPES.get(value, 'unknown')})"


ETHERNET = {
    "dst": Naming(
        name="eth.dst",
        label="Destination MAC",
        meaning=lambda mac: "every card on the link" if mac == _BROADCAST else "the card that this frame is for",
    ),
    "src": Naming(name="eth.src", label="Source MAC", meaning="the card that sent this frame"),
    "type": Naming(name="eth.type", label="EtherType", text=ethertype, meaning="what the frame carries"),
}
_OPERATIONS = {1: "request", 2: "reply"}
ARP_FIELDS = {
    "hwtype": Naming(name="arp.hw.type", label="Hardware type", meaning="1 is Ethernet"),
    "ptype": Naming(name="arp.proto.type", label="Protocol type", text=ethertype, meaning="addresses of this protocol"),
    "hwlen": Naming(name="arp.hw.size", label="Hardware size", meaning="octets of a MAC address"),
    "plen": Naming(name="arp.proto.size", label="Protocol size", meaning="octets of an IP address"),
    "op": Naming(
        name="arp.opcode",
        label="Operation",
        text=lambda value: f"{value} ({_OPERATIONS.get(value, 'unknown')})",
        meaning="1 asks, 2 answers (RFC 826)",
    ),
    "hwsrc": Naming(name="arp.src.hw_mac", label="Sender MAC"),
    "psrc": Naming(name="arp.src.proto_ipv4", label="Sender IP"),
    "hwdst": Naming(name="arp.dst.hw_mac", label="Target MAC", meaning="all zero while it is the question"),
    "pdst": Naming(name="arp.dst.proto_ipv4", label="Target IP"),
}


def dissect(octets: bytes) -> Dissection:
    """An Ethernet II frame without preamble and FCS; whatever can't be read is payload, with a problem sentence."""
    try:
        ethernet = Header(
            layer=Layer.LINK,
            protocol="Ethernet II",
            octet_offset=0,
            octet_length=ETHERNET_OCTETS,
            fields=name_fields(Ether, ETHERNET, octets, 0, ETHERNET_OCTETS),
        )
    except CutShortError as cut:
        return unread(octets, (), 0, f"The frame ends inside the Ethernet header ({cut}).")
    match ethernet.number("eth.type"):
        case 0x0800:
            return dissect_ipv4(octets, ethernet)
        case 0x0806:
            return _dissect_arp(octets, ethernet)
    return unread(octets, (ethernet,), ETHERNET_OCTETS, "")


def _dissect_arp(octets: bytes, ethernet: Header) -> Dissection:
    end = ETHERNET_OCTETS + ARP_OCTETS
    try:
        fields = name_fields(ARP, ARP_FIELDS, octets, ETHERNET_OCTETS, end)
    except CutShortError as cut:
        return unread(octets, (ethernet,), ETHERNET_OCTETS, f"The frame ends inside the ARP message ({cut}).")
    arp = Header(
        layer=Layer.NETWORK, protocol="ARP", octet_offset=ETHERNET_OCTETS, octet_length=ARP_OCTETS, fields=fields
    )
    return Dissection(headers=(ethernet, arp), payload_offset=end, payload=b"", padding=max(0, len(octets) - end))
