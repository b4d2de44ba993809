"""PPP over Ethernet (RFC 2516), its discovery with tags, and PPP's protocol field (RFC 1661).

Of what PPP carries only IP is read on; LCP, IPCP and the like are payload with a name.
"""

from scapy.layers.ppp import PPPoE

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.dissect.names import ppp_protocol
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal, named, with_name

_CODES = {
    0: said("session data"),
    0x07: said("offer"),
    0x09: said("initiation"),
    0x19: said("request"),
    0x65: said("confirmation"),
    0xA7: said("end"),
}
PPPOE = Table.of(
    PPPoE,
    {
        "version": Naming(name="pppoe.version", label=said("Version"), meaning="1"),
        "type": Naming(name="pppoe.type", label=said("Type"), meaning="1"),
        "code": Naming(
            name="pppoe.code", label=said("Code"), text=named(_CODES), meaning=said("what this packet does")
        ),
        "sessionid": Naming(
            name="pppoe.session_id", label=said("Session"), meaning=said("the connection's number; 0 before it has one")
        ),
        "len": Naming(
            name="pppoe.payload_length", label=said("Length"), meaning=said("bytes behind this header; the rest pads")
        ),
    },
)
_TAGS = {
    0x0000: said("End of list"),
    0x0101: said("Service name"),
    0x0102: said("Access concentrator's name"),
    0x0103: said("Host's own mark"),
    0x0104: said("Access concentrator's cookie"),
    0x0105: said("Vendor specific"),
    0x0110: said("Relay's session"),
    0x0201: said("Service name error"),
    0x0202: said("System error"),
    0x0203: said("Generic error"),
}
_UNKNOWN_TAG, _TAG, _TAG_LENGTH = said("Unknown tag"), said("Tag"), said("Tag length")
_TAG_HEAD_OCTETS = 4
_PROTOCOL = Naming(name="ppp.protocol", label=said("Protocol"), text=ppp_protocol, meaning=said("what PPP carries"))
_FRAMING = [
    (Naming(name="ppp.address", label=said("Address"), text=hexadecimal(2), meaning=said("all stations")), 8),
    (Naming(name="ppp.control", label=said("Control"), text=hexadecimal(2), meaning=said("unnumbered information")), 8),
]
PPP = {
    (False, False): Table([(_PROTOCOL, 16)]),
    (False, True): Table([(_PROTOCOL, 8)]),
    (True, False): Table([*_FRAMING, (_PROTOCOL, 16)]),
    (True, True): Table([*_FRAMING, (_PROTOCOL, 8)]),
}
"""By whether HDLC's address and control stand before it, and whether its first octet was left out."""


def dissect_pppoe_discovery(reader: Reader, at: int) -> Next:
    """Finding an access concentrator: the header, then tags."""
    if not reader.read(PPPOE, Layer.LINK, "PPPoE discovery", at):
        return None
    at += PPPOE.octets
    reader.narrow(at, reader.headers[-1].number("pppoe.payload_length"))
    fields: list[Field] = []
    place = at
    while place + _TAG_HEAD_OCTETS <= reader.end:
        length = int.from_bytes(reader.octets[place + 2 : place + _TAG_HEAD_OCTETS])
        if place + _TAG_HEAD_OCTETS + length > reader.end:
            reader.ends_inside("PPPoE tags", said("a PPPoE tag"), place + _TAG_HEAD_OCTETS + length)
            break
        fields.extend(_tag(reader.octets, place, length))
        place += _TAG_HEAD_OCTETS + length
    if fields:
        reader.add(Layer.LINK, "PPPoE tags", at, place - at, tuple(fields))
    return None


def _tag(octets: bytes, at: int, length: int) -> tuple[Field, ...]:
    kind = int.from_bytes(octets[at : at + 2])
    value = octets[at + _TAG_HEAD_OCTETS : at + _TAG_HEAD_OCTETS + length]
    name = _TAGS.get(kind, _UNKNOWN_TAG)
    shown = value.decode("ascii") if value.isascii() and value.decode("ascii").isprintable() else value.hex()
    head = (
        Field(
            name="pppoed.tag",
            label=_TAG,
            text=with_name(f"0x{kind:04x}", name),
            bit_offset=at * 8,
            bit_length=16,
            number=kind,
        ),
        Field(
            name="pppoed.tag_length",
            label=_TAG_LENGTH,
            text=str(length),
            bit_offset=at * 8 + 16,
            bit_length=16,
            number=length,
        ),
    )
    if not value:
        return head
    content = Field(
        name="pppoed.tag.value", label=name, text=shown, bit_offset=(at + _TAG_HEAD_OCTETS) * 8, bit_length=length * 8
    )
    return (*head, content)


def dissect_pppoe_session(reader: Reader, at: int) -> Next:
    """A packet of a session; padding behind its length is not its own."""
    if not reader.read(PPPOE, Layer.LINK, "PPPoE session", at):
        return None
    reader.narrow(at + PPPOE.octets, reader.headers[-1].number("pppoe.payload_length"))
    return Space.PPP, 0, at + PPPOE.octets


def dissect_ppp(reader: Reader, at: int) -> Next:
    """The protocol field, two octets, or one where its last bit is already 1 (RFC 1661 section 2)."""
    is_framed = reader.octets[at : min(at + 2, reader.end)] == b"\xff\x03"
    place = at + 2 if is_framed else at
    is_short = reader.end > place and bool(reader.octets[place] & 1)
    table = PPP[is_framed, is_short]
    if not reader.read(table, Layer.LINK, "PPP", at):
        return None
    protocol = reader.headers[-1].number("ppp.protocol")
    return (Space.PPP, protocol, at + table.octets) if protocol else None
