"""Gives an interface one more address, or makes a route through a neighbour: a program for the house.

The kernel's older ioctls do it (man 7 netdevice), so that no other program is needed.
"""

import fcntl
import socket
import struct
import sys

_ADD_ROUTE, _SET_ADDRESS = 0x890B, 0x8916
_UP, _GATEWAY, _HOST = 1, 2, 4


def add_address(probe: socket.socket, ip: str) -> None:
    """As a second name of the loopback, so that the link keeps its own."""
    fcntl.ioctl(probe, _SET_ADDRESS, struct.pack("16s16s8x", b"lo:1", _socket_address(ip)))


def add_route(probe: socket.socket, ip: str, gateway: str) -> None:
    """struct rtentry."""
    whole = _socket_address("255.255.255.255")
    entry = struct.pack("L16s16s16sHhLPhPLLH", 0, _socket_address(ip), _socket_address(gateway), whole,
                        _UP | _GATEWAY | _HOST, 0, 0, 0, 0, 0, 0, 0, 0)  # fmt: skip
    fcntl.ioctl(probe, _ADD_ROUTE, entry)


def _socket_address(ip: str) -> bytes:
    return struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(ip))


if __name__ == "__main__":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        match sys.argv[1:]:
            case ["address", own]:
                add_address(any_socket, own)
            case ["route", far, near]:
                add_route(any_socket, far, near)
    print("done", flush=True)
