"""What is said of a header that ends before its fixed fields do: no value is made up for the rest."""

from layersviz.core.header import Header
from layersviz.core.said import said, said_many
from layersviz.core.story.scenery import Scenery

_LEAST_OCTETS = {"Ethernet II": 14, "Ethernet": 14, "IEEE 802.3": 14, "IPv4": 20, "IPv6": 40, "ARP": 28, "RARP": 28}
"""How long each is at least (ARP: for IPv4 over Ethernet)."""
_LAST_FIELDS = {"IPv4": "ip.dst", "IPv6": "ipv6.dst", "ARP": "arp.dst.proto_ipv4", "RARP": "arp.dst.proto_ipv4"}


def is_cut_off(header: Header, scenery: Scenery) -> bool:
    """Whether nothing of the frame lies behind it, though fixed fields of its own are missing."""
    is_last = header.octet_offset + header.octet_length >= len(scenery.frame.octets)
    return is_last and header.octet_length < least_octets(header)


def has_no_addresses(header: Header) -> bool:
    """Whether a header of the network layer could not be read as far as its addresses."""
    return header.field(_LAST_FIELDS.get(header.protocol, "")) is None


def unread(header: Header, scenery: Scenery) -> str:
    """One sentence where a header of the network layer has no addresses to tell of, empty where it has."""
    if not has_no_addresses(header):
        return ""
    if is_cut_off(header, scenery):
        return said(
            "The {protocol} header ends early: {only_kept}.",
            protocol=header.protocol,
            only_kept=only_kept(header, scenery),
        )
    return scenery.dissection.problem or said(
        "The addresses in this {protocol} message are not read here.", protocol=header.protocol
    )


def least_octets(header: Header) -> int:
    """The fixed length of that kind of header, in octets; 0 where none is known here."""
    return _LEAST_OCTETS.get(header.protocol, 0)


def only_kept(header: Header, scenery: Scenery) -> str:
    """'only 1 of its 14 header bytes was kept', without a full stop."""
    if scenery.is_cut:
        return said_many(
            "only {count} of its {least} header bytes was kept",
            "only {count} of its {least} header bytes were kept",
            header.octet_length,
            least=least_octets(header),
        )
    return said_many(
        "only {count} of its {least} header bytes was sent",
        "only {count} of its {least} header bytes were sent",
        header.octet_length,
        least=least_octets(header),
    )
