"""What an application sends: by its ports, or by its first octets. All else is payload."""

from collections.abc import Callable

from layersviz.core.header import Header
from layersviz.dissect.dhcp import dissect_dhcp
from layersviz.dissect.dns import (
    dissect_dns,
    dissect_dns_over_tcp,
    dissect_link_local_names,
    dissect_multicast_dns,
    dissect_netbios_names,
    looks_like_dns,
)
from layersviz.dissect.http import dissect_http
from layersviz.dissect.reader import Next, Reader

DNS_PORT = 53
UDP_PORTS: dict[int, Callable[[Reader, int], None]] = {
    DNS_PORT: dissect_dns,
    67: dissect_dhcp,
    68: dissect_dhcp,
    137: dissect_netbios_names,
    5353: dissect_multicast_dns,
    5355: dissect_link_local_names,
}
OTHERS_PORTS = frozenset({69, 123, 138, 514, 520, 546, 547, 1900, 5060})
"""Ports of protocols that we know by name only: nothing on them is taken for DNS."""


def dissect_application(reader: Reader, at: int) -> Next:
    """The octets behind a TCP or UDP header that is the last so far."""
    if reader.end <= at and reader.wire_end <= at:
        return None
    transport = reader.headers[-1]
    if transport.protocol == "UDP":
        _over_udp(reader, at, transport)
    elif DNS_PORT in (transport.number("tcp.srcport"), transport.number("tcp.dstport")):
        dissect_dns_over_tcp(reader, at)
    else:
        dissect_http(reader, at)
    return None


def _over_udp(reader: Reader, at: int, udp: Header) -> None:
    """The lower port is more likely the server's."""
    for port in sorted((udp.number("udp.srcport"), udp.number("udp.dstport"))):
        if port in OTHERS_PORTS:
            return
        if (dissector := UDP_PORTS.get(port)) is not None:
            dissector(reader, at)
            return
    if looks_like_dns(reader, at):
        dissect_dns(reader, at)
