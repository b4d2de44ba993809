"""Who may do what: presenters by token or account, students, strangers, and those who try codes."""

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import FileResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from pytest_django.fixtures import Settings

from config.environment import read_cache
from layersviz.core.played_run import Source
from layersviz.recordings.keeping import keep
from layersviz.recordings.models import Recording
from layersviz.rooms.models import Note, RegisteredRoom
from layersviz.rooms.register import close_room, find_open, issue_token, open_room, standing_room
from layersviz.web import door
from layersviz.web.access import may_present, may_see_recording
from layersviz.web.entering import Entry, enter_by_websocket, is_open
from layersviz.web.proxy import BehindProxy
from tests.recordings.capture_files import octets_of_run, pcap
from tests.recordings.test_keeping import played
from tests.web.live import free_port

pytestmark = pytest.mark.django_db
WRONG = "ZZZZZZ"


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def by_token(room: RegisteredRoom) -> Client:
    """A browser that has opened the room's link."""
    browser = Client()
    assert browser.get(f"/present/{room.code}/?token={issue_token(room, 60)}").status_code == 303
    return browser


def scope_of(browser: Client | None, address: str = "192.0.2.7") -> dict[str, Any]:
    """What a websocket of this browser comes with."""
    cookies = "" if browser is None else "; ".join(f"{name}={each.value}" for name, each in browser.cookies.items())
    return {"headers": [(b"cookie", cookies.encode())] if cookies else [], "client": (address, 4711)}


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_a_token_becomes_a_session_and_leaves_the_address(client: Client) -> None:
    room = standing_room()
    answer = client.get(f"/present/{room.code}/?token={issue_token(room, 60)}")
    assert (answer.status_code, answer["Location"]) == (303, f"/present/{room.code}/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert client.get(answer["Location"]).status_code == 200


def test_the_sessions_cookie_is_out_of_scripts_reach_and_comes_along_from_a_mail(client: Client) -> None:
    room = standing_room()
    cookie = client.get(f"/present/{room.code}/?token={issue_token(room, 60)}").cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 14 * 86_400


def test_a_token_gives_the_session_a_new_key(presenter: Client) -> None:
    room = standing_room()
    before = presenter.cookies["sessionid"].value
    presenter.get(f"/present/{room.code}/?token={issue_token(room, 60)}")
    assert presenter.cookies["sessionid"].value != before


def test_a_used_token_says_what_to_do(client: Client) -> None:
    room = standing_room()
    token = issue_token(room, 60)
    by = Client()
    assert by.get(f"/present/{room.code}/?token={token}").status_code == 303
    answer = client.get(f"/present/{room.code}/?token={token}")
    assert answer.status_code == 403
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "manage.py present" in answer.content.decode()
    assert token not in answer.content.decode()


def test_a_token_that_is_too_old_gives_nothing(client: Client) -> None:
    room = standing_room()
    assert client.get(f"/present/{room.code}/?token={issue_token(room, -1)}").status_code == 403
    assert client.get(f"/present/{room.code}/").status_code == 403


def test_whoever_presents_already_goes_on_with_a_used_token() -> None:
    room = standing_room()
    token = issue_token(room, 60)
    browser = Client()
    assert [browser.get(f"/present/{room.code}/?token={token}").status_code for _ in range(2)] == [303, 303]


def test_to_ask_for_the_head_alone_does_not_use_a_token_up(client: Client) -> None:
    room = standing_room()
    token = issue_token(room, 60)
    assert client.head(f"/present/{room.code}/?token={token}").status_code == 403
    assert client.get(f"/present/{room.code}/?token={token}").status_code == 303


def test_a_token_is_in_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    room = standing_room()
    token = issue_token(room, 60)
    for logger in (None, "django.request"):
        caplog.set_level(logging.DEBUG, logger=logger)
    client.get(f"/present/{room.code}/?token={token}")
    Client().get(f"/present/{room.code}/?token={token}")  # which is refused, and that is logged
    assert "Forbidden: /present/" in caplog.text
    assert token not in caplog.text


def test_a_token_of_the_servers_room_lets_open_further_ones_and_one_of_a_teachers_does_not(
    room: RegisteredRoom,
) -> None:
    server_owner, guest = by_token(standing_room()), by_token(room)
    answer = server_owner.post("/rooms/", {"name": "Second"})
    opened = RegisteredRoom.objects.get(name="Second")
    assert answer["Location"] == f"/present/{opened.code}/"
    assert server_owner.get(answer["Location"]).status_code == 200
    assert guest.post("/rooms/", {"name": "Third"}).status_code == 403


@pytest.mark.parametrize("has_account", [True, False])
def test_nobody_has_more_than_ten_classes_open(presenter: Client, *, has_account: bool) -> None:
    browser = presenter if has_account else by_token(standing_room())
    answers = [browser.post("/rooms/", {"name": "x"}) for _ in range(11)]
    opened = 10 if has_account else 9
    assert [answer.status_code for answer in answers] == [302] * opened + [409] * (11 - opened)
    assert "You have 10 classes open" in answers[-1].content.decode()
    close_room(RegisteredRoom.objects.filter(name="x").first().code)  # type: ignore[union-attr]
    assert browser.post("/rooms/").status_code == 302


def test_opening_a_further_class_leaves_the_session_of_the_open_pages(client: Client) -> None:
    browser = by_token(standing_room())
    before = browser.cookies["sessionid"].value
    browser.post("/rooms/")
    assert browser.cookies["sessionid"].value == before


# --- one presenter and another's room ---------------------------------------------------------------------------------


def test_a_presenter_has_no_power_in_another_room(presenter: Client, room: RegisteredRoom) -> None:
    other = open_room(User.objects.create_user("other"))
    for browser in (presenter, by_token(standing_room())):
        assert browser.get(f"/present/{other.code}/").status_code == 403
        assert browser.get(f"/present/{other.code}/notes/").status_code == 403
        assert browser.post(f"/rooms/{other.code}/close/").status_code == 403
    assert find_open(other.code) is not None


def test_a_superuser_presents_every_room(admin_client: Client, room: RegisteredRoom) -> None:
    assert admin_client.get(f"/present/{room.code}/").status_code == 200
    assert admin_client.get(f"/present/{standing_room().code}/").status_code == 200


def test_who_is_no_longer_active_presents_nothing(presenter: Client, teacher: User, room: RegisteredRoom) -> None:
    User.objects.filter(pk=teacher.pk).update(is_active=False)
    assert presenter.get(f"/present/{room.code}/").status_code == 403


def test_signing_out_gives_the_rooms_away() -> None:
    room = standing_room()
    browser = by_token(room)
    browser.post("/logout/")
    assert browser.get(f"/present/{room.code}/").status_code == 403


def without_token(page: bytes) -> bytes:
    """Each answer has another one against forged requests, in its forms."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_a_stranger_does_not_learn_which_rooms_there_are(client: Client, room: RegisteredRoom) -> None:
    there, not_there = (client.get(f"/present/{code}/") for code in (room.code, WRONG))
    assert there.status_code == not_there.status_code == 403
    assert without_token(there.content) == without_token(not_there.content)


# --- a student --------------------------------------------------------------------------------------------------------


def test_a_student_cannot_present_close_or_read_notes(student: Client, room: RegisteredRoom) -> None:
    Note.objects.create(room=room, key="1.1", text="Ask Kim")
    assert student.get(f"/present/{room.code}/").status_code == 403
    assert student.post(f"/rooms/{room.code}/close/").status_code == 403
    answer = student.get(f"/present/{room.code}/notes/")
    assert answer.status_code == 403
    assert "Kim" not in answer.content.decode()
    assert (
        student.post(
            f"/present/{room.code}/notes/", {"key": "1.1", "text": ""}, content_type="application/json"
        ).status_code
        == 403
    )
    assert Note.objects.get().text == "Ask Kim"
    assert find_open(room.code) is not None


def test_a_student_cannot_open_a_room(student: Client) -> None:
    before = RegisteredRoom.objects.count()
    assert student.post("/rooms/", {"name": "Mine"}).status_code == 403
    assert RegisteredRoom.objects.count() == before


def test_a_student_cannot_upload_rename_share_or_delete(student: Client, room: RegisteredRoom) -> None:
    number = keep(played(), room.code)
    file = SimpleUploadedFile("mine.pcap", b"x")
    assert student.post("/recordings/upload/", {"file": file}).status_code == 403
    assert student.post(f"/recordings/{number}/rename/", {"name": "Mine"}).status_code == 403
    assert student.post(f"/recordings/{number}/share/", {"shared": "on"}).status_code == 403
    assert student.post(f"/recordings/{number}/delete/").status_code == 403
    kept = Recording.objects.get()
    assert (kept.name, kept.shared) == ("Handshake with 10.0.0.2:80, ARP first", False)


@pytest.mark.parametrize("path", ["/rooms/", "/rooms/{code}/close/", "/present/{code}/notes/", "/logout/", "/login/"])
def test_a_forged_request_is_refused_even_in_the_presenters_browser(
    teacher: User, room: RegisteredRoom, path: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher)
    before = RegisteredRoom.objects.count()
    note = json.dumps({"key": "1.1", "text": "forged"})
    answer = browser.post(path.format(code=room.code), note, content_type="text/plain")
    assert answer.status_code == 403
    assert RegisteredRoom.objects.count() == before
    assert find_open(room.code) is not None
    assert not Note.objects.exists()
    assert browser.get(f"/present/{room.code}/").status_code == 200


def test_a_forged_upload_is_refused_even_in_the_presenters_browser(teacher: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher)
    assert browser.post("/recordings/upload/", {"file": SimpleUploadedFile("a.pcap", b"x")}).status_code == 403


def test_joining_writes_nothing_into_the_database(client: Client, room: RegisteredRoom) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(f"/join/{room.code}/").status_code == 200
    assert {each["sql"].split()[0] for each in asked.captured_queries} == {"SELECT"}
    assert len(asked.captured_queries) == 1
    assert "sessionid" not in client.cookies


def test_a_forged_cookie_is_not_believed(client: Client, room: RegisteredRoom) -> None:
    number = keep(played(), room.code)
    client.cookies["joined"] = f"{room.code}:1tZZZZ:forged"
    assert client.get(f"/recordings/{number}/").status_code == 404


# --- recordings -------------------------------------------------------------------------------------------------------


@pytest.fixture
def readers(presenter: Client, student: Client) -> dict[str, Client]:
    """All kinds: the room's presenter, one of its students, the presenter of another, somebody."""
    stranger = Client()
    stranger.force_login(User.objects.create_user("other"))
    return {"presenter": presenter, "student": student, "other": stranger, "nobody": Client()}


def status(browser: Client, path: str) -> int:
    answer = browser.get(path)
    if isinstance(answer, FileResponse):
        answer.getvalue()
    return answer.status_code


def make(source: Source, *, shared: bool = False, lesson: str = "", room: RegisteredRoom | None = None) -> int:
    number = keep(played(source=source), None if room is None else room.code)
    Recording.objects.filter(pk=number).update(shared=shared, lesson=lesson)
    return number


@pytest.mark.parametrize(
    ("source", "in_room", "shared", "lesson", "who"),
    [
        (Source.LAB, True, False, "", {"presenter", "student"}),
        (Source.SIMULATED, True, False, "", {"presenter", "student"}),
        (Source.LIVE, True, False, "", {"presenter"}),
        (Source.LIVE, True, True, "", {"presenter", "student"}),
        (Source.LAB, False, False, "", {"presenter", "other"}),
        (Source.LIVE, False, True, "", {"presenter", "other"}),
        (Source.LAB, False, False, "01-handshake", {"presenter", "student", "other", "nobody"}),
    ],
)
def test_a_recording_is_seen_by_those_whom_it_concerns(
    readers: dict[str, Client],
    room: RegisteredRoom,
    source: Source,
    in_room: bool,
    shared: bool,
    lesson: str,
    who: set[str],
) -> None:
    number = make(source, shared=shared, lesson=lesson, room=room if in_room else None)
    for page in ("", "facts/", "file/"):
        answers = {name: status(each, f"/recordings/{number}/{page}") for name, each in readers.items()}
        assert answers == {name: 200 if name in who else 404 for name in readers}
    listed = {
        name
        for name, each in readers.items()
        if f'id="recording-{number}"' in each.get("/recordings/").content.decode()
    }
    assert listed == who


def test_what_belongs_to_no_class_is_changed_by_the_servers_own_presenter_alone(
    presenter: Client, room: RegisteredRoom, admin_client: Client
) -> None:
    number = keep(played())
    for browser in (presenter, by_token(room)):
        assert browser.post(f"/recordings/{number}/rename/", {"name": "x"}).status_code == 403
        assert browser.post(f"/recordings/{number}/delete/").status_code == 403
    assert by_token(standing_room()).post(f"/recordings/{number}/rename/", {"name": "x"}).status_code == 302
    assert admin_client.post(f"/recordings/{number}/delete/").status_code == 302


def test_of_a_recording_that_may_not_be_seen_nothing_can_be_changed(
    readers: dict[str, Client], room: RegisteredRoom
) -> None:
    number = make(Source.LAB, room=room)
    for deed in ("rename", "delete", "share"):
        assert readers["other"].post(f"/recordings/{number}/{deed}/", {"name": "x"}).status_code == 404
    assert Recording.objects.filter(pk=number).exists()


def test_its_presenter_shares_a_visit_with_the_class_and_takes_it_back(
    readers: dict[str, Client], room: RegisteredRoom
) -> None:
    number = make(Source.LIVE, room=room)
    for word, status in (("on", 200), ("off", 404)):
        assert readers["presenter"].post(f"/recordings/{number}/share/", {"shared": word}).status_code == 302
        assert readers["student"].get(f"/recordings/{number}/").status_code == status


def upload(browser: Client, **form: str) -> Recording:
    with_file = {"file": SimpleUploadedFile("mine.pcap", pcap(octets_of_run())), **form}
    assert browser.post("/recordings/upload/", with_file).status_code == 302
    return Recording.objects.get()


def test_an_upload_is_its_presenters_alone_until_it_is_shared(readers: dict[str, Client], room: RegisteredRoom) -> None:
    kept = upload(readers["presenter"])
    assert kept.room == room
    assert {name: status(each, f"/recordings/{kept.pk}/file/") for name, each in readers.items()} == {
        **dict.fromkeys(readers, 404),
        "presenter": 200,
    }
    readers["presenter"].post(f"/recordings/{kept.pk}/share/", {"shared": "on"})
    for page in ("", "conversations/1/", "conversations/1/facts/", "conversations/1/file/"):
        assert [status(readers[name], f"/recordings/{kept.pk}/{page}") for name in ("student", "other")] == [200, 404]


def test_an_upload_goes_to_the_class_that_the_form_names_and_never_to_anothers(
    presenter: Client, teacher: User, room: RegisteredRoom
) -> None:
    latest, other = open_room(teacher), open_room(User.objects.create_user("other"))
    assert upload(presenter, room=room.code).room == room
    Recording.objects.all().delete()
    assert upload(presenter, room=other.code).room == latest


def test_a_closed_rooms_runs_stay_its_presenters_and_its_students(
    readers: dict[str, Client], room: RegisteredRoom
) -> None:
    number = make(Source.LAB, room=room)
    close_room(room.code)
    assert [readers[name].get(f"/recordings/{number}/").status_code for name in ("presenter", "student")] == [200, 200]


# --- websockets -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
async def test_a_websocket_presents_where_its_pages_browser_does(
    presenter: Client, student: Client, room: RegisteredRoom
) -> None:
    assert await may_present(scope_of(presenter), room.code)
    assert await may_present(scope_of(presenter), room.code.lower())
    assert not await may_present(scope_of(student), room.code)
    assert not await may_present(scope_of(None), room.code)
    assert not await may_present(scope_of(presenter), WRONG)
    await database_sync_to_async(close_room)(room.code)
    assert not await may_present(scope_of(presenter), room.code)


@pytest.mark.django_db(transaction=True)
async def test_a_websocket_sees_the_recordings_that_its_browser_sees(
    presenter: Client, student: Client, room: RegisteredRoom
) -> None:
    run = await database_sync_to_async(make)(Source.LAB, room=room)
    visit = await database_sync_to_async(make)(Source.LIVE, room=room)
    assert await may_see_recording(scope_of(presenter), visit)
    assert await may_see_recording(scope_of(student), run)
    assert not await may_see_recording(scope_of(student), visit)
    assert not await may_see_recording(scope_of(None), run)
    assert not await may_see_recording(scope_of(presenter), 10**30)


async def test_a_viewer_without_a_cookie_costs_no_query_to_know_that_it_does_not_present(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def in_thread(_function: Any) -> Any:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("layersviz.web.access.database_sync_to_async", in_thread)
    assert not await may_present(scope_of(None), WRONG)
    with pytest.raises(AssertionError):
        await may_present({"headers": [(b"cookie", b"sessionid=x")]}, WRONG)


@pytest.mark.django_db(transaction=True)
async def test_a_whole_class_that_comes_at_once_asks_the_database_once(
    room: RegisteredRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def find(code: str) -> RegisteredRoom | None:
        asked.append(code)
        return find_open(code)

    monkeypatch.setattr("layersviz.web.entering.find_open", find)
    assert all([await is_open(code) for code in (room.code, room.code.lower(), room.code)])
    assert asked == [room.code]


# --- trying codes -----------------------------------------------------------------------------------------------------


def guess(browser: Client, times: int, address: str = "192.0.2.7", path: str = "/join/{code}/") -> list[int]:
    """The answers to wrong codes, each another one."""
    codes = (f"ZZZ{a}{b}Z" for a in "23456789ABCDEFGH" for b in "23456789ABCDEFGH")
    return [
        browser.get(path.format(code=code), REMOTE_ADDR=address).status_code
        for code, _ in zip(codes, range(times), strict=False)
    ]


@pytest.mark.parametrize("path", ["/join/{code}/", "/show/{code}/"])
def test_the_eleventh_wrong_code_in_a_minute_is_refused(client: Client, path: str) -> None:
    assert guess(client, 12, path=path) == [404] * 10 + [429] * 2
    answer = client.get(path.format(code=WRONG), REMOTE_ADDR="192.0.2.7")
    assert answer["Retry-After"] == "60"
    assert "wait a minute" in answer.content.decode()


def test_past_the_limit_a_right_code_looks_as_a_wrong_one(client: Client, room: RegisteredRoom) -> None:
    guess(client, 10)
    right, wrong = (client.get(f"/join/{code}/", REMOTE_ADDR="192.0.2.7") for code in (room.code, WRONG))
    assert right.status_code == wrong.status_code == 429
    seen = (
        without_token(right.content.replace(room.code.encode(), b"")),
        without_token(wrong.content.replace(WRONG.encode(), b"")),
    )
    assert seen[0] == seen[1]


def test_a_class_gets_in_while_one_of_it_guesses(client: Client, room: RegisteredRoom) -> None:
    assert Client().get(f"/join/{room.code}/", REMOTE_ADDR="192.0.2.7").status_code == 200
    guess(client, 12)
    assert {Client().get(f"/join/{room.code}/", REMOTE_ADDR="192.0.2.7").status_code for _ in range(30)} == {200}


def test_who_has_joined_or_presents_is_never_refused(student: Client, presenter: Client, room: RegisteredRoom) -> None:
    for browser, address in ((student, "192.0.2.8"), (presenter, "192.0.2.9")):
        guess(Client(), 12, address)
        assert browser.get(f"/show/{room.code}/", REMOTE_ADDR=address).status_code == 200


def test_others_are_not_held_to_one_networks_guesses(client: Client, room: RegisteredRoom) -> None:
    guess(client, 12)
    assert client.get(f"/join/{room.code}/", REMOTE_ADDR="198.51.100.1").status_code == 200


def test_when_many_networks_guess_each_has_one_left_and_a_right_code_still_passes(
    client: Client, room: RegisteredRoom
) -> None:
    for number in range(6):
        assert guess(client, 10, f"192.0.2.{number}") == [404] * 10
    assert guess(client, 3, "198.51.100.1") == [404, 429, 429]
    assert client.get(f"/join/{room.code}/", REMOTE_ADDR="198.51.100.2").status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2:3::4", "2001:db8:1:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "/run/a socket", True),
    ],
)
def test_a_network_is_an_ipv4_address_or_the_48_of_an_ipv6_address(one: str, other: str, same: bool) -> None:
    assert (door.network_of(one) == door.network_of(other)) is same


