"""The values that the sender's network layer and link write: addresses, lifetimes, fragments, tags."""

from collections.abc import Iterator

from layersviz.core.header import Header
from layersviz.core.journey import Line, Mark
from layersviz.core.said import joined, recurring, said
from layersviz.core.story import labels
from layersviz.core.story.cut_headers import has_no_addresses, is_cut_off, least_octets
from layersviz.core.story.medium import Medium
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import shown, state_change

_MOST_HEADERS = 12
"""Of so many headers of one layer each is shown."""
_ICMP_FIELDS = frozenset({"type", "code", "seq", "ident", "echo.sequence_number", "echo.identifier", "mtu"})


def packet_lines(scenery: Scenery) -> Iterator[Line]:
    """What the network layer writes."""
    if (arp := scenery.arp) is not None:
        yield from _arp(scenery, arp)
        return
    if (icmp := scenery.icmp) is not None:
        yield from icmp_lines(scenery, icmp)
    if (ip := scenery.ip) is not None and has_no_addresses(ip):
        yield from _inner(ip, scenery.origin)
        yield _size(scenery, ip)
    elif ip is not None:
        yield from _ipv4(scenery, ip) if ip.protocol == "IPv4" else _ipv6(scenery, ip)
    for header in scenery.network_headers[:_MOST_HEADERS]:
        if header is not scenery.ip and header is not scenery.icmp:
            yield Line(label=header.protocol, text=_summary(header), mark=scenery.origin)


def _summary(header: Header) -> str:
    """A header between IP and the transport in one line: its length, and what tells most of it."""
    told = [field.text for field in header.fields if field.name in _TOLD]
    return joined(", ", [*told, recurring("{octets} bytes", octets=header.octet_length)])


