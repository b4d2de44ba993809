"""What the pages' scripts say: every sentence has its German, and a reader gets it before anything is drawn."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from layersviz.core.journey import LINE_KEYS, PART_KEYS
from layersviz.rooms.models import RegisteredRoom
from layersviz.web.catalogues import read_texts
from layersviz.web.script_texts import address_of

PROJECT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((PROJECT / "static" / "js").rglob("*.js"))
CATALOGUES = sorted((PROJECT / "layersviz" / "locale").glob("*/LC_MESSAGES/djangojs.po"))
ARGUMENTS = {"say": 1, "sayAs": 2, "sayMany": 2}
"""The functions of say.js, and how many of their first arguments are texts."""

_TEXT = r'"(?:[^"\\\n]|\\.)*"'
_CALL = re.compile(rf"(?<![\w.#])(sayAs|sayMany|say)\(\s*((?:{_TEXT}(?:,\s*)?)*)(.?)", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\w+\}")


def calls_in(script: Path) -> Iterator[tuple[str, list[str], str]]:
    """Each call's function, the texts that it begins with, and the sign behind them."""
    code = _COMMENT.sub("", script.read_text(encoding="utf-8"))
    for match in _CALL.finditer(code):
        before = code[: match.start()]
        if not before.endswith("function "):
            yield match[1], [json.loads(text) for text in re.findall(_TEXT, match[2])], match[3]


def messages() -> set[tuple[str, str, str]]:
    """Sense, message and plural of everything that the scripts say; empty where there is none."""
    found = set()
    for script in SCRIPTS:
        for function, texts, _behind in calls_in(script):
            match function:
                case "say":
                    found.add(("", texts[0], ""))
                case "sayAs":
                    found.add((texts[0], texts[1], ""))
                case "sayMany":
                    found.add(("", texts[0], texts[1]))
    return found


def translations(catalogue: Path) -> dict[tuple[str, str, str], Message]:
    found = {}
    for message in read_texts(catalogue):
        one, many = message.id if isinstance(message.id, tuple) else (message.id, "")
        if one:
            found[(message.context or "", str(one), str(many))] = message
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_what_a_script_says_is_written_out_where_it_is_said(script: Path) -> None:
    """A text put together of parts, or out of a variable, could not be found in any catalogue."""
    for function, texts, behind in calls_in(script):
        assert len(texts) == ARGUMENTS[function], (function, texts)
        assert behind in "){" or behind.isalpha(), (texts, behind)


def test_calls_are_found_at_all() -> None:
    assert len(messages()) > 400
    assert ("letter of the link layer", "L", "") in messages()
    assert ("", "{count} byte", "{count} bytes") in messages()


def test_there_is_german() -> None:
    assert "de" in [catalogue.parts[-3] for catalogue in CATALOGUES]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_language_has_every_sentence_of_the_scripts_and_no_other(catalogue: Path) -> None:
    assert set(translations(catalogue)) == messages()


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_is_whole_and_has_the_same_places_for_values(catalogue: Path) -> None:
    for (_sense, one, many), message in translations(catalogue).items():
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        assert all(said), one
        assert not message.fuzzy, one
        wanted = set(_PLACEHOLDER.findall(many or one))
        assert set(_PLACEHOLDER.findall(str(said[-1]))) == wanted, said
        assert all(set(_PLACEHOLDER.findall(str(form))) <= wanted for form in said[:-1]), said


def test_the_scripts_know_lines_and_pieces_by_keys_that_the_story_gives() -> None:
    """In another language the labels are others, so the page's code may only know what has a key."""
    code = {script.name: script.read_text(encoding="utf-8") for script in SCRIPTS}
    fields = re.search(r"const LINE_FIELDS = \{(.*?)\n\};", code["inspector-stage.js"], re.DOTALL)
    weights = re.search(r"const WEIGHTS = \{(.*?)\n\};", code["lines.js"], re.DOTALL)
    assert fields is not None
    assert weights is not None
    known = re.findall(r'[{,]\s*(?:"([\w -]+)"|(\w+)): \[', re.sub(r"\n  \w+: \{", "{", fields[1]))
    assert {"Dest MAC", "Ports", "FCS"} <= {one or other for one, other in known} <= LINE_KEYS
    weighed = {one or other for one, other in re.findall(r'(?:"([\w -]+)"|(\w+)): \d', weights[1])}
    assert {"Size", "Taken off"} <= weighed <= LINE_KEYS
    parts = {name for text in code.values() for name in re.findall(r'\bpart (?:===|!==) "([^"]+)"', text)}
    assert parts == {"not captured", "padding", "quoted packet"}
    assert parts <= PART_KEYS


# --- what a reader gets ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_reader_of_german_gets_the_scripts_words_before_the_scripts(presenter: Client, room: RegisteredRoom) -> None:
    page = presenter.get(f"/present/{room.code}/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de">' in page
    assert page.index(f'<script src="{address_of("de")}"></script>') < page.index('type="module"')


@pytest.mark.django_db
def test_a_reader_of_english_needs_no_words(presenter: Client, room: RegisteredRoom) -> None:
    page = presenter.get(f"/present/{room.code}/", headers={"Accept-Language": "en-US,en"}).content.decode()
    assert '<html lang="en">' in page
    assert not re.search(r'<script src="/i18n/', page)
    assert address_of("en") == ""


def test_the_words_are_kept_as_long_as_they_are_the_same(client: Client) -> None:
    response = client.get(address_of("de"))
    assert response["Content-Type"] == 'text/javascript; charset="utf-8"'
    assert "immutable" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    assert json.dumps("Die Leitung ist in Ruhe") in response.content.decode()


def test_an_address_of_before_an_update_gets_todays_words_and_is_not_kept(client: Client) -> None:
    response = client.get("/i18n/de/0123456789ab.js")
    assert response.content == client.get(address_of("de")).content
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["en", "xx", "de-x", "__proto__"])
def test_a_language_without_words_is_not_there(client: Client, language: str) -> None:
    assert client.get(f"/i18n/{language}/0123456789ab.js").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.django_db
def test_a_reader_chooses_a_language_and_comes_back_to_the_same_place(presenter: Client, room: RegisteredRoom) -> None:
    place = f"http://testserver/present/{room.code}/?frame=3"
    answer = presenter.post("/i18n/setlang/", {"language": "de"}, headers={"Referer": place, "Accept-Language": "en"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, place)
    assert '<html lang="de">' in presenter.get(place, headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.django_db
def test_the_languages_to_choose_from_have_their_own_names() -> None:
    page = render_to_string("_language.html", request=RequestFactory().get("/"))
    assert re.findall(r'<option value="(\w+)" lang="\w+"[^>]*>([^<]+)</option>', page)[:2] == [
        ("en", "English"),
        ("de", "Deutsch"),
    ]
    assert '<form class="language" id="language-form" action="/i18n/setlang/" method="post">' in page
    assert "csrfmiddlewaretoken" in page


def test_nobody_else_chooses_a_readers_language() -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/i18n/setlang/", {"language": "de"}).status_code == HTTPStatus.FORBIDDEN
