"""A whole run as it was played: what is kept of it, and what a kept one is told from again."""

from enum import StrEnum

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.host import Hosts


class Source(StrEnum):
    """Where a run's frames come from."""

    LAB = "lab"
    SIMULATED = "simulated"
    LIVE = "live"
    FILE = "file"


class PlayedRun(msgspec.Struct, frozen=True, kw_only=True):
    """`problem` is one sentence where it broke off. SIMULATED: computed, no kernel sent these frames."""

    hosts: Hosts
    frames: tuple[Frame, ...]
    source: Source
    problem: str = ""
