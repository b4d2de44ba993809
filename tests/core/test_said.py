"""Sentences that remember how they were made: the same English as ever, and another language when it is asked for."""

import json
from typing import Any, ClassVar

import msgspec
import pytest

from layersviz.core.said import (
    Said,
    encoder,
    filled,
    from_parts,
    in_a_row,
    in_language,
    joined,
    said,
    said_many,
    to_parts,
)


class German:
    """A few words; what it has none for stays English."""

    decimal, grouping = ",", "."
    texts: ClassVar[dict[str, Any]] = {
        "{who} sends {flags}.": "{flags} sendet {who}.",
        "the client": "der Client",
        "{octets:,} bytes in {seconds:.2f} s": "{octets:,} Byte in {seconds:.2f} s",
        "{count} byte": ("{count} Byte", "{count} Bytes"),
    }

    def gettext(self, message: str) -> str:
        return str(self.texts.get(message, message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return str(self.texts.get(one, (one, many))[count != 1])


class Shown(msgspec.Struct):
    sentence: str
    parts: tuple[str, ...]


def test_a_sentence_is_its_english_text() -> None:
    sentence = said("{who} sends {flags}.", who=said("the client"), flags="SYN")
    assert sentence == "the client sends SYN."
    assert {sentence: 1}["the client sends SYN."] == 1
    assert sentence.upper() == "THE CLIENT SENDS SYN."


def test_another_language_may_have_another_order_of_words() -> None:
    sentence = said("{who} sends {flags}.", who=said("the client"), flags="SYN")
    assert in_language(sentence, German()) == "SYN sendet der Client."


def test_what_has_no_translation_stays_english_with_its_translated_parts() -> None:
    assert in_language(said("Here is {who}.", who=said("the client")), German()) == "Here is der Client."


def test_numbers_are_written_in_the_language_s_manner_and_texts_are_left_alone() -> None:
    sentence = said("{octets:,} bytes in {seconds:.2f} s", octets=1234567, seconds=1.5)
    assert sentence == "1,234,567 bytes in 1.50 s"
    assert in_language(sentence, German()) == "1.234.567 Byte in 1,50 s"
    assert in_language(said("{ip}", ip="10.0.0.3"), German()) == "10.0.0.3"


@pytest.mark.parametrize(("count", "english", "german"), [(1, "1 byte", "1 Byte"), (2, "2 bytes", "2 Bytes")])
def test_a_count_decides_which_of_two_texts_is_said(count: int, english: str, german: str) -> None:
    sentence = said_many("{count} byte", "{count} bytes", count)
    assert (sentence, in_language(sentence, German())) == (english, german)


def test_texts_in_a_row_keep_what_each_remembers() -> None:
    row = joined(", {x} ", [said("the client"), "plain"])
    assert (row, in_language(row, German())) == ("the client, {x} plain", "der Client, {x} plain")
    assert in_language(in_a_row("", said("the client"), ""), German()) == "der Client"
    assert (in_a_row(), joined(", ", [])) == ("", "")


def test_a_template_in_a_table_is_filled_later() -> None:
    assert filled(said("{who} sends {flags}."), who="A", flags="B") == "A sends B."


def test_braces_in_a_text_without_values_are_its_own() -> None:
    assert in_language(said("a {b}"), German()) == "a {b}"


def test_an_encoder_says_each_sentence_in_its_language() -> None:
    shown = Shown(said("the client"), (said_many("{count} byte", "{count} bytes", 2), "10.0.0.3"))
    assert json.loads(encoder().encode(shown)) == {"sentence": "the client", "parts": ["2 bytes", "10.0.0.3"]}
    assert json.loads(encoder(German()).encode(shown)) == {"sentence": "der Client", "parts": ["2 Bytes", "10.0.0.3"]}


def test_an_encoder_refuses_what_is_no_text() -> None:
    with pytest.raises(TypeError):
        encoder().encode(object())


def test_a_sentence_crosses_to_another_process_with_what_it_remembers() -> None:
    sentence = said("{who} sends {flags}.", who=said("the client"), flags=said_many("{count} byte", "{count} bytes", 3))
    there = from_parts(json.loads(json.dumps(to_parts(sentence))))
    assert isinstance(there, Said)
    assert (there, in_language(there, German())) == (sentence, in_language(sentence, German()))
    assert in_language(there, German()) == "3 Bytes sendet der Client."


@pytest.mark.parametrize("parts", ["text", [], ["a"], ["a", {}, "b"], [1, {}], None, {"a": 1}])
def test_what_no_sentence_became_is_refused(parts: object) -> None:
    with pytest.raises(ValueError, match="no text"):
        from_parts(parts)
