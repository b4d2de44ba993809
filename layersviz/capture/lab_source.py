"""The lab as a source of frames: starts its child process, watches it, and starts it again when it dies.

Knows nothing of namespaces and packet sockets: only of the JSON lines that cross the child's standard streams.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from layersviz.capture import lab_lines, source
from layersviz.capture.child import Child
from layersviz.capture.events import LabState, PortTried, SocketsSeen
from layersviz.core.ending import Ending
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts
from layersviz.core.order import PLAIN, Order
from layersviz.core.said import said

LAB = (sys.executable, "-m", "layersviz.lab")


class LabSource:
    """A FrameSource. `command` starts the child, which is given its settings as one more argument.

    `wire_delay_ms` is how long a frame is on the lab's wire.
    """

    def __init__(self, hosts: Hosts, *, wire_delay_ms: float = 0.0, command: Sequence[str] = LAB) -> None:
        self._hosts = hosts
        self._child = Child("lab", (*command, lab_lines.write_settings(hosts, wire_delay_ms)), self)
        self._stream = source.EventStream()
        self._keeper: asyncio.Task[None] | None = None
        self._is_ready = False
        self._kernel = ""
        self._is_impossible = False
        self._ordered: dict[int, Order] = {}  # what the child has not answered yet
        self._run: int | None = None
        self._latest_run: int | None = None
        self._frames = 0

    @property
    def child_pid(self) -> int | None:
        """None while there is no child."""
        return self._child.pid

    async def open(self) -> None:
        self._tell_status(LabState.STARTING, said("The lab is starting."))
        self._keeper = asyncio.create_task(self._child.keep_alive(), name="lab")

    def events(self) -> AsyncGenerator[source.SourceEvent]:
        return self._stream.read()

    async def start_run(self, run: int, order: Order) -> None:
        """Order one run; the answer comes as an event."""
        if not self._is_ready:
            self._refuse(run, said("The lab is not ready yet; try again in a moment."))
            return
        self._ordered[run] = order
        await self._child.say(lab_lines.write_order(run, order))

    async def let_go(self, run: int, held: int) -> None:
        await self._child.say(lab_lines.write_let_go(run, held))

    async def stop_run(self, run: int) -> None:
        await self._child.say(lab_lines.write_stop(run))

    async def look_at_sockets(self) -> None:
        if self._is_ready:
            await self._child.say(lab_lines.write_tell_sockets())
        else:
            self._stream.tell(SocketsSeen(problem=said("The lab is not ready yet; try again in a moment.")))

    async def try_port(self, port: int, *, right: bool) -> None:
        """A lab that is not ready answers nothing."""
        if self._is_ready:
            await self._child.say(lab_lines.write_try_bind(port, right=right))

    async def close(self) -> None:
        """End the child, and wait until it is gone."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        self._stream.end()

    # --- what is heard of its child -----------------------------------------------------------------------------------

    def hear(self, line: bytes) -> None:
        match told := lab_lines.read_line(line):
            case lab_lines.Ready():
                self._is_ready = True
                self._kernel = told.kernel
                self._tell_ready()
            case lab_lines.Impossible():
                self._is_impossible = True
                self._stream.tell(source.SourceImpossible(sentence=told.sentence, remedy=told.remedy))
            case lab_lines.Refused():
                self._refuse(told.run, told.sentence)
            case lab_lines.SocketsTold():
                self._stream.tell(SocketsSeen(**_values(told)))
            case lab_lines.Bound():
                self._stream.tell(PortTried(**_values(told)))
            case of_run:
                self._hear_of_run(of_run)

    def _hear_of_run(self, told: lab_lines.OfRun) -> None:
        match told:
            case lab_lines.RunStarted():
                self._begin_run(told)
            case lab_lines.FrameTaken():
                self._stream.tell(source.FrameTaken(run=told.run, frame=_unnumbered(told)))
            case lab_lines.FrameCarried():
                self._pass_on(told)
            case lab_lines.Held():
                self._stream.tell(source.HeldChanged(run=told.run, held=told.held))
            case lab_lines.Ended():
                self._stream.tell(source.EndTold(run=told.run, ending=Ending(look=told.look, heard=told.heard)))
            case lab_lines.RunEnded():
                self._end_run(told.problem)
            case lab_lines.Waiting():
                self._stream.tell(source.WaitChanged(run=told.run, look=told.look))

    def _begin_run(self, line: lab_lines.RunStarted) -> None:
        order = self._ordered.pop(line.run, PLAIN)
        self._run, self._frames = line.run, 0
        self._latest_run = line.run
        ours = self._hosts
        client = replace(ours.client, port=line.client_port, ip=line.client_ip or ours.client.ip)
        server = replace(ours.server, ip=line.server_ip or ours.server.ip, port=line.server_port or ours.server.port)
        hosts = Hosts(client=client, server=server)
        self._stream.tell(source.SourceRunStarted(run=line.run, hosts=hosts, order=order, clocks=line.clocks))

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
            deed=line.deed,
            flipped_bit=line.flipped_bit,
            at_card=line.at_card,
            copy_of=line.copy_of,
            arrived_ns=line.arrived_ns,
            held_ns=line.held_ns,
            timers=line.timers,
        )
        self._stream.tell(source.FrameSeen(run=line.run, frame=frame))

    def _end_run(self, problem: str) -> None:
        if self._run is not None:
            self._stream.tell(source.SourceRunEnded(run=self._run, problem=problem))
            self._run = None

    def bury(self) -> None:
        """Answer all that the child can't answer any more."""
        self._is_ready = False
        self._end_run(said("The lab stopped in the middle of this run."))
        if self._latest_run is not None:
            self._stream.tell(source.WaitChanged(run=self._latest_run, look=None))
            self._latest_run = None
        for run in sorted(self._ordered):
            self._refuse(run, said("The lab stopped before this run began; try again in a moment."))

    def wants_another(self) -> bool:
        if self._is_impossible:
            self._stream.end()
            return False
        self._tell_status(LabState.DOWN, said("The lab has stopped; it is being started again."))
        return True

    def _refuse(self, run: int, sentence: str) -> None:
        self._ordered.pop(run, None)
        self._stream.tell(source.SourceRefused(run=run, sentence=sentence))

    def _tell_ready(self) -> None:
        self._tell_status(
            LabState.READY,
            said("The lab is ready: two hosts, each with a network stack of Linux {kernel}.", kernel=self._kernel),
        )

    def _tell_status(self, state: LabState, sentence: str) -> None:
        self._stream.tell(source.SourceStatus(state=state, sentence=sentence))


def _values(line: lab_lines.SocketsTold | lab_lines.Bound) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(line).items() if name != "said"}


def _unnumbered(line: lab_lines.FrameTaken) -> Frame:
    return Frame(
        number=0, time_ns=line.time_ns, sender=line.sender, octets=bytes.fromhex(line.octets), taken=line.taken
    )
