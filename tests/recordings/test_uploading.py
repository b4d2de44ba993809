"""Any file becomes a recording or one sentence; what was kept before is never touched."""

import errno
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from layersviz.recordings.keeping import delete_recording, keep
from layersviz.recordings.models import RecordedConversation, Recording, Source
from layersviz.recordings.reading import GZIPPED_TWICE, NO_PACKETS, FramesRead, Refused
from layersviz.recordings.uploading import DISK_IS_FULL, READER_ENDED, UNNAMED, Kept, Step, take
from tests.recordings.capture_files import ARP_OCTETS, download, octets_of_run, pcap, pcap_at, pcapng
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db
ROOM = 1 << 24


def stored(settings: Settings) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def steps_of(folder: Path, octets: bytes, name: str = "lesson.pcapng", most_octets: int = ROOM) -> list[Step]:
    source = folder / "arrived"
    source.write_bytes(octets)

    async def all_steps() -> list[Step]:
        return [step async for step in take(source, name, most_octets, sync_to_async)]

    steps = async_to_sync(all_steps)()
    assert sorted(each.name for each in folder.iterdir() if each.name != "files") == ["arrived"]
    return steps


def recorded(folder: Path, octets: bytes, **given: Any) -> Recording:
    last = steps_of(folder, octets, **given)[-1]
    assert isinstance(last, Kept), last
    return Recording.objects.get(pk=last.recording)


def refused(folder: Path, octets: bytes, **given: Any) -> str:
    last = steps_of(folder, octets, **given)[-1]
    assert isinstance(last, Refused), last
    assert Recording.objects.count() == 0
    return last.sentence


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
@pytest.mark.parametrize("written", [pcap, pcapng])
def test_a_capture_is_kept_with_its_conversations(tmp_path: Path, pack: Any, written: Any) -> None:
    octets = written(octets_of_run())
    kept = recorded(tmp_path, pack(octets))
    assert (kept.source, kept.name, kept.frame_count, kept.problem) == (Source.FILE, "lesson.pcapng", 12, "")
    with kept.file.open("rb") as file:
        assert file.read() == octets
    rows = kept.conversations.all()
    assert [(row.protocol, row.frame_count) for row in rows] == [("ARP", 2), ("TCP", 10)]
    assert rows[1].application == "HTTP"
    assert {"SYN", "FIN", "opened:three-way"} <= set(rows[1].flags.split())


def test_every_frame_belongs_to_a_conversation(tmp_path: Path) -> None:
    spanning_tree = bytes.fromhex("0180c20000000200000000010026424203") + bytes(35)
    kept = recorded(tmp_path, pcapng([*octets_of_run(), spanning_tree, b"\1\2\3"]))
    assert sum(row.frame_count for row in kept.conversations.all()) == kept.frame_count == 14


def test_a_file_that_is_no_capture_is_refused_in_one_sentence(tmp_path: Path) -> None:
    assert refused(tmp_path, b"") == "The file is empty."
    assert refused(tmp_path, b"%PDF-1.4 something") == (
        "This is not a capture: it begins neither as pcap nor as pcapng does."
    )
    assert refused(tmp_path, pcap([])) == NO_PACKETS
    assert refused(tmp_path, gzip.compress(gzip.compress(pcap(octets_of_run())))) == GZIPPED_TWICE


def test_of_a_file_that_is_cut_short_the_frames_before_are_kept_and_it_is_said(tmp_path: Path) -> None:
    kept = recorded(tmp_path, pcapng(octets_of_run())[:-30])
    assert kept.frame_count == 11
    assert kept.problem.endswith("The 11 frames before that were read.")
    assert kept.problem.startswith("The file is cut short")


def test_a_gzip_that_unpacks_to_too_much_is_read_as_far_as_it_may(tmp_path: Path) -> None:
    octets = pcap([bytes(60)] * 1000)
    kept = recorded(tmp_path, gzip.compress(octets), most_octets=24 + 76 * 10 + 5)
    assert kept.frame_count == 10
    assert "octets, unpacked" in kept.problem
    assert kept.file.size == 24 + 76 * 10 + 5


def test_frames_of_a_link_type_that_nobody_knows_are_kept(tmp_path: Path) -> None:
    kept = recorded(tmp_path, pcapng([b"\1\2\3", b"\4"], link_type=147))
    assert (kept.frame_count, kept.facts["link_types"]) == (2, {"147": 2})
    assert [row.protocol for row in kept.conversations.all()] == ["Link type 147"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("\u202egnp.pcap", "gnp.pcap"),
        ("a\nb\x00.pcap", "a b .pcap"),
        ("x" * 300, "x" * 80),
        ("\U0001f980.pcap", "\U0001f980.pcap"),
        ("\u202e", UNNAMED),
        ("", UNNAMED),
    ],
)
def test_a_name_with_odd_characters_is_kept_without_them(tmp_path: Path, given: str, name: str) -> None:
    assert recorded(tmp_path, pcap(octets_of_run()), name=given).name == name


