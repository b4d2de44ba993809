"""What was asked of a run against what became of its frames; and random orders of faults to ask for.

Kinds and numbers of frames are found here anew from the octets: what is tested must not be what counts.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from layersviz.core.host import Side
from layersviz.core.order import Deed, Fault, FrameKind, Named, Order, Place, why_not
from layersviz.lab.frame_kind import glance
from layersviz.lab.scenes import SCENES as LAB_SCENES
from tests.lab.frames import TCP, UDP, Seen, frames_of
from tests.lab.lab_child import Report

KEEPING = (Deed.HOLD, Deed.SWAP, Deed.DELAY)
TOUCHED = ("deed", "flipped_bit", "at_card", "copy_of", "held_ns")


def more(order: Order) -> dict[str, Any]:
    """For LabChild.order and LabChild.play."""
    return {name: value for name, value in asdict(order).items() if name not in ("scene", "cold")}


def kind_of(frame: Seen) -> FrameKind:
    if frame.is_resolution:
        return FrameKind.ARP
    if frame.protocol != TCP:
        return FrameKind.DATAGRAM if frame.protocol == UDP else FrameKind.ICMP
    for flag, kind in (("RST", FrameKind.RST), ("SYN", FrameKind.SYN)):
        if flag in frame.flags:
            return FrameKind.SYN_ACK if {"SYN", "ACK"} <= frame.flags and flag == "SYN" else kind
    if frame.payload:
        return FrameKind.DATA
    return FrameKind.FIN if "FIN" in frame.flags else FrameKind.ACK


def by_name(reports: Iterable[Report]) -> Iterator[tuple[Named, Seen]]:
    """Each frame that a host has sent by its name, in the order of sending."""
    seen: Counter[tuple[Side, FrameKind]] = Counter()
    sent = [frame for frame in frames_of(list(reports)) if not frame.report.get("copy_of")]
    for frame in sorted(sent, key=lambda frame: frame.report["time_ns"]):
        sender, kind = Side(frame.report["sender"]), kind_of(frame)
        seen[sender, kind] += 1
        yield (sender, kind, seen[sender, kind]), frame


def befallen(faults: dict[Named, Fault], reports: list[Report]) -> tuple[int, int, list[str]]:
    """How many frames were named and did come, how many were touched, and what is not as it was asked for."""
    told = [report for report in reports if report["kind"] == "frame"]
    copies = Counter(report["copy_of"] for report in told if "copy_of" in report)
    asked = touched = 0
    wrong = []
    for name, frame in by_name(reports):
        fault = faults.get(name)
        number = 1 + told.index(frame.report)
        asked += fault is not None
        touched += any(field in frame.report for field in TOUCHED) or frame.report["lost"]
        if not is_as_asked(fault, frame, copies[number]):
            fate = {field: frame.report.get(field) for field in (*TOUCHED, "lost")}
            wrong.append(f"{name}: asked {fault}, got {fate} and {copies[number]} copies")
    return asked, touched, wrong


def is_as_asked(fault: Fault | None, frame: Seen, copies: int) -> bool:
    report = frame.report
    deed = None if fault is None else fault.deed
    if (report.get("deed"), report["lost"], copies) != (deed, deed is Deed.LOSE, int(deed is Deed.DUPLICATE)):
        return False
    if ("flipped_bit" in report) is not (deed is Deed.CORRUPT) or ("held_ns" in report and deed not in KEEPING):
        return False
    if fault is not None and deed is Deed.CORRUPT:
        is_at_card = fault.place is Place.ETHERNET
        return report.get("at_card", False) is is_at_card and report["flipped_bit"] in bits_of(frame, fault)
    return fault is None or deed is not Deed.DELAY or report["held_ns"] >= fault.delay_ms * 1_000_000


def bits_of(frame: Seen, fault: Fault) -> range:
    """All bits of the place that was asked for, or the one that was."""
    packet = 14 + len(frame.ip_header)
    end = packet + len(frame.segment)
    above = packet + {TCP: 4 * (frame.segment[12] >> 4) if frame.protocol == TCP else 0}.get(frame.protocol, 8)
    first, last = {
        Place.ETHERNET: (0, 14),
        Place.IP: (14, packet),
        Place.TRANSPORT: (packet, above),
        Place.DATA: (above, end),
    }[fault.place or Place.ETHERNET]
    if fault.bit < 0 or (fault.place is Place.TRANSPORT and frame.protocol == UDP):
        return range(8 * first, 8 * last)
    bit = 8 * first + fault.bit % (8 * (last - first))
    return range(bit, bit + 1)


def arrivals(reports: list[Report]) -> dict[str, list[str]]:
    """What must have come at each host's card, by what was told."""
    came: dict[str, list[str]] = {"client": [], "server": []}
    for report in reports:
        if report["kind"] == "frame" and not (report["lost"] or report.get("at_card")):
            octets = bytearray.fromhex(report["octets"])
            if "flipped_bit" in report:
                octet, bit = divmod(report["flipped_bit"], 8)
                octets[octet] ^= 1 << (7 - bit)
            came["server" if report["sender"] == "client" else "client"].append(octets.hex())
    return came


