"""A child process that is kept alive: its lines are handed on, and when it dies it is started again.

Knows nothing of what the lines mean.
"""

import asyncio
import logging
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

from layersviz.core import measures

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
PAUSES_S = (0.0, 0.25, 0.5, 1.0, 1.5, 5.0)
"""Before each new start after a death; the last one before all further ones."""
LONG_LIFE_S = 10.0
"""A child that lived so long was well: the pauses begin anew."""
FAREWELL_S = 1.0
_LONGEST_LINE = 1_048_576


class Owner(Protocol):
    """Who hears of a child."""

    def hear(self, line: bytes) -> None:
        """One whole line. A ValueError or msgspec.DecodeError means that the child is not ours: it is ended."""

    def bury(self) -> None:
        """The child is gone, or could not be started."""

    def wants_another(self) -> bool:
        """Asked after a death that was not our doing."""


class Child:
    """One process after the other with the same command; `name` is what the log calls it."""

    def __init__(self, name: str, command: Sequence[str], owner: Owner) -> None:
        self._name = name
        self._command = tuple(command)
        self._owner = owner
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """None while there is none."""
        return self._process.pid if self._process is not None else None

    async def say(self, line: bytes) -> None:
        """Write to its standard input. Where it has died its owner is told so by `bury`."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(ConnectionError):
                self._process.stdin.write(line)
                await self._process.stdin.drain()

    async def keep_alive(self) -> None:
        """Until its owner wants no other, or this is cancelled: then the child is ended."""
        clock = asyncio.get_running_loop().time
        quick_deaths = 0
        while True:
            born_at = clock()
            try:
                await self._live_once()
            finally:
                self._owner.bury()
            if not self._owner.wants_another():
                return
            measures.child_deaths.add(of=self._name)
            if clock() - born_at > LONG_LIFE_S:
                quick_deaths = 0
            await asyncio.sleep(PAUSES_S[min(quick_deaths, len(PAUSES_S) - 1)])
            quick_deaths += 1

    async def _live_once(self) -> None:
        """One process from its start to its death."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                cwd=PROJECT,
                start_new_session=True,  # or the operator's Ctrl-C would reach it before us
                limit=_LONGEST_LINE,
            )
        except OSError:
            logger.exception("The child process of %s could not be started", self._name)
            return
        self._process = process
        measures.child_starts.add(of=self._name)
        try:
            async with asyncio.TaskGroup() as listeners:
                listeners.create_task(self._log_errors(process))
                listeners.create_task(self._listen(process))
        finally:
            await _end(process)
            self._process = None

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                if line.endswith(b"\n"):  # else its end was lost with the child
                    self._owner.hear(line)
        except (msgspec.DecodeError, ValueError):
            logger.exception("The child process of %s said what nobody understands; it is ended", self._name)
            process.kill()

    async def _log_errors(self, process: Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            logger.error("%s: %s", self._name, line.decode(errors="replace").rstrip())


async def _end(process: Process) -> None:
    """Close its standard input, which ends it; kill it where it does not listen."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), FAREWELL_S)
    except TimeoutError:
        process.kill()
        await process.wait()
