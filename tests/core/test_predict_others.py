"""The answers against somebody else: tshark reads the same frames, with its own analysis of TCP."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from layersviz.core.packet import Packet
from layersviz.core.predict import QuestionKind
from layersviz.files import PcapngWriter
from tests.core.asked import SIMULATED_RUNS, Told, recorded, simulated
from tests.core.test_predict import flag_text

pytestmark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: nobody else is asked")
FIELDS = (
    *("eth.dst", "tcp.stream", "tcp.srcport", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len", "tcp.nxtseq"),
    *("udp.srcport", "udp.length", "tcp.analysis.retransmission"),
)
Frame = dict[str, str]
KINDS = QuestionKind


def by_tshark(tmp_path: Path, runs: Sequence[Told]) -> list[list[Frame]]:
    """What tshark says of all frames, run by run. All runs are in one file: they differ in their ports or times."""
    path = tmp_path / "runs.pcapng"
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        for told in runs:
            for frame in told.frames:
                length = len(frame.octets)
                writer.write(Packet(number=1, octets=frame.octets, length=length, time_ns=frame.time_ns))
    wanted = [part for field in FIELDS for part in ("-e", field)]
    # The application's names are of no interest, and raw sequence numbers are: `tcp.nxtseq` is relative else.
    options = ("-n", "-o", "tcp.relative_sequence_numbers:FALSE", "-T", "fields", "-E", "occurrence=f")
    command = ("tshark", "-r", str(path), *options, *wanted)
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    frames = iter([dict(zip(FIELDS, line.split("\t"), strict=True)) for line in lines])
    return [[next(frames) for _frame in told.frames] for told in runs]


def expected(told: Told, shark: list[Frame], frame: int, kind: QuestionKind) -> str:
    """The answer by tshark's fields; empty where it is no field of a frame."""
    index = next(place for place, each in enumerate(told.frames) if each.number == frame)
    own, behind = shark[index], list(zip(shark[index + 1 :], told.frames[index + 1 :], strict=True))
    stream = [(each, seen) for each, seen in behind if each["tcp.stream"] == own["tcp.stream"] != ""]
    back = [each for each, seen in stream if seen.sender is not told.frames[index].sender]
    forth = [each for each, seen in stream if seen.sender is told.frames[index].sender]
    match kind:
        case KINDS.ACKNOWLEDGMENT:
            return back[0]["tcp.ack_raw"]
        case KINDS.SEQUENCE:
            return forth[0]["tcp.seq_raw"]
        case KINDS.FLAGS:
            return flag_text(int(stream[0][0]["tcp.flags"], 16))
        case KINDS.PORT:
            return back[0]["tcp.srcport"] if back else behind[0][0]["udp.srcport"]
        case KINDS.LENGTH:
            following = behind[0][0]
            return following["tcp.len"] or str(int(following["udp.length"]) - 8)
        case KINDS.MAC:
            return behind[0][0]["eth.dst"]
    return ""


def agree(runs: Sequence[Told], shark: list[list[Frame]]) -> dict[QuestionKind, int]:
    """How many answers of each kind tshark gives as well; it fails at the first that it does not."""
    count: dict[QuestionKind, int] = dict.fromkeys(KINDS, 0)
    for told, frames in zip(runs, shark, strict=True):
        for frame, step, kind, asked in told.asked():
            theirs = expected(told, frames, frame, kind)
            if theirs:
                assert asked.choices[asked.right] == theirs, (told.name, frame, step, kind)
                count[kind] += 1
    return count


def test_over_a_hundred_runs_tshark_gives_the_same_answers(tmp_path):
    runs = [simulated(seed) for seed in range(SIMULATED_RUNS)]
    count = agree(runs, by_tshark(tmp_path, runs))
    compared = (KINDS.ACKNOWLEDGMENT, KINDS.SEQUENCE, KINDS.FLAGS, KINDS.PORT, KINDS.LENGTH, KINDS.MAC)
    assert min(count[kind] for kind in compared) >= SIMULATED_RUNS


def test_of_the_labs_own_runs_tshark_gives_the_same_answers(tmp_path):
    for told in recorded():
        assert sum(agree([told], by_tshark(tmp_path, [told])).values()) > 0


def test_tsharks_own_next_sequence_number_is_the_acknowledgment_that_we_ask_for(tmp_path):
    """Where nothing is missing: `tcp.nxtseq` is what Wireshark computes of the segment alone."""
    runs = [simulated(seed) for seed in range(SIMULATED_RUNS)]
    equal = 0
    for told, frames in zip(runs, by_tshark(tmp_path, runs), strict=True):
        for frame, _step, kind, asked in told.asked():
            if kind is KINDS.ACKNOWLEDGMENT:
                assert asked.choices[asked.right] == frames[frame - 1]["tcp.nxtseq"], (told.name, frame)
                equal += 1
    assert equal >= 5 * SIMULATED_RUNS
