"""The capturing child's one loop: frames in, visits followed, lines out, until standard input has ended."""

import time
from dataclasses import asdict, replace
from selectors import EVENT_READ, PollSelector

from layersviz.lab.orders import Lines, Reports
from layersviz.live.interface import Interface
from layersviz.live.refusal import is_down
from layersviz.live.route import is_on_our_link
from layersviz.live.segment import End, read_segment
from layersviz.live.tap import Sighting, Tap
from layersviz.live.visits import Began, Ended, Happening, Seen, Visits

LOOK_EVERY_S = 0.5
"""How often the interface's state is looked at, and visits that last too long are let go."""
FRAMES_A_LOOK = 1_000
"""Of more than these between two looks the kernel drops what it has no room for, and tells how many."""


class Watch:
    """Tells of the visits that the tap shows."""

    def __init__(self, interface: Interface, tap: Tap, visits: Visits, lines: Lines, reports: Reports) -> None:
        self._interface = interface
        self._tap = tap
        self._visits = visits
        self._lines = lines
        self._reports = reports
        self._was_up: bool | None = None
        self._missed = 0
        self._told_missed = (0, 0)
        self._selector = PollSelector()
        self._selector.register(lines.descriptor, EVENT_READ)
        self._selector.register(tap.socket, EVENT_READ)

    def go_on(self) -> None:
        """Raises OSError where the interface is gone."""
        look_at_s, left = 0.0, FRAMES_A_LOOK
        while not self._lines.have_ended:
            now_s = time.monotonic()
            if now_s >= look_at_s:
                look_at_s, left = now_s + LOOK_EVERY_S, FRAMES_A_LOOK
                self._look(now_s)
            if left <= 0:
                self._selector.unregister(self._tap.socket)
            ready = {key.fd for key, _events in self._selector.select(max(0.0, look_at_s - time.monotonic()))}
            if left <= 0:
                self._selector.register(self._tap.socket, EVENT_READ)
            if self._lines.descriptor in ready:
                list(self._lines.read())  # nothing is asked of us: what counts is its end
            if self._tap.socket.fileno() in ready:
                left -= self._take()

    def _look(self, now_s: float) -> None:
        for ended in self._visits.expire(now_s):
            self._tell(ended)
        is_up = self._interface.is_up()
        if is_up != self._was_up:
            self._was_up = is_up
            self._tell_state(is_up)
        self._missed += self._tap.missed()
        missed = (self._visits.passed_over, self._missed)
        if missed != self._told_missed:
            self._told_missed = missed
            self._reports.tell("missed", visits=missed[0], frames=missed[1])

    def _tell_state(self, is_up: bool) -> None:
        if is_up:
            self._reports.tell("ready", link_type=self._interface.link_type)
        else:
            self._reports.tell("down", **asdict(is_down(self._interface.name)))

    def _take(self) -> int:
        """One frame; gives how many that were."""
        try:
            sighting = self._tap.see()
        except OSError:
            if self._interface.is_up():
                raise
            return 0  # it went down: `_look` will say so
        if sighting is None:
            return 0
        segment = read_segment(sighting.octets, has_ethernet_header=self._interface.has_ethernet_header)
        if segment is not None:
            for happening in self._visits.see(segment, len(sighting.octets), time.monotonic()):
                self._tell(happening, sighting)
        return 1

    def _tell(self, happening: Happening, sighting: Sighting | None = None) -> None:
        visit = happening.visit
        match happening:
            case Began():
                client, server = asdict(_with_own_mac(visit.client)), asdict(visit.server)
                self._reports.tell("began", visit=visit.number, client=client, server=server)
            case Seen():
                assert sighting is not None
                self._reports.tell(
                    "frame",
                    visit=visit.number,
                    time_ns=sighting.time_ns,
                    sender=happening.sender.value,
                    octets=sighting.octets.hex(),
                    length=sighting.length,
                    data_octets=happening.data_octets,
                )
            case Ended():
                self._reports.tell("ended", visit=visit.number, problem=happening.problem)


def _with_own_mac(visitor: End) -> End:
    """The frames of one behind a router have the router's MAC, which is not the visitor's."""
    try:
        is_its_own = is_on_our_link(visitor.ip)
    except OSError:  # a kernel that does not tell is no reason to claim anything
        is_its_own = False
    return visitor if is_its_own else replace(visitor, mac="")
