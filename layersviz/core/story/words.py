"""Small pieces of wording that several parts of a story share."""

from functools import lru_cache

from layersviz.core.header import ChecksumStatus, Header
from layersviz.core.host import Side
from layersviz.core.journey import Line, Mark
from layersviz.core.said import Said, recurring, said, said_many
from layersviz.core.story import labels
from layersviz.core.story.connection import Segment
from layersviz.core.story.dropping import is_bad
from layersviz.core.story.kind import Kind
from layersviz.core.story.medium import Medium
from layersviz.core.story.scenery import Scenery
from layersviz.core.tcp_segment import RST
from layersviz.core.tcp_state import TcpState

SERVER_PROCESS = said("the Hello World server")
NOT_CAPTURED = said("not captured")
_WITH_PSEUDO_HEADER = frozenset({"TCP", "UDP", "ICMPv6"})
"""Their checksums cover addresses, protocol and length of the packet, too (RFC 9293 section 3.1, RFC 8200 8.1)."""
_OPEN = (TcpState.ESTABLISHED, TcpState.CLOSE_WAIT)
PASSED_STATES: dict[tuple[TcpState | None, TcpState | None], TcpState] = {
    (TcpState.SYN_RECEIVED, TcpState.CLOSE_WAIT): TcpState.ESTABLISHED,
    (TcpState.CLOSED, TcpState.SYN_RECEIVED): TcpState.SYN_SENT,
}
"""A state that an end has passed within one stop: a FIN behind the handshake's ACK, a SYN of its own."""
_BITS_ON_WIRE = tuple(f"{octet:08b}"[::-1] for octet in range(256))


def bits_on_wire(octets: bytes) -> str:
    """Each octet as it is sent, least significant bit first (IEEE 802.3 clause 3.3), in groups of eight."""
    return " ".join([_BITS_ON_WIRE[octet] for octet in octets])


@lru_cache(maxsize=512)
def in_bytes(count: int) -> str:
    return said_many("{count} byte", "{count} bytes", count)


def name_of(text: str) -> str:
    """'TCP' of '6 (TCP)'."""
    _, bracket, name = text.partition(" (")
    if not bracket:
        return text
    return said(name[:-1]) if isinstance(text, Said) else name[:-1]


def shortened(text: str, most: int) -> str:
    """As many characters of the text as there is room for."""
    if len(text) <= most:
        return text
    return said(f"{{text:.{most - 1}}}\u2026", text=text)


def shown(header: Header, name: str) -> str:
    """The field's text; where the capture ends before it, that."""
    return header.text(name) or NOT_CAPTURED


def is_group_address(address: str) -> bool:
    """Whether it is for several hosts: IPv6 (RFC 4291 section 2.7), IPv4 from 224 on, or IPv4's broadcast."""
    first, dot, _ = address.partition(".")
    if not dot:
        return address.startswith("ff")
    return first.isascii() and first.isdigit() and (224 <= int(first) <= 239 or address == "255.255.255.255")


def refuses(scenery: Scenery, segment: Segment) -> bool:
    """Whether this reset answers a SYN, so that no connection came to be."""
    before = None if scenery.before is None else scenery.before.at(scenery.sender)
    was_open = before not in (TcpState.CLOSED, TcpState.LISTEN, TcpState.SYN_RECEIVED)
    return segment.acknowledgment == 1 and segment.sequence in (0, 1) and not was_open


def has_no_first_number(scenery: Scenery) -> bool:
    """Whether this reset comes from where no connection is: its number is 0 itself (RFC 9293 section 3.10.7.1)."""
    segment, tcp, before = scenery.segment, scenery.tcp, scenery.before
    if segment is None or tcp is None or segment.acknowledgment is None or tcp.number("tcp.seq_raw"):
        return False
    is_reset = bool(tcp.number("tcp.flags") & RST)
    return is_reset and (before is None or before.at(scenery.sender) in (TcpState.CLOSED, TcpState.LISTEN))


def breaks_off(scenery: Scenery) -> bool:
    """Whether this reset is the close() of a program that we know: one that left bytes unread (RFC 1122, 4.2.2.13)."""
    old, new = states_of(scenery, scenery.sender)
    return scenery.is_on_known_link and old in _OPEN and new is TcpState.CLOSED


def application_of(side: Side, scenery: Scenery) -> str:
    """Who talks at that end: our own server where we know it, else an application that we don't know."""
    return (
        SERVER_PROCESS
        if side is Side.SERVER and scenery.knows_programs and scenery.is_hello
        else recurring("the {side}'s application", side=side.word)
    )


def checksum_line(header: Header, text: str) -> Line | None:
    """The check of a header's checksum as it came out (RFC 1071 section 1); None where the header has none."""
    checksum = header.checksum
    if checksum is None:
        return None
    match checksum.status:
        case ChecksumStatus.GOOD:
            added = said(" with pseudo-header") if header.protocol in _WITH_PSEUDO_HEADER else ""
            return Line(
                label=labels.CHECKSUM,
                text=said("{text}, sum 0xffff{added}: right", text=text, added=added),
                mark=Mark.GOOD,
            )
        case ChecksumStatus.BAD:
            return Line(
                label=labels.CHECKSUM,
                text=said("carried {text}; computed over what came 0x{true:04x}", text=text, true=checksum.true or 0),
                mark=Mark.BAD,
            )
        case ChecksumStatus.PARTIAL:
            return Line(
                label=labels.CHECKSUM,
                text=said("{text}: partial (offload), complete it is 0x{true:04x}", text=text, true=checksum.true or 0),
                mark=Mark.PLAIN,
            )
        case ChecksumStatus.NOT_PRESENT:
            return Line(label=labels.CHECKSUM, text=said("{text}: the sender made none", text=text), mark=Mark.PLAIN)
        case ChecksumStatus.NOT_CHECKABLE:
            return Line(label=labels.CHECKSUM, text=said("{text}: not checkable", text=text), mark=Mark.PLAIN)


