"""Who a student is, what a class has answered as a table, and a class asked over real websockets."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from layersviz.core.predict import QuestionKind, question
from layersviz.rooms.answers import answers_of, note_answers
from layersviz.rooms.models import GivenAnswer, RegisteredRoom
from layersviz.rooms.questions import Answer, NotedAnswers
from layersviz.rooms.register import close_room, issue_token
from layersviz.web.access import PERSON, person_of
from layersviz.web.questions import BYTE_ORDER_MARK, defused
from tests.recorded import recorded_run, tell

pytestmark = pytest.mark.django_db
JOURNEYS = tell(recorded_run("handshake-warm"))
ASKED_MS = 1_700_000_000_000


@pytest.fixture
def room() -> RegisteredRoom:
    return RegisteredRoom.objects.create(code="ABCDEF")


@pytest.fixture
def presenter(client: Client, room: RegisteredRoom) -> Client:
    client.get(reverse("present", args=[room.code]), {"token": issue_token(room, 60)})
    return client


def noted(*answers: tuple[str, str, int], number: int = ASKED_MS) -> NotedAnswers:
    """A question with answers: who, by which name, which choice."""
    replies = tuple(
        Answer(person=person, name=name, choice=choice, at_ms=number + 1000.0 * place)
        for place, (person, name, choice) in enumerate(answers, start=1)
    )
    kind = QuestionKind.ACKNOWLEDGMENT
    asked = question(JOURNEYS, 1, 2, kind, number)
    place = {"number": number, "run": 1, "frame": 1, "step": 2, "asked_ms": float(number)}
    return NotedAnswers(**place, kind=kind, asked=asked, replies=replies)


def table(client: Client, room: RegisteredRoom, language: str = "en") -> list[list[str]]:
    response = client.get(reverse("answers", args=[room.code]), headers={"accept-language": language})
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode().removeprefix(BYTE_ORDER_MARK))))


# --- the table --------------------------------------------------------------------------------------------------------


def test_five_answers_are_five_rows_below_the_heading(presenter: Client, room: RegisteredRoom) -> None:
    people = [(f"{person:032x}", f"Student {person}", person % 4) for person in range(5)]
    note_answers(room.code, [noted(*people)])
    heading, *rows = table(presenter, room)
    assert len(heading) == 11
    assert [row[7] for row in rows] == [name for _, name, _ in people]
    asked = question(JOURNEYS, 1, 2, QuestionKind.ACKNOWLEDGMENT, ASKED_MS)
    assert [row[8] for row in rows] == [asked.choices[choice] for _, _, choice in people]
    assert [row[9] for row in rows] == ["yes" if choice == asked.right else "no" for _, _, choice in people]
    assert {(row[4], row[5]) for row in rows} == {(asked.text, asked.choices[asked.right])}
    assert rows[0][1] == datetime.fromtimestamp(ASKED_MS / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%S")


def test_it_is_in_the_readers_language(presenter: Client, room: RegisteredRoom) -> None:
    note_answers(room.code, [noted(("a", "", 0))])
    heading, row = table(presenter, room, "de")
    assert (heading[0], heading[7]) == ("Frage", "Name")
    assert "Welche Bestätigungsnummer kommt zurück?" in row[4]


def test_a_class_that_was_asked_nothing_has_a_heading_alone(presenter: Client, room: RegisteredRoom) -> None:
    assert len(table(presenter, room)) == 1


def test_a_closed_class_keeps_its_answers_for_its_presenter(presenter: Client, room: RegisteredRoom) -> None:
    note_answers(room.code, [noted(("a", "Ada", 0))])
    close_room(room.code)
    assert len(table(presenter, room)) == 2


def test_only_the_presenter_gets_it(room: RegisteredRoom) -> None:
    note_answers(room.code, [noted(("a", "Ada", 0))])
    student = Client()
    student.get(reverse("join", args=[room.code]))
    for reader in (Client(), student):
        response = reader.get(reverse("answers", args=[room.code]))
        assert response.status_code == 403
        assert "Ada" not in response.content.decode()


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_is_a_formula(presenter: Client, room: RegisteredRoom, name: str) -> None:
    note_answers(room.code, [noted(("a", name, 0))])
    (row,) = table(presenter, room)[1:]
    assert row[7] == f"'{name}"
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("cell", ["Ada", "10.0.0.2", "", "1 = 2", "a@b"])
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert defused(cell) == cell


def test_a_name_with_commas_quotes_and_lines_stays_one_cell(presenter: Client, room: RegisteredRoom) -> None:
    name = 'Ada, "the\nfirst"'
    note_answers(room.code, [noted(("a", name, 0))])
    assert table(presenter, room)[1][7] == name


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_the_same_noted_twice_is_there_once_and_the_first_answer_stays(room: RegisteredRoom) -> None:
    note_answers(room.code, [noted(("a", "Ada", 1))])
    note_answers(room.code, [noted(("a", "Ada", 2), ("b", "", 3))])
    assert [(row.person, row.question) for row in answers_of(room)] == [("a", 1), ("b", 1)]
    assert GivenAnswer.objects.get(person="a").choice == 1


def test_questions_are_counted_in_the_order_in_which_they_were_asked(room: RegisteredRoom) -> None:
    note_answers(room.code, [noted(("a", "", 0), number=ASKED_MS + 5), noted(("a", "", 0))])
    rows = list(answers_of(room))
    assert [row.question for row in rows] == [1, 2]
    assert rows[0].asked_at < rows[1].asked_at


def test_a_room_that_is_gone_keeps_nothing() -> None:
    note_answers("ZZZZZZ", [noted(("a", "", 0))])
    assert not GivenAnswer.objects.exists()


# --- who a student is -------------------------------------------------------------------------------------------------


def scope_of(client: Client) -> dict:
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return {"headers": [(b"cookie", cookies.encode())]}


@pytest.fixture
def students(room: RegisteredRoom) -> Iterator[list[Client]]:
    joined = [Client(), Client()]
    for each in joined:
        each.get(reverse("join", args=[room.code]))
    return joined


def test_a_student_is_the_same_after_a_reload_and_another_than_the_others(room, students) -> None:
    first, second = students
    before = person_of(scope_of(first), room.code)
    first.get(reverse("join", args=[room.code]))
    assert person_of(scope_of(first), room.code) == before
    assert person_of(scope_of(second), room.code) != before
    assert len(before) == 32


def test_a_student_has_another_name_in_each_class(room, students) -> None:
    assert person_of(scope_of(students[0]), room.code) != person_of(scope_of(students[0]), "UVWXYZ")


def test_scripts_cannot_read_the_cookie(students) -> None:
    morsel = students[0].cookies[PERSON]
    assert (morsel["httponly"], morsel["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("value", ["", "forged", "deadbeef:1abc:forged", "\u2603"])
def test_a_cookie_that_is_not_ours_is_nobodys(room, value: str) -> None:
    assert person_of({"headers": [(b"cookie", f"{PERSON}={value}".encode())]}, room.code) == ""


def test_whoever_is_not_let_in_gets_no_such_cookie(client: Client) -> None:
    client.get(reverse("join", args=["ZZZZZZ"]))
    assert PERSON not in client.cookies
