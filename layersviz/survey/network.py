"""The innermost network packet of a frame that travels: its addresses, and its fragment if it is one.

Knows IPv4 and IPv6 headers by the dissection, and their octets by its offsets.
"""

import msgspec

from layersviz.core.header import Dissection, Header
from layersviz.core.packet import LinkType
from layersviz.core.tcp_reading import addresses, network_header
from layersviz.survey.fragments import Fragment

_MORE, _OFFSET = 0x2000, 0x1FFF


class Rebuilt(msgspec.Struct, frozen=True):
    """A whole packet out of fragments, as a capture of that link type would hold it."""

    octets: bytes
    link_type: int


def own_headers(dissection: Dissection) -> list[Header]:
    """The headers of what travels, without those that an ICMP error quotes."""
    return [header for header in dissection.headers if not header.quoted]


def fragment_of(dissection: Dissection, octets: bytes) -> Fragment | None:
    """The fragment that the frame holds whole; None where it holds none, or the capture cut it short."""
    network = network_header(dissection)
    if network is None or len(dissection.payload) < dissection.payload_length:
        return None
    if network.protocol == "IPv4":
        return _ipv4_fragment(network, octets, dissection)
    return _ipv6_fragment(network, octets, dissection)


def _ipv4_fragment(network: Header, octets: bytes, dissection: Dissection) -> Fragment | None:
    at = network.octet_offset
    bits = int.from_bytes(octets[at + 6 : at + 8])
    if not bits & (_MORE | _OFFSET):
        return None
    key = octets[at + 4 : at + 6] + octets[at + 9 : at + 10] + addresses(network, octets)
    return Fragment(key, (bits & _OFFSET) * 8, bool(bits & _MORE), _behind(network, dissection, octets))


def _ipv6_fragment(network: Header, octets: bytes, dissection: Dissection) -> Fragment | None:
    header = next((each for each in own_headers(dissection) if each.protocol == "IPv6 fragment"), None)
    if header is None or header.octet_length < 8:
        return None
    at = header.octet_offset
    bits = int.from_bytes(octets[at + 2 : at + 4])
    if not bits & 0xFFF9:
        return None
    key = octets[at : at + 1] + octets[at + 4 : at + 8] + addresses(network, octets)
    return Fragment(key, bits & 0xFFF8, bool(bits & 1), _behind(header, dissection, octets))


def _behind(header: Header, dissection: Dissection, octets: bytes) -> bytes:
    end = dissection.payload_offset + len(dissection.payload)
    return octets[header.octet_offset + header.octet_length : end]


def rebuild(dissection: Dissection, octets: bytes, carried: bytes) -> Rebuilt | None:
    """The whole packet with the header of its last fragment, no longer marked as one."""
    network = network_header(dissection)
    if network is None:
        return None
    at = network.octet_offset
    if network.protocol == "IPv4":
        head = octets[at : at + network.octet_length]
        total = len(head) + len(carried)
        if total > 0xFFFF:
            return None
        fixed = head[:2] + total.to_bytes(2) + head[4:6] + b"\0\0" + head[8:]
        return Rebuilt(fixed + carried, LinkType.IPV4)
    following = next(each for each in own_headers(dissection) if each.protocol == "IPv6 fragment").octet_offset
    fixed = octets[at : at + 4] + len(carried).to_bytes(2) + octets[following : following + 1]
    return Rebuilt(fixed + octets[at + 7 : at + 40] + carried, LinkType.IPV6)
