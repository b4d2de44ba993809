"""The story of a kept run, told again from its frames."""

from layersviz.core.journey import Journey
from layersviz.core.played_run import PlayedRun
from layersviz.core.story import Story
from layersviz.dissect import dissect


def retell(run: PlayedRun) -> tuple[Journey, ...]:
    """The journeys of all its frames, in order."""
    story = Story(hosts=run.hosts, source=run.source)
    return tuple(story.tell(frame, dissect(frame.octets, frame.link_type, frame.wire_octets)) for frame in run.frames)
