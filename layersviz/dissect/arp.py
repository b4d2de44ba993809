"""ARP (RFC 826) and RARP (RFC 903): one message form, whatever the addresses' lengths."""

from scapy.layers.l2 import ARP

from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.names import ethertype
from layersviz.dissect.reader import Next, Reader
from layersviz.dissect.table import Naming, Table, Words, ipv4, mac, named

_OPERATIONS = {1: said("request"), 2: said("reply"), 3: said("reverse request"), 4: said("reverse reply")}
FIXED = Table.of(
    ARP,
    {
        "hwtype": Naming(name="arp.hw.type", label=said("Hardware type"), meaning=said("1 is Ethernet")),
        "ptype": Naming(
            name="arp.proto.type",
            label=said("Protocol type"),
            text=ethertype,
            meaning=said("addresses of this protocol"),
        ),
        "hwlen": Naming(name="arp.hw.size", label=said("Hardware size"), meaning=said("octets of a MAC address")),
        "plen": Naming(name="arp.proto.size", label=said("Protocol size"), meaning=said("octets of an IP address")),
        "op": Naming(
            name="arp.opcode",
            label=said("Operation"),
            text=named(_OPERATIONS),
            meaning=said("1 asks, 2 answers (RFC 826)"),
        ),
    },
)
_MAC_OCTETS, _IPV4_OCTETS = 6, 4


def dissect_arp(reader: Reader, at: int) -> Next:
    """Who has that IP address?"""
    return _message(reader, "ARP", at)


def dissect_rarp(reader: Reader, at: int) -> Next:
    """Which IP address is mine?"""
    return _message(reader, "RARP", at)


def _message(reader: Reader, protocol: str, at: int) -> Next:
    if reader.end < at + FIXED.octets:
        reader.read(FIXED, Layer.NETWORK, protocol, at)
        return None
    hardware, network = reader.octets[at + 4], reader.octets[at + 5]
    addresses = _addresses(hardware, network)
    end = at + FIXED.octets + addresses.octets
    fields = FIXED.read(reader.octets, at, reader.end) + addresses.read(reader.octets, at + FIXED.octets, reader.end)
    if reader.end < end:
        label = addresses.label_at(reader.end - at - FIXED.octets)
        reader.add(Layer.NETWORK, protocol, at, end - at, fields)
        reader.ends_inside(protocol, said("the {protocol} message ({field})", protocol=protocol, field=label), end)
        return None
    reader.narrow(at, end - at)
    reader.add(Layer.NETWORK, protocol, at, end - at, fields)
    return None


def _addresses(hardware: int, network: int) -> Table:
    known = _TABLES.get((hardware, network))
    return _table(hardware, network) if known is None else known


def _table(hardware: int, network: int) -> Table:
    """The four addresses; those of no length are not there."""
    shown_mac, mac_name = (mac, "hw_mac") if hardware == _MAC_OCTETS else (_octets(hardware), "hw")
    shown_ip, ip_name = (ipv4, "proto_ipv4") if network == _IPV4_OCTETS else (_octets(network), "proto")
    rows = [
        (f"arp.src.{mac_name}", said("Sender MAC"), shown_mac, "", hardware),
        (f"arp.src.{ip_name}", said("Sender IP"), shown_ip, "", network),
        (f"arp.dst.{mac_name}", said("Target MAC"), shown_mac, said("all zero while it is the question"), hardware),
        (f"arp.dst.{ip_name}", said("Target IP"), shown_ip, "", network),
    ]
    return Table(
        (Naming(name=name, label=label, text=text, meaning=meaning, is_number=False), octets * 8)
        for name, label, text, meaning, octets in rows
        if octets
    )


def _octets(count: int) -> Words:
    return lambda value: value.to_bytes(count).hex()


_TABLES = {(_MAC_OCTETS, _IPV4_OCTETS): _table(_MAC_OCTETS, _IPV4_OCTETS)}
