"""What dissecting says to people is there in German: labels, meanings, faults, reasons, and values that are words."""

import re
from collections.abc import Iterator

import pytest

from layersviz.core.header import Dissection, Field
from layersviz.core.said import Catalogue, Said, in_language
from layersviz.dissect import dissect
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.course import COURSE
from layersviz.web.said import catalogue
from tests.fuzz.frames import MADE
from tests.recorded import CAPTURES, recorded_run

TERMS = frozenset(
    {
        *("EtherType", "VLAN", "PadN", "Flow label", "Hop limit"),
        *("Flags", "Code", "Name", "Operation", "Tag", "Version"),
    }
)
"""What a German textbook prints as the RFC does, or what is the same word in both languages."""

_WORD = re.compile(r"[A-Za-z]*[a-z]{2,}")
_FROM_THE_WIRE = "http."

FRAMES = [
    *((1, frame.octets) for path in sorted(CAPTURES.glob("*.jsonl")) for frame in recorded_run(path.stem).frames),
    *((1, frame.octets) for lesson in COURSE for frame in files.read(files.path_of(lesson.slug)).frames),
    *((int(link_type), bytes(layers)) for link_type, layers in MADE),
]


def dissections() -> Iterator[Dissection]:
    """Each frame whole, as a capture that kept less of it has it, and ended early."""
    for link_type, octets in FRAMES:
        yield dissect(octets, link_type)
        for end in range(0, len(octets), 7):
            yield dissect(octets[:end], link_type, len(octets))
            yield dissect(octets[:end], link_type)


def said_of(dissection: Dissection) -> Iterator[str]:
    yield dissection.problem
    yield from (fault.sentence for fault in dissection.faults)
    for header in dissection.headers:
        yield header.checksum.reason if header.checksum is not None else ""
        for field in header.fields:
            yield from said_of_field(field)


def said_of_field(field: Field) -> Iterator[str]:
    is_written_by_us = not field.name.startswith(_FROM_THE_WIRE) or field.name.endswith(".line")
    if is_written_by_us:
        yield field.label
    yield field.meaning
    if isinstance(field.text, Said):
        yield field.text


@pytest.fixture(scope="module")
def german() -> Catalogue:
    return catalogue("de")


@pytest.fixture(scope="module")
def texts() -> frozenset[str]:
    return frozenset(text for dissection in dissections() for text in said_of(dissection))


def test_only_terms_stay_as_they_are(texts: frozenset[str], german: Catalogue) -> None:
    same = {text for text in texts if _WORD.search(text) and in_language(text, german) == text}
    assert {text for text in same if text.partition(":")[0] not in TERMS} == set()


def test_faults_and_values_are_german_to_their_last_word(texts: frozenset[str], german: Catalogue) -> None:
    told = {in_language(text, german) for text in texts}
    english = re.compile(r"\b(the|of|and|is|which|bytes that|ends inside|unknown)\b")
    assert {text for text in told if english.search(text)} == set()


def test_a_number_without_a_name_is_unknown_in_german(german: Catalogue) -> None:
    kind = dissect(bytes(12) + b"\x77\x77").headers[0].text("eth.type")
    assert (kind, in_language(kind, german)) == ("0x7777 (unknown)", "0x7777 (unbekannt)")


def test_a_flag_s_meaning_is_said_for_each_flag(german: Catalogue) -> None:
    tcp = dissect(recorded_run("handshake-warm").frames[1].octets).header("TCP")
    flags = tcp.field("tcp.flags") if tcp is not None else None
    assert flags is not None
    assert flags.meaning == "SYN: here my numbers begin; ACK: the acknowledgment number counts"
    assert in_language(flags.meaning, german) == "SYN: hier beginnen meine Nummern; ACK: die Bestätigungsnummer zählt"
