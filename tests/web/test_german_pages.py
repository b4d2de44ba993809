"""The recordings' pages in German: no English sentence is left, numbers and times are written in the German manner."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import deactivate
from pytest_django.fixtures import Settings

from layersviz.core.played_run import Source
from layersviz.core.said import encoder
from layersviz.recordings.keeping import keep
from layersviz.recordings.lessons.install import install_lessons
from layersviz.recordings.models import Recording
from layersviz.rooms.models import RegisteredRoom
from layersviz.web.recorded_room import open_conversation
from layersviz.web.said import catalogue
from layersviz.web.uploads import LINES
from tests.recordings.capture_files import download, kept_capture, octets_of_run, pcap, pcapng
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db

_LOWER_CASE_WORD = re.compile(r"\b[a-z]{2,}\b")
_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt")
_NO_TEXT = ("script", "style")
_DATA = ("first-line", "lines", "body-text", "value")
"""Classes of elements that show what came off the wire."""


class Texts(HTMLParser):
    """The texts of a page that people read or hear, but for those that came off the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [text for name in _ATTRIBUTES if (text := given.get(name))]
        if tag not in ("meta", "link", "input", "br"):
            classes = (given.get("class") or "").split()
            self._open.append((tag, tag in _NO_TEXT or any(each in classes for each in _DATA)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(is_data for _, is_data in self._open):
            self.found.append(" ".join(data.split()))


def texts_of(page: bytes) -> list[str]:
    parser = Texts()
    parser.feed(page.decode())
    return parser.found


@pytest.fixture
def client(presenter: Client, room: RegisteredRoom) -> Client:
    """The teacher of a class, who also runs the server."""
    session = presenter.session
    session["may_open_rooms"] = True
    session.save()
    return presenter


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    """A request leaves its language behind for whatever runs next in this thread."""
    yield
    deactivate()


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def kept(tmp_path: Path) -> Recording:
    """ARP, HTTP, a long download, and a file that is cut short."""
    octets = pcapng([*octets_of_run(), *download(1_200)])
    return kept_capture(tmp_path, octets[:-7], name="LESSON 7")


def addresses(kept: Recording) -> Iterator[str]:
    run = keep(played(source=Source.SIMULATED))
    lost = Recording.objects.get(lesson="06-lost-segment").pk
    yield from ("/recordings/", "/recordings/?name=Handshake", "/recordings/?name=rubbish", "/nowhere/")
    for number in (run, lost):
        yield from (f"/recordings/{number}/", f"/recordings/{number}/facts/", f"/recordings/{number}/rename/")
    yield from (f"/recordings/{run}/delete/", "/recordings/999999/", reverse("conversation", args=[kept.pk, 9]))
    yield from (f"/recordings/{kept.pk}/", f"/recordings/{kept.pk}/?port=x", f"/recordings/{kept.pk}/?frame=77777")
    yield from (f"/recordings/{kept.pk}/?protocol=TCP", f"/recordings/{kept.pk}/?address=nothing")
    for conversation in (1, 2, 3):
        stage = reverse("conversation", args=[kept.pk, conversation])
        yield from (stage, reverse("conversation_facts", args=[kept.pk, conversation]), f"{stage}?frame=3")
    yield f"{stage}?frame=900"


def test_no_english_sentence_is_left(client: Client, kept: Recording) -> None:
    install_lessons()
    left = set()
    for address in addresses(kept):
        english = client.get(address, headers={"Accept-Language": "en"})
        german = client.get(address, headers={"Accept-Language": "de"})
        assert english.status_code == german.status_code, address
        same = set(texts_of(english.content)) & set(texts_of(german.content))
        left |= {f"{address}: {text}" for text in same if len(_LOWER_CASE_WORD.findall(text)) > 1}
    assert not left, "\n".join(sorted(left))


def test_lessons_have_german_names_and_are_found_by_them(client: Client) -> None:
    install_lessons()
    page = client.get("/recordings/?name=stille", headers={"Accept-Language": "de"}).content.decode()
    assert "Stille: Das erste SYN geht verloren" in page
    assert "Abgewiesen" not in page
    assert "Silence: the first SYN is lost" in client.get("/recordings/?name=silence").content.decode()


def test_a_name_that_is_left_as_it_is_stays_english_in_the_table(client: Client) -> None:
    number = keep(played())
    client.post(
        f"/recordings/{number}/rename/",
        {"name": "Handshake mit 10.0.0.2:80, zuerst ARP"},
        headers={"Accept-Language": "de"},
    )
    assert Recording.objects.get(pk=number).name == "Handshake with 10.0.0.2:80, ARP first"


def test_a_name_that_somebody_gave_is_not_translated(client: Client) -> None:
    number = keep(played())
    client.post(f"/recordings/{number}/rename/", {"name": "Capture file"})
    page = client.get("/recordings/", headers={"Accept-Language": "de"}).content.decode()
    assert "Capture file</a>" in page


def test_a_stored_problem_is_said_in_german_with_its_numbers(client: Client, kept: Recording) -> None:
    page = client.get(f"/recordings/{kept.pk}/", headers={"Accept-Language": "de"}).content.decode()
    assert kept.problem.startswith("The file is cut short")
    assert (
        "Die Datei ist abgeschnitten: Sie endet mitten in einem Block. Die 1.211 Frames davor wurden gelesen." in page
    )


def test_counts_and_times_are_written_as_germans_do(client: Client, kept: Recording) -> None:
    page = client.get(f"/recordings/{kept.pk}/", headers={"Accept-Language": "de"}).content.decode()
    assert "<dd>1.211</dd>" in page
    assert "14. November 2023, " in page
    facts = client.get(
        reverse("conversation_facts", args=[kept.pk, 2]), headers={"Accept-Language": "de"}
    ).content.decode()
    assert re.search(r"[0-9],[0-9]{3} ms", facts)
    assert not re.search(r"[0-9]\.[0-9]{3} ms", facts)


def test_a_recorded_stage_is_told_in_german(kept: Recording) -> None:
    opened = open_conversation(kept.pk, 2, b"frame=4&step=99", 0.0)
    snapshot = encoder(catalogue("de")).encode((opened.room.snapshot(0.0), opened.remark)).decode()
    for words in ("Aus einem Mitschnitt", "hat keinen Schritt 99", "Quellport"):
        assert words in snapshot


def test_a_drawing_keeps_its_decimal_points(client: Client) -> None:
    page = client.get(f"/recordings/{keep(played())}/", headers={"Accept-Language": "de"}).content.decode()
    assert re.findall(r' (?:x|y|transform)="[^"]*[0-9],[0-9]', page) == []
    assert "sendet FIN" in page


def test_a_refused_upload_is_said_in_the_reader_s_language(client: Client) -> None:
    headers = {"Accept-Language": "de"}
    page = client.post("/recordings/upload/", {}, headers=headers)
    assert "Nichts ausgewählt" in page.content.decode()
    line = client.post("/recordings/upload/", {}, headers={**headers, "Accept": LINES})
    assert "Nichts ausgewählt" in line.content.decode()


def test_what_the_reading_process_says_is_said_in_german(client: Client, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pcap"
    empty.write_bytes(pcap([]))
    with empty.open("rb") as file:
        page = client.post("/recordings/upload/", {"file": file}, headers={"Accept-Language": "de"})
    assert "Das ist ein Mitschnitt, aber er enthält kein Paket." in page.content.decode()
