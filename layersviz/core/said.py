"""Sentences for people: English text that remembers how it was made, so that it can be said in another language.

A `Said` is its English text, usable wherever a `str` is; joined with `+` or an f-string it becomes plain English again.
Knows nothing of which languages there are: a `Catalogue` is an argument.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import msgspec


class Catalogue(Protocol):
    """One language: gettext's two questions, and what parts whole numbers from fractions and thousands."""

    decimal: str
    grouping: str

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, one: str, many: str, count: int, /) -> str: ...


class Said(str):
    """`making` is gettext's message, and the values that fill its braces, which may be Said themselves."""

    __slots__ = ("making",)

    making: tuple[str, dict[str, Any]]

    @property
    def template(self) -> str:
        return self.making[0]

    @property
    def values(self) -> dict[str, Any]:
        return self.making[1]

    def in_language(self, catalogue: Catalogue) -> str:
        template, values = self.making
        return _filled(catalogue.gettext(template), values, catalogue) if template else ""


class SaidMany(Said):
    """`plural` is gettext's second message, and what decides between the two."""

    __slots__ = ("plural",)

    plural: tuple[str, int]

    def in_language(self, catalogue: Catalogue) -> str:
        template, values = self.making
        return _filled(catalogue.ngettext(template, *self.plural), values, catalogue)


class SaidRow(Said):
    """`row` are texts, and what stands between them."""

    __slots__ = ("row",)

    row: tuple[str, list[str]]

    def in_language(self, catalogue: Catalogue) -> str:
        separator, parts = self.row
        return separator.join([in_language(part, catalogue) for part in parts])


_NOTHING: tuple[str, dict[str, Any]] = "", {}


def said(template: str, /, **values: object) -> Said:
    """One sentence, or part of one; `{name}` is filled with a value, `{name:,}` or `{name:.3f}` with a number."""
    if not values:
        return _constants.get(template) or _constant(template)
    quick = _quick.get(template)
    made = Said(quick % values if quick else _format(template, values))
    made.making = template, values
    return made


recurring = lru_cache(maxsize=512, typed=True)(said)
"""The same, made once, for what is said of many a frame with the same values."""


def said_many(one: str, many: str, count: int, /, **values: object) -> Said:
    """The first template where the count is 1, else the second; `{count}` is filled with it."""
    values["count"] = count
    made = SaidMany((one if count == 1 else many).format_map(values))
    made.making = one, values
    made.plural = many, count
    return made


def filled(message: str, **values: object) -> Said:
    """The message of a `said` that stands in a table, with the values that it has braces for."""
    return said(message.template if isinstance(message, Said) else str(message), **values)


def joined(separator: str, parts: Iterable[str]) -> Said:
    """Texts in a row, as `str.join`; each of them keeps what it remembers."""
    row = list(parts)
    made = SaidRow(separator.join(row))
    made.making = _NOTHING
    made.row = separator, row
    return made


def glued(*parts: str) -> str:
    """Texts one behind the other, each with its own space where it needs one."""
    there = [part for part in parts if part]
    return there[0] if len(there) == 1 else joined("", there)


def in_a_row(*parts: str) -> str:
    """Sentences with a space between them; those that are empty leave none."""
    there = [part for part in parts if part]
    return there[0] if len(there) == 1 else joined(" ", there)


def in_language(text: str, catalogue: Catalogue) -> str:
    """A text in another language; what is no `Said` stays as it is."""
    return text.in_language(catalogue) if isinstance(text, Said) else text


def encoder(catalogue: Catalogue | None = None) -> "msgspec.json.Encoder":
    """Of values with `Said` texts in them: in English, or in another language."""
    import msgspec  # not by the lab's child, which says something and encodes it by itself

    return msgspec.json.Encoder(enc_hook=str.__str__ if catalogue is None else _in(catalogue))


def to_parts(text: str) -> Any:
    """What JSON can carry of a text to another process, to be made whole there by `from_parts`."""
    match text:
        case SaidRow():
            return [text.row[0], [to_parts(part) for part in text.row[1]]]
        case Said():
            values = {name: to_parts(part) if isinstance(part, Said) else part for name, part in text.values.items()}
            return [text.template, values, *(text.plural if isinstance(text, SaidMany) else ())]
    return text


def from_parts(parts: object) -> Said:
    """The text again. Raises ValueError of what `to_parts` has not made."""
    match parts:
        case [str(separator), list(row)]:
            return joined(separator, [part if isinstance(part, str) else from_parts(part) for part in row])
        case [str(template), dict(values)]:
            return said(template, **_values(values))
        case [str(template), dict(values), str(many), int(count)]:
            return said_many(template, many, count, **_values(values))
    raise ValueError(f"{parts!r} is no text")


def _values(carried: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): from_parts(part) if isinstance(part, list) else part for name, part in carried.items()}


_MOST_KEPT = 8_192
_constants: dict[str, Said] = {}
_quick: dict[str, str] = {}
"""Of templates without format specifications: the same for `%`, which takes half the time of `format`."""


def _constant(template: str) -> Said:
    made = Said(template)
    made.making = template, {}
    if len(_constants) < _MOST_KEPT:
        _constants[template] = made
    return made


def _format(template: str, values: dict[str, Any]) -> str:
    _quick_of(template)
    return template.format_map(values)


def _quick_of(template: str) -> str:
    quick = _quick.get(template)
    if quick is None:
        quick = _quickly(template)
        if len(_quick) < _MOST_KEPT:
            _quick[template] = quick
    return quick


def _quickly(template: str) -> str:
    """For `%`; empty where a value has a format specification or a conversion, which `%` has not."""
    pieces = list(Formatter().parse(template))
    if any(specification or conversion for _text, _name, specification, conversion in pieces):
        return ""
    return "".join(text.replace("%", "%%") + ("" if name is None else f"%({name})s") for text, name, _, _ in pieces)


def _filled(template: str, values: dict[str, Any], catalogue: Catalogue) -> str:
    if not values:
        return template
    quick = _quick_of(template)
    if quick and all(isinstance(value, str | int) for value in values.values()):
        return quick % {name: in_language(value, catalogue) for name, value in values.items()}
    return _Filling(catalogue).vformat(template, (), values)


def _in(catalogue: Catalogue) -> Callable[[Any], str]:
    def translated(text: Any) -> str:
        return in_language(text, catalogue) if isinstance(text, Said) else str.__str__(text)

    return translated


class _Filling(Formatter):
    """Fills a template as `str.format` does, with sentences and numbers in the language's own manner."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._signs = str.maketrans({",": catalogue.grouping, ".": catalogue.decimal})

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            return format(in_language(value, self._catalogue), format_spec)
        return format(value, format_spec).translate(self._signs)
