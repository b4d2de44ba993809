"""The glossary: its words are links wherever texts are glossed, once each, and nothing of a text becomes markup."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.translation import activate, deactivate

from layersviz.core.glossary import TERMS
from layersviz.web.glossed import Linker, forms_of


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    activate("en")
    yield
    deactivate()


def link(slug: str, text: str) -> str:
    return f'<a class="term" href="/learn/glossary/#{slug}">{text}</a>'


def test_a_word_is_a_link_where_it_first_stands() -> None:
    linker = Linker()
    assert linker.linked("A port is no socket.") == f"A {link('port', 'port')} is no {link('socket', 'socket')}."
    assert linker.linked("Ports again.") == "Ports again."


def test_it_may_begin_a_sentence_and_stand_in_the_plural() -> None:
    assert Linker().linked("Ports count.") == f"{link('port', 'Ports')} count."


def test_the_longest_word_counts() -> None:
    assert Linker().linked("an initial sequence number") == f"an {link('isn', 'initial sequence number')}"


@pytest.mark.parametrize("text", ["airport", "port-wise", "SYN/ACK", "syn", "tcp", "portal"])
def test_part_of_another_word_is_no_link(text: str) -> None:
    assert Linker().linked(text) == text


def test_what_is_in_a_text_stays_text() -> None:
    assert Linker().linked("<b>port</b> & co") == f"&lt;b&gt;{link('port', 'port')}&lt;/b&gt; &amp; co"


def test_german_has_its_own_forms() -> None:
    activate("de")
    assert Linker().linked("Zwei Segmenten fehlt der TCP-Header.") == (
        f"Zwei {link('segment', 'Segmenten')} fehlt der TCP-Header."
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_form_belongs_to_two_words(language: str) -> None:
    forms = [form.casefold() for term in TERMS for form in forms_of(term, language)]
    assert len(forms) == len(set(forms))
    assert all(forms)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_has_every_word_in_the_order_of_the_alphabet(client: Client, language: str) -> None:
    page = client.get("/learn/glossary/", headers={"Accept-Language": language}).content.decode()
    places = {page.index(f'id="{term.slug}"'): forms_of(term, language)[0] for term in TERMS}
    assert len(places) == len(TERMS)
    words = [part.partition("</dt>")[0].casefold() for part in page.split("<dt>")[1:]]
    assert words == sorted(words)


def test_every_definition_is_whole_sentences() -> None:
    assert [term.slug for term in TERMS if not term.text.endswith(".")] == []
    assert len({term.slug for term in TERMS}) == len(TERMS)
