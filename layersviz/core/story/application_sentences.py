"""What the two applications do at a stop, and how often that is: nothing at all."""

from layersviz.core.host import Side
from layersviz.core.story.kind import DATA_KINDS, Kind
from layersviz.core.story.message import dhcp_message, dns_answers, dns_question
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import application_of, counted, name_of, shortened, shown, states_of
from layersviz.core.tcp_state import TcpState

_MOST_TOLD_ANSWERS = 3
_MOST_FIRST_LINE = 100


def application_down(scenery: Scenery) -> str:
    """The sender's application."""
    octets = scenery.data_octets
    match scenery.kind:
        case Kind.SYN | Kind.SYN_ACK | Kind.HANDSHAKE_ACK | Kind.FIN | Kind.RST:
            return _called(scenery) if scenery.knows_programs else _implied(scenery)
        case Kind.REQUEST if scenery.knows_programs:
            return f"Now there is data: the client's application sends {octets} bytes, an HTTP request.{_gzip(scenery)}"
        case Kind.ANSWER if scenery.knows_programs and scenery.sender is Side.SERVER:
            return (
                f"The Hello World server sends its answer: {octets} bytes, an HTTP head{_and_body(scenery)}."
                f"{_remark(scenery)}"
            )
        case Kind.REQUEST:
            return f"The {scenery.sender}'s application asks by HTTP: {_first_line(scenery)}.{_gzip(scenery)}"
        case Kind.ANSWER:
            return f"The {scenery.sender}'s application answers by HTTP: {_first_line(scenery)}.{_remark(scenery)}"
        case Kind.DNS_QUERY | Kind.DNS_ANSWER:
            return _dns_said(scenery)
        case Kind.DATAGRAM:
            return f"The {scenery.sender}'s application sends {_datagram(scenery)}."
    return f"This segment carries {counted(octets, 'byte')} of what the {scenery.sender}'s application has sent."


def _and_body(scenery: Scenery) -> str:
    """How much of the body is with the head."""
    if scenery.body is None or scenery.http is None:
        return ""
    said = scenery.http.text("http.content_length")
    return " and a body" if said in ("", str(len(scenery.body.carried))) else " and the beginning of a body"


def _called(scenery: Scenery) -> str:
    """Where we know both programs: which call it is."""
    peer = scenery.receiving_host
    match scenery.kind:
        case Kind.SYN:
            return (
                f"The {scenery.sender}'s application has called connect() to {peer.ip}, port {peer.port}. It sends no "
                "data: the kernel has to open a connection first."
            )
        case Kind.SYN_ACK if is_crossed(scenery):
            return f"The {scenery.sender}'s application still waits in connect(): its kernel answers by itself."
        case Kind.SYN_ACK:
            return (
                "The server's application still waits in accept() and knows of nothing: its kernel answers by itself."
            )
        case Kind.HANDSHAKE_ACK:
            return (
                "For the client the connection is open: connect() has returned. No data yet: the kernel acknowledges."
            )
        case Kind.RST:
            return (
                f"The {scenery.sender}'s application calls close() with bytes unread, or breaks off: "
                "its kernel sends RST in place of FIN."
            )
    return f"The {scenery.sender}'s application calls {scenery.closing_call}: it has nothing more to send."


def is_crossed(scenery: Scenery) -> bool:
    """Whether both ends began with a SYN of their own."""
    return scenery.segment is not None and scenery.segment.is_crossed


def _implied(scenery: Scenery) -> str:
    """In a capture by others: what the segment says of applications that we don't know."""
    peer = scenery.receiving_host
    match scenery.kind:
        case Kind.SYN if scenery.data_octets:
            octets = counted(scenery.data_octets, "byte")
            return f"An application wants a connection to {peer.ip}, port {peer.port}, and gives {octets} at once."
        case Kind.SYN:
            return (
                f"An application wants a connection to {peer.ip}, port {peer.port}: that is what a SYN means. "
                "It carries no data yet."
            )
        case Kind.SYN_ACK:
            return f"Nothing of the {scenery.sender}'s application is in this: its kernel answers by itself."
        case Kind.HANDSHAKE_ACK:
            data = "No new data" if _early_octets(scenery) else "No data yet"
            return f"For the {scenery.sender} the connection is open. {data}: the kernel acknowledges."
    return f"The {scenery.sender}'s application has nothing more to send: it has closed its end, or has ended."


