from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from layersviz.rooms.models import RegisteredRoom

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


SCREENS = {"/": "home.html", "/present/{}/": "present.html", "/show/{}/": "show.html", "/join/{}/": "join.html"}
PAGES = [*SCREENS, "/join/", "/login/", "/ports/"]


@pytest.fixture
def pages(room: RegisteredRoom) -> list[str]:
    return [path.format(room.code) for path in PAGES]


@pytest.mark.parametrize(("path", "template"), SCREENS.items())
def test_a_page_is_served(presenter: Client, room: RegisteredRoom, path: str, template: str) -> None:
    response = presenter.get(path.format(room.code))
    assert response.status_code == HTTPStatus.OK
    assert template in [each.name for each in response.templates]
    assert response.context["hello_url"] == "http://testserver/hello/"


def test_a_stage_knows_the_labs_hosts(presenter: Client, room: RegisteredRoom) -> None:
    assert presenter.get(f"/present/{room.code}/").context["hosts"].server.ip == "10.0.0.2"


def test_every_answer_is_locked_down(client: Client, pages: list[str]) -> None:
    for path in (*pages, "/hello/", "/nothing"):
        headers = client.get(path).headers
        assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_is_not_stored(presenter: Client, client: Client, pages: list[str]) -> None:
    for browser in (presenter, client):
        assert {path for path in pages if "no-store" not in browser.get(path).headers.get("Cache-Control", "")} <= {
            "/login/"  # where a browser that has signed in is sent on
        }


def test_a_page_is_only_read(presenter: Client, pages: list[str]) -> None:
    for path in set(pages) - {"/login/"}:
        assert presenter.post(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_page_has_no_script_or_style_of_its_own(presenter: Client, client: Client, pages: list[str]) -> None:
    for html in (browser.get(path).content.decode() for browser in (presenter, client) for path in pages):
        assert "<style" not in html
        assert ' style="' not in html
        assert "<script>" not in html
        assert " onclick=" not in html


def test_a_page_that_is_not_there_says_so(client: Client) -> None:
    response = client.get("/nothing")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "There is no such page" in response.content.decode()


def test_a_foreign_name_is_told_what_to_set(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "set ALLOWED_HOSTS" in response.content.decode()


def test_a_fault_of_ours_shows_nothing_of_our_inside(client: Client, settings: Settings) -> None:
    client.raise_request_exception = False
    settings.ROOT_URLCONF = "tests.web.faulty_urls"
    response = client.get("/")
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Traceback" not in response.content.decode()