def came_otherwise(reports: list[Report]) -> str:
    """What came at a card though it was not told so, and what did not; empty where exactly that came, in that order."""
    over_ipv6 = ":" in reports[0]["client_ip"]  # a host may still ask for a neighbour by the other version
    told = arrivals(reports)
    port = reports[0]["client_port"]  # an earlier run's connection may still have something to say
    came = {
        side: [
            frame
            for frame in frames
            if frame in told[side] or ((frame[24:28] == "86dd") is over_ipv6 and is_between(frame, port))
        ]
        for side, frames in reports[-2]["came"].items()
    }
    if told == came:
        return ""
    more = {side: sorted(set(came[side]) - set(told[side])) for side in told}
    less = {side: sorted(set(told[side]) - set(came[side])) for side in told}
    return f"what came is not what was told: more {more}, less {less}"


def is_between(frame: str, port: int) -> bool:
    """Whether it is between that port and another, or has no ports at all."""
    ports = glance(bytes.fromhex(frame)).ports
    return not ports or port in ports


# --- random orders ----------------------------------------------------------------------------------------------------

SCENES = tuple(scene for scene in LAB_SCENES if not scene.endswith("-ipv6"))
_KINDS = tuple(kind for kind in FrameKind if kind is not FrameKind.OTHER)
_LIKELY = (
    (Side.CLIENT, FrameKind.SYN),
    (Side.SERVER, FrameKind.SYN_ACK),
    (Side.CLIENT, FrameKind.ACK),
    (Side.SERVER, FrameKind.ACK),
    (Side.CLIENT, FrameKind.DATA),
    (Side.SERVER, FrameKind.DATA),
    (Side.CLIENT, FrameKind.FIN),
    (Side.SERVER, FrameKind.FIN),
    (Side.CLIENT, FrameKind.DATAGRAM),
)


def random_order(chance: random.Random, *, scenes: tuple[str, ...] = SCENES) -> Order:
    """One that can be played; its waits are short, and what it may name need not come."""
    while True:
        order = Order(
            scene=chance.choice(scenes),
            ipv6=chance.random() < 0.5,
            cold=chance.random() < 0.3,
            faults=tuple(random_fault(chance) for _each in range(chance.randint(1, 4))),
            client_delay_ms=chance.choice((0, 0, 0, 20)),
            server_delay_ms=chance.choice((0, 0, 0, 20)),
        )
        if not why_not(order):
            return order


def random_fault(chance: random.Random) -> Fault:
    deed = chance.choice(tuple(Deed))
    any_one = (chance.choice(tuple(Side)), chance.choice(_KINDS))
    sender, kind = chance.choice(_LIKELY) if chance.random() < 0.8 else any_one
    return Fault(
        deed=deed,
        sender=sender,
        frame=kind,
        nth=chance.choice((1, 1, 1, 2, 3)),
        count=chance.choice((1, 1, 1, 2)),
        place=chance.choice(tuple(Place)) if deed is Deed.CORRUPT else None,
        bit=chance.choice((-1, chance.randrange(400))) if deed is Deed.CORRUPT else -1,
        delay_ms=chance.randint(1, 60) if deed is Deed.DELAY else 0,
    )


def asked_of(order: Order) -> dict[Named, Fault]:
    """By the order, and by its scene."""
    return LAB_SCENES[order.scene].faults_with(order.faults)
