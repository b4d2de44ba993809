"""One plain sentence or two for each stop, with the run's real numbers."""

from collections.abc import Callable

from layersviz.core.header import Header
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.story.application_sentences import application_down, application_up
from layersviz.core.story.plan import Stop
from layersviz.core.story.scenery import ALL_ONES, BROADCAST, FCS_OCTETS, PREAMBLE_OCTETS, Scenery
from layersviz.core.story.transport_sentences import transport_down, transport_up
from layersviz.core.tcp_state import TcpState

LEAST_FRAME_OCTETS = 60


def title_at(stop: Stop, scenery: Scenery) -> str:
    """A heading for the stop: where, and what is done there."""
    if stop.side is None:
        return f"On the wire, {scenery.sender} to {scenery.receiver}"
    verb = {Half.DOWN: "sends", Half.UP: "receives"}[stop.half]
    return f"{stop.side.capitalize()} {verb}: {stop.layer.label.lower()} layer"


def sentence_at(stop: Stop, scenery: Scenery) -> str:
    """What happens at one stop."""
    return _SENTENCES[stop.half, stop.layer](scenery)


def _network_down(scenery: Scenery) -> str:
    if (arp := scenery.arp) is not None:
        return _arp_down(scenery, arp)
    ip = scenery.ip
    if ip is None:
        return "The network layer passes the payload on."
    inner = len(scenery.segment_octets)
    return (
        f"IP addresses the packet from {ip.text('ip.src')} to {ip.text('ip.dst')}: "
        f"{ip.octet_length} bytes of header + {inner} of segment = {ip.octet_length + inner}. "
        f"Each router takes 1 off the TTL, {ip.text('ip.ttl')}; at 0 the packet is dropped."
    )


def _arp_down(scenery: Scenery, arp: Header) -> str:
    target, owner = arp.text("arp.dst.proto_ipv4"), arp.text("arp.src.proto_ipv4")
    if arp.number("arp.opcode") == 1:
        return (
            f"{_waiting(scenery)}The {scenery.sender} has an IP packet for {target} "
            "and doesn't know that host's MAC address. "
            f"ARP asks everyone on the link: who has {target}? Tell {owner}."
        )
    return f"ARP answers: {owner} is at {arp.text('arp.src.hw_mac')}."


def _waiting(scenery: Scenery) -> str:
    """A client's kernel that asks before its first SYN is in SYN-SENT already: the SYN waits for the answer."""
    if scenery.taken.at(scenery.sender) is not TcpState.SYN_SENT:
        return ""
    return "connect() was called, TCP is in SYN-SENT, but its SYN has to wait. "


def _link_down(scenery: Scenery) -> str:
    ethernet = scenery.ethernet
    if ethernet is None:
        return "The frame has no Ethernet header."
    destination = ethernet.text("eth.dst")
    to = "every card on the link" if destination == BROADCAST else "the next card on this link"
    inner = scenery.frame_octets - ethernet.octet_length
    return (
        f"Ethernet addresses the frame to {to}, {destination}; EtherType {ethernet.text('eth.type')} says what is "
        f"inside: {ethernet.octet_length} + {inner} = {scenery.frame_octets} bytes."
        f"{_missing_padding(scenery)}"
    )


def _missing_octets(scenery: Scenery) -> int:
    """A real card fills a frame up to 60 bytes; the lab's virtual one does not (IEEE 802.3 clause 4.2.3.3)."""
    return max(0, LEAST_FRAME_OCTETS - scenery.frame_octets)


def _without_padding(scenery: Scenery) -> str:
    return " (but for the padding that this short frame lacks)" if _missing_octets(scenery) else ""


def _missing_padding(scenery: Scenery) -> str:
    missing = _missing_octets(scenery)
    return f" A real card would add {missing} bytes of padding; this virtual link does not." if missing else ""


def _physical_down(scenery: Scenery) -> str:
    return (
        f"The {scenery.frame_octets} bytes become {scenery.frame_octets * 8} bits, the least significant bit of each "
        f"byte first. {PREAMBLE_OCTETS * 8} bits of preamble and delimiter go in front, {FCS_OCTETS * 8} bits of check "
        "sequence follow: computed, for no capture holds them."
    )


def _wire(scenery: Scenery) -> str:
    return (
        f"{scenery.wire_bits} bits travel from the {scenery.sender} to the {scenery.receiver}, as 10 Mbit/s Ethernet "
        f"would send them{_without_padding(scenery)}: a Manchester wave, that in the middle of each bit goes up for 1 "
        "and down for 0."
    )


def _physical_up(scenery: Scenery) -> str:
    return (
        f"The {scenery.receiver}'s card takes its clock from the preamble, finds the delimiter and reads "
        f"{scenery.frame_octets * 8} bits as {scenery.frame_octets} bytes, then the check sequence."
    )


def _link_up(scenery: Scenery) -> str:
    ethernet = scenery.ethernet
    if ethernet is None:
        return "The frame has no Ethernet header."
    destination = ethernet.text("eth.dst")
    if destination == BROADCAST:
        whose = "it is for everyone"
    elif destination == scenery.receiving_host.mac:
        whose = "the destination MAC is mine"
    else:
        return f"The destination MAC {destination} is not mine: the card drops the frame."
    up = "up to ARP" if scenery.arp is not None else "up to IP"
    return (
        f"A card computes the CRC-32 over the {scenery.frame_octets} bytes, 0x{scenery.crc:08x}, and compares it with "
        f"the check sequence that came. Is the frame for me? Yes, {whose}. EtherType {ethernet.text('eth.type')}: {up}."
    )


def _network_up(scenery: Scenery) -> str:
    if (arp := scenery.arp) is not None:
        return _arp_up(scenery, arp)
    ip = scenery.ip
    if ip is None:
        return "Nobody here knows what this frame carries."
    if scenery.ip_sum != ALL_ONES:
        checksum = ip.text("ip.checksum")
        return f"With its checksum {checksum} the header gives 0x{scenery.ip_sum:04x}, not 0xffff: IP drops the packet."
    return (
        f"Added up with its checksum {ip.text('ip.checksum')} the header gives 0xffff: undamaged. Is it for me? "
        f"{ip.text('ip.dst')} is {'mine' if ip.text('ip.dst') == scenery.receiving_host.ip else 'not mine'}. "
        f"Protocol {ip.text('ip.proto')} is next; the IP header comes off."
    )


def _arp_up(scenery: Scenery, arp: Header) -> str:
    owner, mac = arp.text("arp.src.proto_ipv4"), arp.text("arp.src.hw_mac")
    if arp.number("arp.opcode") == 1:
        return f"{arp.text('arp.dst.proto_ipv4')} is me: I shall answer. I note in my cache: {owner} is at {mac}."
    return f"The {scenery.receiver} notes in its ARP cache: {owner} is at {mac}. The packet that waited can leave."


_SENTENCES: dict[tuple[Half, Layer], Callable[[Scenery], str]] = {
    (Half.DOWN, Layer.APPLICATION): application_down,
    (Half.DOWN, Layer.TRANSPORT): transport_down,
    (Half.DOWN, Layer.NETWORK): _network_down,
    (Half.DOWN, Layer.LINK): _link_down,
    (Half.DOWN, Layer.PHYSICAL): _physical_down,
    (Half.WIRE, Layer.PHYSICAL): _wire,
    (Half.UP, Layer.PHYSICAL): _physical_up,
    (Half.UP, Layer.LINK): _link_up,
    (Half.UP, Layer.NETWORK): _network_up,
    (Half.UP, Layer.TRANSPORT): transport_up,
    (Half.UP, Layer.APPLICATION): application_up,
}
