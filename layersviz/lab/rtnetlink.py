"""Links, addresses and neighbours of the namespace it was made in, by rtnetlink (man 7 rtnetlink).

Written by hand because importing pyroute2 alone takes longer than the whole rest of the lab's start.
"""

import os
import socket
import struct

from layersviz.lab.address import family_of, packed

_REQUEST, _ACK, _EXCLUSIVE, _CREATE = 0x1, 0x4, 0x200, 0x400
_REPLACE = 0x100
_NEWLINK, _NEWADDR, _NEWNEIGH, _DELNEIGH = 16, 20, 28, 29
_NUD_REACHABLE = 0x02
_IFLA_ADDRESS, _IFLA_IFNAME, _IFLA_LINKINFO, _IFLA_AF_SPEC, _IFLA_NET_NS_FD = 1, 3, 18, 26, 28
_INFO_KIND, _INFO_DATA, _VETH_INFO_PEER, _INET6_ADDR_GEN_MODE = 1, 2, 1, 8
_IFA_ADDRESS, _IFA_LOCAL, _NDA_DST = 1, 2, 1
_IFA_F_NODAD = 0x02
_IFF_UP = 1
_NO_ADDRESS = b"\x01"  # IN6_ADDR_GEN_MODE_NONE


class Rtnetlink:
    """A conversation with the kernel about one network namespace. What it refuses is raised as OSError."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE)

    def make_veth(self, name: str, *, peer: str, peer_mac: str, peer_namespace: int) -> None:
        """Make a pair of interfaces, this end here and the peer in the namespace of that descriptor."""
        peer_end = _link(0) + _attribute(_IFLA_IFNAME, peer.encode() + b"\0")
        peer_end += _attribute(_IFLA_ADDRESS, bytes.fromhex(peer_mac.replace(":", "")))
        peer_end += _attribute(_IFLA_NET_NS_FD, struct.pack("=I", peer_namespace))
        data = _attribute(_INFO_DATA, _attribute(_VETH_INFO_PEER, peer_end))
        link = _attribute(_IFLA_IFNAME, name.encode() + b"\0")
        link += _attribute(_IFLA_LINKINFO, _attribute(_INFO_KIND, b"veth") + data)
        self._ask(_NEWLINK, _CREATE | _EXCLUSIVE, _link(0) + link)

    def bring_up(self, name: str) -> None:
        self._ask(_NEWLINK, 0, _link(socket.if_nametoindex(name), flags=_IFF_UP))

    def keep_ipv6_silent(self, name: str) -> None:
        """No IPv6 address of its own, so no noise. Unlike the sysctl it works where /proc/sys is read-only."""
        mode = _attribute(socket.AF_INET6, _attribute(_INET6_ADDR_GEN_MODE, _NO_ADDRESS))
        self._ask(_NEWLINK, 0, _link(socket.if_nametoindex(name)) + _attribute(_IFLA_AF_SPEC, mode))

    def give_address(self, name: str, ip: str, *, peer_ip: str) -> None:
        """Give an interface its address, with that peer at the other end of the link; it is not asked for twice."""
        prefix = 8 * len(packed(ip))
        body = struct.pack("=BBBBI", family_of(ip), prefix, _IFA_F_NODAD, 0, socket.if_nametoindex(name))
        body += _attribute(_IFA_LOCAL, packed(ip)) + _attribute(_IFA_ADDRESS, packed(peer_ip))
        self._ask(_NEWADDR, _CREATE | _EXCLUSIVE, body)

    def forget_neighbour(self, name: str, ip: str) -> None:
        """Drop the MAC address learned for that neighbour; FileNotFoundError where none was known."""
        body = struct.pack("=BxxxiHBB", family_of(ip), socket.if_nametoindex(name), 0, 0, 0)
        self._ask(_DELNEIGH, 0, body + _attribute(_NDA_DST, packed(ip)))

    def confirm_neighbour(self, name: str, ip: str) -> None:
        """Keep the MAC address learned for that neighbour as if just heard; FileNotFoundError where none was known."""
        body = struct.pack("=BxxxiHBB", family_of(ip), socket.if_nametoindex(name), _NUD_REACHABLE, 0, 0)
        self._ask(_NEWNEIGH, _REPLACE, body + _attribute(_NDA_DST, packed(ip)))

    def _ask(self, kind: int, flags: int, body: bytes) -> None:
        self._socket.send(struct.pack("=IHHII", 16 + len(body), kind, _REQUEST | _ACK | flags, 0, 0) + body)
        number = -struct.unpack_from("=i", self._socket.recv(8192), 16)[0]
        if number != 0:
            raise OSError(number, os.strerror(number))


def _link(index: int, *, flags: int = 0) -> bytes:
    """struct ifinfomsg; only the flags that are set here are changed."""
    return struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, flags, flags)


def _attribute(kind: int, value: bytes) -> bytes:
    length = 4 + len(value)
    return struct.pack("=HH", length, kind) + value + bytes(-length % 4)
