"""Captures by others, where they are at hand: each is uploaded, and each conversation plays and is told in facts."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from layersviz.recordings.models import Recording
from layersviz.recordings.playing import WINDOW, frames_of
from layersviz.rooms.models import RegisteredRoom
from layersviz.web.recorded_room import open_conversation

pytestmark = pytest.mark.django_db
CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures"
FILES = sorted(each for each in CAPTURES.glob("*") if each.is_file() and each.suffix not in (".md", ".tsv", ".py"))


@pytest.mark.skipif(not FILES, reason="the captures by others are not at hand")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_capture_by_others_can_be_uploaded_and_played(
    presenter: Client, room: RegisteredRoom, file: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = presenter.post("/recordings/upload/", {"file": SimpleUploadedFile(file.name, file.read_bytes())})
    kept = Recording.objects.first()
    if kept is None:
        assert answer.status_code == 400
        return
    assert presenter.get(answer["Location"]).status_code == 200
    told = []
    for row in kept.conversations.all():
        address = f"{answer['Location']}conversations/{row.place + 1}/"
        for page in ("", "facts/", "file/"):
            shown = presenter.get(f"{address}{page}")
            assert shown.status_code == 200
            shown.close()
        for frame in frames_of(row)[::WINDOW]:
            snapshot = open_conversation(kept.pk, row.place + 1, b"frame=%d" % frame.number, 0).room.snapshot(0)
            told += [journey.number for journey in snapshot.run.journeys]
    assert len(set(told)) == kept.frame_count
