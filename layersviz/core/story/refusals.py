"""Which datagrams nobody wanted: a later frame reports that their port was closed (RFC 1122 section 3.2.2.1).

Knows the quoted packet of an ICMP error; a capture that lacks the report says nothing of the port.
"""

from collections.abc import Iterable

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection, Header
from layersviz.core.tcp_reading import network_header

_PORT_UNREACHABLE = {"ICMP": (3, 3), "ICMPv6": (1, 4)}
"""Type and code (RFC 792, RFC 4443 section 3.1)."""

_Datagram = tuple[str, ...]


def refused(frames: Iterable[tuple[Frame, Dissection]]) -> frozenset[int]:
    """The numbers of the frames with such datagrams, of frames that are in order. A damaged one came to no port."""
    waiting: dict[_Datagram, list[int]] = {}
    found = set()
    for frame, dissection in frames:
        if (datagram := _sent(dissection)) is not None and not frame.lost and frame.flipped_bit is None:
            waiting.setdefault(datagram, []).append(frame.number)
        elif (datagram := _reported(dissection)) is not None and waiting.get(datagram):
            found.add(waiting[datagram].pop(0))
    return frozenset(found)


def _sent(dissection: Dissection) -> _Datagram | None:
    udp, ip = dissection.header("UDP"), network_header(dissection)
    return None if udp is None or ip is None else _datagram(ip, udp)


def _reported(dissection: Dissection) -> _Datagram | None:
    icmp = dissection.header("ICMP") or dissection.header("ICMPv6")
    if icmp is None:
        return None
    name = icmp.protocol.lower()
    if (icmp.number(f"{name}.type"), icmp.number(f"{name}.code")) != _PORT_UNREACHABLE[icmp.protocol]:
        return None
    quoted = [header for header in dissection.headers if header.quoted]
    ip = next((each for each in quoted if each.protocol in ("IPv4", "IPv6")), None)
    udp = next((each for each in quoted if each.protocol == "UDP"), None)
    return None if ip is None or udp is None else _datagram(ip, udp)


def _datagram(ip: Header, udp: Header) -> _Datagram:
    """Addresses, ports, and IPv4's identification: what a router on the way does not change."""
    names = ("ip.src", "ip.dst", "ip.id") if ip.protocol == "IPv4" else ("ipv6.src", "ipv6.dst")
    return (*[ip.text(name) for name in names], udp.text("udp.srcport"), udp.text("udp.dstport"))
