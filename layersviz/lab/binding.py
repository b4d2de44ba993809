"""A try to bind a port on a host of the lab, with the right to privileged ports or without it (man 7 ip, man 7
capabilities): what the kernel really says."""

import errno
import os
import socket
from contextlib import nullcontext
from pathlib import Path

from layersviz.lab.kernel import CAP_NET_BIND_SERVICE, without_right
from layersviz.lab.namespaces import Namespace

_UNPRIVILEGED_FROM = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def try_to_bind(namespace: Namespace, ip: str, port: int, *, with_right: bool) -> int:
    """The kernel's error number, 0 where it let us. The port is free again at once."""
    with namespace.entered(), socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            with nullcontext() if with_right else without_right(CAP_NET_BIND_SERVICE):
                tried.bind((ip, port))
        except OSError as error:
            return error.errno or errno.EIO
    return 0


def unprivileged_from(namespace: Namespace) -> int | None:
    """The first port that needs no right there; None where the system does not say."""
    try:
        with namespace.entered():
            return int(_UNPRIVILEGED_FROM.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def words_of(number: int) -> str:
    """As the system names an error, empty for none: 'Permission denied'."""
    return os.strerror(number) if number else ""
