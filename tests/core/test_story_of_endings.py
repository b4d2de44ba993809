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


def test_a_reset_where_no_connection_is_has_the_number_0_and_a_window_of_0() -> None:
    (reset,) = [each for each in retell(files.read(files.path_of("02-refused"))) if each.kind == Kind.RST]
    texts = {line.label: line.text for step in reset.steps for line in step.lines if step.layer is Layer.TRANSPORT}
    assert texts["Seq"] == "0 raw: no connection here"
    assert texts["Window"] == "0 bytes"
    assert reset.arrow == "RST/ACK seq 0 ack 1"


def test_a_client_that_pauses_is_not_said_to_receive_until_its_pause_is_over() -> None:
    run = files.read(files.path_of("07-zero-window"))
    came = [each for each in retell(run) if each.kind == Kind.ANSWER or each.kind == Kind.DATA]
    first = came[0].time_us
    calls = {(each.time_us - first < 500_000, each.steps[-1].client_call) for each in came if not each.lost}
    assert (True, "not reading: bytes wait") in calls
    assert not [call for is_early, call in calls if is_early and call.startswith("recv()")]
    assert [call for is_early, call in calls if not is_early and call.startswith("recv()")]


def test_in_the_lab_it_is_known_that_the_server_has_its_port_open_and_in_a_capture_it_is_not() -> None:
    run = files.read(files.path_of("09-udp-echo"))
    for source, words in ((Source.LAB, "The server's program has port"), (Source.FILE, "If a program has port")):
        first = next(each for each in retell(msgspec.structs.replace(run, source=source)) if each.kind == Kind.DATAGRAM)
        assert first.steps[-1].sentence.startswith(words)
