"""DHCP (RFC 2131): the fixed message and its options, each with code, length and value."""

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.dissect.reader import Reader
from layersviz.dissect.table import Naming, Table, hexadecimal, ipv4, named

_TYPES = {1: "discover", 2: "offer", 3: "request", 4: "decline", 5: "ack", 6: "nak", 7: "release", 8: "inform"}
_OPTIONS = {
    1: "Subnet mask",
    3: "Routers",
    6: "DNS servers",
    12: "Host name",
    15: "Domain name",
    50: "Wanted address",
    51: "Lease time",
    53: "Message type",
    54: "Server",
    55: "Wanted options",
    57: "Largest message",
    58: "Renewal time",
    59: "Rebinding time",
    60: "Vendor class",
    61: "Client's mark",
}
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
        (Naming(name="dhcp.type", label="Operation", text=named({1: "request", 2: "reply"}), meaning="who speaks"), 8),
        (Naming(name="dhcp.hw.type", label="Hardware type", meaning="1 is Ethernet"), 8),
        (Naming(name="dhcp.hw.len", label="Hardware size", meaning="octets of a MAC address"), 8),
        (Naming(name="dhcp.hops", label="Hops", meaning="relays that this has passed"), 8),
        (Naming(name="dhcp.id", label="Transaction", text=hexadecimal(8), meaning="tells which answer is whose"), 32),
        (Naming(name="dhcp.secs", label="Seconds", meaning="since the client began"), 16),
        (Naming(name="dhcp.flags", label="Flags", text=hexadecimal(4), meaning="0x8000 asks for a broadcast"), 16),
        _address("client", "Client's address", "where it has one"),
        _address("your", "Your address", "what the server gives"),
        _address("server", "Next server", "where to boot from"),
        _address("relay", "Relay", "who passed this on"),
        _raw("hw.mac_addr", "Client's hardware address", 16, "as many octets count as the hardware size says"),
        _raw("server", "Server's name", 64, "text, filled up with zeros"),
        _raw("file", "Boot file", 128, "text, filled up with zeros"),
    ]
)
COOKIE = Table([(Naming(name="dhcp.cookie", label="Mark", text=hexadecimal(8), meaning="options follow"), 32)])
MAGIC = b"\x63\x82\x53\x63"
_PAD, _END = 0, 255


def dissect_dhcp(reader: Reader, at: int) -> None:
    """One message."""
    fields = FIXED.read(reader.octets, at, reader.end)
    end = at + FIXED.octets
    if reader.end < end:
        reader.add(Layer.APPLICATION, "DHCP", at, end - at, fields)
        reader.ends_inside("DHCP", f"the DHCP message ({FIXED.label_at(reader.end - at)})", reader.end + 1)
        return
    if reader.octets[end : end + len(MAGIC)] == MAGIC:
        fields += COOKIE.read(reader.octets, end, reader.end)
        options, end, is_whole = _options(reader.octets, end + COOKIE.octets, reader.end)
        fields += tuple(options)
    else:
        is_whole = True
    reader.add(Layer.APPLICATION, "DHCP", at, min(end, reader.end) - at, fields)
    if not is_whole and reader.end < reader.wire_end:
        reader.ends_inside("DHCP", "the DHCP options", end)


def _options(octets: bytes, at: int, end: int) -> tuple[list[Field], int, bool]:
    """The options' fields, where they end, and whether they do."""
    fields: list[Field] = []
    while at < end:
        code = octets[at]
        if code in (_PAD, _END):
            fields.append(_field("dhcp.option.type", "End" if code else "Padding", str(code), at, 1, code))
            at += 1
            if code == _END:
                return fields, at, True
            continue
        length = octets[at + 1] if at + 1 < end else 0
        if at + 2 + length > end:
            return fields, at + 2 + length, False
        name = _OPTIONS.get(code, f"Option {code}")
        fields.append(_field("dhcp.option.type", name, f"{code} ({name})", at, 1, code))
        fields.append(_field("dhcp.option.length", f"{name}: length", str(length), at + 1, 1, length))
        if length:
            value = octets[at + 2 : at + 2 + length]
            fields.append(_field("dhcp.option.value", f"{name}: value", _shown(code, value), at + 2, length))
        at += 2 + length
    return fields, at + 1, False


def _shown(code: int, value: bytes) -> str:
    if code == _MESSAGE_TYPE and len(value) == 1:
        return f"{value[0]} ({_TYPES.get(value[0], 'unknown')})"
    if code in _ADDRESSES and len(value) % 4 == 0:
        return ", ".join(ipv4(int.from_bytes(value[place : place + 4])) for place in range(0, len(value), 4))
    return value.decode("utf-8", "replace") if code in _TEXTS else value.hex()


def _field(name: str, label: str, text: str, at: int, octets: int, number: int | None = None) -> Field:
    return Field(name=name, label=label, text=text, bit_offset=at * 8, bit_length=octets * 8, number=number)
