"""What the link and the physical layer do at a stop, and what is known of the way across."""

from layersviz.core.header import Header
from layersviz.core.said import filled, glued, in_a_row, joined, recurring, said
from layersviz.core.story.cut_headers import is_cut_off, only_kept
from layersviz.core.story.medium import Medium, largest_octets
from layersviz.core.story.pppoe_words import DISCOVERY, discovery_sentence
from layersviz.core.story.scenery import BROADCAST, FCS_OCTETS, PREAMBLE_OCTETS, Scenery
from layersviz.core.story.words import in_bytes, name_of, shown

LEAST_FRAME_OCTETS = 60
_MOST_TOLD = 5
_TAGS = {"802.1Q": "vlan", "802.1ad": "ieee8021ad"}
_TYPES = ("eth.type", "vlan.etype", "ieee8021ad.etype", "llc.type", "ppp.protocol")


def link_down(scenery: Scenery) -> str:
    """The sender's link, or what a capture holds in its place."""
    ethernet = scenery.ethernet
    if ethernet is None:
        return _note(scenery)
    if is_cut_off(ethernet, scenery):
        return said("The Ethernet header ends early: {only_kept}.", only_kept=only_kept(ethernet, scenery))
    inner = scenery.frame_octets - ethernet.octet_length
    told = said(
        "{addressed} {type_says}: {octet_length} + {inner} = {frame_octets} bytes.",
        addressed=_addressed(scenery, ethernet),
        type_says=_type_says(ethernet),
        octet_length=ethernet.octet_length,
        inner=inner,
        frame_octets=scenery.frame_octets,
    )
    return glued(told, _inner_headers(scenery), _missing_padding(scenery))


def _addressed(scenery: Scenery, ethernet: Header) -> str:
    destination = shown(ethernet, "eth.dst")
    if scenery.medium is Medium.MEMORY:
        return said("Linux's loopback writes an Ethernet header with both addresses zero, for there is no card;")
    if scenery.medium is Medium.NAMELESS:
        return said("Both MAC addresses are zero: this was a loopback, or they were removed from the capture;")
    if destination == BROADCAST:
        to = said("every card on the link")
    else:
        to = said("a group of cards on the link") if is_group(destination) else said("the next card on this link")
    return recurring("Ethernet addresses the frame to {to}, {destination};", to=to, destination=destination)


def is_group(mac: str) -> bool:
    """The first bit on the wire is 1 in the address of a group (IEEE 802.3 clause 3.2.3)."""
    return len(mac) > 1 and mac[1] in "13579bdf"


def _type_says(ethernet: Header) -> str:
    if length := ethernet.text("eth.len"):
        return said(
            "in place of an EtherType stands a length, {length}: what is inside, the LLC header says (IEEE 802.3)",
            length=length,
        )
    if ethernet.field("eth.type") is None:
        return said(
            "its type {invalid_lentype} is neither a length nor an EtherType",
            invalid_lentype=shown(ethernet, "eth.invalid_lentype"),
        )
    return recurring("EtherType {type} says what is inside", type=ethernet.text("eth.type"))


def _inner_headers(scenery: Scenery) -> str:
    """Tags, PPPoE and LLC, each with its purpose."""
    inner = scenery.link_headers[1:_MOST_TOLD]
    befores = scenery.link_headers[: len(inner)]
    told = [
        _next_tag_says(header) if {header.protocol, before.protocol} <= _TAGS.keys() else _purpose(header, scenery)
        for before, header in zip(befores, inner, strict=True)
    ]
    more = len(scenery.link_headers) - _MOST_TOLD
    if more > 0:
        told.append(said("{more} more headers follow.", more=more))
    return joined("", [part for each in told if each for part in (" ", each)])


def _purpose(header: Header, scenery: Scenery) -> str:
    match header.protocol:
        case "802.1Q" | "802.1ad":
            return _tag_says(header)
        case "PPPoE session":
            session = shown(header, "pppoe.session_id")
            return said(
                "PPPoE says to which connection of a dial-in line this belongs: session {session}.", session=session
            )
        case "PPP":
            return said("PPP names what it carries: {name_of}.", name_of=name_of(shown(header, "ppp.protocol")))
        case "PPPoE discovery":
            return discovery_sentence(header, scenery.link_headers)
        case "SNAP":
            return said("SNAP gives an EtherType after all: {type}.", type=shown(header, "llc.type"))
    return ""


