"""What kind of frame this is, by its headers alone."""

from enum import StrEnum

from layersviz.core.header import Dissection, Header
from layersviz.core.story.connection import Segment
from layersviz.core.tcp_ends import Acknowledged
from layersviz.core.tcp_segment import ACK, FIN, RST, SYN


class Kind(StrEnum):
    """What a frame does in the story."""

    ARP_REQUEST = "ARP request"
    ARP_REPLY = "ARP reply"
    SYN = "SYN"
    SYN_ACK = "SYN/ACK"
    HANDSHAKE_ACK = "ACK of the handshake"
    REQUEST = "HTTP request"
    ANSWER = "HTTP answer"
    DATA = "data"
    ACK = "ACK"
    CLOSING_ACK = "ACK of a FIN"
    FIN = "FIN"
    RST = "RST"
    SEGMENT = "TCP segment that can't be read"
    DNS_QUERY = "DNS query"
    DNS_ANSWER = "DNS answer"
    DATAGRAM = "UDP datagram"
    ECHO_REQUEST = "echo request"
    ECHO_REPLY = "echo reply"
    ICMP_ERROR = "ICMP error"
    ICMP = "ICMP message"
    FRAGMENT = "fragment"
    OTHER = "other"


DATA_KINDS = frozenset({Kind.REQUEST, Kind.ANSWER, Kind.DATA, Kind.DNS_QUERY, Kind.DNS_ANSWER})
"""What carries an application's octets, over TCP; the last two also over UDP."""
_ECHOES = {
    ("ICMP", 8): Kind.ECHO_REQUEST,
    ("ICMP", 0): Kind.ECHO_REPLY,
    ("ICMPv6", 128): Kind.ECHO_REQUEST,
    ("ICMPv6", 129): Kind.ECHO_REPLY,
}
_ACKS = {None: Kind.ACK, Acknowledged.SYN: Kind.HANDSHAKE_ACK, Acknowledged.FIN: Kind.CLOSING_ACK}
_FRAGMENTATION = {
    "IPv4": ("ip.frag_offset", "ip.flags"),
    "IPv6 fragment": ("ipv6.fraghdr.offset", "ipv6.fraghdr.more"),
}
_MORE_FRAGMENTS = 1


def kind_of(dissection: Dissection, segment: Segment | None) -> Kind:
    """The kind of a frame; FIN on data counts as FIN only where there is no data."""
    if (tcp := dissection.header("TCP")) is not None:
        return Kind.SEGMENT if segment is None else _segment_kind(dissection, tcp, segment)
    if (arp := dissection.header("ARP")) is not None:
        return {1: Kind.ARP_REQUEST, 2: Kind.ARP_REPLY}.get(arp.number("arp.opcode"), Kind.OTHER)
    if dissection.header("UDP") is not None:
        return _application_kind(dissection) or Kind.DATAGRAM
    if (icmp := dissection.header("ICMP") or dissection.header("ICMPv6")) is not None:
        return _icmp_kind(dissection, icmp)
    return Kind.FRAGMENT if fragment_offset(dissection) is not None else Kind.OTHER


def fragment_offset(dissection: Dissection) -> int | None:
    """Where in its packet this piece begins, in octets; None where it is no fragment."""
    for header in reversed(dissection.headers):
        names = _FRAGMENTATION.get(header.protocol)
        if names is None or header.quoted:
            continue
        offset, more = header.number(names[0]), header.number(names[1]) & _MORE_FRAGMENTS
        if offset or more:
            return offset * 8
    return None


def _segment_kind(dissection: Dissection, tcp: Header, segment: Segment) -> Kind:
    flags = tcp.number("tcp.flags")
    if flags & RST:
        return Kind.RST
    if flags & SYN:
        return Kind.SYN_ACK if flags & ACK else Kind.SYN
    if segment.data_octets:
        return _application_kind(dissection) or Kind.DATA
    if flags & FIN:
        return Kind.FIN
    return _ACKS[segment.acknowledges]


def _application_kind(dissection: Dissection) -> Kind | None:
    if (http := dissection.header("HTTP")) is not None:
        return Kind.REQUEST if http.field("http.request.line") else Kind.ANSWER
    if (dns := dissection.header("DNS")) is not None:
        return Kind.DNS_ANSWER if dns.number("dns.flags.response") else Kind.DNS_QUERY
    return None


def _icmp_kind(dissection: Dissection, icmp: Header) -> Kind:
    number = icmp.number(f"{icmp.protocol.lower()}.type")
    if any(header.quoted for header in dissection.headers):
        return Kind.ICMP_ERROR
    return _ECHOES.get((icmp.protocol, number), Kind.ICMP)
