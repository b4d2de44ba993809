"""The wire: frames are taken from one host's link and given to the other's, in the order of the kernel's time stamps.

Nothing crosses but by `take` and `send`, so what happens to a frame in between is ours to choose.
"""

import heapq
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from layersviz.core.host import Side

_SOL_PACKET, _ADD_MEMBERSHIP, _QDISC_BYPASS, _IGNORE_OUTGOING, _PROMISCUOUS = 263, 1, 20, 23, 1
_SO_TIMESTAMPNS = 64  # SO_TIMESTAMPNS_NEW: two 64-bit numbers on every machine (Linux 5.1)
_EVERY_PROTOCOL = 3  # ETH_P_ALL
_LARGEST_FRAME = 65_536
_TIME_STAMP = struct.Struct("=qq")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Sighting:
    """A frame that a host has put on the wire, with the kernel's time in nanoseconds since 1970."""

    time_ns: int
    sender: Side = field(compare=False)
    octets: bytes = field(compare=False)


class Plug:
    """Our end of a host's link: a packet socket on an interface of the present namespace that is already up."""

    def __init__(self, side: Side, interface: str) -> None:
        self.side = side
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, 0)
        self.socket.setsockopt(_SOL_PACKET, _IGNORE_OUTGOING, 1)  # what we deliver is no news to us
        # The end of a link that came up first drops what is queued until the kernel has noticed, in its own time, that
        # the other end is up as well: so nothing is queued.
        self.socket.setsockopt(_SOL_PACKET, _QDISC_BYPASS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        membership = struct.pack("=iHH8s", socket.if_nametoindex(interface), _PROMISCUOUS, 0, b"")
        self.socket.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, membership)
        self.socket.bind((interface, _EVERY_PROTOCOL))

    def see(self) -> Sighting | None:
        """The next frame from this host, None where there is none now."""
        try:
            octets, ancillary, _flags, _address = self.socket.recvmsg(_LARGEST_FRAME, 128)
        except BlockingIOError:
            return None
        return Sighting(time_ns=_time_stamp(ancillary), sender=self.side, octets=octets)


class Wire:
    """Both plugs. `delay_ns` is how long every frame is on its way; to wait for so long is its carrier's affair."""

    def __init__(self, plugs: Mapping[Side, Plug], *, delay_s: float = 0.0) -> None:
        self.plugs = plugs
        self.delay_ns = round(delay_s * 1e9)
        self._seen: list[Sighting] = []

    @classmethod
    def between(cls, client_interface: str, server_interface: str, *, delay_s: float) -> Self:
        return cls(
            {
                Side.CLIENT: Plug(Side.CLIENT, client_interface),
                Side.SERVER: Plug(Side.SERVER, server_interface),
            },
            delay_s=delay_s,
        )

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """What becomes readable when a host has sent something."""
        return tuple(plug.socket for plug in self.plugs.values())

    def take(self) -> Sighting | None:
        """The earliest frame that waits on either side, None where both are idle."""
        for plug in self.plugs.values():
            while (sighting := plug.see()) is not None:
                heapq.heappush(self._seen, sighting)
        return heapq.heappop(self._seen) if self._seen else None

    def send(self, to: Side, octets: bytes) -> None:
        """Give these octets to that host's card."""
        self.plugs[to].socket.send(octets)


def _time_stamp(ancillary: list[tuple[int, int, bytes]]) -> int:
    for level, kind, value in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
            seconds, nanoseconds = _TIME_STAMP.unpack(value[: _TIME_STAMP.size])
            return int(seconds) * 1_000_000_000 + int(nanoseconds)
    raise AssertionError("the kernel stamps every frame since we asked for it")
