"""What the wire did to a frame, as plain values without what is as ever, and back."""

from typing import Any

import msgspec

from layersviz.core.frame import Frame, Timers
from layersviz.core.order import Deed


class Fate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of `core.frame.Frame` of the same names."""

    deed: Deed | None = None
    flipped_bit: int | None = None
    at_card: bool = False
    copy_of: int = 0
    arrived_ns: int = 0
    held_ns: int = 0
    timers: Timers | None = None


def plain_fate(frame: Frame) -> dict[str, Any]:
    """Empty where the wire did nothing but carry it."""
    plain: dict[str, Any] = msgspec.to_builtins(msgspec.convert(frame, Fate, from_attributes=True))
    return plain


def fate_of(plain: Any) -> dict[str, Any]:
    """For a Frame's own fields. Raises msgspec.ValidationError."""
    return msgspec.structs.asdict(msgspec.convert(plain, Fate))
