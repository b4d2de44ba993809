"""The ready lessons: there on the first start, once, true, and never in the way."""

import json
import logging
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from layersviz.core.played_run import PlayedRun, Source
from layersviz.lab.scenes import SCENES
from layersviz.recordings.export import file_of
from layersviz.recordings.keeping import load, tidy_name
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.course import COURSE, Lesson
from layersviz.recordings.lessons.install import install_lessons
from layersviz.recordings.models import InstalledLesson, Recording
from layersviz.recordings.retelling import retell

LOST = {"03-lost-syn": [1], "04-half-open": [3], "06-lost-segment": [8]}
"""Frames are counted from 1."""


@pytest.fixture(params=COURSE, ids=lambda lesson: lesson.slug)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return request.param


def test_there_are_five_to_ten_and_their_slugs_are_in_order() -> None:
    assert 5 <= len(COURSE) <= 10
    assert [lesson.slug for lesson in COURSE] == sorted({lesson.slug for lesson in COURSE})


def test_a_lesson_says_what_to_look_at_in_whole_sentences(lesson: Lesson) -> None:
    assert tidy_name(lesson.name) == lesson.name
    assert lesson.about.endswith(".")
    assert lesson.scene in SCENES


def test_its_file_is_one_run_of_the_lab_and_small(lesson: Lesson) -> None:
    run = files.read(files.path_of(lesson.slug))
    assert (run.source, run.problem) == (Source.LAB, "")
    assert [frame.number for frame in run.frames] == list(range(1, len(run.frames) + 1))
    assert [frame.number for frame in run.frames if frame.lost] == LOST.get(lesson.slug, [])
    assert all((frame.taken is None) is (SCENES[lesson.scene].ends is None) for frame in run.frames)
    assert files.path_of(lesson.slug).stat().st_size < 64_000


def test_it_ends_in_the_states_of_its_scene(lesson: Lesson) -> None:
    assert files.read(files.path_of(lesson.slug)).frames[-1].delivered == SCENES[lesson.scene].ends


def test_what_is_written_is_read_again(lesson: Lesson, tmp_path: Path) -> None:
    run = files.read(files.path_of(lesson.slug))
    files.write(tmp_path / "lesson", run)
    assert files.read(tmp_path / "lesson") == run


@pytest.mark.django_db
def test_all_are_there_on_the_first_start() -> None:
    install_lessons()
    kept = Recording.objects.order_by("lesson")
    assert [(each.lesson, each.name, each.about) for each in kept] == [(ll.slug, ll.name, ll.about) for ll in COURSE]
    for recording, lesson in zip(kept, COURSE, strict=True):
        run = files.read(files.path_of(lesson.slug))
        assert load(recording) == run
        assert (recording.source, recording.problem, recording.frame_count) == ("lab", "", len(run.frames))
        assert recording.made_at == datetime.fromtimestamp(run.frames[0].time_ns / 1e9, UTC)


@pytest.mark.django_db
def test_a_later_start_adds_none_and_brings_back_none(django_assert_num_queries) -> None:
    install_lessons()
    Recording.objects.get(lesson="02-refused").delete()
    with django_assert_num_queries(1):
        install_lessons()
    assert Recording.objects.count() == len(COURSE) - 1


@pytest.mark.django_db
def test_one_that_is_new_since_the_last_start_is_added() -> None:
    install_lessons(COURSE[:2])
    install_lessons(COURSE[:3])
    assert [each.lesson for each in Recording.objects.order_by("lesson")] == [ll.slug for ll in COURSE[:3]]


