"""What an ICMP message or an extension header is called, and what it is for."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

from layersviz.core.header import Header
from layersviz.core.said import in_a_row, said
from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import name_of

_UNREACHABLE = {
    0: said("network unreachable"),
    1: said("host unreachable"),
    2: said("protocol unreachable"),
    3: said("port unreachable"),
    4: said("packet too big"),
}
_UNREACHABLE_6 = {
    0: said("no route"),
    1: said("prohibited"),
    3: said("address unreachable"),
    4: said("port unreachable"),
}
EXTENSIONS = {
    "IPv6 hop-by-hop options": said("for every router on the way"),
    "IPv6 destination options": said("for the destination alone"),
    "IPv6 routing": said("nodes to pass on the way"),
    "IPv6 fragment": said("which piece of a larger packet this is"),
    "AH": said("proves who sent the packet and that nobody changed it"),
    "GRE": said("a tunnel: it carries another packet as its load"),
    "PPP": said("names the protocol that the connection carries"),
}
"""What each header between IP and the transport is for."""

_LINK_ONLY = tuple(
    ip_network(each)
    for each in (
        *("127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/24", "255.255.255.255/32"),
        *("::1/128", "fe80::/10", "ff01::/16", "ff02::/16"),
    )
)
_ECHOES = {
    "ICMP": {0: "ICMP echo reply", 8: "ICMP echo request"},
    "ICMPv6": {128: "ICMPv6 echo request", 129: "ICMPv6 echo reply"},
}


@lru_cache(maxsize=1024)
def is_link_only(address: str) -> bool:
    """Whether no router passes such a packet on: loopback, link-local, link-wide groups, IPv4's broadcast.

    RFC 6890 section 2.2, RFC 5771 section 4, RFC 4291 sections 2.5.6 and 2.7. False of what is no address.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in _LINK_ONLY)


def is_announcement(arp: Header | None) -> bool:
    """Whether an ARP request or answer tells everyone its sender's own address (RFC 5227 section 3)."""
    if arp is None or arp.protocol != "ARP" or arp.number("arp.opcode") not in (1, 2):
        return False
    owner = arp.text("arp.src.proto_ipv4")
    return bool(owner) and owner == arp.text("arp.dst.proto_ipv4")


def is_probe(arp: Header | None) -> bool:
    """Whether a host that has no address yet asks if the one it would take is free (RFC 5227 section 2.1.1)."""
    return arp is not None and arp.number("arp.opcode") == 1 and arp.text("arp.src.proto_ipv4") == "0.0.0.0"


def carried_by(protocol: str, octets: bytes) -> str:
    """What a packet carries, by its protocol's name and its first octets: 'ICMP echo request', 'UDP to port 53'."""
    if protocol in _ECHOES and octets:
        return _ECHOES[protocol].get(octets[0], protocol)
    if protocol in ("TCP", "UDP") and len(octets) >= 4:
        return said("{protocol} to port {port}", protocol=protocol, port=int.from_bytes(octets[2:4]))
    return protocol


def icmp_type(icmp: Header) -> int:
    return icmp.number(f"{icmp.protocol.lower()}.type")


def icmp_name(icmp: Header) -> str:
    """'ICMP echo request 1', 'ICMP port unreachable', 'ICMPv6 who has fe80::1'."""
    return _icmpv6_name(icmp) if icmp.protocol == "ICMPv6" else _icmpv4_name(icmp)


def _icmpv4_name(icmp: Header) -> str:
    kind, code = icmp_type(icmp), icmp.number("icmp.code")
    if kind in (0, 8) and icmp.field("icmp.seq") is not None:
        return f"ICMP {name_of(icmp.text('icmp.type'))} {icmp.number('icmp.seq')}"
    if kind == 3:
        return said("ICMP {problem}", problem=_UNREACHABLE.get(code, said("destination unreachable")))
    return _by_type(icmp, "icmp.type")


def _icmpv6_name(icmp: Header) -> str:
    kind, code = icmp_type(icmp), icmp.number("icmpv6.code")
    if kind in (128, 129) and icmp.field("icmpv6.echo.sequence_number") is not None:
        return f"ICMPv6 {name_of(icmp.text('icmpv6.type'))} {icmp.number('icmpv6.echo.sequence_number')}"
    if kind == 1:
        return said("ICMPv6 {problem}", problem=_UNREACHABLE_6.get(code, said("destination unreachable")))
    if kind == 135:
        return said("ICMPv6 who has {target_address}", target_address=icmp.text("icmpv6.nd.ns.target_address"))
    if kind == 136:
        return said("ICMPv6 I have {target_address}", target_address=icmp.text("icmpv6.nd.na.target_address"))
    return _by_type(icmp, "icmpv6.type")


def _by_type(icmp: Header, field: str) -> str:
    text = icmp.text(field)
    if not text:
        return icmp.protocol
    name = name_of(text)
    is_known = name not in ("unknown", text)
    return in_a_row(icmp.protocol, name if is_known else said("type {number}", number=icmp.number(field)))


def icmp_clause(scenery: Scenery, icmp: Header) -> str:
    """What the sender does, behind 'the client'."""
    match scenery.kind:
        case Kind.ECHO_REQUEST:
            return said("asks whether the other end is there")
        case Kind.ECHO_REPLY:
            return said("answers that it is there")
        case Kind.ICMP_ERROR:
            return said("reports what became of a packet")
    if icmp.protocol == "ICMPv6" and icmp_type(icmp) in _DISCOVERY:
        return _DISCOVERY[icmp_type(icmp)]
    return said("sends {protocol}", protocol=icmp.protocol)


_DISCOVERY = {135: said("sends a neighbour solicitation"), 136: said("sends a neighbour advertisement")}
"""A question for a neighbour's link address, and its answer (RFC 4861 section 4)."""
