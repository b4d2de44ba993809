"""PPP over Ethernet (RFC 2516), its discovery with tags, and PPP's protocol field (RFC 1661).

Of what PPP carries only IP is read on; LCP, IPCP and the like are payload with a name.
"""

from scapy.layers.ppp import PPPoE

from layersviz.core.header import Field
from layersviz.core.layer import Layer
from layersviz.dissect.names import ppp_protocol
from layersviz.dissect.reader import Next, Reader, Space
from layersviz.dissect.table import Naming, Table, hexadecimal, named

_CODES = {0: "session data", 0x07: "offer", 0x09: "initiation", 0x19: "request", 0x65: "confirmation", 0xA7: "end"}
PPPOE = Table.of(
    PPPoE,
    {
        "version": Naming(name="pppoe.version", label="Version", meaning="1"),
        "type": Naming(name="pppoe.type", label="Type", meaning="1"),
        "code": Naming(name="pppoe.code", label="Code", text=named(_CODES), meaning="what this packet does"),
        "sessionid": Naming(
            name="pppoe.session_id", label="Session", meaning="the connection's number; 0 before it has one"
        ),
        "len": Naming(name="pppoe.payload_length", label="Length", meaning="bytes behind this header; the rest pads"),
    },
)
_TAGS = {
    0x0000: "End of list",
    0x0101: "Service name",
    0x0102: "Access concentrator's name",
    0x0103: "Host's own mark",
    0x0104: "Access concentrator's cookie",
    0x0105: "Vendor specific",
    0x0110: "Relay's session",
    0x0201: "Service name error",
    0x0202: "System error",
    0x0203: "Generic error",
}
_TAG_HEAD_OCTETS = 4
_PROTOCOL = Naming(name="ppp.protocol", label="Protocol", text=ppp_protocol, meaning="what PPP carries")
_FRAMING = [
    (Naming(name="ppp.address", label="Address", text=hexadecimal(2), meaning="all stations"), 8),
    (Naming(name="ppp.control", label="Control", text=hexadecimal(2), meaning="unnumbered information"), 8),
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
            reader.ends_inside("PPPoE tags", "a PPPoE tag", place + _TAG_HEAD_OCTETS + length)
            break
        fields.extend(_tag(reader.octets, place, length))
        place += _TAG_HEAD_OCTETS + length
    if fields:
        reader.add(Layer.LINK, "PPPoE tags", at, place - at, tuple(fields))
    return None


def _tag(octets: bytes, at: int, length: int) -> tuple[Field, ...]:
    kind = int.from_bytes(octets[at : at + 2])
    value = octets[at + _TAG_HEAD_OCTETS : at + _TAG_HEAD_OCTETS + length]
    name = _TAGS.get(kind, "Unknown tag")
    shown = value.decode("ascii") if value.isascii() and value.decode("ascii").isprintable() else value.hex()
    head = (
        Field(
            name="pppoed.tag",
            label="Tag",
            text=f"0x{kind:04x} ({name})",
            bit_offset=at * 8,
            bit_length=16,
            number=kind,
        ),
        Field(
            name="pppoed.tag_length",
            label="Tag length",
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
