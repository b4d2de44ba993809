"""The port for visitors: Hello World, and nothing else whatever is asked."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from layersviz.core.hello import PAGE
from layersviz.web import hello_port
from layersviz.web.hello_port import HelloPort


@pytest.fixture
async def port() -> AsyncIterator[int]:
    hello = HelloPort()
    await hello.listen(["127.0.0.1"], 0)
    (server,) = hello.servers.values()
    yield server.sockets[0].getsockname()[1]
    server.close()


async def ask(port: int, *pieces: bytes) -> bytes:
    """All that comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        return await asyncio.wait_for(reader.read(), 60)
    finally:
        writer.close()


@pytest.mark.parametrize("target", ["/hello/", "/hello", "/", "/hello/?from=me", "http://10.0.0.1:8080/hello/"])
async def test_hello_world_is_answered_and_the_connection_closed(port: int, target: str) -> None:
    answer = await ask(port, f"GET {target} HTTP/1.1\r\nHost: 10.0.0.1:8080\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.endswith(PAGE)


@pytest.mark.parametrize(
    "target",
    [
        "/show/",
        "/recordings/",
        "/static/css/main.css",
        "/favicon.ico",
        "/hello/../show/",
        "//show/",
        "/hello/%2e%2e/show/",
        "*",
        "http://[",
    ],
)
async def test_no_other_page_is_on_this_port(port: int, target: str) -> None:
    answer = await ask(port, f"GET {target} HTTP/1.1\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 Not Found\r\n")


async def test_a_websocket_is_not_opened(port: int) -> None:
    upgrade = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: aaaa\r\n\r\n"
    )
    for path in (b"/ws/present/", b"/hello/"):
        answer = await ask(port, b"GET " + path + b" HTTP/1.1\r\n" + upgrade)
        assert not answer.startswith(b"HTTP/1.1 101")


async def test_head_has_no_body_and_other_methods_are_refused(port: int) -> None:
    assert (await ask(port, b"HEAD / HTTP/1.1\r\n\r\n")).endswith(b"\r\n\r\n")
    assert (await ask(port, b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")).startswith(b"HTTP/1.1 405 ")


async def test_a_browser_that_unzips_gets_gzip(port: int) -> None:
    assert b"Content-Encoding: gzip" in await ask(port, b"GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n")


async def test_a_request_typed_by_hand_in_pieces_is_understood(port: int) -> None:
    assert (await ask(port, b"GE", b"T / HTTP/1.0\n", b"\n")).endswith(PAGE)


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\n\n", b"GET /\r\n\r\n", b"x" * 20_000, b"a: b\r\n" * 5_000])
async def test_nonsense_is_refused(port: int, nonsense: bytes) -> None:
    assert (await ask(port, nonsense)).startswith(b"HTTP/1.1 400 ")


async def test_who_says_nothing_is_let_go(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hello_port, "PATIENCE_S", 0.05)
    assert await ask(port) == b""


async def test_more_visitors_than_there_is_room_for_are_turned_away(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hello_port, "MOST_AT_ONCE", 1)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await ask(port) == b""
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()


async def test_a_port_that_is_in_use_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await HelloPort().listen(["127.0.0.1"], taken.getsockname()[1])