def checksum_sentence(header: Header, text: str, thing: str, scenery: Scenery) -> str:
    """What the receiver's check comes to, as a sentence with a space behind it.

    `thing` is what the checksum covers: header, segment, datagram or message.
    """
    checksum = header.checksum
    if checksum is None:
        return ""
    match checksum.status:
        case ChecksumStatus.GOOD:
            return _undamaged(header, text, thing)
        case ChecksumStatus.BAD if is_dropped(header, scenery):
            return said(
                "The checksum is {text}, but what it covers gives 0x{true:04x}: damaged on the way. "
                "{protocol} drops it.",
                text=text,
                true=checksum.true or 0,
                protocol=header.protocol.removesuffix("v4"),
            )
        case ChecksumStatus.BAD:
            return said(
                "The checksum {text} is wrong, it should be 0x{true:04x}: either damage, and the "
                "receiver would drop it, or the sender's card was still to compute it (offload). ",
                text=text,
                true=checksum.true or 0,
            )
        case ChecksumStatus.PARTIAL:
            return _partial(text, checksum.true or 0, scenery)
        case ChecksumStatus.NOT_PRESENT:
            return said("The sender computed no checksum: damage would not be found here. ")
        case ChecksumStatus.NOT_CHECKABLE:
            return said("The checksum {text} can't be checked here. {reason} ", text=text, reason=checksum.reason)


def _partial(text: str, true: int, scenery: Scenery) -> str:
    if scenery.medium is Medium.MEMORY:
        return said(
            "The checksum {text} is partial, not wrong: it covers only the pseudo-header, and on loopback nobody needs "
            "to finish it (offload). Complete it is 0x{true:04x}. ",
            text=text,
            true=true,
        )
    return said(
        "The checksum {text} is partial, not wrong: it covers only the pseudo-header, and a network card was to finish "
        "it (offload). Complete it is 0x{true:04x}. ",
        text=text,
        true=true,
    )


def _undamaged(header: Header, text: str, thing: str) -> str:
    if header.protocol in _WITH_PSEUDO_HEADER:
        return recurring(
            "{thing} and pseudo-header (both addresses, protocol, length) add up to 0xffff: undamaged. ",
            thing=_COVERED[thing],
        )
    if thing == "header":
        return said("Added up with its checksum {text} the header gives 0xffff: undamaged. ", text=text)
    return said("Added up with its checksum {text} the message gives 0xffff: undamaged. ", text=text)


_COVERED = {"segment": said("Segment"), "datagram": said("Datagram"), "message": said("Message")}


def is_dropped(header: Header, scenery: Scenery) -> bool:
    """Whether the receiver throws the packet away because of this header's checksum."""
    return scenery.dropped_at is header.layer and is_bad(header.checksum)


def state_change(scenery: Scenery, side: Side) -> Line | None:
    """A line for a change of that end's state by this frame; None where it keeps its state.

    A sender's state changes before the frame is on the wire, a receiver's when it has arrived.
    """
    old, new = states_of(scenery, side)
    if old is new:
        return None
    witness = _witness(scenery, side)
    text = said("{old} \u2192 {new} ({witness})", old=old, new=new, witness=witness)
    if passed := PASSED_STATES.get((old, new)):
        witness = _ENDS_READ if scenery.from_kernel and _agrees(scenery, side) else witness
        text = said("{old} \u2192 {passed} \u2192 {new} ({witness})", old=old, passed=passed, new=new, witness=witness)
    return Line(label=labels.STATE, text=text, mark=_agreement(scenery, side))


_ENDS_READ = said("first and last read from the kernel")


def states_of(scenery: Scenery, side: Side) -> tuple[TcpState | None, TcpState | None]:
    """That end's state before and behind this frame's stop at its transport layer."""
    return scenery.states_of_sender if side is scenery.frame.sender else scenery.states_of_receiver


def state_kept_since_connect(scenery: Scenery) -> Line | None:
    """A SYN that had to wait for ARP: its end has been in SYN-SENT since connect()."""
    if scenery.kind is not Kind.SYN or not scenery.knows_programs or scenery.taken is None:
        return None
    if scenery.segment is not None and scenery.segment.is_crossing_syn:
        return None
    if scenery.taken.at(scenery.sender) is not TcpState.SYN_SENT:
        return None
    return Line(
        label=labels.STATE,
        text=said(
            "{state} since connect() ({witness})", state=TcpState.SYN_SENT, witness=_witness(scenery, scenery.sender)
        ),
        mark=_agreement(scenery, scenery.sender),
    )


def _witness(scenery: Scenery, side: Side) -> str:
    if not scenery.from_kernel:
        return said("by RFC 9293")
    if _agrees(scenery, side):
        return said("read from the kernel")
    return said("read from the kernel; RFC 9293 gives {computed}", computed=_computed(scenery, side))


def _agreement(scenery: Scenery, side: Side) -> Mark:
    if not scenery.from_kernel:
        return Mark.COMPUTED
    return Mark.GOOD if _agrees(scenery, side) else Mark.BAD


def _agrees(scenery: Scenery, side: Side) -> bool:
    return states_of(scenery, side)[1] is _computed(scenery, side)


def _computed(scenery: Scenery, side: Side) -> TcpState | None:
    if scenery.segment is None:
        return states_of(scenery, side)[1]
    computed = scenery.segment.taken if side is scenery.sender else scenery.segment.delivered
    return computed.at(side)
