"""ICMP (RFC 792): echo, timestamps, and errors, which quote the packet that they speak of."""

from layersviz.core.layer import Layer
from layersviz.dissect.reader import Next, Reader, Space, compare, unchecked
from layersviz.dissect.table import Naming, Table, Words, hexadecimal, ipv4, named

TYPES = {
    0: "echo reply",
    3: "destination unreachable",
    4: "source quench",
    5: "redirect",
    8: "echo request",
    9: "router advertisement",
    10: "router solicitation",
    11: "time exceeded",
    12: "parameter problem",
    13: "timestamp request",
    14: "timestamp reply",
    17: "address mask request",
    18: "address mask reply",
}
_UNREACHABLE = {
    0: "network",
    1: "host",
    2: "protocol",
    3: "port: nobody listens there",
    4: "packet too big, and may not be cut",
    5: "source route failed",
    9: "network prohibited",
    10: "host prohibited",
    13: "prohibited by a filter",
}
_REDIRECT = {0: "for the network", 1: "for the host", 2: "for the network and service", 3: "for the host and service"}
_EXCEEDED = {0: "time to live ran out on the way", 1: "fragments missing"}
_CODES = {3: _UNREACHABLE, 5: _REDIRECT, 11: _EXCEEDED}
ERRORS = frozenset({3, 4, 5, 11, 12})
LEAST_OCTETS = 8
LEAST_EXTENDED = 128
"""A quote with an extension behind it is at least so many octets long (RFC 4884 section 5.1)."""
_WITH_LENGTH = frozenset({3, 11, 12})

Rows = list[tuple[Naming, int]]
_ECHO: Rows = [
    (Naming(name="icmp.ident", label="Identifier", text=hexadecimal(4), meaning="which program asked"), 16),
    (Naming(name="icmp.seq", label="Sequence number", meaning="which of its questions this is"), 16),
]
_UNUSED: Rows = [(Naming(name="icmp.unused", label="Unused", text=hexadecimal(8), meaning="zero"), 32)]
_TIMES: Rows = [
    (Naming(name="icmp.originate_timestamp", label="Originate timestamp", meaning="ms since midnight UTC"), 32),
    (Naming(name="icmp.receive_timestamp", label="Receive timestamp", meaning="ms since midnight UTC"), 32),
    (Naming(name="icmp.transmit_timestamp", label="Transmit timestamp", meaning="ms since midnight UTC"), 32),
]
_ERROR: Rows = [
    (Naming(name="icmp.unused", label="Unused", text=hexadecimal(2), meaning="zero"), 8),
    (Naming(name="icmp.length", label="Length of the quote", meaning="in words of 4 bytes; 0 is all (RFC 4884)"), 8),
]
_REST: dict[int, Rows] = {
    0: _ECHO,
    8: _ECHO,
    3: [
        *_ERROR,
        (Naming(name="icmp.mtu", label="Next hop's MTU", meaning="the largest packet that would pass (RFC 1191)"), 16),
    ],
    5: [
        (
            Naming(
                name="icmp.redir_gw",
                label="Gateway",
                text=ipv4,
                is_number=False,
                meaning="the router to use for that destination",
            ),
            32,
        )
    ],
    11: [*_ERROR, (Naming(name="icmp.unused", label="Unused", text=hexadecimal(4), meaning="zero"), 16)],
    12: [
        (Naming(name="icmp.pointer", label="Pointer", meaning="the octet that is wrong"), 8),
        (Naming(name="icmp.length", label="Length of the quote", meaning="in words of 4 bytes; 0 is all"), 8),
        (Naming(name="icmp.unused", label="Unused", text=hexadecimal(4), meaning="zero"), 16),
    ],
    13: [*_ECHO, *_TIMES],
    14: [*_ECHO, *_TIMES],
    17: [*_ECHO, (Naming(name="icmp.address_mask", label="Address mask", text=ipv4, is_number=False), 32)],
    18: [*_ECHO, (Naming(name="icmp.address_mask", label="Address mask", text=ipv4, is_number=False), 32)],
}


def _table(codes: Words, rest: Rows) -> Table:
    return Table(
        [
            (Naming(name="icmp.type", label="Type", text=named(TYPES), meaning="what this message says"), 8),
            (Naming(name="icmp.code", label="Code", text=codes, meaning="which case of that type"), 8),
            (
                Naming(
                    name="icmp.checksum",
                    label="Checksum",
                    text=hexadecimal(4),
                    meaning="over this whole message (RFC 792)",
                ),
                16,
            ),
            *rest,
        ]
    )


_TABLES = {kind: _table(named(_CODES[kind]) if kind in _CODES else str, _REST.get(kind, _UNUSED)) for kind in TYPES}
_OTHER = _table(str, _UNUSED)


def dissect_icmp(reader: Reader, at: int) -> Next:
    """The message behind an IPv4 header."""
    kind = reader.octets[at] if reader.end > at else 0
    table = _TABLES.get(kind, _OTHER)
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
    quote, said = at + LEAST_OCTETS, reader.octets[at + 5] * 4 if kind in _WITH_LENGTH else 0
    if reader.wire_end > quote + LEAST_EXTENDED and max(said, LEAST_EXTENDED) >= reader.wire_end - quote:
        sentence = f"The ICMP message says that it quotes {said} bytes, but it holds {reader.wire_end - quote}."
        reader.malformed("ICMP", sentence)
    reader.quote()
    if said:
        reader.narrow(quote, said)
    return Space.ETHERTYPE, 0x0800, quote
