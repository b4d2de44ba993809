"""What the two applications do at a stop, and how often that is: nothing at all."""

from layersviz.core.host import Side
from layersviz.core.said import in_a_row, joined, recurring, said, said_many
from layersviz.core.scene_cards import Transport
from layersviz.core.story.kind import DATA_KINDS, Kind
from layersviz.core.story.message import datagram_name, dns_answers, dns_question
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import application_of, in_bytes, name_of, shortened, shown, states_of
from layersviz.core.tcp_state import TcpState

_MOST_TOLD_ANSWERS = 3
_MOST_FIRST_LINE = 100


def application_down(scenery: Scenery) -> str:
    """The sender's application."""
    match scenery.kind:
        case Kind.SYN | Kind.SYN_ACK | Kind.HANDSHAKE_ACK | Kind.FIN | Kind.RST:
            return _called(scenery) if scenery.knows_programs else _implied(scenery)
        case Kind.REQUEST:
            return _asks(scenery)
        case Kind.ANSWER:
            return _answers(scenery)
        case Kind.DNS_QUERY | Kind.DNS_ANSWER:
            return _dns_said(scenery)
        case Kind.DATAGRAM:
            return said(
                "The {sender}'s application sends {datagram}.", sender=scenery.sender.word, datagram=_datagram(scenery)
            )
    return said(
        "This segment carries {octets} of what the {sender}'s application has sent.",
        octets=in_bytes(scenery.data_octets),
        sender=scenery.sender.word,
    )


def _asks(scenery: Scenery) -> str:
    """By HTTP."""
    if scenery.knows_programs:
        return said(
            "Now there is data: the client's application sends {octets} bytes, an HTTP request.{gzip}",
            octets=scenery.data_octets,
            gzip=_gzip(scenery),
        )
    return said(
        "The {sender}'s application asks by HTTP: {first_line}.{gzip}",
        sender=scenery.sender.word,
        first_line=_first_line(scenery),
        gzip=_gzip(scenery),
    )


def _answers(scenery: Scenery) -> str:
    if scenery.knows_programs and scenery.sender is Side.SERVER:
        return said(
            "The Hello World server sends its answer: {octets} bytes, an HTTP head{and_body}.{remark}",
            octets=scenery.data_octets,
            and_body=_and_body(scenery),
            remark=_remark(scenery),
        )
    return said(
        "The {sender}'s application answers by HTTP: {first_line}.{remark}",
        sender=scenery.sender.word,
        first_line=_first_line(scenery),
        remark=_remark(scenery),
    )


def _and_body(scenery: Scenery) -> str:
    """How much of the body is with the head."""
    if scenery.body is None or scenery.http is None:
        return ""
    told = scenery.http.text("http.content_length")
    return said(" and a body") if told in ("", str(len(scenery.body.carried))) else said(" and the beginning of a body")


def _called(scenery: Scenery) -> str:
    """Where we know both programs: which call it is."""
    peer = scenery.receiving_host
    match scenery.kind:
        case Kind.SYN:
            return said(
                "The {sender}'s application has called connect() to {ip}, port {port}. It sends no "
                "data: the kernel has to open a connection first.",
                sender=scenery.sender.word,
                ip=peer.ip,
                port=peer.port,
            )
        case Kind.SYN_ACK if is_crossed(scenery):
            return said(
                "The {sender}'s application still waits in connect(): its kernel answers by itself.",
                sender=scenery.sender.word,
            )
        case Kind.SYN_ACK:
            return said(
                "The server's application still waits in accept() and knows of nothing: its kernel answers by itself."
            )
        case Kind.HANDSHAKE_ACK:
            return said(
                "For the client the connection is open: connect() has returned. No data yet: the kernel acknowledges."
            )
        case Kind.RST:
            return said(
                "The {sender}'s application calls close() with bytes unread, or breaks off: its "
                "kernel sends RST in place of FIN.",
                sender=scenery.sender.word,
            )
    return said(
        "The {sender}'s application calls {closing_call}: it has nothing more to send.",
        sender=scenery.sender.word,
        closing_call=scenery.closing_call,
    )