@pytest.mark.django_db(transaction=True)
async def test_websockets_are_counted_with_the_pages(student: Client, room: RegisteredRoom) -> None:
    for _ in range(9):
        assert await enter_by_websocket(scope_of(None), WRONG) is Entry.WRONG
    assert await enter_by_websocket(scope_of(None), "no code, é") is Entry.WRONG
    assert await enter_by_websocket(scope_of(None), WRONG) is Entry.TOO_MANY_GUESSES
    assert await enter_by_websocket(scope_of(None), "no code, é") is Entry.TOO_MANY_GUESSES
    assert await enter_by_websocket(scope_of(None), room.code) is Entry.TOO_MANY_GUESSES
    assert await enter_by_websocket(scope_of(None, "198.51.100.1"), room.code) is Entry.OPEN
    assert await enter_by_websocket(scope_of(student), room.code.lower()) is Entry.OPEN


def test_the_eleventh_wrong_password_in_a_minute_has_to_wait(client: Client, teacher: User) -> None:
    teacher.set_password("right horse")
    teacher.save()
    tried = [client.post("/login/", {"username": "teacher", "password": "wrong"}).status_code for _ in range(11)]
    assert tried == [200] * 10 + [429]
    assert client.post("/login/", {"username": "teacher", "password": "right horse"}).status_code == 429


