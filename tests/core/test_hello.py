"""The Hello World answer, by what a client may ask."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layersviz.core.hello import PAGE, Answer, respond


def header(answer: Answer, name: str) -> str | None:
    values = [value for key, value in answer.headers if key == name]
    assert len(values) <= 1
    return values[0] if values else None


def ask(*accept_encoding: str, method: str = "GET") -> Answer:
    return respond(method, [("Accept-Encoding", value) for value in accept_encoding])


def is_zipped(answer: Answer) -> bool:
    return header(answer, "Content-Encoding") == "gzip" and gzip.decompress(answer.body) == PAGE


def is_plain(answer: Answer) -> bool:
    return header(answer, "Content-Encoding") is None and answer.body == PAGE


def test_the_page_is_the_lessons_34_octets() -> None:
    answer = respond("GET", [])
    assert answer.body == b"<HTML><h1>Hello World!</h1></HTML>"
    assert (answer.status, answer.reason) == (200, "OK")
    assert header(answer, "Content-Length") == "34"
    assert header(answer, "Content-Type") == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "accepted",
    [
        ["gzip"],
        ["GZip"],
        ["x-gzip"],
        ["X-GZIP;q=0.3"],
        ["gzip, deflate, br, zstd"],
        ["deflate,gzip"],
        ["br;q=1.0, gzip;q=0.8, *;q=0.1"],
        ["gzip;q=0.001"],
        ["gzip;q=1.000"],
        ["gzip;q=1."],
        ["gzip;Q=0.5"],
        ["gzip \t; \tq=0.5"],
        [", ,gzip,,"],
        ["deflate", "gzip"],
        ["*"],
        ["*;q=0.1"],
        ["identity;q=0, *"],
        ["identity;q=0, gzip;q=0.1"],
        ["gzip;q=0.5, *;q=0"],
    ],
)
def test_gzip_is_sent_where_it_is_accepted(accepted: list[str]) -> None:
    assert is_zipped(ask(*accepted))


@pytest.mark.parametrize(
    "accepted",
    [
        [""],
        ["br, deflate"],
        ["identity"],
        ["gzip;q=0"],
        ["gzip;q=0.000"],
        ["x-gzip;q=0"],
        ["gzip;q=0, *"],
        ["*, gzip;q=0"],
        ["*", "gzip;q=0"],
        ["*;q=0"],
        ["gzipped"],
        ["xgzip"],
        ["not-gzip"],
    ],
)
def test_plain_is_sent_where_gzip_is_not_accepted(accepted: list[str]) -> None:
    assert is_plain(ask(*accepted))


def test_plain_is_sent_to_a_client_that_does_not_say_what_it_accepts() -> None:
    assert is_plain(respond("GET", [("Accept", "gzip"), ("TE", "gzip")]))


@pytest.mark.parametrize("accepted", ["gzip;q=0.5, identity", "identity;q=0.6, gzip;q=0.5", "gzip;q=0.5, *;q=0.9"])
def test_the_higher_weight_is_preferred(accepted: str) -> None:
    assert is_plain(ask(accepted))


@pytest.mark.parametrize("accepted", ["gzip, identity", "identity;q=0.5, gzip;q=0.5", "identity;q=0.5, *"])
def test_gzip_is_preferred_at_equal_weights_and_above(accepted: str) -> None:
    assert is_zipped(ask(accepted))


@pytest.mark.parametrize("accepted", ["identity;q=0, gzip;q=0", "*;q=0", "identity;q=0", "identity;q=0, br"])
def test_a_client_that_refuses_both_is_sent_plain(accepted: str) -> None:
    assert is_plain(ask(accepted))


@pytest.mark.parametrize(
    "element",
    [
        "gzip;q=high",
        "gzip;q=2",
        "gzip;q=1.001",
        "gzip;q=0.1234",
        "gzip;q=-0.5",
        "gzip;q=.5",
        "gzip;q=",
        "gzip;q =0.5",
        "gzip;q= 0.5",
        "gzip;",
        "gzip;level=5",
        "gzip;q=0.5;q=0.5",
        "gzip deflate",
        '"gzip"',
        "gzip;q=\N{ARABIC-INDIC DIGIT ONE}",
        "gz\u0131p",
    ],
)
def test_a_malformed_element_is_ignored_and_the_rest_counts(element: str) -> None:
    assert is_plain(ask(element))
    assert is_zipped(ask(f"{element}, x-gzip"))


def test_of_a_coding_named_twice_the_lower_weight_counts() -> None:
    assert is_plain(ask("gzip, gzip;q=0"))
    assert is_plain(ask("gzip;q=0, gzip"))
    assert is_plain(ask("gzip;q=0, x-gzip"))


def test_the_header_is_found_in_any_case() -> None:
    assert is_zipped(respond("GET", [("accept-ENCODING", "gzip")]))


def test_the_zipped_page_is_the_same_octets_each_time_and_longer_than_the_plain_one() -> None:
    body = ask("gzip").body
    assert body == ask("*").body
    assert len(body) == 49 > len(PAGE)
    assert body[:4] == b"\x1f\x8b\x08\x00"  # gzip, deflate, no flags: no file name
    assert body[4:8] == bytes(4)  # no time
    assert body[9] == 255  # no operating system
    assert body[10:-8] == zlib.compress(PAGE, level=5, wbits=-15)


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_head_is_answered_with_the_headers_of_get_and_no_body(accepted: str) -> None:
    head, get = ask(accepted, method="HEAD"), ask(accepted)
    assert (head.status, head.headers) == (get.status, get.headers)
    assert head.body == b""
    assert head.to_http1().endswith(b"\r\n\r\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", ""])
def test_other_methods_are_refused_and_told_which_are_allowed(method: str) -> None:
    answer = ask("gzip", method=method)
    assert (answer.status, answer.reason) == (405, "Method Not Allowed")
    assert header(answer, "Allow") == "GET, HEAD"
    assert header(answer, "Content-Length") == str(len(answer.body))
    assert b"GET and HEAD" in answer.body


def test_an_answer_is_written_as_http_1_1_without_a_date() -> None:
    assert respond("GET", []).to_http1() == (
        b"HTTP/1.1 200 OK\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n"
        b"Content-Length: 34\r\n"
        b"Vary: Accept-Encoding\r\n"
        b"Connection: close\r\n"
        b"\r\n"
        b"<HTML><h1>Hello World!</h1></HTML>"
    )
    assert b"\r\nConnection: keep-alive\r\n" in respond("GET", []).to_http1("keep-alive")


ELEMENT = st.builds(
    str.__add__, st.sampled_from(["gzip", "x-gzip", "identity", "*", "br", ""]), st.from_regex(r"(;q=[01.]{0,5})?")
)


@given(st.lists(st.one_of(st.text(), st.lists(ELEMENT).map(",".join))), st.sampled_from(["GET", "HEAD", "POST"]))
def test_any_accept_encoding_gets_an_answer_that_agrees_with_itself(accepted: list[str], method: str) -> None:
    answer = ask(*accepted, method=method)
    content = ask(*accepted).body if method == "HEAD" else answer.body
    assert header(answer, "Content-Length") == str(len(content))
    assert header(answer, "Vary") == "Accept-Encoding"
    if method != "POST":
        assert (gzip.decompress(content) if header(answer, "Content-Encoding") else content) == PAGE
