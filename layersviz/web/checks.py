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
        line = self._first_line()
        match line.get("kind"):
            case "ready":
                return []
            case "impossible":
                said = f"Handshakes are simulated. {line['sentence']}"
                return [checks.Warning(said, hint=line["remedy"], id="layersviz.W001")]
        hint = f"Run it by hand to see why: {shlex.join(self._command)} < /dev/null"
        return [checks.Error("The lab's child process does not answer.", hint=hint, id="layersviz.E001")]

    def _first_line(self) -> dict[str, str]:
        """What the child says first; it ends because there is nothing on its standard input."""
        try:
            child = subprocess.run(
                self._command,
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
