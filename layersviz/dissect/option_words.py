"""What options with kind, length and value are called: made once for each kind, for there are few.

Knows nothing of particular protocols.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from layersviz.core.said import said
from layersviz.dissect.table import with_name


class OptionWords(NamedTuple):
    """The option's `name`; `kind` is its number with the name; `length` and `value` label those two fields."""

    name: str
    kind: str
    length: str
    value: str


def option_words(names: Mapping[int, str]) -> Callable[[int], OptionWords]:
    """The words by an option's kind; one without a name is called by its number."""

    @cache
    def words(kind: int) -> OptionWords:
        name = names.get(kind) or said("Option {kind}", kind=kind)
        return OptionWords(
            name=name,
            kind=with_name(str(kind), name),
            length=said("{option}: length", option=name),
            value=said("{option}: value", option=name),
        )

    return words
