"""Questions of ports, MAC addresses and lengths: what the next frame carries. None where rule and run do not agree."""

from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey
from layersviz.core.layer import Layer
from layersviz.core.predict_place import Draft, Place, number_from
from layersviz.core.predict_reading import Unit, answers, unit_of
from layersviz.core.said import Said, said

_NEXT_FRAME = {
    Side.CLIENT: said("The next frame comes from the client. Which destination MAC address does it have?"),
    Side.SERVER: said("The next frame comes from the server. Which destination MAC address does it have?"),
}
_BROADCAST, _NOBODY = "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"
_ETHERNET, _IPV4, _IPV6 = "Ethernet II", "IPv4", "IPv6"
_IPV6_OCTETS = 40
_FIRST_DYNAMIC, _LAST_DYNAMIC = 49_152, 65_535
"""RFC 6335 section 6."""


def port(place: Place) -> Draft | None:
    """From which port the first answer comes."""
    own = place.unit
    if own is None or not own.arrives or not place.has_shown(Layer.TRANSPORT):
        return None
    answer = next(iter(place.to_come), None)
    has_answered = any(unit.sender is not own.sender for unit in place.so_far)
    if has_answered or answer is None or not answers(own, answer):
        return None
    text = said(
        "{side} sends a segment from port {source} to port {target}. From which port does the answer come?",
        **_told(own),
    )
    if own.protocol == "UDP":
        text = said(
            "{side} sends a datagram from port {source} to port {target}. From which port does the answer come?",
            **_told(own),
        )
    return Draft(text=text, right=str(answer.source), wrong=_wrong_ports(own, answer), why=_why_port(own))


def _told(own: Unit) -> dict[str, object]:
    side = said("The client") if own.sender is Side.CLIENT else said("The server")
    return {"side": side, "source": own.source, "target": own.target}


def _wrong_ports(own: Unit, answer: Unit) -> tuple[str, ...]:
    """Swapped; a port of its own for each answer, as if the server opened a new one; the one beside."""
    fresh = number_from(answer.sequence + own.source, _FIRST_DYNAMIC, _LAST_DYNAMIC)
    beside = own.target + 1 if own.target < _LAST_DYNAMIC else own.target - 1
    return (str(own.source), str(fresh), str(beside))


def _why_port(own: Unit) -> Said:
    if own.protocol == "UDP":
        return said(
            "The answer goes back the same way: source and destination port change places. It comes from port "
            "{target}, to port {source} (RFC 768).",
            source=own.source,
            target=own.target,
        )
    return said(
        "The answer goes back the same way: source and destination port change places. It comes from port {target}, "
        "to port {source}: the four addresses and ports name the connection (RFC 9293 section 3.1).",
        source=own.source,
        target=own.target,
    )


def mac(place: Place) -> Draft | None:
    """Which destination MAC address the first frame back has."""
    back = next(iter(place.later), None)
    if back is None or back.sender is place.journey.sender or not place.has_shown(Layer.LINK):
        return None
    own, answer = _header(place.journey, _ETHERNET), _header(back, _ETHERNET)
    is_first = all(journey.sender is not back.sender for journey in place.earlier)
    if own is None or answer is None or not (is_first or _header(place.journey, "ARP")):
        return None
    if answer.text("eth.dst") != own.text("eth.src"):
        return None
    return Draft(
        text=_NEXT_FRAME[back.sender],
        right=answer.text("eth.dst"),
        wrong=(answer.text("eth.src"), _BROADCAST, _NOBODY),
        why=said(
            "It is for one card alone, {mac}: the sender has learned that address from the frame that came "
            "(RFC 826 for IPv4, RFC 4861 for IPv6).",
            mac=answer.text("eth.dst"),
        ),
    )


def length(place: Place) -> Draft | None:
    """How many bytes of data the next frame's segment or datagram carries, by the lengths in its headers."""
    following = next(iter(place.later), None)
    unit = None if following is None else unit_of(following)
    is_up = place.step.half is Half.UP or place.is_last_step
    if following is None or unit is None or not unit.octets or not is_up:
        return None
    if (ip := _header(following, _IPV4)) is not None:
        return _length_in_ipv4(unit, ip.number("ip.len"), ip.octet_length)
    if (ip := _header(following, _IPV6)) is not None:
        return _length_in_ipv6(unit, ip.number("ipv6.plen"))
    return None


def _length_in_ipv4(unit: Unit, total: int, ip_octets: int) -> Draft | None:
    right = total - ip_octets - unit.header_octets
    if right != unit.octets:
        return None
    told = {"total": total, "ip": ip_octets, "own": unit.header_octets, "protocol": unit.protocol}
    return Draft(
        text=said(
            "The next frame's IPv4 packet has a total length of {total}. Its IPv4 header has {ip} bytes, its "
            "{protocol} header {own}. How many bytes of data does it carry?",
            **told,
        ),
        right=str(right),
        wrong=_lengths(total - ip_octets, total, total - unit.header_octets, right - 14, total - 2 * ip_octets),
        why=said(
            "{total} - {ip} - {own} = {octets}: the total length counts the IPv4 header and all behind it (RFC 791 "
            "section 3.1). Ethernet's header is not in it.",
            **told,
            octets=right,
        ),
    )


def _length_in_ipv6(unit: Unit, payload: int) -> Draft | None:
    right = payload - unit.header_octets
    if right != unit.octets:
        return None
    told = {"payload": payload, "own": unit.header_octets, "protocol": unit.protocol}
    return Draft(
        text=said(
            "The next frame's IPv6 packet has a payload length of {payload}, its {protocol} header has {own} bytes. "
            "How many bytes of data does it carry?",
            **told,
        ),
        right=str(right),
        wrong=_lengths(right - _IPV6_OCTETS, payload, payload - _IPV6_OCTETS, payload + _IPV6_OCTETS, right - 14),
        why=said(
            "{payload} - {own} = {octets}: IPv6's payload length does not count its own header of 40 bytes (RFC 8200 "
            "section 3).",
            **told,
            octets=right,
        ),
    )


def _lengths(*numbers: int) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers if number > 0)


def _header(journey: Journey, protocol: str) -> Header | None:
    """The only one that is not quoted; a packet in a packet has two, and no question is made of it."""
    found = [header for header in journey.headers if header.protocol == protocol and not header.quoted]
    return found[0] if len(found) == 1 else None
