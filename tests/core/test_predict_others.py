"""The answers against somebody else: tshark reads the same frames, with its own analysis of TCP."""

import shutil
from collections.abc import Sequence

import pytest

from layersviz.core.predict import QuestionKind
from tests.core.asked import SIMULATED_RUNS, Question, Told, recorded, simulated
from tests.core.by_tshark import Frame, by_tshark, expected

pytestmark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: nobody else is asked")
KINDS = QuestionKind
Run = tuple[Told, list[Frame], list[Question]]


@pytest.fixture(scope="module")
def read_by_tshark(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """Simulated runs, then recorded ones, with all that can be asked of each."""
    runs = [*(simulated(seed) for seed in range(SIMULATED_RUNS)), *recorded()]
    frames = by_tshark(tmp_path_factory.mktemp("runs"), runs)
    return [(told, theirs, list(told.asked())) for told, theirs in zip(runs, frames, strict=True)]


@pytest.fixture
def simulated_runs(read_by_tshark: list[Run]) -> list[Run]:
    return read_by_tshark[:SIMULATED_RUNS]


def agree(runs: Sequence[Run]) -> dict[QuestionKind, int]:
    """How many answers of each kind tshark gives as well; it fails at the first that it does not."""
    count: dict[QuestionKind, int] = dict.fromkeys(KINDS, 0)
    for told, frames, questions in runs:
        for frame, step, kind, asked in questions:
            theirs = expected(told, frames, frame, kind)
            if theirs:
                assert asked.choices[asked.right] == theirs, (told.name, frame, step, kind)
                count[kind] += 1
    return count


def test_over_a_hundred_runs_tshark_gives_the_same_answers(simulated_runs):
    count = agree(simulated_runs)
    compared = (KINDS.ACKNOWLEDGMENT, KINDS.SEQUENCE, KINDS.FLAGS, KINDS.PORT, KINDS.LENGTH, KINDS.MAC)
    assert min(count[kind] for kind in compared) >= SIMULATED_RUNS


def test_of_the_labs_own_runs_tshark_gives_the_same_answers(read_by_tshark):
    for run in read_by_tshark[SIMULATED_RUNS:]:
        assert sum(agree([run]).values()) > 0


def test_tsharks_own_next_sequence_number_is_the_acknowledgment_that_we_ask_for(simulated_runs):
    """Where nothing is missing: `tcp.nxtseq` is what Wireshark computes of the segment alone."""
    equal = 0
    for told, frames, questions in simulated_runs:
        for frame, _step, kind, asked in questions:
            if kind is KINDS.ACKNOWLEDGMENT:
                assert asked.choices[asked.right] == frames[frame - 1]["tcp.nxtseq"], (told.name, frame)
                equal += 1
    assert equal >= 5 * SIMULATED_RUNS
