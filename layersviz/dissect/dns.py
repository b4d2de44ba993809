"""DNS (RFC 1035): header, questions and answers, over UDP and, where a segment holds whole messages, over TCP."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.dns_names import EndsInsideError, Names
from layersviz.dissect.dns_tables import (
    HEADER,
    LENGTH,
    NETBIOS_HEADER,
    NETBIOS_QUESTION,
    NETBIOS_RECORD,
    QUESTION,
    RECORD,
)
from layersviz.dissect.reader import Reader
from layersviz.dissect.table import Table, ipv4, ipv6

_HEAD = struct.Struct("!5H")
_ANSWER, _OPCODE = 0x8000, 0x7800
FEW, MOST_ANSWERS = 10, 100
_A, _NS, _CNAME, _SOA, _PTR, _MX, _TXT, _AAAA, _SRV, _DNAME = 1, 2, 5, 6, 12, 15, 16, 28, 33, 39
_NAMES = {_NS: "dns.ns", _CNAME: "dns.cname", _PTR: "dns.ptr.domain_name", _DNAME: "dns.dname"}
_NAME_LABEL, _REAL_NAME = said("Name"), said("Real name")
_LABELS = {_NS: said("Name server"), _CNAME: _REAL_NAME, _PTR: _NAME_LABEL, _DNAME: _REAL_NAME}
_ADDRESS, _PREFERENCE, _MAIL_SERVER = said("Address"), said("Preference"), said("Mail server")
_HOST, _TEXT_LENGTH, _TEXT, _DATA = said("Host"), said("Text length"), said("Text"), said("Data")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What DNS and NetBIOS's name service call the parts that they have in common."""

    protocol: str
    header: Table
    question: Table
    record: Table
    question_name: str
    record_name: str
    values: dict[int, "_Value"]
    shown: Callable[[str], str] = str
    service: str = ""


class _Message:
    """One message that is being read: `at` is the octet to be read next, `fields` are those found so far."""

    def __init__(self, octets: bytes, start: int, end: int, form: "_Form") -> None:
        self.form = form
        self.octets = octets
        self.end = end
        self.at = start
        self.fields: list[Field] = []
        self.names = Names(octets, start, end)

    def take(self, table: Table) -> tuple[Field, ...]:
        """Read a table's fields. Raises EndsInsideError."""
        self.ensure(table.octets)
        fields = table.read(self.octets, self.at, self.end)
        self.fields += fields
        self.at += table.octets
        return fields

    def ensure(self, octets: int) -> None:
        if self.at + octets > self.end:
            raise EndsInsideError(self.at + octets)

    def add(self, name: str, label: str, text: str, behind: int, number: int | None = None) -> None:
        """A field from the present octet up to `behind`."""
        if behind > self.at:
            self.fields.append(
                Field(
                    name=name,
                    label=label,
                    text=text,
                    bit_offset=self.at * 8,
                    bit_length=(behind - self.at) * 8,
                    number=number,
                )
            )
        self.at = max(self.at, behind)


def looks_like_dns(reader: Reader, at: int) -> bool:
    """Whether the octets behind any ports read as a plain question or answer: an ordinary query with few records."""
    if reader.end < at + HEADER.octets:
        return False
    flags, questions, answers, authorities, additional = _HEAD.unpack_from(reader.octets, at + 2)
    if flags & _OPCODE or additional > FEW or authorities > FEW:
        return False
    if flags & _ANSWER:
        any_records = questions + answers + authorities + additional > 0
        return bool(any_records and questions <= 1 and answers <= MOST_ANSWERS)
    return (questions, answers, authorities) == (1, 0, 0)


def dissect_dns(reader: Reader, at: int) -> None:
    """One message over UDP, as far as it can be read."""
    _dissect(reader, at, _Message(reader.octets, at, reader.end, _DNS))


def dissect_multicast_dns(reader: Reader, at: int) -> None:
    """The same among neighbours (RFC 6762)."""
    _dissect(reader, at, _Message(reader.octets, at, reader.end, _MULTICAST_DNS))


def dissect_link_local_names(reader: Reader, at: int) -> None:
    """The same among neighbours (RFC 4795)."""
    _dissect(reader, at, _Message(reader.octets, at, reader.end, _LINK_LOCAL))


def dissect_netbios_names(reader: Reader, at: int) -> None:
    """A message of NetBIOS's name service (RFC 1002 section 4.2), which has DNS's form."""
    _dissect(reader, at, _Message(reader.octets, at, reader.end, _NETBIOS))


def _dissect(reader: Reader, at: int, message: "_Message") -> None:
    protocol = message.form.service or message.form.protocol
    try:
        _read(message)
    except EndsInsideError as cut:
        _add(reader, message, at)
        reader.ends_inside(protocol, said("the {protocol} message", protocol=protocol), cut.offset)
        return
    _add(reader, message, at)


def dissect_dns_over_tcp(reader: Reader, at: int) -> None:
    """Messages with their lengths before them (RFC 1035 section 4.2.2), those that this segment holds whole."""
    behind = at + LENGTH.octets
    while behind + HEADER.octets <= reader.wire_end and behind <= reader.end:
        end = behind + int.from_bytes(reader.octets[at:behind])
        if end > reader.wire_end or end < behind + HEADER.octets:
            return
        message = _Message(reader.octets, behind, min(end, reader.end), _DNS)
        message.fields += LENGTH.read(reader.octets, at, behind)
        try:
            _read(message)
        except EndsInsideError as cut:
            _add(reader, message, at)
            if end > reader.end:
                reader.ends_inside(
                    "DNS", said("the {protocol} message", protocol="DNS"), min(cut.offset, reader.wire_end)
                )
                return
            reader.malformed("DNS", said("A DNS message holds more than its length says."))
            at, behind = end, end + LENGTH.octets
            continue
        _add(reader, message, at)
        at, behind = end, end + LENGTH.octets


