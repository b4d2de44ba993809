"""Translations are compiled when they have changed, whole or not at all."""

import os
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.core.management import CommandError

from layersviz.web.catalogues import compile_if_changed

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def po(tmp_path: Path) -> Path:
    file = tmp_path / "texts" / "de" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(f'{HEAD}msgid "wire"\nmsgstr "Leitung"\n', encoding="utf-8")
    return file


def said_in_german(root: Path) -> str:
    with (root / "de" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return GNUTranslations(file).gettext("wire")


def test_what_is_not_compiled_is_and_the_second_time_there_is_nothing_to_do(tmp_path: Path, po: Path) -> None:
    root = tmp_path / "locale"
    assert compile_if_changed(tmp_path / "texts", root) == [root / "de" / "LC_MESSAGES" / "django.mo"]
    assert said_in_german(root) == "Leitung"
    assert compile_if_changed(tmp_path / "texts", root) == []


def test_another_text_is_compiled_even_when_it_is_an_older_one(tmp_path: Path, po: Path) -> None:
    root = tmp_path / "locale"
    compile_if_changed(tmp_path / "texts", root)
    po.write_text(f'{HEAD}msgid "wire"\nmsgstr "Draht"\n', encoding="utf-8")
    os.utime(po, (0, 0))
    compile_if_changed(tmp_path / "texts", root)
    assert said_in_german(root) == "Draht"


def test_a_damaged_text_is_named_and_what_was_compiled_stays(tmp_path: Path, po: Path) -> None:
    root = tmp_path / "locale"
    compile_if_changed(tmp_path / "texts", root)
    po.write_text('msgid "wire', encoding="utf-8")
    os.utime(po, (0, 0))
    with pytest.raises(CommandError, match=r"django\.po can't be read"):
        compile_if_changed(tmp_path / "texts", root)
    assert said_in_german(root) == "Leitung"
    assert [file.name for file in (root / "de" / "LC_MESSAGES").iterdir()] == ["django.mo"]
