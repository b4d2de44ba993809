"""The two hosts of a run, by the side of the wire that each is on."""

from dataclasses import dataclass, replace
from enum import StrEnum

from layersviz.core.said import Said, said


class Side(StrEnum):
    """A side of the wire: the client opens the connection or asks first, the server waits for it."""

    CLIENT = "client"
    SERVER = "server"

    @property
    def other(self) -> "Side":
        return Side.SERVER if self is Side.CLIENT else Side.CLIENT

    @property
    def word(self) -> Said:
        """For a sentence."""
        return _CLIENT if self is Side.CLIENT else _SERVER

    @property
    def capital(self) -> Said:
        """For the beginning of a sentence."""
        return _CAPITAL_CLIENT if self is Side.CLIENT else _CAPITAL_SERVER


_CLIENT, _SERVER = said("client"), said("server")
_CAPITAL_CLIENT, _CAPITAL_SERVER = said("Client"), said("Server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One end: its address in text form (IPv4 or IPv6), colon-separated lower-case MAC address, port 0 to 65535.

    `mac` is empty where the link has none, `port` 0 where the conversation has none.
    """

    side: Side
    ip: str
    mac: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Both ends of a run."""

    client: Host
    server: Host

    def over_ipv6(self) -> "Hosts":
        """The same, given by IPv4 addresses, by IPv6 ones that end as those do: 10.0.0.3 is fd00::3 as well."""
        return Hosts(client=_over_ipv6(self.client), server=_over_ipv6(self.server))

    def at(self, side: Side) -> Host:
        return self.client if side is Side.CLIENT else self.server


def _over_ipv6(host: Host) -> Host:
    return replace(host, ip=_NETWORK + host.ip.rpartition(".")[2])


_NETWORK = "fd00::"
"""Unique local addresses (RFC 4193). The lab is no network that others could meet, so its 40 bits need no chance."""
