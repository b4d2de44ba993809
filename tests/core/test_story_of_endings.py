"""What a story says of the programs that a reset concerns: nothing is inferred where they say it themselves."""

import msgspec
import pytest

from layersviz.core.ending import Ending
from layersviz.core.journey import Step
from layersviz.core.layer import Layer
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.story.kind import Kind
from layersviz.recordings.lessons import files
from layersviz.recordings.retelling import retell

INFERRED = {"02-refused": "hears “connection refused”", "08-reset": "“connection reset by peer”"}


def reset_at_application(run: PlayedRun) -> Step:
    (reset,) = [journey for journey in retell(run) if journey.kind == Kind.RST]
    (step,) = [step for step in reset.steps if step.layer is Layer.APPLICATION and step.side is reset.sender.other]
    return step


@pytest.mark.parametrize("lesson", INFERRED)
def test_where_the_programs_say_what_they_heard_the_story_infers_nothing(lesson: str) -> None:
    run = msgspec.structs.replace(files.read(files.path_of(lesson)), ending=Ending())
    step = reset_at_application(run)
    assert INFERRED[lesson] not in step.sentence
    assert "what that call was told stands at the end of the run" in step.sentence
    assert "refused" not in step.client_call + step.server_call


@pytest.mark.parametrize("lesson", INFERRED)
@pytest.mark.parametrize("source", [Source.LAB, Source.FILE])
def test_where_nobody_says_it_the_frames_do(lesson: str, source: Source) -> None:
    run = msgspec.structs.replace(files.read(files.path_of(lesson)), ending=None, source=source)
    assert INFERRED[lesson] in reset_at_application(run).sentence