@pytest.mark.django_db
def test_what_another_process_puts_there_meanwhile_is_there_once_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes between our look and our own writing."""
    read, others = files.read, iter([lambda: install_lessons(COURSE[:3])])

    def read_late(path: Path) -> PlayedRun:
        if (other := next(others, None)) is not None:
            other()
        return read(path)

    monkeypatch.setattr(files, "read", read_late)
    install_lessons(COURSE[:3])
    assert [each.lesson for each in Recording.objects.order_by("lesson")] == [ll.slug for ll in COURSE[:3]]
    assert caplog.records == []


@pytest.mark.django_db
@pytest.mark.parametrize("octets", [b"", b"nonsense", b'{"client":1}', None])
def test_one_that_cannot_be_read_is_a_sentence_in_the_log_and_the_others_are_there(
    octets: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for lesson in COURSE[:3]:
        shutil.copy(files.path_of(lesson.slug), tmp_path)
    broken = tmp_path / files.path_of(COURSE[1].slug).name
    broken.write_bytes(octets) if octets is not None else broken.unlink()
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    with caplog.at_level(logging.WARNING):
        install_lessons(COURSE[:3])
    assert [record.getMessage().split('"')[1] for record in caplog.records] == [COURSE[1].name]
    assert [each.lesson for each in Recording.objects.order_by("lesson")] == [COURSE[0].slug, COURSE[2].slug]
    assert not InstalledLesson.objects.filter(name=COURSE[1].slug).exists()


@pytest.mark.django_db
def test_a_database_that_is_full_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(type(InstalledLesson.objects), "values_list", fail)
    install_lessons()
    (record,) = caplog.records
    expected = "The ready lessons could not be put among the recordings: database or disk is full."
    assert record.getMessage() == expected


@pytest.mark.django_db
def test_each_is_told_frame_by_frame_and_what_was_lost_ends_on_the_wire(lesson: Lesson) -> None:
    install_lessons([lesson])
    run = load(Recording.objects.get())
    journeys = retell(run)
    assert [journey.number for journey in journeys] == [frame.number for frame in run.frames]
    assert [journey.lost for journey in journeys] == [frame.lost for frame in run.frames]


@pytest.mark.django_db
@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: our files are not tried in it")
def test_tshark_sees_in_the_file_which_frame_was_lost_and_which_repeats_it(tmp_path: Path) -> None:
    install_lessons([lesson for lesson in COURSE if lesson.slug in LOST])
    repeats = {"03-lost-syn": [2], "04-half-open": [4], "06-lost-segment": [29]}
    for recording in Recording.objects.all():
        path = tmp_path / f"{recording.lesson}.pcapng"
        with file_of(recording) as file:
            path.write_bytes(file.read())
        said = told_by_tshark(path)
        lost = [number for number, frame in said.items() if "lost on the wire" in frame.get("frame.comment", [])]
        assert lost == LOST[recording.lesson]
        assert [number for number, frame in said.items() if "tcp.analysis.retransmission" in frame] == repeats[
            recording.lesson
        ]


def told_by_tshark(path: Path) -> dict[int, dict[str, list[str]]]:
    fields = ("frame.number", "frame.comment", "tcp.analysis.retransmission")
    asked = [word for field in fields for word in ("-e", field)]
    done = subprocess.run(["tshark", "-n", "-r", path, "-T", "json", *asked], capture_output=True, check=True)
    frames = [packet["_source"]["layers"] for packet in json.loads(done.stdout)]
    return {int(frame["frame.number"][0]): frame for frame in frames}


@pytest.mark.lab
def test_they_can_be_recorded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    try:
        call_command("record_lessons", "02-refused", "09-udp-echo", skip_checks=True)
    except CommandError as impossible:
        pytest.skip(str(impossible))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["02-refused.jsonl", "09-udp-echo.jsonl"]
    refused = files.read(files.path_of("02-refused"))
    assert len(refused.frames) == 2  # no ARP: both hosts know each other
    assert refused.frames[-1].delivered == SCENES["refused"].ends
    assert capsys.readouterr().out.startswith("02-refused: ")


def test_a_lesson_that_is_not_in_the_course_is_not_recorded() -> None:
    with pytest.raises(CommandError, match=r"^There is no lesson 99-flight\.$"):
        call_command("record_lessons", "99-flight", skip_checks=True)
