"""What classes were asked and have answered, in the database. Plain synchronous functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from layersviz.core.said import Said, from_parts, to_parts
from layersviz.rooms.models import AskedQuestion, GivenAnswer, RegisteredRoom
from layersviz.rooms.questions import NotedAnswers


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One student's answer to one question, which `question` counts from 1 within its class."""

    question: int
    asked_at: datetime
    frame: int
    step: int
    text: str
    right: str
    person: str
    name: str
    choice: str
    is_right: bool
    at: datetime


@transaction.atomic
def note_answers(code: str, noted: Sequence[NotedAnswers]) -> None:
    """What is there already stays as it is: of a student's answers the first counts. A room that is gone keeps none."""
    room = RegisteredRoom.objects.filter(code=code).first()
    for each in noted if room is not None else ():
        question, _is_new = AskedQuestion.objects.get_or_create(room=room, number=each.number, defaults=_row_of(each))
        GivenAnswer.objects.bulk_create(_answers(question, each), ignore_conflicts=True)


def answers_of(room: RegisteredRoom) -> Iterator[AnswerRow]:
    """In the order in which they were asked and given."""
    for number, question in enumerate(room.questions.prefetch_related("answers"), start=1):
        choices = [_text(parts) for parts in question.choices]
        for answer in question.answers.all():
            yield AnswerRow(
                question=number,
                asked_at=question.asked_at,
                frame=question.frame,
                step=question.step,
                text=_text(question.text),
                right=choices[question.right],
                person=answer.person,
                name=answer.name,
                choice=choices[answer.choice],
                is_right=answer.choice == question.right,
                at=answer.at,
            )


def _row_of(noted: NotedAnswers) -> dict[str, object]:
    return {
        "frame": noted.frame,
        "step": noted.step,
        "kind": noted.kind.value,
        "text": to_parts(noted.asked.text),
        "choices": [to_parts(choice) for choice in noted.asked.choices],
        "right": noted.asked.right,
        "asked_at": _time(noted.asked_ms),
    }


def _answers(question: AskedQuestion, noted: NotedAnswers) -> list[GivenAnswer]:
    return [
        GivenAnswer(question=question, person=each.person, name=each.name, choice=each.choice, at=_time(each.at_ms))
        for each in noted.replies
    ]


def _time(ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC)


def _text(parts: object) -> str | Said:
    return parts if isinstance(parts, str) else from_parts(parts)
