"""IP addresses of both versions, as the kernel takes them.

Knows nothing of links.
"""

import socket


def family_of(ip: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in ip else socket.AF_INET


def packed(ip: str) -> bytes:
    """4 or 16 octets."""
    return socket.inet_pton(family_of(ip), ip)
