"""Questions of how it ends: which layer refuses a frame, and who waits in TIME-WAIT."""

from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.journey import Journey
from layersviz.core.layer import Layer
from layersviz.core.predict_place import Draft, Place
from layersviz.core.predict_reading import TCP, Unit, answers
from layersviz.core.said import Said, said
from layersviz.core.tcp_segment import ACK, FIN, RST, SYN
from layersviz.core.tcp_state import TcpState

_NO_LAYER = said("No layer: it is accepted")
_REFUSING = (Layer.LINK, Layer.NETWORK, Layer.TRANSPORT)
_PORT_UNREACHABLE = {"ICMP": (3, 3, "icmp.type", "icmp.code"), "ICMPv6": (1, 4, "icmpv6.type", "icmpv6.code")}
"""RFC 792 and RFC 4443 section 3.1."""


def layer(place: Place) -> Draft | None:
    """Which layer of the receiver refuses the frame that is on the wire: asked of a damaged one, and of the first to a
    port."""
    own, journey = place.unit, place.journey
    if not place.is_on_wire or journey.lost or own is None:
        return None
    if journey.flipped_bit is not None:
        return _of_damaged(journey, journey.flipped_bit, own)
    if any(unit.sender is not own.sender for unit in place.so_far) or own.flags & (ACK | RST):
        return None
    return _of_first(place, own)


def _of_damaged(journey: Journey, bit: int, own: Unit) -> Draft | None:
    if journey.refused_at not in (None, *_REFUSING):
        return None
    told = {"bit": bit, "place": _place_of(journey, bit), "receiver": own.sender.other.word}
    text = said(
        "A device on the way has flipped bit {bit} of this frame, in {place}, and computed a new check sequence over "
        "it. Which layer of the {receiver} refuses the frame?",
        **told,
    )
    if journey.refused_at is Layer.LINK:
        text = said(
            "On the wire bit {bit} of this frame was flipped, in {place}. Which layer of the {receiver} refuses the "
            "frame?",
            **told,
        )
    return _draft(text, journey.refused_at, _why_damaged(journey.refused_at, own.protocol))


def _place_of(journey: Journey, bit: int) -> Said:
    for header in reversed(journey.headers):
        is_in = header.octet_offset <= bit // 8 < header.octet_offset + header.octet_length
        if is_in and header.layer is not Layer.APPLICATION and not header.quoted:
            return said("the {protocol} header", protocol=header.protocol)
    return said("the data")


def _why_damaged(refused_at: Layer | None, protocol: str) -> Said:
    match refused_at:
        case Layer.LINK:
            return said(
                "The card computes the CRC-32 over the frame: it does not equal the check sequence that came, so the "
                "frame goes no further (IEEE 802.3 clause 3.2.9)."
            )
        case Layer.NETWORK:
            return said(
                "The new check sequence is true, so the card finds nothing. The IPv4 header's own checksum does not "
                "come out (RFC 791 section 3.1)."
            )
        case Layer.TRANSPORT:
            return said(
                "Check sequence and IP header are in order. The {protocol} checksum covers {protocol}'s header, the "
                "data and the IP addresses: it does not come out (RFC 9293 section 3.1, RFC 768).",
                protocol=protocol,
            )
    return said("No check covers this bit: IPv6 has no header checksum, and the frame is taken (RFC 8200 section 8.1).")


def _of_first(place: Place, own: Unit) -> Draft | None:
    """By what comes back: a reset, an error of ICMP, or an answer."""
    refused = _is_refused(place, own)
    if refused is None:
        return None
    text = said(
        "{side} sends a {protocol} {unit} to port {target}. It is undamaged. Which layer of the {receiver} refuses it?",
        side=said("The client") if own.sender is Side.CLIENT else said("The server"),
        protocol=own.protocol,
        unit=said("segment") if own.protocol == TCP else said("datagram"),
        target=own.target,
        receiver=own.sender.other.word,
    )
    why = said(
        "All checks come out, and a socket has port {target}: nothing refuses it (RFC 1122 section 1.1.3).",
        target=own.target,
    )
    if refused:
        why = said(
            "All checks come out, but no socket has port {target}. Ports are the transport layer's, so it refuses "
            "(RFC 9293 section 3.10.7.1, RFC 1122 section 4.1.3.1).",
            target=own.target,
        )
    return _draft(text, Layer.TRANSPORT if refused else None, why)


