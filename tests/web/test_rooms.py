"""The pages of a class: the dashboard, the screens, the way in, notes, the QR code."""

import asyncio
import io
import json

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from config.environment import read_cache, read_url
from layersviz.core.played_run import Source
from layersviz.management.links import greeting
from layersviz.recordings.keeping import keep
from layersviz.recordings.models import Recording
from layersviz.rooms.bus import Looks
from layersviz.rooms.models import Note, RegisteredRoom
from layersviz.rooms.register import claim, close_room, issue_token, open_room, release, save, standing_room
from layersviz.web.addresses import Addresses
from layersviz.web.codes import read_code
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db


# --- the dashboard ----------------------------------------------------------------------------------------------------


def test_somebody_can_join_or_sign_in_and_sees_no_rooms(client: Client, room: RegisteredRoom) -> None:
    page = client.get("/").content.decode()
    assert 'name="code"' in page
    assert "/login/" in page
    assert room.code not in page
    assert 'action="/rooms/"' not in page
    assert "http://testserver/hello/" in page


def test_a_presenter_sees_the_rooms_that_are_open_and_nobody_elses(presenter: Client, room: RegisteredRoom) -> None:
    other, closed = open_room(User.objects.create_user("other")), open_room(room.owner)
    close_room(closed.code)
    keep(played(), room.code)
    page = presenter.get("/").content.decode()
    for words in (f"/present/{room.code}/", f"/show/{room.code}/", f"/join/{room.code}/", "Networks 1", "1 recording"):
        assert words in page
    assert other.code not in page
    assert closed.code not in page


def test_the_dashboard_says_which_rooms_a_worker_holds(presenter: Client, room: RegisteredRoom) -> None:
    assert "No capture worker looks after it" in presenter.get("/").content.decode()
    claim("worker", 60, everything=False)
    page = presenter.get("/").content.decode()
    assert "A capture worker looks after it." in page
    assert "look after 1 of 1 open class." in page
    release("worker")
    assert "look after 0 of 1 open class." in presenter.get("/").content.decode()


@pytest.mark.parametrize(
    ("lab", "source", "words"),
    [
        ("ready", "lab", "Its lab is ready."),
        ("ready", "simulated", "Its handshakes are SIMULATED."),
        ("starting", "lab", "Its lab is being set up."),
        ("down", "lab", "Its lab is down."),
    ],
)
def test_the_dashboard_says_how_a_rooms_lab_was_last(
    presenter: Client, room: RegisteredRoom, lab: str, source: str, words: str
) -> None:
    save(room.code, 0, json.dumps({"lab": lab, "lab_source": source, "cover": "none"}))
    assert words in presenter.get("/").content.decode()


@pytest.mark.parametrize("state", ["", "x", "[]", "{}", '{"lab": 7}'])
def test_of_a_lab_that_is_not_known_the_dashboard_says_nothing(
    presenter: Client, room: RegisteredRoom, state: str
) -> None:
    save(room.code, 0, state)
    assert "Its lab" not in presenter.get("/").content.decode()


def test_a_class_is_opened_and_closed(presenter: Client, teacher: User) -> None:
    answer = presenter.post("/rooms/", {"name": "  Networks\n2 "})
    room = RegisteredRoom.objects.get()
    assert (room.name, room.owner) == ("Networks 2", teacher)
    assert answer["Location"] == f"/present/{room.code}/"
    assert presenter.post(f"/rooms/{room.code}/close/")["Location"] == "/"
    assert presenter.get(f"/present/{room.code}/").status_code == 410
    assert Client().get(f"/join/{room.code}/").status_code == 404


def test_a_teacher_signs_in_and_out(client: Client, teacher: User, room: RegisteredRoom) -> None:
    teacher.set_password("right horse")
    teacher.save()
    refused = client.post("/login/", {"username": "teacher", "password": "x"})
    assert "Name and password don't belong together" in refused.content.decode()
    page = {"username": "teacher", "password": "right horse", "next": f"/present/{room.code}/"}
    assert client.post("/login/", page)["Location"] == f"/present/{room.code}/"
    assert "Signed in as teacher." in client.get("/").content.decode()
    assert client.post("/logout/")["Location"] == "/"
    assert "Signed in" not in client.get("/").content.decode()


def test_nobody_is_led_to_another_site_by_signing_in(client: Client, teacher: User) -> None:
    teacher.set_password("right horse")
    teacher.save()
    page = {"username": "teacher", "password": "right horse", "next": "https://evil.example/"}
    assert client.post("/login/", page)["Location"] == "/"