_TOLD = frozenset(
    {
        *("ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "gre.proto", "ppp.protocol"),
        *("ipv6.hopopts.nxt", "ipv6.dstopts.nxt", "ipv6.routing.nxt", "ipv6.fraghdr.nxt", "ah.next_header"),
    }
)


def icmp_lines(scenery: Scenery, icmp: Header) -> Iterator[Line]:
    """The message's own fields, without its checksum."""
    prefix = f"{icmp.protocol.lower()}."
    for field in icmp.fields:
        name = field.name.removeprefix(prefix)
        if name in _ICMP_FIELDS or name.endswith("_address"):
            yield Line(label=field.label, text=field.text, mark=scenery.origin)


def _arp(scenery: Scenery, arp: Header) -> Iterator[Line]:
    origin = scenery.origin
    if has_no_addresses(arp):
        yield from _inner(arp, origin)
        return
    yield Line(label=labels.OPERATION, text=shown(arp, "arp.opcode"), mark=origin)
    yield Line(label=labels.SENDER_IP, text=shown(arp, "arp.src.proto_ipv4"), mark=origin)
    yield Line(label=labels.SENDER_MAC, text=shown(arp, "arp.src.hw_mac"), mark=origin)
    yield Line(label=labels.TARGET_IP, text=shown(arp, "arp.dst.proto_ipv4"), mark=origin)
    yield Line(label=labels.TARGET_MAC, text=shown(arp, "arp.dst.hw_mac"), mark=origin)
    yield Line(label=labels.SIZE, text=recurring("{octets} bytes", octets=arp.octet_length), mark=Mark.PLAIN)
    if change := state_change(scenery, scenery.sender):
        yield change


def _ipv4(scenery: Scenery, ip: Header) -> Iterator[Line]:
    origin = scenery.origin
    yield Line(label=labels.FROM, text=shown(ip, "ip.src"), mark=origin)
    yield Line(label=labels.TO, text=shown(ip, "ip.dst"), mark=origin)
    yield Line(label="TTL", text=shown(ip, "ip.ttl"), mark=origin)
    yield Line(label=labels.PROTOCOL, text=shown(ip, "ip.proto"), mark=origin)
    yield Line(label=labels.IDENTIFICATION, text=shown(ip, "ip.id"), mark=origin)
    yield Line(label=labels.CHECKSUM, text=shown(ip, "ip.checksum"), mark=origin)
    yield Line(label=labels.FLAGS, text=shown(ip, "ip.flags"), mark=origin)
    if ip.number("ip.frag_offset"):
        yield Line(label=labels.FRAGMENT_OFFSET, text=shown(ip, "ip.frag_offset"), mark=origin)
    if options := [field.label for field in ip.fields if field.name in ("ip.opt.type", "ip.opt.malformed")]:
        yield Line(label=labels.OPTIONS, text=joined(", ", options), mark=origin)
    yield _size(scenery, ip)


def _ipv6(scenery: Scenery, ip: Header) -> Iterator[Line]:
    origin = scenery.origin
    yield Line(label=labels.FROM, text=shown(ip, "ipv6.src"), mark=origin)
    yield Line(label=labels.TO, text=shown(ip, "ipv6.dst"), mark=origin)
    yield Line(label=labels.HOP_LIMIT, text=shown(ip, "ipv6.hlim"), mark=origin)
    yield Line(label=labels.NEXT_HEADER, text=shown(ip, "ipv6.nxt"), mark=origin)
    yield Line(label=labels.FLOW_LABEL, text=shown(ip, "ipv6.flow"), mark=origin)
    if scenery.fragment_offset is not None:
        yield Line(label=labels.FRAGMENT_OFFSET, text=str(scenery.fragment_offset), mark=origin)
    yield _size(scenery, ip)


def _size(scenery: Scenery, header: Header) -> Line:
    """Header and load; where the header itself is not whole, as much of it as there is."""
    octets, inner = header.octet_length, scenery.behind(header)
    if is_cut_off(header, scenery):
        return Line(
            label=labels.HEADER,
            text=recurring("{octets} of {least} bytes", octets=octets, least=least_octets(header)),
            mark=scenery.origin,
        )
    return Line(
        label=labels.SIZE,
        text=recurring("{header} + {data} = {all} bytes", header=octets, data=inner, all=octets + inner),
        mark=Mark.PLAIN,
    )


def frame_lines(scenery: Scenery) -> Iterator[Line]:
    """What the link writes, or what stands in the capture in its place."""
    ethernet, origin = scenery.ethernet, scenery.origin
    if ethernet is not None and is_cut_off(ethernet, scenery):
        yield _size(scenery, ethernet)
        yield from _inner(ethernet, origin)
        return
    if ethernet is not None:
        yield Line(label=labels.TO, text=shown(ethernet, "eth.dst"), mark=origin)
        yield Line(label=labels.FROM, text=shown(ethernet, "eth.src"), mark=origin)
        yield _type(ethernet, origin)
    for header in scenery.link_headers[1 if ethernet is not None else 0 : _MOST_HEADERS]:
        yield from _inner(header, origin)
    if scenery.has_bits:
        yield Line(label="FCS", text=said("0x{crc:08x} (CRC-32)", crc=scenery.crc), mark=Mark.COMPUTED)
    elif ethernet is not None and scenery.medium in _NO_CARD:
        yield Line(label=labels.ADDRESSES, text=_NO_CARD[scenery.medium], mark=Mark.PLAIN)
    if ethernet is not None:
        inner = scenery.frame_octets - ethernet.octet_length
        size = recurring(
            "{header} + {data} = {all} bytes",
            header=ethernet.octet_length,
            data=inner,
            all=scenery.frame_octets,
        )
        yield Line(label=labels.SIZE, text=size, mark=Mark.PLAIN)


_NO_CARD = {
    Medium.MEMORY: said("both zero: loopback has no card"),
    Medium.NAMELESS: said("both zero: loopback, or removed from the capture"),
}


def _type(ethernet: Header, origin: Mark) -> Line:
    if ethernet.field("eth.len") is not None:
        return Line(label=labels.LENGTH, text=ethernet.text("eth.len"), mark=origin)
    if ethernet.field("eth.invalid_lentype") is not None:
        return Line(label=labels.INVALID_TYPE, text=ethernet.text("eth.invalid_lentype"), mark=origin)
    return Line(label="EtherType", text=shown(ethernet, "eth.type"), mark=origin)


def _inner(header: Header, origin: Mark) -> Iterator[Line]:
    """Each field of a tag, PPPoE, LLC or a note that says something."""
    for field in header.fields:
        if field.name not in _SILENT:
            yield Line(label=field.label, text=field.text, mark=origin)


_SILENT = frozenset(
    {
        *("vlan.dei", "ieee8021ad.dei", "pppoe.version", "pppoe.type", "pppoed.tag", "pppoed.tag_length"),
        *("sll.unused", "sll.halen", "llc.oui"),
    }
)
