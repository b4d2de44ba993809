"""The story of a kept run, told again from its frames: what comes later is known beforehand."""

from collections.abc import Iterator, Sequence

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection
from layersviz.core.host import Side
from layersviz.core.journey import Journey
from layersviz.core.order import KEPT, Order
from layersviz.core.played_run import PlayedRun
from layersviz.core.story import Story
from layersviz.core.story.refusals import refused
from layersviz.dissect import dissect_both

_Dissected = tuple[Frame, Dissection, Dissection | None]


def retell(run: PlayedRun) -> tuple[Journey, ...]:
    """The journeys of all its frames, in order."""
    dissected = [(frame, *dissect_both(frame)) for frame in run.frames]
    not_wanted = refused((frame, sent) for frame, sent, _ in dissected)
    story = Story(
        hosts=run.hosts,
        source=run.source,
        refused=not_wanted,
        order=run.order,
        clocks=run.clocks,
        tells_heard=run.ending is not None,
    )
    return tuple(_told(story, run.order, dissected))


def _told(story: Story, order: Order, dissected: Sequence[_Dissected]) -> Iterator[Journey]:
    """As it was told when it was played: what the wire kept was taken before, and known of since."""
    kept = sorted((each for each in dissected if _is_kept(each[0], order)), key=lambda each: each[0].time_ns)
    for frame, sent, arrived in dissected:
        left_ns = frame.arrived_ns or frame.time_ns
        while kept and kept[0][0].time_ns <= left_ns:
            taken, octets, _ = kept.pop(0)
            story.take(taken, octets)
        yield story.tell(frame, sent, arrived)


def _is_kept(frame: Frame, order: Order) -> bool:
    """By a fault, or because its whole direction is slower."""
    slower_ms = order.client_delay_ms if frame.sender is Side.CLIENT else order.server_delay_ms
    return not frame.copy_of and (frame.deed in KEPT or slower_ms > 0)
