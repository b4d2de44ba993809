"""The two hosts of a run, by the side of the wire that each is on."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """A side of the wire: the client opens the connection or asks first, the server waits for it."""

    CLIENT = "client"
    SERVER = "server"

    @property
    def other(self) -> "Side":
        return Side.SERVER if self is Side.CLIENT else Side.CLIENT


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

    def at(self, side: Side) -> Host:
        return self.client if side is Side.CLIENT else self.server
