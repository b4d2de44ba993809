"""Forged requests of every kind against every address: who may not change something changes nothing."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

from layersviz.core.played_run import Source
from layersviz.recordings.keeping import keep
from layersviz.recordings.models import Recording
from layersviz.rooms.models import Note, RegisteredRoom
from layersviz.rooms.register import issue_token, open_room
from tests.recordings.capture_files import octets_of_run, pcap
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
NOTE = '{"key": "1.1", "text": "forged"}'

DEEDS: dict[str, tuple[str, str]] = {
    "open_room": ("rooms/", "POST"),
    "close_room": ("rooms/{code}/close/", "POST"),
    "notes": ("present/{code}/notes/", "PUT"),
    "upload": ("recordings/upload/", "POST"),
    "rename_recording": ("recordings/{number}/rename/", "POST"),
    "share_recording": ("recordings/{number}/share/", "POST"),
    "delete_recording": ("recordings/{number}/delete/", "POST"),
}
"""Each address that changes something, with the method that a page of ours uses."""

HARMLESS = {
    "login": "says who somebody is, by a password",
    "logout": "ends the reader's own session",
    "set_language": "is the reader's own cookie",
    "show/": "leads to another page",
}
OF_A_ROOM = sorted(DEEDS.keys() - {"open_room", "upload"})


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def number(room: RegisteredRoom) -> int:
    """A recording of the class."""
    kept = keep(played(source=Source.LAB), room.code)
    Note.objects.create(room=room, key="1.1", text="Ask Kim")
    return kept


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Name (or the route, where it has none) and path of each address, with its parts left open."""
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, path)
        else:
            assert isinstance(each, URLPattern)
            yield each.name or path, path


def filled(path: str, room: RegisteredRoom, number: int) -> str:
    parts = {"<code:code>": room.code, "<int:number>": str(number), "<int:conversation>": "1", "<str:typed>": "nothing"}
    parts["<slug:slug>"] = "handshake"
    for part, value in {**parts, "<slug:language>": "en", "<slug:digest>": "0", "{code}": room.code}.items():
        path = path.replace(part, value)
    assert "<" not in path, path
    return "/" + path.replace("{number}", str(number))


def ask(browser: Client, method: str, path: str, room: RegisteredRoom, **headers: str) -> int:
    """With all that any of our forms would send."""
    if path.endswith("/notes/"):
        body: dict[str, Any] = {"data": NOTE, "content_type": "application/json"}
    elif method == "POST":
        file = SimpleUploadedFile("forged.pcap", pcap(octets_of_run()))
        form = {"name": "Forged", "shared": "on", "room": room.code, "file": file}
        body = {"data": encode_multipart(BOUNDARY, form), "content_type": MULTIPART_CONTENT}
    else:
        body = {"data": "name=Forged&shared=on", "content_type": "application/x-www-form-urlencoded"}
    return browser.generic(method, path, headers=headers, **body).status_code


def all_that_is_kept() -> list[Any]:
    """Rooms, notes and recordings, as the database has them."""
    tables: Iterable[Any] = (RegisteredRoom, Note, Recording)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def by_token(room: RegisteredRoom) -> Client:
    browser = Client()
    assert browser.get(f"/present/{room.code}/?token={issue_token(room, 60)}").status_code == 303
    return browser


def forger(who: str, room: RegisteredRoom) -> Client:
    """Somebody who does not present that class."""
    other = open_room(User.objects.create_user("other"))
    browser = Client() if who in ("nobody", "student") else by_token(other)
    if who == "another presenter, signed in":
        browser.force_login(User.objects.get(username="other"))
    if who in ("student", "another presenter who has joined"):
        assert browser.get(f"/join/{room.code}/").status_code == 200
    return browser


STUDENTS = ("nobody", "student")
PRESENTERS = ("another presenter", "another presenter, signed in", "another presenter who has joined")


def is_taken(teacher: User, method: str, path: str, room: RegisteredRoom) -> bool:
    """Whether there is something that this method could do, asked by the presenter; what it has done is undone."""
    browser = Client()
    browser.force_login(teacher)
    with transaction.atomic():
        status = ask(browser, method, path, room)
        transaction.set_rollback(True)
    return status not in (404, 405)


def test_every_address_that_takes_a_change_is_tried_here(teacher: User, room: RegisteredRoom, number: int) -> None:
    """An address that is new has to be put into one of the two lists."""
    every = [(name, filled(path, room, number)) for name, path in routes(get_resolver())]
    takes = {name for name, path in every if any(is_taken(teacher, method, path, room) for method in UNSAFE)}
    assert takes == DEEDS.keys() | HARMLESS.keys()


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("who", STUDENTS)
def test_no_request_of_a_student_changes_anything(room: RegisteredRoom, number: int, who: str, method: str) -> None:
    browser = forger(who, room)
    before = all_that_is_kept()
    for name, path in routes(get_resolver()):
        status = ask(browser, method, filled(path, room, number), room)
        assert status in ((403, 404, 405) if name in DEEDS else range(200, 500)), (name, status)
        assert all_that_is_kept() == before, name


@pytest.mark.parametrize("who", PRESENTERS)
def test_a_presenter_of_another_class_changes_nothing_in_this_one(room: RegisteredRoom, number: int, who: str) -> None:
    browser = forger(who, room)
    before = all_that_is_kept()
    for name in OF_A_ROOM:
        path, _usual = DEEDS[name]
        for method in UNSAFE:
            assert ask(browser, method, filled(path, room, number), room) in (403, 404, 405), (name, method)
        assert all_that_is_kept() == before, name


@pytest.mark.parametrize("name", DEEDS)
def test_what_another_site_makes_the_presenters_browser_send_changes_nothing(
    teacher: User, room: RegisteredRoom, number: int, name: str
) -> None:
    """The cookies come along, our token does not, or it is one that was made for somebody else."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher)
    another = Client()
    another.get("/login/")
    before = all_that_is_kept()
    path, _usual = DEEDS[name]
    for method in UNSAFE:
        for headers in ({}, {"X-CSRFToken": another.cookies["csrftoken"].value}):
            assert ask(browser, method, filled(path, room, number), room, **headers) in (403, 405), (method, headers)
    assert all_that_is_kept() == before


@pytest.mark.parametrize("name", DEEDS)
def test_with_a_token_of_its_own_a_students_request_changes_nothing_either(
    room: RegisteredRoom, number: int, name: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(f"/join/{room.code}/")
    browser.get("/login/")
    before = all_that_is_kept()
    path, usual = DEEDS[name]
    token = browser.cookies["csrftoken"].value
    assert ask(browser, usual, filled(path, room, number), room, **{"X-CSRFToken": token}) == 403
    assert all_that_is_kept() == before


@pytest.mark.parametrize("name", DEEDS)
def test_the_same_request_by_the_presenter_with_the_token_changes_something(
    teacher: User, room: RegisteredRoom, number: int, name: str
) -> None:
    """So that the tests above refuse what would else be done."""
    browser = Client(enforce_csrf_checks=True)
    browser.get("/login/")
    browser.force_login(teacher)
    before = all_that_is_kept()
    path, usual = DEEDS[name]
    token = browser.cookies["csrftoken"].value
    assert ask(browser, usual, filled(path, room, number), room, **{"X-CSRFToken": token}) < 400
    assert all_that_is_kept() != before