def is_crossed(scenery: Scenery) -> bool:
    """Whether both ends began with a SYN of their own."""
    return scenery.segment is not None and scenery.segment.is_crossed


def _implied(scenery: Scenery) -> str:
    """In a capture by others: what the segment says of applications that we don't know."""
    peer = scenery.receiving_host
    match scenery.kind:
        case Kind.SYN if scenery.data_octets:
            octets = in_bytes(scenery.data_octets)
            return said(
                "An application wants a connection to {ip}, port {port}, and gives {octets} at once.",
                ip=peer.ip,
                port=peer.port,
                octets=octets,
            )
        case Kind.SYN:
            return said(
                "An application wants a connection to {ip}, port {port}: that is what a SYN means. "
                "It carries no data yet.",
                ip=peer.ip,
                port=peer.port,
            )
        case Kind.SYN_ACK:
            return said(
                "Nothing of the {sender}'s application is in this: its kernel answers by itself.",
                sender=scenery.sender.word,
            )
        case Kind.HANDSHAKE_ACK:
            data = said("No new data") if _early_octets(scenery) else said("No data yet")
            return said(
                "For the {sender} the connection is open. {data}: the kernel acknowledges.",
                sender=scenery.sender.word,
                data=data,
            )
    return said(
        "The {sender}'s application has nothing more to send: it has closed its end, or has ended.",
        sender=scenery.sender.word,
    )


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
            return _datagram_read(scenery)
    return _data_read(scenery) if scenery.knows_programs else _data_noticed(scenery)


def _datagram_read(scenery: Scenery) -> str:
    port = shown(scenery.udp, "udp.dstport") if scenery.udp is not None else ""
    if scenery.receiver is Side.SERVER and scenery.card is not None and not scenery.card.listens:
        return said("Nobody has port {port} open at the server: no program gets it.", port=port)
    if _has_port_open(scenery):
        datagram = _datagram(scenery)
        return said("The server's program has port {port} open: it gets {datagram}.", port=port, datagram=datagram)
    return said(
        "If a program has port {port} open at the {receiver}, it gets {datagram}.",
        port=port,
        receiver=scenery.receiver.word,
        datagram=_datagram(scenery),
    )


def _has_port_open(scenery: Scenery) -> bool:
    """Whether it is known: the lab's program waits for datagrams, but not for ever if the wire keeps one."""
    card = scenery.card
    if card is None or scenery.receiver is not Side.SERVER or scenery.frame.held_ns or scenery.past.slower_ms:
        return False
    return card.listens and card.transport is not Transport.TCP


def _data_noticed(scenery: Scenery) -> str:
    """In a capture by others."""
    return said(
        "{gets}{what}.{unpacked}",
        gets=_gets(scenery),
        what=_what(scenery),
        unpacked=_unpacked(scenery),
    )


def _data_read(scenery: Scenery) -> str:
    """By a program that we know."""
    octets = _ready(scenery)
    match scenery.kind:
        case Kind.REQUEST if scenery.receiver is Side.SERVER:
            return recurring(
                "{octets} bytes are there for the Hello World server's recv(): {first_line}.",
                octets=octets,
                first_line=_first_line(scenery),
            )
        case Kind.ANSWER if scenery.receiver is Side.CLIENT:
            return recurring(
                "{octets} bytes are there for the client's recv().{unpacked}",
                octets=octets,
                unpacked=_unpacked(scenery),
            )
    return said_many(
        "{count} byte is there for the recv() of the {receiver}'s application.",
        "{count} bytes are there for the recv() of the {receiver}'s application.",
        octets,
        receiver=scenery.receiver.word,
    )


