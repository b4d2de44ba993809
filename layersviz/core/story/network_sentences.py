"""What the network layer does at a stop: IP's addresses and fragments, ARP's question, ICMP's message."""

from layersviz.core.header import Header
from layersviz.core.story.cut_headers import unread
from layersviz.core.story.kind import Kind
from layersviz.core.story.network_words import (
    EXTENSIONS,
    carried_by,
    icmp_name,
    is_announcement,
    is_link_only,
    is_probe,
)
from layersviz.core.story.scenery import BROADCAST, Scenery
from layersviz.core.story.words import checksum_sentence, counted, is_dropped, is_group_address, name_of, shown
from layersviz.core.tcp_state import TcpState

_ARP = "ARP"
_ASKS = frozenset({Kind.ECHO_REQUEST, Kind.DNS_QUERY, Kind.DATAGRAM})
"""Whether these came all the way is told by their answer alone."""


def network_down(scenery: Scenery) -> str:
    """The sender's network layer."""
    if (arp := scenery.arp) is not None:
        return _arp_down(scenery, arp)
    ip = scenery.ip
    if ip is None:
        return f"{_names(scenery)}: {scenery.dissection.problem or 'what it carries is not read here.'}"
    if problem := unread(ip, scenery):
        return problem
    said = _ipv6_down(scenery, ip) if ip.protocol == "IPv6" else _ipv4_down(scenery, ip)
    return f"{_icmp_down(scenery)}{said}{_tunnel(scenery, ip)}{_extensions(scenery)}{_fragment(scenery)}"


def _names(scenery: Scenery) -> str:
    return ", ".join(header.protocol for header in scenery.network_headers)


def _ipv4_down(scenery: Scenery, ip: Header) -> str:
    inner = scenery.behind(ip)
    if scenery.icmp is not None:
        way = f"IP takes it from {shown(ip, 'ip.src')} to {shown(ip, 'ip.dst')}"
        return f"{way}: {ip.octet_length} + {inner} = {ip.octet_length + inner} bytes, TTL {shown(ip, 'ip.ttl')}."
    return (
        f"IP addresses the packet from {shown(ip, 'ip.src')} to {shown(ip, 'ip.dst')}: "
        f"{ip.octet_length} bytes of header + {inner} of {_load(scenery)} = {ip.octet_length + inner}. "
        f"{_lifetime(scenery, ip)}"
    )


def _ipv6_down(scenery: Scenery, ip: Header) -> str:
    inner = scenery.behind(ip)
    size = f"{ip.octet_length} + {inner} = {ip.octet_length + inner} bytes"
    others = "link and transport have theirs" if scenery.has_bits else "the transport has one"
    if scenery.icmp is not None:
        way = f"IPv6 takes it from {shown(ip, 'ipv6.src')} to {shown(ip, 'ipv6.dst')}"
        return f"{way}: {size}, hop limit {shown(ip, 'ipv6.hlim')}."
    return (
        f"IPv6 addresses the packet from {shown(ip, 'ipv6.src')} to {shown(ip, 'ipv6.dst')}: {size}. "
        f"{_lifetime(scenery, ip)} It has no checksum of its own: {others}."
    )


def _lifetime(scenery: Scenery, ip: Header) -> str:
    """What routers do with the TTL; a packet that meets none keeps it."""
    is_ipv4 = ip.protocol == "IPv4"
    name, left = ("TTL", shown(ip, "ip.ttl")) if is_ipv4 else ("hop limit", shown(ip, "ipv6.hlim"))
    if scenery.stays_on_host:
        return f"Its {name}, {left}, stays as it is: the packet never leaves this host."
    if _stays_on_link(scenery, ip):
        return f"Its {name}, {left}, stays as it is: no router passes such a packet on."
    if is_ipv4:
        return f"Each router takes 1 off the TTL, {left}; at 0 the packet is dropped."
    return f"Each router takes 1 off the hop limit, {left}."


