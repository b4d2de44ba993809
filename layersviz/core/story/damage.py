"""One wrong bit: which field of the frame it is in, what stood there and what stands there now, and who refuses it.

By the two dissections, of what was sent and of what came. Knows nothing of sentences.
"""

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.header import ChecksumStatus, Dissection, Field, Header
from layersviz.core.host import Host
from layersviz.core.layer import Layer
from layersviz.core.tcp_reading import network_header

_UNHURT = frozenset({ChecksumStatus.GOOD, ChecksumStatus.NOT_PRESENT})
_IPV6_OCTETS = 40
_CARRIED = ("TCP", "UDP", "ICMP", "ICMPv6")


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """`bit` counts from the frame's first bit in network order. `layer` is whose header it is in, or whose data.

    `header` and `field` are those that were sent, None in data and padding; `old` and `new` are the field's texts, or
    the octet in hexadecimal. `at_card`: on the wire itself, so that the frame's check sequence tells of it; else in a
    device between two links, which computed a new one.
    """

    bit: int
    layer: Layer
    header: Header | None
    field: Field | None
    old: str
    new: str
    at_card: bool

    @property
    def octet(self) -> int:
        return self.bit // 8


def damage_of(frame: Frame, sent: Dissection, arrived: Dissection) -> Damage:
    """Of a frame whose `flipped_bit` is one of its own."""
    bit = frame.flipped_bit or 0
    octet = bit // 8
    header = _header_at(sent, octet)
    field = None if header is None else _field_at(header, bit)
    old, new = f"0x{frame.octets[octet]:02x}", f"0x{frame.arrived[octet]:02x}"
    if header is not None and field is not None:
        old, new = field.text, _new_text(arrived, header, field, bit) or new
    return Damage(
        bit=bit, layer=_layer_at(sent, header, octet), header=header, field=field, old=old, new=new,
        at_card=frame.at_card,
    )  # fmt: skip


def _header_at(dissection: Dissection, octet: int) -> Header | None:
    for header in dissection.headers:
        is_inside = header.octet_offset <= octet < header.octet_offset + header.octet_length
        if is_inside and not header.quoted and header.layer is not Layer.APPLICATION:
            return header
    return None


def _field_at(header: Header, bit: int) -> Field | None:
    """The narrowest that holds the bit."""
    holding = [each for each in header.fields if each.bit_offset <= bit < each.bit_offset + each.bit_length]
    return min(holding, key=lambda each: each.bit_length, default=None)


def _new_text(arrived: Dissection, header: Header, field: Field, bit: int) -> str:
    """What stands there now; where the header is no longer read in the same way, the number alone."""
    place = (field.name, field.bit_offset, field.bit_length)
    for each in arrived.headers:
        if each.octet_offset == header.octet_offset and each.protocol == header.protocol:
            for now in each.fields:
                if (now.name, now.bit_offset, now.bit_length) == place:
                    return now.text
    if field.number is None:
        return ""
    return str(field.number ^ 1 << (field.bit_offset + field.bit_length - 1 - bit))


def _layer_at(sent: Dissection, header: Header | None, octet: int) -> Layer:
    """Whose the octet is: padding belongs to the link, data to the innermost layer that carries it."""
    if header is not None:
        return header.layer
    if octet >= sent.payload_offset + len(sent.payload):
        return Layer.LINK
    own = [each.layer for each in sent.headers if not each.quoted and each.layer is not Layer.APPLICATION]
    return own[-1] if own else Layer.LINK


def refusing_layer(damage: Damage, frame: Frame, sent: Dissection, arrived: Dissection, receiver: Host) -> Layer | None:
    """The receiver's first layer that takes the damaged frame no further; None where no check covers the bit."""
    if damage.at_card or _link_refuses(damage, sent, arrived, receiver):
        return Layer.LINK
    if _network_refuses(damage, frame, sent, arrived, receiver):
        return Layer.NETWORK
    return Layer.TRANSPORT if _transport_refuses(sent, arrived) else None


def _link_refuses(damage: Damage, sent: Dissection, arrived: Dissection, receiver: Host) -> bool:
    """A card takes its own address and groups' (IEEE 802.3 clause 3.2.3), a host the types that it reads."""
    if damage.layer is not Layer.LINK or damage.header is None:
        return False
    before, now = _destination(sent), _destination(arrived)
    if now != before and now != receiver.mac and now[1:2] not in tuple("13579bdf"):
        return True
    return _goes_up(sent) and not _goes_up(arrived)


def _destination(dissection: Dissection) -> str:
    return dissection.headers[0].text("eth.dst") if dissection.headers else ""


def _goes_up(dissection: Dissection) -> bool:
    return any(header.layer is Layer.NETWORK for header in dissection.headers)


def _network_refuses(damage: Damage, frame: Frame, sent: Dissection, arrived: Dissection, receiver: Host) -> bool:
    if any(_is_hurt(each) for each in arrived.headers if each.layer is Layer.NETWORK and not each.quoted):
        return True
    if damage.header is None or damage.layer is not Layer.NETWORK:
        return False
    match damage.header.protocol:
        case "IPv4" | "ICMP" | "ICMPv6":
            return True
        case "IPv6":
            return _ipv6_refuses(frame, sent, arrived, receiver)
    return False


def _ipv6_refuses(frame: Frame, sent: Dissection, arrived: Dissection, receiver: Host) -> bool:
    """IPv6 has no checksum: only what can't be true, is for another, or is of no known kind (RFC 8200 section 4)."""
    before, ip = network_header(sent), network_header(arrived)
    if before is None or ip is None or ip.field("ipv6.dst") is None or ip.text("ipv6.src").startswith("ff"):
        return True
    destination = ip.text("ipv6.dst")
    if destination not in (before.text("ipv6.dst"), receiver.ip):
        return True
    if ip.octet_offset + _IPV6_OCTETS + ip.number("ipv6.plen") > frame.wire_octets:
        return True
    return _carries(sent) != _carries(arrived)


def _carries(dissection: Dissection) -> str:
    return next((each.protocol for each in dissection.headers if each.protocol in _CARRIED and not each.quoted), "")


def _transport_refuses(sent: Dissection, arrived: Dissection) -> bool:
    """TCP and UDP: one whose checksum does not come out, or that can't be read so far that it could."""
    was, now = _transports(sent), _transports(arrived)
    if any(_is_hurt(each) for each in now) or len(now) < len(was):
        return True
    return any(one.checksum is not None and other.checksum is None for one, other in zip(was, now, strict=False))


def _transports(dissection: Dissection) -> list[Header]:
    return [each for each in dissection.headers if each.layer is Layer.TRANSPORT and not each.quoted]


def _is_hurt(header: Header) -> bool:
    return header.checksum is not None and header.checksum.status not in _UNHURT