def _returned(scenery: Scenery) -> str:
    """Where we know both programs: which call returns."""
    match scenery.kind:
        case Kind.SYN:
            return said("Nothing for the application: a SYN carries no data, and accept() goes on waiting.")
        case Kind.SYN_ACK:
            side = scenery.receiver
            return said(
                "connect() returns: for the {side} the connection is open. Not one byte of data has come yet.",
                side=side.word,
            )
        case Kind.HANDSHAKE_ACK:
            return said(
                "accept() returns: the server has its connection, too. The handshake is complete, without any data."
            )
    return said(
        "When all is read, recv() returns no bytes: that tells the {receiver}'s application of the other end's close.",
        receiver=scenery.receiver.word,
    )


def _noticed(scenery: Scenery) -> str:
    """In a capture by others: what the receiver's application can notice."""
    match scenery.kind:
        case Kind.SYN if scenery.data_octets:
            octets = in_bytes(scenery.data_octets)
            if scenery.segment is not None and scenery.segment.is_vouched:
                return said(
                    "A fast open cookie is here: if it is right, the application may read the {octets} at once.",
                    octets=octets,
                )
            return said(
                "The {octets} wait for the end of the handshake: no fast open cookie vouches for the sender.",
                octets=octets,
            )
        case Kind.SYN:
            return said("Nothing for the application yet: a SYN is the kernel's business.")
        case Kind.SYN_ACK if scenery.data_octets:
            octets = in_bytes(scenery.data_octets)
            return said(
                "For the {receiver} the connection is open. {octets} of data came with the answer.",
                receiver=scenery.receiver.word,
                octets=octets,
            )
        case Kind.SYN_ACK:
            return said(
                "For the {receiver} the connection is open. Not one byte of data has come yet.",
                receiver=scenery.receiver.word,
            )
        case Kind.HANDSHAKE_ACK if early := _early_octets(scenery):
            return said(
                "The {receiver} has its connection, too. {early}",
                receiver=scenery.receiver.word,
                early=_early(scenery, early),
            )
        case Kind.HANDSHAKE_ACK:
            return said(
                "The {receiver} has its connection, too: the handshake is complete, without any data.",
                receiver=scenery.receiver.word,
            )
    return said("The {receiver}'s application learns that nothing more will come.", receiver=scenery.receiver.word)


def _early_octets(scenery: Scenery) -> int:
    """How much data this end's SYN carried to the other."""
    return 0 if scenery.segment is None else scenery.segment.early_octets


def _early(scenery: Scenery, octets: int) -> str:
    if scenery.segment is not None and scenery.segment.is_vouched:
        return said(
            "With a right cookie its application could read the {octets} of the SYN before.",
            octets=in_bytes(octets),
        )
    return said("The {octets} of the SYN now go to the application.", octets=in_bytes(octets))


def _reset(scenery: Scenery) -> str:
    """The way in which an application hears of a RST (RFC 9293 section 3.10.7)."""
    who = application_of(scenery.receiver, scenery)
    if scenery.tells_heard:
        return said(
            "The kernel ends the call in which {who} waits, or its next one: what that call was told stands at the end "
            "of the run.",
            who=who,
        )
    if states_of(scenery, scenery.receiver)[0] is TcpState.SYN_SENT:
        return said("connect() fails at once: {who} hears \u201cconnection refused\u201d.", who=who)
    return said(
        "The next call of {who} fails: \u201cconnection reset by peer\u201d. What it had not read may be gone.", who=who
    )


def _gets(scenery: Scenery) -> str:
    return said(
        "The {receiver}'s application can read {octets}",
        receiver=scenery.receiver.word,
        octets=in_bytes(_ready(scenery)),
    )


def _ready(scenery: Scenery) -> int:
    """How many bytes TCP gives on: those of this segment, or also those that had waited for it."""
    segment = scenery.segment
    return scenery.data_octets if segment is None or scenery.kind not in DATA_KINDS else segment.ready_octets


def _what(scenery: Scenery) -> str:
    return said(": {first_line}", first_line=_first_line(scenery)) if scenery.http is not None else ""


