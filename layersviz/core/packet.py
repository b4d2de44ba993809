"""A packet of a capture: octets with a time and a link type, from whatever file or wire.

Knows nothing of what the octets mean, nor who sent them.
"""

from enum import IntEnum

import msgspec


class LinkType(IntEnum):
    """What the octets begin with, by the numbers of pcap's link types (LINKTYPE_...)."""

    NULL = 0
    ETHERNET = 1
    RAW = 101
    LOOP = 108
    LINUX_SLL = 113
    IPV4 = 228
    IPV6 = 229
    LINUX_SLL2 = 276


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """One packet as a capture holds it.

    `number` counts from 1. `length` is what was on the wire, more than `octets` where a snap length cut it.
    `time_ns` is nanoseconds since 1970 (UTC), None where the capture has no time. `link_type` is any number of
    pcap's, also one that `LinkType` does not name. `interface` is pcapng's number of the interface, None in pcap.
    `comments` are pcapng's. `position` is where the octets lie in the capture file (of a gzipped one in what it
    unpacks to), 0 where they are from no file.
    """

    number: int
    octets: bytes
    length: int
    time_ns: int | None
    link_type: int = LinkType.ETHERNET
    interface: int | None = None
    comments: tuple[str, ...] = ()
    position: int = 0
