"""A whole run as it was played: what is kept of it, and what a kept one is told from again."""

from enum import StrEnum

import msgspec

from layersviz.core.ending import Ending
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts
from layersviz.core.order import PLAIN, Order
from layersviz.core.timers import Clocks


class Source(StrEnum):
    """Where a run's frames come from."""

    LAB = "lab"
    SIMULATED = "simulated"
    LIVE = "live"
    FILE = "file"


class PlayedRun(msgspec.Struct, frozen=True, kw_only=True):
    """`problem` is one sentence where it broke off. SIMULATED: computed, no kernel sent these frames.

    `order` is what was asked for, `clocks` the hosts' settings of waiting, `ending` what kernels and programs said when
    it was over, None where that is not known.
    """

    hosts: Hosts
    frames: tuple[Frame, ...]
    source: Source
    problem: str = ""
    order: Order = PLAIN
    clocks: Clocks | None = None
    ending: Ending | None = None
