from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

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


@pytest.mark.parametrize(
    ("path", "template", "page"), [("/", "dashboard.html", "present"), ("/show/", "show.html", "show")]
)
def test_a_page_is_served(client: Client, path: str, template: str, page: str) -> None:
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK
    assert template in [each.name for each in response.templates]
    assert response.context["page"] == page
    assert response.context["hosts"].server.ip == "10.0.0.2"
    assert response.context["hello_url"] == "http://testserver/hello/"


@pytest.mark.parametrize("path", ["/", "/show/", "/hello/", "/nothing"])
def test_every_answer_is_locked_down(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/show/"])
def test_a_page_is_not_stored(client: Client, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/show/"])
def test_a_page_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("path", ["/", "/show/"])
def test_a_page_has_no_script_or_style_of_its_own(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
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
