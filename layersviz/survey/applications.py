"""Which application a conversation carries, where its octets say so plainly.

Knows how a few protocols begin; a port alone says something only where the protocol has no other mark.
"""

import re

from layersviz.survey.http_messages import looks_like_http

TRIES = 8
"""So many pieces of data are looked at: a capture may begin in the middle of a conversation."""

_DNS_PORTS, _DHCP_PORTS = frozenset({53, 5353, 5355}), frozenset({67, 68})
_DNS_OCTETS, _DHCP_OCTETS = 12, 236
_TLS_RECORD = re.compile(rb"[\x14-\x17]\x03[\x00-\x04][\x00-\x48]", re.DOTALL)
_SSH = b"SSH-"


def of_stream(ports: bytes, data: bytes) -> str:
    """What the data of a TCP segment begins as; empty where that is not plain. `ports` are both, as octets."""
    if _TLS_RECORD.match(data):
        return "TLS"
    if looks_like_http(data):
        return "HTTP"
    if data.startswith(_SSH):
        return "SSH"
    return "DNS" if 53 in _numbers(ports) and len(data) > _DNS_OCTETS else ""


def of_datagram(ports: bytes, data: bytes) -> str:
    """What a UDP datagram carries; empty where that is not plain."""
    numbers = _numbers(ports)
    if numbers & _DNS_PORTS and len(data) >= _DNS_OCTETS:
        return "DNS"
    return "DHCP" if numbers & _DHCP_PORTS and len(data) >= _DHCP_OCTETS else ""


def _numbers(ports: bytes) -> set[int]:
    return {int.from_bytes(ports[:2]), int.from_bytes(ports[2:])}
