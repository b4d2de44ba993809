"""Visitors as a source: starts the capturing child, watches it, and tells of each connection to the Hello World port.

Unlike a FrameSource it is asked for nothing, and its runs overlap: each visitor's connection is one. Knows nothing of
packet sockets.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from layersviz.capture import live_lines, source
from layersviz.capture.child import Child
from layersviz.capture.events import LabState
from layersviz.core.frame import Frame
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.said import said


def live_command(python: str, interface: str, port: int, addresses: Sequence[str]) -> tuple[str, ...]:
    """What starts the child: it shows who visits that port of those addresses."""
    return (python, "-m", "layersviz.live", interface, str(port), *addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorAsked:
    """The visitor of that run has sent the first octets of a request."""

    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitsMissed:
    """So many visits were not followed, and so many frames lost, because they were too many at once."""

    visits: int
    frames: int


LiveEvent = (
    source.SourceStatus
    | source.SourceImpossible
    | source.SourceRunStarted
    | source.FrameSeen
    | source.SourceRunEnded
    | VisitorAsked
    | VisitsMissed
)


@dataclass(slots=True)
class _Visit:
    run: int
    frames: int = 0
    has_asked: bool = False


class LiveSource:
    """Runs are numbered from 1, in the order of their first frames; every run that started ends.

    `command` starts the child.
    """

    def __init__(self, interface: str, *, command: Sequence[str]) -> None:
        self._interface = interface
        self._child = Child("live", command, self)
        self._told: asyncio.Queue[LiveEvent | None] = asyncio.Queue()
        self._keeper: asyncio.Task[None] | None = None
        self._is_impossible = False
        self._link_type = 1
        self._runs = 0
        self._visits: dict[int, _Visit] = {}

    @property
    def child_pid(self) -> int | None:
        """None while there is no child."""
        return self._child.pid

    async def open(self) -> None:
        self._tell_status(
            LabState.STARTING, said("Getting ready to show visitors on {interface}.", interface=self._interface)
        )
        self._keeper = asyncio.create_task(self._child.keep_alive(), name="live")

    async def events(self) -> AsyncGenerator[LiveEvent]:
        """For one reader; ends after `close`, and after SourceImpossible."""
        while (event := await self._told.get()) is not None:
            yield event

    async def close(self) -> None:
        """End the child, and wait until it is gone."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        self._told.put_nowait(None)

    # --- what is heard of its child -----------------------------------------------------------------------------------

    def hear(self, line: bytes) -> None:
        match told := live_lines.read_line(line):
            case live_lines.Ready():
                self._link_type = told.link_type
                sentence = said(
                    "Whoever opens this address over {interface} sees their own handshake on the stage.",
                    interface=self._interface,
                )
                self._tell_status(LabState.READY, sentence)
            case live_lines.Down():
                self._tell_status(LabState.DOWN, told.sentence, told.remedy)
            case live_lines.Impossible():
                self._is_impossible = True
                self._tell(source.SourceImpossible(sentence=told.sentence, remedy=told.remedy))
            case live_lines.Missed():
                self._tell(VisitsMissed(visits=told.visits, frames=told.frames))
            case live_lines.Began():
                self._begin(told)
            case live_lines.FrameShown():
                self._pass_on(told)
            case live_lines.Ended():
                self._end(told.visit, told.problem)

    def bury(self) -> None:
        for visit in list(self._visits):
            self._end(visit, said("The capture stopped in the middle of this run."))

    def wants_another(self) -> bool:
        if self._is_impossible:
            self._told.put_nowait(None)
            return False
        self._tell_status(
            LabState.DOWN,
            said("The capture on {interface} has stopped; it is being started again.", interface=self._interface),
        )
        return True

    def _begin(self, told: live_lines.Began) -> None:
        self._runs += 1
        self._visits[told.visit] = _Visit(self._runs)
        hosts = Hosts(client=_host(Side.CLIENT, told.client), server=_host(Side.SERVER, told.server))
        self._tell(source.SourceRunStarted(run=self._runs, hosts=hosts))

    def _pass_on(self, told: live_lines.FrameShown) -> None:
        visit = self._visits[told.visit]
        visit.frames += 1
        frame = Frame(
            number=visit.frames,
            time_ns=told.time_ns,
            sender=told.sender,
            octets=bytes.fromhex(told.octets),
            link_type=self._link_type,
            length=told.length,
        )
        self._tell(source.FrameSeen(run=visit.run, frame=frame))
        if told.sender is Side.CLIENT and told.data_octets and not visit.has_asked:
            visit.has_asked = True
            self._tell(VisitorAsked(run=visit.run))

    def _end(self, number: int, problem: str) -> None:
        visit = self._visits.pop(number)
        self._tell(source.SourceRunEnded(run=visit.run, problem=problem))

    def _tell_status(self, state: LabState, sentence: str, remedy: str = "") -> None:
        self._tell(source.SourceStatus(state=state, sentence=sentence, remedy=remedy))

    def _tell(self, event: LiveEvent) -> None:
        self._told.put_nowait(event)


def _host(side: Side, end: live_lines.End) -> Host:
    return Host(side=side, ip=end.ip, mac=end.mac, port=end.port)
