"""ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861)."""

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.option_words import option_words
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, Words, hexadecimal, ipv6, named

PROTOCOL = 58
TYPES = {
    1: said("destination unreachable"),
    2: said("packet too big"),
    3: said("time exceeded"),
    4: said("parameter problem"),
    128: said("echo request"),
    129: said("echo reply"),
    130: said("multicast listener query"),
    131: said("multicast listener report"),
    132: said("multicast listener done"),
    133: said("router solicitation"),
    134: said("router advertisement"),
    135: said("neighbour solicitation"),
    136: said("neighbour advertisement"),
    137: said("redirect"),
    143: said("multicast listener report, version 2"),
}
_UNREACHABLE = {
    0: said("no route"),
    1: said("prohibited by a filter"),
    2: said("beyond the source address's scope"),
    3: said("address"),
    4: said("port: nobody listens there"),
}
_CODES = {1: _UNREACHABLE, 3: {0: said("hop limit ran out on the way"), 1: said("fragments missing")}}
ERRORS = frozenset({1, 2, 3, 4})
LEAST_OCTETS = 8
_WITH_OPTIONS = frozenset({133, 134, 135, 136, 137})

Rows = list[tuple[Naming, int]]


def _address(name: str, label: str, meaning: str) -> tuple[Naming, int]:
    return Naming(name=name, label=label, text=ipv6, is_number=False, meaning=meaning), 128


def _reserved(bits: int) -> tuple[Naming, int]:
    return Naming(
        name="icmpv6.reserved", label=said("Reserved"), text=hexadecimal(bits // 4), meaning=said("zero")
    ), bits


_ECHO: Rows = [
    (
        Naming(
            name="icmpv6.echo.identifier",
            label=said("Identifier"),
            text=hexadecimal(4),
            meaning=said("which program asked"),
        ),
        16,
    ),
    (
        Naming(
            name="icmpv6.echo.sequence_number",
            label=said("Sequence number"),
            meaning=said("which of its questions this is"),
        ),
        16,
    ),
]
_LISTENER: Rows = [
    (
        Naming(
            name="icmpv6.mld.maximum_response_delay",
            label=said("Maximum response delay"),
            meaning=said("ms to answer in"),
        ),
        16,
    ),
    _reserved(16),
    _address("icmpv6.mld.multicast_address", said("Multicast address"), said("the group")),
]
_REST: dict[int, Rows] = {
    2: [(Naming(name="icmpv6.mtu", label="MTU", meaning=said("the largest packet that would pass")), 32)],
    4: [(Naming(name="icmpv6.pointer", label=said("Pointer"), meaning=said("the octet that is wrong")), 32)],
    128: _ECHO,
    129: _ECHO,
    130: _LISTENER,
    131: _LISTENER,
    132: _LISTENER,
    134: [
        (
            Naming(
                name="icmpv6.nd.ra.cur_hop_limit",
                label=said("Hop limit"),
                meaning=said("for packets to be sent; 0 says nothing"),
            ),
            8,
        ),
        (
            Naming(
                name="icmpv6.nd.ra.flag",
                label=said("Flags"),
                text=hexadecimal(2),
                meaning=said("whether to ask for an address"),
            ),
            8,
        ),
        (
            Naming(
                name="icmpv6.nd.ra.router_lifetime",
                label=said("Router lifetime"),
                meaning=said("seconds as default router"),
            ),
            16,
        ),
        (
            Naming(
                name="icmpv6.nd.ra.reachable_time",
                label=said("Reachable time"),
                meaning=said("ms that a neighbour is trusted"),
            ),
            32,
        ),
        (
            Naming(
                name="icmpv6.nd.ra.retrans_timer",
                label=said("Retransmission timer"),
                meaning=said("ms between questions"),
            ),
            32,
        ),
    ],
    135: [
        _reserved(32),
        _address("icmpv6.nd.ns.target_address", said("Target"), said("whose MAC address is asked for")),
    ],
    136: [
        (Naming(name="icmpv6.nd.na.flag.r", label=said("Router"), meaning=said("1 where the sender is a router")), 1),
        (Naming(name="icmpv6.nd.na.flag.s", label=said("Solicited"), meaning=said("1 where somebody had asked")), 1),
        (Naming(name="icmpv6.nd.na.flag.o", label=said("Override"), meaning=said("1 to replace what is known")), 1),
        (Naming(name="icmpv6.nd.na.flag.rsv", label=said("Reserved"), meaning=said("zero")), 29),
        _address("icmpv6.nd.na.target_address", said("Target"), said("whose MAC address this tells")),
    ],
    137: [
        _reserved(32),
        _address("icmpv6.rd.na.target_address", said("Target"), said("the better first hop")),
        _address("icmpv6.rd.na.destination_address", said("Destination"), said("what it is better for")),
    ],
    143: [
        _reserved(16),
        (
            Naming(name="icmpv6.mldr.nb_mcast_records", label=said("Records"), meaning=said("how many groups follow")),
            16,
        ),
    ],
}
_OPTIONS = {
    1: said("Sender's link address"),
    2: said("Target's link address"),
    3: said("Prefix"),
    4: said("Redirected packet"),
    5: "MTU",
    25: said("DNS servers"),
    31: said("DNS search list"),
}


_words = option_words(_OPTIONS)


def _table(codes: Words, rest: Rows) -> Table:
    return Table(
        [
            (
                Naming(
                    name="icmpv6.type", label=said("Type"), text=named(TYPES), meaning=said("what this message says")
                ),
                8,
            ),
            (Naming(name="icmpv6.code", label=said("Code"), text=codes, meaning=said("which case of that type")), 8),
            (
                Naming(
                    name="icmpv6.checksum",
                    label=said("Checksum"),
                    text=hexadecimal(4),
                    meaning=said("over a pseudo-header of the IP addresses and this whole message"),
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
            reader.ends_inside("ICMPv6", said("an option of the ICMPv6 message"), at + max(octets, 2))
            break
        words = _words(kind)
        value = reader.octets[at + 2 : at + octets]
        shown = value.hex(":") if kind in (1, 2) else value.hex()
        fields.append(_option("icmpv6.opt.type", words.name, words.kind, at, 1, kind))
        fields.append(
            _option("icmpv6.opt.length", words.length, said("{count} bytes", count=octets), at + 1, 1, octets // 8)
        )
        fields.append(_option("icmpv6.opt.value", words.value, shown, at + 2, octets - 2))
        at += octets
    return fields


def _option(name: str, label: str, text: str, at: int, octets: int, number: int | None = None) -> Field:
    return Field(name=name, label=label, text=text, bit_offset=at * 8, bit_length=octets * 8, number=number)
