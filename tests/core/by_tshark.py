"""Questions' answers as tshark has them: it reads the frames of many runs at once, for it takes long to start."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from layersviz.core.packet import Packet
from layersviz.core.predict import QuestionKind
from layersviz.files import PcapngWriter
from tests.core.asked import Told
from tests.core.test_predict import flag_text

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
