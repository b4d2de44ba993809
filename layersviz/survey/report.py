"""All that there is to say of one conversation: ends, opening and closing, frames, questions beside answers.

Knows packets, not pages; as much as is shown, so that no conversation is too long for it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from layersviz.core.header import Header
from layersviz.core.packet import Packet
from layersviz.core.said import joined, said
from layersviz.core.tcp_segment import ACK, SYN
from layersviz.survey import words
from layersviz.survey.conversations import Conversation, ConversationEnd
from layersviz.survey.exchanges import Exchange, exchanges
from layersviz.survey.frame_list import read
from layersviz.survey.frame_rows import FrameRow, FrameRows, quoted_packet
from layersviz.survey.index import Index
from layersviz.survey.questions import MOST_SHOWN, DnsPair, EchoPair, dns_pairs, echo_pairs
from layersviz.survey.survey import Survey, Surveyed

MOST_FRAMES = 2_000
_MOST_SHIFT = 14


class End(msgspec.Struct, frozen=True, kw_only=True):
    """One end. `mac` is empty where the link has none, `state` where there is none or it can't be known.

    `scale` and `mss` are sentences about what this end offered in its SYN; empty where it is not TCP.
    """

    address: str
    port: int | None
    mac: str
    frames: int
    bytes: int
    state: str
    scale: str = ""
    mss: str = ""


class Told(msgspec.Struct, frozen=True):
    """A name and the sentence that explains it."""

    name: str
    sentence: str


class RoundTrip(msgspec.Struct, frozen=True):
    """The initial round-trip time, and the frames that it lies between."""

    ms: float
    first_frame: int
    last_frame: int


class IcmpError(msgspec.Struct, frozen=True):
    """An ICMP error: what it says, and of which packet."""

    frame: int
    says: str
    about: str


class ConversationReport(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation; `left_out` is one sentence where it has more frames than are told.

    `opening` to `round_trip` are None where it is not TCP. `finding_counts` has Wireshark's names. `exchange_count`
    counts the HTTP exchanges, also those that `exchanges` leaves out. `others` counts frames of other conversations
    among `rows`, such as ARP before TCP.
    """

    protocol: str
    application: str
    first: End
    second: End
    duration_s: float | None
    rows: tuple[FrameRow, ...]
    opening: Told | None = None
    closing: Told | None = None
    completeness: Told | None = None
    round_trip: RoundTrip | None = None
    finding_counts: tuple[tuple[str, int], ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    exchange_count: int = 0
    dns: tuple[DnsPair, ...] = ()
    echoes: tuple[EchoPair, ...] = ()
    errors: tuple[IcmpError, ...] = ()
    others: int = 0
    left_out: str = ""


def report(packets: Sequence[Packet]) -> ConversationReport | None:
    """The conversation of these packets: where they are of several, the longest one of TCP, else the longest.

    None where there is no packet. Only the first MOST_FRAMES packets are looked at.
    """
    if not packets:
        return None
    told = packets[:MOST_FRAMES]
    index = Index(remember_frames=True)
    survey = Survey()
    surveyed = []
    for packet in told:
        index.feed(packet)
        surveyed.append(survey.feed(packet))
    conversations = index.conversations()
    main = max(range(len(conversations)), key=lambda place: _weight(conversations[place]))
    ways = dict(_ways(index, conversations, main))
    own = {frame.number for frame in read(index.frames_of(main))}
    return _report(conversations[main], surveyed, ways, own, len(packets))


def _weight(conversation: Conversation) -> tuple[bool, int]:
    return conversation.protocol == "TCP", conversation.first.frames + conversation.second.frames


def _ways(index: Index, conversations: list[Conversation], main: int) -> Iterator[tuple[int, bool]]:
    """Of each packet, by its number, whether it goes the second end's way of the main conversation."""
    chosen = conversations[main]
    for place, conversation in enumerate(conversations):
        turned = conversation.first.address != chosen.first.address and (
            conversation.first.address == chosen.second.address or conversation.second.address == chosen.first.address
        )
        for frame in read(index.frames_of(place)):
            yield frame.number, frame.back != (turned and place != main)


def _report(
    conversation: Conversation, surveyed: list[Surveyed], ways: dict[int, bool], own: set[int], count: int
) -> ConversationReport:
    making = FrameRows()
    rows = tuple(making.row(each, back=ways[each.packet.number]) for each in surveyed)
    is_tcp = conversation.protocol == "TCP"
    mine = [(each, ways[each.packet.number]) for each in surveyed if each.packet.number in own]
    pairs, exchange_count = exchanges(surveyed)
    return ConversationReport(
        protocol=conversation.protocol,
        application=conversation.application,
        first=_end(conversation.first, mine, back=False, is_tcp=is_tcp),
        second=_end(conversation.second, mine, back=True, is_tcp=is_tcp),
        duration_s=conversation.duration,
        rows=rows,
        opening=_told(words.OPENINGS, conversation.opened),
        closing=_told(words.CLOSINGS, conversation.closed),
        completeness=_completeness(conversation),
        round_trip=_round_trip([each for each, _ in mine]) if is_tcp else None,
        finding_counts=tuple(Counter(finding.name for row in rows for finding in row.findings).items()),
        exchanges=tuple(pairs),
        exchange_count=exchange_count,
        dns=tuple(dns_pairs(surveyed)[:MOST_SHOWN]),
        echoes=tuple(echo_pairs(surveyed)[:MOST_SHOWN]),
        errors=tuple(_errors(surveyed)),
        others=len(surveyed) - len(own),
        left_out=said("It has {all:,} frames: the first {most:,} are told here.", all=count, most=MOST_FRAMES)
        if count > MOST_FRAMES
        else "",
    )


def _told(sentences: dict[str, str], name: str | None) -> Told | None:
    return None if name is None else Told(words.course_words(name), sentences[name])


def _completeness(conversation: Conversation) -> Told | None:
    parts = conversation.completeness
    return None if parts is None else Told(words.completeness(parts), words.missing(parts))


def _end(end: ConversationEnd, frames: list[tuple[Surveyed, bool]], *, back: bool, is_tcp: bool) -> End:
    sent = [each for each, way in frames if way == back]
    heard = [each for each, way in frames if way != back]
    syn = _syn(sent)
    return End(
        address=end.address,
        port=end.port,
        mac=_mac(sent, "src") or _mac(heard, "dst"),
        frames=end.frames,
        bytes=end.bytes,
        state=end.state or "",
        scale=_scale(syn, _syn(heard)) if is_tcp else "",
        mss=_mss(syn, end.address) if is_tcp else "",
    )


def _syn(frames: list[Surveyed]) -> Header | None:
    """The TCP header of the first SYN, with or without ACK."""
    return next((tcp for each in frames if (tcp := _tcp(each)) is not None and tcp.number("tcp.flags") & SYN), None)


def _tcp(surveyed: Surveyed) -> Header | None:
    dissection = surveyed.dissection if surveyed.whole is None else surveyed.whole
    return dissection.header("TCP")


def _mac(frames: list[Surveyed], which: str) -> str:
    """The end's MAC address as the first of these frames has it."""
    for each in frames[:1]:
        for header in each.dissection.headers:
            found = header.text(f"eth.{which}") or (header.text("sll.src") if which == "src" else "")
            if found:
                return found
    return ""


def _scale(syn: Header | None, other: Header | None) -> str:
    """Scaling is in force only where both ends offer it (RFC 7323 section 1.3)."""
    if syn is None:
        return said("not known: its SYN was not recorded")
    option = syn.field("tcp.options.wscale.shift")
    if option is None or option.number is None:
        return said("not offered")
    scaled = said(
        "shift {number}: a window of 1 means {octets:,} bytes",
        number=option.number,
        octets=1 << min(option.number, _MOST_SHIFT),
    )
    if other is None:
        return said("{scaled}, if the other end offers scaling, too", scaled=scaled)
    return (
        scaled
        if other.field("tcp.options.wscale.shift")
        else said("shift {number}, but the other end offers none", number=option.number)
    )


def _mss(syn: Header | None, address: str) -> str:
    if syn is None:
        return said("not known: its SYN was not recorded")
    option = syn.field("tcp.options.mss_val")
    if option is not None:
        return said("{octets} bytes", octets=option.text)
    return said("not said: the other end must assume {octets} bytes", octets=1220 if ":" in address else 536)


def _round_trip(frames: list[Surveyed]) -> RoundTrip | None:
    """From the last SYN before it to the first segment that acknowledges without SYN."""
    syn_frame = 0
    for each in frames:
        tcp = _tcp(each)
        if tcp is None or each.stream is None:
            continue
        flags = tcp.number("tcp.flags")
        if flags & (SYN | ACK) == SYN:
            syn_frame = each.packet.number
        elif syn_frame and flags & (SYN | ACK) == ACK:
            rtt_ns = each.stream.initial_rtt_ns
            return None if rtt_ns is None else RoundTrip(rtt_ns / 1e6, syn_frame, each.packet.number)
    return None


def _errors(surveyed: list[Surveyed]) -> Iterator[IcmpError]:
    for each in surveyed:
        about = quoted_packet(each.dissection.headers)
        if about:
            icmp = each.dissection.header("ICMP") or each.dissection.header("ICMPv6")
            says = "" if icmp is None else _says(icmp)
            yield IcmpError(each.packet.number, says, about)


def _says(icmp: Header) -> str:
    prefix = icmp.protocol.lower()
    return joined(", ", [icmp.text(f"{prefix}.{name}") for name in ("type", "code")])
