"""Bodies out of chunks and out of gzip, never more than was asked for."""

import gzip
import zlib

import pytest

from layersviz.core.header import Field, Header
from layersviz.core.http_body import decode_body
from layersviz.core.layer import Layer


def head(**lines):
    fields = tuple(
        Field(name=f"http.{name}", label=name, text=text, bit_offset=0, bit_length=8) for name, text in lines.items()
    )
    return Header(layer=Layer.APPLICATION, protocol="HTTP", octet_offset=0, octet_length=0, fields=fields)


GZIPPED = gzip.compress(b"Hello World" * 9, mtime=0)
CHUNKED = head(transfer_encoding="chunked")
ZIPPED = head(content_encoding="gzip")


def test_a_body_without_coding_is_as_it_came():
    body = decode_body(head(), b"plain")
    assert (body.plain, body.problem) == (b"plain", "")


def test_chunks_are_put_together():
    body = decode_body(CHUNKED, b"5\r\nHello\r\n6;x=1\r\n World\r\n0\r\n\r\n")
    assert (body.plain, body.problem) == (b"Hello World", "")


def test_gzip_inside_chunks_is_unpacked_after_them():
    chunks = f"{len(GZIPPED):x}\r\n".encode() + GZIPPED + b"\r\n0\r\n\r\n"
    body = decode_body(head(transfer_encoding="chunked", content_encoding="gzip"), chunks)
    assert (body.plain, body.problem) == (b"Hello World" * 9, "")


@pytest.mark.parametrize("packed", [zlib.compress(b"Hello"), zlib.compress(b"Hello")[2:-4]])
def test_deflate_is_read_with_and_without_its_frame(packed):
    assert decode_body(head(content_encoding="deflate"), packed).plain == b"Hello"


@pytest.mark.parametrize(
    ("message_head", "carried", "plain", "word"),
    [
        (CHUNKED, b"5\r\nHel", b"Hel", "ends inside a chunk"),
        (CHUNKED, b"5\r\nHello\r\n", b"Hello", "last chunk is missing"),
        (CHUNKED, b"xyz\r\n", b"", "can't be read"),
        (ZIPPED, GZIPPED[:-9], b"Hello World", "not whole"),
        (ZIPPED, b"no gzip at all", b"", "damaged"),
        (head(content_encoding="br"), b"abc", b"abc", "br is not known"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_what_could_be_read_is_kept(message_head, carried, plain, word):
    body = decode_body(message_head, carried)
    assert body.plain.startswith(plain)
    assert word in body.problem
    assert body.problem.endswith(".")


def test_a_bomb_gives_no_more_than_was_asked_for():
    bomb = gzip.compress(bytes(50_000_000))
    body = decode_body(ZIPPED, bomb, most_octets=1000)
    assert len(body.plain) == 1000
    assert "Only the first 1000" in body.problem
