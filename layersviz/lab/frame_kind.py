"""What kind of frame it is, and between which ports, by as few octets as tell it.

Knows the frames that the lab's own hosts send: Ethernet, ARP, IPv4 and IPv6 whole and unfragmented.
"""

from dataclasses import dataclass

from layersviz.core.order import FrameKind

_IPV4, _ARP, _IPV6 = 0x0800, 0x0806, 0x86DD
_ICMP, _TCP, _UDP, _ICMPV6 = 1, 6, 17, 58
_NEIGHBOUR_DISCOVERY = (135, 136)  # solicitation and advertisement, RFC 4861
_FIRST_NOT_AN_ERROR = 128  # RFC 4443 section 2.1
_FIN, _SYN, _RST, _ACK = 0x01, 0x02, 0x04, 0x10


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A frame's kind; `ports` are source and destination, empty where it has none of its own."""

    kind: FrameKind
    ports: tuple[int, ...] = ()


def glance(octets: bytes) -> Glance:
    """A frame as the lab's hosts send it, from its Ethernet header on."""
    ethertype = int.from_bytes(octets[12:14])
    if ethertype == _IPV4:
        packet = octets[14 : 14 + int.from_bytes(octets[16:18])]
        return _above_ip(packet[9], packet[4 * (packet[0] & 0x0F) :])
    if ethertype == _IPV6:
        return _above_ip(octets[20], octets[54 : 54 + int.from_bytes(octets[18:20])])
    return Glance(kind=FrameKind.ARP if ethertype == _ARP else FrameKind.OTHER)


def is_over_ipv6(octets: bytes) -> bool:
    """Neighbour discovery too; ARP belongs to IPv4."""
    return int.from_bytes(octets[12:14]) == _IPV6


def _above_ip(protocol: int, octets: bytes) -> Glance:
    if protocol in (_TCP, _UDP):
        ports = (int.from_bytes(octets[0:2]), int.from_bytes(octets[2:4]))
        return Glance(kind=_segment(octets) if protocol == _TCP else FrameKind.DATAGRAM, ports=ports)
    if protocol == _ICMPV6 and octets[0] in _NEIGHBOUR_DISCOVERY:
        return Glance(kind=FrameKind.ARP)
    is_error = protocol == _ICMP or (protocol == _ICMPV6 and octets[0] < _FIRST_NOT_AN_ERROR)
    return Glance(kind=FrameKind.ICMP if is_error else FrameKind.OTHER)


def _segment(segment: bytes) -> FrameKind:
    flags = segment[13]
    has_data = len(segment) > 4 * (segment[12] >> 4)
    if flags & _RST:
        return FrameKind.RST
    if flags & _SYN:
        return FrameKind.SYN_ACK if flags & _ACK else FrameKind.SYN
    if has_data:
        return FrameKind.DATA
    return FrameKind.FIN if flags & _FIN else FrameKind.ACK
