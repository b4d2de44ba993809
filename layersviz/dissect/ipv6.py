"""IPv6's fixed header (RFC 8200 section 3). Extension headers have a module of their own."""

from scapy.layers.inet6 import IPv6

from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.names import IP_PROTOCOLS
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal, ipv6, named

FIELDS = Table.of(
    IPv6,
    {
        "version": Naming(name="ipv6.version", label=said("Version"), meaning=said("6 for IPv6")),
        "tc": Naming(
            name="ipv6.tclass", label=said("Traffic class"), text=hexadecimal(2), meaning=said("priority and ECN")
        ),
        "fl": Naming(
            name="ipv6.flow",
            label=said("Flow label"),
            text=hexadecimal(5),
            meaning=said("the same for all packets of one flow"),
        ),
        "plen": Naming(
            name="ipv6.plen",
            label=said("Payload length"),
            meaning=said("bytes behind this header; what lies behind them pads"),
        ),
        "nh": Naming(
            name="ipv6.nxt",
            label=said("Next header"),
            text=named(IP_PROTOCOLS),
            meaning=said("what follows: an extension header, or what the packet carries"),
        ),
        "hlim": Naming(
            name="ipv6.hlim",
            label=said("Hop limit"),
            meaning=said("each router takes 1 off; at 0 the packet is dropped"),
        ),
        "src": Naming(
            name="ipv6.src",
            label=said("Source IP"),
            text=ipv6,
            is_number=False,
            meaning=said("the host that sent this packet"),
        ),
        "dst": Naming(
            name="ipv6.dst",
            label=said("Destination IP"),
            text=ipv6,
            is_number=False,
            meaning=said("the host that shall get it"),
        ),
    },
)
VERSION = 6
HOP_BY_HOP = 0


def dissect_ipv6(reader: Reader, at: int) -> Next:
    """The packet's header; what lies behind its payload length is padding, not payload."""
    version = reader.octets[at] >> 4 if reader.end > at else VERSION
    if version != VERSION and reader.quoted:
        return None
    if version != VERSION:
        reader.doubt(
            "IPv6 version",
            said("The packet says that it is IP version {version}, not {wanted}.", version=version, wanted=VERSION),
        )
        return None
    if not reader.read(FIELDS, Layer.NETWORK, "IPv6", at):
        return None
    payload_octets, following = int.from_bytes(reader.octets[at + 4 : at + 6]), reader.octets[at + 6]
    reader.narrow(at + FIELDS.octets, payload_octets)
    if payload_octets == 0 and following == HOP_BY_HOP:
        sentence = said("The IPv6 payload length is 0, but a hop-by-hop header follows: we don't read jumbograms.")
        reader.doubt("IPv6", sentence)
    reader.addresses = reader.octets[at + 8 : at + FIELDS.octets]
    return Space.IP, following, at + FIELDS.octets