def _tag_says(header: Header) -> str:
    prefix = _TAGS[header.protocol]
    vlan = header.number(f"{prefix}.id")
    if vlan == 0:
        return said(
            "The {protocol} tag names no VLAN, only the priority {priority}.",
            protocol=header.protocol,
            priority=shown(header, f"{prefix}.priority"),
        )
    return said(
        "The {protocol} tag keeps it within VLAN {vlan}: one link serves as several.",
        protocol=header.protocol,
        vlan=vlan,
    )


def _next_tag_says(header: Header) -> str:
    """A tag behind a tag: a provider's network carries a customer's (IEEE 802.1ad)."""
    return said(
        "Within that, the {protocol} tag behind it names VLAN {id}.",
        protocol=header.protocol,
        id=header.number(f"{_TAGS[header.protocol]}.id"),
    )


def type_chain(scenery: Scenery) -> str:
    """How the link's headers lead to what is inside: '0x8100 → VLAN 10 → VLAN 20 → 0x0800 (IPv4)'.

    Empty where no header names a type.
    """
    headers = scenery.link_headers
    first, last = (_type_in(headers[0]), _type_in(headers[-1])) if headers else ("", "")
    names = [name for header in headers[1:] if (name := _link_in_chain(header))]
    if not names:
        return last or first
    if len(names) >= _MOST_TOLD:
        names = [*names[: _MOST_TOLD - 2], "\u2026", names[-1]]
    return " \u2192 ".join([each for each in (first.partition(" ")[0], *names, last) if each])


def _link_in_chain(header: Header) -> str:
    if (prefix := _TAGS.get(header.protocol)) is not None:
        return said("VLAN {id}", id=shown(header, f"{prefix}.id"))
    if header.protocol == "PPPoE session":
        return said("PPPoE session {session_id}", session_id=shown(header, "pppoe.session_id"))
    return ""


def _type_in(header: Header) -> str:
    return next((text for name in _TYPES if (text := header.text(name))), "")


def _note(scenery: Scenery) -> str:
    """In place of a link header: what the capturing kernel wrote down."""
    match scenery.medium:
        case Medium.COOKED:
            sll = scenery.own_headers[0]
            return said(
                "The real link header was not captured. In its place stands Linux's own note about "
                "the packet ({pkttype}, protocol {etype}): no wire ever carried it.",
                pkttype=shown(sll, "sll.pkttype"),
                etype=shown(sll, "sll.etype"),
            )
        case Medium.MEMORY | Medium.TUNNEL:
            family = shown(scenery.own_headers[0], "null.type")
            return said(
                "There is no link header: the 4 bytes are the kernel's own note, family {family}, never on a wire.",
                family=family,
            )
    return in_a_row(said("The link header can't be read."), scenery.dissection.problem)


def _missing_octets(scenery: Scenery) -> int:
    """A real card fills a frame up to 60 bytes; the lab's virtual one does not (IEEE 802.3 clause 4.2.3.3)."""
    return max(0, LEAST_FRAME_OCTETS - scenery.frame_octets) if scenery.has_bits else 0


def _without_padding(scenery: Scenery) -> str:
    return said(" (but for the padding that this short frame lacks)") if _missing_octets(scenery) else ""


def _missing_padding(scenery: Scenery) -> str:
    missing = _missing_octets(scenery)
    if not missing:
        return _padding(scenery)
    if scenery.is_on_known_link:
        return said(" A real card would add {missing} bytes of padding; this virtual link does not.", missing=missing)
    return said(
        " A card adds {missing} bytes of padding to so short a frame; this was captured before, or without one.",
        missing=missing,
    )


def _padding(scenery: Scenery) -> str:
    padding = scenery.dissection.padding
    if not padding:
        return ""
    if scenery.frame_octets > LEAST_FRAME_OCTETS:
        return said(" Behind the packet's end stand {octets} that belong to nobody.", octets=in_bytes(padding))
    return said(" The last {octets} only fill the frame up to its least length: padding.", octets=in_bytes(padding))


