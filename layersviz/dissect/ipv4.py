"""IPv4 (RFC 791) and what it carries: TCP and on."""

from scapy.layers.inet import IP

from layersviz.core.header import Dissection, Header
from layersviz.core.layer import Layer
from layersviz.dissect.tcp import dissect_tcp
from layersviz.dissect.walk import CutShortError, Naming, hexadecimal, name_fields, unread

PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP"}
LEAST_OCTETS = 20


def _flags(value: int) -> str:
    names = [name for bit, name in ((4, "reserved"), (2, "don't fragment"), (1, "more fragments")) if int(value) & bit]
    return ", ".join(names) or "none"


IPV4 = {
    "version": Naming(name="ip.version", label="Version", meaning="4 for IPv4"),
    "ihl": Naming(
        name="ip.hdr_len",
        label="Header length",
        text=lambda words: f"{words} ({words * 4} bytes)",
        meaning="in words of 4 bytes",
    ),
    "tos": Naming(name="ip.dsfield", label="Differentiated services", text=hexadecimal(2), meaning="priority and ECN"),
    "len": Naming(name="ip.len", label="Total length", meaning="bytes of this header and all behind it; the rest pads"),
    "id": Naming(
        name="ip.id",
        label="Identification",
        text=lambda value: f"0x{value:04x} ({value})",
        meaning="tells the fragments of one packet from those of another",
    ),
    "flags": Naming(name="ip.flags", label="Flags", text=_flags, meaning="whether routers may cut this packet"),
    "frag": Naming(name="ip.frag_offset", label="Fragment offset", text=lambda eights: str(eights * 8)),
    "ttl": Naming(name="ip.ttl", label="Time to live", meaning="each router takes 1 off; at 0 the packet is dropped"),
    "proto": Naming(
        name="ip.proto",
        label="Protocol",
        text=lambda value: f"{value} ({PROTOCOLS.get(value, 'unknown')})",
        meaning="what the packet carries",
    ),
    "chksum": Naming(
        name="ip.checksum", label="Header checksum", text=hexadecimal(4), meaning="over this header alone (RFC 1071)"
    ),
    "src": Naming(name="ip.src", label="Source IP", meaning="the host that sent this packet"),
    "dst": Naming(name="ip.dst", label="Destination IP", meaning="the host that shall get it"),
}


def dissect_ipv4(octets: bytes, ethernet: Header) -> Dissection:
    """The packet behind an Ethernet header; what lies behind its total length is padding, not payload."""
    start = ethernet.octet_offset + ethernet.octet_length
    header_octets = (octets[start] & 0x0F) * 4 if len(octets) > start else LEAST_OCTETS
    if header_octets < LEAST_OCTETS:
        return unread(
            octets, (ethernet,), start, f"The IPv4 header says that it is {header_octets} bytes long: too few."
        )
    try:
        fields = name_fields(IP, IPV4, octets, start, start + header_octets)
    except CutShortError as cut:
        return unread(octets, (ethernet,), start, f"The frame ends inside the IPv4 header ({cut}).")
    ip = Header(layer=Layer.NETWORK, protocol="IPv4", octet_offset=start, octet_length=header_octets, fields=fields)
    end = min(len(octets), start + max(ip.number("ip.len"), header_octets))
    packet, padding = octets[:end], len(octets) - end
    if ip.number("ip.proto") == 6 and ip.number("ip.frag_offset") == 0:
        return dissect_tcp(packet, (ethernet, ip), padding)
    return Dissection(
        headers=(ethernet, ip),
        payload_offset=start + header_octets,
        payload=packet[start + header_octets :],
        padding=padding,
    )
