"""What one frame has to do with those before it on the same wire. Values only; `wire_memory` makes them."""

import msgspec

from layersviz.core.journey import Wait
from layersviz.core.story.repeats import Repeat


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """`repeat` is what it sends again; `is_known_repeat`: every frame of the wire is told, so that this is certain.

    `waits` are what the hosts wait for behind it, `meanwhile` the numbers and names of the frames that passed while the
    wire kept this one. `slower_ms` is by how much its direction was ordered to be slower. `prompted_by` is the frame,
    number and name, that made the sender repeat before its timer had run out.
    """

    repeat: Repeat | None = None
    waits: tuple[Wait, ...] = ()
    meanwhile: tuple[tuple[int, str], ...] = ()
    slower_ms: int = 0
    prompted_by: tuple[int, str] | None = None
    is_known_repeat: bool = False


NOTHING = Past()
