"""How a frame crossed from one host to the other, as far as its capture tells: only a whole Ethernet frame has bits.

Knows nothing of what the packet means.
"""

from enum import StrEnum

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection, Header
from layersviz.core.packet import LinkType
from layersviz.core.tcp_reading import network_header

ETHERNET_OCTETS = 14
MOST_OCTETS = 1514
"""The largest ordinary Ethernet frame without its check sequence (IEEE 802.3 clause 3.2.7); each VLAN tag adds four."""
_TAG_OCTETS = 4
_NO_ADDRESSES = bytes(12)
_TAGS = frozenset({"802.1Q", "802.1ad"})


class Medium(StrEnum):
    """WIRE has preamble, bits and check sequence, which are computed; of the others nobody knows any."""

    WIRE = "Ethernet"
    CUT = "Ethernet, cut short"
    OVERSIZED = "Ethernet, larger than a frame"
    MEMORY = "loopback"
    NAMELESS = "Ethernet without addresses"
    NO_LINK = "no link header"
    COOKED = "Linux cooked"
    TUNNEL = "loopback's note on another interface"
    UNKNOWN = "unknown link type"


def medium_of(frame: Frame, dissection: Dissection) -> Medium:
    """What the link type, the addresses and the length say."""
    match frame.link_type:
        case LinkType.ETHERNET:
            return _ethernet(frame, dissection)
        case LinkType.NULL | LinkType.LOOP:
            return Medium.MEMORY if stays_on_host(dissection) else Medium.TUNNEL
        case LinkType.RAW | LinkType.IPV4 | LinkType.IPV6:
            return Medium.NO_LINK
        case LinkType.LINUX_SLL | LinkType.LINUX_SLL2:
            return Medium.COOKED
    return Medium.UNKNOWN


def largest_octets(dissection: Dissection) -> int:
    """The most octets that an ordinary Ethernet frame with these tags has, without its check sequence."""
    return MOST_OCTETS + _TAG_OCTETS * sum(header.protocol in _TAGS for header in dissection.headers)


def _ethernet(frame: Frame, dissection: Dissection) -> Medium:
    """Linux's loopback looks like Ethernet with both addresses zero; so does a capture whose addresses were removed."""
    if frame.octets.startswith(_NO_ADDRESSES) and len(frame.octets) >= ETHERNET_OCTETS:
        return Medium.MEMORY if stays_on_host(dissection) else Medium.NAMELESS
    if frame.wire_octets > len(frame.octets) or len(frame.octets) < ETHERNET_OCTETS:
        return Medium.CUT
    if frame.wire_octets > MOST_OCTETS and frame.wire_octets > largest_octets(dissection):
        return Medium.OVERSIZED
    return Medium.WIRE


def stays_on_host(dissection: Dissection) -> bool:
    """Whether the packet goes from a host to itself, by its addresses."""
    ip = network_header(dissection)
    return ip is not None and (_is_own(ip, "ip") or _is_own(ip, "ipv6"))


def _is_own(ip: Header, name: str) -> bool:
    source, destination = ip.text(f"{name}.src"), ip.text(f"{name}.dst")
    return bool(source) and (source == destination or source == "::1" or source.startswith("127."))
