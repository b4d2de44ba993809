"""A played run in the database, and out of it again."""

from typing import Any

import pytest
from django.db import DatabaseError

from layersviz.core.played_run import PlayedRun, Source
from layersviz.recordings.keeping import NotKeptError, keep, load, tidy_name
from layersviz.recordings.models import RecordedFrame, Recording
from layersviz.recordings.retelling import retell
from tests.recorded import recorded_run, tell

pytestmark = pytest.mark.django_db


def played(name: str = "handshake-cold", **changes: Any) -> PlayedRun:
    run = recorded_run(name)
    return PlayedRun(**{"hosts": run.hosts, "frames": run.frames, "source": Source.LAB, **changes})


@pytest.mark.parametrize("run", [played(), played("handshake-warm", source=Source.SIMULATED, problem="It broke off.")])
def test_what_is_kept_comes_back_whole(run: PlayedRun) -> None:
    assert load(Recording.objects.get(pk=keep(run))) == run


def test_a_run_without_the_kernel_s_states_is_kept_without_them() -> None:
    frames = tuple(type(frame)(number=frame.number, time_ns=frame.time_ns, sender=frame.sender, octets=frame.octets)
                   for frame in played().frames)  # fmt: skip
    assert load(Recording.objects.get(pk=keep(played(frames=frames)))).frames == frames


def test_the_story_is_told_again_as_it_was() -> None:
    recording = Recording.objects.get(pk=keep(played()))
    assert retell(load(recording)) == tell(recorded_run("handshake-cold"))


def test_its_name_says_what_it_shows() -> None:
    assert Recording.objects.get(pk=keep(played())).name == "Handshake with 10.0.0.2:80, ARP first"
    assert Recording.objects.get(pk=keep(played("handshake-warm"))).name == "Handshake with 10.0.0.2:80"
    assert Recording.objects.get(pk=keep(played(source=Source.LIVE))).name == "Visit of 10.0.0.3 to port 80"


def test_what_cannot_be_kept_is_not_kept_in_part_and_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keep(played())

    def fail(*_args: Any, **_options: Any) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(type(RecordedFrame.objects), "bulk_create", fail)
    with pytest.raises(NotKeptError, match=r"^This run could not be kept: database or disk is full\.$"):
        keep(played())
    assert [recording.pk for recording in Recording.objects.all()] == [before]
    assert RecordedFrame.objects.count() == 12


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  a  b ", "a b"),
        ("a\nb\tc\x00d", "a b c d"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 200, "x" * 80),
        (" \n ", ""),
        ("Gr\u00fc\u00dfe \u2192 \u4f60", "Gr\u00fc\u00dfe \u2192 \u4f60"),
    ],
)
def test_a_name_is_one_printable_line(text: str, tidy: str) -> None:
    assert tidy_name(text) == tidy
