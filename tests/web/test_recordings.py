"""The pages of recordings, and a recording's own room."""

import dataclasses
from typing import Any

import msgspec
import pytest
from django.test import Client

from layersviz.core.played_run import Source
from layersviz.files import open_capture
from layersviz.recordings.keeping import file_name, keep
from layersviz.recordings.models import Recording
from layersviz.rooms.messages.from_browser import MoveStep, Start
from layersviz.rooms.messages.from_server import PlayheadMoved, Refused
from layersviz.rooms.register import issue_token, standing_room
from layersviz.web.recorded_room import open_recording
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db
NOW_MS = 1_700_000_000_000.0


@pytest.fixture
def client() -> Client:
    """The presenter of the server's own class, whose are the recordings that belong to no class."""
    browser, room = Client(), standing_room()
    assert browser.get(f"/present/{room.code}/?token={issue_token(room, 60)}").status_code == 303
    return browser


@pytest.fixture
def number() -> int:
    return keep(played())


def test_an_empty_list_says_how_it_fills(client: Client) -> None:
    assert "every run is kept here" in client.get("/recordings/").content.decode()


def test_the_list_tells_of_each_its_name_time_source_and_frames(client: Client, number: int) -> None:
    keep(played("handshake-warm", source=Source.SIMULATED, problem="It broke off."))
    page = client.get("/recordings/").content.decode()
    assert page.index("SIMULATED") < page.index("Lab · real packets")  # the newest first
    for words in ("Handshake with 10.0.0.2:80, ARP first", "12 frames", "10 frames", "It broke off."):
        assert words in page
    assert page.count('class="arrow"') == 22


def test_many_are_listed_page_by_page(client: Client) -> None:
    run = played("handshake-warm")
    for _ in range(27):
        keep(run)
    assert "Page 2 of 2" in client.get("/recordings/?page=2").content.decode()
    assert client.get("/recordings/?page=rubbish").status_code == 200


def test_whoever_renames_comes_back_to_its_place_in_the_list(client: Client) -> None:
    numbers = [keep(played("handshake-warm")) for _ in range(27)]
    answer = client.post(f"/recordings/{numbers[0]}/rename/", {"name": "The oldest"})
    assert answer["Location"] == f"/recordings/?page=2#recording-{numbers[0]}"
    assert "The oldest" in client.get("/recordings/?page=2").content.decode()


@pytest.mark.parametrize(
    ("name", "file"),
    [("TCP/IP: 7/b", "TCP-IP- 7-b"), ("..", "recording"), ('a"b<c>', "a-b-c-"), ("Stra\u00dfe", "Stra\u00dfe")],
)
def test_a_file_is_named_as_any_system_can_keep_it(name: str, file: str) -> None:
    assert file_name(name) == file


def test_a_name_is_text_and_not_markup(client: Client, number: int) -> None:
    client.post(f"/recordings/{number}/rename/", {"name": "<script>alert(1)</script>"})
    assert Recording.objects.get().name == "<script>alert(1)</script>"
    assert "<script>alert" not in client.get("/recordings/").content.decode()


def test_rename_asks_first_and_refuses_no_name(client: Client, number: int) -> None:
    assert (
        'value="Handshake with 10.0.0.2:80, ARP first"' in client.get(f"/recordings/{number}/rename/").content.decode()
    )
    refused = client.post(f"/recordings/{number}/rename/", {"name": " \n"})
    assert (refused.status_code, "A recording needs a name" in refused.content.decode()) == (400, True)
    assert client.post(f"/recordings/{number}/rename/", {"name": "Lesson 1"}).status_code == 302
    assert Recording.objects.get().name == "Lesson 1"


def test_delete_asks_first_and_takes_this_one_alone(client: Client, number: int) -> None:
    other = keep(played("handshake-warm"))
    assert "Nobody can bring it back" in client.get(f"/recordings/{number}/delete/").content.decode()
    assert Recording.objects.count() == 2
    client.post(f"/recordings/{number}/delete/")
    assert [each.pk for each in Recording.objects.all()] == [other]


@pytest.mark.parametrize("path", ["", "file/", "rename/", "delete/"])
def test_a_recording_that_is_not_there_is_not_found(client: Client, path: str) -> None:
    gone = client.get(f"/recordings/7000/{path}")
    assert (gone.status_code, "There is no recording 7000" in gone.content.decode()) == (404, True)
    assert client.get(f"/recordings/{10**30}/{path}").status_code == 404


def test_other_sites_cannot_change_or_delete(number: int) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/recordings/{number}/delete/").status_code == 403
    assert Recording.objects.count() == 1


def test_the_download_is_a_capture_by_the_recording_s_name(client: Client, number: int, tmp_path: Any) -> None:
    client.post(f"/recordings/{number}/rename/", {"name": 'Odd "name"/../x \u2192'})
    answer = client.get(f"/recordings/{number}/file/")
    assert answer["Content-Type"] == "application/x-pcapng"
    assert "Odd%20-name-" in answer["Content-Disposition"]
    (tmp_path / "file").write_bytes(b"".join(answer.streaming_content))
    with open_capture(tmp_path / "file") as capture:
        assert len(list(capture)) == 12


# --- a room of one's own ----------------------------------------------------------------------------------------------


def resting_at(number: int, query: bytes) -> tuple[int, int]:
    """Frame and step at which an opened recording rests."""
    snapshot = open_recording(number, query, NOW_MS).room.snapshot(NOW_MS)
    assert not snapshot.playhead.playing
    journeys = snapshot.run.journeys
    return next(
        (journey.number, step.number)
        for journey in journeys
        for step in journey.steps
        if step.rest_ms == snapshot.playhead.instant_ms
    )


