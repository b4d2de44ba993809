"""What the transport layer does at a stop: ports, numbers, flags, and the state that changes."""

from collections.abc import Callable

from layersviz.core.header import ChecksumStatus, Header
from layersviz.core.host import Side
from layersviz.core.said import filled, glued, in_a_row, recurring, said, said_many
from layersviz.core.story.connection import Segment
from layersviz.core.story.findings import has_all, said_first
from layersviz.core.story.kind import DATA_KINDS, Kind
from layersviz.core.story.own_findings import SELECTIVE, TWICE
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.selected import came_twice, selected, twice
from layersviz.core.story.sending import HAS_NO_SYN, Came
from layersviz.core.story.waiting_words import sent_again
from layersviz.core.story.words import (
    PASSED_STATES,
    SERVER_PROCESS,
    checksum_sentence,
    in_bytes,
    is_dropped,
    refuses,
    shown,
    states_of,
)
from layersviz.core.tcp_arrival import Arrival
from layersviz.core.tcp_findings import DUPLICATE_ACK, KEEP_ALIVE, RETRANSMISSION, ZERO_WINDOW_PROBE
from layersviz.core.tcp_segment import FIN
from layersviz.core.tcp_state import TcpState

_MIDDLE = said("The capture begins in the middle of this connection: both ends count as ESTABLISHED. ")


def transport_down(scenery: Scenery) -> str:
    """The sender's TCP or UDP."""
    if (udp := scenery.udp) is not None:
        return _datagram_down(scenery, udp)
    tcp, segment = scenery.tcp, scenery.segment
    if tcp is None or segment is None:
        return in_a_row(said("This TCP header can't be read whole."), scenery.dissection.problem)
    flags = tcp.number("tcp.flags")
    noted = said_first(segment, scenery.sender, flags, is_prompted=scenery.past.prompted_by is not None)
    middle = _MIDDLE if segment.is_first_of_middle else ""
    tell = _SENT.get(scenery.kind, _data_down)
    told = tell(scenery, tcp, segment)
    return glued(middle, noted, told, _change_of_sender(scenery), sent_again(scenery))


def _datagram_down(scenery: Scenery, udp: Header) -> str:
    return said(
        "UDP adds only ports, a length and a checksum: from port {srcport} to port "
        "{dstport}, {octet_length} + {data_octets} = {all} bytes. No connection, no numbers: "
        "what is lost, UDP does not miss.",
        srcport=shown(udp, "udp.srcport"),
        dstport=shown(udp, "udp.dstport"),
        octet_length=udp.octet_length,
        data_octets=scenery.data_octets,
        all=udp.octet_length + scenery.data_octets,
    )


def _syn_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    if segment.findings & RETRANSMISSION:
        return said(
            "Its ports and its first sequence number, {seq_raw}, are as before.", seq_raw=shown(tcp, "tcp.seq_raw")
        )
    if segment.before.at(scenery.sender) is TcpState.ESTABLISHED:
        return said(
            "The SYN, first sequence number {seq_raw}. It left before the SYN/ACK that answers "
            "it: the capture has the two in the wrong order.",
            seq_raw=shown(tcp, "tcp.seq_raw"),
        )
    message = _CHOSEN if scenery.is_on_known_link else _TO_BE_CHOSEN
    return filled(
        message,
        srcport=shown(tcp, "tcp.srcport"),
        dstport=shown(tcp, "tcp.dstport"),
        seq_raw=shown(tcp, "tcp.seq_raw"),
        riding=_riding(scenery),
        crossing=_crossing(scenery, segment),
    )


_CHOSEN = said(
    "TCP makes a segment with the flag SYN, from port {srcport} to port {dstport}. Its first sequence number is "
    "{seq_raw}, chosen so that nobody can guess it; we call it 0.{riding}{crossing}"
)
_TO_BE_CHOSEN = said(
    "TCP makes a segment with the flag SYN, from port {srcport} to port {dstport}. Its first sequence number is "
    "{seq_raw}, to be chosen so that nobody can guess it; we call it 0.{riding}{crossing}"
)


def _crossing(scenery: Scenery, segment: Segment) -> str:
    """A SYN that was sent before the other end's had come."""
    if not segment.is_crossing_syn:
        return ""
    if scenery.is_on_known_link:
        return said(" It left before the {receiver}'s SYN had come: the two cross.", receiver=scenery.receiver.word)
    return said(" Both ends have sent a SYN now: the two may have crossed.")


