"""The story of a kept run, told again from its frames: what comes later is known beforehand."""

from layersviz.core.journey import Journey
from layersviz.core.played_run import PlayedRun
from layersviz.core.story import Story
from layersviz.core.story.refusals import refused
from layersviz.dissect import dissect


def retell(run: PlayedRun) -> tuple[Journey, ...]:
    """The journeys of all its frames, in order."""
    dissected = [(frame, dissect(frame.octets, frame.link_type, frame.wire_octets)) for frame in run.frames]
    story = Story(hosts=run.hosts, source=run.source, refused=refused(dissected))
    return tuple(story.tell(frame, dissection) for frame, dissection in dissected)
