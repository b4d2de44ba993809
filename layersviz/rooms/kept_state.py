"""What of a room outlives the process that owns it, as it is written down."""

import msgspec

from layersviz.capture.events import LabState, Replayed
from layersviz.core.played_run import Source
from layersviz.core.playhead import Playhead
from layersviz.rooms.messages.values import Cover, Permission
from layersviz.rooms.questions import KeptQuestion


class KeptState(msgspec.Struct, frozen=True, kw_only=True):
    """`shown` is the run on the stage, None where there was none; `lab` is how the lab was last."""

    playhead: Playhead
    shown: Replayed | None
    cover: Cover
    leader: str
    lab: LabState = LabState.STARTING
    lab_source: Source = Source.LAB
    allowed: tuple[Permission, ...] = ()
    question: KeptQuestion | None = None
