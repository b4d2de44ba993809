"""How long a run may take for what was asked of it: so long that what is lost can be sent again, and no longer.

Arithmetic only. A program gives up after its patience; what comes after is its kernel's to end.
"""

from collections import Counter
from collections.abc import Iterable

from layersviz.core.order import Deed, Fault, FrameKind, Order, named
from layersviz.core.timers import Clocks, syn_waits_s, textbook_waits_s

_LONGEST_S = 60.0
_BETWEEN_ARP_S = 1.0
_FIRST_REPEAT_S, _MOST_REPEATS = 0.4, 8
_SWAP_S = 1.5
_ROUND_TRIPS = 12
_AFTERWARDS_S = 20.0


def is_disturbed(order: Order, scene_faults: Iterable[Fault]) -> bool:
    """Something is asked for, or somebody decides how long a frame is held, that may make programs fail: then their
    failing is what happened, not a problem."""
    is_held = any(fault.deed is Deed.HOLD for fault in scene_faults)
    return bool(is_held or order.faults or order.client_delay_ms or order.server_delay_ms)


def patience_s(usual_s: float, order: Order, clocks: Clocks | None) -> float:
    """How long a program waits altogether, which would wait for `usual_s` on a wire without faults."""
    round_trip_s = (order.client_delay_ms + order.server_delay_ms) / 1000
    return usual_s + min(_LONGEST_S, _repairs_s(order.faults, clocks) + _ROUND_TRIPS * round_trip_s)


def longest_s(usual_s: float, patience: float | None, *, parts: int = 1) -> float:
    """How long a run may take whose programs have that patience, in each of its parts; None: they need none."""
    return usual_s if patience is None else max(usual_s, parts * patience) + _AFTERWARDS_S


def _repairs_s(faults: Iterable[Fault], clocks: Clocks | None) -> float:
    missing: Counter[FrameKind] = Counter()
    kept_s = 0.0
    for (_sender, kind, _nth), fault in named(faults).items():
        if fault.deed in (Deed.LOSE, Deed.CORRUPT):
            missing[kind] += 1
        elif fault.deed is Deed.SWAP:
            kept_s += _SWAP_S
        elif fault.deed is Deed.DELAY:
            kept_s += fault.delay_ms / 1000
    return kept_s + sum(_repair_s(kind, count, clocks) for kind, count in missing.items())


def _repair_s(kind: FrameKind, count: int, clocks: Clocks | None) -> float:
    """How long it takes until as many in a row have been sent again."""
    match kind:
        case FrameKind.SYN:
            return sum(textbook_waits_s(count) if clocks is None else syn_waits_s(clocks, count))
        case FrameKind.SYN_ACK:
            return sum(textbook_waits_s(count))
        case FrameKind.ARP:
            return _BETWEEN_ARP_S * count
        case FrameKind.DATAGRAM | FrameKind.ICMP | FrameKind.OTHER:
            return 0.0
        case _:
            return float(_FIRST_REPEAT_S * 2 ** min(count, _MOST_REPEATS))
