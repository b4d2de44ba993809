"""The lab's child process as a test drives it: orders in, reports out, each read with a deadline."""

import json
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "client": {"ip": "10.0.0.3", "mac": "bc:35:db:cf:1b:03", "port": 35310},
    "server": {"ip": "10.0.0.2", "mac": "bc:f2:b8:57:86:02", "port": 80},
    "wire_delay_ms": 0,
}
PYTHON_LAB = (sys.executable, "-m", "layersviz.lab")
PATIENCE_S = 60.0

Report = dict[str, Any]


class LabChild:
    """A context manager; leaving it closes the child's standard input and waits for its end."""

    def __init__(self, *before: str, settings: Report = SETTINGS, program: tuple[str, ...] = PYTHON_LAB) -> None:
        self.process = subprocess.Popen(
            [*before, *program, json.dumps(settings)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        if self.process.poll() is None and kind is not None:
            self.process.kill()
        self.process.wait(PATIENCE_S)

    def say(self, line: str) -> None:
        self.process.stdin.write(line.encode() + b"\n")

    def order(self, run: int, *, cold: bool = False, scene: str = "handshake", **more: object) -> None:
        """`more` is the rest of an order: faults, delays, port, timers."""
        self.say(json.dumps({"kind": "run", "run": run, "cold": cold, "scene": scene, **more}))

    def let_go(self, run: int, held: int = 0) -> None:
        self.say(json.dumps({"kind": "let_go", "run": run, "held": held}))

    def report(self) -> Report:
        """The next report; AssertionError where the child says no more."""
        deadline = time.monotonic() + PATIENCE_S
        while b"\n" not in self._rest:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            assert readable, "the lab said nothing for too long"
            octets = self.process.stdout.read(65_536)
            assert octets, f"the lab ended: {self.process.stderr.read().decode()}"
            self._rest += octets
        line, self._rest = self._rest.split(b"\n", 1)
        return json.loads(line)

    def reports_until(self, kind: str) -> list[Report]:
        reports = [self.report()]
        while reports[-1]["kind"] != kind:
            reports.append(self.report())
        return reports

    def play(self, run: int, *, cold: bool = False, scene: str = "handshake", **more: object) -> list[Report]:
        """One whole run, from run_started to run_ended; what is held is let go at once."""
        self.order(run, cold=cold, scene=scene, **more)
        reports = [self.report()]
        while reports[-1]["kind"] not in ("run_ended", "refused"):
            if reports[-1]["kind"] == "held" and reports[-1]["held"]:
                self.let_go(run)
            reports.append(self.report())
        return reports


def skip_unless_ready(report: Report) -> None:
    if report["kind"] == "impossible":
        pytest.skip(f"{report['sentence']} {report['remedy']}")
    assert report["kind"] == "ready"
