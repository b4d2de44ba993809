"""What shall go wrong on the wire, frame by frame: exact, repeatable, and over with its run.

Knows nothing of sockets: frames come in when they are taken and go out when they may be delivered.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.order import FrameKind
from layersviz.lab.frame_kind import glance
from layersviz.lab.wire import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One frame of a run: the `nth` (from 1) of that kind from that side."""

    sender: Side
    kind: FrameKind
    nth: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """This frame is taken and never delivered."""

    frame: Pick


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """This frame stays on the wire until the wire has taken another one."""

    frame: Pick
    until: Pick


Fault = Loss | Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A frame on its way, with both kernels' states when it was taken; None where there is no connection."""

    sighting: Sighting
    taken: States | None
    lost: bool = False


class Passage:
    """The way of one run's frames along the wire."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        faults = tuple(faults)
        self._lost = {fault.frame for fault in faults if isinstance(fault, Loss)}
        self._held_until = {fault.frame: fault.until for fault in faults if isinstance(fault, Hold)}
        self._seen: Counter[tuple[Side, FrameKind]] = Counter()
        self._held: list[tuple[Pick, Carried]] = []

    def enter(self, frame: Carried) -> list[Carried]:
        """Take a frame; gives those that go on now, in the order in which they were taken, lost ones too."""
        pick = self._count(frame.sighting)
        going = [held for until, held in self._held if until == pick]
        self._held = [(until, held) for until, held in self._held if until != pick]
        if pick in self._held_until:
            self._held.append((self._held_until[pick], frame))
            return going
        return [*going, replace(frame, lost=pick in self._lost)]

    def let_go(self) -> list[Carried]:
        """All that is still held, in order: the run is over."""
        held, self._held = self._held, []
        return [frame for _until, frame in held]

    def _count(self, sighting: Sighting) -> Pick:
        kind = glance(sighting.octets).kind
        self._seen[sighting.sender, kind] += 1
        return Pick(sender=sighting.sender, kind=kind, nth=self._seen[sighting.sender, kind])
