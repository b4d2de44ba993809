"""What a frame is called: its short name, a clause, what the ladder writes on its arrow, what the table says of it."""

import msgspec

from layersviz.core.story.findings import noted
from layersviz.core.story.kind import Kind
from layersviz.core.story.message import dhcp_message, dns_answers, dns_question
from layersviz.core.story.network_words import icmp_clause, icmp_name, is_announcement, is_probe
from layersviz.core.story.pppoe_words import DISCOVERY, discovery_clause
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import counted, name_of, refuses, shortened
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
    Kind.SYN: ("asks for a connection", "3-way handshake"),
    Kind.SYN_ACK: ("agrees and asks back", "3-way handshake"),
    Kind.HANDSHAKE_ACK: ("completes the handshake", "3-way handshake"),
    Kind.ACK: ("says what has arrived", "Acknowledgment"),
    Kind.CLOSING_ACK: ("confirms the other end's FIN", "Acknowledgment of FIN"),
    Kind.FIN: ("has nothing more to send", "Connection close"),
    Kind.RST: ("breaks the connection off", "Reset"),
}
"""What a segment without data does, and what the table calls it."""


def titles(scenery: Scenery) -> Titles:
    """The frame's names, with its real numbers."""
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
        deed, info = "refuses the connection", "Connection refused"
    return Titles(name=name, clause=f"the {scenery.sender} {deed}", arrow=_numbers(scenery), info=f"{info} ({name})")


def _noted_titles(scenery: Scenery, plain: Titles) -> Titles:
    """The same of a segment about which there is something to note."""
    segment, sender = scenery.segment, scenery.sender
    note = noted(segment)
    if segment is None or note is None:
        return plain
    if segment.findings & RETRANSMISSION:
        if scenery.kind in (Kind.SYN, Kind.SYN_ACK) and not segment.synchronized_before:
            return plain
        again, numbers = f"{plain.name} again", f"{note.name}, {_amount(scenery)}"
        return Titles(
            name=again,
            clause=f"the {sender} sends {plain.name} again",
            arrow=fitted(f"{again}, seq {segment.sequence}") if not scenery.data_octets else _capital(numbers),
            info=f"{note.listed} ({plain.name})",
        )
    if scenery.data_octets > 1 or scenery.kind not in (Kind.ACK, Kind.DATA, Kind.CLOSING_ACK, Kind.HANDSHAKE_ACK):
        return msgspec.structs.replace(plain, info=f"{plain.info}, {note.listed}")
    return Titles(
        name=note.name, clause=f"the {sender} sends: {note.name}", arrow=_noted_arrow(scenery), info=note.listed
    )


def _noted_arrow(scenery: Scenery) -> str:
    """A segment without data (or with one probing byte): its finding, and the number that matters."""
    segment, note = scenery.segment, noted(scenery.segment)
    if segment is None or note is None:
        return _numbers(scenery)
    if note.bit == DUPLICATE_ACK:
        return f"Duplicate ACK {segment.duplicate_ack_number}, ack {segment.acknowledgment}"
    if note.bit == WINDOW_UPDATE:
        unit = " bytes" if segment.shift is not None else ", unscaled"
        return f"Window update: {segment.window}{unit}"
    return f"{_capital(note.name)}, ack {segment.acknowledgment}"


def _amount(scenery: Scenery) -> str:
    return counted(scenery.data_octets, "byte")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _arp_titles(scenery: Scenery) -> Titles:
    arp, asks = scenery.arp, scenery.kind is Kind.ARP_REQUEST
    target = arp.text("arp.dst.proto_ipv4") if arp else ""
    owner = arp.text("arp.src.proto_ipv4") if arp else ""
    mac = arp.text("arp.src.hw_mac") if arp else ""
    if not target:
        return _other_titles(scenery)
    if is_announcement(arp):
        return Titles(
            name="ARP announcement",
            clause=f"the {scenery.sender} announces its address",
            arrow=f"ARP: {owner} is mine",
            info=f"ARP announcement: {owner} is at {mac}",
        )
    if is_probe(arp):
        return Titles(
            name="ARP probe",
            clause=f"the {scenery.sender} asks whether {target} is free",
            arrow=f"ARP: is {target} free?",
            info=f"ARP probe: is {target} free?",
        )
    return Titles(
        name="ARP request" if asks else "ARP reply",
        clause=f"the {scenery.sender} asks who has {target}" if asks else f"the {scenery.sender} says which MAC it has",
        arrow=f"ARP: who has {target}?" if asks else f"ARP: {owner} is at \u2026{mac[-5:]}",
        info=f"Who has {target}? Tell {owner}" if asks else f"{owner} is at {mac}",
    )


