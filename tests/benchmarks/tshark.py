"""`tshark -l` on the lab's own wire, and when it printed each frame."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.lab_process import lab_of
from tests.web.live import LiveServer

START_S = 1.5
"""tshark says that it captures before it does."""


@dataclass(slots=True, kw_only=True)
class Tshark:
    """Captures on one end of the wire inside the lab's namespaces; the same user may enter them."""

    lab: int
    wire: Path
    _process: asyncio.subprocess.Process | None = None
    _reading: asyncio.Task[None] | None = None
    _printed: list[tuple[int, float]] = field(default_factory=list)

    @classmethod
    def beside(cls, server: LiveServer) -> "Tshark":
        lab = lab_of(server)
        return cls(lab=lab, wire=_wire_namespace(lab))

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *("nsenter", f"--user=/proc/{self.lab}/ns/user", f"--net={self.wire}", "--preserve-credentials"),
            *(
                "tshark",
                "-l",
                "-n",
                "-i",
                "client",
                "-i",
                "server",
                "-T",
                "fields",
                "-e",
                "frame.time_epoch",
                "-e",
                "_ws.col.Info",
            ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._reading = asyncio.create_task(self._read())
        await asyncio.sleep(START_S)

    async def stop(self) -> list[tuple[int, float]]:
        """Each frame's time in nanoseconds since 1970, and the milliseconds from then to its line."""
        if self._process is None or self._reading is None:
            return []
        await asyncio.sleep(START_S)  # what it still holds back
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()
        await self._reading
        return self._printed

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            now_ns = time.time_ns()
            seconds, _, fraction = line.split(b"\t")[0].decode().partition(".")
            time_ns = int(seconds) * 10**9 + int(fraction.strip().ljust(9, "0"))
            self._printed.append((time_ns, (now_ns - time_ns) / 1e6))


def _wire_namespace(lab: int) -> Path:
    """The lab holds its namespaces open; the wire's is the one in which it reads frames."""
    held = [link for link in Path(f"/proc/{lab}/fd").iterdir() if str(link.readlink()).startswith("net:[")]
    return held[0]
