"""Texts as markup in which the glossary's words are links; everything else in them is escaped.

A word is linked where it first stands: a page that has several texts lets one `Linker` write them all.
"""

import re
from collections.abc import Mapping
from functools import cache

from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from layersviz.core.glossary import TERMS, Term
from layersviz.core.said import in_language
from layersviz.web.reader import reader_language
from layersviz.web.said import catalogue


class Linker:
    """For one page in the reader's language; `query` is what the links carry on ('?depth=precise', or nothing)."""

    def __init__(self, query: str = "") -> None:
        self._address = f"{reverse('glossary')}{query}"
        self._pattern, self._terms = _words(reader_language())
        self._linked: set[str] = set()

    def linked(self, text: str) -> SafeString:
        parts = ((part,) for part in self._pattern.split(text))
        return format_html_join("", "{}", ((self._link(part),) for (part,) in parts))

    def _link(self, part: str) -> SafeString:
        """A part of a text: one of the words, or what stands between two of them."""
        slug = self._terms.get(_key(part))
        if slug is None or slug in self._linked:
            return conditional_escape(part)
        self._linked.add(slug)
        return format_html('<a class="term" href="{}#{}">{}</a>', self._address, slug, part)


def forms_of(term: Term, language: str) -> list[str]:
    """The ways in which texts of that language write the word."""
    return in_language(term.forms, catalogue(language)).split("|")


@cache
def _words(language: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """What finds the words in a text, the longest first, and whose each of them is."""
    terms = {_key(form): term.slug for term in TERMS for form in forms_of(term, language)}
    forms = sorted({form for term in TERMS for form in forms_of(term, language)}, key=len, reverse=True)
    either = "|".join(_pattern(form) for form in forms)
    return re.compile(rf"(?<![\w/-])({either})(?![\w/-])"), terms


def _pattern(form: str) -> str:
    """A word may begin a sentence; what is all capitals is another word than the same in small letters."""
    first, rest = form[:1], form[1:]
    return re.escape(form) if form.isupper() else f"[{first.lower()}{first.upper()}]{re.escape(rest)}"


def _key(form: str) -> str:
    return form if form.isupper() else form[:1].lower() + form[1:]
