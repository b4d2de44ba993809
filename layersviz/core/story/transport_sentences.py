"""What the transport layer does at a stop: ports, numbers, flags, and the state that changes."""

from collections.abc import Callable

from layersviz.core.header import ChecksumStatus, Header
from layersviz.core.host import Side
from layersviz.core.story.connection import Segment
from layersviz.core.story.findings import said_first
from layersviz.core.story.kind import DATA_KINDS, Kind
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import SERVER_PROCESS, checksum_sentence, counted, is_dropped, refuses, shown, states_of
from layersviz.core.tcp_arrival import Arrival
from layersviz.core.tcp_findings import KEEP_ALIVE, RETRANSMISSION, WINDOW_UPDATE
from layersviz.core.tcp_segment import FIN, MODULUS
from layersviz.core.tcp_state import TcpState

_MIDDLE = "The capture begins in the middle of this connection: both ends count as ESTABLISHED. "


def transport_down(scenery: Scenery) -> str:
    """The sender's TCP or UDP."""
    if (udp := scenery.udp) is not None:
        return _datagram_down(scenery, udp)
    tcp, segment = scenery.tcp, scenery.segment
    if tcp is None or segment is None:
        return f"This TCP header can't be read whole. {scenery.dissection.problem}".strip()
    flags = tcp.number("tcp.flags")
    noted = said_first(segment, scenery.sender, flags)
    middle = _MIDDLE if segment.is_first_of_middle else ""
    tell = _SENT.get(scenery.kind, _data_down)
    return f"{middle}{noted}{tell(scenery, tcp, segment)}{_change(scenery, scenery.sender)}"


def _datagram_down(scenery: Scenery, udp: Header) -> str:
    return (
        f"UDP adds only ports, a length and a checksum: from port {shown(udp, 'udp.srcport')} to port "
        f"{shown(udp, 'udp.dstport')}, {udp.octet_length} + {scenery.data_octets} = "
        f"{udp.octet_length + scenery.data_octets} bytes. No connection, no numbers: what is lost, UDP does not miss."
    )


def _syn_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    if segment.findings & RETRANSMISSION:
        return f"Its ports and its first sequence number, {shown(tcp, 'tcp.seq_raw')}, are as before."
    if segment.before.at(scenery.sender) is TcpState.ESTABLISHED:
        return (
            f"The SYN, first sequence number {shown(tcp, 'tcp.seq_raw')}. It left before the SYN/ACK that answers it: "
            "the capture has the two in the wrong order."
        )
    chosen = "chosen" if scenery.is_on_known_link else "to be chosen"
    return (
        f"TCP makes a segment with the flag SYN, from port {shown(tcp, 'tcp.srcport')} "
        f"to port {shown(tcp, 'tcp.dstport')}. Its first sequence number is {shown(tcp, 'tcp.seq_raw')}, "
        f"{chosen} so that nobody can guess it; we call it 0.{_riding(scenery)}{_crossing(scenery, segment)}"
    )


def _crossing(scenery: Scenery, segment: Segment) -> str:
    """A SYN that was sent before the other end's had come."""
    if not segment.is_crossing_syn:
        return ""
    if scenery.is_on_known_link:
        return f" It left before the {scenery.receiver}'s SYN had come: the two cross."
    return " Both ends have sent a SYN now: the two may have crossed."


def _riding(scenery: Scenery) -> str:
    """Data in a SYN: fast open (RFC 7413)."""
    octets = scenery.data_octets
    if not octets:
        return ""
    vouched = " A fast open cookie vouches for the sender." if scenery.segment and scenery.segment.is_vouched else ""
    return f" {counted(octets, 'byte')} of data ride along already, before there is a connection.{vouched}"


def _syn_ack_down(scenery: Scenery, tcp: Header, _segment: Segment) -> str:
    return (
        f"Two messages in one segment: SYN with the {scenery.sender}'s own first number {shown(tcp, 'tcp.seq_raw')}, "
        f"and ACK {shown(tcp, 'tcp.ack_raw')}, the {scenery.receiver}'s number + 1, because its SYN used one."
        f"{_riding(scenery)}{_crossing_answer(scenery)}"
        if not _covers_data_of_syn(scenery)
        else f"SYN with the {scenery.sender}'s own first number {shown(tcp, 'tcp.seq_raw')}, and ACK "
        f"{shown(tcp, 'tcp.ack_raw')}: it covers the {scenery.receiver}'s SYN and the data in it.{_riding(scenery)}"
    )


