"""The one packet socket: what passes the filter on one interface, each frame once, with the kernel's time of it.

Opening it takes CAP_NET_RAW; reading from it takes nothing. Knows nothing of connections.
"""

import ctypes
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from layersviz.live.filter import port_filter
from layersviz.live.interface import Interface

_ATTACH_FILTER, _LOCK_FILTER, _TIMESTAMPNS = 26, 44, 64  # SO_...; the last is SO_TIMESTAMPNS_NEW (Linux 5.1)
_SOL_PACKET, _STATISTICS, _AUXDATA, _IGNORE_OUTGOING = 263, 6, 8, 23
_EVERY_PROTOCOL = 3  # ETH_P_ALL: with any other the kernel would not show what we send
_LARGEST_FRAME = 262_144
_TIME_STAMP = struct.Struct("=qq")
_AUXILIARY = struct.Struct("=III")  # struct tpacket_auxdata: status, length on the wire, length captured


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A frame with the kernel's time in nanoseconds since 1970; `length` is what it had on the link, in octets."""

    time_ns: int
    octets: bytes
    length: int


class Tap:
    """Shows what was sent and received since it was opened."""

    def __init__(self, interface: Interface, port: int, addresses: Sequence[str]) -> None:
        kind = socket.SOCK_RAW if interface.has_ethernet_header else socket.SOCK_DGRAM
        # Protocol 0 lets nothing in until `bind`, and by then the filter stands and nobody can take it away.
        self.socket = socket.socket(socket.AF_PACKET, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, 0)
        _attach(self.socket, port_filter(port, addresses))
        self.socket.setsockopt(socket.SOL_SOCKET, _LOCK_FILTER, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
        self.socket.setsockopt(_SOL_PACKET, _AUXDATA, 1)
        if interface.is_loopback:  # what it sends it receives: each frame would be seen twice
            self.socket.setsockopt(_SOL_PACKET, _IGNORE_OUTGOING, 1)
        self.socket.bind((interface.name, _EVERY_PROTOCOL))

    def see(self) -> Sighting | None:
        """The next frame, None where there is none now. Raises OSError where the interface is down or gone."""
        try:
            octets, ancillary, _flags, _address = self.socket.recvmsg(_LARGEST_FRAME, 256)
        except BlockingIOError:
            return None
        found = {(level, kind): value for level, kind, value in ancillary}
        seconds, nanoseconds = _TIME_STAMP.unpack_from(found[socket.SOL_SOCKET, _TIMESTAMPNS])
        _status, length, _captured = _AUXILIARY.unpack_from(found[_SOL_PACKET, _AUXDATA])
        return Sighting(time_ns=seconds * 1_000_000_000 + nanoseconds, octets=octets, length=length)

    def missed(self) -> int:
        """How many frames there was no room for since the last call."""
        _seen, dropped = struct.unpack("=II", self.socket.getsockopt(_SOL_PACKET, _STATISTICS, 8))
        return int(dropped)


def _attach(packet_socket: socket.socket, instructions: bytes) -> None:
    """struct sock_fprog: how many instructions there are, and where they lie."""
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = struct.pack("HP", len(instructions) // 8, ctypes.addressof(buffer))
    packet_socket.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)
