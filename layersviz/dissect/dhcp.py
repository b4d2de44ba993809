"""DHCP (RFC 2131): the fixed message and its options, each with code, length and value."""

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.option_words import option_words
from layersviz.dissect.reader import Reader
from layersviz.dissect.table import Naming, Table, hexadecimal, ipv4, named

_TYPES = {
    1: said("discover"),
    2: said("offer"),
    3: said("request"),
    4: said("decline"),
    5: said("ack"),
    6: said("nak"),
    7: said("release"),
    8: said("inform"),
}
_OPTIONS = {
    1: said("Subnet mask"),
    3: said("Routers"),
    6: said("DNS servers"),
    12: said("Host name"),
    15: said("Domain name"),
    50: said("Wanted address"),
    51: said("Lease time"),
    53: said("Message type"),
    54: said("Server"),
    55: said("Wanted options"),
    57: said("Largest message"),
    58: said("Renewal time"),
    59: said("Rebinding time"),
    60: said("Vendor class"),
    61: said("Client's mark"),
}
_words = option_words(_OPTIONS)
_type = named(_TYPES)
_ADDRESSES = frozenset({1, 3, 6, 50, 54})
_TEXTS = frozenset({12, 15, 60})
_MESSAGE_TYPE = 53


def _address(name: str, label: str, meaning: str) -> tuple[Naming, int]:
    return Naming(name=f"dhcp.ip.{name}", label=label, text=ipv4, is_number=False, meaning=meaning), 32


def _raw(name: str, label: str, octets: int, meaning: str) -> tuple[Naming, int]:
    digits = octets * 2
    return (
        Naming(
            name=f"dhcp.{name}",
            label=label,
            text=lambda value: f"{value:0{digits}x}",
            is_number=False,
            meaning=meaning,
        ),
        octets * 8,
    )


FIXED = Table(
    [
        (
            Naming(
                name="dhcp.type",
                label=said("Operation"),
                text=named({1: said("request"), 2: said("reply")}),
                meaning=said("who speaks"),
            ),
            8,
        ),
        (Naming(name="dhcp.hw.type", label=said("Hardware type"), meaning=said("1 is Ethernet")), 8),
        (Naming(name="dhcp.hw.len", label=said("Hardware size"), meaning=said("octets of a MAC address")), 8),
        (Naming(name="dhcp.hops", label=said("Hops"), meaning=said("relays that this has passed")), 8),
        (
            Naming(
                name="dhcp.id",
                label=said("Transaction"),
                text=hexadecimal(8),
                meaning=said("tells which answer is whose"),
            ),
            32,
        ),
        (Naming(name="dhcp.secs", label=said("Seconds"), meaning=said("since the client began")), 16),
        (
            Naming(
                name="dhcp.flags", label=said("Flags"), text=hexadecimal(4), meaning=said("0x8000 asks for a broadcast")
            ),
            16,
        ),
        _address("client", said("Client's address"), said("where it has one")),
        _address("your", said("Your address"), said("what the server gives")),
        _address("server", said("Next server"), said("where to boot from")),
        _address("relay", said("Relay"), said("who passed this on")),
        _raw(
            "hw.mac_addr", said("Client's hardware address"), 16, said("as many octets count as the hardware size says")
        ),
        _raw("server", said("Server's name"), 64, said("text, filled up with zeros")),
        _raw("file", said("Boot file"), 128, said("text, filled up with zeros")),
    ]
)
COOKIE = Table(
    [(Naming(name="dhcp.cookie", label=said("Mark"), text=hexadecimal(8), meaning=said("options follow")), 32)]
)
MAGIC = b"\x63\x82\x53\x63"
_PAD, _END = 0, 255
_PADDING_LABEL, _END_LABEL = said("Padding"), said("End")


def dissect_dhcp(reader: Reader, at: int) -> None:
    """One message."""
    fields = FIXED.read(reader.octets, at, reader.end)
    end = at + FIXED.octets
    if reader.end < end:
        reader.add(Layer.APPLICATION, "DHCP", at, end - at, fields)
        reader.ends_inside(
            "DHCP",
            said("the {protocol} message ({field})", protocol="DHCP", field=FIXED.label_at(reader.end - at)),
            reader.end + 1,
        )
        return
    if reader.octets[end : end + len(MAGIC)] == MAGIC:
        fields += COOKIE.read(reader.octets, end, reader.end)
        options, end, is_whole = _options(reader.octets, end + COOKIE.octets, reader.end)
        fields += tuple(options)
    else:
        is_whole = True
    reader.add(Layer.APPLICATION, "DHCP", at, min(end, reader.end) - at, fields)
    if not is_whole and reader.end < reader.wire_end:
        reader.ends_inside("DHCP", said("the DHCP options"), end)


def _options(octets: bytes, at: int, end: int) -> tuple[list[Field], int, bool]:
    """The options' fields, where they end, and whether they do."""
    fields: list[Field] = []
    while at < end:
        code = octets[at]
        if code in (_PAD, _END):
            fields.append(_field("dhcp.option.type", _END_LABEL if code else _PADDING_LABEL, str(code), at, 1, code))
            at += 1
            if code == _END:
                return fields, at, True
            continue
        length = octets[at + 1] if at + 1 < end else 0
        if at + 2 + length > end:
            return fields, at + 2 + length, False
        words = _words(code)
        fields.append(_field("dhcp.option.type", words.name, words.kind, at, 1, code))
        fields.append(_field("dhcp.option.length", words.length, str(length), at + 1, 1, length))
        if length:
            value = octets[at + 2 : at + 2 + length]
            fields.append(_field("dhcp.option.value", words.value, _shown(code, value), at + 2, length))
        at += 2 + length
    return fields, at + 1, False


def _shown(code: int, value: bytes) -> str:
    if code == _MESSAGE_TYPE and len(value) == 1:
        return _type(value[0])
    if code in _ADDRESSES and len(value) % 4 == 0:
        return ", ".join(ipv4(int.from_bytes(value[place : place + 4])) for place in range(0, len(value), 4))
    return value.decode("utf-8", "replace") if code in _TEXTS else value.hex()


def _field(name: str, label: str, text: str, at: int, octets: int, number: int | None = None) -> Field:
    return Field(name=name, label=label, text=text, bit_offset=at * 8, bit_length=octets * 8, number=number)
