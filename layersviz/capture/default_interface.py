"""The network interface that this machine's traffic leaves by, as its routing table has it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """A network interface: dotted IPv4 address, colon-separated lower-case MAC address."""

    name: str
    ip: str
    mac: str


def default_interface() -> Interface | None:
    """The interface of the default IPv4 route; None where there is none or the system does not tell.

    Scapy reads the routing tables of Linux, macOS, BSD and Windows alike.
    """
    try:
        from scapy.arch import get_if_addr, get_if_hwaddr
        from scapy.route import Route

        # A route is (network, mask, gateway, interface, source address, metric).
        routes = [route for route in Route().routes if route[0] == route[1] == 0 and route[3] != "lo"]
        if not routes:
            return None
        name = min(routes, key=lambda route: route[5])[3]
        return Interface(name=str(name), ip=get_if_addr(name), mac=get_if_hwaddr(name).lower())
    except Exception:  # whatever a system's own tables hold, a line of greeting must not end the program
        return None
