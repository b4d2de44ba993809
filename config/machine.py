"""What this machine is: what others on the network may call it, and what its clock shows.

Refuses to ask anyone: nothing here sends a packet.
"""

import fcntl
import socket
import struct
from pathlib import Path
from zoneinfo import ZoneInfo

_SIOCGIFADDR = 0x8915
_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): no one has it, so that the route to it is the default route."""

EVERYWHERE = ("0.0.0.0", "::")
"""What a server listens on to be reached by every address that the machine has."""

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
