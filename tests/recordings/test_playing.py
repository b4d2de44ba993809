"""A conversation of a file is told from its own frames, in windows."""

from pathlib import Path

import pytest

from layersviz.core.host import Side
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.dissect import dissect
from layersviz.recordings.models import RecordedConversation
from layersviz.recordings.playing import (
    FOLLOWED_AT_START,
    FOLLOWED_BEFORE,
    WINDOW,
    frames_of,
    holds,
    open_at,
    packets_of,
    tell,
    window_at,
)
from tests.recordings.capture_files import download, kept_capture, octets_of_run, pcapng

pytestmark = pytest.mark.django_db
LONG = 2 * WINDOW + 7


def conversation(folder: Path, frames: list[bytes], place: int = 0, *, link_type: int = 1) -> RecordedConversation:
    recording = kept_capture(folder, pcapng(frames, link_type=link_type))
    return RecordedConversation.objects.select_related("recording").get(recording=recording, place=place)


def test_the_frames_keep_their_own_numbers_and_octets(tmp_path: Path) -> None:
    octets = octets_of_run()
    journeys = tell(open_at(conversation(tmp_path, octets, 1), 5))
    assert [journey.number for journey in journeys] == list(range(3, 13))
    assert [journey.octets for journey in journeys] == [each.hex() for each in octets[2:]]


def test_the_client_is_who_opened_the_connection(tmp_path: Path) -> None:
    hosts = open_at(conversation(tmp_path, download(4)), 1).hosts
    assert (hosts.client.ip, hosts.client.port, hosts.client.mac) == ("192.0.2.1", 40_000, "02:00:00:00:00:01")
    assert (hosts.server.ip, hosts.server.port, hosts.server.mac) == ("192.0.2.2", 8080, "02:00:00:00:00:02")


def test_an_answer_that_comes_first_makes_the_other_end_the_client(tmp_path: Path) -> None:
    opened = open_at(conversation(tmp_path, download(6)[1:]), 1)
    assert opened.hosts.client.ip == "192.0.2.1"
    assert [frame.sender for frame in opened.frames[:2]] == [Side.SERVER, Side.CLIENT]


@pytest.mark.parametrize(("code", "sender"), [(0x07, Side.SERVER), (0x65, Side.SERVER), (0x19, Side.CLIENT)])
def test_who_offers_a_pppoe_session_is_the_server(tmp_path: Path, code: int, sender: Side) -> None:
    macs = bytes.fromhex("020000000001020000000002")
    frame = macs + bytes.fromhex("8863 11") + bytes((code,)) + bytes(42)
    opened = open_at(conversation(tmp_path, [frame]), 1)
    assert opened.frames[0].sender is sender
    assert opened.hosts.at(sender).mac == "02:00:00:00:00:02"


def test_an_answer_that_never_comes_leaves_the_address_that_frames_were_sent_to(tmp_path: Path) -> None:
    assert open_at(conversation(tmp_path, download(1)), 1).hosts.server.mac == "02:00:00:00:00:02"


def test_nobody_has_the_address_of_all(tmp_path: Path) -> None:
    hosts = open_at(conversation(tmp_path, octets_of_run()[:1]), 1).hosts
    assert (hosts.client.mac, hosts.server.mac, hosts.server.ip) == ("bc:35:db:cf:1b:03", "", "10.0.0.2")


def test_a_link_without_addresses_shows_none(tmp_path: Path) -> None:
    plain = [each[14:] for each in download(6)]
    opened = open_at(conversation(tmp_path, plain, link_type=101), 1)
    assert (opened.hosts.client.mac, opened.hosts.server.mac) == ("", "")
    (first, *_) = tell(opened)
    assert (first.link_type, first.fcs) == (101, "")


def test_frames_that_nobody_knows_are_told_too(tmp_path: Path) -> None:
    journeys = tell(open_at(conversation(tmp_path, [b"\1\2\3", b""], link_type=147), 1))
    assert [journey.octets for journey in journeys] == ["010203", ""]


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        (0, 1, WINDOW),
        (WINDOW, 1, WINDOW),
        (WINDOW + 1, WINDOW + 1, 2 * WINDOW),
        (LONG, 2 * WINDOW + 1, LONG),
        (10**9, 2 * WINDOW + 1, LONG),
    ],
)
def test_a_long_conversation_is_told_in_windows(tmp_path: Path, number: int, first: int, last: int) -> None:
    frames = frames_of(conversation(tmp_path, download(LONG)))
    window = window_at(frames, number)
    assert (window.first, window.last, window.of, window.is_whole) == (first, last, LONG, False)


def test_a_later_window_is_told_as_if_all_before_had_been(tmp_path: Path) -> None:
    long = conversation(tmp_path, download(LONG))
    opened = open_at(long, LONG)
    assert len(opened.before) == 2 * WINDOW
    story = Story(hosts=opened.hosts, source=Source.FILE)
    whole = [
        story.tell(frame, dissect(frame.octets, frame.link_type, frame.wire_octets))
        for frame in (*opened.before, *opened.frames)
    ]
    for told, wanted in zip(tell(opened), whole[2 * WINDOW :], strict=True):
        assert (told.name, told.title, told.arrow, told.time_us) == (
            wanted.name,
            wanted.title,
            wanted.arrow,
            wanted.time_us,
        )
        assert [step.states for step in told.steps] == [step.states for step in wanted.steps]
        assert [step.lines for step in told.steps] == [step.lines for step in wanted.steps]


def test_whether_a_frame_is_in_it(tmp_path: Path) -> None:
    frames = frames_of(conversation(tmp_path, octets_of_run(), 1))
    assert [number for number in range(15) if holds(frames, number)] == list(range(3, 13))


def test_its_packets_can_be_had_alone(tmp_path: Path) -> None:
    octets = octets_of_run()
    assert [packet.octets for packet in packets_of(conversation(tmp_path, octets, 1), 3)] == octets[2:5]


def test_far_into_a_long_conversation_only_its_beginning_and_what_came_just_before_are_followed(tmp_path: Path) -> None:
    far = FOLLOWED_AT_START + FOLLOWED_BEFORE + 3 * WINDOW
    opened = open_at(conversation(tmp_path, download(far)), far)
    followed = [frame.number for frame in opened.before]
    assert followed[:FOLLOWED_AT_START] == list(range(1, FOLLOWED_AT_START + 1))
    assert followed[FOLLOWED_AT_START:] == list(range(opened.window.first - FOLLOWED_BEFORE, opened.window.first))
    assert tell(opened)[-1].number == far
