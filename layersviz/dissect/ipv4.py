"""IPv4 (RFC 791) with its options. Fragments carry payload: only the whole packet has a transport header to show."""

from scapy.layers.inet import IP

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import joined, said
from layersviz.dissect.names import IP_PROTOCOLS
from layersviz.dissect.option_words import option_words
from layersviz.dissect.reader import NOT_KEPT, Next, Reader, Space, compare, unchecked
from layersviz.dissect.table import Naming, Table, hexadecimal, ipv4, named

VERSION = 4
LEAST_OCTETS = 20
CHECKSUM_AT = 10
LENGTH_OCTETS = 4
MORE_FRAGMENTS = 0x2000
OFFSET = 0x1FFF


_FLAGS: tuple[tuple[int, str], ...] = ((4, said("reserved")), (2, said("don't fragment")), (1, said("more fragments")))


def _flags(value: int) -> str:
    names = [name for bit, name in _FLAGS if value & bit]
    return joined(", ", names) if names else said("none")


_FLAG_TEXTS = tuple(_flags(value) for value in range(8))
_LENGTHS = tuple(said("{words} ({bytes} bytes)", words=words, bytes=words * 4) for words in range(16))
FIELDS = Table.of(
    IP,
    {
        "version": Naming(name="ip.version", label=said("Version"), meaning=said("4 for IPv4")),
        "ihl": Naming(
            name="ip.hdr_len",
            label=said("Header length"),
            text=_LENGTHS.__getitem__,
            meaning=said("in words of 4 bytes"),
        ),
        "tos": Naming(
            name="ip.dsfield",
            label=said("Differentiated services"),
            text=hexadecimal(2),
            meaning=said("priority and ECN"),
        ),
        "len": Naming(
            name="ip.len",
            label=said("Total length"),
            meaning=said("bytes of this header and all behind it; the rest pads"),
        ),
        "id": Naming(
            name="ip.id",
            label=said("Identification"),
            text=lambda value: f"0x{value:04x} ({value})",
            meaning=said("tells the fragments of one packet from those of another"),
        ),
        "flags": Naming(
            name="ip.flags",
            label=said("Flags"),
            text=_FLAG_TEXTS.__getitem__,
            meaning=said("whether routers may cut this packet, and whether more pieces of it follow"),
        ),
        "frag": Naming(
            name="ip.frag_offset",
            label=said("Fragment offset"),
            text=lambda eights: str(eights * 8),
            meaning=said("where in the whole packet this piece begins; the field counts units of 8 bytes"),
        ),
        "ttl": Naming(
            name="ip.ttl",
            label=said("Time to live"),
            meaning=said("each router takes 1 off; at 0 the packet is dropped"),
        ),
        "proto": Naming(
            name="ip.proto", label=said("Protocol"), text=named(IP_PROTOCOLS), meaning=said("what the packet carries")
        ),
        "chksum": Naming(
            name="ip.checksum",
            label=said("Header checksum"),
            text=hexadecimal(4),
            meaning=said("over this header alone (RFC 1071)"),
        ),
        "src": Naming(
            name="ip.src",
            label=said("Source IP"),
            text=ipv4,
            is_number=False,
            meaning=said("the host that sent this packet"),
        ),
        "dst": Naming(
            name="ip.dst",
            label=said("Destination IP"),
            text=ipv4,
            is_number=False,
            meaning=said("the host that shall get it"),
        ),
    },
)
_OPTIONS = {
    0: said("End of options"),
    1: said("No operation"),
    7: said("Record route"),
    68: said("Timestamp"),
    130: said("Security"),
    131: said("Loose source route"),
    136: said("Stream"),
    137: said("Strict source route"),
    148: said("Router alert"),
}


_words = option_words(_OPTIONS)
_PADDING, _MALFORMED = said("Padding"), said("Malformed option")


