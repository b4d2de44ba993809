"""The pages of /learn/: a sentence beside its step, in two depths and two languages, with or without its recording."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.translation import deactivate

from layersviz.core.glossary import TERMS
from layersviz.core.said import in_language
from layersviz.recordings.keeping import delete_recording
from layersviz.recordings.lessons.course import COURSE, Lesson
from layersviz.recordings.lessons.install import install_lessons
from layersviz.recordings.lessons.page_runs import EVERY, PAGE_RUNS
from layersviz.recordings.lessons.pages import PAGES
from layersviz.recordings.lessons.pages.page import Page
from layersviz.recordings.models import RecordedFrame, Recording
from layersviz.web.said import catalogue
from tests.web.test_german_pages import _LOWER_CASE_WORD, texts_of

pytestmark = pytest.mark.django_db

DEPTHS = ["", "?depth=precise"]


@pytest.fixture(autouse=True)
def _lessons() -> Iterator[None]:
    install_lessons(EVERY)
    yield
    deactivate()


@pytest.fixture(params=PAGES.values(), ids=lambda page: page.slug)
def page(request: pytest.FixtureRequest) -> Page:
    return request.param


def opened(client: Client, address: str, language: str = "en") -> str:
    """The page behind that address, wherever it leads."""
    answer = client.get(address, headers={"Accept-Language": language}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def links(html: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', html)]


def plain(html: str) -> str:
    """What is to be read, in one line."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)))


# --- what a page shows ------------------------------------------------------------------------------------------------


def test_the_list_leads_to_every_page_in_order(client: Client) -> None:
    html = opened(client, "/learn/")
    found = [link for link in links(html) if re.fullmatch(r"/learn/(?!glossary)[a-z-]+/", link)]
    assert found == [f"/learn/{slug}/" for slug in PAGES]


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_page_begins_at_the_step_of_its_first_sentence(client: Client, page: Page, depth: str) -> None:
    answer = client.get(f"/learn/{page.slug}/{depth}")
    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["run"] == [page.sentences[0].run]
    first = re.search(r'data-frame="(\d+)" data-step="(\d+)"', opened(client, answer["Location"]))
    assert first is not None
    assert (asked["frame"], asked["step"]) == ([first[1]], [first[2]])


@pytest.mark.parametrize("depth", DEPTHS)
def test_every_sentence_stands_there_with_its_numbers(client: Client, page: Page, depth: str) -> None:
    read = plain(opened(client, f"/learn/{page.slug}/{depth}"))
    for sentence in page.sentences:
        text = sentence.precise if depth else sentence.plain
        pieces = [re.escape(piece) for piece in re.split(r"\{[^{}]*\}", text)]
        assert re.search(r"[0-9a-fx:.]+".join(pieces), read), text
        assert (sentence.source.partition(",")[0] in read) or not depth


def test_the_numbers_are_those_of_the_recording_that_is_shown(client: Client) -> None:
    syn = RecordedFrame.objects.get(recording__lesson="01-handshake", number=3)
    octets = bytes(syn.octets)
    syn.octets = octets[:38] + (123_454_321).to_bytes(4) + octets[42:]
    syn.save()
    marked = (
        '<button type="button" class="value" data-frame="3" data-field="tcp.seq_raw" title="tcp.seq_raw">123454321<'
    )
    assert marked in opened(client, "/learn/handshake/")


def test_a_value_of_another_recording_can_not_be_pressed(client: Client) -> None:
    html = opened(client, "/learn/closing/?depth=precise")
    sixth = html.partition('id="s6"')[2]
    assert 'title="tcp.seq">' in sixth
    assert "<button" not in sixth.partition('class="lesson-try"')[0]


def test_a_sentence_of_another_recording_leads_to_it(client: Client) -> None:
    html = opened(client, "/learn/closing/")
    there = [link for link in links(html) if "run=08-reset" in link]
    assert len(there) == 2
    kept = Recording.objects.get(lesson="08-reset")
    assert f'data-socket="/ws/recordings/{kept.pk}/"' in opened(client, there[0])


@pytest.mark.parametrize("address", ["/recordings/", "/recordings/?name=wrong", "/"])
def test_no_list_names_a_run_that_belongs_to_a_page_alone(client: Client, address: str) -> None:
    read = plain(opened(client, address))
    assert [lesson.slug for lesson in PAGE_RUNS if lesson.name in read] == []


