"""What a frame is called: its short name, a clause, what the ladder writes on its arrow, what the table says of it."""

import msgspec

from layersviz.core.said import in_a_row, recurring, said
from layersviz.core.story.findings import noted
from layersviz.core.story.kind import Kind
from layersviz.core.story.message import datagram_name, dns_answers, dns_question
from layersviz.core.story.network_words import icmp_clause, icmp_name, is_announcement, is_probe
from layersviz.core.story.pppoe_words import DISCOVERY, discovery_clause
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import has_no_first_number, in_bytes, name_of, refuses, shortened
from layersviz.core.tcp_findings import DUPLICATE_ACK, RETRANSMISSION, WINDOW_UPDATE

MOST_CHARACTERS = 34
"""So many fit on an arrow of the ladder; with the largest of numbers there may be some more."""
MOST_WITH_NUMBERS = 40
MOST_LISTED = 100
"""So many of an HTTP message's first line are in the table."""


class Titles(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is for a button, `clause` follows "frame 3:", `arrow` is for the ladder, `info` for the table."""

    name: str
    clause: str
    arrow: str
    info: str


_SEGMENTS = {
    Kind.SYN: (said("asks for a connection"), said("3-way handshake")),
    Kind.SYN_ACK: (said("agrees and asks back"), said("3-way handshake")),
    Kind.HANDSHAKE_ACK: (said("completes the handshake"), said("3-way handshake")),
    Kind.ACK: (said("says what has arrived"), said("Acknowledgment")),
    Kind.CLOSING_ACK: (said("confirms the other end's FIN"), said("Acknowledgment of FIN")),
    Kind.FIN: (said("has nothing more to send"), said("Connection close")),
    Kind.RST: (said("breaks the connection off"), said("Reset")),
}
"""What a segment without data does, and what the table calls it."""


def titles(scenery: Scenery) -> Titles:
    """The frame's names, with its real numbers."""
    return _copied_titles(scenery, _titles(scenery)) if scenery.is_copy else _titles(scenery)


def _copied_titles(scenery: Scenery, plain: Titles) -> Titles:
    number = scenery.frame.copy_of
    return Titles(
        name=said("copy of {name}", name=plain.name),
        clause=said("the wire brings a second copy of frame {number}", number=number),
        arrow=fitted(said("Copy of {number}: {arrow}", number=number, arrow=plain.arrow)),
        info=said("{info}, copy of frame {number}", info=plain.info, number=number),
    )


def _titles(scenery: Scenery) -> Titles:
    match scenery.kind:
        case Kind.ARP_REQUEST | Kind.ARP_REPLY:
            return _arp_titles(scenery)
        case Kind.REQUEST | Kind.ANSWER | Kind.DATA:
            return _noted_titles(scenery, _data_titles(scenery))
        case Kind.DNS_QUERY | Kind.DNS_ANSWER:
            return _noted_titles(scenery, _dns_titles(scenery))
        case Kind.DATAGRAM:
            return _datagram_titles(scenery)
        case Kind.ECHO_REQUEST | Kind.ECHO_REPLY | Kind.ICMP_ERROR | Kind.ICMP:
            return _icmp_titles(scenery)
        case Kind.FRAGMENT:
            return _fragment_titles(scenery)
        case Kind.SEGMENT | Kind.OTHER:
            return _other_titles(scenery)
    return _noted_titles(scenery, _segment_titles(scenery))


def _segment_titles(scenery: Scenery) -> Titles:
    deed, info = _SEGMENTS[scenery.kind]
    name = _flags(scenery)
    if scenery.kind is Kind.RST and scenery.segment is not None and refuses(scenery, scenery.segment):
        deed, info = said("refuses the connection"), said("Connection refused")
    return Titles(
        name=name,
        clause=recurring("the {sender} {deed}", sender=scenery.sender.word, deed=deed),
        arrow=_numbers(scenery),
        info=recurring("{info} ({name})", info=info, name=name),
    )


def _noted_titles(scenery: Scenery, plain: Titles) -> Titles:
    """The same of a segment about which there is something to note."""
    segment, sender = scenery.segment, scenery.sender
    note = noted(segment)
    if segment is None or note is None:
        return plain
    if segment.findings & RETRANSMISSION:
        if scenery.kind in (Kind.SYN, Kind.SYN_ACK) and not segment.synchronized_before:
            return plain
        again = said("{name} again", name=plain.name)
        numbers = said("{name}, {amount}", name=note.arrow, amount=_amount(scenery))
        return Titles(
            name=again,
            clause=said("the {sender} sends {name} again", sender=sender.word, name=plain.name),
            arrow=fitted(said("{again}, seq {sequence}", again=again, sequence=segment.sequence))
            if not scenery.data_octets
            else numbers,
            info=said("{listed} ({name})", listed=note.listed(segment), name=plain.name),
        )
    if scenery.data_octets > 1 or scenery.kind not in (Kind.ACK, Kind.DATA, Kind.CLOSING_ACK, Kind.HANDSHAKE_ACK):
        return msgspec.structs.replace(
            plain, info=said("{info}, {listed}", info=plain.info, listed=note.listed(scenery.judged))
        )
    return Titles(
        name=note.name,
        clause=said("the {sender} sends: {name}", sender=sender.word, name=note.name),
        arrow=_noted_arrow(scenery),
        info=note.listed(scenery.judged),
    )


def _noted_arrow(scenery: Scenery) -> str:
    """A segment without data (or with one probing byte): its finding, and the number that matters."""
    segment, note = scenery.segment, noted(scenery.segment)
    if segment is None or note is None:
        return _numbers(scenery)
    if note.bit == DUPLICATE_ACK:
        return said(
            "Duplicate ACK {duplicate_ack_number}, ack {acknowledgment}",
            duplicate_ack_number=segment.duplicate_ack_number,
            acknowledgment=segment.acknowledgment,
        )
    if note.bit == WINDOW_UPDATE:
        if segment.shift is None:
            return said("Window update: {window}, unscaled", window=segment.window)
        return said("Window update: {window} bytes", window=segment.window)
    return said("{name}, ack {acknowledgment}", name=note.arrow, acknowledgment=segment.acknowledgment)


def _amount(scenery: Scenery) -> str:
    return in_bytes(scenery.data_octets)


def _arp_titles(scenery: Scenery) -> Titles:
    arp, asks = scenery.arp, scenery.kind is Kind.ARP_REQUEST
    target = arp.text("arp.dst.proto_ipv4") if arp else ""
    owner = arp.text("arp.src.proto_ipv4") if arp else ""
    mac = arp.text("arp.src.hw_mac") if arp else ""
    if not target:
        return _other_titles(scenery)
    if is_announcement(arp):
        return Titles(
            name=said("ARP announcement"),
            clause=said("the {sender} announces its address", sender=scenery.sender.word),
            arrow=said("ARP: {owner} is mine", owner=owner),
            info=said("ARP announcement: {owner} is at {mac}", owner=owner, mac=mac),
        )
    if is_probe(arp):
        return Titles(
            name=said("ARP probe"),
            clause=said("the {sender} asks whether {target} is free", sender=scenery.sender.word, target=target),
            arrow=said("ARP: is {target} free?", target=target),
            info=said("ARP probe: is {target} free?", target=target),
        )
    return Titles(
        name=said("ARP request") if asks else said("ARP reply"),
        clause=said("the {sender} asks who has {target}", sender=scenery.sender.word, target=target)
        if asks
        else said("the {sender} says which MAC it has", sender=scenery.sender.word),
        arrow=said("ARP: who has {target}?", target=target)
        if asks
        else said("ARP: {owner} is at \u2026{mac}", owner=owner, mac=mac[-5:]),
        info=said("Who has {target}? Tell {owner}", target=target, owner=owner)
        if asks
        else said("{owner} is at {mac}", owner=owner, mac=mac),
    )


def _data_titles(scenery: Scenery) -> Titles:
    sender, first = scenery.sender, _first_line(scenery)
    amount = _amount(scenery)
    match scenery.kind:
        case Kind.REQUEST:
            short = " ".join(first.split(" ")[:2])
            clause = (
                said("the {sender} asks for the page", sender=sender.word)
                if scenery.knows_programs
                else said("the {sender} asks by HTTP", sender=sender.word)
            )
            return Titles(
                name=fitted(short),
                clause=clause,
                arrow=_beside(short, amount),
                info=said("HTTP request ({short})", short=short),
            )
        case Kind.ANSWER:
            status = " ".join(first.split(" ")[1:])
            packed = scenery.gzip_body is not None
            short = f"{status} gzip" if packed else status
            clause = (
                said("the {sender} answers with a gzip body", sender=sender.word)
                if packed
                else said("the {sender} answers", sender=sender.word)
            )
            return Titles(
                name=fitted(short),
                clause=clause,
                arrow=_beside(short, amount),
                info=said("HTTP answer ({short})", short=short),
            )
    ends = _has_fin(scenery)
    return Titles(
        name=said("data and FIN") if ends else said("data"),
        clause=said("the {sender} sends data", sender=sender.word),
        arrow=said("{amount} of data and FIN", amount=amount) if ends else said("{amount} of data", amount=amount),
        info=said("Data ({amount})", amount=amount),
    )


def _has_fin(scenery: Scenery) -> bool:
    return scenery.tcp is not None and bool(scenery.tcp.number("tcp.flags") & 1)


def _dns_titles(scenery: Scenery) -> Titles:
    dns, sender = scenery.dns, scenery.sender
    kind, name = dns_question(dns) if dns is not None else ("", "")
    if dns is None or scenery.kind is Kind.DNS_QUERY:
        asked = in_a_row(kind, name)
        return Titles(
            name=said("DNS query"),
            clause=said("the {sender} asks for {name}", sender=sender.word, name=name)
            if name
            else said("the {sender} asks", sender=sender.word),
            arrow=fitted(said("DNS query {asked}", asked=asked)),
            info=said("DNS query {asked}", asked=asked),
        )
    answers = dns_answers(dns)
    result = name_of(dns.text("dns.flags.rcode"))
    told = (
        in_a_row(*answers[0])
        if answers
        else (result if dns.number("dns.flags.rcode") else said("no {kind} record", kind=kind))
    )
    more = said(" and {more} more", more=len(answers) - 1) if len(answers) > 1 else ""
    return Titles(
        name=said("DNS answer"),
        clause=said("the {sender} answers the question for {name}", sender=sender.word, name=name)
        if name
        else said("the {sender} answers", sender=sender.word),
        arrow=fitted(said("DNS answer {told}", told=told)),
        info=said("DNS answer {told}{more}", told=told, more=more),
    )


def _datagram_titles(scenery: Scenery) -> Titles:
    udp, sender = scenery.udp, scenery.sender
    application = next((each for each in scenery.own_headers if each.protocol in ("DHCP", "NBNS")), None)
    name: str = "UDP"
    if application is not None:
        name = datagram_name(application)
    to = udp.text("udp.dstport") if udp is not None else ""
    port = said(" to port {to}", to=to) if to else ""
    return Titles(
        name=name,
        clause=said("the {sender} sends a {name} datagram", sender=sender.word, name=name),
        arrow=fitted(said("{name}, {amount}{port}", name=name, amount=_amount(scenery), port=port)),
        info=said("{name} ({amount}{port})", name=name, amount=_amount(scenery), port=port),
    )


def _icmp_titles(scenery: Scenery) -> Titles:
    icmp = scenery.icmp
    if icmp is None:
        return _other_titles(scenery)
    name = icmp_name(icmp)
    return Titles(
        name=fitted(name),
        clause=recurring("the {sender} {deed}", sender=scenery.sender.word, deed=icmp_clause(scenery, icmp)),
        arrow=fitted(name),
        info=name,
    )


def _fragment_titles(scenery: Scenery) -> Titles:
    version = scenery.ip.protocol if scenery.ip is not None else "IP"
    told = said(
        "{version} fragment at offset {fragment_offset}", version=version, fragment_offset=scenery.fragment_offset
    )
    return Titles(
        name=said("{version} fragment", version=version),
        clause=said("the {sender} sends a piece of a packet", sender=scenery.sender.word),
        arrow=told,
        info=told,
    )


def _other_titles(scenery: Scenery) -> Titles:
    name = _innermost(scenery)
    amount = in_bytes(scenery.frame_octets)
    return Titles(
        name=name,
        clause=recurring("the {sender} {deed}", sender=scenery.sender.word, deed=_deed(scenery)),
        arrow=fitted(said("{name}, {amount}", name=name, amount=amount)),
        info=said("{name}, {problem}", name=name, problem=scenery.dissection.problem)
        if scenery.dissection.problem
        else said("{name} (payload)", name=name),
    )


def _deed(scenery: Scenery) -> str:
    discovery = scenery.dissection.header(DISCOVERY)
    return said("sends a frame") if discovery is None else discovery_clause(discovery)


def _innermost(scenery: Scenery) -> str:
    """'LLC', 'PPP LCP', 'PPPoE initiation': what is known of a frame that nobody here reads to its end."""
    headers = scenery.own_headers
    if not headers:
        return said("frame")
    last = headers[-1]
    for header in headers:
        if header.protocol == DISCOVERY:
            return f"PPPoE {name_of(header.text('pppoe.code'))}"
    if last.protocol == "PPP":
        return f"PPP {name_of(last.text('ppp.protocol'))}"
    return last.protocol


def _first_line(scenery: Scenery) -> str:
    return shortened(scenery.http.fields[0].text, MOST_LISTED) if scenery.http is not None else ""


def _flags(scenery: Scenery) -> str:
    return scenery.tcp.text("tcp.flags").partition(" ")[0] if scenery.tcp is not None else ""


def _numbers(scenery: Scenery) -> str:
    """'SYN/ACK seq 0 ack 1', relative numbers."""
    segment = scenery.segment
    if segment is None:
        return _flags(scenery)
    words = f"{_flags(scenery)} seq {0 if has_no_first_number(scenery) else segment.sequence}"
    if segment.acknowledgment is not None:
        words = f"{words} ack {segment.acknowledgment}"
    if not segment.data_octets:
        return fitted(words, MOST_WITH_NUMBERS)
    return fitted(said("{numbers}, {amount}", numbers=words, amount=in_bytes(segment.data_octets)), MOST_WITH_NUMBERS)


def _beside(name: str, amount: str) -> str:
    return said("{name}, {amount}", name=fitted(name, MOST_CHARACTERS - len(amount) - 2), amount=amount)


def fitted(text: str, most: int = MOST_CHARACTERS) -> str:
    """As much of the text as an arrow holds."""
    return shortened(text, most)