def _dns_said(scenery: Scenery) -> str:
    dns = scenery.dns
    kind, name = dns_question(dns) if dns is not None else ("", "")
    if dns is None or not name:
        return said("The {sender}'s application sends a DNS message.", sender=scenery.sender.word)
    if scenery.kind is Kind.DNS_QUERY:
        return said("The {sender}'s resolver asks: {question}", sender=scenery.sender.word, question=_asked(kind, name))
    return said(
        "The {sender} answers the question for {name}: {dns_result}.",
        sender=scenery.sender.word,
        name=name,
        dns_result=_dns_result(scenery),
    )


def _asked(kind: str, name: str) -> str:
    match kind:
        case "A":
            return said("which IPv4 address has {name}?", name=name)
        case "AAAA":
            return said("which IPv6 address has {name}?", name=name)
        case "PTR":
            return said("which name has {name}?", name=name)
        case "MX":
            return said("who takes mail for {name}?", name=name)
    return said("which {kind} record has {name}?", kind=kind, name=name)


def _dns_result(scenery: Scenery) -> str:
    dns = scenery.dns
    if dns is None:
        return ""
    if dns.number("dns.flags.rcode"):
        return name_of(dns.text("dns.flags.rcode"))
    answers = dns_answers(dns)
    if not answers:
        return said("there is no such record")
    told = joined(", ", [in_a_row(*each) for each in answers[:_MOST_TOLD_ANSWERS]])
    more = len(answers) - _MOST_TOLD_ANSWERS
    return said("{told} and {more} more", told=told, more=more) if more > 0 else told


def _dns_read(scenery: Scenery) -> str:
    dns = scenery.dns
    if scenery.kind is Kind.DNS_QUERY or dns is None:
        return said(
            "A name server at the {receiver} reads the question: the answer has the same identifier.",
            receiver=scenery.receiver.word,
        )
    result, identifier = _dns_result(scenery), dns.text("dns.id")
    return said(
        "The identifier {identifier} tells which question this answers. The result: {result}.",
        identifier=identifier,
        result=result,
    )


def _datagram(scenery: Scenery) -> str:
    application = next((each for each in scenery.own_headers if each.protocol in ("DHCP", "NBNS")), None)
    octets = in_bytes(scenery.data_octets)
    if application is None:
        return said("{octets} of data in one datagram", octets=octets)
    return said("{octets} in one datagram, {name}", octets=octets, name=datagram_name(application))


def _first_line(scenery: Scenery) -> str:
    return shortened(scenery.http.fields[0].text, _MOST_FIRST_LINE) if scenery.http is not None else said("data")


def _gzip(scenery: Scenery) -> str:
    offered = scenery.http.text("http.accept_encoding") if scenery.http is not None else ""
    return said(" It says that it understands gzip.") if "gzip" in offered else ""


def _remark(scenery: Scenery) -> str:
    body = scenery.gzip_body
    if body is None:
        return ""
    plain, carried = len(body.plain), len(body.carried)
    if carried > plain:
        return said(
            " gzip made {carried} bytes of {plain}: more, not less: too small a body for gzip.",
            carried=carried,
            plain=plain,
        )
    return said(" gzip made {carried} bytes of {plain}: less.", carried=carried, plain=plain)


def _unpacked(scenery: Scenery) -> str:
    body = scenery.gzip_body
    if body is None:
        return ""
    plain, carried = len(body.plain), len(body.carried)
    verdict = said(" Packing made it larger.") if carried > plain else said(" Packing made it smaller.")
    if scenery.knows_programs:
        return said(
            " Unpacked, the body's {carried} bytes of gzip are {plain} bytes of HTML.{verdict}",
            carried=carried,
            plain=plain,
            verdict=verdict,
        )
    return said(
        " Unpacked, the body's {carried} bytes of gzip are {plain} bytes.{verdict}",
        carried=carried,
        plain=plain,
        verdict=verdict,
    )