def _is_refused(place: Place, own: Unit) -> bool | None:
    """None while nothing tells."""
    answer = place.next_of_conversation
    if answer is not None and answers(own, answer):
        return bool(answer.flags & RST)
    back = next((journey for journey in place.later if journey.sender is not own.sender), None)
    return True if back is not None and any(_is_port_unreachable(each) for each in back.headers) else None


def _is_port_unreachable(header: Header) -> bool:
    if header.protocol not in _PORT_UNREACHABLE:
        return False
    kind, code, kind_name, code_name = _PORT_UNREACHABLE[header.protocol]
    return (header.number(kind_name), header.number(code_name)) == (kind, code)


def _draft(text: Said, refused_at: Layer | None, why: Said) -> Draft:
    labels: tuple[str, ...] = (*(each.label for each in _REFUSING), _NO_LAYER)
    right = _NO_LAYER if refused_at is None else refused_at.label
    return Draft(text=text, right=right, wrong=tuple(each for each in labels if each != right), why=why, is_whole=True)


_WHY_RESET = said(
    "A reset ends the connection at once, on both ends, without waiting: nobody is in TIME-WAIT (RFC 9293 "
    "section 3.10.7)."
)


def time_wait(place: Place) -> Draft | None:
    """Who waits in TIME-WAIT: asked from a FIN on, or of a reset, before it is seen."""
    own = place.unit
    if own is None or own.protocol != TCP or not place.has_shown(Layer.TRANSPORT) or own.flags & SYN:
        return None
    if not own.flags & (FIN | RST) or any(_waiting(step.states) for step in place.shown):
        return None
    waiting = _who_waits(place)
    why = _WHY_RESET if own.flags & RST else _why_waits(waiting, _closed_first(place))
    if not why or (own.flags & RST and (waiting or not own.arrives)):
        return None
    who: dict[frozenset[Side], Said] = {
        frozenset((Side.CLIENT,)): said("The client"),
        frozenset((Side.SERVER,)): said("The server"),
        frozenset(Side): said("Both"),
        frozenset(): said("Nobody"),
    }
    right = who[waiting]
    text = said("The connection is being closed. Who will be in TIME-WAIT?")
    if own.flags & RST:
        text = said("{side} sends RST. Who will be in TIME-WAIT?", side=who[frozenset((own.sender,))])
    return Draft(
        text=text, right=right, wrong=tuple(each for each in who.values() if each != right), why=why, is_whole=True
    )


def _waiting(states: object) -> frozenset[Side]:
    return frozenset(side for side in Side if getattr(states, side, None) is TcpState.TIME_WAIT)


def _who_waits(place: Place) -> frozenset[Side]:
    """By the states of this frame's later steps, and of the later frames of the conversation."""
    frames = {unit.frame for unit in place.to_come} | {place.journey.number}
    behind = (place.journey, *(each for each in place.later if each.number in frames))
    return frozenset(side for journey in behind for step in journey.steps for side in _waiting(step.states))


def _closed_first(place: Place) -> Side | None:
    return next((unit.sender for unit in place.so_far if unit.flags & FIN), None)


def _why_waits(waiting: frozenset[Side], first: Side | None) -> str:
    """Empty where it is not known, or not by the rule."""
    if waiting == frozenset(Side):
        return said(
            "Both have closed at the same time: the two FINs crossed on the way, and each end waits until no old "
            "segment can be under way any more (RFC 9293 section 3.6)."
        )
    if first is None or waiting != frozenset((first,)):
        return ""
    return said(
        "The {side} has closed first. It sends the last acknowledgment, and waits in case that is lost and the other "
        "FIN comes again (RFC 9293 section 3.6).",
        side=first.word,
    )
