"""What TCP does at a stop: ports, numbers, flags, and the state that changes."""

from layersviz.core.host import Side
from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import ALL_ONES, Scenery
from layersviz.core.story.words import SERVER_PROCESS


def transport_down(scenery: Scenery) -> str:
    """The sender's TCP."""
    tcp, segment, sender = scenery.tcp, scenery.segment, scenery.sender
    if tcp is None or segment is None:
        return "The transport layer passes the payload on."
    raw = tcp.text("tcp.seq_raw")
    match scenery.kind:
        case Kind.SYN:
            return (
                f"TCP makes a segment with the flag SYN, from port {tcp.text('tcp.srcport')} "
                f"to port {tcp.text('tcp.dstport')}. "
                f"Its first sequence number is {raw}, chosen at random; we call it 0.{_change(scenery, sender)}"
            )
        case Kind.SYN_ACK:
            return (
                f"Two messages in one segment: SYN with the server's own first number {raw}, and ACK "
                f"{tcp.text('tcp.ack_raw')}, the client's number + 1, for its SYN used one.{_change(scenery, sender)}"
            )
        case Kind.HANDSHAKE_ACK:
            return (
                f"The third segment: ACK {tcp.text('tcp.ack_raw')}, the server's number + 1. "
                f"Itself it uses no number: the first byte of data will have the same seq {segment.sequence}."
                f"{_change(scenery, sender)}"
            )
        case Kind.ACK:
            return (
                f"The {sender}'s kernel acknowledges by itself, no application is asked: "
                f"ack {segment.acknowledgment} is the byte that it expects next.{_change(scenery, sender)}"
            )
        case Kind.FIN:
            return (
                f"The flag FIN says: no more data from the {sender}. Like SYN it uses one sequence number, "
                f"{segment.sequence}.{_change(scenery, sender)}"
            )
        case Kind.RST:
            return f"The flag RST ends the connection at once.{_change(scenery, sender)}"
    return _data_down(scenery, segment.sequence)


def _data_down(scenery: Scenery, first: int | None) -> str:
    octets = scenery.data_octets
    last = f" to {first + octets - 1}" if first is not None else ""
    return (
        f"TCP puts its header in front of {octets} bytes of data: bytes {first}{last} of what the "
        f"{scenery.sender} sends, so that the other end can put them in order.{_change(scenery, scenery.sender)}"
    )


def transport_up(scenery: Scenery) -> str:
    """The receiver's TCP."""
    tcp, segment, receiver = scenery.tcp, scenery.segment, scenery.receiver
    if tcp is None or segment is None:
        return "Nobody here knows what this packet carries."
    owner = SERVER_PROCESS if receiver is Side.SERVER else "the client's socket"
    if scenery.tcp_sum != ALL_ONES:
        return f"Is the segment whole? No: its sum with checksum {tcp.text('tcp.checksum')} is wrong. TCP drops it."
    opening = (
        f"Is the segment whole? Its sum with checksum {tcp.text('tcp.checksum')} comes out. "
        f"Port {tcp.text('tcp.dstport')} belongs to {owner}."
    )
    return f"{opening}{_meaning(scenery)}{_change(scenery, receiver)} The TCP header comes off."


def _meaning(scenery: Scenery) -> str:
    segment = scenery.segment
    if segment is None:
        return ""
    match scenery.kind:
        case Kind.SYN_ACK:
            return " ack is our number + 1: the SYN has arrived."
        case Kind.HANDSHAKE_ACK:
            return " ack is our number + 1: the client has our SYN."
        case Kind.REQUEST | Kind.ANSWER | Kind.DATA:
            return f" {scenery.data_octets} bytes go into its receive buffer."
        case Kind.FIN:
            return " FIN: no more will come from there."
    return ""


def _change(scenery: Scenery, side: Side) -> str:
    sends = side is scenery.sender
    old = scenery.before.at(side) if sends else scenery.taken.at(side)
    new = scenery.taken.at(side) if sends else scenery.delivered.at(side)
    return "" if old is new else f" {side.capitalize()}: {old} \u2192 {new}."
