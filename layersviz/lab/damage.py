"""Which bit of a frame goes wrong, by a place in it and a bit counted from there.

Knows the frames that the lab's own hosts send: Ethernet, ARP, IPv4 and IPv6 whole and without extension headers.
"""

from layersviz.core.order import Place

ETHERNET_OCTETS = 14
_IPV6_OCTETS, _UDP_OCTETS, _ICMP_OCTETS = 40, 8, 8
_IPV4, _IPV6 = 0x0800, 0x86DD
_TCP, _UDP = 6, 17
_UDP_CHECKSUM = slice(6, 8)

Span = tuple[int, int]
"""First octet, and how many."""


def bit_of(octets: bytes, place: Place, bit: int) -> int:
    """The bit from the frame's first in network order that is to be flipped: `bit` of that place, -1 for one that is
    easily seen. Counting goes round where the place is shorter, or is not in this frame but in the Ethernet header.

    A UDP checksum never becomes 0, which would say that there is none (RFC 768, RFC 8200 section 8.1).
    """
    spans = _spans(octets)
    place = place if spans.get(place, (0, 0))[1] > 0 else Place.ETHERNET
    first, length = spans[place]
    wanted = (_easily_seen(octets, place) if bit < 0 else bit) % (8 * length)
    chosen = 8 * first + wanted
    if place is Place.TRANSPORT and _empties_udp_checksum(octets, first, chosen):
        chosen = 8 * first + (wanted + 1) % (8 * length)
    return chosen


def flipped(octets: bytes, bit: int) -> bytes:
    changed = bytearray(octets)
    changed[bit // 8] ^= 0x80 >> bit % 8
    return bytes(changed)


def _spans(octets: bytes) -> dict[Place, Span]:
    spans = {Place.ETHERNET: (0, min(len(octets), ETHERNET_OCTETS))}
    ethertype = int.from_bytes(octets[12:14])
    if ethertype == _IPV4:
        header = 4 * (octets[14] & 0x0F)
        end = ETHERNET_OCTETS + int.from_bytes(octets[16:18])
    elif ethertype == _IPV6:
        header = _IPV6_OCTETS
        end = ETHERNET_OCTETS + header + int.from_bytes(octets[18:20])
    else:
        return spans
    above = ETHERNET_OCTETS + header
    transport = min(_transport_octets(octets, above), end - above)
    return spans | {
        Place.IP: (ETHERNET_OCTETS, header),
        Place.TRANSPORT: (above, transport),
        Place.DATA: (above + transport, end - above - transport),
    }


def _transport_octets(octets: bytes, above: int) -> int:
    protocol = _protocol(octets)
    if protocol == _TCP:
        return 4 * (octets[above + 12] >> 4)
    return _UDP_OCTETS if protocol == _UDP else _ICMP_OCTETS


def _protocol(octets: bytes) -> int:
    return octets[23] if int.from_bytes(octets[12:14]) == _IPV4 else octets[20]


def _easily_seen(octets: bytes, place: Place) -> int:
    """The last bit of the destination's MAC address, of the TTL or the next to last octet of IPv6's source, of TCP's
    sequence number, UDP's source port or ICMP's code, and of the data's first octet.
    """
    if place is Place.IP:
        return 71 if int.from_bytes(octets[12:14]) == _IPV4 else 8 * 23 - 1
    if place is Place.TRANSPORT:
        return 63 if _protocol(octets) == _TCP else 15
    return 47 if place is Place.ETHERNET else 7


def _empties_udp_checksum(octets: bytes, first: int, bit: int) -> bool:
    return _protocol(octets) == _UDP and not any(flipped(octets, bit)[first:][_UDP_CHECKSUM])