def _crossing_answer(scenery: Scenery) -> str:
    """Of two ends that both began, the second to answer has the other's answer already."""
    segment = scenery.segment
    if segment is None or not segment.is_crossed or segment.before.at(scenery.sender) is not TcpState.ESTABLISHED:
        return ""
    return f" It was sent for the {scenery.receiver}'s SYN, in SYN-RECEIVED: the two SYN/ACKs cross, too."


def _covers_data_of_syn(scenery: Scenery) -> bool:
    return scenery.segment is not None and (scenery.segment.acknowledgment or 0) > 1


def _handshake_ack_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    which = "last segment of the handshake" if segment.is_crossed else "third segment"
    following = "first" if segment.sequence == 1 else "next"
    return (
        f"The {which}: ACK {shown(tcp, 'tcp.ack_raw')}, the {scenery.receiver}'s number + 1. It uses no sequence "
        f"number itself: the {following} byte of data will have seq {segment.sequence}, too."
    )


def _ack_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    if segment.acknowledgment is None:
        return "A segment with neither ACK nor data: no ordinary connection needs one; scanners send such."
    if segment.findings & KEEP_ALIVE:
        return f"Its sequence number {segment.sequence} is one less than the next: an answer must come."
    if segment.findings:
        selected = _selected(tcp, segment)
        repeated = " is repeated, too: it" if selected and segment.findings & WINDOW_UPDATE else ""
        return f"ack {segment.acknowledgment}{repeated} is the byte that the {scenery.sender} expects next.{selected}"
    return (
        f"The {scenery.sender}'s kernel acknowledges by itself, no application is asked: "
        f"ack {segment.acknowledgment} is the byte that it expects next."
    )


def _selected(tcp: Header, segment: Segment) -> str:
    """What SACK says (RFC 2018 section 3): the newest block comes first."""
    left, right = tcp.field("tcp.options.sack_le"), tcp.field("tcp.options.sack_re")
    if left is None or right is None or segment.acknowledgment is None:
        return ""
    first, behind = [
        segment.acknowledgment + ((each.number or 0) - tcp.number("tcp.ack_raw")) % MODULUS for each in (left, right)
    ]
    if not segment.acknowledgment < first < behind:
        return ""
    return f" SACK says what came beyond the gap, the newest first: bytes {first} to {behind - 1}."


def _closing_ack_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    used = (segment.acknowledgment or 0) - 1
    is_over = scenery.taken is not None and scenery.taken.at(scenery.sender) is TcpState.TIME_WAIT
    both = " Both directions are closed." if is_over else ""
    return f"ack {segment.acknowledgment}: the {scenery.receiver}'s FIN used number {used}.{both}"


def _fin_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    return (
        f"The flag FIN says: no more data from the {scenery.sender}. "
        f"Like SYN it uses one sequence number, {segment.sequence}.{_crossing_fin(scenery, segment)}"
    )


def _crossing_fin(scenery: Scenery, segment: Segment) -> str:
    """A FIN that was sent before the other end's had come (RFC 9293 section 3.6.1)."""
    return f" It left before the {scenery.receiver}'s FIN had come: the two cross." if segment.is_crossing_fin else ""


def _rst_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    if refuses(scenery, segment):
        return (
            f"Nobody takes connections at this port: the {scenery.sender}'s kernel refuses with RST at once. "
            f"ack {shown(tcp, 'tcp.ack_raw')} is the SYN's number + 1: the {scenery.receiver} sees what is meant."
        )
    if _is_void(segment, scenery):
        return (
            f"The flag RST, but ack {segment.acknowledgment or 0} does not cover the {scenery.receiver}'s SYN: "
            "such a reset counts for nothing."
        )
    if segment.before.at(scenery.sender) is TcpState.CLOSED:
        return f"The {scenery.sender} has no such connection: its kernel answers what came for it with RST."
    return "The flag RST ends the connection at once."


