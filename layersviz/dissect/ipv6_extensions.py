"""IPv6's extension headers (RFC 8200 section 4): options, routing, fragment; and authentication (RFC 4302)."""

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.names import IP_PROTOCOLS
from layersviz.dissect.option_words import option_words
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal, ipv6, named

UNIT_OCTETS = 8
ADDRESS_OCTETS = 16


_UNITS = tuple(said("{units} ({bytes} bytes)", units=units, bytes=(units + 1) * 8) for units in range(256))
_WORDS = tuple(said("{words} ({bytes} bytes)", words=words, bytes=(words + 2) * 4) for words in range(256))


def _next_header(name: str) -> Naming:
    return Naming(
        name=name, label=said("Next header"), text=named(IP_PROTOCOLS), meaning=said("what follows this header")
    )


def _length(name: str) -> Naming:
    return Naming(
        name=name,
        label=said("Length"),
        text=_UNITS.__getitem__,
        meaning=said("in units of 8 bytes, the first not counted"),
    )


HOP_BY_HOP = Table([(_next_header("ipv6.hopopts.nxt"), 8), (_length("ipv6.hopopts.len"), 8)])
DESTINATION = Table([(_next_header("ipv6.dstopts.nxt"), 8), (_length("ipv6.dstopts.len"), 8)])
ROUTING = Table(
    [
        (_next_header("ipv6.routing.nxt"), 8),
        (_length("ipv6.routing.len"), 8),
        (
            Naming(
                name="ipv6.routing.type", label=said("Routing type"), meaning=said("what the rest of this header means")
            ),
            8,
        ),
        (
            Naming(
                name="ipv6.routing.segleft",
                label=said("Segments left"),
                meaning=said("nodes that are still to be visited"),
            ),
            8,
        ),
    ]
)
FRAGMENT = Table(
    [
        (_next_header("ipv6.fraghdr.nxt"), 8),
        (Naming(name="ipv6.fraghdr.reserved_octet", label=said("Reserved"), meaning=said("zero")), 8),
        (
            Naming(
                name="ipv6.fraghdr.offset",
                label=said("Fragment offset"),
                text=lambda eights: str(eights * 8),
                meaning=said("where in the whole packet this piece begins; the field counts units of 8 bytes"),
            ),
            13,
        ),
        (Naming(name="ipv6.fraghdr.reserved_bits", label=said("Reserved"), meaning=said("zero")), 2),
        (Naming(name="ipv6.fraghdr.more", label=said("More fragments"), meaning=said("1 where more pieces follow")), 1),
        (
            Naming(
                name="ipv6.fraghdr.ident",
                label=said("Identification"),
                text=hexadecimal(8),
                meaning=said("tells the fragments of one packet from those of another"),
            ),
            32,
        ),
    ]
)
AUTHENTICATION = Table(
    [
        (_next_header("ah.next_header"), 8),
        (
            Naming(
                name="ah.length",
                label=said("Length"),
                text=_WORDS.__getitem__,
                meaning=said("in words of 4 bytes, the first two not counted"),
            ),
            8,
        ),
        (Naming(name="ah.reserved", label=said("Reserved"), meaning=said("zero")), 16),
        (
            Naming(
                name="ah.spi",
                label=said("Security parameters"),
                text=hexadecimal(8),
                meaning=said("which agreed keys are meant"),
            ),
            32,
        ),
        (
            Naming(
                name="ah.sequence",
                label=said("Sequence number"),
                meaning=said("counts packets, so that none is played again"),
            ),
            32,
        ),
    ]
)
_OPTIONS = {
    0: said("Pad1"),
    1: "PadN",
    0x05: said("Router alert"),
    0x26: said("Quick start"),
    0x63: said("RPL option"),
    0xC2: said("Jumbo payload"),
    0xC9: said("Home address"),
}
_words = option_words(_OPTIONS)
_FILLS, _MALFORMED, _INTEGRITY = said("fills one byte"), said("Malformed option"), said("Integrity check value")
_RESERVED, _ADDRESS, _DATA = said("Reserved"), said("Address"), said("Data")
_ROUTES = (0, 2, 4)
_SEGMENTS = 4


def dissect_hop_by_hop(reader: Reader, at: int) -> Next:
    """Options that every router on the way looks at."""
    return _options_header(reader, HOP_BY_HOP, "IPv6 hop-by-hop options", "ipv6.opt", at)


def dissect_destination_options(reader: Reader, at: int) -> Next:
    """Options that the destination looks at."""
    return _options_header(reader, DESTINATION, "IPv6 destination options", "ipv6.opt", at)


def _options_header(reader: Reader, table: Table, protocol: str, prefix: str, at: int) -> Next:
    end = _end(reader, table, protocol, at)
    if end is None:
        return None
    fields = table.read(reader.octets, at, reader.end)
    fields += tuple(_options(reader.octets, at + table.octets, end, prefix))
    reader.add(Layer.NETWORK, protocol, at, end - at, fields)
    return Space.IP, reader.octets[at], end


