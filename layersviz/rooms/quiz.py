"""What a class is asked: one question at a time, from the presenter's press to the answers that are written down.

Pure: `now_ms` is the server's clock, milliseconds since 1970. Knows nothing of the playhead, which the room moves.
"""

from layersviz.core.predict import NoQuestionError, questions_at
from layersviz.core.said import said
from layersviz.rooms.messages.from_browser import AskQuestion, Reply, WhichQuestions
from layersviz.rooms.messages.from_server import Offered, QuestionMoved, Refused, Replied, Replies
from layersviz.rooms.messages.values import Question, QuestionOffer, Run
from layersviz.rooms.numbers import Numbers
from layersviz.rooms.questions import MOST_ANSWERS, Answer, KeptQuestion, NotedAnswers, OpenQuestion, new_question

_NOT_ASKED_HERE = said("This cannot be asked at this step, or not before more of the run has been seen.")
_NOT_ASKED = said("This question is over.")
_ANSWER_IS_SHOWN = said("The answer has been shown already.")
_NO_CHOICE = said("This is none of the choices.")
_TOO_MANY_ANSWERS = said("Too many have answered already.")


class Quiz:
    """`open` is the question that the class is asked now, None where it is asked nothing."""

    def __init__(self, numbers: Numbers) -> None:
        self.open: OpenQuestion | None = None
        self._to_note: list[NotedAnswers] = []
        self._numbers = numbers

    def told(self) -> Question | None:
        """As all may know it now."""
        return None if self.open is None else self.open.told()

    # --- from one owner to the next -----------------------------------------------------------------------------------

    def kept(self) -> KeptQuestion | None:
        return None if self.open is None else self.open.kept()

    def resume(self, kept: KeptQuestion | None, run: Run) -> None:
        """Go on where another owner stopped; a question that the run does not have any more is left out."""
        if kept is None:
            return
        try:
            self.open = OpenQuestion(run.journeys, run.number, kept)
        except NoQuestionError:  # the run is told otherwise by now
            self.open = None

    # --- the presenter ------------------------------------------------------------------------------------------------

    def ask(self, request: AskQuestion, run: Run, now_ms: float) -> OpenQuestion | Refused:
        """The question, which the class has not been told yet."""
        former = 0 if self.open is None else self.open.number
        number = max(int(now_ms), former + 1)
        place = {"frame": request.frame, "step": request.step, "number": number}
        try:
            asked = new_question(run.journeys, run.number, kind=request.question, **place)
        except NoQuestionError:
            return Refused(sentence=_NOT_ASKED_HERE)
        self.drop()
        self.open = asked
        return asked

    def tell(self, asked: OpenQuestion) -> QuestionMoved:
        asked.count()
        return QuestionMoved(seq=self._numbers.next(), question=asked.told())

    def reveal(self) -> list[QuestionMoved]:
        if self.open is None or self.open.is_revealed:
            return []
        self.open.reveal()
        return [self.tell(self.open)]

    def close(self) -> list[QuestionMoved]:
        if self.open is None:
            return []
        self.drop()
        return [QuestionMoved(seq=self._numbers.next(), question=None)]

    def drop(self) -> None:
        """It is over; whoever opens another run says so."""
        if self.open is not None and (unnoted := self.open.take_unnoted()) is not None:
            self._to_note.append(unnoted)
        self.open = None

    # --- the students -------------------------------------------------------------------------------------------------

    def reply(self, request: Reply, person: str, name: str, now_ms: float) -> Replied | Refused | None:
        """What counts of that student's answers; None where the student has not answered and does not now."""
        asked = self.open
        if asked is None or asked.number != request.question:
            return None if request.choice is None else Refused(sentence=_NOT_ASKED)
        counts = asked.answer_of(person)
        if counts is None and request.choice is not None:
            if why_not := _why_no_answer(asked, request.choice):
                return Refused(sentence=why_not)
            counts = asked.take(Answer(person=person, name=name, choice=request.choice, at_ms=now_ms))
        return None if counts is None else Replied(question=asked.number, choice=counts.choice)

    def count(self) -> list[QuestionMoved]:
        """Where more have answered than was told."""
        return [] if self.open is None or not self.open.has_news else [self.tell(self.open)]

    def replies(self) -> Replies:
        """For the presenter: who has answered what."""
        return Replies(question=0, replies=()) if self.open is None else self.open.replies()

    def take_unnoted(self) -> list[NotedAnswers]:
        """The answers that have come since the last time, to be written down."""
        if self.open is not None and (unnoted := self.open.take_unnoted()) is not None:
            self._to_note.append(unnoted)
        taken, self._to_note = self._to_note, []
        return taken


def offered(request: WhichQuestions, run: Run) -> Offered:
    """What may be asked at that step of the run."""
    kinds = questions_at(run.journeys, request.frame, request.step)
    offers = tuple(QuestionOffer(kind=kind, words=kind.word) for kind in kinds)
    return Offered(frame=request.frame, step=request.step, offers=offers)


def _why_no_answer(asked: OpenQuestion, choice: int) -> str:
    """Empty where it counts."""
    if asked.is_revealed:
        return _ANSWER_IS_SHOWN
    if choice >= len(asked.asked.choices):
        return _NO_CHOICE
    return _TOO_MANY_ANSWERS if asked.answered >= MOST_ANSWERS else ""
