"""Carries frames along the wire: takes them, keeps each as long as its run's passage wants, hands it on, tells of it.

Never sleeps: `carry` does what is due by now, `wakes_at` says when it is to be called again.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from layersviz.core.host import Side
from layersviz.lab.damage import flipped
from layersviz.lab.faults import Carried
from layersviz.lab.orders import Reports
from layersviz.lab.run import Run
from layersviz.lab.socket_states import Look, SocketStates
from layersviz.lab.under_way import UnderWay
from layersviz.lab.wire import Sighting, Wire


class Carrier:
    """Of one wire, for one run after the other."""

    def __init__(self, wire: Wire, states: SocketStates, reports: Reports) -> None:
        self._wire = wire
        self._states = states
        self._reports = reports
        self._under_way = UnderWay()
        self._run: Run | None = None
        self._delays_ns: Mapping[Side, int] = {}
        self._told = 0
        self._numbers: dict[int, int] = {}
        self._held_told: tuple[int, ...] = ()

    def begin(self, run: Run, states: SocketStates, delays_ns: Mapping[Side, int]) -> None:
        """Frames are this run's from now on; each side's are later by `delays_ns` than by the wire's length."""
        self._run, self._states, self._delays_ns = run, states, delays_ns
        self._told, self._numbers, self._held_told = 0, {}, ()

    def end(self) -> None:
        self._run, self._delays_ns = None, {}

    @property
    def is_under_way(self) -> bool:
        """A frame is on its way that nothing holds."""
        return bool(self._under_way)

    @property
    def wakes_at(self) -> float | None:
        """On the monotonic clock in seconds; None where nothing is to come by itself."""
        overdue = None if self._run is None else self._run.passage.next_overdue_ns
        moments = [moment for moment in (self._under_way.next_due_ns, overdue) if moment is not None]
        return min(moments) / 1e9 if moments else None

    def look(self) -> Look | None:
        """Both kernels' states and timers of the run's connection, None where it has none."""
        return None if self._run is None or self._run.expected is None else self._states.look()

    def carry(self) -> bool:
        """Hand on all that is due and take all that waits at the plugs; False where nothing was handed on."""
        carried = False
        while True:
            if self._run is not None:
                self._put(self._run.passage.overdue(time.monotonic_ns()))
            if (frame := self._under_way.pop_due(time.monotonic_ns())) is not None:
                self._hand_on(frame)
                carried = True
            elif (sighting := self._wire.take()) is not None:
                self._take(sighting)
            else:
                self._tell_held()
                return carried

    def let_go(self, number: int) -> None:
        """The held frame of that number goes on, all of them for 0."""
        if self._run is not None:
            self._put(self._run.passage.let_go(number))
            self._tell_held()

    def let_kept_go(self) -> bool:
        """Nothing more will come that a frame could wait for. False where none does."""
        kept = [] if self._run is None else self._run.passage.let_kept_go()
        self._put(kept)
        return bool(kept)

    def give_up(self) -> None:
        """The run is broken off: all that is on the wire arrives now, and nothing is kept there any more."""
        if self._run is not None:
            self._delays_ns = {}
            self._put(self._run.passage.give_up())
            self._under_way.hurry()
            self._tell_held()

    def _take(self, sighting: Sighting) -> None:
        due_ns = self._due_ns(sighting)
        if self._run is None or not self._run.owns(sighting.octets):
            self._put([Carried(sighting=sighting, taken=None, due_ns=due_ns)])
        else:
            self._enter(self._run, sighting, due_ns)

    def _enter(self, run: Run, sighting: Sighting, due_ns: int) -> None:
        look = self.look()
        frame = run.passage.name(sighting, None if look is None else look.states, due_ns)
        if frame.is_kept or self._delays_ns.get(sighting.sender, 0) > 0:
            self._reports.tell("taken", **_as_sent(run, frame))
        self._put(run.passage.enter(frame))

    def _due_ns(self, sighting: Sighting) -> int:
        """On the monotonic clock; what a host sent before we looked has been on its way since then."""
        delay_ns = self._wire.delay_ns + self._delays_ns.get(sighting.sender, 0)
        under_way_ns = min(delay_ns, max(0, time.time_ns() - sighting.time_ns))
        return self._under_way.due_ns(sighting.sender, time.monotonic_ns() + delay_ns - under_way_ns)

    def _put(self, frames: Iterable[Carried]) -> None:
        for frame in frames:
            self._under_way.put(frame)

    def _hand_on(self, frame: Carried) -> None:
        """Whole, before anything else happens; a lost one stays where it is, and a broken one at the card."""
        sighting = frame.sighting
        arrived_ns = max(sighting.time_ns, time.time_ns())
        held_ns = max(0, time.monotonic_ns() - frame.due_ns) if frame.is_kept else 0
        if not (frame.lost or frame.at_card):
            self._wire.send(sighting.sender.other, _arriving(frame))
        if self._run is not None and frame.ordinal > 0:
            self._tell(self._run, frame, 0 if frame.lost else arrived_ns, held_ns)
            self._put([] if frame.is_copy else self._run.passage.left(frame))

    def _tell(self, run: Run, frame: Carried, arrived_ns: int, held_ns: int) -> None:
        self._told += 1
        copy_of = self._numbers.get(frame.ordinal, 0) if frame.is_copy else 0
        self._numbers.setdefault(frame.ordinal, self._told)
        look = self.look()
        fate = {
            "deed": frame.deed,
            "flipped_bit": frame.flipped_bit,
            "at_card": frame.at_card or None,
            "copy_of": copy_of or None,
            "arrived_ns": arrived_ns or None,
            "held_ns": held_ns or None,
            "timers": None if look is None or look.has_no_timer else asdict(look.timers),
        }
        self._reports.tell(
            "frame",
            **_as_sent(run, frame),
            delivered=None if look is None else asdict(look.states),
            lost=frame.lost,
            **{name: value for name, value in fate.items() if value is not None},
        )

    def _tell_held(self) -> None:
        """All that is held now, where that has changed; nobody's patience runs out meanwhile."""
        run = self._run
        if run is None or tuple(run.passage.held) == self._held_told:
            return
        self._held_told = tuple(run.passage.held)
        run.let_clock_run(not self._held_told, time.monotonic())
        held = [_held(number, frame) for number, frame in run.passage.held.items()]
        self._reports.tell("held", run=run.number, held=held)


def _as_sent(run: Run, frame: Carried) -> dict[str, Any]:
    sighting = frame.sighting
    return {
        "run": run.number,
        "time_ns": sighting.time_ns,
        "sender": sighting.sender,
        "octets": sighting.octets.hex(),
        "taken": None if frame.taken is None else asdict(frame.taken),
    }


def _held(number: int, frame: Carried) -> dict[str, Any]:
    sighting = frame.sighting
    return {
        "number": number,
        "sender": sighting.sender,
        "frame": frame.kind,
        "nth": frame.nth,
        "since_ns": sighting.time_ns,
        "octets": sighting.octets.hex(),
    }


def _arriving(frame: Carried) -> bytes:
    octets = frame.sighting.octets
    return octets if frame.flipped_bit is None else flipped(octets, frame.flipped_bit)
