"""The capture worker: takes orders, owns the source of frames, dissects them, tells their journeys.

One piece of code with two places to run: inside the web process, or under `manage.py runworker capture`. Knows nothing
of viewers.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

import msgspec

from layersviz.capture.bus import ChannelLayer, read_orders, send_event
from layersviz.capture.events import (
    Event,
    FrameDissected,
    LabChanged,
    LabState,
    LabStatus,
    Order,
    ReportAgain,
    RunEnded,
    RunKept,
    RunRefused,
    RunStarted,
    StartRun,
)
from layersviz.capture.source import (
    FrameSeen,
    FrameSource,
    SourceEvent,
    SourceImpossible,
    SourceRefused,
    SourceRunEnded,
    SourceRunStarted,
    SourceStatus,
)
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.story import Story
from layersviz.dissect import dissect

logger = logging.getLogger(__name__)

TURNS_TO_THE_WIRE = 3
"""The event loop's turns from the channel layer through hub and viewer to the socket: so long the next frame waits, or
a burst would leave only when the last of its frames has been told."""

Keep = Callable[[PlayedRun], Awaitable[int]]
"""Keeps a run and gives its number as a recording. Whatever it raises says why not, in one sentence."""

_STARTING = "The lab is being set up: press again in a moment."
_RUN_IS_ON = "A handshake is under way: wait until it has ended, then press again."


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSource:
    """A source that may be tried, and how to make it."""

    kind: Source
    make: Callable[[Hosts], FrameSource]


@dataclass(slots=True, kw_only=True)
class _KnownRun:
    """The latest run as it was told, so that it can be told again."""

    number: int
    hosts: Hosts
    source: Source
    story: Story
    frames: list[Frame] = field(default_factory=list)
    journeys: list[msgspec.Raw] = field(default_factory=list)
    problem: str | None = None
    kept: RunKept | None = None

    @property
    def is_on(self) -> bool:
        return self.problem is None


class CaptureWorker:
    """Tries the offered sources in order: the first that is possible here plays all runs."""

    def __init__(
        self,
        *,
        layer: ChannelLayer,
        hosts: Hosts,
        offered: tuple[OfferedSource, ...],
        keep: Keep | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._layer = layer
        self._hosts = hosts
        self._offered = offered
        self._keep = keep
        self._now_s = now_s
        self._encoder = msgspec.json.Encoder()
        self._source: FrameSource | None = None
        self._status = LabStatus(state=LabState.STARTING, source=offered[0].kind, sentence="The lab is being set up.")
        self._run: _KnownRun | None = None
        self._told = 0
        self._latest_number = 0
        self._asked_by: dict[int, str] = {}

    # --- what it is asked ---------------------------------------------------------------------------------------------

    async def read_orders(self) -> None:
        """Obey what comes on the channel, for ever."""
        async with aclosing(read_orders(self._layer)) as orders:
            async for order in orders:
                await self.obey(order)

    async def obey(self, order: Order) -> None:
        match order:
            case StartRun():
                await self._start_run(order)
            case ReportAgain():
                await self._report_again()

    async def _start_run(self, order: StartRun) -> None:
        if self._run is not None and self._run.is_on:
            await self._refuse(order.asked_by, _RUN_IS_ON)
        elif self._source is None or self._status.state is LabState.STARTING:
            await self._refuse(order.asked_by, _STARTING)
        else:
            # Seconds since 1970, so that a worker that is started again in the same room does not begin with 1 anew.
            self._latest_number = max(self._latest_number + 1, int(self._now_s()))
            self._asked_by[self._latest_number] = order.asked_by
            await self._source.start_run(self._latest_number, cold=order.cold)

    async def _refuse(self, asked_by: str, sentence: str) -> None:
        await self._tell(RunRefused(number=self._next_number(), asked_by=asked_by, sentence=sentence))

    async def _report_again(self) -> None:
        await self._tell(LabChanged(number=self._next_number(), status=self._status))
        if self._run is None:
            return
        run = self._run
        await self._tell_started(run)
        for journey in run.journeys:
            await self._tell(FrameDissected(number=self._next_number(), run=run.number, journey=journey))
        if run.problem is not None:
            await self._tell(RunEnded(number=self._next_number(), run=run.number, problem=run.problem))
        if run.kept is not None:
            await self._tell(msgspec.structs.replace(run.kept, number=self._next_number()))

    # --- what its source tells ----------------------------------------------------------------------------------------

    async def play(self) -> None:
        """Open the first source that is possible here and tell its events, until the worker is closed."""
        why: SourceImpossible | None = None
        for offered in self._offered:
            why = await self._play_from(offered, why)
            if why is None:
                return
            logger.info("%s is not possible here: %s", offered.kind, why.sentence)

    async def close(self) -> None:
        if self._source is not None:
            await self._source.close()

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
                await self._hear(event, offered.kind, why)
        return None

    async def _hear(self, event: SourceEvent, kind: Source, why: SourceImpossible | None) -> None:
        match event:
            case SourceStatus():
                await self._change(kind, event, why)
            case SourceRunStarted():
                await self._open_run(event, kind)
            case FrameSeen():
                await self._tell_journey(event)
            case SourceRunEnded():
                await self._end_run(event)
            case SourceRefused():
                await self._refuse(self._asked_by.pop(event.run, ""), event.sentence)

    async def _change(self, kind: Source, status: SourceStatus, why: SourceImpossible | None) -> None:
        """A source that only stands in for another says why, and what would enable the other."""
        said = why or status
        self._status = LabStatus(state=status.state, source=kind, sentence=said.sentence, remedy=said.remedy)
        await self._tell(LabChanged(number=self._next_number(), status=self._status))

    async def _open_run(self, event: SourceRunStarted, kind: Source) -> None:
        self._asked_by.pop(event.run, None)
        story = Story(hosts=event.hosts, source=kind)
        self._run = _KnownRun(number=event.run, hosts=event.hosts, source=kind, story=story)
        await self._tell_started(self._run)

    async def _tell_started(self, run: _KnownRun) -> None:
        await self._tell(RunStarted(number=self._next_number(), run=run.number, source=run.source, hosts=run.hosts))

    async def _tell_journey(self, seen: FrameSeen) -> None:
        run = self._run
        assert run is not None
        run.frames.append(seen.frame)
        try:
            journey = run.story.tell(seen.frame, dissect(seen.frame.octets))
        except Exception:  # what came off the wire is data: one frame that we cannot tell must not end the run
            logger.exception("Frame %d of run %d could not be told.", seen.frame.number, seen.run)
            return
        encoded = msgspec.Raw(self._encoder.encode(journey))
        run.journeys.append(encoded)
        await self._tell(FrameDissected(number=self._next_number(), run=run.number, journey=encoded))
        for _ in range(TURNS_TO_THE_WIRE):
            await asyncio.sleep(0)

    async def _end_run(self, event: SourceRunEnded) -> None:
        run = self._run if self._run is not None and self._run.number == event.run else None
        if run is not None:
            run.problem = event.problem
        await self._tell(RunEnded(number=self._next_number(), run=event.run, problem=event.problem))
        if run is not None and run.frames and self._keep is not None:
            await self._keep_run(run, self._keep)

    async def _keep_run(self, run: _KnownRun, keep: Keep) -> None:
        """The run is over and seen: that it can't be kept must not take it from anybody."""
        played = PlayedRun(
            hosts=run.hosts,
            frames=tuple(run.frames),
            source=run.source,
            problem=run.problem or "",
        )
        try:
            recording, problem = await keep(played), ""
        except Exception as error:
            logger.exception("Run %d could not be kept", run.number)
            recording, problem = None, str(error)
        run.kept = RunKept(number=self._next_number(), run=run.number, recording=recording, problem=problem)
        await self._tell(run.kept)

    # --- telling ------------------------------------------------------------------------------------------------------

    def _next_number(self) -> int:
        self._told += 1
        return self._told

    async def _tell(self, event: Event) -> None:
        await send_event(self._layer, event)
