"""What the capture worker is asked, in the imperative, and what it reports, in the past tense.

These cross the channel layer as JSON text. `number` counts a worker's events without a gap, so that a loss shows.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from layersviz.core.host import Hosts
from layersviz.core.journey import Journey
from layersviz.core.played_run import Source

CHANNEL = "capture"
"""The channel that the capture worker reads."""


JourneyJson = Annotated[msgspec.Raw, Journey]
"""A `Journey` that the worker has encoded: it crosses channel layer, room and websocket without being encoded again."""


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


class StartRun(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="start_run"):
    """Play one true run. `cold`: make both hosts forget each other's MAC address first, so that ARP comes first."""

    asked_by: str
    cold: bool = False


class ReportAgain(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="report_again"):
    """Send the lab's status and the whole latest run again: a receiver is new, or missed an event."""


Order = StartRun | ReportAgain


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    number: int


class LabChanged(_Event, frozen=True, kw_only=True, tag="lab_changed"):
    status: LabStatus


class RunStarted(_Event, frozen=True, kw_only=True, tag="run_started"):
    run: int
    source: Source
    hosts: Hosts


class FrameDissected(_Event, frozen=True, kw_only=True, tag="frame_dissected"):
    """One frame of a run, with all that the stage shows of it."""

    run: int
    journey: JourneyJson


class RunEnded(_Event, frozen=True, kw_only=True, tag="run_ended"):
    """`problem` is one sentence where the run did not go to its end, else empty."""

    run: int
    problem: str = ""


class RunKept(_Event, frozen=True, kw_only=True, tag="run_kept"):
    """`recording` is the number under which the run can be opened again; else `problem` says why it is not kept."""

    run: int
    recording: int | None
    problem: str = ""


class RunRefused(_Event, frozen=True, kw_only=True, tag="run_refused"):
    """A run was asked for and not begun; `asked_by` is the viewer who asked."""

    asked_by: str
    sentence: str


Event = LabChanged | RunStarted | FrameDissected | RunEnded | RunKept | RunRefused