def _end(reader: Reader, table: Table, protocol: str, at: int) -> int | None:
    """Where a header ends that counts its length in units of eight octets; None where it is not whole."""
    length = (reader.octets[at + 1] + 1) * UNIT_OCTETS if reader.end >= at + 2 else UNIT_OCTETS
    if reader.end >= at + length:
        return at + length
    fields = table.read(reader.octets, at, reader.end)
    if reader.end > at:
        reader.add(Layer.NETWORK, protocol, at, length, fields)
    reader.ends_inside(protocol, said("the {protocol} header", protocol=protocol), at + length)
    return None


def _options(octets: bytes, at: int, end: int, prefix: str) -> list[Field]:
    """Each option's type, length and value (RFC 8200 section 4.2)."""
    fields: list[Field] = []
    while at < end:
        kind = octets[at]
        words = _words(kind)
        if kind == 0:
            fields.append(_field(f"{prefix}.pad1", words.name, _FILLS, at, 1, kind))
            at += 1
            continue
        length = octets[at + 1] if at + 1 < end else end
        if at + 2 + length > end:
            fields.append(_field(f"{prefix}.malformed", _MALFORMED, octets[at:end].hex(), at, end - at))
            break
        fields.append(_field(f"{prefix}.type", words.name, words.kind, at, 1, kind))
        fields.append(_field(f"{prefix}.length", words.length, str(length), at + 1, 1, length))
        if length:
            value = octets[at + 2 : at + 2 + length]
            fields.append(_field(f"{prefix}.value", words.value, value.hex(), at + 2, length))
        at += 2 + length
    return fields


def dissect_routing(reader: Reader, at: int) -> Next:
    """Nodes to pass on the way; the last of them is what checksums count as the destination (RFC 8200 section 8.1)."""
    end = _end(reader, ROUTING, "IPv6 routing", at)
    if end is None:
        return None
    fields = ROUTING.read(reader.octets, at, reader.end)
    kind, left = reader.octets[at + 2], reader.octets[at + 3]
    rest = at + ROUTING.octets
    fields += (_field("ipv6.routing.reserved", _RESERVED, reader.octets[rest : rest + 4].hex(), rest, 4),)
    rest += 4
    # A segment list stands in reverse (RFC 8754 section 2): its first address is the last to be visited.
    count = reader.octets[rest - 4] + 1 if kind == _SEGMENTS else end
    addresses = range(rest, end - ADDRESS_OCTETS + 1, ADDRESS_OCTETS)[:count] if kind in _ROUTES else range(0)
    for place in addresses:
        shown = ipv6(int.from_bytes(reader.octets[place : place + ADDRESS_OCTETS]))
        fields += (_field("ipv6.routing.address", _ADDRESS, shown, place, ADDRESS_OCTETS),)
        rest = place + ADDRESS_OCTETS
    if rest < end:
        fields += (_field("ipv6.routing.data", _DATA, reader.octets[rest:end].hex(), rest, end - rest),)
    reader.add(Layer.NETWORK, "IPv6 routing", at, end - at, fields)
    if left and addresses:
        last = addresses[0] if kind == _SEGMENTS else addresses[-1]
        reader.addresses = reader.addresses[:ADDRESS_OCTETS] + reader.octets[last : last + ADDRESS_OCTETS]
    return Space.IP, reader.octets[at], end


def dissect_fragment(reader: Reader, at: int) -> Next:
    """A piece of a larger packet; one that is all of it (RFC 6946 calls it atomic) is read on."""
    if not reader.read(FRAGMENT, Layer.NETWORK, "IPv6 fragment", at):
        return None
    offset_and_more = int.from_bytes(reader.octets[at + 2 : at + 4])
    if offset_and_more & 0xFFF9:
        reader.fragment = True
        if offset_and_more & 0xFFF8 or reader.end == reader.wire_end:
            return None
    return Space.IP, reader.octets[at], at + FRAGMENT.octets


def dissect_authentication(reader: Reader, at: int) -> Next:
    """The authentication header; who can check it has the keys."""
    length = (reader.octets[at + 1] + 2) * 4 if reader.end >= at + 2 else AUTHENTICATION.octets
    length = max(length, AUTHENTICATION.octets)
    if reader.end < at + AUTHENTICATION.octets:
        reader.read(AUTHENTICATION, Layer.NETWORK, "AH", at)
        return None
    fields = AUTHENTICATION.read(reader.octets, at, reader.end)
    rest, end = at + AUTHENTICATION.octets, at + length
    if rest < min(end, reader.end):
        value = reader.octets[rest : min(end, reader.end)]
        fields += (_field("ah.icv", _INTEGRITY, value.hex(), rest, len(value)),)
    reader.add(Layer.NETWORK, "AH", at, length, fields)
    if reader.end < end:
        reader.ends_inside("AH", said("the {protocol} header ({field})", protocol="AH", field=_INTEGRITY), end)
        return None
    return Space.IP, reader.octets[at], end


def _field(name: str, label: str, text: str, at: int, octets: int, number: int | None = None) -> Field:
    return Field(name=name, label=label, text=text, bit_offset=at * 8, bit_length=octets * 8, number=number)
