"""Probes as ASGI, as a port of their own, and what systemd is told."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from layersviz.web.probe_port import ProbePort
from layersviz.web.probes import Answer, Probe, Probes
from layersviz.web.service_notice import keep_telling


async def say_fine() -> Answer:
    return Answer(body=b"fine\n")


PROBES = {"/healthz": Probe(answer=say_fine), "/metrics": Probe(answer=say_fine, is_open=False)}


async def ask(path: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body; 599 is the application behind the probes."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 599, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    await Probes(PROBES, behind)({"path": path, "method": method, "headers": pairs}, None, send)
    return sent[0]["status"], sent[1]["body"]


async def test_a_probe_is_answered_before_django_whatever_host_is_asked() -> None:
    assert await ask("/healthz", headers={"host": "10.1.2.3:8000"}) == (200, b"fine\n")


async def test_a_head_has_no_body() -> None:
    assert await ask("/healthz", "HEAD") == (200, b"")


@pytest.mark.parametrize(("path", "method"), [("/healthz", "POST"), ("/healthz/", "GET"), ("/", "GET")])
async def test_all_else_is_django_s(path: str, method: str) -> None:
    assert (await ask(path, method))[0] == 599


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-forwarded-proto", "forwarded"])
async def test_metrics_are_not_there_for_one_who_comes_by_a_proxy(header: str) -> None:
    assert await ask("/metrics") == (200, b"fine\n")
    assert (await ask("/metrics", headers={header: "203.0.113.9"}))[0] == 599


async def converse(request: bytes) -> bytes:
    server = await ProbePort(PROBES).listen("127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(request)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /healthz HTTP/1.1", b"200 OK"),
        (b"GET /metrics?x=1 HTTP/1.1", b"200 OK"),
        (b"GET / HTTP/1.1", b"404 Not Found"),
        (b"POST /healthz HTTP/1.1", b"405 Method Not Allowed"),
        (b"nonsense", b"405 Method Not Allowed"),
    ],
)
async def test_a_worker_s_port_answers_as_http_does(request_line: bytes, status: bytes) -> None:
    head, _, body = (await converse(request_line + b"\r\nHost: x\r\n\r\n")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"content-length: %d\r\n" % len(body) in head + b"\r\n"


async def test_a_head_without_end_is_not_kept() -> None:
    assert await converse(b"GET /" + b"x" * 100_000) == b""


async def test_systemd_hears_that_the_service_is_up_that_it_lives_and_that_it_ends(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        telling = asyncio.create_task(keep_telling(str(tmp_path / "notify"), 20_000))
        heard = [await asyncio.get_running_loop().sock_recv(systemd, 100) for _ in range(4)]
        telling.cancel()
        await asyncio.wait([telling])
        while heard[-1] != b"STOPPING=1":
            heard.append(await asyncio.get_running_loop().sock_recv(systemd, 100))
    assert heard[:4] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1", b"WATCHDOG=1"]


async def test_without_systemd_nothing_is_told() -> None:
    await asyncio.wait_for(keep_telling("", 20_000), 60)


async def test_a_systemd_that_has_gone_does_no_harm(tmp_path: Path) -> None:
    telling = asyncio.create_task(keep_telling(str(tmp_path / "nobody"), 20_000))
    done, _ = await asyncio.wait([telling], timeout=0.05)
    assert not done
    telling.cancel()
    await asyncio.wait([telling])
    assert telling.cancelled()
