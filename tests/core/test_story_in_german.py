"""Whole runs told in German: no sentence of the stage is left in English, and what is no sentence stays as it is."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.said import encoder
from layersviz.core.story import Story
from layersviz.dissect import dissect
from layersviz.recordings.lessons.course import COURSE
from layersviz.recordings.lessons.files import path_of, read
from layersviz.web.said import catalogue
from tests.recorded import recorded_run

NO_TEXT = re.compile(
    r"\.(key|half|side|layer|mark|status|octets|fcs|sender|kind)$|(fields|findings)\[\d+\]\.name$|steps\[\d+\]\.pdu$"
)
"""Keys and octets: no reader sees them as they are."""
FROM_THE_WIRE = re.compile(r"HTTP/1\.1|^text/|^gzip|charset=|<!doctype|This line is bytes|datagram")
"""Of HTTP and of the echo program: what the hosts sent, as they sent it."""
WORD = re.compile(r"(?<![\w:.-])[a-z]{2,}(?![\w:-])")
TERMS = frozenset({"seq", "ack"})
"""Lower-case words that German textbooks use, too."""
RUNS = ["handshake-cold", "handshake-warm", *(lesson.slug for lesson in COURSE)]


def run_of(name: str) -> PlayedRun:
    return recorded_run(name) if name.startswith("handshake") else read(path_of(name))


def told(run: PlayedRun, source: Source, language: str) -> Any:
    story = Story(hosts=run.hosts, source=source)
    journeys = [story.tell(frame, dissect(frame.octets, frame.link_type, frame.wire_octets)) for frame in run.frames]
    return json.loads((encoder(catalogue(language)) if language != "en" else encoder()).encode(journeys))


def pairs(english: Any, german: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Each text in both languages, and where it is; all else has to be equal."""
    match english:
        case dict():
            assert english.keys() == german.keys(), path
            for name in english:
                if NO_TEXT.search(f"{path}.{name}"):
                    assert english[name] == german[name], f"{path}.{name}"
                else:
                    yield from pairs(english[name], german[name], f"{path}.{name}")
        case list():
            assert len(english) == len(german), path
            for index, part in enumerate(english):
                yield from pairs(part, german[index], f"{path}[{index}]")
        case str():
            yield path, english, german
        case _:
            assert english == german, path


@pytest.mark.parametrize("source", [Source.LAB, Source.SIMULATED, Source.FILE])
@pytest.mark.parametrize("name", RUNS)
def test_no_sentence_is_left_in_english(name: str, source: Source) -> None:
    run = run_of(name)
    texts = pairs(told(run, source, "en"), told(run, source, "de"))
    left = {
        (path.rpartition(".")[2], english)
        for path, english, german in texts
        if english == german and has_words(english) and not FROM_THE_WIRE.search(english)
    }
    assert not left


def has_words(text: str) -> bool:
    """Whether there is more than one lower-case word in it, as in every sentence."""
    return len([word for word in WORD.findall(text) if word not in TERMS]) > 1


def test_a_german_sentence_has_all_the_numbers_of_the_english_one() -> None:
    run = run_of("handshake-cold")
    for path, english, german in pairs(told(run, Source.LAB, "en"), told(run, Source.LAB, "de")):
        numbers = [
            sorted(re.findall(r"\d+", text.replace("3-way", "").replace("3-Wege", ""))) for text in (english, german)
        ]
        assert numbers[0] == numbers[1], (path, english, german)


def test_numbers_with_signs_are_written_as_germans_do() -> None:
    assert (catalogue("de").decimal, catalogue("de").grouping) == (",", ".")
    assert (catalogue("en").decimal, catalogue("en").grouping) == (".", ",")
