"""What the network layer does at a stop: IP's addresses and fragments, ARP's question, ICMP's message."""

from layersviz.core.header import Header
from layersviz.core.said import glued, in_a_row, joined, recurring, said
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
from layersviz.core.story.words import checksum_sentence, in_bytes, is_dropped, is_group_address, name_of, shown
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
        return said(
            "{names}: {problem}",
            names=_names(scenery),
            problem=scenery.dissection.problem or said("what it carries is not read here."),
        )
    if problem := unread(ip, scenery):
        return problem
    told = _ipv6_down(scenery, ip) if ip.protocol == "IPv6" else _ipv4_down(scenery, ip)
    return glued(_icmp_down(scenery), told, _tunnel(scenery, ip), _extensions(scenery), _fragment(scenery))


def _names(scenery: Scenery) -> str:
    return ", ".join(header.protocol for header in scenery.network_headers)


def _ipv4_down(scenery: Scenery, ip: Header) -> str:
    inner = scenery.behind(ip)
    if scenery.icmp is not None:
        way = said("IP takes it from {src} to {dst}", src=shown(ip, "ip.src"), dst=shown(ip, "ip.dst"))
        return said(
            "{way}: {octet_length} + {inner} = {all} bytes, TTL {ttl}.",
            way=way,
            octet_length=ip.octet_length,
            inner=inner,
            all=ip.octet_length + inner,
            ttl=shown(ip, "ip.ttl"),
        )
    return said(
        "IP addresses the packet from {src} to {dst}: {octet_length} bytes of header + "
        "{inner} of {load} = {all}. {lifetime}",
        src=shown(ip, "ip.src"),
        dst=shown(ip, "ip.dst"),
        octet_length=ip.octet_length,
        inner=inner,
        load=_load(scenery),
        all=ip.octet_length + inner,
        lifetime=_lifetime(scenery, ip),
    )


def _ipv6_down(scenery: Scenery, ip: Header) -> str:
    inner = scenery.behind(ip)
    size = said(
        "{octet_length} + {inner} = {all} bytes", octet_length=ip.octet_length, inner=inner, all=ip.octet_length + inner
    )
    others = said("link and transport have theirs") if scenery.has_bits else said("the transport has one")
    if scenery.icmp is not None:
        way = said("IPv6 takes it from {src} to {dst}", src=shown(ip, "ipv6.src"), dst=shown(ip, "ipv6.dst"))
        return said("{way}: {size}, hop limit {hlim}.", way=way, size=size, hlim=shown(ip, "ipv6.hlim"))
    return said(
        "IPv6 addresses the packet from {src} to {dst}: {size}. {lifetime} It has no checksum of its own: {others}.",
        src=shown(ip, "ipv6.src"),
        dst=shown(ip, "ipv6.dst"),
        size=size,
        lifetime=_lifetime(scenery, ip),
        others=others,
    )


def _lifetime(scenery: Scenery, ip: Header) -> str:
    """What routers do with the TTL; a packet that meets none keeps it."""
    is_ipv4 = ip.protocol == "IPv4"
    name, left = ("TTL", shown(ip, "ip.ttl")) if is_ipv4 else (said("hop limit"), shown(ip, "ipv6.hlim"))
    if scenery.stays_on_host:
        return said("Its {name}, {left}, stays as it is: the packet never leaves this host.", name=name, left=left)
    if _stays_on_link(scenery, ip):
        return said("Its {name}, {left}, stays as it is: no router passes such a packet on.", name=name, left=left)
    if is_ipv4:
        return recurring("Each router takes 1 off the TTL, {left}; at 0 the packet is dropped.", left=left)
    return said("Each router takes 1 off the hop limit, {left}.", left=left)


def _stays_on_link(scenery: Scenery, ip: Header) -> bool:
    """By either address, or because the link carried it to everyone (RFC 1812 section 5.3.4)."""
    name = "ip" if ip.protocol == "IPv4" else "ipv6"
    if is_link_only(shown(ip, f"{name}.src")) or is_link_only(shown(ip, f"{name}.dst")):
        return True
    return scenery.ethernet is not None and scenery.ethernet.text("eth.dst") == BROADCAST


def _load(scenery: Scenery) -> str:
    if scenery.tcp is not None:
        return said("segment")
    if scenery.udp is not None:
        return said("datagram")
    return said("ICMP message") if scenery.icmp is not None else said("load")


def _tunnel(scenery: Scenery, ip: Header) -> str:
    """Where packets travel inside packets."""
    outer = next((each for each in scenery.network_headers if each.protocol in ("IPv4", "IPv6")), ip)
    if outer is ip:
        return ""
    name = "ip" if outer.protocol == "IPv4" else "ipv6"
    return said(
        " It travels inside another packet, from {src} to {dst}.",
        src=shown(outer, f"{name}.src"),
        dst=shown(outer, f"{name}.dst"),
    )


