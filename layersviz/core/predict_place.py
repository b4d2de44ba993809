"""Where in a run the class stands when it is asked, and what a question is before its choices are arranged.

Knows nothing of what is asked.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from layersviz.core.journey import Half, Journey, Step
from layersviz.core.layer import Layer
from layersviz.core.predict_reading import Unit, unit_of, units

MOST_CHOICES = 4


class Place:
    """A step of a run: what came before it has been shown, what comes later has not."""

    def __init__(self, journeys: Sequence[Journey], index: int, step: Step) -> None:
        self.journey = journeys[index]
        self.step = step
        self.earlier = journeys[:index]
        self.later = journeys[index + 1 :]
        self.unit = None if self.journey.copy_of else unit_of(self.journey)  # a copy is the wire's: nobody sends it

    @property
    def shown(self) -> Sequence[Step]:
        """This frame's steps that have been shown."""
        return self.journey.steps[: self.journey.steps.index(self.step) + 1]

    @property
    def is_last_step(self) -> bool:
        return self.step is self.journey.steps[-1]

    @property
    def is_on_wire(self) -> bool:
        return self.step.half is Half.WIRE

    def has_shown(self, layer: Layer) -> bool:
        """Whether the sender's step on that layer has been shown."""
        return any(each.half is Half.DOWN and each.layer is layer for each in self.shown)

    @cached_property
    def so_far(self) -> list[Unit]:
        """This unit's conversation, from its begin to this frame."""
        return self._of_conversation((*self.earlier, self.journey))

    @cached_property
    def to_come(self) -> list[Unit]:
        """The same conversation's units behind this frame."""
        return self._of_conversation(self.later)

    def _of_conversation(self, journeys: Iterable[Journey]) -> list[Unit]:
        own = self.unit
        return [] if own is None else [each for each in units(journeys) if each.conversation == own.conversation]

    @cached_property
    def next_of_conversation(self) -> Unit | None:
        """The very next segment, where all of it could be read: what cannot be read may be of this conversation."""
        for journey in self.later:
            unit = unit_of(journey)
            if unit is None and journey.problem:
                return None
            if unit is not None and self.unit is not None and unit.conversation == self.unit.conversation:
                return unit
        return None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A question, its answer, and wrong ones from usual mistakes: the first is the most usual, the rest in any order.

    `is_whole`: all of them are shown, as with the layers of a stack.
    """

    text: str
    right: str
    wrong: tuple[str, ...]
    why: str
    is_whole: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The right one, then the wrong ones, each once."""
        return tuple(dict.fromkeys((self.right, *self.wrong)))


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it is asked: `right` is the index of the right choice, `why` one or two sentences."""

    text: str
    choices: tuple[str, ...]
    right: int
    why: str


def arranged(draft: Draft, seed: int) -> Asked:
    """The right answer, the most usual mistake and some others, in an order that only the seed decides."""
    right, first, *others = draft.choices
    taken = MOST_CHOICES - 2 if not draft.is_whole else len(others)
    chosen = shuffled((right, first, *shuffled(others, seed)[:taken]), seed + 1)
    return Asked(text=draft.text, choices=tuple(chosen), right=chosen.index(right), why=draft.why)


def shuffled(texts: Sequence[str], seed: int) -> list[str]:
    """Fisher and Yates' shuffle, by Knuth's generator MMIX: the same seed gives the same order."""
    order, state = list(texts), _stirred(seed)
    for last in range(len(order) - 1, 0, -1):
        state = _next(state)
        other = (state >> 33) % (last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def number_from(seed: int, least: int, most: int) -> int:
    """A number between the two, both among them."""
    return least + (_next(_stirred(seed)) >> 33) % (most - least + 1)


def _stirred(seed: int) -> int:
    state = seed & _MASK
    for _round in range(4):
        state = _next(state ^ (state >> 29))
    return state


def _next(state: int) -> int:
    return (state * 6364136223846793005 + 1442695040888963407) & _MASK


_MASK = (1 << 64) - 1
