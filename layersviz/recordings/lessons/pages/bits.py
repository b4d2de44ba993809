"""Bits, bytes and framing: how a frame goes onto a wire."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN = "01-handshake"

BITS = Page(
    slug="bits",
    name=said("Bits, bytes and framing"),
    about=said(
        "How bytes become a signal, how the receiver finds their beginning, and how it knows that they are right."
    ),
    sentences=(
        Sentence(
            run=_RUN,
            at="arp_request down network",
            plain=said(
                "Before the first packet can go, the client needs the MAC address of the other card. It asks everyone:"
                " who has {arp_request.arp.dst.proto_ipv4}? That is ARP."
            ),
            precise=said(
                "ARP maps an IPv4 address to a MAC address: operation {arp_request.arp.opcode}, a request, with the"
                " target {arp_request.arp.dst.proto_ipv4} and the target's MAC address still zero. IPv6 does it by"
                " neighbor solicitation, over ICMPv6."
            ),
            source="RFC 826",
        ),
        Sentence(
            run=_RUN,
            at="arp_reply up network",
            plain=said(
                "The one who has it answers: {arp_reply.arp.src.hw_mac}. The client writes it into its cache; next time"
                " it need not ask."
            ),
            precise=said(
                "The reply comes to the asker alone and carries {arp_reply.arp.src.hw_mac}. Both hosts keep what they"
                " learned in their neighbor cache; until then the SYN had to wait."
            ),
            source="RFC 826",
        ),
        Sentence(
            run=_RUN,
            at="syn down link",
            plain=said(
                "A frame begins with two MAC addresses of 48 bits each, first the destination, {syn.eth.dst}, so that"
                " every card soon knows whether it is meant. Then 16 bits say what is inside: {syn.eth.type} is IPv4."
            ),
            precise=said(
                "Destination {syn.eth.dst}, source {syn.eth.src}, EtherType {syn.eth.type}: {syn.eth.hdr_len} bytes. A"
                " value of 1536 or more in this field is a type; up to 1500 it would be a length."
            ),
            source="IEEE 802.3, section 3.2.6",
        ),
        Sentence(
            run=_RUN,
            at="syn down physical",
            plain=said(
                "The {syn.frame.len} bytes become {syn.frame.bits} bits. Ethernet sends the lowest bit of each byte"
                " first, so bytes look turned around on the wire."
            ),
            precise=said(
                "Of a field the most significant byte goes first, but of each byte the least significant bit; only the"
                " check sequence goes from its highest bit on. {syn.frame.len} bytes are {syn.frame.bits} bits."
            ),
            source="IEEE 802.3, section 3.3",
        ),
        Sentence(
            run=_RUN,
            at="syn wire physical",
            plain=said(
                "In front there are 56 bits of 1 and 0 by turns, the preamble: by it the receiver finds the rhythm."
                " Eight more bits that end in 11 say: now it begins. In Manchester code each bit is a change, up for 1"
                " and down for 0."
            ),
            precise=said(
                "7 bytes of preamble and the start frame delimiter, 10101011 in the order of the wire, then frame and"
                " check sequence: {syn.frame.wire_bits} bits. The picture draws Manchester code as 10BASE-T has it;"
                " faster Ethernets code otherwise. None of it is in a capture: it is computed here."
            ),
            source="IEEE 802.3, section 3.2.1",
        ),
        Sentence(
            run=_RUN,
            at="syn up link",
            plain=said(
                "Behind the frame come 32 bits, the check sequence: {syn.eth.fcs}. The receiver's card computes it as"
                " well, from what arrived; where the two differ it throws the frame away, and nobody hears of it."
            ),
            precise=said(
                "The FCS is a CRC-32 over everything from the destination address to the padding: {syn.eth.fcs} for"
                " this frame. It finds each error burst of up to 32 bits. Ethernet only drops: to repeat is TCP's task."
            ),
            source="IEEE 802.3, section 3.2.9",
        ),
        Sentence(
            run=_RUN,
            at="arp_request down link",
            plain=said(
                "Ethernet has a least length, and a short frame is filled up with padding. On this virtual wire there"
                " is no card that would do it: the ARP request has {arp_request.frame.len} bytes."
            ),
            precise=said(
                "With its FCS a frame has 64 bytes at least, without it 60; a real card fills it up. A veth pair does"
                " not: {arp_request.frame.len} bytes. Padding is not payload: where a packet ends, IP's total length"
                " says."
            ),
            source="IEEE 802.3, section 3.2.8",
        ),
    ),
    attempt=said(
        "At the SYN's step on the wire, point at the first bits behind the preamble and read eight of them from the"
        " last to the first: which hexadecimal byte is it, and does {arp_request.eth.dst} or {syn.eth.dst} begin with"
        " it?"
    ),
)
