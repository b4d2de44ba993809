"""One question of a class, from its opening to its end: who answered what, how many, and what is told of it when.

Pure: no clock, no database. What is right leaves here only when it is revealed.
"""

from collections.abc import Sequence

import msgspec

from layersviz.core.journey import Journey
from layersviz.core.predict import QuestionKind, question
from layersviz.core.predict_place import Asked
from layersviz.rooms.messages.from_server import Replies
from layersviz.rooms.messages.values import GivenReply, Question, Spread

MOST_LISTED = 500
"""So many replies are listed on the presenter's page; the file has all."""
MOST_ANSWERS = 5_000
"""So many are counted of one question: a class is not larger."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one student chose: `person` is what tells the students apart, `name` what the student wrote, perhaps
    nothing."""

    person: str
    name: str
    choice: int
    at_ms: float


class KeptQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What outlives the owner: the question itself is made again from the run, which is the same."""

    number: int
    frame: int
    step: int
    kind: QuestionKind
    revealed: bool
    replies: tuple[Answer, ...]


class NotedAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """A question with some of its replies, to be written down; milliseconds since 1970."""

    number: int
    run: int
    frame: int
    step: int
    kind: QuestionKind
    asked: Asked
    asked_ms: float
    replies: tuple[Answer, ...] = ()


class OpenQuestion:
    """`number` names the question within its class: it is the millisecond in which it was asked. It is the seed of its
    choices' order, too."""

    def __init__(self, journeys: Sequence[Journey], run: int, kept: KeptQuestion) -> None:
        """Raises NoQuestionError where that cannot be asked there."""
        self.asked = question(journeys, kept.frame, kept.step, kept.kind, kept.number)
        self.number = kept.number
        self.is_revealed = kept.revealed
        self._run = run
        self._of = kept
        self._replies: dict[str, Answer] = {reply.person: reply for reply in kept.replies}
        self._counted = len(self._replies)
        self._noted = 0
        journey = next(each for each in journeys if each.number == kept.frame)
        step = next(each for each in journey.steps if each.number == kept.step)
        self.rest_ms, self.end_ms = step.rest_ms, step.end_ms

    # --- answers ------------------------------------------------------------------------------------------------------

    @property
    def answered(self) -> int:
        return len(self._replies)

    def answer_of(self, person: str) -> Answer | None:
        return self._replies.get(person)

    def take(self, answer: Answer) -> Answer:
        """The first answer of each counts; that one is given back."""
        return self._replies.setdefault(answer.person, answer)

    def reveal(self) -> None:
        self.is_revealed = True

    @property
    def has_news(self) -> bool:
        """Whether more have answered than all were told."""
        return len(self._replies) != self._counted

    def count(self) -> None:
        """All are told how many have answered by now."""
        self._counted = len(self._replies)

    # --- what is told -------------------------------------------------------------------------------------------------

    def told(self) -> Question:
        """As all may know it now."""
        return Question(
            number=self.number,
            run=self._run,
            frame=self._of.frame,
            step=self._of.step,
            kind=self._of.kind,
            text=self.asked.text,
            choices=self.asked.choices,
            answered=len(self._replies),
            revealed=self._spread() if self.is_revealed else None,
        )

    def _spread(self) -> Spread:
        chosen = [reply.choice for reply in self._replies.values()]
        counts = tuple(chosen.count(index) for index in range(len(self.asked.choices)))
        return Spread(right=self.asked.right, counts=counts, why=self.asked.why)

    def replies(self) -> Replies:
        """For the presenter."""
        listed = list(self._replies.values())[-MOST_LISTED:]
        first = len(self._replies) - len(listed) + 1
        given = tuple(
            GivenReply(number=number, name=reply.name, choice=reply.choice)
            for number, reply in enumerate(listed, start=first)
        )
        return Replies(question=self.number, replies=given)

    # --- what is kept -------------------------------------------------------------------------------------------------

    def kept(self) -> KeptQuestion:
        replies = tuple(self._replies.values())
        return msgspec.structs.replace(self._of, revealed=self.is_revealed, replies=replies)

    def take_unnoted(self) -> NotedAnswers | None:
        """The replies since the last time, and the question itself the first time; None where there is nothing new."""
        unnoted = tuple(self._replies.values())[self._noted :]
        if not unnoted:
            return None
        self._noted = len(self._replies)
        return NotedAnswers(
            number=self.number,
            run=self._run,
            frame=self._of.frame,
            step=self._of.step,
            kind=self._of.kind,
            asked=self.asked,
            asked_ms=float(self.number),
            replies=unnoted,
        )


def new_question(
    journeys: Sequence[Journey], run: int, *, frame: int, step: int, kind: QuestionKind, number: int
) -> OpenQuestion:
    """Raises NoQuestionError where that cannot be asked there."""
    kept = KeptQuestion(number=number, frame=frame, step=step, kind=kind, revealed=False, replies=())
    return OpenQuestion(journeys, run, kept)
