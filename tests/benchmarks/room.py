"""One room's addresses, and the processes that a benchmark of viewers needs: its server, and a crowd of listeners."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.listeners import Report
from tests.benchmarks.process import cpu_s
from tests.web.live import PROJECT, WebSocketClient, free_port, websocket

PRESENT_PAGE, SHOW_PAGE = "/present/{code}/", "/show/{code}/"
JOIN, PRESENT = "/ws/join/{code}/", "/ws/present/{code}/"
PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Talker:
    """A child that answers each line with a line."""

    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid

    async def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        return await self.read()

    async def read(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("The process has ended before it answered.")
        return line.decode()


@dataclass(frozen=True, slots=True)
class SpeakingServer(Talker):
    """See `speaking.py`."""

    port: int
    code: str

    async def say(self, *, messages: int, every_ms: int, octets: int, idle: float = 0.0) -> float:
        """Seconds of its processor time from the first message until a second after the last, without what it needs
        anyway: `idle` in a second."""
        before, began = cpu_s(self.pid), time.monotonic()
        await self.ask(json.dumps({"messages": messages, "every_ms": every_ms, "octets": octets}))
        await asyncio.sleep(1)
        spent_s, lasted_s = cpu_s(self.pid) - before, time.monotonic() - began
        return spent_s - lasted_s * idle

    async def rest(self, seconds: float) -> float:
        """Its processor time in a second when nothing is said."""
        before = cpu_s(self.pid)
        await asyncio.sleep(seconds)
        return (cpu_s(self.pid) - before) / seconds


@dataclass(frozen=True, slots=True)
class Listeners(Talker):
    """See `listeners.py`."""

    async def report(self) -> Report:
        report: Report = json.loads(await self.ask("report"))
        return report


@asynccontextmanager
async def talker(*command: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python module as a child; it is ended in the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command),
        cwd=PROJECT,
        env={**os.environ, "PYTHONWARNINGS": "ignore", **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**28,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def speaking_server(kind: str) -> AsyncIterator[SpeakingServer]:
    """`kind` is daphne, uvicorn or plain."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        async with talker("tests.benchmarks.speaking", kind, str(port), VAR_DIR=var) as process:
            ready, code = (await Talker(process).read()).split()
            assert ready == "ready"
            yield SpeakingServer(process, port, code)


@asynccontextmanager
async def listeners(port: int, code: str, count: int, *, acknowledging: bool = True) -> AsyncIterator[Listeners]:
    """Students, once all of them are connected."""
    how = ("acknowledging",) if acknowledging else ()
    async with talker("tests.benchmarks.listeners", str(port), JOIN.format(code=code), str(count), *how) as process:
        crowd = Listeners(process)
        first: Report = json.loads(await crowd.read())
        assert first["connected"] == count, f"{first['connected']} of {count} are connected"
        yield crowd


@dataclass(slots=True)
class Presenter:
    """A presenter's socket that hears and acknowledges all. `heard` gives when (ns, monotonic) each kind came first
    since `forget`."""

    socket: WebSocketClient
    heard: dict[str, int] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def press(self, kind: str, **rest: Any) -> None:
        await self.socket.send(kind=kind, **rest)

    async def until(self, kind: str) -> int:
        """When the first message of that kind came since `forget`."""
        while kind not in self.heard:
            self.news.clear()
            await self.news.wait()
        return self.heard[kind]

    def forget(self) -> None:
        self.heard.clear()

    async def listen(self) -> None:
        while (message := await self.socket.read()) is not None:
            self.heard.setdefault(message["kind"], time.monotonic_ns())
            if "seq" in message:
                await self.socket.send(kind="acknowledge", seq=message["seq"])
            if message["kind"] in ("lab_moved", "snapshot"):
                self.heard.setdefault(f"lab {message['lab']['state']}", time.monotonic_ns())
            self.news.set()


@asynccontextmanager
async def presenter(host: str, code: str, cookie: str) -> AsyncIterator[Presenter]:
    async with websocket(host, PRESENT.format(code=code), cookie=cookie) as socket:
        presenter = Presenter(socket)
        listening = asyncio.create_task(presenter.listen())
        try:
            yield presenter
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
