"""Switches off what a network card would do for the kernel, by ethtool's ioctl, so that every checksum is true.

With offload on, a virtual link carries unfinished checksums and frames larger than the MTU.
"""

import ctypes
import errno
import fcntl
import os
import socket
import struct

_SIOCETHTOOL = 0x8946
_GET_TX_CHECKSUM = 0x16
_SWITCHES = {
    "generic receive offload": 0x2C,
    "generic segmentation": 0x24,
    "TCP segmentation": 0x1F,
    "scatter-gather": 0x19,
    "transmit checksum": 0x17,
    "receive checksum": 0x15,
}


def switch_off_offload(interface: str) -> None:
    """Switch it off for an interface of the present namespace, and see to it that checksums are true from now on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for command in _SWITCHES.values():
            _ethtool(any_socket, interface, command, 0)
        if _ethtool(any_socket, interface, _GET_TX_CHECKSUM, 0) != 0:
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))


def _ethtool(any_socket: socket.socket, interface: str, command: int, value: int) -> int:
    """One ioctl with a struct ethtool_value; gives the value that the kernel left there."""
    setting = (ctypes.c_uint32 * 2)(command, value)
    request = struct.pack("=16s", interface.encode()) + struct.pack("P16x", ctypes.addressof(setting))
    fcntl.ioctl(any_socket, _SIOCETHTOOL, request)
    return int(setting[1])
