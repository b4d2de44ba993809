"""What a run is asked to be: a scene, and what shall go wrong on the wire, frame by frame. Values and their bounds.

Shared by pages, rooms and the lab's child, so nothing but the standard library and `core` is needed here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from layersviz.core.host import Side
from layersviz.core.said import said

HANDSHAKE = "handshake"
"""The scene that every source of frames plays; the lab knows more, by the names in `layersviz.lab.scenes`."""
MOST_FAULTS, MOST_NTH, MOST_COUNT = 8, 20, 4
LONGEST_DELAY_MS, LONGEST_HOLD_S = 2_000, 120
MOST_BITS = 8 * 1_500
LAST_PORT = 65_535


class FrameKind(StrEnum):
    """A frame is of one kind only: a segment with data is DATA whatever else it says, unless it has SYN or RST.

    ARP stands for IPv6's neighbour discovery as well, ICMP for ICMPv6's errors.
    """

    ARP = "ARP"
    SYN = "SYN"
    SYN_ACK = "SYN/ACK"
    ACK = "bare ACK"
    DATA = "data"
    FIN = "FIN"
    RST = "RST"
    DATAGRAM = "UDP datagram"
    ICMP = "ICMP"
    OTHER = "other"


class Deed(StrEnum):
    """What the wire does to a frame. SWAP: it goes behind the next frame of its side."""

    LOSE = "lose"
    DUPLICATE = "duplicate"
    CORRUPT = "corrupt"
    SWAP = "swap"
    DELAY = "delay"
    HOLD = "hold"


KEPT = frozenset({Deed.HOLD, Deed.DELAY, Deed.SWAP})
"""What leaves the wire later than it would by itself."""


class Place(StrEnum):
    """Where the wrong bit of a corrupted frame is.

    ETHERNET: the frame is damaged on the wire, and the receiver's card finds it by the frame check sequence. The
    others: inside a device between two links, which computes a new, true check sequence behind it.
    """

    ETHERNET = "ethernet"
    IP = "ip"
    TRANSPORT = "transport"
    DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """From the `nth` (from 1) frame of that kind and side on, `count` in a row.

    CORRUPT: `place`, and the `bit` of it in network order from 0, -1 where it is the lab's to choose. DELAY: `delay_ms`
    more than the direction's. HOLD: until the presenter lets it go.
    """

    deed: Deed
    sender: Side
    frame: FrameKind
    nth: int = 1
    count: int = 1
    place: Place | None = None
    bit: int = -1
    delay_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One run. `cold`: both hosts forget each other's MAC address first, so that ARP or neighbour discovery is seen.

    `client_delay_ms` is what each frame that the client sends takes beside the wire's own time, `server_delay_ms` the
    same for the server's. `server_port` 0 is the lab's own. `textbook`: SYNs are repeated after 1, 2, 4, 8 s.
    """

    scene: str = HANDSHAKE
    ipv6: bool = False
    cold: bool = False
    faults: tuple[Fault, ...] = ()
    client_delay_ms: int = 0
    server_delay_ms: int = 0
    server_port: int = 0
    textbook: bool = False


PLAIN = Order()
COLD = Order(cold=True)

Named = tuple[Side, FrameKind, int]
"""One frame of a run: its sender, its kind, and which of them it is, from 1."""


def named(faults: Iterable[Fault]) -> dict[Named, Fault]:
    """The fault of each frame that is named."""
    return {(each.sender, each.frame, each.nth + more): each for each in faults for more in range(each.count)}


def why_not(order: Order) -> str:
    """Why it can't be played, in one sentence; empty where nothing is wrong with it."""
    if not 0 <= order.server_port <= LAST_PORT:
        return said("A port is a number from 1 to {last}.", last=LAST_PORT)
    if not all(0 <= delay <= LONGEST_DELAY_MS for delay in (order.client_delay_ms, order.server_delay_ms)):
        return said("A direction may be slower by {most} ms at most.", most=LONGEST_DELAY_MS)
    if len(order.faults) > MOST_FAULTS:
        return said("One run has {most} faults at most.", most=MOST_FAULTS)
    for fault in order.faults:
        if sentence := _why_no_fault(fault):
            return sentence
    if len(named(order.faults)) < sum(fault.count for fault in order.faults):
        return said("Two faults name the same frame.")
    return ""


def _why_no_fault(fault: Fault) -> str:
    if not (1 <= fault.nth <= MOST_NTH and 1 <= fault.count <= MOST_COUNT):
        return said(
            "A fault names {count} frames in a row at most, of the first {nth}.", count=MOST_COUNT, nth=MOST_NTH
        )
    if fault.deed is Deed.DELAY and not 1 <= fault.delay_ms <= LONGEST_DELAY_MS:
        return said("A frame may be late by 1 to {most} ms.", most=LONGEST_DELAY_MS)
    return _why_no_damage(fault) if fault.deed is Deed.CORRUPT else ""


def _why_no_damage(fault: Fault) -> str:
    if fault.place is None or not -1 <= fault.bit < MOST_BITS:
        return said("A wrong bit needs its place: a header or the data.")
    if fault.place is not Place.ETHERNET and fault.frame in (FrameKind.ARP, FrameKind.OTHER):
        return said("Of such a frame only the Ethernet header can be damaged here.")
    if fault.place is Place.DATA and fault.frame not in (FrameKind.DATA, FrameKind.DATAGRAM):
        return said("Such a frame carries no data that could be damaged.")
    return ""


def to_plain(order: Order) -> dict[str, Any]:
    """For a line of JSON."""
    return asdict(order)


def from_plain(value: Mapping[str, Any]) -> Order:
    """The other way. Raises KeyError, TypeError or ValueError where it is no order."""
    return Order(**{**value, "faults": tuple(_fault(each) for each in value.get("faults", ()))})


def _fault(value: Mapping[str, Any]) -> Fault:
    place = value.get("place")
    return Fault(
        **{
            **value,
            "deed": Deed(value["deed"]),
            "sender": Side(value["sender"]),
            "frame": FrameKind(value["frame"]),
            "place": None if place is None else Place(place),
        }
    )