def test_codes_that_are_tried_at_once_are_counted_before_any_is_answered() -> None:
    letters = "ABCDEFGHJKMN"
    tried = [door.knock("192.0.2.7", f"ZZZZZ{letter}") for letter in letters[: door.FOR_A_NETWORK]]
    assert all(tried)
    for letter in letters[door.FOR_A_NETWORK :]:
        with pytest.raises(door.TooManyGuesses):
            door.knock("192.0.2.7", f"ZZZZZ{letter}")


def test_a_whole_class_that_types_the_right_code_at_once_gets_in_and_costs_no_try() -> None:
    counted = [door.knock("192.0.2.7", "ABCDEF") for _ in range(30)]
    for each in counted:
        door.answer("192.0.2.7", "ABCDEF", is_open=True, is_counted=each)
    assert all(door.knock("192.0.2.7", f"ZZZZZ{letter}") for letter in "ABCDEFGHJK")


def test_passwords_that_are_tried_at_once_are_counted_before_any_is_answered() -> None:
    taken = [door.passwords.take("192.0.2.7") for _ in range(12)]
    assert taken == [True] * 10 + [False] * 2


def test_right_passwords_are_not_counted(teacher: User) -> None:
    teacher.set_password("right horse")
    teacher.save()
    page = {"username": "teacher", "password": "right horse"}
    assert {Client().post("/login/", page).status_code for _ in range(12)} == {302}


