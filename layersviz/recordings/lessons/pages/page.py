"""A lesson's page: sentences, each at a step of a ready lesson's run, in two depths.

A sentence has places for values of that run: '{syn.tcp.seq_raw}' is a frame of `named_frames.FRAMES` and one of its
fields, by Wireshark's name. No number of a run stands in a text itself. Knows nothing of languages, of addresses or of
the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What is to be seen at one step; `plain` for a beginner, `precise` as the standard has it, `source` says where.

    `at` is the step: a frame's name, the half of its way and the layer there ('syn down transport'). `run` is the ready
    lesson (`course.Lesson.slug`) that it is a step of. `source` is 'RFC 9293, section 3.5': a document, then the place.
    """

    run: str
    at: str
    plain: str
    precise: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`slug` is its address. `attempt` is the one thing to try; what it has places for belongs to the first run."""

    slug: str
    name: str
    about: str
    sentences: tuple[Sentence, ...]
    attempt: str

    @property
    def runs(self) -> tuple[str, ...]:
        """The ready lessons that it needs, in the order in which it first shows them."""
        return tuple(dict.fromkeys(sentence.run for sentence in self.sentences))


def places(text: str) -> Iterator[str]:
    """What stands in the braces of a text, in order."""
    return (place for _literal, place, _form, _conversion in Formatter().parse(text) if place is not None)
