"""ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861)."""

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, Words, hexadecimal, ipv6, named

PROTOCOL = 58
TYPES = {
    1: "destination unreachable",
    2: "packet too big",
    3: "time exceeded",
    4: "parameter problem",
    128: "echo request",
    129: "echo reply",
    130: "multicast listener query",
    131: "multicast listener report",
    132: "multicast listener done",
    133: "router solicitation",
    134: "router advertisement",
    135: "neighbour solicitation",
    136: "neighbour advertisement",
    137: "redirect",
    143: "multicast listener report, version 2",
}
_UNREACHABLE = {
    0: "no route",
    1: "prohibited by a filter",
    2: "beyond the source address's scope",
    3: "address",
    4: "port: nobody listens there",
}
_CODES = {1: _UNREACHABLE, 3: {0: "hop limit ran out on the way", 1: "fragments missing"}}
ERRORS = frozenset({1, 2, 3, 4})
LEAST_OCTETS = 8
_WITH_OPTIONS = frozenset({133, 134, 135, 136, 137})

Rows = list[tuple[Naming, int]]


def _address(name: str, label: str, meaning: str) -> tuple[Naming, int]:
    return Naming(name=name, label=label, text=ipv6, is_number=False, meaning=meaning), 128


def _reserved(bits: int) -> tuple[Naming, int]:
    return Naming(name="icmpv6.reserved", label="Reserved", text=hexadecimal(bits // 4), meaning="zero"), bits


_ECHO: Rows = [
    (Naming(name="icmpv6.echo.identifier", label="Identifier", text=hexadecimal(4), meaning="which program asked"), 16),
    (Naming(name="icmpv6.echo.sequence_number", label="Sequence number", meaning="which of its questions this is"), 16),
]
_LISTENER: Rows = [
    (Naming(name="icmpv6.mld.maximum_response_delay", label="Maximum response delay", meaning="ms to answer in"), 16),
    _reserved(16),
    _address("icmpv6.mld.multicast_address", "Multicast address", "the group"),
]
_REST: dict[int, Rows] = {
    2: [(Naming(name="icmpv6.mtu", label="MTU", meaning="the largest packet that would pass"), 32)],
    4: [(Naming(name="icmpv6.pointer", label="Pointer", meaning="the octet that is wrong"), 32)],
    128: _ECHO,
    129: _ECHO,
    130: _LISTENER,
    131: _LISTENER,
    132: _LISTENER,
    134: [
        (
            Naming(
                name="icmpv6.nd.ra.cur_hop_limit", label="Hop limit", meaning="for packets to be sent; 0 says nothing"
            ),
            8,
        ),
        (
            Naming(
                name="icmpv6.nd.ra.flag", label="Flags", text=hexadecimal(2), meaning="whether to ask for an address"
            ),
            8,
        ),
        (Naming(name="icmpv6.nd.ra.router_lifetime", label="Router lifetime", meaning="seconds as default router"), 16),
        (
            Naming(
                name="icmpv6.nd.ra.reachable_time", label="Reachable time", meaning="ms that a neighbour is trusted"
            ),
            32,
        ),
        (Naming(name="icmpv6.nd.ra.retrans_timer", label="Retransmission timer", meaning="ms between questions"), 32),
    ],
    135: [_reserved(32), _address("icmpv6.nd.ns.target_address", "Target", "whose MAC address is asked for")],
    136: [
        (Naming(name="icmpv6.nd.na.flag.r", label="Router", meaning="1 where the sender is a router"), 1),
        (Naming(name="icmpv6.nd.na.flag.s", label="Solicited", meaning="1 where somebody had asked"), 1),
        (Naming(name="icmpv6.nd.na.flag.o", label="Override", meaning="1 to replace what is known"), 1),
        (Naming(name="icmpv6.nd.na.flag.rsv", label="Reserved", meaning="zero"), 29),
        _address("icmpv6.nd.na.target_address", "Target", "whose MAC address this tells"),
    ],
    137: [
        _reserved(32),
        _address("icmpv6.rd.na.target_address", "Target", "the better first hop"),
        _address("icmpv6.rd.na.destination_address", "Destination", "what it is better for"),
    ],
    143: [
        _reserved(16),
        (Naming(name="icmpv6.mldr.nb_mcast_records", label="Records", meaning="how many groups follow"), 16),
    ],
}
_OPTIONS = {
    1: "Sender's link address",
    2: "Target's link address",
    3: "Prefix",
    4: "Redirected packet",
    5: "MTU",
    25: "DNS servers",
    31: "DNS search list",
}


def _table(codes: Words, rest: Rows) -> Table:
    return Table(
        [
            (Naming(name="icmpv6.type", label="Type", text=named(TYPES), meaning="what this message says"), 8),
            (Naming(name="icmpv6.code", label="Code", text=codes, meaning="which case of that type"), 8),
            (
                Naming(
                    name="icmpv6.checksum",
                    label="Checksum",
                    text=hexadecimal(4),
                    meaning="over a pseudo-header of the IP addresses and this whole message",
                ),
                16,
            ),
            *rest,
        ]
    )


_TABLES = {
    kind: _table(named(_CODES[kind]) if kind in _CODES else str, _REST.get(kind, [_reserved(32)])) for kind in TYPES
}
_OTHER = _table(str, [])


def dissect_icmpv6(reader: Reader, at: int) -> Next:
    """The message behind the IPv6 headers."""
    kind = reader.octets[at] if reader.end > at else 0
    table = _TABLES.get(kind, _OTHER)
    if reader.end < at + table.octets:
        reader.read(table, Layer.NETWORK, "ICMPv6", at)
        return None
    end = at + table.octets
    fields = table.read(reader.octets, at, reader.end)
    checksum = reader.transport_checksum(PROTOCOL, at, at + 2)
    if kind in _WITH_OPTIONS:
        options = _options(reader, end)
        fields += tuple(options)
        end += sum(field.bit_length for field in options) // 8
    reader.add(Layer.NETWORK, "ICMPv6", at, end - at, fields, checksum)
    if kind not in ERRORS or reader.quoted:
        return None
    reader.quote()
    return Space.ETHERTYPE, 0x86DD, end


def _options(reader: Reader, at: int) -> list[Field]:
    """Each option's type, length and value (RFC 4861 section 4.6)."""
    fields: list[Field] = []
    while at + 2 <= reader.end:
        kind, octets = reader.octets[at], reader.octets[at + 1] * 8
        if octets == 0 or at + octets > reader.end:
            reader.ends_inside("ICMPv6", "an option of the ICMPv6 message", at + max(octets, 2))
            break
        name = _OPTIONS.get(kind, f"Option {kind}")
        value = reader.octets[at + 2 : at + octets]
        shown = value.hex(":") if kind in (1, 2) else value.hex()
        fields.append(_option("icmpv6.opt.type", name, f"{kind} ({name})", at, 1, kind))
        fields.append(_option("icmpv6.opt.length", f"{name}: length", f"{octets} bytes", at + 1, 1, octets // 8))
        fields.append(_option("icmpv6.opt.value", f"{name}: value", shown, at + 2, octets - 2))
        at += octets
    return fields


def _option(name: str, label: str, text: str, at: int, octets: int, number: int | None = None) -> Field:
    return Field(name=name, label=label, text=text, bit_offset=at * 8, bit_length=octets * 8, number=number)
