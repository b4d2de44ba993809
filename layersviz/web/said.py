"""Sentences in a reader's language: the catalogues that `core.said` asks for, and whole values in a language.

Knows nothing of requests: the language is an argument, as Django names it ('en', 'de').
"""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from django.conf import settings
from django.utils.formats import get_format
from django.utils.translation import to_locale

from layersviz.core.said import Catalogue, Said, in_language

Value = TypeVar("Value")


class Language:
    """One language's texts, and the signs in its numbers; what it has no text for stays English.

    `messages` are the English sentences that it has a text for.
    """

    def __init__(self, texts: NullTranslations, decimal: str, grouping: str) -> None:
        self.decimal = decimal
        self.grouping = grouping
        self.gettext = texts.gettext
        self.ngettext = texts.ngettext
        keys = getattr(texts, "_catalog", {})  # the one place that has them all
        self.messages = frozenset(key if isinstance(key, str) else key[0] for key in keys)


@cache
def catalogue(language: str) -> Language:
    """Read once for each language, from what `catalogues.compile_if_changed` has made."""
    texts: NullTranslations = NullTranslations()
    for folder in map(Path, settings.LOCALE_PATHS):
        texts = translation("django", folder, [to_locale(language)], fallback=True)
        if type(texts) is not NullTranslations:
            break
    decimal, grouping = (str(get_format(name, language)) for name in ("DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR"))
    return Language(texts, decimal, grouping)


def translated(value: Value, language: str) -> Value:
    """The value with every sentence in it in the language: structs, dataclasses, tuples, lists and dicts are copied."""
    return cast("Value", _in(value, catalogue(language)))


def _in(value: Any, language: Catalogue) -> Any:
    match value:
        case Said():
            return in_language(value, language)
        case msgspec.Struct():
            return msgspec.structs.replace(value, **_parts(value, value.__struct_fields__, language))
        case tuple() | list() if type(value) in (tuple, list):
            return type(value)(_in(part, language) for part in value)
        case dict():
            return {_in(key, language): _in(part, language) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **_parts(value, (field.name for field in fields(value) if field.init), language))
    return value


def _parts(value: object, names: Iterable[str], language: Catalogue) -> dict[str, object]:
    return {name: _in(getattr(value, name), language) for name in names}