def test_while_the_cache_is_away_this_process_counts_and_says_so_once(
    teacher: User, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("redis", reason="redis is not installed: there is no cache that could be away")
    away = read_cache({"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}, "REDIS_URL")
    with override_settings(CACHES={"default": away}), caplog.at_level(logging.WARNING, logger="layersviz"):
        assert guess(Client(), 12, "192.0.2.77") == [404] * 10 + [429] * 2
        assert Client().post("/login/", {"username": "teacher", "password": "wrong"}).status_code == 200
    assert [record.name for record in caplog.records] == ["layersviz.web.shared_cache"]


# --- behind a proxy ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ([b"203.0.113.9"], "203.0.113.9"),
        ([b"10.1.1.1, 203.0.113.9"], "203.0.113.9"),
        ([b"10.1.1.1", b"203.0.113.9"], "203.0.113.9"),
        ([], "127.0.0.1"),
    ],
)
async def test_behind_our_proxy_the_reader_is_whom_the_proxy_saw(said: list[bytes], address: str) -> None:
    seen: list[str] = []

    async def application(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(scope["client"][0])

    scope = {"client": ("127.0.0.1", 5), "headers": [(b"x-forwarded-for", each) for each in said]}
    await BehindProxy(application)(scope, None, None)
    assert seen == [address]


def test_without_a_proxy_nobody_can_invent_an_address(client: Client) -> None:
    answers = [
        client.get(f"/join/ZZZZZ{letter}/", headers={"x-forwarded-for": f"203.0.113.{number}"}).status_code
        for number, letter in enumerate("ABCDEFGHJKM")
    ]
    assert answers == [404] * 10 + [429]


def test_in_production_cookies_go_over_tls_only(settings: Settings, client: Client, room: RegisteredRoom) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert client.get(f"/join/{room.code}/").cookies["joined"]["secure"]
