"""Who visits goes on the stage, one at a time, and all are kept. Knows nothing of how a visit is captured.

A browser opens more connections than it needs (for its icon, or ahead of time), so of one address one visit is shown at
a time; and whatever is on the stage has some seconds there before a visitor's takes its place.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from functools import partial

import msgspec

from layersviz.capture.events import LabState, LiveStatus
from layersviz.capture.live_source import LiveEvent, LiveSource, VisitorAsked, VisitsMissed
from layersviz.capture.source import FrameSeen, SourceImpossible, SourceRunEnded, SourceRunStarted, SourceStatus
from layersviz.capture.stage import Stage, StagedRun
from layersviz.core.host import Side
from layersviz.core.played_run import Source
from layersviz.core.said import joined, said

STAY_S = 10.0
"""How long a run has the stage before a visitor's takes its place."""
PATIENCE_S = 1.0
"""How long a connection without a request waits for one before it counts as a visit all the same."""
LOOK_AGAIN_S = 0.2
MOST_WAITING = 16
MOST_KEPT = 500
"""So many visits are kept as recordings until the next start, so that no flood of them fills the disk."""
FEWEST_FRAMES = 2
"""A visitor who sent less never took part in a handshake: its address may be a false one, so it is not kept."""


class Visitors:
    """The visits that are on, and those that wait for the stage.

    `change` is given each change of the live status; `is_expecting` says whether a run that was ordered is about to
    take the stage.
    """

    def __init__(
        self,
        source: LiveSource,
        stage: Stage,
        *,
        address: str,
        change: Callable[[LiveStatus], Awaitable[None]],
        is_expecting: Callable[[], bool],
        now_s: Callable[[], float] = time.time,
        stay_s: float = STAY_S,
    ) -> None:
        self._source = source
        self._stage = stage
        self._change = change
        self._is_expecting = is_expecting
        self._now_s = now_s
        self._stay_s = stay_s
        self._status = LiveStatus(state=LabState.STARTING, address=address, sentence="")
        self._visits: dict[int, StagedRun] = {}
        self._unasked: set[int] = set()  # of these it is not known yet whether they are worth the stage
        self._waiting: deque[StagedRun] = deque()
        self._shown_at_s: dict[str, float] = {}
        self._will_look = False
        self._works: set[asyncio.Task[None]] = set()
        self._passed_over = 0
        self._missed = VisitsMissed(visits=0, frames=0)
        self._kept = 0

    async def follow(self) -> None:
        """Until it is closed."""
        await self._source.open()
        async with aclosing(self._source.events()) as events:
            async for event in events:
                ended = self._visits.get(event.run) if isinstance(event, SourceRunEnded) else None
                async with self._stage.turn:
                    await self._hear(event)
                if ended is not None:
                    await self._keep(ended)

    async def close(self) -> None:
        for work in self._works:
            work.cancel()
        await self._source.close()

    async def _hear(self, event: LiveEvent) -> None:
        match event:
            case SourceStatus():
                await self._tell(event.state, event.sentence, event.remedy)
            case SourceImpossible():
                await self._tell(LabState.DOWN, event.sentence, event.remedy)
            case VisitsMissed():
                self._missed = event
                await self._tell_again()
            case SourceRunStarted():
                run = StagedRun(number=self._stage.next_run(self._now_s()), hosts=event.hosts, source=Source.LIVE)
                self._visits[event.run] = run
                self._unasked.add(event.run)
                self._later(PATIENCE_S, partial(self._ripen, event.run))
            case VisitorAsked():
                await self._ripen(event.run)
            case FrameSeen():
                await self._stage.add(self._visits[event.run], event.frame)
            case SourceRunEnded():
                await self._ripen(event.run)
                await self._stage.end(self._visits.pop(event.run), event.problem)

    async def _ripen(self, number: int) -> None:
        """A visit has shown what it is: let it wait for the stage, unless another of its address has just had it."""
        if number not in self._unasked:
            return
        self._unasked.remove(number)
        run = self._visits[number]
        ip, now_s = run.hosts.client.ip, asyncio.get_running_loop().time()
        if now_s - self._shown_at_s.get(ip, float("-inf")) < self._stay_s:
            return
        if any(other.hosts.client.ip == ip for other in self._waiting):
            return
        if len(self._waiting) >= MOST_WAITING:
            self._passed_over += 1
            await self._tell_again()
            return
        self._waiting.append(run)
        await self._show_next()

    async def _show_next(self) -> None:
        """The one that has waited longest, as soon as the stage is free."""
        if not self._waiting:
            return
        now_s = asyncio.get_running_loop().time()
        left_s = self._stage.opened_at_s + self._stay_s - now_s
        if left_s > 0 or self._stage.is_taken or self._is_expecting():
            self._look_later(max(left_s, LOOK_AGAIN_S))
            return
        run = self._waiting.popleft()
        self._shown_at_s = {ip: at_s for ip, at_s in self._shown_at_s.items() if now_s - at_s < self._stay_s}
        self._shown_at_s[run.hosts.client.ip] = now_s
        await self._stage.open(run)
        if self._waiting:
            self._look_later(self._stay_s)

    async def _keep(self, run: StagedRun) -> None:
        if sum(frame.sender is Side.CLIENT for frame in run.frames) < FEWEST_FRAMES:
            return
        if self._kept >= MOST_KEPT:
            return
        self._kept += 1
        await self._stage.keep(run)
        if self._kept == MOST_KEPT:
            await self._tell_again()

    # --- telling, and what has to wait --------------------------------------------------------------------------------

    async def _tell(self, state: LabState, sentence: str, remedy: str) -> None:
        self._status = msgspec.structs.replace(self._status, state=state, sentence=sentence, remedy=remedy)
        await self._tell_again()

    async def _tell_again(self) -> None:
        sentence = joined(" ", [self._status.sentence, *self._notes()])
        await self._change(msgspec.structs.replace(self._status, sentence=sentence))

    def _notes(self) -> Iterator[str]:
        """What was left out."""
        if passed_over := self._missed.visits + self._passed_over:
            yield said("{visits:,} visits were not shown: they were too many at once.", visits=passed_over)
        if self._missed.frames:
            yield said("{frames:,} frames were missed: they were too many at once.", frames=self._missed.frames)
        if self._kept >= MOST_KEPT:
            yield said(
                "{visits:,} visits are kept as recordings, and no more of them until the next start.", visits=MOST_KEPT
            )

    def _look_later(self, delay_s: float) -> None:
        if not self._will_look:
            self._will_look = True
            self._later(delay_s, self._look)

    async def _look(self) -> None:
        self._will_look = False
        await self._show_next()

    def _later(self, delay_s: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do it after that time, when it is our turn."""
        task = asyncio.create_task(self._after(delay_s, work), name="visitors")
        self._works.add(task)
        task.add_done_callback(self._works.discard)

    async def _after(self, delay_s: float, work: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(delay_s)
        async with self._stage.turn:
            await work()