def _stays_on_link(scenery: Scenery, ip: Header) -> bool:
    """By either address, or because the link carried it to everyone (RFC 1812 section 5.3.4)."""
    name = "ip" if ip.protocol == "IPv4" else "ipv6"
    if is_link_only(shown(ip, f"{name}.src")) or is_link_only(shown(ip, f"{name}.dst")):
        return True
    return scenery.ethernet is not None and scenery.ethernet.text("eth.dst") == BROADCAST


def _load(scenery: Scenery) -> str:
    if scenery.tcp is not None:
        return "segment"
    if scenery.udp is not None:
        return "datagram"
    return "ICMP message" if scenery.icmp is not None else "load"


def _tunnel(scenery: Scenery, ip: Header) -> str:
    """Where packets travel inside packets."""
    outer = next((each for each in scenery.network_headers if each.protocol in ("IPv4", "IPv6")), ip)
    if outer is ip:
        return ""
    name = "ip" if outer.protocol == "IPv4" else "ipv6"
    return f" It travels inside another packet, from {shown(outer, f'{name}.src')} to {shown(outer, f'{name}.dst')}."


def _extensions(scenery: Scenery) -> str:
    """Each header between IP and the transport, with its purpose."""
    behind_link = scenery.own_headers[len(scenery.link_headers) :]
    seen = dict.fromkeys([header.protocol for header in behind_link])
    return "".join(f" {name}: {EXTENSIONS[name]}." for name in seen if name in EXTENSIONS)


def _fragment(scenery: Scenery) -> str:
    offset = scenery.fragment_offset
    if offset is None:
        return ""
    if offset == 0:
        return " This is a fragment, the first piece of a larger packet: the receiver waits for the others."
    return (
        f" This is a fragment: its {counted(scenery.data_octets, 'byte')} belong at offset {offset} of a larger "
        "packet, whose first piece alone has the header of what it carries."
    )


def _waits(scenery: Scenery) -> str:
    """What the receiver does with a piece."""
    if scenery.whole is None:
        waiting = counted(scenery.data_octets, "byte")
        return f"A fragment: its {waiting} wait here until all pieces are there, then the whole packet goes up."
    whole = counted(len(scenery.whole), "byte")
    return f"The last piece to come: with it the {whole} are whole: {whole_carries(scenery)}. They go up together."


def whole_carries(scenery: Scenery) -> str:
    """What the packet carries that the pieces make up; empty where they don't yet."""
    ip = scenery.ip
    if ip is None or scenery.whole is None:
        return ""
    fragment = scenery.dissection.header("IPv6 fragment")
    protocol = ip.text("ip.proto") if fragment is None else fragment.text("ipv6.fraghdr.nxt")
    return carried_by(name_of(protocol), scenery.whole)


def _icmp_down(scenery: Scenery) -> str:
    icmp = scenery.icmp
    if icmp is None:
        return ""
    match scenery.kind:
        case Kind.ECHO_REQUEST:
            asked = f"{icmp.protocol} asks for an echo of {counted(scenery.data_octets, 'byte')}"
            return f"{asked}: is the other end there, and how far away? It needs no port and no transport layer. "
        case Kind.ECHO_REPLY:
            return f"{icmp.protocol} sends back the same {counted(scenery.data_octets, 'byte')}: I am here. "
        case Kind.ICMP_ERROR:
            return f"{icmp_name(icmp)}: {icmp.protocol} reports what became of a packet. {_quoted(scenery)}"
    return f"{icmp_name(icmp)}. {_discovery(icmp)}"


def _quoted(scenery: Scenery) -> str:
    """Which packet an error speaks of."""
    quoted = [header for header in scenery.dissection.headers if header.quoted]
    ip = next((each for each in quoted if each.protocol in ("IPv4", "IPv6")), None)
    if ip is None:
        return ""
    name = "ip" if ip.protocol == "IPv4" else "ipv6"
    inner = next((each for each in quoted if each.protocol in ("TCP", "UDP")), None)
    about = f" ({inner.protocol} to port {shown(inner, f'{inner.protocol.lower()}.dstport')})" if inner else ""
    way = f"from {shown(ip, f'{name}.src')} to {shown(ip, f'{name}.dst')}"
    return f"It quotes the beginning of that packet, {way}{about}, so that its sender knows which it was. "


