"""What a room asks of its capture, in the imperative, and what it hears of it, in the past tense. Plain values."""

from enum import StrEnum

import msgspec

from layersviz.core.host import Hosts
from layersviz.core.journey import Journey
from layersviz.core.played_run import Source


class LabState(StrEnum):
    """What the source of frames can do now; a recording has all its frames already."""

    STARTING = "starting"
    READY = "ready"
    DOWN = "down"
    RECORDED = "recorded"


class LiveStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Whether visitors are shown, in one sentence. `address` is what they open; `remedy` says what would enable it."""

    state: LabState
    address: str
    sentence: str
    remedy: str = ""


class LabStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the lab in one sentence; `remedy` says what would enable the real lab where it is simulated.

    `live` is None where no interface was asked for.
    """

    state: LabState
    source: Source
    sentence: str
    remedy: str = ""
    live: LiveStatus | None = None


class StartRun(msgspec.Struct, frozen=True, kw_only=True):
    """Play one true run. `cold`: make both hosts forget each other's MAC address first, so that ARP comes first."""

    asked_by: str
    cold: bool = False


class LabChanged(msgspec.Struct, frozen=True, kw_only=True):
    status: LabStatus


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """The recording that a run is shown from, by its number; of a capture file one conversation, counted from 1."""

    recording: int
    conversation: int | None = None


class RunStarted(msgspec.Struct, frozen=True, kw_only=True):
    """`replay`: all of it was played before, and is only shown again."""

    run: int
    source: Source
    hosts: Hosts
    replay: Replayed | None = None


class FrameDissected(msgspec.Struct, frozen=True, kw_only=True):
    """One frame of a run, with all that the stage shows of it."""

    run: int
    journey: Journey


class RunEnded(msgspec.Struct, frozen=True, kw_only=True):
    """`problem` is one sentence where the run did not go to its end, else empty."""

    run: int
    problem: str = ""


class RunKept(msgspec.Struct, frozen=True, kw_only=True):
    """`recording` is the number under which the run can be opened again; else `problem` says why it is not kept."""

    run: int
    recording: int | None
    problem: str = ""


class RunRefused(msgspec.Struct, frozen=True, kw_only=True):
    """A run was asked for and not begun; `asked_by` is the viewer who asked."""

    asked_by: str
    sentence: str


Event = LabChanged | RunStarted | FrameDissected | RunEnded | RunKept | RunRefused
