"""Uploading a capture, its page, and a conversation of it in a room of its own."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from layersviz.files import open_capture
from layersviz.recordings.models import Recording
from layersviz.recordings.playing import WINDOW
from layersviz.rooms.models import RegisteredRoom
from layersviz.web.capture_words import span_text, with_port
from layersviz.web.conversations import NO_TIMES
from layersviz.web.recorded_room import open_conversation
from layersviz.web.uploads import LINES, NOTHING_CHOSEN
from tests.recordings.capture_files import (
    download,
    kept_capture,
    octets_of_run,
    pcap,
    pcap_at,
    pcapng,
    pcapng_without_times,
)

pytestmark = pytest.mark.django_db
NOW_MS = 1_700_000_000_000.0
MEGABYTE = 1024 * 1024


@pytest.fixture
def client(presenter: Client, room: RegisteredRoom) -> Client:
    """A presenter with a class, to which uploads belong."""
    return presenter


@pytest.fixture
def async_client(async_client: AsyncClient, teacher: User, room: RegisteredRoom) -> AsyncClient:
    async_client.force_login(teacher)
    return async_client


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def kept(tmp_path: Path) -> Recording:
    """ARP (frames 1, 2), HTTP (3 to 12), a long download (from 13 on)."""
    return kept_capture(tmp_path, pcapng([*octets_of_run(), *download(WINDOW + 10)]))


def upload(client: Client, octets: bytes, name: str = "lesson.pcapng") -> Any:
    return client.post("/recordings/upload/", {"file": SimpleUploadedFile(name, octets)})


# --- uploading --------------------------------------------------------------------------------------------------------


def test_the_form_says_what_it_takes_and_needs_no_script(client: Client) -> None:
    page = client.get("/recordings/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "up to 50.0\N{NO-BREAK SPACE}MB" in page


@pytest.mark.parametrize("octets", [pcapng(octets_of_run()), gzip.compress(pcap(octets_of_run()))])
def test_who_uploads_comes_to_the_conversations(client: Client, octets: bytes) -> None:
    answer = upload(client, octets)
    number = Recording.objects.get().pk
    assert (answer.status_code, answer["Location"]) == (302, f"/recordings/{number}/")
    page = client.get(answer["Location"]).content.decode()
    for words in ("lesson.pcapng", "2 conversations", "10.0.0.2", ":80", "TIME-WAIT", "Ethernet", "three-way"):
        assert words in page, words


@pytest.mark.parametrize(
    ("octets", "sentence"),
    [
        (b"hello", "This is not a capture: it begins neither as pcap nor as pcapng does."),
        (b"", "The file is empty."),
        (pcap([]), "This is a capture, but there is no packet in it."),
    ],
)
def test_bad_input_is_one_sentence_on_the_page(client: Client, octets: bytes, sentence: str) -> None:
    answer = upload(client, octets)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert "Upload a capture" in answer.content.decode()
    assert Recording.objects.count() == 0


def test_nothing_chosen_is_said(client: Client) -> None:
    answer = client.post("/recordings/upload/", {"file": ""})
    assert (answer.status_code, NOTHING_CHOSEN in answer.content.decode()) == (400, True)


def test_what_is_too_large_is_refused_by_what_it_announces(client: Client) -> None:
    answer = client.post(
        "/recordings/upload/",
        data=b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": str(51 * MEGABYTE)},
    )
    assert (answer.status_code, "This file is too large" in answer.content.decode()) == (413, True)


def test_what_turns_out_too_large_is_refused_as_it_comes(client: Client) -> None:
    answer = upload(client, bytes(50 * MEGABYTE + 1))
    assert (answer.status_code, "up to 50.0\N{NO-BREAK SPACE}MB here" in answer.content.decode()) == (413, True)
    assert Recording.objects.count() == 0


def test_other_sites_cannot_upload() -> None:
    assert upload(Client(enforce_csrf_checks=True), pcap(octets_of_run())).status_code == 403
    assert Recording.objects.count() == 0


def test_the_form_s_address_alone_leads_to_the_form(client: Client) -> None:
    assert client.get("/recordings/upload/")["Location"] == "/recordings/"
    assert client.put("/recordings/upload/").status_code == 405


@pytest.mark.parametrize("name", ["\u202egnp.pcap", "a\nb", "\U0001f980" * 100, "x" * 300, "<script>"])
def test_a_name_with_odd_characters_does_no_harm(client: Client, name: str) -> None:
    answer = upload(client, pcap(octets_of_run()), name)
    if answer.status_code == 302:
        page = client.get(answer["Location"]).content.decode()
        assert "<script>" not in page.replace('<script type="module"', "").replace("<script src=", "")
        assert "\u202e" not in page
    else:
        assert NOTHING_CHOSEN in answer.content.decode()


@pytest.mark.django_db(transaction=True)
async def test_the_page_s_script_hears_each_step_in_a_line(async_client: AsyncClient) -> None:
    lines = await said(async_client, pcapng(octets_of_run()))
    assert [line["kind"] for line in lines] == ["keeping", "kept"]
    assert lines[0] == {"kind": "keeping", "frames": 12, "conversations": 2}
    recording = await Recording.objects.aget()
    assert lines[1] == {"kind": "kept", "recording": recording.pk}


@pytest.mark.django_db(transaction=True)
async def test_the_page_s_script_hears_why_not(async_client: AsyncClient) -> None:
    (line,) = await said(async_client, b"hello")
    assert (line["kind"], line["sentence"][:21]) == ("refused", "This is not a capture")


async def said(client: AsyncClient, octets: bytes) -> list[dict[str, Any]]:
    file = SimpleUploadedFile("lesson", octets)
    answer = await client.post("/recordings/upload/", {"file": file}, headers={"accept": LINES})
    assert answer["Content-Type"] == LINES
    body = b"".join([part async for part in answer.streaming_content])
    return [json.loads(line) for line in body.splitlines()]


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(octets=st.binary(max_size=120), head=st.sampled_from([b"", pcap([]), pcapng([])]), name=st.text(max_size=20))
def test_whatever_is_sent_is_answered(client: Client, octets: bytes, head: bytes, name: str) -> None:
    answer = upload(client, head + octets, f"{name}.pcap")
    assert answer.status_code in (302, 400)


# --- the list of conversations ----------------------------------------------------------------------------------------


def test_the_list_has_filters_that_stay_in_the_address(client: Client, kept: Recording) -> None:
    page = client.get(f"/recordings/{kept.pk}/?address=192.0.2&protocol=TCP&sort=-frames").content.decode()
    assert "1 of 3 conversations has all of this." in page
    assert 'value="192.0.2"' in page
    assert '<option value="TCP" selected>' in page
    assert "of 192.0.2.1:40000 and" in page
    assert "10.0.0.2" not in page


def test_where_nothing_matches_the_list_says_so(client: Client, kept: Recording) -> None:
    assert "Of 3 conversations none has all of this" in client.get(f"/recordings/{kept.pk}/?port=1").content.decode()
    assert "A port is a whole number" in client.get(f"/recordings/{kept.pk}/?port=x").content.decode()


def test_fifty_are_on_a_page_and_the_filter_goes_along(client: Client, tmp_path: Path) -> None:
    from scapy.layers.inet import IP, UDP
    from scapy.layers.l2 import Ether

    below = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="192.0.2.2")
    frames = [bytes(below / UDP(sport=port, dport=7)) for port in range(1, 61)]
    number = kept_capture(tmp_path, pcapng(frames)).pk
    page = client.get(f"/recordings/{number}/?address=192&page=2").content.decode()
    assert "Page 2 of 2" in page
    assert page.count('class="open"') == 10
    assert "?address=192&amp;sort=began&amp;page=1#" in page


def test_a_damaged_file_s_page_says_so(client: Client, tmp_path: Path) -> None:
    number = kept_capture(tmp_path, pcapng(octets_of_run())[:-30]).pk
    assert "The 11 frames before that were read." in client.get(f"/recordings/{number}/").content.decode()
    assert "The 11 frames before that were read." in client.get("/recordings/").content.decode()


def test_a_frame_in_the_address_leads_to_its_conversation(client: Client, kept: Recording) -> None:
    answer = client.get(f"/recordings/{kept.pk}/?frame=7&step=2")
    assert answer["Location"] == f"/recordings/{kept.pk}/conversations/2/?frame=7&step=2"
    assert "There is no frame 7000 in this file." in client.get(f"/recordings/{kept.pk}/?frame=7000").content.decode()


def test_times_count_from_the_first_frame_and_may_be_before_it(client: Client, tmp_path: Path) -> None:
    times = [(1_000_000_000 + (5 if place < 2 else 0), 0) for place in range(12)]
    number = kept_capture(tmp_path, pcap_at(times, octets_of_run())).pk
    page = client.get(f"/recordings/{number}/").content.decode()
    assert re.findall('data-label="Began".*?>(.*?)<', page) == ["0 s", "-5.000 s"]
    assert re.findall("<dt>(Earliest frame|First frame).*?:46:(\\d\\d)<", page) == [
        ("Earliest frame", "40"),
        ("First frame", "45"),
    ]


@pytest.mark.parametrize("octets", [pcapng_without_times(octets_of_run()), pcap_at([(0, 0)] * 12, octets_of_run())])
def test_a_file_without_times_says_so(client: Client, tmp_path: Path, octets: bytes) -> None:
    number = kept_capture(tmp_path, octets).pk
    page = client.get(f"/recordings/{number}/").content.decode()
    assert ("no times in this file" in page, "1970" in page, page.count(">no time<")) == (True, False, 4)
    assert NO_TIMES in client.get(f"/recordings/{number}/conversations/1/").content.decode()


def test_a_port_stands_in_one_piece(client: Client, kept: Recording) -> None:
    page = client.get(f"/recordings/{kept.pk}/").content.decode()
    assert '10.0.0.2<span class="port">:80</span>' in page


def test_an_unknown_link_type_is_named_as_such(client: Client, tmp_path: Path) -> None:
    number = kept_capture(tmp_path, pcapng([b"\1\2\3"], link_type=147)).pk
    assert (
        "link type 147, not known here: its frames are payload" in client.get(f"/recordings/{number}/").content.decode()
    )


def test_an_address_of_ipv6_stands_apart_from_its_port() -> None:
    assert with_port("2001:db8::1", 80) == "[2001:db8::1]:80"
    assert with_port("192.0.2.1", 80) == "192.0.2.1:80"
    assert with_port("2001:db8::1", None) == "2001:db8::1"


# --- one conversation -------------------------------------------------------------------------------------------------


def test_a_conversation_has_a_stage_of_its_own(client: Client, kept: Recording) -> None:
    page = client.get(f"/recordings/{kept.pk}/conversations/2/").content.decode()
    assert f'data-socket="/ws/recordings/{kept.pk}/conversations/2/"' in page
    assert "10.0.0.3:35310" in page or "→ 10.0.0.2:80" in page
    assert "Its frames" not in page


def test_a_long_one_says_which_part_it_is_and_leads_to_the_others(client: Client, kept: Recording) -> None:
    address = f"/recordings/{kept.pk}/conversations/3/"
    page = client.get(f"{address}?frame=13").content.decode()
    assert f"Its frames 1 to {WINDOW} of {WINDOW + 10}" in page
    later = f"{address}?frame={13 + WINDOW}"
    assert f'href="{later}">Next</a>' in page
    assert f"Its frames {WINDOW + 1} to {WINDOW + 10} of {WINDOW + 10}" in client.get(later).content.decode()


def test_where_not_all_frames_before_were_followed_the_page_says_so(client: Client, tmp_path: Path) -> None:
    number = kept_capture(tmp_path, pcapng(download(400))).pk
    address = f"/recordings/{number}/conversations/1/"
    assert "were followed" not in client.get(f"{address}?frame=200").content.decode()
    page = client.get(f"{address}?frame=400").content.decode()
    assert "Of the 360 frames before this part the first 50 and the last 200 were followed" in page


def test_a_frame_of_another_conversation_leads_there(client: Client, kept: Recording) -> None:
    page = client.get(f"/recordings/{kept.pk}/conversations/2/?frame=1").content.decode()
    assert f'href="/recordings/{kept.pk}/conversations/1/?frame=1"' in page


@pytest.mark.parametrize("path", ["", "facts/", "file/"])
@pytest.mark.parametrize("number", [0, 4, 10**30])
def test_a_conversation_that_is_not_there_is_not_found(client: Client, kept: Recording, number: int, path: str) -> None:
    gone = client.get(f"/recordings/{kept.pk}/conversations/{number}/{path}")
    assert (gone.status_code, f"There is no conversation {number}" in gone.content.decode()) == (404, True)


@pytest.mark.parametrize("path", ["conversations/2/facts/", "conversations/2/file/", "file/"])
def test_a_file_that_is_gone_is_said_to_be(client: Client, kept: Recording, path: str) -> None:
    kept.file.storage.delete(kept.file.name)
    gone = client.get(f"/recordings/{kept.pk}/{path}")
    assert (gone.status_code, "file of this recording" in gone.content.decode()) == (404, True)


def test_its_facts_are_a_page(client: Client, kept: Recording) -> None:
    page = client.get(f"/recordings/{kept.pk}/conversations/2/facts/").content.decode()
    assert 'id="conversation"' in page
    assert f"/recordings/{kept.pk}/conversations/2/?frame=3" in page


@pytest.mark.parametrize("written", [pcap, pcapng])
def test_the_file_comes_back_as_it_was(client: Client, tmp_path: Path, written: Any) -> None:
    octets = written(octets_of_run())
    number = kept_capture(tmp_path, gzip.compress(octets), 'odd "name".pcapng.gz').pk
    answer = client.get(f"/recordings/{number}/file/")
    assert b"".join(answer.streaming_content) == octets
    assert f"odd%20-name-.{written.__name__}" in answer["Content-Disposition"] or (
        f'filename="odd -name-.{written.__name__}"' in answer["Content-Disposition"]
    )


def test_a_conversation_alone_is_a_capture_too(client: Client, kept: Recording, tmp_path: Path) -> None:
    answer = client.get(f"/recordings/{kept.pk}/conversations/1/file/")
    (tmp_path / "alone").write_bytes(b"".join(answer.streaming_content))
    with open_capture(tmp_path / "alone") as capture:
        assert [len(packet.octets) for packet in capture] == [42, 42]


# --- its room ---------------------------------------------------------------------------------------------------------


def opened(kept: Recording, conversation: int, query: bytes) -> tuple[Any, int, int, str]:
    """Snapshot, frame and step at which it rests, and what is said of that."""
    room = open_conversation(kept.pk, conversation, query, NOW_MS)
    snapshot = room.room.snapshot(NOW_MS)
    frame, step = next(
        (journey.number, step.number)
        for journey in snapshot.run.journeys
        for step in journey.steps
        if step.rest_ms == snapshot.playhead.instant_ms
    )
    return snapshot, frame, step, room.remark


@pytest.mark.parametrize(
    ("query", "place", "said"),
    [
        (b"", (3, 1), ""),
        (b"frame=7&step=2", (7, 2), ""),
        (b"frame=1", (3, 1), "Frame 1 is not here: this is frame 3."),
        (b"frame=500", (12, 1), "Frame 500 is not here: this is frame 12."),
        (b"frame=x&step=\xff", (3, 1), ""),
    ],
)
def test_an_address_leads_to_its_frame_and_step(
    kept: Recording, query: bytes, place: tuple[int, int], said: str
) -> None:
    _, frame, step, remark = opened(kept, 2, query)
    assert (frame, step, remark) == (*place, said)


def test_a_step_beyond_a_frame_s_last_is_the_last(kept: Recording) -> None:
    snapshot, frame, step, remark = opened(kept, 2, b"frame=9&step=99")
    journey = next(each for each in snapshot.run.journeys if each.number == 9)
    assert (frame, step) == (9, len(journey.steps))
    assert remark == f"Frame 9 has no step 99: it has {step}, and this is {step}."


def test_only_the_window_with_the_frame_is_told(kept: Recording) -> None:
    snapshot, frame, _, _ = opened(kept, 3, b"frame=%d" % (13 + WINDOW + 2))
    assert frame == 13 + WINDOW + 2
    assert len(snapshot.run.journeys) == 10


def test_the_room_says_that_it_comes_from_a_file(kept: Recording) -> None:
    snapshot, *_ = opened(kept, 2, b"")
    assert (snapshot.lab.state, snapshot.lab.source, snapshot.run.source) == ("recorded", "file", "file")
    assert snapshot.run.recording is None
    assert snapshot.run.hosts.server.port == 80


@pytest.mark.parametrize(
    ("span_ns", "text"),
    [
        (None, ""),
        (0, "0 s"),
        (40, "40 ns"),
        (435_000, "435 \u00b5s"),
        (-12_300_000, "-12.3 ms"),
        (999_700_000, "1.000 s"),
        (4_200_000_000, "4.200 s"),
        (185_000_000_000, "3 min 5 s"),
    ],
)
def test_a_span_of_time_has_the_unit_that_suits_it(span_ns: int | None, text: str) -> None:
    assert span_text(span_ns) == text


def test_an_upload_without_a_class_is_refused_in_one_sentence(presenter: Client) -> None:
    answer = upload(presenter, pcap(octets_of_run()))
    assert (answer.status_code, Recording.objects.count()) == (409, 0)
    assert "Start a class first" in answer.content.decode()


def test_no_browser_and_no_proxy_keeps_a_conversations_file(client: Client) -> None:
    upload(client, pcap(octets_of_run()))
    answer = client.get(f"/recordings/{Recording.objects.get().pk}/conversations/1/file/")
    answer.close()
    assert answer["Cache-Control"] == "no-store"