def _discovery(icmp: Header) -> str:
    """Neighbour discovery is to IPv6 what ARP is to IPv4 (RFC 4861)."""
    match icmp.number("icmpv6.type"):
        case 135:
            return f"Who has {shown(icmp, 'icmpv6.nd.ns.target_address')}? What ARP is to IPv4, this is to IPv6. "
        case 136:
            return f"This tells which MAC address {shown(icmp, 'icmpv6.nd.na.target_address')} has. "
        case 133 | 134:
            return "By this a host finds its router and its own address. "
    return ""


def _arp_down(scenery: Scenery, arp: Header) -> str:
    target, owner = shown(arp, "arp.dst.proto_ipv4"), shown(arp, "arp.src.proto_ipv4")
    opcode = arp.number("arp.opcode")
    if problem := unread(arp, scenery):
        return problem
    if arp.protocol != _ARP or opcode not in (1, 2):
        return _rarp_down(arp)
    if is_announcement(arp):
        return f"ARP announces: {owner} is at {shown(arp, 'arp.src.hw_mac')}; nobody else shall have this address."
    if opcode == 2:
        return f"ARP answers: {owner} is at {shown(arp, 'arp.src.hw_mac')}."
    if is_probe(arp):
        return f"An ARP probe: does anybody have {target}? The sender would take it, and has no address yet (0.0.0.0)."
    if not scenery.is_on_known_link:
        return f"ARP asks everyone on the link: who has {target}? Tell {owner}, who needs its MAC address to send."
    return (
        f"{_waiting(scenery)}The {scenery.sender} has an IP packet for {target} "
        "and doesn't know that host's MAC address. "
        f"ARP asks everyone on the link: who has {target}? Tell {owner}."
    )


def _rarp_down(arp: Header) -> str:
    mac = shown(arp, "arp.dst.hw_mac")
    match arp.number("arp.opcode"):
        case 3:
            return f"{arp.protocol} asks the other way round: which IP address belongs to {mac}?"
        case 4:
            return f"{arp.protocol} answers: {mac} has the IP address {shown(arp, 'arp.dst.proto_ipv4')}."
    return f"{arp.protocol}, operation {shown(arp, 'arp.opcode')}."


def _waiting(scenery: Scenery) -> str:
    """A client's kernel that asks before its first SYN is in SYN-SENT already: the SYN waits for the answer."""
    if scenery.taken is None or scenery.taken.at(scenery.sender) is not TcpState.SYN_SENT:
        return ""
    return "connect() was called, TCP is in SYN-SENT, but its SYN has to wait. "


def network_up(scenery: Scenery) -> str:
    """The receiver's network layer."""
    if (arp := scenery.arp) is not None:
        return _arp_up(scenery, arp)
    ip = scenery.ip
    if ip is None:
        return f"{_names(scenery)}: {scenery.dissection.problem or 'what it carries is not read here.'}"
    name = "ip" if ip.protocol == "IPv4" else "ipv6"
    checked = checksum_sentence(ip, shown(ip, "ip.checksum"), "header", scenery)
    if is_dropped(ip, scenery):
        return checked
    if ip.protocol == "IPv6":
        checked = "IPv6 has no checksum to check. "
    if problem := unread(ip, scenery):
        return f"{checked}{problem}"
    return f"{checked}{_for_me(scenery, ip, shown(ip, f'{name}.dst'))}{_passed_on(scenery, ip, name)}"