@pytest.mark.parametrize("lesson", PAGE_RUNS, ids=lambda lesson: lesson.slug)
def test_such_a_run_can_be_opened_alone_in_both_languages(client: Client, lesson: Lesson) -> None:
    kept = Recording.objects.get(lesson=lesson.slug)
    for code in ("en", "de"):
        read = plain(opened(client, f"/recordings/{kept.pk}/", code))
        assert in_language(lesson.name, catalogue(code)) in read
        assert in_language(lesson.about, catalogue(code)) in read


# --- from page to page ------------------------------------------------------------------------------------------------


def test_the_depth_is_kept_from_page_to_page(client: Client, page: Page) -> None:
    html = opened(client, f"/learn/{page.slug}/?depth=precise")
    others = [link for link in links(html) if link.startswith("/learn/")]
    assert len(others) > len(PAGES)
    assert all(parse_qs(urlsplit(link).query).get("depth") == ["precise"] for link in others)
    beginners = [link for link in links(html) if link.startswith("?") and "depth" not in link]
    assert len(beginners) == 1


def test_every_word_that_is_linked_is_in_the_glossary(client: Client, page: Page) -> None:
    found = [link.partition("#")[2] for link in links(opened(client, f"/learn/{page.slug}/")) if "/glossary/#" in link]
    assert len(found) >= 5
    assert set(found) <= {term.slug for term in TERMS}
    assert len(found) == len(set(found))


@pytest.mark.parametrize("address", ["/learn/nothing/", "/learn/glossary/nothing/"])
def test_a_page_that_is_not_there_is_said_so(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("asked", ["run=rubbish", "depth=rubbish", "frame=99999999&step=0", "frame=x", "run=08-reset"])
def test_what_an_address_asks_for_wrongly_is_not_asked_for(client: Client, asked: str) -> None:
    assert "lv-lesson" in opened(client, f"/learn/handshake/?{asked}")


# --- without a recording ----------------------------------------------------------------------------------------------


def test_without_its_recording_the_text_stands_alone_and_says_so(client: Client, page: Page) -> None:
    before = plain(opened(client, f"/learn/{page.slug}/"))
    for kept in Recording.objects.exclude(lesson=""):
        delete_recording(kept)
    html = opened(client, f"/learn/{page.slug}/")
    assert "<lv-" not in html
    assert "A recording that this lesson shows is not there any more" in html
    for sentence in page.sentences:
        assert re.split(r"\{[^{}]*\}", sentence.plain)[0] in plain(html)
    numbers = re.findall(r'class="value"[^>]*>([^<]+)<', html)
    assert all(number in before for number in numbers)


def test_one_recording_less_takes_only_its_own_sentences_off_the_stage(client: Client) -> None:
    delete_recording(Recording.objects.get(lesson="08-reset"))
    html = opened(client, "/learn/closing/")
    assert "lv-lesson" in html
    assert "A recording that this lesson shows is not there any more" in html
    assert not [link for link in links(html) if "run=08-reset" in link]
    assert "<lv-" not in opened(client, "/learn/closing/?run=08-reset")


def test_another_run_under_the_lessons_name_is_not_spoken_of(client: Client) -> None:
    delete_recording(Recording.objects.get(lesson="01-handshake"))
    Recording.objects.filter(lesson="02-refused").update(lesson="01-handshake")
    html = opened(client, "/learn/handshake/")
    assert "<lv-" not in html
    assert "or is another one" in html


# --- German -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", DEPTHS)
def test_no_english_sentence_is_left(client: Client, depth: str) -> None:
    addresses = [*(f"/learn/{slug}/{depth}" for slug in PAGES), f"/learn/{depth}", f"/learn/glossary/{depth}"]
    left = set()
    for address in addresses:
        english, german = (set(texts_of(opened(client, address, code).encode())) for code in ("en", "de"))
        left |= {text for text in english & german if " " in text and len(_LOWER_CASE_WORD.findall(text)) > 1}
    assert not left


def test_german_names_a_recording_in_german(client: Client) -> None:
    name = in_language(next(lesson.name for lesson in COURSE if lesson.slug == "08-reset"), catalogue("de"))
    assert name in plain(opened(client, "/learn/closing/", "de"))
