"""The whole of it: the real server in a namespace of its own, a real visitor, and the stage that everyone sees."""

import asyncio
import base64
import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.live.house import SERVER_IP, VISITOR_IP, VISITOR_MAC
from tests.live.visit import PORT, House, house
from tests.web.live import WebSocketClient

pytestmark = pytest.mark.lab

PAGE_PORT = 8000


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    with house() as built:
        yield built


@dataclass(frozen=True, kw_only=True)
class Presenter:
    """Of the server's own class: its code, and the cookie of the browser that opened the presenter's link."""

    code: str
    cookie: str


@pytest.fixture(scope="module")
def server(home: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Presenter]:
    """Once it waits for visitors."""
    settings = {
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "HOST": "0.0.0.0",
        "PORT": str(PAGE_PORT),
        "LAB": "off",
        "LIVE_INTERFACE": "eth0",
        "LIVE_PORT": str(PORT),
    }
    # A server doesn't end with its standard input, so one that does starts it.
    starter = (
        "import subprocess, sys\n"
        "with subprocess.Popen([sys.executable, 'manage.py', 'serve'], stderr=subprocess.STDOUT) as server:\n"
        "    sys.stdin.read()\n"
        "    server.kill()\n"
    )
    with home.running([sys.executable, "-c", starter], **settings) as program:
        lines = [program.text()]
        while not lines[-1].startswith("Visitors"):
            lines.append(program.text())
        assert lines[-1] == f"Visitors    http://{SERVER_IP}:{PORT}/hello/"
        yield presenter(home, next(line for line in lines if line.startswith("Presenter")))


def presenter(home: House, line: str) -> Presenter:
    path = "/present/" + line.partition("/present/")[2]
    answer = get(home, path, PAGE_PORT).decode()
    cookie = re.search(r"sessionid=\w+", answer)
    assert cookie is not None, answer
    return Presenter(code=path[9:15], cookie=cookie[0])


def get(home: House, path: str, port: int, cookie: str = "") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: {SERVER_IP}:{port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    with home.visitor(port) as visitor:
        visitor.sendall(head.encode())
        return b"".join(iter(lambda: visitor.recv(65_536), b""))


@asynccontextmanager
async def watching(home: House, code: str) -> AsyncIterator[WebSocketClient]:
    """The projector's websocket, from inside the server's namespace."""
    line = home.open_socket("server")
    line.connect(("127.0.0.1", PAGE_PORT))
    reader, writer = await asyncio.open_connection(sock=line)
    host, key = f"127.0.0.1:{PAGE_PORT}", base64.b64encode(secrets.token_bytes(16)).decode()
    writer.write(
        f"GET /ws/show/{code}/ HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: http://{host}\r\n\r\n".encode()
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
    yield WebSocketClient(reader, writer)
    writer.close()
    await writer.wait_closed()


async def run_of(viewer: WebSocketClient) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The next run that comes onto the stage, and its journeys."""
    opened = await viewer.read_until("run_opened")
    journeys = []
    while (message := await viewer.read()) is not None and message["kind"] != "run_closed":
        journeys.extend([message["journey"]] if message["kind"] == "frame_added" else [])
    return opened["run"], journeys


async def test_a_visitors_handshake_comes_onto_the_stage_with_address_and_mac(home: House, server: Presenter) -> None:
    async with asyncio.timeout(60), watching(home, server.code) as viewer:
        snapshot = await viewer.read_until("snapshot")
        answer = await asyncio.to_thread(get, home, "/hello/", PORT)
        run, journeys = await run_of(viewer)
        kept = await viewer.read_until("run_kept")
    assert snapshot["lab"]["live"]["address"] == f"http://{SERVER_IP}:{PORT}/hello/"
    assert answer.endswith(b"<HTML><h1>Hello World!</h1></HTML>")
    client = run["hosts"]["client"]
    assert (run["source"], client["ip"], client["mac"]) == ("live", VISITOR_IP, VISITOR_MAC)
    assert [journey["name"] for journey in journeys[:3]] == ["SYN", "SYN/ACK", "ACK"]
    assert any("GET /hello/" in bytes.fromhex(journey["octets"]).decode("latin-1") for journey in journeys)
    assert str(kept["recording"]) in await asyncio.to_thread(recordings, home, server.cookie)


async def test_the_pages_own_traffic_is_not_captured_and_pages_are_not_on_the_visitors_port(
    home: House, server: Presenter
) -> None:
    before = await asyncio.to_thread(recordings, home, server.cookie)
    for path in ("/", f"/show/{server.code}/", "/recordings/", "/hello/"):
        assert (await asyncio.to_thread(get, home, path, PAGE_PORT)).startswith(b"HTTP/1.1 200")
    assert await asyncio.to_thread(recordings, home, server.cookie) == before
    for path in (f"/show/{server.code}/", "/recordings/", "/static/css/main.css", f"/ws/show/{server.code}/"):
        assert (await asyncio.to_thread(get, home, path, PORT)).startswith(b"HTTP/1.1 404")


def recordings(home: House, cookie: str) -> set[str]:
    """The numbers that the presenter's list has a link to."""
    return set(re.findall(r"/recordings/(\d+)/", get(home, "/recordings/", PAGE_PORT, cookie).decode()))
