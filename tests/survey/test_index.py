"""The quick index and the full survey say the same of every conversation."""

from collections import Counter
from pathlib import Path

import pytest

from layersviz.core.tcp_findings import names
from layersviz.files import open_capture
from layersviz.survey.conversations import Conversation
from layersviz.survey.index import Index
from layersviz.survey.survey import Survey, Surveyed
from tests.survey.segments import PATIENT_RUN, packets_of

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures"
FILES = sorted(path for path in CAPTURES.glob("*") if path.name.partition(".")[2].startswith("pcap"))


def index_of(packets: list) -> dict[int, Conversation]:
    index = Index()
    for packet in packets:
        index.feed(packet)
    return {each.stream: each for each in index.conversations() if each.stream is not None}


def survey_of(packets: list) -> dict[int, list[Surveyed]]:
    survey = Survey()
    streams: dict[int, list[Surveyed]] = {}
    for packet in packets:
        surveyed = survey.feed(packet)
        if surveyed.analysis is not None:
            streams.setdefault(surveyed.analysis.stream, []).append(surveyed)
    return streams


def assert_same(packets: list) -> None:
    quick, full = index_of(packets), survey_of(packets)
    assert full.keys() == quick.keys()
    for number, frames in full.items():
        conversation = quick[number]
        if any(each.rebuilt for each in frames):
            assert conversation.first.frames + conversation.second.frames > len(frames)
        else:
            assert conversation.first.frames + conversation.second.frames == len(frames)
            assert conversation.first.bytes + conversation.second.bytes == sum(each.packet.length for each in frames)
            assert conversation.first_frame == frames[0].packet.number
        assert conversation.completeness == frames[-1].completeness() | frames[-1].stream.parts_of_first
        assert conversation.findings == Counter(name for each in frames for name in names(each.analysis.findings))
        expected = frames[0].stream.initial_rtt_ns
        assert conversation.initial_rtt == (None if expected is None else expected / 1e9)


@pytest.mark.skipif(not FILES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_index_and_survey_agree_on_others_captures(path: Path) -> None:
    with open_capture(path) as capture:
        assert_same(list(capture))


def test_index_and_survey_agree_on_a_run_with_losses() -> None:
    assert_same(packets_of(PATIENT_RUN))
