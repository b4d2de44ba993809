"""Predict, then see: what a class may be asked at a step of a run, with the answer that the run itself gives.

The right answer is read from the journeys, and given only where the rule behind it says the same; wrong ones come from
usual mistakes. Knows nothing of clocks or of chance: the same seed gives the same question.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from layersviz.core import predict_ends, predict_numbers, predict_ways
from layersviz.core.journey import Journey
from layersviz.core.predict_place import Asked, Draft, Place, arranged
from layersviz.core.said import Said, said


class QuestionKind(StrEnum):
    """What is asked for."""

    ACKNOWLEDGMENT = "acknowledgment"
    SEQUENCE = "sequence"
    FLAGS = "flags"
    PORT = "port"
    LENGTH = "length"
    MAC = "mac"
    LAYER = "layer"
    TIME_WAIT = "time-wait"

    @property
    def word(self) -> Said:
        """For a button."""
        return _WORDS[self]


class NoQuestionError(ValueError):
    """This cannot be asked there."""


_WORDS = {
    QuestionKind.ACKNOWLEDGMENT: said("Which acknowledgment number comes back?"),
    QuestionKind.SEQUENCE: said("Which sequence number is next?"),
    QuestionKind.FLAGS: said("Which flags come next?"),
    QuestionKind.PORT: said("Which port answers?"),
    QuestionKind.LENGTH: said("How many bytes of data come next?"),
    QuestionKind.MAC: said("Which MAC address does the frame back have?"),
    QuestionKind.LAYER: said("Which layer refuses it?"),
    QuestionKind.TIME_WAIT: said("Who will be in TIME-WAIT?"),
}
_DRAFTS: dict[QuestionKind, Callable[[Place], Draft | None]] = {
    QuestionKind.ACKNOWLEDGMENT: predict_numbers.acknowledgment,
    QuestionKind.SEQUENCE: predict_numbers.sequence,
    QuestionKind.FLAGS: predict_numbers.flags,
    QuestionKind.PORT: predict_ways.port,
    QuestionKind.LENGTH: predict_ways.length,
    QuestionKind.MAC: predict_ways.mac,
    QuestionKind.LAYER: predict_ends.layer,
    QuestionKind.TIME_WAIT: predict_ends.time_wait,
}
LEAST_CHOICES = 3


def questions_at(journeys: Sequence[Journey], frame: int, step: int) -> tuple[QuestionKind, ...]:
    """What may be asked while that step (counted from 1 within its frame) is shown and nothing behind it."""
    place = _place(journeys, frame, step)
    return () if place is None else tuple(kind for kind in QuestionKind if _draft(place, kind) is not None)


def question(journeys: Sequence[Journey], frame: int, step: int, kind: QuestionKind, seed: int) -> Asked:
    """Raises NoQuestionError where that may not be asked there."""
    place = _place(journeys, frame, step)
    draft = None if place is None else _draft(place, kind)
    if draft is None:
        raise NoQuestionError(f"{kind} at step {step} of frame {frame}")
    return arranged(draft, seed)


def _draft(place: Place, kind: QuestionKind) -> Draft | None:
    draft = _DRAFTS[kind](place)
    return draft if draft is not None and len(draft.choices) >= LEAST_CHOICES else None


def _place(journeys: Sequence[Journey], frame: int, step: int) -> Place | None:
    for index, journey in enumerate(journeys):
        if journey.number == frame:
            found = next((each for each in journey.steps if each.number == step), None)
            return None if found is None else Place(journeys, index, found)
    return None
