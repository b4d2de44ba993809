"""What the link and the physical layer do at a stop, and what is known of the way across."""

from layersviz.core.header import Header
from layersviz.core.story.cut_headers import is_cut_off, only_kept
from layersviz.core.story.medium import Medium, largest_octets
from layersviz.core.story.pppoe_words import DISCOVERY, discovery_sentence
from layersviz.core.story.scenery import BROADCAST, FCS_OCTETS, PREAMBLE_OCTETS, Scenery
from layersviz.core.story.words import counted, name_of, shown

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
        return f"The Ethernet header ends early: {only_kept(ethernet, scenery)}."
    inner = scenery.frame_octets - ethernet.octet_length
    said = (
        f"{_addressed(scenery, ethernet)} "
        f"{_type_says(ethernet)}: {ethernet.octet_length} + {inner} = {scenery.frame_octets} bytes."
    )
    return f"{said}{_inner_headers(scenery)}{_missing_padding(scenery)}"


def _addressed(scenery: Scenery, ethernet: Header) -> str:
    destination = shown(ethernet, "eth.dst")
    if scenery.medium is Medium.MEMORY:
        return "Linux's loopback writes an Ethernet header with both addresses zero, for there is no card;"
    if scenery.medium is Medium.NAMELESS:
        return "Both MAC addresses are zero: this was a loopback, or they were removed from the capture;"
    if destination == BROADCAST:
        to = "every card on the link"
    else:
        to = "a group of cards on the link" if is_group(destination) else "the next card on this link"
    return f"Ethernet addresses the frame to {to}, {destination};"


def is_group(mac: str) -> bool:
    """The first bit on the wire is 1 in the address of a group (IEEE 802.3 clause 3.2.3)."""
    return len(mac) > 1 and mac[1] in "13579bdf"


def _type_says(ethernet: Header) -> str:
    if length := ethernet.text("eth.len"):
        return f"in place of an EtherType stands a length, {length}: what is inside, the LLC header says (IEEE 802.3)"
    if ethernet.field("eth.type") is None:
        return f"its type {shown(ethernet, 'eth.invalid_lentype')} is neither a length nor an EtherType"
    return f"EtherType {ethernet.text('eth.type')} says what is inside"


def _inner_headers(scenery: Scenery) -> str:
    """Tags, PPPoE and LLC, each with its purpose."""
    inner = scenery.link_headers[1:_MOST_TOLD]
    befores = scenery.link_headers[: len(inner)]
    said = [
        _next_tag_says(header) if {header.protocol, before.protocol} <= _TAGS.keys() else _purpose(header, scenery)
        for before, header in zip(befores, inner, strict=True)
    ]
    more = len(scenery.link_headers) - _MOST_TOLD
    return "".join(f" {each}" for each in said if each) + (f" {more} more headers follow." if more > 0 else "")


def _purpose(header: Header, scenery: Scenery) -> str:
    match header.protocol:
        case "802.1Q" | "802.1ad":
            return _tag_says(header)
        case "PPPoE session":
            session = shown(header, "pppoe.session_id")
            return f"PPPoE says to which connection of a dial-in line this belongs: session {session}."
        case "PPP":
            return f"PPP names what it carries: {name_of(shown(header, 'ppp.protocol'))}."
        case "PPPoE discovery":
            return discovery_sentence(header, scenery.link_headers)
        case "SNAP":
            return f"SNAP gives an EtherType after all: {shown(header, 'llc.type')}."
    return ""


def _tag_says(header: Header) -> str:
    prefix = _TAGS[header.protocol]
    vlan = header.number(f"{prefix}.id")
    if vlan == 0:
        return f"The {header.protocol} tag names no VLAN, only the priority {shown(header, f'{prefix}.priority')}."
    return f"The {header.protocol} tag keeps it within VLAN {vlan}: one link serves as several."


