"""Questions beside their answers: DNS by its identifier, echo requests by identifier and sequence number.

Knows dissected headers; of a whole capture or of one conversation.
"""

from collections.abc import Iterable, Iterator

import msgspec

from layersviz.core.header import Dissection, Field, Header
from layersviz.core.tcp_reading import addresses, network_header
from layersviz.survey.survey import Surveyed

MOST_SHOWN = 500
_RETRY_NS = 5_000_000_000
_ECHO_REQUEST, _ECHO_REPLY = frozenset({8, 128}), frozenset({0, 129})
_ECHO_FIELDS = {
    "ICMP": ("icmp.type", "icmp.ident", "icmp.seq"),
    "ICMPv6": ("icmpv6.type", "icmpv6.echo.identifier", "icmpv6.echo.sequence_number"),
}
_RECORD_PARTS = frozenset({"dns.resp.name", "dns.resp.type", "dns.resp.class", "dns.resp.ttl", "dns.resp.len"})


class DnsRecord(msgspec.Struct, frozen=True):
    """One record of an answer."""

    name: str
    kind: str
    value: str


class DnsPair(msgspec.Struct, kw_only=True):
    """A question and its answer: frames are 0 where the capture has none. `repeats` asked the same again."""

    identifier: str
    name: str
    kind: str
    question_frame: int = 0
    answer_frame: int = 0
    repeats: list[int] = []
    result: str = ""
    records: tuple[DnsRecord, ...] = ()
    question_ns: int | None = None
    wait_ms: float | None = None


class EchoPair(msgspec.Struct, kw_only=True):
    """An echo request and its reply: frames are 0 where the capture has none."""

    identifier: int
    sequence: int
    request_frame: int = 0
    reply_frame: int = 0
    request_ns: int | None = None
    wait_ms: float | None = None


def dns_pairs(surveyed: Iterable[Surveyed]) -> list[DnsPair]:
    """In the order of the questions. An answer belongs to the last question with its identifier, between the same two.

    One that is asked again within five seconds and was not answered yet is the same question.
    """
    pairs: list[DnsPair] = []
    latest: dict[tuple[frozenset[bytes], int], DnsPair] = {}
    for packet, dissection, octets in _seen(surveyed):
        for header in dissection.headers:
            if header.protocol != "DNS" or header.quoted:
                continue
            key = _between(dissection, octets), header.number("dns.id")
            pair = latest.get(key)
            if header.number("dns.flags.response"):
                if pair is None or not pair.answer_frame:
                    latest[key] = _answer(pair, packet, header, pairs)
            elif pair is None or pair.answer_frame or _is_late(pair, packet):
                latest[key] = pair = _pair(header)
                pair.question_frame, pair.question_ns = packet.packet.number, packet.packet.time_ns
                pairs.append(pair)
            else:
                pair.repeats.append(packet.packet.number)
    return pairs


def echo_pairs(surveyed: Iterable[Surveyed]) -> list[EchoPair]:
    """In the order of the requests."""
    pairs: list[EchoPair] = []
    waiting: dict[tuple[bytes, int, int], list[EchoPair]] = {}
    for packet, dissection, octets in _seen(surveyed):
        echo = _echo(dissection)
        if echo is None:
            continue
        kind, identifier, sequence = echo
        network = network_header(dissection)
        pair_of_addresses = b"" if network is None else addresses(network, octets)
        half = len(pair_of_addresses) // 2
        number, time_ns = packet.packet.number, packet.packet.time_ns
        if kind in _ECHO_REQUEST:
            made = EchoPair(identifier=identifier, sequence=sequence, request_frame=number, request_ns=time_ns)
            waiting.setdefault((pair_of_addresses, identifier, sequence), []).append(made)
            pairs.append(made)
            continue
        queue = waiting.get((pair_of_addresses[half:] + pair_of_addresses[:half], identifier, sequence))
        if queue:
            asked = queue.pop(0)
            asked.reply_frame = number
            asked.wait_ms = _wait_ms(asked.request_ns, time_ns)
        else:
            pairs.append(EchoPair(identifier=identifier, sequence=sequence, reply_frame=number))
    return pairs


def _seen(surveyed: Iterable[Surveyed]) -> Iterator[tuple[Surveyed, Dissection, bytes]]:
    """Each packet's dissection, of the whole packet where fragments were put together."""
    for each in surveyed:
        if each.whole is not None and each.rebuilt is not None:
            yield each, each.whole, each.rebuilt.octets
        else:
            yield each, each.dissection, each.packet.octets


def _between(dissection: Dissection, octets: bytes) -> frozenset[bytes]:
    """Both ends, address and port, whichever sent this."""
    network = network_header(dissection)
    pair = b"" if network is None else addresses(network, octets)
    transport = dissection.header("UDP") or dissection.header("TCP")
    at = 0 if transport is None else transport.octet_offset
    half = len(pair) // 2
    return frozenset({pair[:half] + octets[at : at + 2], pair[half:] + octets[at + 2 : at + 4]})


def _is_late(pair: DnsPair, packet: Surveyed) -> bool:
    time_ns = packet.packet.time_ns
    return pair.question_ns is not None and time_ns is not None and time_ns - pair.question_ns > _RETRY_NS


def _pair(header: Header) -> DnsPair:
    return DnsPair(identifier=header.text("dns.id"), name=header.text("dns.qry.name"), kind=header.text("dns.qry.type"))


def _answer(pair: DnsPair | None, packet: Surveyed, header: Header, pairs: list[DnsPair]) -> DnsPair:
    if pair is None:
        pair = _pair(header)
        pairs.append(pair)
    pair.answer_frame = packet.packet.number
    pair.result = header.text("dns.flags.rcode")
    pair.records = tuple(_records(header.fields))[: header.number("dns.count.answers")]
    pair.wait_ms = _wait_ms(pair.question_ns, packet.packet.time_ns)
    return pair


def _records(fields: tuple[Field, ...]) -> Iterator[DnsRecord]:
    """The records with their values: whatever stands behind a record's length is its value."""
    name, kind = "", ""
    values: list[str] = []
    for field in (*fields, None):
        if field is None or field.name == "dns.resp.name":
            if kind:
                yield DnsRecord(name, kind, " ".join(values))
            name, kind, values = "" if field is None else field.text, "", []
        elif field.name == "dns.resp.type":
            kind = field.text
        elif kind and field.name not in _RECORD_PARTS:
            values.append(field.text)


def _echo(dissection: Dissection) -> tuple[int, int, int] | None:
    """Type, identifier, sequence number."""
    for protocol, names in _ECHO_FIELDS.items():
        header = dissection.header(protocol)
        if header is not None and header.field(names[2]) is not None:
            kind, identifier, sequence = (header.number(name) for name in names)
            return (kind, identifier, sequence) if kind in _ECHO_REQUEST | _ECHO_REPLY else None
    return None


def _wait_ms(asked_ns: int | None, answered_ns: int | None) -> float | None:
    return None if asked_ns is None or answered_ns is None else (answered_ns - asked_ns) / 1e6