def _extensions(scenery: Scenery) -> str:
    """Each header between IP and the transport, with its purpose."""
    behind_link = scenery.own_headers[len(scenery.link_headers) :]
    seen = dict.fromkeys([header.protocol for header in behind_link])
    return joined(
        "", [said(" {name}: {purpose}.", name=name, purpose=EXTENSIONS[name]) for name in seen if name in EXTENSIONS]
    )


def _fragment(scenery: Scenery) -> str:
    offset = scenery.fragment_offset
    if offset is None:
        return ""
    if offset == 0:
        return said(" This is a fragment, the first piece of a larger packet: the receiver waits for the others.")
    return said(
        " This is a fragment: its {octets} belong at offset {offset} of a larger packet, "
        "whose first piece alone has the header of what it carries.",
        octets=in_bytes(scenery.data_octets),
        offset=offset,
    )


def _waits(scenery: Scenery) -> str:
    """What the receiver does with a piece."""
    if scenery.whole is None:
        waiting = in_bytes(scenery.data_octets)
        return said(
            "A fragment: its {waiting} wait here until all pieces are there, then the whole packet goes up.",
            waiting=waiting,
        )
    whole = in_bytes(len(scenery.whole))
    return said(
        "The last piece to come: with it the {whole} are whole: {whole_carries}. They go up together.",
        whole=whole,
        whole_carries=whole_carries(scenery),
    )


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
            asked = said(
                "{protocol} asks for an echo of {octets}",
                protocol=icmp.protocol,
                octets=in_bytes(scenery.data_octets),
            )
            return said(
                "{asked}: is the other end there, and how far away? It needs no port and no transport layer. ",
                asked=asked,
            )
        case Kind.ECHO_REPLY:
            return said(
                "{protocol} sends back the same {octets}: I am here. ",
                protocol=icmp.protocol,
                octets=in_bytes(scenery.data_octets),
            )
        case Kind.ICMP_ERROR:
            return said(
                "{icmp_name}: {protocol} reports what became of a packet. {quoted}",
                icmp_name=icmp_name(icmp),
                protocol=icmp.protocol,
                quoted=_quoted(scenery),
            )
    return glued(_asked_neighbour(icmp) or said("{icmp_name}. ", icmp_name=icmp_name(icmp)), _discovery(icmp))


def _asked_neighbour(icmp: Header) -> str:
    match icmp.number("icmpv6.type") if icmp.protocol == "ICMPv6" else 0:
        case 135:
            return said("Neighbour solicitation (ICMPv6). ")
        case 136:
            return said("Neighbour advertisement (ICMPv6). ")
    return ""


def _quoted(scenery: Scenery) -> str:
    """Which packet an error speaks of."""
    quoted = [header for header in scenery.dissection.headers if header.quoted]
    ip = next((each for each in quoted if each.protocol in ("IPv4", "IPv6")), None)
    if ip is None:
        return ""
    name = "ip" if ip.protocol == "IPv4" else "ipv6"
    inner = next((each for each in quoted if each.protocol in ("TCP", "UDP")), None)
    about = (
        said(
            " ({protocol} to port {dstport})",
            protocol=inner.protocol,
            dstport=shown(inner, f"{inner.protocol.lower()}.dstport"),
        )
        if inner
        else ""
    )
    way = said("from {src} to {dst}", src=shown(ip, f"{name}.src"), dst=shown(ip, f"{name}.dst"))
    if _quotes_all(scenery, ip):
        return said(
            "It quotes that packet, {way}{about}, so that its sender knows which it was. ", way=way, about=about
        )
    return said(
        "It quotes the beginning of that packet, {way}{about}, so that its sender knows which it was. ",
        way=way,
        about=about,
    )


def _quotes_all(scenery: Scenery, ip: Header) -> bool:
    """Whether the quoted packet is whole, by the length that it names itself."""
    if scenery.icmp is None:
        return False
    whole = ip.number("ip.len") if ip.protocol == "IPv4" else ip.number("ipv6.plen") + ip.octet_length
    return 0 < whole <= scenery.behind(scenery.icmp)


def _discovery(icmp: Header) -> str:
    """Neighbour discovery is to IPv6 what ARP is to IPv4 (RFC 4861)."""
    match icmp.number("icmpv6.type"):
        case 135:
            return said(
                "Who has {target_address}? What ARP is to IPv4, this is to IPv6. ",
                target_address=shown(icmp, "icmpv6.nd.ns.target_address"),
            )
        case 136:
            return said(
                "This tells which MAC address {target_address} has. ",
                target_address=shown(icmp, "icmpv6.nd.na.target_address"),
            )
        case 133 | 134:
            return said("By this a host finds its router and its own address. ")
    return ""