def _next_tag_says(header: Header) -> str:
    """A tag behind a tag: a provider's network carries a customer's (IEEE 802.1ad)."""
    return (
        f"Within that, the {header.protocol} tag behind it names VLAN {header.number(f'{_TAGS[header.protocol]}.id')}."
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
        return f"VLAN {shown(header, f'{prefix}.id')}"
    if header.protocol == "PPPoE session":
        return f"PPPoE session {shown(header, 'pppoe.session_id')}"
    return ""


def _type_in(header: Header) -> str:
    return next((text for name in _TYPES if (text := header.text(name))), "")


def _note(scenery: Scenery) -> str:
    """In place of a link header: what the capturing kernel wrote down."""
    match scenery.medium:
        case Medium.COOKED:
            sll = scenery.own_headers[0]
            return (
                "The real link header was not captured. In its place stands Linux's own note about the packet "
                f"({shown(sll, 'sll.pkttype')}, protocol {shown(sll, 'sll.etype')}): no wire ever carried it."
            )
        case Medium.MEMORY | Medium.TUNNEL:
            family = shown(scenery.own_headers[0], "null.type")
            return f"There is no link header: the 4 bytes are the kernel's own note, family {family}, never on a wire."
    return f"The link header can't be read. {scenery.dissection.problem}".strip()


def _missing_octets(scenery: Scenery) -> int:
    """A real card fills a frame up to 60 bytes; the lab's virtual one does not (IEEE 802.3 clause 4.2.3.3)."""
    return max(0, LEAST_FRAME_OCTETS - scenery.frame_octets) if scenery.has_bits else 0


def _without_padding(scenery: Scenery) -> str:
    return " (but for the padding that this short frame lacks)" if _missing_octets(scenery) else ""


def _missing_padding(scenery: Scenery) -> str:
    missing = _missing_octets(scenery)
    if not missing:
        return _padding(scenery)
    if scenery.is_on_known_link:
        return f" A real card would add {missing} bytes of padding; this virtual link does not."
    return f" A card adds {missing} bytes of padding to so short a frame; this was captured before, or without one."


def _padding(scenery: Scenery) -> str:
    padding = scenery.dissection.padding
    if not padding:
        return ""
    if scenery.frame_octets > LEAST_FRAME_OCTETS:
        return f" Behind the packet's end stand {counted(padding, 'byte')} that belong to nobody."
    return f" The last {counted(padding, 'byte')} only fill the frame up to its least length: padding."


def physical_down(scenery: Scenery) -> str:
    """The sender's card; only where there are bits."""
    return (
        f"The {scenery.frame_octets} bytes become {scenery.frame_octets * 8} bits, the least significant bit of each "
        f"byte first. {PREAMBLE_OCTETS * 8} bits of preamble and delimiter go in front, {FCS_OCTETS * 8} bits of check "
        "sequence follow: computed, for no capture holds them."
    )


def wire(scenery: Scenery) -> str:
    """Between the two hosts."""
    if scenery.frame.lost:
        return f"Here the frame is lost: nothing of it reaches the {scenery.receiver}, and nobody is told."
    return f"{_crossing(scenery)}{_unanswered(scenery)}{_problem(scenery)}"


def _unanswered(scenery: Scenery) -> str:
    if not scenery.is_unanswered:
        return ""
    return f" No frame of this capture answers: whether it reached the {scenery.receiver}, nobody can tell from here."


def _problem(scenery: Scenery) -> str:
    problem = scenery.dissection.problem
    return f" {problem}" if problem and scenery.medium is not Medium.CUT else ""


def _crossing(scenery: Scenery) -> str:
    match scenery.medium:
        case Medium.WIRE:
            return _bits(scenery)
        case Medium.CUT:
            kept, size = len(scenery.frame.octets), scenery.frame_octets
            problem = scenery.dissection.problem or f"The capture kept {kept} of the frame's {size} bytes."
            return f"{problem} Without the rest its check sequence can't be computed: the captured bytes are shown."
    return _UNKNOWN_WAYS[scenery.medium].format(
        octets=len(scenery.frame.octets),
        most=largest_octets(scenery.dissection),
        link_type=scenery.frame.link_type,
    )


_UNKNOWN_WAYS = {
    Medium.OVERSIZED: (
        "{octets} bytes are more than an ordinary Ethernet frame has ({most}): it was captured before the sender's "
        "card cut it up or after the receiver's card joined it (offload), or the link takes jumbo frames. So the bits "
        "of the wire are not known."
    ),
    Medium.MEMORY: (
        "Loopback: the kernel hands the packet over in memory, on one machine. There is no wire, so there are no bits "
        "of a wire and no check sequence: the {octets} captured bytes are shown."
    ),
    Medium.NAMELESS: (
        "Both MAC addresses are zero: either this was Linux's loopback, where nothing is on a wire, or they were "
        "removed from the capture. So the bits of the wire are not known: the {octets} captured bytes are shown."
    ),
    Medium.NO_LINK: (
        "The {octets} captured bytes are the IP packet alone: how it crossed its link, the capture can't say."
    ),
    Medium.COOKED: (
        "The {octets} captured bytes begin with Linux's note: how the packet crossed its link, the capture can't say."
    ),
    Medium.TUNNEL: (
        "The {octets} captured bytes come from an interface without link headers: a tunnel, or a loopback."
    ),
    Medium.UNKNOWN: "Link type {link_type} is not known here: the {octets} captured bytes are not read.",
}


def _bits(scenery: Scenery) -> str:
    if scenery.is_on_known_link:
        return (
            f"{scenery.wire_bits} bits travel from the {scenery.sender} to the {scenery.receiver}, as 10 Mbit/s "
            f"Ethernet would send them{_without_padding(scenery)}: a Manchester wave, that in the middle of each bit "
            "goes up for 1 and down for 0."
        )
    return (
        f"{scenery.wire_bits} bits go from the {scenery.sender} towards the {scenery.receiver}. How fast, no capture "
        f"says: they are drawn as 10 Mbit/s Ethernet would send them{_without_padding(scenery)}, a Manchester wave "
        "that in the middle of each bit goes up for 1 and down for 0."
    )


def physical_up(scenery: Scenery) -> str:
    """The receiver's card; only where there are bits."""
    whose = f"The {scenery.receiver}'s card" if scenery.is_on_known_link else "The card at the link's other end"
    return (
        f"{whose} takes its clock from the preamble, finds the delimiter and reads "
        f"{scenery.frame_octets * 8} bits as {scenery.frame_octets} bytes, then the check sequence."
    )


def link_up(scenery: Scenery) -> str:
    """The receiver's link."""
    ethernet = scenery.ethernet
    if ethernet is None:
        return "The note belongs to the capture: no receiver takes it off. What it stands before goes up."
    if is_cut_off(ethernet, scenery):
        return f"For whom the frame is and what it carries can't be said: {only_kept(ethernet, scenery)}."
    if not scenery.has_bits:
        return f"{_for_whom(scenery, ethernet)} {_type_of(scenery, ethernet)}: {_carried(scenery)}."
    destination = shown(ethernet, "eth.dst")
    if scenery.is_on_known_link and not _is_mine(scenery, destination):
        return f"The destination MAC {destination} is not mine: the card drops the frame."
    whom_and_what = f"{_for_whom(scenery, ethernet)} {_type_of(scenery, ethernet)}: {_carried(scenery)}."
    return (
        f"A card computes the CRC-32 over the {scenery.frame_octets} bytes, 0x{scenery.crc:08x}, and compares it with "
        f"the check sequence that came. {whom_and_what}"
    )


def _is_mine(scenery: Scenery, destination: str) -> bool:
    return destination == scenery.receiving_host.mac or is_group(destination)


def _for_whom(scenery: Scenery, ethernet: Header) -> str:
    destination = shown(ethernet, "eth.dst")
    if scenery.medium in (Medium.MEMORY, Medium.NAMELESS):
        return "No MAC address says for whom the frame is."
    if destination == BROADCAST:
        return "Is the frame for me? Yes, it is for everyone."
    if is_group(destination):
        return f"Is the frame for me? Yes, where I am of the group {destination}."
    if scenery.is_on_known_link:
        return "Is the frame for me? Yes, the destination MAC is mine."
    if scenery.ip is not None:
        return f"It is for {destination}: the {scenery.receiver}'s own card, or a router's that passes the packet on."
    whose = f", the {scenery.receiver}'s card" if destination == scenery.receiving_host.mac else ""
    return f"It is for {destination}{whose}."


def _type_of(scenery: Scenery, ethernet: Header) -> str:
    if ethernet.text("eth.type"):
        return f"EtherType {type_chain(scenery)}"
    return f"Length {ethernet.text('eth.len')}" if ethernet.text("eth.len") else "No EtherType"


def _carried(scenery: Scenery) -> str:
    if scenery.arp is not None:
        return f"up to {scenery.arp.protocol}"
    if scenery.dissection.header(DISCOVERY) is not None:
        return "PPPoE itself takes it"
    return "up to IP" if scenery.ip is not None else "what it carries is not read here"
