"""How much of a very large capture is read, and that it is said."""

from pathlib import Path

import pytest

from layersviz.recordings import reading
from layersviz.recordings.reading import read_plain
from tests.recordings.capture_files import octets_of_run, pcap, pcap_at


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """12 frames of two conversations."""
    path = tmp_path / "capture"
    path.write_bytes(pcap(octets_of_run()))
    return path


def test_a_capture_is_summed_up(file: Path) -> None:
    read = read_plain(file)
    octets = octets_of_run()
    assert (read.frame_count, read.problem, len(read.conversations)) == (12, "", 2)
    assert (read.facts.octets, read.facts.link_types) == (sum(map(len, octets)), {1: 12})
    assert (read.facts.first_ns, read.facts.last_ns) == (0, 11_000_000_000)


def test_of_too_many_frames_the_first_are_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FRAMES", 5)
    read = read_plain(file)
    assert (read.frame_count, read.problem) == (5, "Only the first 5 frames were read: the file has more.")


def test_just_as_many_frames_as_may_be_are_all(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FRAMES", 12)
    assert read_plain(file).problem == ""


def test_of_too_many_conversations_the_first_are_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CONVERSATIONS", 1)
    read = read_plain(file)
    assert (len(read.conversations), read.problem) == (1, "Of 2 conversations the first 1 are kept.")


def test_a_flood_that_fills_the_memory_is_read_as_far_as_that_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "flood"
    path.write_bytes(pcap(octets_of_run() * 200))
    monkeypatch.setattr(reading, "MOST_RESIDENT_KIB", 1)
    monkeypatch.setattr(reading, "PROGRESS_EVERY_S", -1.0)
    read = read_plain(path)
    assert 0 < read.frame_count < 2400
    assert read.problem == f"Only the first {read.frame_count:,} frames were read: the file has more."


def test_times_count_from_the_first_frame_be_it_the_earliest_or_not(tmp_path: Path) -> None:
    path = tmp_path / "capture"
    path.write_bytes(pcap_at([(7, 1), (3, 2), (9, 3)], octets_of_run()))
    facts = read_plain(path).facts
    assert (facts.zero_ns, facts.first_ns, facts.last_ns) == (7_000_000_001, 3_000_000_002, 9_000_000_003)
