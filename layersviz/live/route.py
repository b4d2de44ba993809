"""Whether a machine is on a link of ours or behind a router, as the kernel's routing table has it (man 7 rtnetlink)."""

import os
import socket
import struct
from ipaddress import IPv4Address, ip_address

_GET_ROUTE, _NEW_ROUTE, _REQUEST = 26, 24, 1
_DESTINATION, _GATEWAY, _VIA = 1, 5, 18  # linux/rtnetlink.h: RTA_...
_HEADER, _ROUTE, _ATTRIBUTE = struct.Struct("=IHHII"), struct.Struct("=8BI"), struct.Struct("=HH")


def is_on_our_link(ip: str) -> bool:
    """False also where the kernel knows no way there. Raises OSError where it can't be asked."""
    address = ip_address(ip)
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    wanted = _ROUTE.pack(family, address.max_prefixlen, 0, 0, 0, 0, 0, 0, 0)
    wanted += _ATTRIBUTE.pack(_ATTRIBUTE.size + len(address.packed), _DESTINATION) + address.packed
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE) as kernel:
        kernel.send(_HEADER.pack(_HEADER.size + len(wanted), _GET_ROUTE, _REQUEST, 0, os.getpid()) + wanted)
        answer = kernel.recv(8192)
    length, kind, *_rest = _HEADER.unpack_from(answer)
    return kind == _NEW_ROUTE and not {_GATEWAY, _VIA} & _attributes(answer[:length])


def _attributes(answer: bytes) -> set[int]:
    """The kinds of attributes that a route has."""
    kinds, at = set(), _HEADER.size + _ROUTE.size
    while at + _ATTRIBUTE.size <= len(answer):
        length, kind = _ATTRIBUTE.unpack_from(answer, at)
        if length < _ATTRIBUTE.size:
            break
        kinds.add(kind)
        at += (length + 3) & ~3
    return kinds