# --- the screens ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["present", "show", "join"])
def test_each_screen_names_its_room_and_its_socket(presenter: Client, room: RegisteredRoom, page: str) -> None:
    html = presenter.get(f"/{page}/{room.code.lower()}/").content.decode()
    assert f'data-page="{page}"' in html
    assert f'data-socket="/ws/{page}/{room.code}/"' in html
    assert f'data-room="{room.code}"' in html
    assert f'data-join="http://testserver/{room.code}"' in html


def test_the_projector_has_no_controls(client: Client, room: RegisteredRoom) -> None:
    html = client.get(f"/show/{room.code}/").content.decode()
    assert "<lv-controls" not in html
    assert "<lv-scrubber" not in html
    assert "csrf" not in html


def test_the_projectors_old_address_leads_to_the_dashboard(client: Client) -> None:
    assert client.get("/show/")["Location"] == "/"


# --- the way in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/{}", "/{}/"])
def test_the_short_address_leads_into_the_room(client: Client, room: RegisteredRoom, path: str) -> None:
    for code in (room.code, room.code.lower()):
        assert client.get(path.format(code))["Location"] == f"/join/{room.code}/"


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.3} {:.3}"])
def test_a_code_may_be_typed_in_small_letters_and_with_blanks(client: Client, room: RegisteredRoom, typed: str) -> None:
    written = typed.format(room.code, room.code).lower() if "{:.3}" not in typed else f"{room.code[:3]}-{room.code[3:]}"
    assert client.get("/join/", {"code": written})["Location"] == f"/join/{room.code}/"


@pytest.mark.parametrize("typed", ["ABC", "ABCDE0", "ABCDEFG", "../../..", "<b>", "x" * 500])
def test_what_cannot_be_a_code_says_why(client: Client, typed: str) -> None:
    answer = client.get("/join/", {"code": typed})
    assert answer.status_code == 404
    assert "A code has six characters" in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_an_address_with_a_slip_of_the_pen_says_why(client: Client) -> None:
    answer = client.get("/join/ABCDE0/")
    assert answer.status_code == 404
    assert "A code has six characters" in answer.content.decode()


def test_a_code_of_no_open_class_says_so_and_can_be_mended(client: Client) -> None:
    answer = client.get("/join/ZZZZZZ/")
    assert answer.status_code == 404
    assert "no open class with the code ZZZZZZ" in answer.content.decode()
    assert 'value="ZZZZZZ"' in answer.content.decode()


def test_an_empty_form_complains_of_nothing(client: Client) -> None:
    answer = client.get("/join/")
    assert answer.status_code == 200
    assert 'role="alert"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "code"), [("abc 234", "ABC234"), ("ABC-234", "ABC234"), ("ABC23", ""), ("ABCO23", "")]
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert read_code(typed) == code


# --- addresses and the QR code ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "public_url", "network_address", "base", "reachable"),
    [
        ("localhost:8000", "", "", "http://localhost:8000", False),
        ("localhost:8000", "", "192.168.1.5", "http://192.168.1.5:8000", True),
        ("127.0.0.1", "", "192.168.1.5", "http://192.168.1.5", True),
        ("[::1]:8000", "", "192.168.1.5", "http://192.168.1.5:8000", True),
        ("school:8000", "", "192.168.1.5", "http://school:8000", True),
        ("localhost:8000", "https://layers.example.org", "192.168.1.5", "https://layers.example.org", True),
    ],
)
def test_students_are_told_an_address_that_leads_here(
    settings: Settings, host: str, public_url: str, network_address: str, base: str, reachable: bool
) -> None:
    request = RequestFactory().get("/", headers={"host": host})
    addresses = Addresses(public_url=public_url, network_address=network_address)
    settings.ALLOWED_HOSTS = ["*"]
    assert addresses.short(request, "ABC234") == f"{base}/ABC234"
    assert addresses.is_reachable(request) is reachable


