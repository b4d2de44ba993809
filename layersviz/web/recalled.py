"""Texts that were written down in English, as a sentence that can be said in another language again.

The database, and the process that reads an upload, hand on plain English. It is one of our own messages with values in
its places: which one, and which values, is found out by trying the messages that the translations know.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from string import Formatter
from typing import Any, NamedTuple

from django.conf import settings

from layersviz.core.said import filled, joined
from layersviz.recordings.lessons.page_runs import EVERY
from layersviz.recordings.models import Recording, Source
from layersviz.recordings.names import NAMES, asked_of, remembered
from layersviz.web.said import catalogue

_LEAST_WORDS = 3
"""A message with places has so many words of its own, or it would be found in any text."""

_PLACES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "": ("(.+?)", str),
    ",": ("([0-9,]+)", lambda digits: int(digits.replace(",", ""))),
}
"""What stands for a place of that format, and what was there."""


class _Message(NamedTuple):
    template: str
    pattern: re.Pattern[str]
    places: list[tuple[str, str]]


def recalled(text: str) -> str:
    """A `Said`, or the text itself where it is none of our messages, nor several of them in a row."""
    found = _one(text, _all_messages())
    if found is not None:
        return found
    for end in reversed([match.start() for match in re.finditer(r"(?<=[.?!]) ", text)]):
        first = _one(text[:end], _all_messages())
        if first is not None:
            return joined(" ", [first, recalled(text[end + 1 :])])
    return text


def recording_words(kept: Recording) -> dict[str, str]:
    """Its `name`, `about`, `problem`, and what was `asked` of the wire, to be said in any language; a name that
    somebody gave stays as it is."""
    return {
        "name": kept.name if kept.source == Source.FILE else remembered(kept) or _one(kept.name, _names()) or kept.name,
        "asked": asked_of(kept),
        "about": _one(kept.about, _abouts()) or kept.about,
        "problem": recalled(kept.problem) if kept.problem else "",
    }


def _one(text: str, messages: tuple[_Message, ...]) -> str | None:
    for message in messages:
        match = message.pattern.fullmatch(text)
        if match is not None:
            there = zip(message.places, match.groups(), strict=True)
            return filled(message.template, **{name: _PLACES[form][1](value) for (name, form), value in there})
    return None


@cache
def _names() -> tuple[_Message, ...]:
    return _messages([*NAMES, *(lesson.name for lesson in EVERY)])


@cache
def _abouts() -> tuple[_Message, ...]:
    return _messages(lesson.about for lesson in EVERY)


@cache
def _all_messages() -> tuple[_Message, ...]:
    """Every sentence that any language has a text for."""
    templates = {text for code, _ in settings.LANGUAGES for text in catalogue(code).messages}
    return _messages(each for each in templates if "{" not in each or len(_words(each)) >= _LEAST_WORDS)


def _words(template: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", " ", template))


def _messages(templates: Iterable[str]) -> tuple[_Message, ...]:
    """Those with the most words of their own first: they fit the fewest texts."""
    ordered = sorted(templates, key=lambda template: len(re.sub(r"\{[^}]*\}", "", template)), reverse=True)
    return tuple(message for each in ordered if (message := _message(each)) is not None)


def _message(template: str) -> _Message | None:
    """None where a place holds what can't be read back."""
    pattern, places = "", []
    for literal, name, form, _ in Formatter().parse(template):
        pattern += re.escape(literal)
        if name is not None:
            if form not in _PLACES or not name:
                return None
            pattern += _PLACES[form][0]
            places.append((name, form))
    return _Message(template, re.compile(pattern, re.DOTALL), places)
