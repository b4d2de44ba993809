"""The conversations of a capture: who spoke with whom, how much, and how it went.

Knows nothing of how they are counted (`tallies.py`), nor of how a frame is read.
"""

import msgspec


class ConversationEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One end: its address, its port where there are ports, what it sent, and its TCP state where it is known.

    The address is of IP, for ARP too; a MAC address where there is no IP; empty where the link has none.
    """

    address: str
    port: int | None = None
    frames: int
    bytes: int
    state: str | None = None


class Conversation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One conversation; `first` is the end that spoke first. Times are seconds, `first_time` since 1970.

    `application` is what it carries, empty where that is not plain. For TCP: `stream` as Wireshark numbers it,
    `completeness` by its bits, how it opened and closed, the `flags` that were seen, and how often each finding of the
    analysis was made.
    """

    protocol: str
    first: ConversationEnd
    second: ConversationEnd
    first_frame: int
    first_time: float | None
    duration: float | None
    application: str = ""
    stream: int | None = None
    opened: str | None = None
    closed: str | None = None
    completeness: int | None = None
    initial_rtt: float | None = None
    flags: tuple[str, ...] = ()
    findings: dict[str, int] = {}
