"""All TCP and UDP sockets of a host, by a sock_diag dump in its namespace (man 7 sock_diag), as `ss` asks for them.

`socket_states` asks for one connection, many times in each run; this is for whoever wants to see them all.
"""

import os
import pwd
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from layersviz.core.host import Side
from layersviz.core.socket_row import SocketRow
from layersviz.core.tcp_state import TcpState
from layersviz.lab.socket_states import BY_NUMBER

_SOCK_DIAG_BY_FAMILY, _REQUEST_DUMP, _ERROR, _DONE = 20, 0x301, 2, 3
_HEADER = struct.Struct("=IHHII")  # struct nlmsghdr
_REQUEST = struct.Struct("=BBBxI48x")  # struct inet_diag_req_v2: family, protocol, extensions, states, any socket
_MESSAGE = struct.Struct("=BBBB2s2s16s16s12xI8xII")  # struct inet_diag_msg, without its queues
_STATES = 0x1FFE  # 1 to 12; 13 would be sockets that are only bound, which no tool lists unasked
_FAMILIES = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"}
_PROTOCOLS = {socket.IPPROTO_TCP: "TCP", socket.IPPROTO_UDP: "UDP"}
_LENGTHS = {socket.AF_INET: 4, socket.AF_INET6: 16}
_LARGEST_ANSWER = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process whose sockets these are, by the numbers that the kernel has for them (inodes)."""

    command: str
    pid: int
    inodes: frozenset[int]


def this_process() -> Owner:
    """The lab's programs run in one process, this one."""
    return Owner(
        command=Path("/proc/self/comm").read_text(encoding="utf-8").strip(),
        pid=os.getpid(),
        inodes=frozenset(_inodes()),
    )


def _inodes() -> Iterator[int]:
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one by which the folder was read
            kind, _, number = str(each.readlink()).partition(":")
            if kind == "socket":
                yield int(number.strip("[]"))


def sockets_of(kernel: socket.socket, side: Side, owner: Owner) -> tuple[list[SocketRow], list[str]]:
    """All of one host, asked by a sock_diag socket of its namespace; and the protocols that its kernel does not tell
    of, because it was built without that."""
    rows: list[SocketRow] = []
    untold: list[str] = []
    for protocol, name in _PROTOCOLS.items():
        try:
            for family in _FAMILIES:
                rows += (_row(message, side, name, owner) for message in _dump(kernel, family, protocol))
        except OSError:
            untold.append(name)
    return rows, untold


def _dump(kernel: socket.socket, family: int, protocol: int) -> list[bytes]:
    """Raises OSError."""
    request = _REQUEST.pack(family, protocol, 0, _STATES)
    head = _HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _REQUEST_DUMP, 0, 0)
    kernel.send(head + request)
    found: list[bytes] = []
    while True:
        for kind, body in _messages(kernel.recv(_LARGEST_ANSWER)):
            if kind == _DONE:
                return found
            if kind == _ERROR:
                number = -struct.unpack_from("=i", body)[0]
                raise OSError(number, os.strerror(number))
            found.append(body)


def _messages(answer: bytes) -> Iterator[tuple[int, bytes]]:
    """Each is padded to four octets (man 7 netlink)."""
    at = 0
    while at + _HEADER.size <= len(answer):
        length, kind, *_rest = _HEADER.unpack_from(answer, at)
        yield kind, answer[at + _HEADER.size : at + length]
        at += (length + 3) & ~3


def _row(message: bytes, side: Side, protocol: str, owner: Owner) -> SocketRow:
    family, number, _timer, _tries, *ends, expires, uid, inode = _MESSAGE.unpack_from(message)
    local_port, remote_port, local, remote = ends
    state = BY_NUMBER.get(number) if protocol == "TCP" else None
    command, pid = _who(inode, owner)
    return SocketRow(
        host=side.value,
        command=command,
        pid=pid,
        user=_name_of(uid) if pid != 0 else "",
        family=_FAMILIES[family],
        protocol=protocol,
        local_ip=_address(family, local),
        local_port=int.from_bytes(local_port, "big"),
        remote_ip=_address(family, remote) if remote_port != b"\0\0" else "",
        remote_port=int.from_bytes(remote_port, "big"),
        state="" if state is None else state.value,
        expires_ms=expires if state is TcpState.TIME_WAIT else None,
    )


def _who(inode: int, owner: Owner) -> tuple[str | None, int | None]:
    """What is in TIME-WAIT has no inode: its process has closed it."""
    if inode == 0:
        return "", 0
    return (owner.command, owner.pid) if inode in owner.inodes else (None, None)


def _name_of(uid: int) -> str:
    """Users are counted in the lab's own user namespace, where whoever has started it is root."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _address(family: int, octets: bytes) -> str:
    return socket.inet_ntop(family, octets[: _LENGTHS[socket.AddressFamily(family)]])
