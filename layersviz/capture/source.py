"""What every source of frames promises, and the raw events that it tells: the lab's and the simulated one's alike.

Knows nothing of what the octets mean, nor of channels or viewers.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from layersviz.capture.events import Answer, HeldFrame, LabState
from layersviz.core.ending import Ending, KernelLook
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts
from layersviz.core.order import PLAIN, Order
from layersviz.core.timers import Clocks


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """What the source can do from now on, in one sentence."""

    state: LabState
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceImpossible:
    """This source can never play here; the last event that it tells. `remedy` says what would enable it."""

    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRunStarted:
    """A run has begun; `hosts` hold the ports that it really uses, `clocks` their settings of waiting where known."""

    run: int
    hosts: Hosts
    order: Order = PLAIN
    clocks: Clocks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSeen:
    """A frame of a run; `frame.number` counts from 1 within the run, without a gap."""

    run: int
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameTaken:
    """A frame that a fault keeps on the wire for a while; FrameSeen follows when it leaves. It has no number yet."""

    run: int
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChanged:
    """The frames that faults hold on the wire now."""

    run: int
    held: tuple[HeldFrame, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTold:
    """How a run has ended; its SourceRunEnded follows. Only a source that has kernels and programs knows it."""

    run: int
    ending: Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitChanged:
    """What both kernels say now of the connection of the last run, which is over; None where they are gone."""

    run: int
    look: KernelLook | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRunEnded:
    """`problem` is one sentence where the run broke off, else empty."""

    run: int
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRefused:
    """A run was asked for and not begun."""

    run: int
    sentence: str


_OfRun = SourceRunStarted | FrameTaken | FrameSeen | HeldChanged | EndTold | SourceRunEnded | WaitChanged
SourceEvent = SourceStatus | SourceImpossible | _OfRun | SourceRefused | Answer


class FrameSource(Protocol):
    """Open it once, read `events()` in one place, ask for runs, close it.

    Between SourceRunStarted and SourceRunEnded there are only that run's events, status changes and refusals, and
    every run that started ends. `events()` ends by itself after `close()` and after SourceImpossible.
    """

    async def open(self) -> None: ...

    async def start_run(self, run: int, order: Order) -> None: ...

    async def let_go(self, run: int, held: int) -> None:
        """The frame of that number, which a fault holds on the wire, may go on; 0: all of them."""

    async def stop_run(self, run: int) -> None:
        """Break that run off, where it is on."""

    async def look_at_sockets(self) -> None:
        """Tell all sockets of the hosts, once, as SocketsSeen."""

    async def try_port(self, port: int, *, right: bool) -> None:
        """Try to bind that port on the server, with the right to privileged ports or without: answered by PortTried."""

    def events(self) -> AsyncGenerator[SourceEvent]: ...

    async def close(self) -> None: ...


class EventStream:
    """The events that a source has told and its owner has not read yet, in order. For one reader."""

    def __init__(self) -> None:
        self._told: asyncio.Queue[SourceEvent | None] = asyncio.Queue()

    def tell(self, event: SourceEvent) -> None:
        self._told.put_nowait(event)

    def end(self) -> None:
        """Let the reader come to its end once it has read the rest."""
        self._told.put_nowait(None)

    async def read(self) -> AsyncGenerator[SourceEvent]:
        while (event := await self._told.get()) is not None:
            yield event