def physical_down(scenery: Scenery) -> str:
    """The sender's card; only where there are bits."""
    return recurring(
        "The {frame_octets} bytes become {bits} bits, the least significant bit of each byte "
        "first. {before} bits of preamble and delimiter go in front, {behind} bits of check "
        "sequence follow: computed, for no capture holds them.",
        frame_octets=scenery.frame_octets,
        bits=scenery.frame_octets * 8,
        before=PREAMBLE_OCTETS * 8,
        behind=FCS_OCTETS * 8,
    )


def wire(scenery: Scenery) -> str:
    """Between the two hosts."""
    if scenery.frame.lost:
        return said(
            "Here the frame is lost: nothing of it reaches the {receiver}, and nobody is told.",
            receiver=scenery.receiver.word,
        )
    return glued(_crossing(scenery), _unanswered(scenery), _problem(scenery))


def _unanswered(scenery: Scenery) -> str:
    if not scenery.is_unanswered:
        return ""
    return said(
        " No frame of this capture answers: whether it reached the {receiver}, nobody can tell from here.",
        receiver=scenery.receiver.word,
    )


def _problem(scenery: Scenery) -> str:
    problem = scenery.dissection.problem
    return said(" {problem}", problem=problem) if problem and scenery.medium is not Medium.CUT else ""


def _crossing(scenery: Scenery) -> str:
    match scenery.medium:
        case Medium.WIRE:
            return _bits(scenery)
        case Medium.CUT:
            kept, size = len(scenery.frame.octets), scenery.frame_octets
            problem = scenery.dissection.problem or said(
                "The capture kept {kept} of the frame's {size} bytes.", kept=kept, size=size
            )
            return said(
                "{problem} Without the rest its check sequence can't be computed: the captured bytes are shown.",
                problem=problem,
            )
    return filled(
        _UNKNOWN_WAYS[scenery.medium],
        octets=len(scenery.frame.octets),
        most=largest_octets(scenery.dissection),
        link_type=scenery.frame.link_type,
    )


_UNKNOWN_WAYS = {
    Medium.OVERSIZED: (
        recurring(
            "{octets} bytes are more than an ordinary Ethernet frame has ({most}): it was "
            "captured before the sender's card cut it up or after the receiver's card joined it "
            "(offload), or the link takes jumbo frames. So the bits of the wire are not known."
        )
    ),
    Medium.MEMORY: (
        said(
            "Loopback: the kernel hands the packet over in memory, on one machine. There is no "
            "wire, so there are no bits of a wire and no check sequence: the {octets} captured "
            "bytes are shown."
        )
    ),
    Medium.NAMELESS: (
        said(
            "Both MAC addresses are zero: either this was Linux's loopback, where nothing is on "
            "a wire, or they were removed from the capture. So the bits of the wire are not "
            "known: the {octets} captured bytes are shown."
        )
    ),
    Medium.NO_LINK: (
        said("The {octets} captured bytes are the IP packet alone: how it crossed its link, the capture can't say.")
    ),
    Medium.COOKED: (
        said(
            "The {octets} captured bytes begin with Linux's note: how the packet crossed its "
            "link, the capture can't say."
        )
    ),
    Medium.TUNNEL: (
        said("The {octets} captured bytes come from an interface without link headers: a tunnel, or a loopback.")
    ),
    Medium.UNKNOWN: said("Link type {link_type} is not known here: the {octets} captured bytes are not read."),
}


def _bits(scenery: Scenery) -> str:
    if scenery.is_on_known_link:
        return said(
            "{wire_bits} bits travel from the {sender} to the {receiver}, as 10 Mbit/s Ethernet "
            "would send them{without_padding}: a Manchester wave, that in the middle of each bit "
            "goes up for 1 and down for 0.",
            wire_bits=scenery.wire_bits,
            sender=scenery.sender.word,
            receiver=scenery.receiver.word,
            without_padding=_without_padding(scenery),
        )
    return said(
        "{wire_bits} bits go from the {sender} towards the {receiver}. How fast, no capture "
        "says: they are drawn as 10 Mbit/s Ethernet would send them{without_padding}, a "
        "Manchester wave that in the middle of each bit goes up for 1 and down for 0.",
        wire_bits=scenery.wire_bits,
        sender=scenery.sender.word,
        receiver=scenery.receiver.word,
        without_padding=_without_padding(scenery),
    )


