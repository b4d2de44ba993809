"""Sentences for people: English text that remembers how it was made, so that it can be said in another language.

A `Said` is its English text, usable wherever a `str` is; joined with `+` or an f-string it becomes plain English again.
Knows nothing of which languages there are: a `Catalogue` is an argument.
"""

from collections.abc import Callable
from string import Formatter
from typing import Any, Protocol

import msgspec


class Catalogue(Protocol):
    """One language: gettext's two questions, and what parts whole numbers from fractions and thousands."""

    decimal: str
    grouping: str

    def gettext(self, message: str) -> str: ...

    def ngettext(self, one: str, many: str, count: int) -> str: ...


class Said(str):
    """`template` and `many` are gettext's message and plural; `values` fill its braces, and may be Said themselves."""

    __slots__ = ("count", "many", "template", "values")

    template: str
    many: str
    count: int
    values: dict[str, Any]


def said(template: str, **values: object) -> Said:
    """One sentence, or part of one; `{name}` is filled with a value, `{name:,}` or `{name:.3f}` with a number."""
    return _made(template.format(**values) if values else template, template, "", 0, values)


def said_many(one: str, many: str, count: int, **values: object) -> Said:
    """The first template where the count is 1, else the second; `{count}` is filled with it."""
    values = {"count": count, **values}
    return _made((one if count == 1 else many).format(**values), one, many, count, values)


def joined(separator: str, parts: list[str]) -> Said:
    """Texts in a row, as `str.join`; each of them keeps what it remembers."""
    names = [f"part_{index}" for index in range(len(parts))]
    template = separator.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in names)
    return _made(separator.join(parts), template, "", 0, dict(zip(names, parts, strict=True)))


def in_language(text: str, catalogue: Catalogue) -> str:
    """A text in another language; what is no `Said` stays as it is."""
    if not isinstance(text, Said):
        return text
    if text.many:
        template = catalogue.ngettext(text.template, text.many, text.count)
    else:
        template = catalogue.gettext(text.template) if text.template else ""
    return _Filling(catalogue).vformat(template, (), text.values) if text.values else template


def encoder(catalogue: Catalogue | None = None) -> msgspec.json.Encoder:
    """Of values with `Said` texts in them: in English, or in another language."""
    return msgspec.json.Encoder(enc_hook=_english if catalogue is None else _in(catalogue))


def _made(text: str, template: str, many: str, count: int, values: dict[str, Any]) -> Said:
    made = Said(text)
    made.template, made.many, made.count, made.values = template, many, count, values
    return made


def _english(text: Any) -> str:
    if isinstance(text, Said):
        return str.__str__(text)
    raise NotImplementedError(f"{type(text).__name__} has no place in a message")


def _in(catalogue: Catalogue) -> Callable[[Any], str]:
    def translated(text: Any) -> str:
        _english(text)
        return in_language(text, catalogue)

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
