"""In which states both ends are around one frame: before the first, before it was sent, at each of its stops."""

from layersviz.core.frame import Frame, States
from layersviz.core.host import Side
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.story.connection import Segment
from layersviz.core.story.plan import Stop
from layersviz.core.story.scenery import Scenery
from layersviz.core.tcp_state import TcpState


def when_it_left(frame: Frame, segment: Segment, before: States) -> States:
    """The states before a segment was sent; what crosses another left before that one had come."""
    if segment.is_crossing_syn:
        return frame.taken or before
    if segment.is_crossing_fin:
        return segment.before
    return before


def crosses(segment: Segment | None) -> bool:
    """Whether it left before what crosses it had come."""
    return segment is not None and (segment.is_crossing_syn or segment.is_crossing_fin)


def before_first(frame: Frame) -> States | None:
    """Before a run of which kernels speak: who sends first was closed, or listened."""
    if frame.taken is None:
        return None
    if frame.sender is Side.CLIENT:
        return States(client=TcpState.CLOSED, server=frame.taken.server)
    return States(client=frame.taken.client, server=TcpState.LISTEN)


def states_at(stop: Stop, scenery: Scenery) -> States | None:
    """Both ends' states while the frame is at that stop.

    The sender's changes where its TCP makes the segment, the receiver's where its TCP has read it.
    """
    if stop.half is Half.DOWN:
        return scenery.before if stop.layer is Layer.APPLICATION else scenery.going_down
    if stop.half is Half.UP and (stop.layer is Layer.TRANSPORT or stop.layer is Layer.APPLICATION):
        return scenery.delivered
    return scenery.taken