@pytest.mark.parametrize(
    ("query", "place"),
    [
        (b"", (1, 1)),
        (b"frame=3&step=2", (3, 2)),
        (b"frame=4", (4, 1)),
        (b"step=3", (1, 3)),
        (b"frame=99&step=1", (12, 1)),
        (b"frame=9&step=99", (9, 9)),
        (b"frame=-1&step=x", (1, 1)),
        (b"frame=%00&step=\xff", (1, 1)),
        (b"frame=3&frame=5", (5, 1)),
    ],
)
def test_an_address_leads_to_its_frame_and_step(number: int, query: bytes, place: tuple[int, int]) -> None:
    assert resting_at(number, query) == place


def test_the_room_of_a_recording_moves_alone_and_starts_nothing(number: int) -> None:
    mine, yours = (open_recording(number, b"", NOW_MS).room for _ in range(2))
    (moved,) = mine.answer(MoveStep(by=1), "own", NOW_MS)
    assert isinstance(moved, PlayheadMoved)
    assert not yours.snapshot(NOW_MS).playhead.playing
    (refused,) = mine.answer(Start(), "own", NOW_MS)
    assert isinstance(refused, Refused)


@pytest.mark.parametrize("source", [Source.LAB, Source.SIMULATED])
def test_the_room_says_that_it_is_a_recording_and_of_what(source: Source) -> None:
    snapshot = open_recording(keep(played(source=source)), b"", NOW_MS).room.snapshot(NOW_MS)
    assert (snapshot.lab.state, snapshot.lab.source, snapshot.run.source, snapshot.run.ended) == (
        *("recorded", source, source),
        True,
    )


# --- what the list says -----------------------------------------------------------------------------------------------


def test_ready_lessons_are_open_while_little_is_kept_and_where_something_is_searched(client: Client) -> None:
    lesson = keep(played("handshake-warm"))
    Recording.objects.filter(pk=lesson).update(lesson="warm", name="Warm")
    lessons = '<details class="all-lessons" open>'
    for _ in range(4):
        keep(played())
    assert lessons in client.get("/recordings/").content.decode()
    keep(played())
    assert lessons not in client.get("/recordings/").content.decode()
    page = client.get("/recordings/?name=warm").content.decode()
    assert page.index('role="search"') < page.index(lessons) < page.index(">Warm<")


@pytest.mark.parametrize("path", ["", "facts/", "file/"])
def test_a_run_has_no_conversations_and_the_address_of_one_leads_to_the_run(
    client: Client, number: int, path: str
) -> None:
    answer = client.get(f"/recordings/{number}/conversations/1/{path}?frame=3&step=2")
    assert (answer.status_code, answer["Location"]) == (302, f"/recordings/{number}/?frame=3&step=2")
    assert client.get(f"/recordings/7000/conversations/1/{path}").status_code == 404


def test_of_a_run_with_losses_it_is_said_that_the_file_has_them_marked(client: Client, number: int) -> None:
    words = "lost on the wire"
    assert words not in client.get(f"/recordings/{number}/").content.decode()
    first, *others = (run := played("handshake-warm")).frames
    lossy = keep(msgspec.structs.replace(run, frames=(dataclasses.replace(first, lost=True), *others)))
    assert "marked “lost on the wire” in a comment" in client.get(f"/recordings/{lossy}/").content.decode()
    assert "1 of them lost: it is in the download, marked" in client.get("/recordings/").content.decode()


def test_ready_lessons_stand_on_top_with_what_is_to_be_seen(client: Client, number: int) -> None:
    lesson = keep(played("handshake-warm"))
    Recording.objects.filter(pk=lesson).update(lesson="warm", about="Nobody asks for an address.", name="Warm")
    page = client.get("/recordings/").content.decode()
    assert page.index("Ready lessons") < page.index("Nobody asks for an address.") < page.index("Handshake with")
    assert page.count("Nobody asks for an address.") == 1
    assert "Nobody asks for an address." in client.get(f"/recordings/{lesson}/").content.decode()


def test_a_name_can_be_searched(client: Client, number: int) -> None:
    assert "1 with “10.0.0.2” in the name." in client.get("/recordings/?name=10.0.0.2").content.decode()
    page = client.get("/recordings/?name=<b>").content.decode()
    assert "No recording has “&lt;b&gt;” in its name." in page


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source.LAB, "Lab · real packets"),
        (Source.SIMULATED, "SIMULATED"),
        (Source.LIVE, "LIVE · a visitor"),
    ],
)
def test_each_says_where_its_frames_come_from(client: Client, source: Source, words: str) -> None:
    keep(played(source=source))
    assert words in client.get("/recordings/").content.decode()


def test_a_run_is_told_in_facts(client: Client, number: int) -> None:
    page = client.get(f"/recordings/{number}/facts/").content.decode()
    assert 'id="conversation"' in page
    assert f'data-from="/recordings/{number}/facts/"' in client.get(f"/recordings/{number}/").content.decode()


def test_a_lost_frame_ends_half_way_in_the_small_ladder(client: Client) -> None:
    run = played("handshake-warm")
    first, *others = run.frames
    keep(msgspec.structs.replace(run, frames=(dataclasses.replace(first, lost=True), *others)))
    page = client.get("/recordings/").content.decode()
    assert page.count('class="arrow lost"') == 1
    assert page.count('class="arrow"') == len(others)


def test_no_browser_and_no_proxy_keeps_a_file(client: Client, number: int) -> None:
    answer = client.get(f"/recordings/{number}/file/")
    answer.close()
    assert answer["Cache-Control"] == "no-store"