def test_the_page_hears_how_far_it_is(tmp_path: Path) -> None:
    frames = [bytes([place & 255, place >> 8]) + bytes(58) for place in range(20_000)]
    said = [step.frames for step in steps_of(tmp_path, pcap(frames)) if isinstance(step, FramesRead)]
    assert said == sorted(said)
    assert all(0 < frames < 20_000 for frames in said)


# --- a disk that is full ----------------------------------------------------------------------------------------------


@pytest.fixture
def before(tmp_path: Path) -> Iterator[int]:
    """A run that was kept before, and is there afterwards."""
    number = keep(played())
    yield number
    assert list(Recording.objects.values_list("pk", flat=True)) == [number]
    assert RecordedConversation.objects.count() == 0


def fail(error: Exception) -> Any:
    def failing(*_args: Any, **_options: Any) -> None:
        raise error

    return failing


def last_of(folder: Path, octets: bytes) -> Step:
    return steps_of(folder, octets)[-1]


def test_a_full_disk_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, before: int
) -> None:
    octets = pcap(octets_of_run())
    monkeypatch.setattr(FileSystemStorage, "_save", fail(OSError(errno.ENOSPC, "No space left on device")))
    assert last_of(tmp_path, octets) == Refused(sentence=DISK_IS_FULL)
    assert stored(settings) == []


def test_a_database_that_is_full_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, before: int
) -> None:
    manager = type(RecordedConversation.objects)
    monkeypatch.setattr(manager, "bulk_create", fail(DatabaseError("database or disk is full")))
    said = last_of(tmp_path, pcap(octets_of_run()))
    assert said == Refused(sentence="This file could not be kept: database or disk is full.")
    assert stored(settings) == []


def test_a_reader_that_ends_before_its_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layersviz.recordings.uploading.sys.executable", "/bin/true")
    assert last_of(tmp_path, pcap(octets_of_run())) == Refused(sentence=READER_ENDED)


async def test_whoever_cancels_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "arrived"
    source.write_bytes(pcap([bytes(60)] * 200_000))
    steps = take(source, "cancelled", ROOM, sync_to_async)
    assert isinstance(await anext(steps), FramesRead)
    await steps.aclose()
    assert names_in(tmp_path) == ["arrived"]


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def test_the_file_goes_when_the_recording_is_deleted(
    tmp_path: Path, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    kept = recorded(tmp_path, pcap(octets_of_run()))
    assert len(stored(settings)) == 1
    with django_capture_on_commit_callbacks() as waiting:
        delete_recording(kept)
    assert len(stored(settings)) == 1
    for each in waiting:
        each()
    assert stored(settings) == []


# --- whatever somebody sends ------------------------------------------------------------------------------------------

WHOLE = pcapng(octets_of_run())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A capture with some octets changed, cut, or with something behind it; gzipped or not."""
    octets = bytearray(WHOLE if draw(st.booleans()) else pcap(octets_of_run()))
    for _ in range(draw(st.integers(0, 6))):
        octets[draw(st.integers(0, len(octets) - 1))] = draw(st.integers(0, 255))
    some = bytes(octets[: draw(st.integers(0, len(octets)))]) + draw(st.binary(max_size=8))
    return gzip.compress(some)[: draw(st.integers(1, 2000))] if draw(st.booleans()) else some


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(octets=st.one_of(st.binary(max_size=200), damaged()))
def test_any_octets_are_a_recording_or_one_sentence(tmp_path: Path, octets: bytes) -> None:
    match last_of(tmp_path, octets):
        case Kept(recording=number):
            kept = Recording.objects.get(pk=number)
            assert sum(row.frame_count for row in kept.conversations.all()) == kept.frame_count > 0
        case Refused(sentence=sentence):
            assert sentence.endswith(".")
            assert sentence.count("\n") == 0
        case other:
            raise AssertionError(other)


def test_a_long_conversation_is_one(tmp_path: Path) -> None:
    kept = recorded(tmp_path, pcap(download(301)))
    assert [row.frame_count for row in kept.conversations.all()] == [301]


def test_arp_can_be_chosen(tmp_path: Path) -> None:
    kept = recorded(tmp_path, pcap([each for each in octets_of_run() if len(each) == ARP_OCTETS]))
    assert [(row.first_address, row.second_address) for row in kept.conversations.all()] == [("10.0.0.3", "10.0.0.2")]


def test_times_are_kept_to_the_nanosecond(tmp_path: Path) -> None:
    times = [(1_700_000_000, 100 + place) for place in range(5)]
    (row,) = recorded(tmp_path, pcap_at(times, download(5))).conversations.all()
    assert (row.began_ns, row.lasted_ns) == (1_700_000_000_000_000_100, 4)