def application_up(scenery: Scenery) -> str:
    """The receiver's application."""
    match scenery.kind:
        case Kind.SYN | Kind.SYN_ACK | Kind.HANDSHAKE_ACK | Kind.FIN:
            is_without_data = not scenery.data_octets and not _early_octets(scenery)
            return _returned(scenery) if scenery.knows_programs and is_without_data else _noticed(scenery)
        case Kind.RST:
            return _reset(scenery)
        case Kind.DNS_QUERY | Kind.DNS_ANSWER:
            return _dns_read(scenery)
        case Kind.DATAGRAM:
            port = shown(scenery.udp, "udp.dstport") if scenery.udp is not None else ""
            return f"If a program has port {port} open at the {scenery.receiver}, it gets {_datagram(scenery)}."
    if not scenery.knows_programs:
        return f"{_gets(scenery, application_of(scenery.receiver, scenery))}{_what(scenery)}.{_unpacked(scenery)}"
    octets = _ready(scenery)
    match scenery.kind:
        case Kind.REQUEST if scenery.receiver is Side.SERVER:
            return f"{octets} bytes are there for the Hello World server's recv(): {_first_line(scenery)}."
        case Kind.ANSWER if scenery.receiver is Side.CLIENT:
            return f"{octets} bytes are there for the client's recv().{_unpacked(scenery)}"
    are = "is" if octets == 1 else "are"
    return f"{counted(octets, 'byte')} {are} there for the recv() of the {scenery.receiver}'s application."


def _returned(scenery: Scenery) -> str:
    """Where we know both programs: which call returns."""
    match scenery.kind:
        case Kind.SYN:
            return "Nothing for the application: a SYN carries no data, and accept() goes on waiting."
        case Kind.SYN_ACK:
            side = scenery.receiver
            return f"connect() returns: for the {side} the connection is open. Not one byte of data has come yet."
        case Kind.HANDSHAKE_ACK:
            return "accept() returns: the server has its connection, too. The handshake is complete, without any data."
    return (
        f"When all is read, recv() returns no bytes: that tells the {scenery.receiver}'s application of the other "
        "end's close."
    )


def _noticed(scenery: Scenery) -> str:
    """In a capture by others: what the receiver's application can notice."""
    match scenery.kind:
        case Kind.SYN if scenery.data_octets:
            octets = counted(scenery.data_octets, "byte")
            if scenery.segment is not None and scenery.segment.is_vouched:
                return f"A fast open cookie is here: if it is right, the application may read the {octets} at once."
            return f"The {octets} wait for the end of the handshake: no fast open cookie vouches for the sender."
        case Kind.SYN:
            return "Nothing for the application yet: a SYN is the kernel's business."
        case Kind.SYN_ACK if scenery.data_octets:
            octets = counted(scenery.data_octets, "byte")
            return f"For the {scenery.receiver} the connection is open. {octets} of data came with the answer."
        case Kind.SYN_ACK:
            return f"For the {scenery.receiver} the connection is open. Not one byte of data has come yet."
        case Kind.HANDSHAKE_ACK if early := _early_octets(scenery):
            return f"The {scenery.receiver} has its connection, too. {_early(scenery, early)}"
        case Kind.HANDSHAKE_ACK:
            return f"The {scenery.receiver} has its connection, too: the handshake is complete, without any data."
    return f"The {scenery.receiver}'s application learns that nothing more will come."


def _early_octets(scenery: Scenery) -> int:
    """How much data this end's SYN carried to the other."""
    return 0 if scenery.segment is None else scenery.segment.early_octets


def _early(scenery: Scenery, octets: int) -> str:
    if scenery.segment is not None and scenery.segment.is_vouched:
        return f"With a right cookie its application could read the {counted(octets, 'byte')} of the SYN before."
    return f"The {counted(octets, 'byte')} of the SYN now go to the application."


