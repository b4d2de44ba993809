"""A network interface of this machine as the kernel describes it (man 7 netdevice)."""

import errno
import fcntl
import os
import socket
import struct
from dataclasses import dataclass

_FLAGS, _HARDWARE = 0x8913, 0x8927  # SIOCGIFFLAGS, SIOCGIFHWADDR
_UP, _RUNNING = 0x1, 0x40
_ETHERNET, _LOOPBACK = 1, 772  # linux/if_arp.h
_LINKTYPE_ETHERNET, _LINKTYPE_RAW = 1, 101


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """`hardware` is the kernel's number of its kind of link."""

    name: str
    hardware: int

    @property
    def is_loopback(self) -> bool:
        return self.hardware == _LOOPBACK

    @property
    def has_ethernet_header(self) -> bool:
        """Loopback's frames have one, with addresses of zeros."""
        return self.hardware in (_ETHERNET, _LOOPBACK)

    @property
    def link_type(self) -> int:
        """By pcap's numbers. Of any other kind of link only the IP packet is taken."""
        return _LINKTYPE_ETHERNET if self.has_ethernet_header else _LINKTYPE_RAW

    def is_up(self) -> bool:
        """Whether it is switched on and has a carrier now. Raises OSError where it is gone."""
        (flags,) = struct.unpack_from("=H", _ask(self.name, _FLAGS))
        return int(flags) & (_UP | _RUNNING) == _UP | _RUNNING


def read_interface(name: str) -> Interface:
    """Raises OSError with ENODEV where there is none of that name."""
    return Interface(
        name=name,
        hardware=struct.unpack_from("=H", _ask(name, _HARDWARE))[0],
    )


def _ask(name: str, what: int) -> bytes:
    """What struct ifreq holds behind the name."""
    if not 0 < len(name.encode()) < 16:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        return fcntl.ioctl(any_socket, what, struct.pack("40s", name.encode()))[16:]
