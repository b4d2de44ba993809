"""A frame from its first octet on: each header says what comes next, until nobody knows more."""

from collections.abc import Callable

from layersviz.core.header import Dissection
from layersviz.core.packet import LinkType
from layersviz.dissect.application import dissect_application
from layersviz.dissect.arp import dissect_arp, dissect_rarp
from layersviz.dissect.cooked import dissect_loop, dissect_null, dissect_raw, dissect_sll, dissect_sll2
from layersviz.dissect.ethernet import dissect_ethernet, dissect_llc, dissect_service_vlan, dissect_vlan
from layersviz.dissect.gre import dissect_gre
from layersviz.dissect.icmp import dissect_icmp
from layersviz.dissect.icmpv6 import dissect_icmpv6
from layersviz.dissect.ipv4 import dissect_ipv4
from layersviz.dissect.ipv6 import dissect_ipv6
from layersviz.dissect.ipv6_extensions import (
    dissect_authentication,
    dissect_destination_options,
    dissect_fragment,
    dissect_hop_by_hop,
    dissect_routing,
)
from layersviz.dissect.pppoe import dissect_ppp, dissect_pppoe_discovery, dissect_pppoe_session
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.tcp import dissect_tcp
from layersviz.dissect.udp import dissect_udp

Dissector = Callable[[Reader, int], Next]

DISSECTORS: dict[tuple[Space, int], Dissector] = {
    (Space.LINK_TYPE, LinkType.NULL): dissect_null,
    (Space.LINK_TYPE, LinkType.ETHERNET): dissect_ethernet,
    (Space.LINK_TYPE, LinkType.RAW): dissect_raw,
    (Space.LINK_TYPE, LinkType.LOOP): dissect_loop,
    (Space.LINK_TYPE, LinkType.LINUX_SLL): dissect_sll,
    (Space.LINK_TYPE, LinkType.IPV4): dissect_ipv4,
    (Space.LINK_TYPE, LinkType.IPV6): dissect_ipv6,
    (Space.LINK_TYPE, LinkType.LINUX_SLL2): dissect_sll2,
    (Space.ETHERTYPE, 0x0800): dissect_ipv4,
    (Space.ETHERTYPE, 0x0806): dissect_arp,
    (Space.ETHERTYPE, 0x8035): dissect_rarp,
    (Space.ETHERTYPE, 0x8100): dissect_vlan,
    (Space.ETHERTYPE, 0x86DD): dissect_ipv6,
    (Space.ETHERTYPE, 0x8863): dissect_pppoe_discovery,
    (Space.ETHERTYPE, 0x8864): dissect_pppoe_session,
    (Space.ETHERTYPE, 0x88A8): dissect_service_vlan,
    (Space.ETHERTYPE, 0x9100): dissect_vlan,
    (Space.LLC, 0): dissect_llc,
    (Space.PPP, 0): dissect_ppp,
    (Space.PPP, 0x0021): dissect_ipv4,
    (Space.PPP, 0x0057): dissect_ipv6,
    (Space.IP, 0): dissect_hop_by_hop,
    (Space.IP, 1): dissect_icmp,
    (Space.IP, 4): dissect_ipv4,
    (Space.IP, 6): dissect_tcp,
    (Space.IP, 17): dissect_udp,
    (Space.IP, 41): dissect_ipv6,
    (Space.IP, 43): dissect_routing,
    (Space.IP, 44): dissect_fragment,
    (Space.IP, 47): dissect_gre,
    (Space.IP, 51): dissect_authentication,
    (Space.IP, 58): dissect_icmpv6,
    (Space.IP, 60): dissect_destination_options,
    (Space.APPLICATION, 6): dissect_application,
    (Space.APPLICATION, 17): dissect_application,
}


def dissect(octets: bytes, link_type: int = LinkType.ETHERNET, length: int | None = None) -> Dissection:
    """The headers of one frame as it was captured, without preamble and FCS.

    `link_type` is any of pcap's numbers: of one that is not known here everything is payload. `length` is the frame's
    length on the wire where the capture kept less of it. Whatever can't be read is payload, with a problem sentence.
    """
    reader = Reader(octets, len(octets) if length is None else length)
    coming: Next = (Space.LINK_TYPE, link_type, 0)
    while coming is not None:
        space, number, at = coming
        dissector = DISSECTORS.get((space, number))
        coming = None if dissector is None else dissector(reader, at)
    return reader.dissection()