def _add(reader: Reader, message: _Message, at: int) -> None:
    if message.fields:
        reader.add(Layer.APPLICATION, message.form.protocol, at, message.at - at, tuple(message.fields))


def _read(message: _Message) -> None:
    counts = [field.number or 0 for field in message.take(message.form.header)[-4:]]
    for _ in range(counts[0]):
        _question(message)
    for _ in range(sum(counts[1:])):
        _record(message)


def _question(message: _Message) -> None:
    text, behind = message.names.read(message.at)
    if behind + message.form.question.octets > message.end:
        raise EndsInsideError(behind + message.form.question.octets)
    message.add(message.form.question_name, _NAME_LABEL, message.form.shown(text), behind)
    message.take(message.form.question)


def _record(message: _Message) -> None:
    text, behind = message.names.read(message.at)
    if behind + message.form.record.octets > message.end:
        raise EndsInsideError(behind + message.form.record.octets)
    message.add(message.form.record_name, _NAME_LABEL, message.form.shown(text), behind)
    kind, _, _, length = (field.number or 0 for field in message.take(message.form.record))
    end = message.at + length
    if length:
        message.form.values.get(kind, _other)(message, kind, end)
    message.ensure(end - message.at)
    message.add("dns.data", _DATA, message.octets[message.at : end].hex(), end)


def _address(message: _Message, kind: int, end: int) -> None:
    octets, name, shown = (4, "dns.a", ipv4) if kind == _A else (16, "dns.aaaa", ipv6)
    message.ensure(octets)
    if message.at + octets <= end:
        value = int.from_bytes(message.octets[message.at : message.at + octets])
        message.add(name, _ADDRESS, shown(value), message.at + octets)


def _name(message: _Message, kind: int, end: int) -> None:
    text, behind = message.names.read(message.at)
    message.add(_NAMES[kind], _LABELS[kind], text, min(behind, end))


def _number(message: _Message, name: str, label: str, octets: int) -> None:
    message.ensure(octets)
    value = int.from_bytes(message.octets[message.at : message.at + octets])
    message.add(name, label, str(value), message.at + octets, value)


def _mail(message: _Message, _kind: int, end: int) -> None:
    _number(message, "dns.mx.preference", _PREFERENCE, 2)
    text, behind = message.names.read(message.at)
    message.add("dns.mx.mail_exchange", _MAIL_SERVER, text, min(behind, end))


def _service(message: _Message, _kind: int, end: int) -> None:
    for name, label in _SERVICE_NUMBERS:
        _number(message, f"dns.srv.{name}", label, 2)
    text, behind = message.names.read(message.at)
    message.add("dns.srv.target", _HOST, text, min(behind, end))


_SERVICE_NUMBERS = (("priority", said("Priority")), ("weight", said("Weight")), ("port", said("Port")))


def _authority(message: _Message, _kind: int, _end: int) -> None:
    for name, label in _SOA_NAMES:
        text, behind = message.names.read(message.at)
        message.add(f"dns.soa.{name}", label, text, behind)
    for name, label in _SOA_NUMBERS:
        _number(message, f"dns.soa.{name}", label, 4)


_SOA_NAMES = (("mname", said("Primary server")), ("rname", said("Mailbox")))
_SOA_NUMBERS = (
    ("serial_number", said("Serial number")),
    ("refresh_interval", said("Refresh after")),
    ("retry_interval", said("Retry after")),
    ("expire_limit", said("Expires after")),
    ("minimum_ttl", said("Least time to live")),
)


def _texts(message: _Message, _kind: int, end: int) -> None:
    while message.at < end:
        message.ensure(1)
        length = message.octets[message.at]
        _number(message, "dns.txt.length", _TEXT_LENGTH, 1)
        message.ensure(length)
        text = message.octets[message.at : message.at + length].decode("utf-8", "replace")
        message.add("dns.txt", _TEXT, text, message.at + length)


def _other(message: _Message, _kind: int, end: int) -> None:
    message.ensure(end - message.at)


_Value = Callable[[_Message, int, int], None]
_VALUES: dict[int, _Value] = {
    _A: _address,
    _NS: _name,
    _CNAME: _name,
    _SOA: _authority,
    _PTR: _name,
    _MX: _mail,
    _TXT: _texts,
    _AAAA: _address,
    _SRV: _service,
    _DNAME: _name,
}
_DNS = _Form(
    protocol="DNS",
    header=HEADER,
    question=QUESTION,
    record=RECORD,
    question_name="dns.qry.name",
    record_name="dns.resp.name",
    values=_VALUES,
)
_MULTICAST_DNS = replace(_DNS, service="mDNS")
_LINK_LOCAL = replace(_DNS, service="LLMNR")


def _netbios_name(encoded: str) -> str:
    """Sixteen octets in thirty-two letters from A to P; the last octet is the service (RFC 1001 section 14.1)."""
    label = encoded.partition(".")[0]
    if len(label) != _NETBIOS_LETTERS or not all("A" <= letter <= "P" for letter in label):
        return encoded
    halves = [ord(letter) - ord("A") for letter in label]
    octets = bytes(high << 4 | low for high, low in zip(halves[::2], halves[1::2], strict=True))
    return f"{octets[:15].decode('latin-1').rstrip()}<{octets[15]:02x}>"


_NETBIOS_LETTERS = 32
_NETBIOS = _Form(
    protocol="NBNS",
    header=NETBIOS_HEADER,
    question=NETBIOS_QUESTION,
    record=NETBIOS_RECORD,
    question_name="nbns.name",
    record_name="nbns.name",
    values={},
    shown=_netbios_name,
)
