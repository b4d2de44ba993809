"""A frame at both ends of its way: what was sent, and what came where a bit was flipped in between."""

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection
from layersviz.dissect.frame import dissect


def dissect_both(frame: Frame) -> tuple[Dissection, Dissection | None]:
    """What was sent; and what came, None where that is the same."""
    sent, arrived = frame.octets, frame.arrived
    dissection = dissect(sent, frame.link_type, frame.wire_octets)
    return dissection, None if arrived == sent else dissect(arrived, frame.link_type, frame.wire_octets)