def _data_titles(scenery: Scenery) -> Titles:
    sender, first = scenery.sender, _first_line(scenery)
    amount = _amount(scenery)
    match scenery.kind:
        case Kind.REQUEST:
            short = " ".join(first.split(" ")[:2])
            clause = f"the {sender} asks for the page" if scenery.knows_programs else f"the {sender} asks by HTTP"
            return Titles(
                name=fitted(short), clause=clause, arrow=_beside(short, amount), info=f"HTTP request ({short})"
            )
        case Kind.ANSWER:
            status = " ".join(first.split(" ")[1:])
            packed = scenery.gzip_body is not None
            short = f"{status} gzip" if packed else status
            clause = f"the {sender} answers{' with a gzip body' if packed else ''}"
            return Titles(
                name=fitted(short), clause=clause, arrow=_beside(short, amount), info=f"HTTP answer ({short})"
            )
    with_fin = " and FIN" if _has_fin(scenery) else ""
    return Titles(
        name=f"data{with_fin}",
        clause=f"the {sender} sends data",
        arrow=f"{amount} of data{with_fin}",
        info=f"Data ({amount})",
    )


def _has_fin(scenery: Scenery) -> bool:
    return scenery.tcp is not None and bool(scenery.tcp.number("tcp.flags") & 1)


def _dns_titles(scenery: Scenery) -> Titles:
    dns, sender = scenery.dns, scenery.sender
    kind, name = dns_question(dns) if dns is not None else ("", "")
    if dns is None or scenery.kind is Kind.DNS_QUERY:
        asked = f"{kind} {name}".strip()
        return Titles(
            name="DNS query",
            clause=f"the {sender} asks for {name}" if name else f"the {sender} asks",
            arrow=fitted(f"DNS query {asked}"),
            info=f"DNS query {asked}",
        )
    answers = dns_answers(dns)
    result = name_of(dns.text("dns.flags.rcode"))
    said = " ".join(answers[0]) if answers else (result if dns.number("dns.flags.rcode") else f"no {kind} record")
    more = f" and {len(answers) - 1} more" if len(answers) > 1 else ""
    return Titles(
        name="DNS answer",
        clause=f"the {sender} answers the question for {name}" if name else f"the {sender} answers",
        arrow=fitted(f"DNS answer {said}"),
        info=f"DNS answer {said}{more}",
    )


def _datagram_titles(scenery: Scenery) -> Titles:
    udp, sender = scenery.udp, scenery.sender
    application = next((each for each in scenery.own_headers if each.protocol in ("DHCP", "NBNS")), None)
    name = "UDP"
    if application is not None:
        name = f"{application.protocol} {dhcp_message(application)}".strip()
    to = udp.text("udp.dstport") if udp is not None else ""
    port = f" to port {to}" if to else ""
    return Titles(
        name=name,
        clause=f"the {sender} sends a {name} datagram",
        arrow=fitted(f"{name}, {_amount(scenery)}{port}"),
        info=f"{name} ({_amount(scenery)}{port})",
    )


def _icmp_titles(scenery: Scenery) -> Titles:
    icmp = scenery.icmp
    if icmp is None:
        return _other_titles(scenery)
    name = icmp_name(icmp)
    return Titles(
        name=fitted(name), clause=f"the {scenery.sender} {icmp_clause(scenery, icmp)}", arrow=fitted(name), info=name
    )


def _fragment_titles(scenery: Scenery) -> Titles:
    version = scenery.ip.protocol if scenery.ip is not None else "IP"
    said = f"{version} fragment at offset {scenery.fragment_offset}"
    return Titles(
        name=f"{version} fragment", clause=f"the {scenery.sender} sends a piece of a packet", arrow=said, info=said
    )


def _other_titles(scenery: Scenery) -> Titles:
    name = _innermost(scenery)
    amount = counted(scenery.frame_octets, "byte")
    return Titles(
        name=name,
        clause=f"the {scenery.sender} {_deed(scenery)}",
        arrow=fitted(f"{name}, {amount}"),
        info=f"{name}, {scenery.dissection.problem}" if scenery.dissection.problem else f"{name} (payload)",
    )


def _deed(scenery: Scenery) -> str:
    discovery = scenery.dissection.header(DISCOVERY)
    return "sends a frame" if discovery is None else discovery_clause(discovery)


def _innermost(scenery: Scenery) -> str:
    """'LLC', 'PPP LCP', 'PPPoE initiation': what is known of a frame that nobody here reads to its end."""
    headers = scenery.own_headers
    if not headers:
        return "frame"
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
    words = [_flags(scenery), f"seq {segment.sequence}"]
    if segment.acknowledgment is not None:
        words.append(f"ack {segment.acknowledgment}")
    if segment.data_octets:
        words[-1] += f", {counted(segment.data_octets, 'byte')}"
    return fitted(" ".join(words), MOST_WITH_NUMBERS)


def _beside(name: str, amount: str) -> str:
    return f"{fitted(name, MOST_CHARACTERS - len(amount) - 2)}, {amount}"


def fitted(text: str, most: int = MOST_CHARACTERS) -> str:
    """As much of the text as an arrow holds."""
    return shortened(text, most)
