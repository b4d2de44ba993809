"""What captures for one room: takes its orders, owns its source of frames, and has the runs told on its stage.

Knows nothing of viewers.
"""

import logging
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

import msgspec

from layersviz.capture.events import LabState, LabStatus, LetGo, LiveStatus, PortTried, SocketsSeen, StartRun
from layersviz.capture.live_source import LiveSource
from layersviz.capture.source import (
    EndTold,
    FrameSeen,
    FrameSource,
    FrameTaken,
    HeldChanged,
    SourceEvent,
    SourceImpossible,
    SourceRefused,
    SourceRunEnded,
    SourceRunStarted,
    SourceStatus,
    WaitChanged,
)
from layersviz.capture.stage import Keep, Stage, StagedRun, Tell
from layersviz.capture.visitors import Visitors
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.core.said import said

logger = logging.getLogger(__name__)

_OfStaged = FrameTaken | FrameSeen | HeldChanged | EndTold | SourceRunEnded | WaitChanged

_STARTING = said("The lab is being set up: press again in a moment.")
_RUN_IS_ON = said("A run is under way: wait until it has ended, then press again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSource:
    """A source that may be tried, and how to make it."""

    kind: Source
    make: Callable[[Hosts], FrameSource]


class CaptureWorker:
    """Tries the offered sources in order: the first that is possible here plays all runs that are asked for."""

    def __init__(
        self,
        *,
        tell: Tell,
        hosts: Hosts,
        offered: tuple[OfferedSource, ...],
        keep: Keep | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._hosts = hosts
        self._offered = offered
        self._now_s = now_s
        self._tell = tell
        status = LabStatus(state=LabState.STARTING, source=offered[0].kind, sentence=said("The lab is being set up."))
        self._stage = Stage(tell, status, keep)
        self._source: FrameSource | None = None
        self._visitors: Visitors | None = None
        self._asked_by: dict[int, str] = {}

    # --- what it is asked ---------------------------------------------------------------------------------------------

    async def start_run(self, order: StartRun) -> None:
        if self._stage.is_taken:
            await self._stage.refuse(order.asked_by, _RUN_IS_ON)
        elif self._source is None or self._stage.status.state is LabState.STARTING:
            await self._stage.refuse(order.asked_by, _STARTING)
        else:
            run = self.next_run()
            self._asked_by[run] = order.asked_by
            await self._source.start_run(run, order.order)

    async def let_go(self, order: LetGo) -> None:
        if self._source is not None and (run := self._stage.run) is not None and run.is_on:
            await self._source.let_go(run.number, order.held)

    async def stop_run(self) -> None:
        if self._source is not None and (run := self._stage.run) is not None and run.is_on:
            await self._source.stop_run(run.number)

    async def look_at_sockets(self) -> None:
        """The answer comes as SocketsSeen."""
        if self._source is None:
            await self._tell(SocketsSeen(problem=said("The lab is not ready yet; try again in a moment.")))
        else:
            await self._source.look_at_sockets()

    async def try_port(self, port: int, *, right: bool) -> None:
        """The answer comes as PortTried, from a real lab."""
        if self._source is not None:
            await self._source.try_port(port, right=right)

    def next_run(self) -> int:
        """A number that no run of this room has had."""
        return self._stage.next_run(self._now_s())

    # --- what its source tells ----------------------------------------------------------------------------------------

    async def play(self) -> None:
        """Open the first source that is possible here and tell its events, until the worker is closed."""
        why: SourceImpossible | None = None
        for offered in self._offered:
            why = await self._play_from(offered, why)
            if why is None:
                return
            logger.info("%s is not possible here: %s", offered.kind, why.sentence)

    async def show_visitors(self, source: LiveSource, *, address: str) -> None:
        """Beside all else: follow those who visit, until the worker is closed. `address` is what they open."""
        self._visitors = Visitors(
            source,
            self._stage,
            address=address,
            change=self.change_live,
            is_expecting=lambda: bool(self._asked_by),
            now_s=self._now_s,
        )
        await self._visitors.follow()

    async def change_live(self, live: LiveStatus) -> None:
        await self._stage.change(msgspec.structs.replace(self._stage.status, live=live))

    async def close(self) -> None:
        if self._source is not None:
            await self._source.close()
        if self._visitors is not None:
            await self._visitors.close()

    async def _play_from(self, offered: OfferedSource, why: SourceImpossible | None) -> SourceImpossible | None:
        """Until the source is closed; where it turns out to be impossible, the reason."""
        source = offered.make(self._hosts)
        await source.open()
        self._source = source
        async with aclosing(source.events()) as events:
            async for event in events:
                if isinstance(event, SourceImpossible):
                    self._source = None
                    await source.close()
                    return event
                ended = self._staged(event.run) if isinstance(event, SourceRunEnded) else None
                async with self._stage.turn:
                    await self._hear(event, offered.kind, why)
                if ended is not None:
                    await self._stage.keep(ended)
        return None

    async def _hear(self, event: SourceEvent, kind: Source, why: SourceImpossible | None) -> None:
        match event:
            case SourceStatus():
                await self._change(kind, event, why)
            case SourceRunStarted():
                self._asked_by.pop(event.run, None)
                await self._stage.open(
                    StagedRun(number=event.run, hosts=event.hosts, source=kind, order=event.order, clocks=event.clocks)
                )
            case FrameTaken() | FrameSeen() | HeldChanged() | EndTold() | SourceRunEnded() | WaitChanged():
                if (run := self._staged(event.run)) is not None:
                    await self._go_on(run, event)
            case SocketsSeen() | PortTried():
                await self._tell(event)
            case SourceRefused():
                await self._stage.refuse(self._asked_by.pop(event.run, ""), event.sentence)

    async def _go_on(self, run: StagedRun, event: _OfStaged) -> None:
        match event:
            case FrameTaken():
                self._stage.take(run, event.frame)
            case FrameSeen():
                await self._stage.add(run, event.frame)
            case HeldChanged():
                await self._stage.hold(run, event.held)
            case EndTold():
                run.ending = event.ending
            case SourceRunEnded():
                await self._stage.end(run, event.problem)
            case WaitChanged():
                await self._stage.wait(run, event.look)

    def _staged(self, number: int) -> StagedRun | None:
        """The run of that number while it is on the stage, where it stays until it has ended."""
        run = self._stage.run
        return run if run is not None and run.number == number else None

    async def _change(self, kind: Source, status: SourceStatus, why: SourceImpossible | None) -> None:
        """A source that only stands in for another says why, and what would enable the other."""
        said = why or status
        before = self._stage.status
        await self._stage.change(
            LabStatus(state=status.state, source=kind, sentence=said.sentence, remedy=said.remedy, live=before.live)
        )