def physical_up(scenery: Scenery) -> str:
    """The receiver's card; only where there are bits."""
    whose = (
        recurring("The {receiver}'s card", receiver=scenery.receiver.word)
        if scenery.is_on_known_link
        else said("The card at the link's other end")
    )
    return recurring(
        "{whose} takes its clock from the preamble, finds the delimiter and reads {bits} bits "
        "as {frame_octets} bytes, then the check sequence.",
        whose=whose,
        bits=scenery.frame_octets * 8,
        frame_octets=scenery.frame_octets,
    )


def link_up(scenery: Scenery) -> str:
    """The receiver's link."""
    ethernet = scenery.ethernet
    if ethernet is None:
        return said("The note belongs to the capture: no receiver takes it off. What it stands before goes up.")
    if is_cut_off(ethernet, scenery):
        return said(
            "For whom the frame is and what it carries can't be said: {only_kept}.",
            only_kept=only_kept(ethernet, scenery),
        )
    if not scenery.has_bits:
        return recurring(
            "{for_whom} {type_of}: {carried}.",
            for_whom=_for_whom(scenery, ethernet),
            type_of=_type_of(scenery, ethernet),
            carried=_carried(scenery),
        )
    destination = shown(ethernet, "eth.dst")
    if scenery.is_on_known_link and not _is_mine(scenery, destination):
        return said("The destination MAC {destination} is not mine: the card drops the frame.", destination=destination)
    whom_and_what = recurring(
        "{for_whom} {type_of}: {carried}.",
        for_whom=_for_whom(scenery, ethernet),
        type_of=_type_of(scenery, ethernet),
        carried=_carried(scenery),
    )
    return said(
        "A card computes the CRC-32 over the {frame_octets} bytes, 0x{crc:08x}, and compares "
        "it with the check sequence that came. {whom_and_what}",
        frame_octets=scenery.frame_octets,
        crc=scenery.crc,
        whom_and_what=whom_and_what,
    )


def _is_mine(scenery: Scenery, destination: str) -> bool:
    return destination == scenery.receiving_host.mac or is_group(destination)


def _for_group(scenery: Scenery, destination: str) -> str:
    """A solicitation for an address of its own is to a group that a host listens to (RFC 4291 section 2.7.1)."""
    asked = "" if scenery.icmp is None else scenery.icmp.text("icmpv6.nd.ns.target_address")
    if scenery.is_on_known_link and asked and asked == scenery.receiving_host.ip:
        return said("Is the frame for me? Yes, I listen to this group, {destination}.", destination=destination)
    return said("Is the frame for me? Yes, if I listen to this group, {destination}.", destination=destination)


def _for_whom(scenery: Scenery, ethernet: Header) -> str:
    destination = shown(ethernet, "eth.dst")
    if scenery.medium in (Medium.MEMORY, Medium.NAMELESS):
        return said("No MAC address says for whom the frame is.")
    if destination == BROADCAST:
        return said("Is the frame for me? Yes, it is for everyone.")
    if is_group(destination):
        return _for_group(scenery, destination)
    if scenery.is_on_known_link:
        return said("Is the frame for me? Yes, the destination MAC is mine.")
    if scenery.ip is not None:
        return said(
            "It is for {destination}: the {receiver}'s own card, or a router's that passes the packet on.",
            destination=destination,
            receiver=scenery.receiver.word,
        )
    whose = (
        said(", the {receiver}'s card", receiver=scenery.receiver.word)
        if destination == scenery.receiving_host.mac
        else ""
    )
    return said("It is for {destination}{whose}.", destination=destination, whose=whose)


def _type_of(scenery: Scenery, ethernet: Header) -> str:
    if ethernet.text("eth.type"):
        return recurring("EtherType {type_chain}", type_chain=type_chain(scenery))
    return said("Length {len}", len=ethernet.text("eth.len")) if ethernet.text("eth.len") else said("No EtherType")


def _carried(scenery: Scenery) -> str:
    if scenery.arp is not None:
        return said("up to {protocol}", protocol=scenery.arp.protocol)
    if scenery.dissection.header(DISCOVERY) is not None:
        return said("PPPoE itself takes it")
    return said("up to IP") if scenery.ip is not None else said("what it carries is not read here")