def _riding(scenery: Scenery) -> str:
    """Data in a SYN: fast open (RFC 7413)."""
    octets = scenery.data_octets
    if not octets:
        return ""
    vouched = (
        said(" A fast open cookie vouches for the sender.") if scenery.segment and scenery.segment.is_vouched else ""
    )
    return said(
        " {octets} of data ride along already, before there is a connection.{vouched}",
        octets=in_bytes(octets),
        vouched=vouched,
    )


def _syn_ack_down(scenery: Scenery, tcp: Header, _segment: Segment) -> str:
    return (
        said(
            "Two messages in one segment: SYN with the {sender}'s own first number {seq_raw}, "
            "and ACK {ack_raw}, the {receiver}'s number + 1, because its SYN used "
            "one.{riding}{crossing_answer}",
            sender=scenery.sender.word,
            seq_raw=shown(tcp, "tcp.seq_raw"),
            ack_raw=shown(tcp, "tcp.ack_raw"),
            receiver=scenery.receiver.word,
            riding=_riding(scenery),
            crossing_answer=_crossing_answer(scenery),
        )
        if not _covers_data_of_syn(scenery)
        else said(
            "SYN with the {sender}'s own first number {seq_raw}, and ACK {ack_raw}: it covers "
            "the {receiver}'s SYN and the data in it.{riding}",
            sender=scenery.sender.word,
            seq_raw=shown(tcp, "tcp.seq_raw"),
            ack_raw=shown(tcp, "tcp.ack_raw"),
            receiver=scenery.receiver.word,
            riding=_riding(scenery),
        )
    )


def _crossing_answer(scenery: Scenery) -> str:
    """Of two ends that both began, the second to answer has the other's answer already."""
    segment = scenery.segment
    if segment is None or not segment.is_crossed or segment.before.at(scenery.sender) is not TcpState.ESTABLISHED:
        return ""
    return said(
        " It was sent for the {receiver}'s SYN, in SYN-RECEIVED: the two SYN/ACKs cross, too.",
        receiver=scenery.receiver.word,
    )


def _covers_data_of_syn(scenery: Scenery) -> bool:
    return scenery.segment is not None and (scenery.segment.acknowledgment or 0) > 1


def _handshake_ack_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    which = said("last segment of the handshake") if segment.is_crossed else said("third segment")
    following = said("the first byte of data") if segment.sequence == 1 else said("the next byte of data")
    return said(
        "The {which}: ACK {ack_raw}, the {receiver}'s number + 1. It uses no sequence number "
        "itself: {following} will have seq {sequence}, too.",
        which=which,
        ack_raw=shown(tcp, "tcp.ack_raw"),
        receiver=scenery.receiver.word,
        following=following,
        sequence=segment.sequence,
    )


def _ack_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    if segment.acknowledgment is None:
        return said("A segment with neither ACK nor data: no ordinary connection needs one; scanners send such.")
    if segment.findings & KEEP_ALIVE:
        return said(
            "Its sequence number {sequence} is one less than the next: an answer must come.", sequence=segment.sequence
        )
    if segment.findings & ZERO_WINDOW_PROBE:
        return said(
            "Its sequence number {sequence} is one less than the next: an answer must come. Wireshark takes it for a "
            "keep-alive, which looks the same.",
            sequence=segment.sequence,
        )
    if segment.findings & SELECTIVE:
        return selected(segment)
    if segment.findings & TWICE and (block := twice(segment)) is not None:
        return came_twice(segment, block)
    if segment.findings & DUPLICATE_ACK and has_all(segment, scenery.sender):
        return said(
            "ack {acknowledgment}: all that the {receiver} has sent is there, its FIN, too.",
            acknowledgment=segment.acknowledgment,
            receiver=scenery.receiver.word,
        )
    if segment.findings:
        return said(
            "ack {acknowledgment} is the byte that the {sender} expects next.{answers}",
            acknowledgment=segment.acknowledgment,
            sender=scenery.sender.word,
            answers=said(" It answers the probe.") if segment.answers is Came.PROBE else "",
        )
    return said(
        "The {sender}'s kernel acknowledges by itself, no application is asked: ack "
        "{acknowledgment} is the byte that it expects next.",
        sender=scenery.sender.word,
        acknowledgment=segment.acknowledgment,
    )


def _closing_ack_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    used = (segment.acknowledgment or 0) - 1
    is_over = scenery.taken is not None and scenery.taken.at(scenery.sender) is TcpState.TIME_WAIT
    both = said(" Both directions are closed.") if is_over else ""
    return said(
        "ack {acknowledgment}: the {receiver}'s FIN used number {used}.{both}",
        acknowledgment=segment.acknowledgment,
        receiver=scenery.receiver.word,
        used=used,
        both=both,
    )


