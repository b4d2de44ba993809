"""What TCP does at a stop: ports, numbers, flags, and the state that changes."""

from collections.abc import Callable

from layersviz.core.conversation import Segment
from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import ALL_ONES, Scenery
from layersviz.core.story.words import SERVER_PROCESS
from layersviz.core.tcp_state import TcpState


def transport_down(scenery: Scenery) -> str:
    """The sender's TCP."""
    tcp, segment = scenery.tcp, scenery.segment
    if tcp is None or segment is None:
        return "The transport layer passes the payload on."
    tell = _SENT.get(scenery.kind, _data_down)
    return f"{tell(scenery, tcp, segment)}{_change(scenery, scenery.sender)}"


def _syn_down(_scenery: Scenery, tcp: Header, _segment: Segment) -> str:
    return (
        f"TCP makes a segment with the flag SYN, from port {tcp.text('tcp.srcport')} "
        f"to port {tcp.text('tcp.dstport')}. Its first sequence number is {tcp.text('tcp.seq_raw')}, "
        "chosen so that nobody can guess it; we call it 0."
    )


def _syn_ack_down(_scenery: Scenery, tcp: Header, _segment: Segment) -> str:
    return (
        f"Two messages in one segment: SYN with the server's own first number {tcp.text('tcp.seq_raw')}, and ACK "
        f"{tcp.text('tcp.ack_raw')}, the client's number + 1, because its SYN used one."
    )


def _handshake_ack_down(_scenery: Scenery, tcp: Header, segment: Segment) -> str:
    return (
        f"The third segment: ACK {tcp.text('tcp.ack_raw')}, the server's number + 1. It uses no sequence number "
        f"itself: the first byte of data will have seq {segment.sequence}, too."
    )


def _ack_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    return (
        f"The {scenery.sender}'s kernel acknowledges by itself, no application is asked: "
        f"ack {segment.acknowledgment} is the byte that it expects next."
    )


def _closing_ack_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    used = (segment.acknowledgment or 0) - 1
    both = " Both directions are closed." if scenery.taken.at(scenery.sender) is TcpState.TIME_WAIT else ""
    return f"ack {segment.acknowledgment}: the {scenery.receiver}'s FIN used number {used}.{both}"


def _fin_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    return (
        f"The flag FIN says: no more data from the {scenery.sender}. "
        f"Like SYN it uses one sequence number, {segment.sequence}."
    )


def _rst_down(_scenery: Scenery, _tcp: Header, _segment: Segment) -> str:
    return "The flag RST ends the connection at once."


def _data_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    octets, first = scenery.data_octets, segment.sequence
    last = f" to {first + octets - 1}" if first is not None else ""
    return (
        f"TCP puts its header in front of {octets} bytes of data: bytes {first}{last} of what the "
        f"{scenery.sender} sends, so that the other end can put them in order."
    )


_SENT: dict[Kind, Callable[[Scenery, Header, Segment], str]] = {
    Kind.SYN: _syn_down,
    Kind.SYN_ACK: _syn_ack_down,
    Kind.HANDSHAKE_ACK: _handshake_ack_down,
    Kind.ACK: _ack_down,
    Kind.CLOSING_ACK: _closing_ack_down,
    Kind.FIN: _fin_down,
    Kind.RST: _rst_down,
}


def transport_up(scenery: Scenery) -> str:
    """The receiver's TCP."""
    tcp, receiver = scenery.tcp, scenery.receiver
    if tcp is None:
        return "Nobody here knows what this packet carries."
    checksum, port = tcp.text("tcp.checksum"), tcp.text("tcp.dstport")
    if scenery.tcp_sum != ALL_ONES:
        return f"With its checksum {checksum} the segment gives 0x{scenery.tcp_sum:04x}, not 0xffff: TCP drops it."
    if scenery.delivered.at(receiver) is TcpState.TIME_WAIT:
        change = f"{_meaning(scenery)}{_change(scenery, receiver)}{_time_wait(scenery)}"
        return f"Undamaged, and for {_owner(receiver)}.{change}"
    return (
        f"Added up with its checksum {checksum} the segment gives 0xffff: undamaged. "
        f"Port {port} belongs to {_owner(receiver)}.{_meaning(scenery)}{_change(scenery, receiver)}"
    )


def _owner(side: Side) -> str:
    return SERVER_PROCESS if side is Side.SERVER else "the client's socket"


def _meaning(scenery: Scenery) -> str:
    match scenery.kind:
        case Kind.SYN_ACK:
            return " ack is our number + 1: the SYN has arrived."
        case Kind.HANDSHAKE_ACK:
            return " ack is our number + 1: the client has our SYN."
        case Kind.REQUEST | Kind.ANSWER | Kind.DATA:
            return f" {scenery.data_octets} bytes go into its receive buffer."
        case Kind.FIN:
            return " FIN: no more will come from there."
        case Kind.CLOSING_ACK:
            return " Our FIN has arrived."
    return ""


def _time_wait(scenery: Scenery) -> str:
    """Why a state is skipped, and what the last one is for (RFC 9293 section 3.6)."""
    skipped = scenery.taken.at(scenery.receiver) is TcpState.FIN_WAIT_1
    reason = " It acknowledges our FIN, too, so FIN-WAIT-2 is skipped." if skipped else ""
    return f"{reason} We wait a while, in case our last ACK is lost."


def _change(scenery: Scenery, side: Side) -> str:
    sends = side is scenery.sender
    old = scenery.before.at(side) if sends else scenery.taken.at(side)
    new = scenery.taken.at(side) if sends else scenery.delivered.at(side)
    return "" if old is new else f" {side.capitalize()}: {old} \u2192 {new}."
