"""Whole values in a reader's language."""

from dataclasses import dataclass

import msgspec
import pytest

from config.languages import languages
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.web.said import catalogue, translated


class Row(msgspec.Struct, frozen=True):
    heading: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    by_name: dict[str, str]
    number: int


def test_every_sentence_in_a_value_is_said_in_the_language() -> None:
    page = Page([Row(said("Lost on the wire"), (said("client"), "SYN"))], {"layer": Layer.LINK.label}, 3)
    german = translated(page, "de")
    assert german == Page([Row("Auf der Leitung verloren", ("Client", "SYN"))], {"layer": "Sicherung"}, 3)
    assert page.rows[0].heading == "Lost on the wire"
    assert translated(page, "en") == page


@pytest.mark.parametrize(("language", "number"), [("en", "1,234.5"), ("de", "1.234,5")])
def test_numbers_have_the_language_s_signs(language: str, number: str) -> None:
    assert translated(said("{n:,.1f} ms", n=1234.5), language) == f"{number} ms"


def test_a_language_that_is_not_there_stays_english() -> None:
    assert translated(said("Lost on the wire"), "eo") == "Lost on the wire"
    assert catalogue("eo") is catalogue("eo")


def test_a_language_is_there_when_its_folder_is(tmp_path) -> None:
    assert languages(tmp_path) == [("en", "English")]
    for name in ("de", "pt_BR"):
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").touch()
    assert languages(tmp_path) == [("en", "English"), ("de", "Deutsch"), ("pt-br", "Português Brasileiro")]
