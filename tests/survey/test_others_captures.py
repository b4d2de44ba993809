"""All fields of all frames of captures by others, against what tshark says of them."""

import json
from collections import Counter
from pathlib import Path

import pytest

from layersviz.files import open_capture
from layersviz.survey.fields import fields
from layersviz.survey.survey import Survey

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures"
ORACLES = sorted((CAPTURES / "oracle").glob("*.jsonl"))

ON_PURPOSE = {
    ("corrupt-record-length.pcap", "frame.time_epoch"): "4,211,277 microseconds: tshark's nanoseconds overflow there.",
    ("corrupt-record-length.pcap", "frame.time_relative"): "It counts from the same overflow.",
    (
        "fuzz-mixed-big-endian.pcap",
        "_ws.malformed",
    ): "SIP and NetBIOS, which we do not dissect, and a DNS.",
}
"""Where we differ and mean it: (capture, field) and why."""

LAST_COMPARED = frozenset({"tcp", "udp", "icmp", "arp"})

pytestmark = pytest.mark.skipif(not ORACLES, reason="There are no captures by others beside this project.")


def without_applications(protocols: str) -> str:
    """frame.protocols as far as it does not rest on port numbers."""
    names = protocols.split(":")
    for place, name in enumerate(names):
        if name in LAST_COMPARED:
            return ":".join(names[: place + 1])
    return protocols


def ours(capture: Path) -> list[dict[str, list[str]]]:
    survey = Survey()
    with open_capture(capture) as packets:
        surveyed = [survey.feed(packet) for packet in packets]
    found = []
    for each in surveyed:
        said = fields(each)
        if each.stream is not None:
            said["tcp.completeness@2pass"] = [str(each.completeness())]
        found.append(said)
    return found


def theirs(oracle: Path) -> list[dict[str, list[str]]]:
    return [json.loads(line) for line in oracle.read_text(encoding="utf-8", errors="surrogateescape").splitlines()]


class Comparison:
    """How many fields were equal, and which were not."""

    def __init__(self) -> None:
        self.equal: Counter[str] = Counter()
        self.different: Counter[tuple[str, str]] = Counter()
        self.sentences: list[str] = []

    def add(self, capture: str, mine: dict[str, list[str]], other: dict[str, list[str]]) -> None:
        other.pop("_differs_with_checks", None)
        for said in (mine, other):
            said["frame.protocols"] = [without_applications(said["frame.protocols"][0])]
        for field in sorted(mine.keys() | other.keys()):
            if mine.get(field) == other.get(field):
                self.equal[field] += 1
                continue
            self.different[capture, field] += 1
            frame = other["frame.number"][0]
            if (capture, field) not in ON_PURPOSE:
                self.sentences.append(f"{capture} {frame} {field}: {mine.get(field)} instead of {other.get(field)}")


def compare() -> Comparison:
    """All captures by others that are at hand."""
    made = Comparison()
    for oracle in ORACLES:
        capture = CAPTURES / oracle.name.removesuffix(".jsonl")
        mine, other = ours(capture), theirs(oracle)
        if len(mine) != len(other):
            made.sentences.append(f"{capture.name} has {len(other)} frames, not {len(mine)}")
        for one, two in zip(mine, other, strict=False):
            made.add(capture.name, one, two)
    return made


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare()


def test_every_field_of_every_frame_is_what_tshark_says(
    comparison: Comparison, capsys: pytest.CaptureFixture[str]
) -> None:
    equal, different = comparison.equal.total(), comparison.different.total()
    with capsys.disabled():
        print(f"\nAgreement with tshark: {equal} of {equal + different} fields. Different on purpose:")
        for (capture, field), reason in ON_PURPOSE.items():
            print(f"  {capture}, {field}, {comparison.different[capture, field]} times: {reason}")
    assert comparison.sentences == []


def test_the_list_of_exceptions_holds_no_more_than_it_must(comparison: Comparison) -> None:
    assert [key for key in ON_PURPOSE if not comparison.different[key]] == []
