"""A lesson's sentences as markup in the reader's language: the glossary's words are links, values are marked."""

import re
from string import Formatter

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from layersviz.core.said import in_language, said
from layersviz.recordings.lessons.readings import Readings
from layersviz.web.glossed import Linker
from layersviz.web.reader import reader_language
from layersviz.web.said import catalogue

_DOCUMENT = re.compile(r"(?P<document>RFC (?P<rfc>\d+)|[^,]+)(?:, section (?P<section>[\w.]+))?", re.ASCII)


class Writer:
    """Of one page: each of the glossary's words is linked once."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker

    def written(self, text: str, readings: Readings, *, is_shown: bool = False) -> SafeString:
        """Of a sentence with places for that run's values; where it is on the stage, a field's value can be pressed."""
        language = catalogue(reader_language())
        parts: list[tuple[SafeString]] = []
        for literal, place, _form, _conversion in Formatter().parse(in_language(text, language)):
            parts.append((self._linker.linked(literal),))
            if place is not None:
                value = in_language(readings.value(place) or "?", language)
                parts.append((_marked(place, value, readings.field_of(place) if is_shown else None),))
        return format_html_join("", "{}", parts)


def _marked(place: str, value: str, field: tuple[int, str] | None) -> SafeString:
    """Its title is what Wireshark calls it ('tcp.seq_raw')."""
    title = place.partition(".")[2]
    if field is None:
        return format_html('<span class="value" title="{}">{}</span>', title, value)
    marked = '<button type="button" class="value" data-frame="{}" data-field="{}" title="{}">{}</button>'
    return format_html(marked, *field, title, value)


def reference(source: str) -> dict[str, str] | None:
    """A document as `text` and `address`, which is empty where it can't be had for nothing; None for no document."""
    found = _DOCUMENT.fullmatch(source)
    if found is None:
        return None
    document, rfc, section = found["document"], found["rfc"], found["section"]
    address = f"https://www.rfc-editor.org/rfc/rfc{rfc}" if rfc else ""
    if not section:
        return {"text": document, "address": address}
    text = said("{document}, section {section}", document=document, section=section)
    return {"text": text, "address": f"{address}#section-{section}" if address else ""}