def test_the_qr_code_is_a_picture_of_the_short_address(client: Client, room: RegisteredRoom) -> None:
    answer = client.get(f"/join/{room.code}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "max-age=3600, private"
    assert f"<title>http://testserver/{room.code}</title>" in answer.content.decode()
    assert "viewBox" in answer.content.decode()


@pytest.mark.parametrize(
    "text", ["layers.example.org", "ftp://a", "https://a/b", "https://a:b", "https://u@a", "https://a b"]
)
def test_a_public_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PUBLIC_URL"):
        read_url({"PUBLIC_URL": text}, "PUBLIC_URL")


@pytest.mark.parametrize(
    "text", ["https://layers.example.org", "http://192.168.1.5:8000/", "http://[fd00::4]:8000", ""]
)
def test_a_public_address_is_taken_without_its_slash(text: str) -> None:
    assert read_url({"PUBLIC_URL": text}, "PUBLIC_URL") == text.rstrip("/")


def test_without_redis_wrong_codes_are_counted_in_this_process_alone() -> None:
    assert read_cache({}, "REDIS_URL")["BACKEND"].endswith("LocMemCache")
    shared = read_cache({"REDIS_URL": "redis://localhost:6379/0"}, "REDIS_URL")
    assert (shared["BACKEND"], shared["LOCATION"]) == (
        "django.core.cache.backends.redis.RedisCache",
        "redis://localhost:6379/0",
    )
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        read_cache({"REDIS_URL": "localhost:6379"}, "REDIS_URL")


# --- notes ------------------------------------------------------------------------------------------------------------


def test_notes_are_kept_changed_and_taken_away(presenter: Client, room: RegisteredRoom) -> None:
    path = f"/present/{room.code}/notes/"
    assert presenter.get(path).json() == {"notes": {}}
    for key, text, notes in [
        ("1.1", "Ask who knows ARP", {"1.1": "Ask who knows ARP"}),
        ("2.3", "Wait", {"1.1": "Ask who knows ARP", "2.3": "Wait"}),
        ("1.1", "Ask Kim", {"1.1": "Ask Kim", "2.3": "Wait"}),
        ("2.3", "  ", {"1.1": "Ask Kim"}),
    ]:
        answer = presenter.put(path, json.dumps({"key": key, "text": text}), content_type="application/json")
        assert answer.json() == {"notes": notes}
    assert presenter.get(path).json() == {"notes": {"1.1": "Ask Kim"}}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"key": "1"}', '{"key": "", "text": "x"}', json.dumps({"key": "1", "text": "x" * 4001}), "\ud800"],
)
def test_what_is_no_note_is_refused_and_nothing_is_kept(presenter: Client, room: RegisteredRoom, body: str) -> None:
    octets = body.encode("utf-8", "surrogatepass")
    answer = presenter.post(f"/present/{room.code}/notes/", octets, content_type="application/json")
    assert answer.status_code == 400
    assert "4,000 characters" in answer.json()["sentence"]
    assert not Note.objects.exists()


# --- recordings -------------------------------------------------------------------------------------------------------


def test_a_run_belongs_to_the_room_that_it_was_made_in(room: RegisteredRoom) -> None:
    number = keep(played(source=Source.LAB), room.code)
    assert Recording.objects.get(pk=number).room == room
    assert Recording.objects.get(pk=keep(played())).room is None


# --- what an operator hears -------------------------------------------------------------------------------------------


def test_present_prints_a_link_that_works_once(client: Client) -> None:
    out = io.StringIO()
    call_command("present", stdout=out)
    link = out.getvalue().strip()
    assert link.startswith(f"http://localhost:8000/present/{standing_room().code}/?token=")
    path = link.removeprefix("http://localhost:8000")
    assert [client.get(path).status_code, Client().get(path).status_code] == [303, 403]


def test_present_prints_a_link_to_any_open_class(room: RegisteredRoom) -> None:
    out = io.StringIO()
    call_command("present", room.code.lower(), stdout=out)
    assert f"/present/{room.code}/?token=" in out.getvalue()
    close_room(room.code)
    with pytest.raises(CommandError, match="There is no open class"):
        call_command("present", room.code)


@pytest.mark.parametrize("hours", ["0", "-1", "1000", "nan"])
def test_present_refuses_a_time_that_makes_no_sense(hours: str) -> None:
    with pytest.raises(CommandError, match="--hours"):
        call_command("present", hours=float(hours))


def test_the_server_greets_with_three_addresses(room: RegisteredRoom) -> None:
    link = f"http://localhost:8000/present/{room.code}/?token={issue_token(room, 60)}"
    assert list(greeting(room, link, "http://localhost:8000", "http://192.168.1.5:8000")) == [
        f"Presenter   {link}",
        f"Projector   http://localhost:8000/show/{room.code}/",
        f"Students    http://192.168.1.5:8000/{room.code}",
        "Hello World http://192.168.1.5:8000/hello/",
    ]


@pytest.mark.parametrize("here", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]"])
def test_a_server_that_students_cannot_reach_says_how_to_let_them_in(room: RegisteredRoom, here: str) -> None:
    assert any("HOST=0.0.0.0" in line for line in greeting(room, "link", here, ""))


# --- the workers ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
async def test_who_opens_or_closes_a_class_wakes_the_workers(presenter: Client, room: RegisteredRoom) -> None:
    looks = Looks(get_channel_layer())
    await looks.join()
    feed = looks.read()
    async with asyncio.timeout(60):
        for address in ("/rooms/", f"/rooms/{room.code}/close/"):
            await sync_to_async(presenter.post)(address)
            await anext(feed)
    await feed.aclose()
    await looks.leave()
