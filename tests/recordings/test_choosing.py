"""Conversations are found by what they have, all of it together."""

from pathlib import Path

import pytest

from layersviz.recordings.choosing import (
    BAD_PORT,
    chosen,
    first_frames,
    flags_in,
    holding,
    protocols_in,
    read_choice,
)
from layersviz.recordings.models import Recording
from tests.recordings.capture_files import download, kept_capture, octets_of_run, pcapng

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(tmp_path: Path) -> Recording:
    """ARP (frames 1, 2), HTTP (3 to 12), a download (13 to 25) in which one segment is sent twice."""
    repeated = download(12)
    return kept_capture(tmp_path, pcapng([*octets_of_run(), *repeated, repeated[9]]))


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({}, [0, 1, 2]),
        ({"address": "10.0.0"}, [0, 1]),
        ({"address": " 192.0.2.2 "}, [2]),
        ({"port": "80"}, [1]),
        ({"port": "8080"}, [2]),
        ({"protocol": "TCP"}, [1, 2]),
        ({"protocol": "http"}, [1]),
        ({"protocol": "ARP"}, [0]),
        ({"flag": "FIN"}, [1]),
        ({"flag": "SYN"}, [1, 2]),
        ({"flag": "opened:three-way"}, [1, 2]),
        ({"flag": "closed:still_open"}, [2]),
        ({"flag": "state:ESTABLISHED"}, [2]),
        ({"flag": "spurious_retransmission"}, [2]),
        ({"protocol": "TCP", "port": "80", "flag": "SYN"}, [1]),
        ({"protocol": "ARP", "port": "80"}, []),
        ({"address": "%"}, []),
        ({"flag": "YN"}, []),
        ({"port": "99999"}, []),
        ({"port": "http"}, []),
        ({"sort": "-frames"}, [2, 1, 0]),
        ({"sort": "frames"}, [0, 1, 2]),
        ({"sort": "-bytes"}, [1, 2, 0]),
        ({"sort": "-duration"}, [2, 1, 0]),
        ({"sort": "rubbish"}, [0, 1, 2]),
    ],
)
def test_what_is_asked_for_is_found(kept: Recording, query: dict[str, str], places: list[int]) -> None:
    assert [row.place for row in chosen(kept, read_choice(query))] == places


def test_what_is_no_port_is_said() -> None:
    assert read_choice({"port": "65536"}).problem == read_choice({"port": "-1"}).problem == BAD_PORT
    assert read_choice({"port": "65535"}).problem == read_choice({"port": ""}).problem == ""


def test_only_what_is_there_is_offered(kept: Recording) -> None:
    assert protocols_in(kept) == ["ARP", "HTTP", "TCP"]
    groups = {flag.group for flag in flags_in(kept)}
    assert groups == {"TCP flags", "Noteworthy", "Opened", "Closed", "State of an end"}
    labels = {flag.word: flag.label for flag in flags_in(kept)}
    assert labels["closed:still_open"] == "still open"
    assert labels["opened:three-way"] == "three-way"
    assert labels["state:ESTABLISHED"] == "ESTABLISHED"
    assert "RST" not in labels


@pytest.mark.parametrize(
    ("number", "place"), [(1, 0), (2, 0), (3, 1), (12, 1), (13, 2), (25, 2), (26, None), (0, None)]
)
def test_a_frame_leads_to_its_conversation(kept: Recording, number: int, place: int | None) -> None:
    assert holding(kept, number) == place


def test_the_small_ladder_takes_the_beginning_alone(kept: Recording) -> None:
    assert [(frame.number, frame.back) for frame in first_frames(kept, 12)] == [(1, False), (2, True)]
    assert len(first_frames(kept, 1)) == 1
