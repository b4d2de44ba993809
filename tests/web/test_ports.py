"""The page about ports: what it says, and who may see which sockets."""

import json
import socket

import pytest
from django.contrib.auth.models import User
from django.test import Client

from layersviz.recordings.lessons.install import install_lessons
from layersviz.recordings.models import Recording
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import close_room
from layersviz.web.machine import Machine, read_connections

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache of two seconds is the process's, and a socket of a test is younger."""
    monkeypatch.setattr("layersviz.web.ports.machine", Machine(read_connections))


@pytest.fixture
def operator() -> Client:
    """A browser of whoever runs the server."""
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator"))
    return browser


def rows_of(browser: Client) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(browser.get("/ports/machine.json").content)["rows"]
    return rows


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_two_octets_of_a_port_are_those_of_a_real_syn_and_lead_to_its_step(client: Client) -> None:
    install_lessons()
    lesson = Recording.objects.get(lesson="01-handshake")
    html = client.get("/ports/").content.decode()
    assert "<code>89</code><code>ee</code>" in html
    assert "137 × 256 + 238 = <strong>35310</strong>" in html
    shown = client.get("/ports/").context["bytes"]
    frame = lesson.frames.get(number=shown.frame)
    assert bytes(frame.octets)[34:38].hex() == "".join("".join(field.octets) for field in shown.fields)
    assert f'href="/recordings/{lesson.pk}/?frame={shown.frame}&amp;step={shown.step}"' in html
    assert client.get(shown.address).status_code == 200


def test_where_the_lesson_was_deleted_the_octets_are_there_and_the_link_is_not(client: Client) -> None:
    html = client.get("/ports/").content.decode()
    assert "<code>89</code><code>ee</code>" in html
    assert "See this step on its stage" not in html


def test_the_page_shows_the_addresses_of_the_labs_server(client: Client) -> None:
    html = client.get("/ports/").content.decode()
    assert "<code>http://10.0.0.2</code>" in html
    assert "<code>http://10.0.0.2:6789</code>" in html


def test_a_reader_sees_the_lab_of_the_class_that_is_asked_for_or_was_joined(
    presenter: Client, student: Client, client: Client, room: RegisteredRoom
) -> None:
    for browser in (presenter, student):
        assert f'data-code="{room.code}"' in browser.get("/ports/").content.decode()
    assert "data-code" not in client.get("/ports/").content.decode()
    assert f'data-code="{room.code}"' in client.get(f"/ports/?room={room.code.lower()}").content.decode()


def test_only_a_presenter_is_offered_to_try_a_port(presenter: Client, student: Client, room: RegisteredRoom) -> None:
    assert "data-presents" in presenter.get("/ports/").content.decode()
    assert "data-presents" not in student.get("/ports/").content.decode()


@pytest.mark.parametrize("typed", ["ZZZZZZ", "nothing", "<b>"])
def test_a_code_of_no_class_is_said_and_takes_nothing_away(client: Client, typed: str) -> None:
    html = client.get("/ports/", {"room": typed}).content.decode()
    assert "There is no open class with the code" in html
    assert "<b>" not in html
    assert "A port is a number of 16 bits" in html


def test_a_class_that_is_closed_is_not_shown(student: Client, room: RegisteredRoom) -> None:
    close_room(room.code)
    assert "data-code" not in student.get("/ports/").content.decode()


# --- this machine -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["en", "de"])
def test_who_presents_nothing_is_told_why_there_is_no_table(client: Client, student: Client, accept: str) -> None:
    for browser in (client, student):
        refused = browser.get("/ports/machine.json", headers={"accept-language": accept})
        assert refused.status_code == 403
        sentence = json.loads(refused.content)["sentence"]
        assert sentence.startswith("Only a presenter" if accept == "en" else "Nur eine Lehrkraft")
        assert "machine.json" not in browser.get("/ports/").content.decode()


def test_a_presenter_sees_what_listens_and_not_to_whom_the_machine_speaks(presenter: Client, operator: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        ports = listener.getsockname()[1], client.getsockname()[1]
        of_presenter = [row for row in rows_of(presenter) if row["local_port"] in ports]
        # The kernel's table is read in pieces: where others open and close meanwhile, one may be missed that time.
        for _attempt in range(20):
            of_operator = sorted(str(row["state"]) for row in rows_of(operator) if row["local_port"] in ports)
            if len(of_operator) == 3:
                break
    assert [row["state"] for row in of_presenter] == ["LISTEN"]
    assert of_operator == ["ESTABLISHED", "ESTABLISHED", "LISTEN"]


def test_the_answer_is_not_stored(presenter: Client) -> None:
    assert "no-store" in presenter.get("/ports/machine.json").headers["Cache-Control"]
