"""frame.protocols: the path of Wireshark's dissectors through a frame, by their short names.

Above TCP and UDP Wireshark goes by port numbers, and we do not: down to them the two agree.
"""

from itertools import pairwise

from layersviz.core.header import Dissection, FaultKind, Header
from layersviz.core.packet import LinkType, Packet
from layersviz.dissect.cooked import LINUX_LLC
from layersviz.dissect.names import PPP_PROTOCOLS

PROTOCOLS = {
    "Ethernet II": "eth:ethertype",
    "IEEE 802.3": "eth",
    "Ethernet": "eth",
    "802.1Q": "vlan:ethertype",
    "802.1ad": "ieee8021ad:ethertype",
    "LLC": "llc",
    "SNAP": "",
    "Loopback": "null",
    "Linux cooked": "sll:ethertype",
    "Linux cooked 2": "sll:ethertype",
    "PPPoE discovery": "pppoed",
    "PPPoE tags": "",
    "PPPoE session": "pppoes",
    "PPP": "ppp",
    "ARP": "arp",
    "RARP": "arp",
    "IPv4": "ip",
    "IPv6": "ipv6",
    "IPv6 hop-by-hop options": "ipv6.hopopts",
    "IPv6 destination options": "ipv6.dstopts",
    "IPv6 routing": "ipv6.routing",
    "IPv6 fragment": "ipv6.fraghdr",
    "AH": "ah",
    "ICMP": "icmp",
    "ICMPv6": "icmpv6",
    "TCP": "tcp",
    "UDP": "udp",
    "DNS": "dns",
    "HTTP": "http",
}


def protocols(packet: Packet, dissection: Dissection) -> str:
    """The path of dissectors as frame.protocols has it; above TCP and UDP Wireshark goes by port numbers."""
    names = [_name(header) for header in dissection.headers]
    for place, (outer, inner) in enumerate(pairwise(dissection.headers), start=1):
        if inner.protocol == "IPv6" and 0x0800 in (outer.number("eth.type"), outer.number("vlan.etype")):
            names[place] = "ip:ipv6"
    if names[:1] == ["eth:ethertype"] and _is_bare(dissection):
        names[0] = "eth"
    if packet.link_type == LinkType.RAW:
        names.insert(0, "raw")
    if packet.link_type == LinkType.IPV4 and names[:1] == ["ipv6"]:
        names.insert(0, "ip")
    if dissection.faults and dissection.headers and dissection.faults[0].protocol == dissection.headers[-1].protocol:
        names[-1] = names[-1].partition(":")[0]
    names += _headless(dissection)
    if behind := _behind(packet, dissection):
        names.append(behind)
    return ":".join(name for name in names if name)


def _is_bare(dissection: Dissection) -> bool:
    """Whether no dissector takes what lies behind the Ethernet header, because there is nothing, or by its type."""
    kind = dissection.headers[0].field("eth.type")
    is_empty = len(dissection.headers) == 1 and not dissection.faults and not dissection.payload
    return kind is None or kind.number == _HELD or is_empty


def _name(header: Header) -> str:
    """A header's dissector; where a length stands in place of an EtherType, without the one that follows types."""
    name = PROTOCOLS.get(header.protocol, header.protocol.lower())
    has_length = header.field("vlan.len") is not None or header.number("sll.etype") == LINUX_LLC
    return name.partition(":")[0] if has_length else name


def _headless(dissection: Dissection) -> list[str]:
    """The dissector that found no octet of its header."""
    stopped = [fault.protocol for fault in dissection.faults if fault.kind is not FaultKind.CONTRADICTORY][:1]
    if not dissection.headers or not stopped or stopped[0] == dissection.headers[-1].protocol:
        return []
    return [PROTOCOLS[name].partition(":")[0] for name in stopped if name in PROTOCOLS]


def _behind(packet: Packet, dissection: Dissection) -> str:
    """What stands for octets that no header took: the name of PPP's payload, or 'data'."""
    last = dissection.headers[-1] if dissection.headers else None
    if last is not None and last.number("eth.type") == _HELD:
        return ""
    if last is None or (dissection.faults and dissection.faults[0].protocol != "IPv6 version"):
        return "" if last is not None else _FIRST.get(packet.link_type, "")
    if last.protocol == "PPP":
        return PPP_PROTOCOLS.get(last.number("ppp.protocol"), "data").lower()
    if last.protocol in ("IPv4", "IPv6") and (name := _carried_by_ip(last)):
        return name
    if last.protocol == "LLC" and last.number("llc.dsap") in _LLC:
        return _LLC[last.number("llc.dsap")]
    is_silent = last.protocol in _SILENT or (last.protocol == "ICMPv6" and last.number("icmpv6.type") not in _ECHO)
    end = last.octet_offset + last.octet_length
    return "data" if not is_silent and dissection.payload_offset + len(dissection.payload) > end else ""


def _carried_by_ip(last: Header) -> str:
    is_fragment = last.number("ip.frag_offset") or last.number("ip.flags") & 1
    return "" if is_fragment else _IP_NAMES.get(last.number("ip.proto") or last.number("ipv6.nxt"), "")


_IP_NAMES = {2: "igmp", 50: "esp", 89: "ospf", 103: "pim", 112: "vrrp", 115: "l2tp", 132: "sctp"}
_HELD = 0xAAAA
"""An EtherType whose dissector adds nothing to the tree."""
_FIRST: dict[int, str] = {
    LinkType.ETHERNET: "eth",
    LinkType.NULL: "null",
    LinkType.LOOP: "null",
    LinkType.LINUX_SLL: "sll",
    LinkType.LINUX_SLL2: "sll",
    LinkType.RAW: "data",
}
_LLC = {0x42: "stp", 0xE0: "ipx", 0xF0: "netbios"}
_ECHO = (128, 129)
_SILENT = frozenset({"ARP", "RARP", "PPPoE discovery", "PPPoE tags", "DNS", "NBNS", "DHCP"})
