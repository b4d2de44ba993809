"""What a child process says can be said in other languages on our side of the pipe."""

import json
import os

import msgspec
import pytest

from layersviz.capture import lab_lines, live_lines
from layersviz.core.said import in_language
from layersviz.lab.orders import Reports
from layersviz.lab.refusal import Need, explain
from layersviz.web.said import catalogue


def line_of(kind: str, **values: object) -> bytes:
    reader, writer = os.pipe()
    try:
        Reports(writer).tell(kind, **values)
        return os.read(reader, 65_536)
    finally:
        os.close(reader)
        os.close(writer)


def test_a_refusal_crosses_with_what_it_remembers() -> None:
    refusal = explain(Need.LINUX, 0, {})
    line = lab_lines.read_line(line_of("impossible", sentence=refusal.sentence, remedy=refusal.remedy))
    assert isinstance(line, lab_lines.Impossible)
    assert (line.sentence, line.remedy) == (refusal.sentence, refusal.remedy)
    german = in_language(line.sentence, catalogue("de"))
    assert german == "Das Labor braucht Linux: Seine zwei Hosts sind Netzwerk-Namespaces des Linux-Kernels."


def test_plain_text_crosses_as_it_is() -> None:
    assert lab_lines.read_line(line_of("run_ended", run=1, problem="")) == lab_lines.RunEnded(run=1, problem="")


@pytest.mark.parametrize("said", [{"sentence": 1}, {"sentence": []}, {"nothing": ["a", {}]}])
def test_a_line_whose_sentence_can_not_be_made_whole_is_refused_as_any_damaged_line(said: dict[str, object]) -> None:
    line = json.dumps({"kind": "down", "sentence": "eth0 is down.", "remedy": "", "said": said}).encode()
    with pytest.raises(msgspec.DecodeError, match="can't be read"):
        live_lines.read_line(line)