def _is_void(segment: Segment, scenery: Scenery) -> bool:
    """In SYN-SENT a reset counts only where it acknowledges the SYN (RFC 9293 section 3.10.7.3)."""
    states = (segment.taken.at(scenery.receiver), segment.delivered.at(scenery.receiver))
    return not scenery.frame.lost and states == (TcpState.SYN_SENT, TcpState.SYN_SENT)


def _data_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    octets, first = scenery.data_octets, segment.sequence
    finished = " The flag FIN says that these are the last." if tcp.number("tcp.flags") & FIN else ""
    since = " since the capture began" if segment.is_in_middle else ""
    which = f"byte {first}" if octets == 1 else f"bytes {first} to {first + octets - 1}"
    if segment.findings & RETRANSMISSION:
        return f"It carries {which} of what the {scenery.sender} sends.{finished}"
    return (
        f"TCP puts its header in front of {counted(octets, 'byte')} of data: {which} of what the "
        f"{scenery.sender} sends{since}, so that the other end can put them in order.{finished}"
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
    """The receiver's TCP or UDP."""
    if (udp := scenery.udp) is not None:
        return _datagram_up(scenery, udp)
    tcp, receiver = scenery.tcp, scenery.receiver
    if tcp is None or scenery.segment is None:
        return f"This TCP header can't be read whole. {scenery.dissection.problem}".strip()
    checked = checksum_sentence(tcp, shown(tcp, "tcp.checksum"), "segment", scenery)
    if is_dropped(tcp, scenery):
        return checked
    if states_of(scenery, receiver)[1] is TcpState.TIME_WAIT and _is_undamaged(tcp):
        change = f"{_meaning(scenery)}{_change(scenery, receiver)}{_time_wait(scenery)}"
        return f"Undamaged, and for {_owner(scenery)}.{change}"
    return f"{checked}{_door(scenery, tcp)}{_meaning(scenery)}{_change(scenery, receiver)}"


def _is_undamaged(tcp: Header) -> bool:
    return tcp.checksum is not None and tcp.checksum.status is ChecksumStatus.GOOD


def _door(scenery: Scenery, tcp: Header) -> str:
    port = shown(tcp, "tcp.dstport")
    old, new = states_of(scenery, scenery.receiver)
    if old is TcpState.CLOSED and new is TcpState.SYN_RECEIVED:
        return f"Meanwhile the {scenery.receiver} has sent a SYN of its own: the two cross."
    if scenery.kind is Kind.SYN and old is TcpState.SYN_SENT and scenery.segment and not scenery.segment.is_crossed:
        return f"The {scenery.receiver} sends a SYN of its own, no answer: as if the two crossed."
    if old is TcpState.CLOSED:
        return f"Nobody has port {port} open." if scenery.kind is Kind.SYN else "This end is closed already."
    return f"Port {port} belongs to {_owner(scenery)}."


def _datagram_up(scenery: Scenery, udp: Header) -> str:
    checked = checksum_sentence(udp, shown(udp, "udp.checksum"), "datagram", scenery)
    if is_dropped(udp, scenery):
        return checked
    if scenery.is_refused:
        return f"{checked}Nobody has port {shown(udp, 'udp.dstport')} open: the kernel reports it by ICMP."
    return (
        f"{checked}Port {shown(udp, 'udp.dstport')} says which application it is for; where nobody has that port open, "
        "an ICMP message may go back."
    )


def _owner(scenery: Scenery) -> str:
    side = scenery.receiver
    if not scenery.knows_programs:
        return f"the {side}'s socket"
    return SERVER_PROCESS if side is Side.SERVER else "the client's socket"


def _meaning(scenery: Scenery) -> str:
    segment, kind = scenery.segment, scenery.kind
    if kind in DATA_KINDS:
        return _data_taken(scenery)
    match kind:
        case Kind.SYN_ACK if segment is not None and segment.acknowledges is not None:
            return " ack is our number + 1: the SYN has arrived." if segment.acknowledgment == 1 else " It has our SYN."
        case Kind.SYN_ACK if segment is not None and segment.synchronized_before:
            return " A duplicate: it brings nothing new, and is acknowledged once more."
        case Kind.RST if segment is not None and _is_void(segment, scenery):
            return f" ack {segment.acknowledgment or 0} does not cover our SYN: the reset is ignored."
        case Kind.HANDSHAKE_ACK:
            return f" ack is our number + 1: the {scenery.sender} has our SYN."
        case Kind.FIN:
            return f" FIN: no more will come from there.{_crossed_fins(scenery)}"
        case Kind.CLOSING_ACK:
            return " Our FIN has arrived."
    return ""


def _data_taken(scenery: Scenery) -> str:
    segment = scenery.segment
    if segment is not None and segment.taken.at(scenery.receiver) is TcpState.CLOSED:
        octets = counted(scenery.data_octets, "byte")
        return f" There is no connection for its {octets}: they are dropped, and RST is the answer."
    return f"{_bytes_taken(scenery)}{_fin_too(scenery)}"


def _fin_too(scenery: Scenery) -> str:
    is_last = scenery.tcp is not None and scenery.tcp.number("tcp.flags") & FIN
    return f" FIN: no more will come from there.{_crossed_fins(scenery)}" if is_last else ""


def _crossed_fins(scenery: Scenery) -> str:
    """Two FINs cross: each end has sent its own when the other's comes (RFC 9293 section 3.6.1)."""
    segment, receiver, sender = scenery.segment, scenery.receiver, scenery.sender
    if segment is None:
        return ""
    if segment.meets_fin:
        return f" When it comes, the {receiver} has sent a FIN of its own, which is told next: the two cross."
    old, new = segment.taken.at(sender), segment.delivered.at(sender)
    if segment.is_crossing_fin and old is not new:
        return f" The {receiver}'s FIN has come to the {sender}, too. {sender.capitalize()}: {old} \u2192 {new}."
    return ""


def _bytes_taken(scenery: Scenery) -> str:
    """What becomes of the bytes: most go on to the application, some had come before, some must wait."""
    segment, octets = scenery.segment, scenery.data_octets
    if segment is None:
        return ""
    match segment.arrival:
        case Arrival.REPEATED if not scenery.is_on_known_link:
            return " It brings what was sent before: if that had come, these bytes are dropped."
        case Arrival.KNOWN | Arrival.REPEATED:
            return " All of its bytes had come before: they are dropped, and acknowledged again."
        case Arrival.EARLY:
            return f" Bytes before it are missing: its {counted(octets, 'byte')} wait until the gap is filled."
        case Arrival.NONE:
            return " The window is closed: no byte is taken."
        case Arrival.IN_ORDER if segment.ready_octets > octets:
            waited = segment.ready_octets - octets
            return f" It fills the gap: {counted(octets, 'byte')}, and {waited} more that had waited behind it."
        case Arrival.IN_ORDER if segment.ready_octets < octets:
            return f" Only the last {counted(segment.ready_octets, 'byte')} of it are new; they go into the buffer."
    return f" {counted(octets, 'byte')} {'goes' if octets == 1 else 'go'} into its receive buffer."


def _time_wait(scenery: Scenery) -> str:
    """Why a state is skipped, and what the last one is for (RFC 9293 section 3.6)."""
    old, _ = states_of(scenery, scenery.receiver)
    if old is TcpState.TIME_WAIT:
        return ""
    skipped = old is TcpState.FIN_WAIT_1 and scenery.segment is not None and scenery.segment.acknowledges is not None
    reason = " It acknowledges our FIN, too, so FIN-WAIT-2 is skipped." if skipped else ""
    return f"{reason} We wait a while, in case our last ACK is lost."


def _change(scenery: Scenery, side: Side) -> str:
    old, new = states_of(scenery, side)
    by = f" \u2192 {TcpState.ESTABLISHED}" if (old, new) == (TcpState.SYN_RECEIVED, TcpState.CLOSE_WAIT) else ""
    return "" if old is new else f" {side.capitalize()}: {old}{by} \u2192 {new}."