def dissect_ipv4(reader: Reader, at: int) -> Next:
    """The packet's header; what lies behind its total length is padding, not payload."""
    version, words = divmod(reader.octets[at], 16) if reader.end > at else (VERSION, LEAST_OCTETS // 4)
    if version != VERSION:
        return _other_version(reader, at, version)
    if words * 4 < LEAST_OCTETS:
        reader.add(Layer.NETWORK, "IPv4", at, 1, FIELDS.read(reader.octets, at, at + 1))
        reader.doubt(
            "IPv4",
            said(
                "The {protocol} header says that it is {octets} bytes long: too few.", protocol="IPv4", octets=words * 4
            ),
        )
        return None
    if reader.end < at + LEAST_OCTETS:
        found = int.from_bytes(reader.octets[at + CHECKSUM_AT : at + CHECKSUM_AT + 2])
        has_checksum = reader.end >= at + CHECKSUM_AT + 2
        reader.read(FIELDS, Layer.NETWORK, "IPv4", at, unchecked(found, NOT_KEPT) if has_checksum else None)
        return None
    return _whole_header(reader, at, at + words * 4)


def _whole_header(reader: Reader, at: int, end: int) -> Next:
    total = int.from_bytes(reader.octets[at + 2 : at + 4])
    if 0 < total < end - at:
        reader.add(Layer.NETWORK, "IPv4", at, LENGTH_OCTETS, FIELDS.read(reader.octets, at, at + LENGTH_OCTETS))
        sentence = said(
            "The IPv4 header says {own} bytes for itself, but {total} for the whole packet.", own=end - at, total=total
        )
        reader.doubt("IPv4", sentence)
        return None
    # Zero is what a capture on the sending host holds before segmentation offload has filled it in.
    if total:
        reader.narrow(at, total)
    captured = min(end, reader.end)
    fields = FIELDS.read(reader.octets, at, reader.end)
    if end > at + LEAST_OCTETS:
        fields += tuple(_options(reader.octets, at + LEAST_OCTETS, captured))
    header = reader.octets[at:captured]
    found = int.from_bytes(header[CHECKSUM_AT : CHECKSUM_AT + 2])
    checksum = compare(found, b"", header, CHECKSUM_AT) if captured == end else unchecked(found, NOT_KEPT)
    reader.add(Layer.NETWORK, "IPv4", at, end - at, fields, checksum)
    if captured < end:
        reader.ends_inside("IPv4", said("the IPv4 options"), end)
        return None
    return _carried(reader, at, end)


def _other_version(reader: Reader, at: int, version: int) -> Next:
    """The header before says IPv4, the packet itself does not."""
    if version == 6:
        return Space.ETHERTYPE, 0x86DD, at
    reader.add(Layer.NETWORK, "IPv4", at, 1, FIELDS.read(reader.octets, at, at + 1))
    reader.doubt(
        "IPv4", said("The packet says that it is IP version {version}, not {wanted}.", version=version, wanted=VERSION)
    )
    return None


def _carried(reader: Reader, at: int, end: int) -> Next:
    reader.addresses = reader.octets[at + 12 : at + LEAST_OCTETS]
    fragmentation = int.from_bytes(reader.octets[at + 6 : at + 8])
    if fragmentation & (MORE_FRAGMENTS | OFFSET):
        reader.fragment = True
        if fragmentation & OFFSET or reader.end == reader.wire_end:
            return None
    return (Space.IP, reader.octets[at + 9], end) if reader.wire_end > end else None


def _options(octets: bytes, at: int, end: int) -> list[Field]:
    """Each option's type, length and value (RFC 791 section 3.1)."""
    fields: list[Field] = []
    while at < end:
        kind = octets[at]
        words = _words(kind)
        if kind in (0, 1):
            fields.append(_option("ip.opt.type", words.name, str(kind), at, 1, kind))
            at += 1
            if kind == 0 and at < end:
                fields.append(_option("ip.opt.padding", _PADDING, octets[at:end].hex(), at, end - at))
                break
            continue
        length = octets[at + 1] if at + 1 < end else 0
        if length < 2 or at + length > end:
            fields.append(_option("ip.opt.malformed", _MALFORMED, octets[at:end].hex(), at, end - at))
            break
        fields.append(_option("ip.opt.type", words.name, words.kind, at, 1, kind))
        fields.append(_option("ip.opt.len", words.length, str(length), at + 1, 1, length))
        if length > 2:
            value = octets[at + 2 : at + length]
            fields.append(_option("ip.opt.value", words.value, value.hex(), at + 2, length - 2))
        at += length
    return fields


def _option(name: str, label: str, text: str, at: int, octets: int, number: int | None = None) -> Field:
    return Field(name=name, label=label, text=text, bit_offset=at * 8, bit_length=octets * 8, number=number)
