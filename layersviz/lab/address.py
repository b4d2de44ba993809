"""IP addresses of both versions, as the kernel takes them; and the one that a host has over IPv6.

Knows nothing of links.
"""

import socket
from dataclasses import replace

from layersviz.core.host import Host, Hosts

_NETWORK = "fd00::"
"""Unique local addresses (RFC 4193). The lab is no network that others could meet, so its 40 bits need no chance."""


def family_of(ip: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in ip else socket.AF_INET


def packed(ip: str) -> bytes:
    """4 or 16 octets."""
    return socket.inet_pton(family_of(ip), ip)


def over_ipv6(hosts: Hosts) -> Hosts:
    """The same hosts by IPv6 addresses that end as the others do: 10.0.0.3 is fd00::3 as well."""
    return Hosts(client=_over_ipv6(hosts.client), server=_over_ipv6(hosts.server))


def _over_ipv6(host: Host) -> Host:
    return replace(host, ip=_NETWORK + host.ip.rpartition(".")[2])
