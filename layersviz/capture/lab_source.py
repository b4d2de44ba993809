"""The lab as a source of frames: starts its child process, watches it, and starts it again when it dies.

Knows nothing of namespaces and packet sockets: only of the JSON lines that cross the child's standard streams.
"""

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgspec

from layersviz.capture import lab_lines, source
from layersviz.capture.events import LabState
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
LAB = (sys.executable, "-m", "layersviz.lab")
PAUSES_S = (0.0, 0.25, 0.5, 1.0, 1.5, 5.0)
"""Before each new start after a death; the last one before all further ones."""
LONG_LIFE_S = 10.0
"""A child that lived so long was well: the pauses begin anew."""
FAREWELL_S = 1.0
_LONGEST_LINE = 1_048_576


class LabSource:
    """A FrameSource. `command` starts the child, which is given its settings as one more argument.

    `wire_delay_ms` is how long a frame is on the lab's wire.
    """

    def __init__(self, hosts: Hosts, *, wire_delay_ms: float = 0.0, command: Sequence[str] = LAB) -> None:
        self._hosts = hosts
        self._command = (*command, lab_lines.write_settings(hosts, wire_delay_ms))
        self._stream = source.EventStream()
        self._keeper: asyncio.Task[None] | None = None
        self._child: Process | None = None
        self._is_ready = False
        self._kernel = ""
        self._is_impossible = False
        self._ordered: set[int] = set()  # what the child has not answered yet
        self._run: int | None = None
        self._frames = 0

    @property
    def child_pid(self) -> int | None:
        """None while there is no child."""
        return self._child.pid if self._child is not None else None

    async def open(self) -> None:
        self._keeper = asyncio.create_task(self._keep_alive(), name="lab")

    def events(self) -> AsyncGenerator[source.SourceEvent]:
        return self._stream.read()

    async def start_run(self, run: int, *, cold: bool) -> None:
        """Order one run; the answer comes as an event."""
        if self._child is None or self._child.stdin is None or not self._is_ready:
            self._refuse(run, "The lab is not ready yet; try again in a moment.")
            return
        self._ordered.add(run)
        with suppress(ConnectionError):  # the child has died, and `_bury` will say so
            self._child.stdin.write(lab_lines.write_order(run, cold=cold))
            await self._child.stdin.drain()

    async def close(self) -> None:
        """End the child, and wait until it is gone."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        self._stream.end()

    async def _keep_alive(self) -> None:
        """One child after the other, until the lab turns out to be impossible here."""
        clock = asyncio.get_running_loop().time
        quick_deaths = 0
        self._tell_status(LabState.STARTING, "The lab is starting.")
        while True:
            born_at = clock()
            await self._live_once()
            if self._is_impossible:
                self._stream.end()
                return
            if clock() - born_at > LONG_LIFE_S:
                quick_deaths = 0
            self._tell_status(LabState.DOWN, "The lab has stopped; it is being started again.")
            await asyncio.sleep(PAUSES_S[min(quick_deaths, len(PAUSES_S) - 1)])
            quick_deaths += 1

    async def _live_once(self) -> None:
        """One child from its start to its death."""
        try:
            child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                cwd=PROJECT,
                start_new_session=True,  # or the operator's Ctrl-C would reach it before us
                limit=_LONGEST_LINE,
            )
        except OSError:
            logger.exception("The lab's child process could not be started")
            return
        self._child = child
        try:
            async with asyncio.TaskGroup() as listeners:
                listeners.create_task(_log_errors(child))
                listeners.create_task(self._listen(child))
        finally:
            await _end(child)
            self._bury()

    async def _listen(self, child: Process) -> None:
        assert child.stdout is not None
        try:
            async for line in child.stdout:
                if line.endswith(b"\n"):  # else its end was lost with the child
                    self._hear(lab_lines.read_line(line))
        except (msgspec.DecodeError, ValueError):
            logger.exception("The lab's child process said what nobody understands; it is ended")
            child.kill()

    def _hear(self, line: lab_lines.LabLine) -> None:
        match line:
            case lab_lines.Ready():
                self._is_ready = True
                self._kernel = line.kernel
                self._tell_ready()
            case lab_lines.Impossible():
                self._is_impossible = True
                self._stream.tell(source.SourceImpossible(sentence=line.sentence, remedy=line.remedy))
            case lab_lines.Refused():
                self._refuse(line.run, line.sentence)
            case lab_lines.RunStarted():
                self._begin_run(line)
            case lab_lines.FrameCarried():
                self._pass_on(line)
            case lab_lines.RunEnded():
                self._end_run(line.problem)

    def _begin_run(self, line: lab_lines.RunStarted) -> None:
        self._ordered.discard(line.run)
        self._run, self._frames = line.run, 0
        hosts = replace(self._hosts, client=replace(self._hosts.client, port=line.client_port))
        self._stream.tell(source.SourceRunStarted(run=line.run, hosts=hosts))

    def _pass_on(self, line: lab_lines.FrameCarried) -> None:
        self._frames += 1
        frame = Frame(
            number=self._frames,
            time_ns=line.time_ns,
            sender=line.sender,
            octets=bytes.fromhex(line.octets),
            taken=line.taken,
            delivered=line.delivered,
            lost=line.lost,
        )
        self._stream.tell(source.FrameSeen(run=line.run, frame=frame))

    def _end_run(self, problem: str) -> None:
        if self._run is not None:
            self._stream.tell(source.SourceRunEnded(run=self._run, problem=problem))
            self._run = None

    def _bury(self) -> None:
        """The child is gone: answer all that it can't answer any more."""
        self._child, self._is_ready = None, False
        self._end_run("The lab stopped in the middle of this run.")
        for run in sorted(self._ordered):
            self._refuse(run, "The lab stopped before this run began; try again in a moment.")

    def _refuse(self, run: int, sentence: str) -> None:
        self._ordered.discard(run)
        self._stream.tell(source.SourceRefused(run=run, sentence=sentence))

    def _tell_ready(self) -> None:
        sentence = f"The lab is ready: two hosts, each with a network stack of Linux {self._kernel}."
        self._tell_status(LabState.READY, sentence)

    def _tell_status(self, state: LabState, sentence: str) -> None:
        self._stream.tell(source.SourceStatus(state=state, sentence=sentence))


async def _log_errors(child: Process) -> None:
    assert child.stderr is not None
    async for line in child.stderr:
        logger.error("lab: %s", line.decode(errors="replace").rstrip())


async def _end(child: Process) -> None:
    """Close its standard input, which ends it; kill it where it does not listen."""
    assert child.stdin is not None
    child.stdin.close()
    try:
        await asyncio.wait_for(child.wait(), FAREWELL_S)
    except TimeoutError:
        child.kill()
        await child.wait()
