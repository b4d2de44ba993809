"""System checks of `manage.py check`: what an installation lacks, with a hint.

Bad settings need none: they are refused when they are read.
"""

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core import checks

from layersviz.capture.lab_lines import write_settings
from layersviz.capture.live_source import live_command
from layersviz.core.host import Hosts

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 10
LAB = (sys.executable, "-m", "layersviz.lab")


class LabCheck:
    """layersviz.W001 where the lab is wanted and not to be had; layersviz.E001 where it does not even answer.

    It asks the child itself: only making the hosts tells whether the kernel allows it.
    """

    def __init__(self, hosts: Hosts, *, wanted: bool, command: Sequence[str] = LAB) -> None:
        self._wanted = wanted
        self._command = [*command, write_settings(hosts, wire_delay_ms=0)]

    def __call__(self, app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
        if not self._wanted:
            return []
        line = first_line(self._command)
        match line.get("kind"):
            case "ready":
                return []
            case "impossible":
                said = f"Handshakes are simulated. {line['sentence']}"
                return [checks.Warning(said, hint=line["remedy"], id="layersviz.W001")]
        return [
            checks.Error("The lab's child process does not answer.", hint=by_hand(self._command), id="layersviz.E001")
        ]


class LiveCheck:
    """layersviz.W002 where visitors are to be shown and can't be; layersviz.E002 where the child does not even answer.

    It asks the capturing child itself: only opening the socket tells whether it has the right to. `interface` is empty
    where none is asked for.
    """

    def __init__(self, interface: str, port: int, addresses: Sequence[str], python: str) -> None:
        self._interface = interface
        self._command = live_command(python, interface, port, addresses)

    def __call__(self, app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
        if not self._interface:
            return []
        line = first_line(self._command)
        match line.get("kind"):
            case "ready":
                return []
            case "impossible" | "down":
                said = f"Visitors are not shown. {line['sentence']}"
                return [checks.Warning(said, hint=line["remedy"], id="layersviz.W002")]
        hint = by_hand(self._command)
        return [checks.Error("The capturing child process does not answer.", hint=hint, id="layersviz.E002")]


def first_line(command: Sequence[str]) -> dict[str, str]:
    """What a child says first; it ends because there is nothing on its standard input."""
    try:
        child = subprocess.run(
            command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        line = json.loads(child.stdout.partition(b"\n")[0])
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return {}
    return line if isinstance(line, dict) else {}


def by_hand(command: Sequence[str]) -> str:
    return f"Run it by hand to see why: {shlex.join(command)} < /dev/null"
