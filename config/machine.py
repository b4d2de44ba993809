"""What this machine is: what others on the network may call it, and what its clock shows.

Refuses to ask anyone: nothing here sends a packet.
"""

import fcntl
import os
import socket
import struct
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

_SIOCGIFADDR = 0x8915
_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): no one has it, so that the route to it is the default route."""

EVERYWHERE = ("0.0.0.0", "::")
"""What a server listens on to be reached by every address that the machine has."""

# Scope and flags of linux/if_addr.h: temporary, failed, outdated, tentative.
_OF_THE_LINK, _NOT_TO_RELY_ON = 0x20, 0x01 | 0x08 | 0x20 | 0x40

_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]


def names_for(host: str) -> list[str]:
    """The names that a page may be opened by when the server listens on that address."""
    further = own_names() if host in EVERYWHERE else [f"[{host}]" if ":" in host else host]
    return list(dict.fromkeys([*_LOOPBACK, *further]))


def own_names() -> list[str]:
    """Its host name, that in the .local domain (RFC 6762), and its addresses."""
    name = socket.gethostname().lower()
    return list(dict.fromkeys([name, f"{name.partition('.')[0]}.local", *own_addresses()]))


def own_addresses() -> list[str]:
    """Its addresses but for loopback; the one by which it reaches other networks comes first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        found = [_way_out(probe), *(_address_of(interface, probe) for _, interface in socket.if_nameindex())]
    return [address for address in dict.fromkeys(found) if address and not address.startswith("127.")]


def network_address(host: str) -> str:
    """What other machines reach a server by that listens there; empty where they can't, or its own name says it."""
    own = own_addresses() if host in EVERYWHERE else []
    return own[0] if own else ""


def _way_out(probe: socket.socket) -> str:
    """The address that the default route leaves from; empty where there is none. To connect UDP sends nothing."""
    try:
        probe.connect(_ELSEWHERE)
    except OSError:
        return ""
    return str(probe.getsockname()[0])


def _address_of(interface: str, probe: socket.socket) -> str:
    """The interface's first address; empty where it has none or the system is not Linux."""
    try:
        answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", interface.encode()[:15]))
    except OSError:
        return ""
    return socket.inet_ntoa(answer[20:24])


def addresses_of(interface: str) -> list[str]:
    """The addresses by which others reach one interface, IPv4 first; none where it has none or does not exist."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        ipv4 = _address_of(interface, probe)
    return [*([ipv4] if ipv4 else []), *_ipv6_addresses_of(interface)]


def _ipv6_addresses_of(interface: str) -> list[str]:
    """Those that last and that a browser can open: none of the link alone, none that is temporary or not sure yet."""
    try:
        lines = Path("/proc/net/if_inet6").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    rows = [line.split() for line in lines]  # address, index, prefix, scope, flags, name
    return [
        socket.inet_ntop(socket.AF_INET6, bytes.fromhex(row[0]))
        for row in rows
        if row[5] == interface and int(row[3], 16) != _OF_THE_LINK and not int(row[4], 16) & _NOT_TO_RELY_ON
    ]


def python_that_may_capture() -> str:
    """The copy of our Python that `make live-rights` makes; where it did not, our Python itself, which root may use."""
    copy = Path(sys.executable).with_name("python-live")
    return str(copy) if os.access(copy, os.X_OK) else sys.executable


def own_time_zone(named: str) -> str:
    """The zone of the operator's clock: the one that TZ names, else the system's, else UTC."""
    link = Path("/etc/localtime")
    linked = str(link.readlink()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return next((zone for zone in (named.lstrip(":"), linked) if _is_zone(zone)), "UTC")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True