def _arp_down(scenery: Scenery, arp: Header) -> str:
    target, owner = shown(arp, "arp.dst.proto_ipv4"), shown(arp, "arp.src.proto_ipv4")
    opcode = arp.number("arp.opcode")
    if problem := unread(arp, scenery):
        return problem
    if arp.protocol != _ARP or opcode not in (1, 2):
        return _rarp_down(arp)
    if is_announcement(arp):
        return said(
            "ARP announces: {owner} is at {hw_mac}; nobody else shall have this address.",
            owner=owner,
            hw_mac=shown(arp, "arp.src.hw_mac"),
        )
    if opcode == 2:
        return said("ARP answers: {owner} is at {hw_mac}.", owner=owner, hw_mac=shown(arp, "arp.src.hw_mac"))
    if is_probe(arp):
        return said(
            "An ARP probe: does anybody have {target}? The sender would take it, and has no address yet (0.0.0.0).",
            target=target,
        )
    if not scenery.is_on_known_link:
        return said(
            "ARP asks everyone on the link: who has {target}? Tell {owner}, who needs its MAC address to send.",
            target=target,
            owner=owner,
        )
    return said(
        "{waiting}The {sender} has an IP packet for {target} and doesn't know that host's "
        "MAC address. ARP asks everyone on the link: who has {target}? Tell {owner}.",
        waiting=_waiting(scenery),
        sender=scenery.sender.word,
        target=target,
        owner=owner,
    )


def _rarp_down(arp: Header) -> str:
    mac = shown(arp, "arp.dst.hw_mac")
    match arp.number("arp.opcode"):
        case 3:
            return said(
                "{protocol} asks the other way round: which IP address belongs to {mac}?",
                protocol=arp.protocol,
                mac=mac,
            )
        case 4:
            return said(
                "{protocol} answers: {mac} has the IP address {ipv4}.",
                protocol=arp.protocol,
                mac=mac,
                ipv4=shown(arp, "arp.dst.proto_ipv4"),
            )
    return said("{protocol}, operation {opcode}.", protocol=arp.protocol, opcode=shown(arp, "arp.opcode"))


def _waiting(scenery: Scenery) -> str:
    """A client's kernel that asks before its first SYN is in SYN-SENT already: the SYN waits for the answer."""
    if scenery.taken is None or scenery.taken.at(scenery.sender) is not TcpState.SYN_SENT:
        return ""
    return said("connect() was called, TCP is in SYN-SENT, but its SYN has to wait. ")


def network_up(scenery: Scenery) -> str:
    """The receiver's network layer."""
    if (arp := scenery.arp) is not None:
        return _arp_up(scenery, arp)
    ip = scenery.ip
    if ip is None:
        return said(
            "{names}: {problem}",
            names=_names(scenery),
            problem=scenery.dissection.problem or said("what it carries is not read here."),
        )
    name = "ip" if ip.protocol == "IPv4" else "ipv6"
    checked = checksum_sentence(ip, shown(ip, "ip.checksum"), "header", scenery)
    if is_dropped(ip, scenery):
        return checked
    if ip.protocol == "IPv6":
        checked = said("IPv6 has no checksum to check. ")
    if problem := unread(ip, scenery):
        return glued(checked, problem)
    return glued(checked, _for_me(scenery, ip, shown(ip, f"{name}.dst")), _passed_on(scenery, ip, name))


def _for_me(scenery: Scenery, ip: Header, destination: str) -> str:
    is_mine = destination == scenery.receiving_host.ip
    if is_group_address(destination):
        return said("{destination} is a group's address: all its members get this. ", destination=destination)
    if scenery.is_on_known_link:
        if is_mine:
            return recurring("Is it for me? {destination} is mine. ", destination=destination)
        return said("Is it for me? {destination} is not mine. ", destination=destination)
    if not is_mine:
        return said("It is for {destination}. ", destination=destination)
    whose = said("{destination} is the {receiver}'s address", destination=destination, receiver=scenery.receiver.word)
    if not _may_go_further(scenery, ip):
        return said("{whose}. ", whose=whose)
    if scenery.kind in _ASKS:
        return said("{whose}. {on_this_link}", whose=whose, on_this_link=_on_this_link(ip, destination))
    return said("{whose}; routers may lie between. ", whose=whose)


