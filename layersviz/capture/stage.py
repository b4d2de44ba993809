"""The run that everyone sees: told frame by frame as it comes, and kept when it is over.

One run at a time; `turn` is for whoever tells of one. Knows nothing of where frames come from, nor of viewers.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from layersviz.capture.events import (
    Answer,
    Event,
    FrameDissected,
    HeldFrame,
    HeldMoved,
    LabChanged,
    LabStatus,
    RunEnded,
    RunKept,
    RunRefused,
    RunStarted,
    WaitMoved,
)
from layersviz.core import measures
from layersviz.core.ending import Ending, KernelLook
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts
from layersviz.core.order import PLAIN, Order
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.story import Story
from layersviz.core.timers import Clocks
from layersviz.dissect import dissect_both

logger = logging.getLogger(__name__)

TURNS_TO_THE_WIRE = 3
"""The event loop's turns from the channel layer through hub and viewer to the socket: so long the next frame waits, or
a burst would leave only when the last of its frames has been told."""

Tell = Callable[[Event | Answer], Awaitable[None]]
"""Who hears the events."""

Keep = Callable[[PlayedRun], Awaitable[int]]
"""Keeps a run and gives its number as a recording. Whatever it raises says why not, in one sentence."""


@dataclass(slots=True, kw_only=True)
class StagedRun:
    """A run with its frames so far. `problem` is None while it is on."""

    number: int
    hosts: Hosts
    source: Source
    order: Order = PLAIN
    clocks: Clocks | None = None
    story: Story = field(init=False)
    frames: list[Frame] = field(default_factory=list)
    problem: str | None = None
    ending: Ending | None = None
    kept: RunKept | None = None

    def __post_init__(self) -> None:
        self.story = Story(hosts=self.hosts, source=self.source, order=self.order, clocks=self.clocks)

    @property
    def is_on(self) -> bool:
        return self.problem is None


class Stage:
    """`status` is the lab's state as it was told last."""

    def __init__(self, tell: Tell, status: LabStatus, keep: Keep | None) -> None:
        self.turn = asyncio.Lock()
        self.run: StagedRun | None = None
        self.opened_at_s = float("-inf")
        self.status = status
        self._tell = tell
        self._keep = keep
        self._latest_run = 0

    @property
    def is_taken(self) -> bool:
        """Whether the run on it is still going on."""
        return self.run is not None and self.run.is_on

    def next_run(self, now_s: float) -> int:
        """Seconds since 1970, so that a worker that is started again in the same room does not begin with 1 anew."""
        self._latest_run = max(self._latest_run + 1, int(now_s))
        return self._latest_run

    async def change(self, status: LabStatus) -> None:
        self.status = status
        await self._tell(LabChanged(status=status))

    async def refuse(self, asked_by: str, sentence: str) -> None:
        await self._tell(RunRefused(asked_by=asked_by, sentence=sentence))

    async def open(self, run: StagedRun) -> None:
        """Put it on the stage with what there is of it."""
        self.run = run
        self.opened_at_s = asyncio.get_running_loop().time()
        await self._tell_started(run)
        for frame in run.frames:
            await self._tell_journey(run, frame)
        await self._tell_end(run)

    async def add(self, run: StagedRun, frame: Frame) -> None:
        """One more frame of a run, which need not be the one on the stage."""
        run.frames.append(frame)
        if run is self.run:
            await self._tell_journey(run, frame)

    def take(self, run: StagedRun, frame: Frame) -> None:
        """The wire has taken a frame and keeps it; it is told when it has left."""
        try:
            run.story.take(frame, dissect_both(frame)[0])
        except Exception:  # as below: it is data
            logger.exception("A frame that run %d keeps could not be followed.", run.number)

    async def hold(self, run: StagedRun, held: tuple[HeldFrame, ...]) -> None:
        """These of its frames are held on the wire now."""
        await self._tell(HeldMoved(run=run.number, held=held))

    async def wait(self, run: StagedRun, look: KernelLook | None) -> None:
        """What its kernels say of it since it is over."""
        await self._tell(WaitMoved(run=run.number, look=look))

    async def end(self, run: StagedRun, problem: str) -> None:
        run.problem = problem
        if run is self.run:
            await self._tell_end(run)

    async def keep(self, run: StagedRun) -> None:
        """The run is over: that it can't be kept must not take it from anybody."""
        if not run.frames or self._keep is None:
            return
        played = PlayedRun(
            hosts=run.hosts,
            frames=tuple(run.frames),
            source=run.source,
            problem=run.problem or "",
            order=run.order,
            clocks=run.clocks,
            ending=run.ending,
        )
        try:
            recording, problem = await self._keep(played), ""
        except Exception as error:
            logger.exception("Run %d could not be kept", run.number)
            recording, problem = None, str(error)
        run.kept = RunKept(run=run.number, recording=recording, problem=problem)
        if run is self.run:
            await self._tell(run.kept)

    # --- telling ------------------------------------------------------------------------------------------------------

    async def _tell_started(self, run: StagedRun) -> None:
        await self._tell(
            RunStarted(run=run.number, source=run.source, hosts=run.hosts, order=run.order, clocks=run.clocks)
        )

    async def _tell_journey(self, run: StagedRun, frame: Frame) -> None:
        began_s = time.perf_counter()
        try:
            journey = run.story.tell(frame, *dissect_both(frame))
        except Exception:  # what came off the wire is data: one frame that we cannot tell must not end the run
            logger.exception("Frame %d of run %d could not be told.", frame.number, run.number)
            return
        await self._tell(FrameDissected(run=run.number, journey=journey))
        measures.telling_seconds.observe(time.perf_counter() - began_s)
        for _ in range(TURNS_TO_THE_WIRE):
            await asyncio.sleep(0)

    async def _tell_end(self, run: StagedRun) -> None:
        """As much of its end as there is."""
        if run.problem is not None:
            await self._tell(RunEnded(run=run.number, problem=run.problem, ending=run.ending))
        if run.kept is not None:
            await self._tell(run.kept)
