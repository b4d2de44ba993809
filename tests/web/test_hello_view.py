"""The Hello World page through Django's whole stack: routes, middleware, view."""

import gzip

import pytest
from django.test import Client

from layersviz.core.hello import PAGE, respond


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def test_the_page_comes_plain_with_its_34_octets(browser: Client) -> None:
    answer = browser.get("/hello/")
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer["Content-Length"] == "34"
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "Content-Encoding" not in answer


def test_the_page_comes_zipped_where_that_is_accepted(browser: Client) -> None:
    answer = browser.get("/hello/", headers={"accept-encoding": "br;q=0.9, gzip;q=0.5"})
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Content-Length"] == str(len(answer.content))
    assert gzip.decompress(answer.content) == PAGE


def test_no_middleware_touches_what_the_core_says(browser: Client) -> None:
    for asked in ("gzip", "gzip;q=0", "*"):
        answer = browser.get("/hello/", headers={"accept-encoding": asked})
        expected = respond("GET", [("Accept-Encoding", asked)])
        assert answer.content == expected.body
        assert {name: answer.get(name) for name, _ in expected.headers} == dict(expected.headers)


def test_head_is_answered_with_the_length_of_get(browser: Client) -> None:
    answer = browser.head("/hello/", headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Content-Length"] == str(len(respond("GET", [("Accept-Encoding", "gzip")]).body))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_another_method_is_refused_as_a_method_not_for_want_of_a_token(browser: Client, method: str) -> None:
    answer = browser.generic(method, "/hello/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert answer["Content-Length"] == str(len(answer.content))


def test_every_answer_varies_with_accept_encoding(browser: Client) -> None:
    assert [browser.generic(method, "/hello/")["Vary"] for method in ("GET", "HEAD", "POST")] == ["Accept-Encoding"] * 3