def _fin_down(scenery: Scenery, _tcp: Header, segment: Segment) -> str:
    return said(
        "The flag FIN says: no more data from the {sender}. Like SYN it uses one sequence "
        "number, {sequence}.{crossing_fin}",
        sender=scenery.sender.word,
        sequence=segment.sequence,
        crossing_fin=_crossing_fin(scenery, segment),
    )


def _crossing_fin(scenery: Scenery, segment: Segment) -> str:
    """A FIN that was sent before the other end's had come (RFC 9293 section 3.6.1)."""
    return (
        said(" It left before the {receiver}'s FIN had come: the two cross.", receiver=scenery.receiver.word)
        if segment.is_crossing_fin
        else ""
    )


def _rst_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    if refuses(scenery, segment):
        return said(
            "Nobody takes connections at this port: the {sender}'s kernel refuses with RST at "
            "once. ack {ack_raw} is the SYN's number + 1: the {receiver} sees what is meant.",
            sender=scenery.sender.word,
            ack_raw=shown(tcp, "tcp.ack_raw"),
            receiver=scenery.receiver.word,
        )
    if _is_void(segment, scenery):
        return said(
            "The flag RST, but ack {acknowledgment} does not cover the {receiver}'s SYN: such a "
            "reset counts for nothing.",
            acknowledgment=segment.acknowledgment or 0,
            receiver=scenery.receiver.word,
        )
    if segment.before.at(scenery.sender) is TcpState.CLOSED:
        return said(
            "The {sender} has no such connection: its kernel answers what came for it with RST.",
            sender=scenery.sender.word,
        )
    return said("The flag RST ends the connection at once.")


def _is_void(segment: Segment, scenery: Scenery) -> bool:
    """In SYN-SENT a reset counts only where it acknowledges the SYN (RFC 9293 section 3.10.7.3)."""
    states = (segment.taken.at(scenery.receiver), segment.delivered.at(scenery.receiver))
    return not scenery.frame.lost and states == (TcpState.SYN_SENT, TcpState.SYN_SENT)


