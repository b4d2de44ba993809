"""The headers of a frame that travels, and its network packet where its fragments make it whole.

Knows IPv4 and IPv6 headers by the dissection, and their octets by its offsets.
"""

import msgspec

from layersviz.core.header import Dissection, Header
from layersviz.core.packet import LinkType
from layersviz.core.tcp_reading import network_header


class Rebuilt(msgspec.Struct, frozen=True):
    """A whole packet out of fragments, as a capture of that link type would hold it."""

    octets: bytes
    link_type: int


def own_headers(dissection: Dissection) -> list[Header]:
    """The headers of what travels, without those that an ICMP error quotes."""
    return [header for header in dissection.headers if not header.quoted]


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
