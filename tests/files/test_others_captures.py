"""Captures by others: the same frames as tshark's, and damage exactly where tshark finds it."""

import json
from pathlib import Path

import pytest

from layersviz.files import open_capture
from tests.files.reading import epoch

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures"
ORACLE = CAPTURES / "oracle"
FILES = json.loads((ORACLE / "_files.json").read_text())["files"] if CAPTURES.is_dir() else []

FIELDS = ("frame.number", "frame.len", "frame.cap_len", "frame.time_epoch", "frame.interface_id", "frame.comment")

pytestmark = pytest.mark.skipif(not FILES, reason="No captures by others lie in ../shared/captures.")


def test_there_are_captures_to_compare():
    assert len(FILES) >= 47
    assert {file["tshark_exit"] for file in FILES} == {0, 2}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["file"])
def test_damage_is_found_exactly_where_tshark_finds_it(file):
    with open_capture(CAPTURES / file["file"]) as capture:
        assert sum(1 for _packet in capture) == file["frames"]
    assert bool(capture.problem) == (file["tshark_exit"] != 0), capture.problem


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["file"])
def test_every_frame_has_tsharks_lengths_time_interface_and_comments(file):
    oracle = [json.loads(line) for line in (ORACLE / f"{file['file']}.jsonl").read_text().splitlines()]
    with open_capture(CAPTURES / file["file"]) as capture:
        packets = list(capture)
    for packet, theirs in zip(packets, oracle, strict=True):
        wanted = {name: theirs[name] for name in FIELDS if name in theirs}
        ours = fields(packet)
        if overflows(theirs):
            del ours["frame.time_epoch"], wanted["frame.time_epoch"]
        assert ours == wanted


def fields(packet):
    """What the packet says of itself by Wireshark's names; an absent field is an absent key."""
    found = {
        "frame.number": [str(packet.number)],
        "frame.len": [str(packet.length)],
        "frame.cap_len": [str(len(packet.octets))],
        "frame.time_epoch": [epoch(packet.time_ns)] if packet.time_ns is not None else [],
        "frame.interface_id": [str(packet.interface)] if packet.interface is not None else [],
        "frame.comment": list(packet.comments),
    }
    return {name: values for name, values in found.items() if values}


def overflows(theirs):
    """A damaged record may have so many microseconds that tshark's 32 bits of nanoseconds overflow: a minus sign then
    stands before a number that is no time. Nothing else makes a pcap's time negative."""
    return theirs.get("frame.time_epoch", [""])[0].startswith("-") and "frame.interface_id" not in theirs
