"""What shall go wrong on the wire, frame by frame: exact, repeatable, and over with its run.

Knows nothing of sockets and clocks: frames come in when they are taken and go out when they go on; times are arguments.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.order import LONGEST_HOLD_S, Deed, Fault, FrameKind, Named, Place
from layersviz.lab.damage import ETHERNET_OCTETS, bit_of
from layersviz.lab.frame_kind import glance
from layersviz.lab.wire import Sighting

COPY_LATER_NS = 200_000
LONGEST_SWAP_NS = 1_500_000_000
"""A frame that waits for the next one of its side goes on without it then: a second SYN needs one second."""
KEEPING = (Deed.DELAY, Deed.SWAP, Deed.HOLD)
LONGEST_HOLD_NS = LONGEST_HOLD_S * 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What a scene needs: the one frame stays on the wire until the other, on its way against it, has been taken."""

    frame: Named
    until: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A frame on its way, with both kernels' states when it was taken; None where there is no connection.

    `due_ns` is when it is to be handed on if no fault keeps it, on the monotonic clock; `extra_ns` is added to that.
    `ordinal` counts the frames of its run from 1, `nth` those of its kind and side. The rest is what becomes of it, as
    in `core.frame.Frame`.
    """

    sighting: Sighting
    taken: States | None
    due_ns: int = 0
    extra_ns: int = 0
    ordinal: int = 0
    kind: FrameKind = FrameKind.OTHER
    nth: int = 0
    deed: Deed | None = None
    lost: bool = False
    flipped_bit: int | None = None
    at_card: bool = False
    is_copy: bool = False

    @property
    def name(self) -> Named:
        return (self.sighting.sender, self.kind, self.nth)

    @property
    def is_kept(self) -> bool:
        """A fault keeps it on the wire longer than others."""
        return self.deed in KEEPING


class Passage:
    """The way of one run's frames along the wire."""

    def __init__(self, faults: Mapping[Named, Fault], crossings: Iterable[Crossing] = ()) -> None:
        self.held: dict[int, Carried] = {}
        """By the number that each has among the held ones, from 1."""
        self._faults = faults
        self._crosses = {each.frame: each.until for each in crossings}
        self._seen: Counter[tuple[Side, FrameKind]] = Counter()
        self._ordinal = 0
        self._held_ever = 0
        self._crossing: list[tuple[Named, Carried]] = []
        self._behind: list[tuple[Carried, int | None]] = []  # the ordinal of the frame that it goes behind
        self._is_over = False
        self._deeds: Mapping[Deed, Callable[[Carried, Fault], list[Carried]]] = {
            Deed.LOSE: lambda frame, _fault: [replace(frame, lost=True)],
            Deed.DUPLICATE: _twice,
            Deed.CORRUPT: _damaged,
            Deed.DELAY: lambda frame, fault: [replace(frame, extra_ns=fault.delay_ms * 1_000_000)],
            Deed.SWAP: self._put_behind,
            Deed.HOLD: self._hold,
        }

    def name(self, sighting: Sighting, taken: States | None, due_ns: int) -> Carried:
        """Which frame of the run it is that was just taken, and what was asked for it; before it enters."""
        sender, kind = sighting.sender, glance(sighting.octets).kind
        self._seen[sender, kind] += 1
        self._ordinal += 1
        nth = self._seen[sender, kind]
        fault = self._faults.get((sender, kind, nth))
        deed = None if fault is None or (self._is_over and fault.deed in KEEPING) else fault.deed
        return Carried(
            sighting=sighting, taken=taken, due_ns=due_ns, ordinal=self._ordinal, kind=kind, nth=nth, deed=deed
        )

    def enter(self, frame: Carried) -> list[Carried]:
        """A named frame enters; gives those that go on now, in the order in which they were taken, lost ones too."""
        self._let_be_next(frame)
        going = self._met(frame.name)
        if frame.deed is not None:
            return [*going, *self._deeds[frame.deed](frame, self._faults[frame.name])]
        until = self._crosses.get(frame.name)
        if until is None or self._has_seen(until):
            return [*going, frame]
        self._crossing.append((until, frame))
        return going

    def left(self, frame: Carried) -> list[Carried]:
        """This one has left the wire; gives those that were to go behind it."""
        going = [one for one, behind in self._behind if behind == frame.ordinal]
        self._behind = [(one, behind) for one, behind in self._behind if behind != frame.ordinal]
        return going

    def let_go(self, number: int) -> list[Carried]:
        """The held frame of that number, all of them for 0; nothing where it is not held."""
        if number != 0:
            return [self.held.pop(number)] if number in self.held else []
        held, self.held = list(self.held.values()), {}
        return held

    def let_kept_go(self) -> list[Carried]:
        """All that waits for another frame: there will be none."""
        kept = [frame for _until, frame in self._crossing] + [frame for frame, _behind in self._behind]
        self._crossing, self._behind = [], []
        return sorted(kept, key=lambda frame: frame.ordinal)

    def give_up(self) -> list[Carried]:
        """The run is over: everything goes on, and nothing is kept any more."""
        self._is_over = True
        return [*self.let_kept_go(), *self.let_go(0)]

    def overdue(self, now_ns: int) -> list[Carried]:
        """What has been kept for as long as the lab allows."""
        late = [number for number, frame in self.held.items() if now_ns >= frame.due_ns + LONGEST_HOLD_NS]
        going = [self.held.pop(number) for number in late]
        going += [frame for frame, _behind in self._behind if now_ns >= frame.due_ns + LONGEST_SWAP_NS]
        self._behind = [each for each in self._behind if now_ns < each[0].due_ns + LONGEST_SWAP_NS]
        return going

    @property
    def next_overdue_ns(self) -> int | None:
        """When `overdue` will give something; None where nothing is kept."""
        moments = [frame.due_ns + LONGEST_HOLD_NS for frame in self.held.values()]
        moments += [frame.due_ns + LONGEST_SWAP_NS for frame, _behind in self._behind]
        return min(moments, default=None)

    def _has_seen(self, frame: Named) -> bool:
        sender, kind, nth = frame
        return self._seen[sender, kind] >= nth

    def _met(self, this: Named) -> list[Carried]:
        going = [frame for until, frame in self._crossing if until == this]
        self._crossing = [(until, frame) for until, frame in self._crossing if until != this]
        return going

    def _let_be_next(self, frame: Carried) -> None:
        """It is the next of its side for whatever waits to go behind one."""
        sender, ordinal = frame.sighting.sender, frame.ordinal
        self._behind = [
            (one, ordinal if behind is None and one.sighting.sender is sender else behind)
            for one, behind in self._behind
        ]

    def _put_behind(self, frame: Carried, _fault: Fault) -> list[Carried]:
        self._behind.append((frame, None))
        return []

    def _hold(self, frame: Carried, _fault: Fault) -> list[Carried]:
        self._held_ever += 1
        self.held[self._held_ever] = frame
        return []


def _twice(frame: Carried, _fault: Fault) -> list[Carried]:
    return [frame, replace(frame, is_copy=True, extra_ns=COPY_LATER_NS)]


def _damaged(frame: Carried, fault: Fault) -> list[Carried]:
    """What is wrong in the Ethernet header the card finds; all else was damaged in a device between two links."""
    bit = bit_of(frame.sighting.octets, fault.place or Place.ETHERNET, fault.bit)
    return [replace(frame, flipped_bit=bit, at_card=bit < 8 * ETHERNET_OCTETS)]
