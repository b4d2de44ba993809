"""`manage.py dissect`: JSON lines, and tshark's manner of exit status."""

import gzip
import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.survey.segments import HANDSHAKE, PATIENT_RUN, packets_of

PROJECT = Path(__file__).resolve().parents[2]


def pcap(packets: list) -> bytes:
    """A little-endian capture file with nanoseconds."""
    records = [
        struct.pack("<IIII", *divmod(packet.time_ns, 10**9), len(packet.octets), packet.length) + packet.octets
        for packet in packets
    ]
    return struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1) + b"".join(records)


def dissect(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "dissect", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "run.pcap"
    path.write_bytes(pcap(packets_of(PATIENT_RUN)))
    return path


def test_each_frame_is_one_object_keyed_by_wiresharks_names(capture: Path) -> None:
    done = dissect(str(capture))
    frames = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [each["frame.number"] for each in frames] == [[str(number)] for number in range(1, len(PATIENT_RUN) + 1)]
    assert frames[0]["tcp.seq"] == ["0"]
    assert frames[9]["tcp.analysis.duplicate_ack_num"] == ["2"]


def test_a_gzipped_capture_is_opened_as_it_is(capture: Path, tmp_path: Path) -> None:
    packed = tmp_path / "run.gz"
    packed.write_bytes(gzip.compress(capture.read_bytes()))
    assert dissect(str(packed)).stdout == dissect(str(capture)).stdout


def test_what_came_before_damage_is_printed_and_the_damage_said(capture: Path) -> None:
    capture.write_bytes(capture.read_bytes()[:-5])
    done = dissect(str(capture))
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == len(PATIENT_RUN) - 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"hello, I am not a capture at all"])
def test_what_is_no_capture_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd name é.pcap"
    path.write_bytes(content)
    done = dissect(str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_file_and_a_folder_are_said_in_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pcap", tmp_path):
        done = dissect(str(path))
        assert (done.returncode, done.stdout) == (2, "")
        assert str(path) in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_conversations_are_told_instead_of_frames(capture: Path) -> None:
    done = dissect("--conversations", str(capture))
    [said] = [json.loads(line) for line in done.stdout.splitlines()]
    assert said["protocol"] == "TCP"
    assert said["first"] == {"address": "10.0.0.1", "port": 40000, "frames": 8, "bytes": 536, "state": "CLOSED"}
    assert said["second"]["state"] == "TIME-WAIT"
    assert (said["opened"], said["closed"]) == ("three-way", "orderly in three segments")
    assert said["initial_rtt"] == 0.02
    assert said["findings"]["duplicate_ack"] == 2
    assert said["duration"] == 0.09


def test_a_reader_that_has_enough_ends_it_quietly(tmp_path: Path) -> None:
    path = tmp_path / "long.pcap"
    path.write_bytes(pcap(packets_of(HANDSHAKE * 300)))
    with subprocess.Popen(
        [sys.executable, "manage.py", "dissect", str(path)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        process.wait(timeout=60)


def test_options_of_djangos_own_are_understood_too(capture: Path) -> None:
    plain, checked = dissect(str(capture)), dissect("--no-color", "--traceback", str(capture))
    assert (checked.returncode, checked.stdout) == (0, plain.stdout)
    capture.write_bytes(capture.read_bytes()[:-5])
    assert dissect("--no-color", str(capture)).returncode == 2


def test_the_command_starts_without_django() -> None:
    code = "import sys, layersviz.survey.printing; sys.exit('django' in sys.modules or 'scapy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


def test_help_and_what_is_wrong_with_the_call_are_told() -> None:
    assert "duplicate_ack: The same acknowledgment once more" in " ".join(dissect("--help").stdout.split())
    done = dissect()
    assert (done.returncode, done.stdout) == (2, "")
    assert "file" in done.stderr
