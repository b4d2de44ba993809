"""Every text that people read has a translation, whole and with the same places for values, in every language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from layersviz.management.extraction import in_python, in_template, literal, name_of_call, texts_of
from layersviz.web.catalogues import read_texts

PROJECT = Path(__file__).resolve().parents[1]
CATALOGUES = sorted((PROJECT / "layersviz" / "locale").glob("*/LC_MESSAGES/django.po"))
PLACES = re.compile(r"\{[^{}]*\}|%\(\w+\)s")
TEMPLATES_ELSEWHERE = {
    # Here a text comes out of a table whose entries are marked, or is made whole from what another process said.
    *("layersviz/core/said.py", "layersviz/core/story/words.py", "layersviz/survey/frame_rows.py"),
    *("layersviz/recordings/choosing.py", "layersviz/recordings/keeping.py"),
    *("layersviz/web/capture_words.py", "layersviz/web/recalled.py"),
}


def texts(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string,)


def english(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parents[1].name)
def test_no_text_lacks_a_translation(po: Path) -> None:
    catalog = read_texts(po)
    lacking = []
    for message in texts_of(PROJECT, "django"):
        found = catalog.get(message.id, message.context) if message.id else None
        if message.id and (found is None or found.fuzzy or not all(texts(found))):
            lacking.append((message.id, [file for file, _line in message.locations]))
    assert not lacking


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parents[1].name)
def test_a_translation_has_the_same_places_for_values_and_the_same_ends(po: Path) -> None:
    wrong = []
    for message in read_texts(po):
        sources = english(message)
        if not message.id:
            continue
        for text in texts(message):
            places = [sorted(PLACES.findall(source)) for source in sources]
            ends = {(source[:1].isspace(), source[-1:].isspace(), source.count("\n")) for source in sources}
            if sorted(PLACES.findall(text)) not in places or (
                (text[:1].isspace(), text[-1:].isspace(), text.count("\n")) not in ends
            ):
                wrong.append((message.id, text))
    assert not wrong


@pytest.mark.parametrize("file", sorted((PROJECT / "layersviz").rglob("*.py")), ids=lambda file: file.stem)
def test_what_is_said_stands_in_the_source_as_it_is(file: Path) -> None:
    if file.relative_to(PROJECT).as_posix() in TEMPLATES_ELSEWHERE:
        return
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        count = {"said": 1, "recurring": 1, "said_many": 2}.get(name_of_call(call))
        if count is not None and isinstance(call, ast.Call):
            assert all(literal(argument) for argument in call.args[:count]), f"line {call.lineno}"


@pytest.mark.parametrize("file", sorted((PROJECT / "layersviz").rglob("*.py")), ids=lambda file: file.stem)
def test_what_is_said_is_not_made_plain_english_again(file: Path) -> None:
    """A str method, or an f-string, forgets how a sentence was made."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        for part in _forgetting(node):
            assert name_of_call(part) not in ("said", "recurring", "said_many", "joined", "glued", "in_a_row"), (
                f"line {part.lineno}"
            )


def _forgetting(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions whose memory of their making goes at this node."""
    match node:
        case ast.Attribute(value=ast.Call() as call):
            yield call
        case ast.FormattedValue(value=ast.Call() as call):
            yield call
        case ast.BinOp(left=left, right=right):
            yield from (part for part in (left, right) if isinstance(part, ast.Call))
        case ast.Subscript(value=ast.Call() as call):
            yield call


def test_texts_are_found_in_python_and_in_templates() -> None:
    source = 'said("One {n}.", n=said("two"))\nsaid_many("{count} byte", "{count} bytes", 3)\nsaid("{a}{b}", a=1, b=2)'
    assert set(in_python(source)) == {("One {n}.", None), ("two", None), (("{count} byte", "{count} bytes"), None)}
    page = (
        "<p>{% translate 'Three' %}{{ five|default:_('Five') }}\n"
        "  {% blocktranslate trimmed %}\n  Four {{ n }}\n {% endblocktranslate %}"
    )
    assert set(in_template(page)) == {("Three", None), ("Four %(n)s", None), ("Five", None)}