def _for_me(scenery: Scenery, ip: Header, destination: str) -> str:
    is_mine = destination == scenery.receiving_host.ip
    if is_group_address(destination):
        return f"{destination} is a group's address: all its members get this. "
    if scenery.is_on_known_link:
        return f"Is it for me? {destination} is {'mine' if is_mine else 'not mine'}. "
    if not is_mine:
        return f"It is for {destination}. "
    whose = f"{destination} is the {scenery.receiver}'s address"
    if not _may_go_further(scenery, ip):
        return f"{whose}. "
    if scenery.kind in _ASKS:
        return f"{whose}. {_on_this_link(ip, destination)}"
    return f"{whose}; routers may lie between. "


def _may_go_further(scenery: Scenery, ip: Header) -> bool:
    """Whether routers may lie between the link that was captured and the receiver."""
    return not scenery.is_known_to_arrive and not _stays_on_link(scenery, ip)


def _on_this_link(ip: Header, destination: str) -> str:
    """What a capture can't show of a packet that nothing has answered yet."""
    name, left = ("TTL", "ip.ttl") if ip.protocol == "IPv4" else ("hop limit", "ipv6.hlim")
    if ip.field(left) is not None and ip.number(left) <= 1:
        return (
            f"The capture shows the packet on this link only: with {name} {ip.number(left)} a router drops it, "
            f"so only an answer can tell whether {destination} got it. "
        )
    return (
        "The capture shows the packet on this link, and routers may lie behind it: "
        f"that it came all the way to {destination}, only an answer can tell. "
    )


def _passed_on(scenery: Scenery, ip: Header, name: str) -> str:
    if (icmp := scenery.icmp) is not None:
        return _icmp_up(scenery, icmp)
    if scenery.fragment_offset is not None and scenery.tcp is None and scenery.udp is None:
        return _waits(scenery)
    if scenery.tcp is None and scenery.udp is None:
        carried = name_of(shown(ip, "ip.proto" if name == "ip" else "ipv6.nxt"))
        return f"It carries {carried}. {scenery.dissection.problem}".strip()
    if name == "ip":
        return f"Protocol {shown(ip, 'ip.proto')} is next; the IP header comes off."
    return f"{'TCP' if scenery.tcp else 'UDP'} is next; the IPv6 headers come off."


def _icmp_up(scenery: Scenery, icmp: Header) -> str:
    checked = checksum_sentence(icmp, shown(icmp, f"{icmp.protocol.lower()}.checksum"), "message", scenery)
    if is_dropped(icmp, scenery):
        return checked
    match scenery.kind:
        case Kind.ECHO_REQUEST:
            there = "There " if scenery.ip is not None and _may_go_further(scenery, scenery.ip) else ""
            return f"{checked}{there}{icmp.protocol} itself answers an echo request: no application is asked."
        case Kind.ECHO_REPLY:
            return f"{checked}The echo has come: the other end is there. The program that asked is told."
        case Kind.ICMP_ERROR:
            return f"{checked}The quoted packet tells whose error this is: that program's socket gets it."
    return f"{checked}{icmp.protocol} takes the message itself."


def _arp_up(scenery: Scenery, arp: Header) -> str:
    owner, mac = shown(arp, "arp.src.proto_ipv4"), shown(arp, "arp.src.hw_mac")
    if problem := unread(arp, scenery):
        return problem
    if is_announcement(arp):
        return f"Nobody is to answer: who hears this can note that {owner} is at {mac}."
    if arp.protocol != _ARP or arp.number("arp.opcode") not in (1, 2):
        return f"{arp.protocol} reads: {owner} is at {mac}."
    target = shown(arp, "arp.dst.proto_ipv4")
    if is_probe(arp):
        return f"Who has {target} objects; where nobody does, the address is free."
    if not scenery.is_on_known_link:
        asks = arp.number("arp.opcode") == 1
        return f"{f'Who has {target} answers. ' if asks else ''}Who hears this can note: {owner} is at {mac}."
    if arp.number("arp.opcode") == 1:
        return f"{target} is me: I shall answer. I note in my cache: {owner} is at {mac}."
    return f"The {scenery.receiver} notes in its ARP cache: {owner} is at {mac}. The packet that waited can leave."
