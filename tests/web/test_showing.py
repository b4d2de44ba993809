"""What is private to a presenter, and what a presenter does with a class: show a recording to it, close it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from layersviz.recordings.keeping import keep
from layersviz.recordings.lessons.install import install_lessons
from layersviz.recordings.models import Recording
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import close_room, find_open, open_room
from layersviz.web.showing import ways_to_show
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db

SECRET = "Ask Ada about the three-way handshake"


# --- showing a recording ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/", "/recordings/"])
def test_a_presenter_can_show_a_lesson_to_the_class(presenter: Client, room: RegisteredRoom, page: str) -> None:
    install_lessons()
    lesson = Recording.objects.exclude(lesson="").first()
    assert lesson is not None
    html = presenter.get(page).content.decode()
    assert f'href="/present/{room.code}/?recording={lesson.pk}"' in html
    assert "Show to the class" in html


def test_a_presenter_of_several_classes_chooses_one(presenter: Client, room: RegisteredRoom, teacher: User) -> None:
    other, closed = open_room(teacher, "Networks 2"), open_room(teacher, "Networks 3")
    close_room(closed.code)
    number = keep(played())
    html = presenter.get(f"/recordings/{number}/").content.decode()
    assert "Show to a class" in html
    assert f'href="/present/{room.code}/?recording={number}"' in html
    assert f'href="/present/{other.code}/?recording={number}"' in html
    assert closed.code not in html


def test_what_belongs_to_one_class_is_shown_to_no_other(presenter: Client, room: RegisteredRoom, teacher: User) -> None:
    other = open_room(teacher)
    html = presenter.get(f"/recordings/{keep(played(), room.code)}/").content.decode()
    assert f"/present/{room.code}/?recording=" in html
    assert f"/present/{other.code}/?recording=" not in html


@pytest.mark.parametrize("page", ["/", "/recordings/"])
def test_nobody_else_is_offered_to_show_anything(student: Client, page: str) -> None:
    install_lessons()
    assert "?recording=" not in student.get(page).content.decode()


def test_of_a_capture_file_one_conversation_is_shown(room: RegisteredRoom) -> None:
    kept = Recording(pk=7, source="file", room=room)
    assert ways_to_show([room], kept) == []
    (way,) = ways_to_show([room], kept, 2)
    assert way["address"] == f"/present/{room.code}/?recording=7&conversation=2"


# --- closing ----------------------------------------------------------------------------------------------------------


def test_before_a_class_is_closed_the_page_asks(presenter: Client, room: RegisteredRoom) -> None:
    keep(played(), room.code)
    page = presenter.get(f"/rooms/{room.code}/close/").content.decode()
    assert "All screens then say that this class is over" in page
    assert "Its 1 recording is kept" in page
    assert find_open(room.code) is not None
    assert presenter.post(f"/rooms/{room.code}/close/")["Location"] == "/"
    assert find_open(room.code) is None
    assert presenter.get(f"/rooms/{room.code}/close/")["Location"] == "/"


def test_a_student_is_not_even_asked(student: Client, room: RegisteredRoom) -> None:
    assert student.get(f"/rooms/{room.code}/close/").status_code == 403
    assert student.post(f"/rooms/{room.code}/close/").status_code == 403
    assert find_open(room.code) is not None


# --- notes ------------------------------------------------------------------------------------------------------------


def test_notes_reach_no_page_but_their_presenters(presenter: Client, student: Client, room: RegisteredRoom) -> None:
    note = {"key": "SYN client 1, down transport 1", "text": SECRET}
    path = f"/present/{room.code}/notes/"
    assert presenter.put(path, note, content_type="application/json").json()["notes"] == {note["key"]: SECRET}
    assert presenter.get(path).json()["notes"] == {note["key"]: SECRET}
    for address in (path, f"/present/{room.code}/", f"/show/{room.code}/", f"/join/{room.code}/", "/"):
        assert SECRET not in student.get(address).content.decode(), address
    assert student.put(path, note, content_type="application/json").status_code == 403
    assert student.get(path).status_code == 403


def test_another_presenter_reads_none_of_them(presenter: Client, room: RegisteredRoom) -> None:
    path = f"/present/{room.code}/notes/"
    presenter.put(path, {"key": "k", "text": SECRET}, content_type="application/json")
    other = Client()
    other.force_login(User.objects.create_user("other"))
    answer = other.get(path)
    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


def test_the_students_page_knows_neither_the_notes_address_nor_a_token_for_it(
    student: Client, room: RegisteredRoom
) -> None:
    for page in ("join", "show"):
        html = student.get(f"/{page}/{room.code}/").content.decode()
        assert "data-notes" not in html
        assert "data-csrf" not in html