def _data_down(scenery: Scenery, tcp: Header, segment: Segment) -> str:
    octets, first = scenery.data_octets, segment.sequence
    finished = said(" The flag FIN says that these are the last.") if tcp.number("tcp.flags") & FIN else ""
    since = said(" since the capture began") if segment.is_in_middle else ""
    which = (
        said("byte {first}", first=first)
        if octets == 1
        else said("bytes {first} to {last}", first=first, last=first + octets - 1)
    )
    if segment.findings & RETRANSMISSION:
        return said(
            "It carries {which} of what the {sender} sends.{finished}",
            which=which,
            sender=scenery.sender.word,
            finished=finished,
        )
    return said(
        "TCP puts its header in front of {octets} of data: {which} of what the {sender} "
        "sends{since}, so that the other end can put them in order.{finished}",
        octets=in_bytes(octets),
        which=which,
        sender=scenery.sender.word,
        since=since,
        finished=finished,
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
        return in_a_row(said("This TCP header can't be read whole."), scenery.dissection.problem)
    checked = checksum_sentence(tcp, shown(tcp, "tcp.checksum"), "segment", scenery)
    if is_dropped(tcp, scenery):
        return checked
    if states_of(scenery, receiver)[1] is TcpState.TIME_WAIT and _is_undamaged(tcp):
        change = glued(_meaning(scenery), _change(scenery, receiver), _time_wait(scenery))
        return said("Undamaged, and for {owner}.{change}", owner=_owner(scenery), change=change)
    return glued(checked, _door(scenery, tcp), _meaning(scenery), _change(scenery, receiver))


def _is_undamaged(tcp: Header) -> bool:
    return tcp.checksum is not None and tcp.checksum.status is ChecksumStatus.GOOD


def _door(scenery: Scenery, tcp: Header) -> str:
    port = shown(tcp, "tcp.dstport")
    old, new = states_of(scenery, scenery.receiver)
    if old is TcpState.CLOSED and new is TcpState.SYN_RECEIVED:
        return said(
            "Meanwhile the {receiver} has sent a SYN of its own: the two cross.", receiver=scenery.receiver.word
        )
    if scenery.kind is Kind.SYN and old is TcpState.SYN_SENT and scenery.segment and not scenery.segment.is_crossed:
        return said(
            "The {receiver} sends a SYN of its own, no answer: as if the two crossed.", receiver=scenery.receiver.word
        )
    if old is TcpState.CLOSED:
        return (
            said("Nobody has port {port} open.", port=port)
            if scenery.kind is Kind.SYN
            else said("This end is closed already.")
        )
    return recurring("Port {port} belongs to {owner}.", port=port, owner=_owner(scenery))


def _datagram_up(scenery: Scenery, udp: Header) -> str:
    checked = checksum_sentence(udp, shown(udp, "udp.checksum"), "datagram", scenery)
    if is_dropped(udp, scenery):
        return checked
    if scenery.is_refused:
        return said(
            "{checked}Nobody has port {dstport} open: the kernel reports it by {protocol}.",
            checked=checked,
            protocol="ICMPv6" if scenery.ip is not None and scenery.ip.protocol == "IPv6" else "ICMP",
            dstport=shown(udp, "udp.dstport"),
        )
    return said(
        "{checked}Port {dstport} says which application it is for; where nobody has that "
        "port open, an ICMP message may go back.",
        checked=checked,
        dstport=shown(udp, "udp.dstport"),
    )


def _owner(scenery: Scenery) -> str:
    side = scenery.receiver
    if not (scenery.knows_programs and (side is Side.CLIENT or scenery.is_hello)):
        return recurring("the {side}'s socket", side=side.word)
    return SERVER_PROCESS if side is Side.SERVER else said("the client's socket")


def _meaning(scenery: Scenery) -> str:
    segment, kind = scenery.segment, scenery.kind
    if kind in DATA_KINDS:
        return _data_taken(scenery)
    if kind in _LATE and _comes_late(scenery):
        return _LATE[kind]
    match kind:
        case Kind.SYN_ACK if segment is not None and segment.acknowledges is not None:
            return (
                said(" ack is our number + 1: the SYN has arrived.")
                if segment.acknowledgment == 1
                else said(" It has our SYN.")
            )
        case Kind.RST if segment is not None:
            return _reset_taken(scenery, segment)
        case Kind.HANDSHAKE_ACK:
            return said(" ack is our number + 1: the {sender} has our SYN.", sender=scenery.sender.word)
        case Kind.FIN:
            return _fin_taken(scenery)
        case Kind.CLOSING_ACK:
            return said(" Our FIN has arrived.")
    return ""


_SYN_IS_LATE = said(
    " A SYN of this connection has come before it: this one brings nothing new. It changes nothing, and is to be "
    "answered once more (RFC 9293 section 3.10.7.4)."
)
_SYN_ACK_IS_LATE = said(
    " A duplicate: it brings nothing new. It is not acceptable here, changes nothing, and is to be answered with an "
    "ACK (RFC 9293 section 3.10.7.4)."
)
_ACK_IS_LATE = said(
    " It comes late: what overtook it has acknowledged our SYN already. It changes nothing, and where its number lies "
    "before what is expected, it is to be answered with an ACK (RFC 9293 section 3.10.7.4)."
)
_LATE = {Kind.SYN: _SYN_IS_LATE, Kind.SYN_ACK: _SYN_ACK_IS_LATE, Kind.HANDSHAKE_ACK: _ACK_IS_LATE}
_HAS_NO_SYN = HAS_NO_SYN | {None}


def _comes_late(scenery: Scenery) -> bool:
    """Whether a segment of the handshake comes to an end that has had what it brings."""
    old, new = states_of(scenery, scenery.receiver)
    if scenery.is_copy or old is not new or old in _HAS_NO_SYN:
        return False
    return scenery.kind is Kind.SYN or old is not TcpState.SYN_RECEIVED


def _reset_taken(scenery: Scenery, segment: Segment) -> str:
    if _is_void(segment, scenery):
        return said(
            " ack {acknowledgment} does not cover our SYN: the reset is ignored.",
            acknowledgment=segment.acknowledgment or 0,
        )
    old, new = states_of(scenery, scenery.receiver)
    if (old, new) == (TcpState.TIME_WAIT, TcpState.CLOSED):
        return said(" The reset cuts the waiting short, against which RFC 1337 warns: what is late might come yet.")
    is_open = old not in (None, TcpState.CLOSED, TcpState.LISTEN)
    return said(" The reset changes nothing.") if is_open and old is new else ""


def _data_taken(scenery: Scenery) -> str:
    segment = scenery.segment
    if segment is not None and segment.taken.at(scenery.receiver) is TcpState.CLOSED:
        octets = in_bytes(scenery.data_octets)
        return said(" There is no connection for its {octets}: they are dropped, and RST is the answer.", octets=octets)
    freed = _FIN_COUNTS if segment is not None and segment.frees_fin else ""
    return glued(_bytes_taken(scenery), _fin_too(scenery), freed)


_FIN_WAITS = said(" FIN, but bytes before it are missing: it counts when they have come.")
_FIN_COUNTS = said(" The FIN that came before it counts now.")


def _fin_too(scenery: Scenery) -> str:
    is_last = scenery.tcp is not None and scenery.tcp.number("tcp.flags") & FIN
    return _fin_taken(scenery) if is_last else ""


def _fin_taken(scenery: Scenery) -> str:
    if scenery.segment is not None and scenery.segment.fin_waits:
        return _FIN_WAITS
    if scenery.segment is not None and scenery.segment.taken.at(scenery.receiver) is TcpState.CLOSED:
        return said(" There is no connection for its FIN any more: RST is the answer.")
    return said(" FIN: no more will come from there.{crossed_fins}", crossed_fins=_crossed_fins(scenery))


def _crossed_fins(scenery: Scenery) -> str:
    """Two FINs cross: each end has sent its own when the other's comes (RFC 9293 section 3.6.1)."""
    segment, receiver, sender = scenery.segment, scenery.receiver, scenery.sender
    if segment is None:
        return ""
    if segment.meets_fin:
        return said(
            " When it comes, the {receiver} has sent a FIN of its own, which is told next: the two cross.",
            receiver=receiver.word,
        )
    old, new = segment.taken.at(sender), segment.delivered.at(sender)
    if segment.is_crossing_fin and old is not new:
        return said(
            " The {receiver}'s FIN has come to the {sender}, too. {capital}: {old} \u2192 {new}.",
            receiver=receiver.word,
            sender=sender.word,
            capital=sender.capital,
            old=old,
            new=new,
        )
    return ""


def _bytes_taken(scenery: Scenery) -> str:
    """What becomes of the bytes: most go on to the application, some had come before, some must wait."""
    segment, octets = scenery.segment, scenery.data_octets
    if segment is None:
        return ""
    match segment.arrival:
        case Arrival.REPEATED if not scenery.is_on_known_link:
            return said(" It brings what was sent before: if that had come, these bytes are dropped.")
        case Arrival.KNOWN | Arrival.REPEATED:
            return said(" All of its bytes had come before: they are dropped, and acknowledged again.")
        case Arrival.EARLY:
            return said(
                " Bytes before it are missing: its {octets} wait until the gap is filled.",
                octets=in_bytes(octets),
            )
        case Arrival.NONE:
            return said(" The window is closed: no byte is taken.")
        case Arrival.IN_ORDER if segment.ready_octets > octets:
            waited = segment.ready_octets - octets
            return said(
                " It fills the gap: {octets}, and {waited} more that had waited behind it.",
                octets=in_bytes(octets),
                waited=waited,
            )
        case Arrival.IN_ORDER if segment.ready_octets < octets:
            return said(
                " Only the last {octets} of it are new; they go into the buffer.",
                octets=in_bytes(segment.ready_octets),
            )
    return said_many(
        " {count} byte goes into its receive buffer.", " {count} bytes go into its receive buffer.", octets
    )


def _time_wait(scenery: Scenery) -> str:
    """Why a state is skipped, and what the last one is for (RFC 9293 section 3.6)."""
    old, _ = states_of(scenery, scenery.receiver)
    if old is TcpState.TIME_WAIT:
        return ""
    skipped = old is TcpState.FIN_WAIT_1 and scenery.segment is not None and scenery.segment.acknowledges is not None
    reason = said(" It acknowledges our FIN, too, so FIN-WAIT-2 is skipped.") if skipped else ""
    return said("{reason} We wait a while, in case our last ACK is lost.", reason=reason)


def _change_of_sender(scenery: Scenery) -> str:
    """What is sent again while its first time is still on the wire changed the state when it was sent first."""
    old, new = states_of(scenery, scenery.sender)
    if old is new or scenery.past.repeat is None or scenery.past.repeat.before.number:
        return _change(scenery, scenery.sender)
    return said(
        " {side}: {old} \u2192 {new}, when it was sent for the first time.",
        side=scenery.sender.capital,
        old=old,
        new=new,
    )


def _change(scenery: Scenery, side: Side) -> str:
    old, new = states_of(scenery, side)
    by = f" \u2192 {passed}" if (passed := PASSED_STATES.get((old, new))) else ""
    return "" if old is new else said(" {side}: {old}{by} \u2192 {new}.", side=side.capital, old=old, by=by, new=new)