def _reset(scenery: Scenery) -> str:
    """The way in which an application hears of a RST (RFC 9293 section 3.10.7)."""
    who = application_of(scenery.receiver, scenery)
    if states_of(scenery, scenery.receiver)[0] is TcpState.SYN_SENT:
        return f"connect() fails at once: {who} hears \u201cconnection refused\u201d."
    return f"The next call of {who} fails: \u201cconnection reset by peer\u201d. What it had not read may be gone."


def _gets(scenery: Scenery, who: str) -> str:
    return f"{who[:1].upper()}{who[1:]} can read {counted(_ready(scenery), 'byte')}"


def _ready(scenery: Scenery) -> int:
    """How many bytes TCP gives on: those of this segment, or also those that had waited for it."""
    segment = scenery.segment
    return scenery.data_octets if segment is None or scenery.kind not in DATA_KINDS else segment.ready_octets


def _what(scenery: Scenery) -> str:
    return f": {_first_line(scenery)}" if scenery.http is not None else ""


def _dns_said(scenery: Scenery) -> str:
    dns = scenery.dns
    kind, name = dns_question(dns) if dns is not None else ("", "")
    if dns is None or not name:
        return f"The {scenery.sender}'s application sends a DNS message."
    if scenery.kind is Kind.DNS_QUERY:
        return f"The {scenery.sender}'s resolver asks: {_WANTED.get(kind, f'which {kind} record')} {_has(kind)}{name}?"
    return f"The {scenery.sender} answers the question for {name}: {_dns_result(scenery)}."


_WANTED = {"A": "which IPv4 address", "AAAA": "which IPv6 address", "PTR": "which name", "MX": "who takes mail"}


def _has(kind: str) -> str:
    return "for " if kind == "MX" else "has "


def _dns_result(scenery: Scenery) -> str:
    dns = scenery.dns
    if dns is None:
        return ""
    if dns.number("dns.flags.rcode"):
        return name_of(dns.text("dns.flags.rcode"))
    answers = dns_answers(dns)
    if not answers:
        return "there is no such record"
    told = ", ".join(f"{kind} {value}" for kind, value in answers[:_MOST_TOLD_ANSWERS])
    more = len(answers) - _MOST_TOLD_ANSWERS
    return f"{told} and {more} more" if more > 0 else told


def _dns_read(scenery: Scenery) -> str:
    dns = scenery.dns
    if scenery.kind is Kind.DNS_QUERY or dns is None:
        return f"A name server at the {scenery.receiver} reads the question: the answer has the same identifier."
    result, identifier = _dns_result(scenery), dns.text("dns.id")
    return f"The identifier {identifier} tells which question this answers. The result: {result}."


def _datagram(scenery: Scenery) -> str:
    application = next((each for each in scenery.own_headers if each.protocol in ("DHCP", "NBNS")), None)
    octets = counted(scenery.data_octets, "byte")
    if application is None:
        return f"{octets} of data in one datagram"
    return f"{octets} in one datagram, {f'{application.protocol} {dhcp_message(application)}'.strip()}"


def _first_line(scenery: Scenery) -> str:
    return shortened(scenery.http.fields[0].text, _MOST_FIRST_LINE) if scenery.http is not None else "data"


def _gzip(scenery: Scenery) -> str:
    offered = scenery.http.text("http.accept_encoding") if scenery.http is not None else ""
    return " It says that it understands gzip." if "gzip" in offered else ""


def _remark(scenery: Scenery) -> str:
    body = scenery.gzip_body
    if body is None:
        return ""
    plain, carried = len(body.plain), len(body.carried)
    honest = "more, not less: too small a body for gzip" if carried > plain else "less"
    return f" gzip made {carried} bytes of {plain}: {honest}."


def _unpacked(scenery: Scenery) -> str:
    body = scenery.gzip_body
    if body is None:
        return ""
    plain, carried = len(body.plain), len(body.carried)
    verdict = "larger" if carried > plain else "smaller"
    of_what = " of HTML" if scenery.knows_programs else ""
    return f" Unpacked, the body's {carried} bytes of gzip are {plain} bytes{of_what}. Packing made it {verdict}."
