"""What an application hands to its kernel, and what one reads from it: HTTP, DNS, or octets that we don't read."""

from collections.abc import Iterator

from layersviz.core.header import Field, Header
from layersviz.core.journey import Line, Mark
from layersviz.core.said import in_a_row, recurring, said
from layersviz.core.story import labels
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import name_of, shortened

_MOST_HEADER_LINES = 40
_MOST_ANSWERS = 8
_MOST_LABEL_CHARACTERS = 40
_MOST_TEXT_OCTETS, _MOST_HEX_OCTETS = 600, 96
_ANSWER_VALUES = frozenset({"dns.a", "dns.aaaa", "dns.ns", "dns.cname", "dns.ptr.domain_name", "dns.mx.mail_exchange"})


def sent_message(scenery: Scenery) -> Iterator[Line]:
    """What the sending application hands to its kernel."""
    if (http := scenery.http) is not None:
        for field in http.fields[:_MOST_HEADER_LINES]:
            yield _line(field, scenery.origin)
        yield from _body(scenery, ("Plain", "Compressed"))
    else:
        yield from _other(scenery)


def received_message(scenery: Scenery) -> Iterator[Line]:
    """What the receiving application reads."""
    if (http := scenery.http) is not None:
        yield _line(http.fields[0], scenery.origin)
        yield from _body(scenery, ("Compressed", "Plain"))
    else:
        yield from _other(scenery)


def _line(field: Field, origin: Mark) -> Line:
    label, text = shortened(field.label, _MOST_LABEL_CHARACTERS), shortened(field.text, _MOST_TEXT_OCTETS)
    return Line(label=label, text=text, mark=origin)


def dns_question(dns: Header) -> tuple[str, str]:
    """The first question's type and name: 'A', 'example.org'; empty where there is none."""
    return _type(dns.field("dns.qry.type")), dns.text("dns.qry.name")


def dns_answers(dns: Header) -> list[tuple[str, str]]:
    """Each record's type and value, of those kinds whose value is one address or one name."""
    kind, found = "", []
    for field in dns.fields:
        if field.name == "dns.resp.type":
            kind = _type(field)
        elif field.name in _ANSWER_VALUES:
            found.append((kind, field.text))
    return found


def _type(field: Field | None) -> str:
    """'A', or the number of a type that has no name here."""
    if field is None:
        return ""
    name = name_of(field.text)
    return said("type {number}", number=field.number) if name == "unknown" else name


def dhcp_message(header: Header) -> str:
    """'discover', 'offer' and so on; empty where the message does not say."""
    values = (field.text for field in header.fields if field.label == "Message type: value")
    return name_of(next(values, ""))


def datagram_name(application: Header) -> str:
    """'DHCP discover', 'NBNS'."""
    message = dhcp_message(application)
    return (
        said("{protocol} {message}", protocol=application.protocol, message=message)
        if message
        else application.protocol
    )


def _other(scenery: Scenery) -> Iterator[Line]:
    if (dns := scenery.dns) is not None:
        yield from _dns(dns, scenery.origin)
    elif scenery.data_octets:
        yield Line(label=labels.DATA, text=_octets(scenery), mark=scenery.origin)
    else:
        yield Line(label=labels.DATA, text=said("none: 0 bytes"), mark=Mark.PLAIN)


def _octets(scenery: Scenery) -> str:
    kept = len(scenery.dissection.payload)
    if kept >= scenery.data_octets:
        return recurring("{octets} bytes", octets=scenery.data_octets)
    return recurring("{octets} bytes, {kept} of them captured", octets=scenery.data_octets, kept=kept)


def _dns(dns: Header, origin: Mark) -> Iterator[Line]:
    yield Line(label=labels.IDENTIFIER, text=dns.text("dns.id"), mark=origin)
    kind, name = dns_question(dns)
    if name:
        yield Line(label=labels.QUESTION, text=in_a_row(kind, name), mark=origin)
    if not dns.number("dns.flags.response"):
        return
    yield Line(label=labels.RESULT, text=name_of(dns.text("dns.flags.rcode")), mark=origin)
    for kind, value in dns_answers(dns)[:_MOST_ANSWERS]:
        yield Line(label=labels.ANSWER, text=in_a_row(kind, value), mark=origin)
    lifetimes: list[Field] = [field for field in dns.fields if field.name == "dns.resp.ttl"]
    if lifetimes:
        yield Line(label=labels.KEEP_FOR, text=said("{seconds} seconds", seconds=lifetimes[0].text), mark=origin)


def _body(scenery: Scenery, order: tuple[str, str]) -> Iterator[Line]:
    body, origin = scenery.body, scenery.origin
    if body is None:
        return
    if scenery.gzip_body is None:
        yield Line(
            label=labels.BODY,
            text=said(
                "{carried_octets} bytes: {readable}", carried_octets=len(body.carried), readable=_readable(body.carried)
            ),
            mark=origin,
        )
        return
    packed = said(
        "{carried_octets} bytes: {hexadecimal}",
        carried_octets=len(body.carried),
        hexadecimal=_hexadecimal(body.carried),
    )
    shown = {
        "Compressed": Line(label=labels.COMPRESSED, text=packed, mark=origin),
        "Plain": Line(
            label=labels.PLAIN,
            text=said("{plain_octets} bytes: {readable}", plain_octets=len(body.plain), readable=_readable(body.plain)),
            mark=Mark.COMPUTED,
        ),
    }
    for name in order:
        yield shown[name]
    yield Line(label=labels.WAS_GZIP_WORTH_IT, text=_verdict(len(body.plain), len(body.carried)), mark=Mark.PLAIN)


def _verdict(plain: int, carried: int) -> str:
    if carried > plain:
        return said(
            "No: {plain} bytes became {carried}. For a body as small as this one, gzip's own "
            "header and trailer (18 bytes) weigh more than it saves.",
            plain=plain,
            carried=carried,
        )
    return said("Yes: {plain} bytes became {carried}.", plain=plain, carried=carried)


def _readable(octets: bytes) -> str:
    """Text as text, all else as hexadecimal; only the beginning of what is long."""
    try:
        text = octets[:_MOST_TEXT_OCTETS].decode("utf-8")
    except UnicodeDecodeError:
        return _hexadecimal(octets)
    return text if len(octets) <= _MOST_TEXT_OCTETS else f"{text} \u2026"


def _hexadecimal(octets: bytes) -> str:
    return octets[:_MOST_HEX_OCTETS].hex(" ") + (" \u2026" if len(octets) > _MOST_HEX_OCTETS else "")
