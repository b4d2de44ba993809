"""What the page's code knows of a journey's texts, whatever language its reader sees them in."""

import msgspec

from layersviz.core.journey import LINE_KEYS, PART_KEYS, Line, Mark, Part
from layersviz.core.layer import Layer
from layersviz.core.said import Catalogue, encoder, said
from tests.recorded import recorded_run, tell

GERMAN = {"Window": "Fenster", "padding": "Füllbytes"}


class German:
    decimal, grouping = ",", "."

    def gettext(self, message: str) -> str:
        return GERMAN.get(message, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many


def encoded(value: object, catalogue: Catalogue) -> dict[str, object]:
    return dict(msgspec.json.decode(encoder(catalogue).encode(value)))


def test_a_line_keeps_its_english_key_beside_a_translated_label() -> None:
    line = Line(label=said("Window"), text="64", mark=Mark.CAPTURED)
    assert encoded(line, German()) == {"label": "Fenster", "text": "64", "mark": "captured", "key": "Window"}


def test_a_piece_keeps_its_english_key_beside_a_translated_label() -> None:
    part = Part(layer=Layer.LINK, label=said("padding"), octets=6)
    assert encoded(part, German())["label"] == "Füllbytes"
    assert encoded(part, German())["key"] == "padding"


def test_what_the_page_need_not_know_has_no_key() -> None:
    assert Line(label=said("Version"), text="4", mark=Mark.CAPTURED).key == ""
    assert Part(layer=Layer.TRANSPORT, label="TCP", octets=32).key == ""


def test_a_key_is_plain_text_and_no_sentence_that_could_be_translated() -> None:
    assert type(Line(label=said("Window"), text="64", mark=Mark.CAPTURED).key) is str


def test_a_lab_run_has_the_keys_that_its_lines_are_known_by() -> None:
    steps = [step for journey in tell(recorded_run("handshake-cold")) for step in journey.steps]
    lines = {line.key for step in steps for line in step.lines}
    assert {"Ports", "Flags", "Seq", "Ack", "Dest MAC", "Dest IP", "TTL", "FCS", "Size", "Taken off"} <= lines
    assert lines - {""} <= LINE_KEYS
    parts = {part.key for step in steps for part in step.parts}
    assert {"Preamble+SFD"} <= parts - {""} <= PART_KEYS
