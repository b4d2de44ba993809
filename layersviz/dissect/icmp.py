"""ICMP (RFC 792): echo, timestamps, and errors, which quote the packet that they speak of."""

from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.reader import Next, Reader, Space, compare, unchecked
from layersviz.dissect.table import Naming, Table, Words, hexadecimal, ipv4, named

TYPES = {
    0: said("echo reply"),
    3: said("destination unreachable"),
    4: said("source quench"),
    5: said("redirect"),
    8: said("echo request"),
    9: said("router advertisement"),
    10: said("router solicitation"),
    11: said("time exceeded"),
    12: said("parameter problem"),
    13: said("timestamp request"),
    14: said("timestamp reply"),
    17: said("address mask request"),
    18: said("address mask reply"),
}
_UNREACHABLE = {
    0: said("network"),
    1: said("host"),
    2: said("protocol"),
    3: said("port: nobody listens there"),
    4: said("packet too big, and may not be cut"),
    5: said("source route failed"),
    9: said("network prohibited"),
    10: said("host prohibited"),
    13: said("prohibited by a filter"),
}
_REDIRECT = {
    0: said("for the network"),
    1: said("for the host"),
    2: said("for the network and service"),
    3: said("for the host and service"),
}
_EXCEEDED = {0: said("time to live ran out on the way"), 1: said("fragments missing")}
_CODES = {3: _UNREACHABLE, 5: _REDIRECT, 11: _EXCEEDED}
ERRORS = frozenset({3, 4, 5, 11, 12})
_TOO_BIG = (3, 4)
LEAST_OCTETS = 8
LEAST_EXTENDED = 128
"""A quote with an extension behind it is at least so many octets long (RFC 4884 section 5.1)."""
_WITH_LENGTH = frozenset({3, 11, 12})

Rows = list[tuple[Naming, int]]
_ECHO: Rows = [
    (Naming(name="icmp.ident", label=said("Identifier"), text=hexadecimal(4), meaning=said("which program asked")), 16),
    (Naming(name="icmp.seq", label=said("Sequence number"), meaning=said("which of its questions this is")), 16),
]
_UNUSED: Rows = [(Naming(name="icmp.unused", label=said("Unused"), text=hexadecimal(8), meaning=said("zero")), 32)]
_TIMES: Rows = [
    (
        Naming(
            name="icmp.originate_timestamp", label=said("Originate timestamp"), meaning=said("ms since midnight UTC")
        ),
        32,
    ),
    (Naming(name="icmp.receive_timestamp", label=said("Receive timestamp"), meaning=said("ms since midnight UTC")), 32),
    (
        Naming(name="icmp.transmit_timestamp", label=said("Transmit timestamp"), meaning=said("ms since midnight UTC")),
        32,
    ),
]
_ERROR: Rows = [
    (Naming(name="icmp.unused", label=said("Unused"), text=hexadecimal(2), meaning=said("zero")), 8),
    (
        Naming(
            name="icmp.length",
            label=said("Length of the quote"),
            meaning=said("in words of 4 bytes; 0 is all (RFC 4884)"),
        ),
        8,
    ),
]
_REST: dict[int, Rows] = {
    0: _ECHO,
    8: _ECHO,
    3: [
        *_ERROR,
        (
            Naming(
                name="icmp.mtu",
                label=said("Next hop's MTU"),
                meaning=said("the largest packet that would pass (RFC 1191)"),
            ),
            16,
        ),
    ],
    5: [
        (
            Naming(
                name="icmp.redir_gw",
                label=said("Gateway"),
                text=ipv4,
                is_number=False,
                meaning=said("the router to use for that destination"),
            ),
            32,
        )
    ],
    11: [*_ERROR, (Naming(name="icmp.unused", label=said("Unused"), text=hexadecimal(4), meaning=said("zero")), 16)],
    12: [
        (Naming(name="icmp.pointer", label=said("Pointer"), meaning=said("the octet that is wrong")), 8),
        (
            Naming(
                name="icmp.length", label=said("Length of the quote"), meaning=said("in words of 4 bytes; 0 is all")
            ),
            8,
        ),
        (Naming(name="icmp.unused", label=said("Unused"), text=hexadecimal(4), meaning=said("zero")), 16),
    ],
    13: [*_ECHO, *_TIMES],
    14: [*_ECHO, *_TIMES],
    17: [*_ECHO, (Naming(name="icmp.address_mask", label=said("Address mask"), text=ipv4, is_number=False), 32)],
    18: [*_ECHO, (Naming(name="icmp.address_mask", label=said("Address mask"), text=ipv4, is_number=False), 32)],
}


def _table(codes: Words, rest: Rows) -> Table:
    return Table(
        [
            (
                Naming(name="icmp.type", label=said("Type"), text=named(TYPES), meaning=said("what this message says")),
                8,
            ),
            (Naming(name="icmp.code", label=said("Code"), text=codes, meaning=said("which case of that type")), 8),
            (
                Naming(
                    name="icmp.checksum",
                    label=said("Checksum"),
                    text=hexadecimal(4),
                    meaning=said("over this whole message (RFC 792)"),
                ),
                16,
            ),
            *rest,
        ]
    )


_TABLES = {kind: _table(named(_CODES[kind]) if kind in _CODES else str, _REST.get(kind, _UNUSED)) for kind in TYPES}
_UNREACHABLE_ELSE = _table(named(_UNREACHABLE), _REST[11])
"""Only where a packet is too big, the next hop's MTU is named; of the others the field is unused (RFC 792)."""
_OTHER = _table(str, _UNUSED)


def dissect_icmp(reader: Reader, at: int) -> Next:
    """The message behind an IPv4 header."""
    kind = reader.octets[at] if reader.end > at else 0
    table = _TABLES.get(kind, _OTHER)
    if kind == _TOO_BIG[0] and reader.octets[at + 1 : at + 2] != bytes(_TOO_BIG[1:]):
        table = _UNREACHABLE_ELSE
    if reader.end < at + table.octets:
        reader.read(table, Layer.NETWORK, "ICMP", at)
        return None
    fields = table.read(reader.octets, at, reader.end)
    found = int.from_bytes(reader.octets[at + 2 : at + 4])
    reason = reader.uncheckable()
    checksum = unchecked(found, reason) if reason else compare(found, b"", reader.octets[at : reader.end], 2)
    reader.add(Layer.NETWORK, "ICMP", at, table.octets, fields, checksum)
    if kind not in ERRORS or reader.quoted:
        return None
    quote, quoted = at + LEAST_OCTETS, reader.octets[at + 5] * 4 if kind in _WITH_LENGTH else 0
    if reader.wire_end > quote + LEAST_EXTENDED and max(quoted, LEAST_EXTENDED) >= reader.wire_end - quote:
        sentence = said(
            "The ICMP message says that it quotes {quoted} bytes, but it holds {held}.",
            quoted=quoted,
            held=reader.wire_end - quote,
        )
        reader.malformed("ICMP", sentence)
    reader.quote()
    if quoted:
        reader.narrow(quote, quoted)
    return Space.ETHERTYPE, 0x0800, quote