def _may_go_further(scenery: Scenery, ip: Header) -> bool:
    """Whether routers may lie between the link that was captured and the receiver."""
    return not scenery.is_known_to_arrive and not _stays_on_link(scenery, ip)


def _on_this_link(ip: Header, destination: str) -> str:
    """What a capture can't show of a packet that nothing has answered yet."""
    name, left = ("TTL", "ip.ttl") if ip.protocol == "IPv4" else (said("hop limit"), "ipv6.hlim")
    if ip.field(left) is not None and ip.number(left) <= 1:
        return said(
            "The capture shows the packet on this link only: with {name} {number} a router drops "
            "it, so only an answer can tell whether {destination} got it. ",
            name=name,
            number=ip.number(left),
            destination=destination,
        )
    return said(
        "The capture shows the packet on this link, and routers may lie behind it: that it "
        "came all the way to {destination}, only an answer can tell. ",
        destination=destination,
    )


def _passed_on(scenery: Scenery, ip: Header, name: str) -> str:
    if (icmp := scenery.icmp) is not None:
        return _icmp_up(scenery, icmp)
    if scenery.fragment_offset is not None and scenery.tcp is None and scenery.udp is None:
        return _waits(scenery)
    if scenery.tcp is None and scenery.udp is None:
        carried = name_of(shown(ip, "ip.proto" if name == "ip" else "ipv6.nxt"))
        return in_a_row(said("It carries {carried}.", carried=carried), scenery.dissection.problem)
    if name == "ip":
        return recurring("Protocol {proto} is next; the IP header comes off.", proto=shown(ip, "ip.proto"))
    return said("{protocol} is next; the IPv6 headers come off.", protocol="TCP" if scenery.tcp else "UDP")


def _icmp_up(scenery: Scenery, icmp: Header) -> str:
    checked = checksum_sentence(icmp, shown(icmp, f"{icmp.protocol.lower()}.checksum"), "message", scenery)
    if is_dropped(icmp, scenery):
        return checked
    match scenery.kind:
        case Kind.ECHO_REQUEST:
            answers = (
                said(
                    "There {protocol} itself answers an echo request: no application is asked.", protocol=icmp.protocol
                )
                if scenery.ip is not None and _may_go_further(scenery, scenery.ip)
                else said("{protocol} itself answers an echo request: no application is asked.", protocol=icmp.protocol)
            )
            return glued(checked, answers)
        case Kind.ECHO_REPLY:
            return said(
                "{checked}The echo has come: the other end is there. The program that asked is told.", checked=checked
            )
        case Kind.ICMP_ERROR:
            return glued(checked, _error_up(scenery))
    return said("{checked}{protocol} takes the message itself.", checked=checked, protocol=icmp.protocol)


def _error_up(scenery: Scenery) -> str:
    """IP hands an error up to the transport that sent the quoted packet (RFC 1122 sections 3.2.2.1 and 4.1.3.3)."""
    quoted = next((each for each in scenery.dissection.headers if each.quoted and each.protocol in _PORTS), None)
    if quoted is None:
        return said("The quoted packet tells whose error this is: that program's socket gets it.")
    return said(
        "By the quoted ports {protocol} finds the socket that sent the packet, and reports the error to its program.",
        protocol=quoted.protocol,
    )


_PORTS = ("TCP", "UDP")


def _arp_up(scenery: Scenery, arp: Header) -> str:
    owner, mac = shown(arp, "arp.src.proto_ipv4"), shown(arp, "arp.src.hw_mac")
    if problem := unread(arp, scenery):
        return problem
    if is_announcement(arp):
        return said("Nobody is to answer: who hears this can note that {owner} is at {mac}.", owner=owner, mac=mac)
    if arp.protocol != _ARP or arp.number("arp.opcode") not in (1, 2):
        return said("{protocol} reads: {owner} is at {mac}.", protocol=arp.protocol, owner=owner, mac=mac)
    target = shown(arp, "arp.dst.proto_ipv4")
    if is_probe(arp):
        return said("Who has {target} objects; where nobody does, the address is free.", target=target)
    if not scenery.is_on_known_link:
        asks = arp.number("arp.opcode") == 1
        noted = said("Who hears this can note: {owner} is at {mac}.", owner=owner, mac=mac)
        return in_a_row(said("Who has {target} answers.", target=target), noted) if asks else noted
    if arp.number("arp.opcode") == 1:
        return said(
            "{target} is me: I shall answer. I note in my cache: {owner} is at {mac}.",
            target=target,
            owner=owner,
            mac=mac,
        )
    return said(
        "The {receiver} notes in its ARP cache: {owner} is at {mac}. The packet that waited can leave.",
        receiver=scenery.receiver.word,
        owner=owner,
        mac=mac,
    )
