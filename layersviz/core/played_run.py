"""A whole run as it was played: what is kept of it, and what a kept one is told from again."""

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.host import Hosts


class PlayedRun(msgspec.Struct, frozen=True, kw_only=True):
    """`problem` is one sentence where it broke off. `simulated`: computed, no kernel sent these frames."""

    hosts: Hosts
    frames: tuple[Frame, ...]
    simulated: bool
    problem: str = ""
