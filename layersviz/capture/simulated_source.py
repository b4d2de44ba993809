"""Frames where no lab is possible: computed, with valid checksums, and said to be so everywhere."""

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from random import SystemRandom

from layersviz.capture.events import LabState, SocketsSeen
from layersviz.capture.simulated_run import KERNEL_GAP_NS, draw_numbers, simulate
from layersviz.capture.source import (
    EventStream,
    FrameSeen,
    SourceEvent,
    SourceRefused,
    SourceRunEnded,
    SourceRunStarted,
    SourceStatus,
)
from layersviz.core.host import Host, Hosts
from layersviz.core.order import COLD, HANDSHAKE, PLAIN, Order
from layersviz.core.said import said

LAST_PORT = 60_999
SENTENCE = said("The lab is switched off by the setting LAB=off.")
"""Why this source plays where no other was tried; where one was, the worker tells why that one is impossible."""
_NO_SCENE = said("Only the real lab can play this scene.")
_NO_FAULTS = said("Here all frames are computed: only the real lab can do what was asked.")
_NO_SOCKETS = said("Handshakes are simulated here: there are no hosts that could have sockets.")


class SimulatedSource:
    """Plays the script with fresh random numbers on each run, at the pace of a real one."""

    def __init__(self, hosts: Hosts, *, wire_delay_ms: float = 0.0) -> None:
        self._hosts = hosts
        self._gap_ns = KERNEL_GAP_NS + round(wire_delay_ms * 1e6)
        self._stream = EventStream()
        self._runs_played = 0
        self._run: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._stream.tell(SourceStatus(state=LabState.READY, sentence=SENTENCE))

    async def start_run(self, run: int, order: Order) -> None:
        if order not in (PLAIN, COLD):
            self._stream.tell(SourceRefused(run=run, sentence=_NO_SCENE if order.scene != HANDSHAKE else _NO_FAULTS))
            return
        if self._run is not None and not self._run.done():
            self._stream.tell(SourceRefused(run=run, sentence=said("A run is already on; wait until it has ended.")))
            return
        self._run = asyncio.create_task(self._play(run, with_arp=order.cold or self._runs_played == 0))

    async def let_go(self, run: int, held: int) -> None:
        """Nothing is ever held."""

    async def stop_run(self, run: int) -> None:
        """It is over in a moment."""

    async def look_at_sockets(self) -> None:
        self._stream.tell(SocketsSeen(problem=_NO_SOCKETS))

    async def try_port(self, port: int, *, right: bool) -> None:
        """There is no kernel to try it with; that is said where the sockets would be."""

    def events(self) -> AsyncGenerator[SourceEvent]:
        return self._stream.read()

    async def close(self) -> None:
        if self._run is not None:
            self._run.cancel()
            await asyncio.gather(self._run, return_exceptions=True)
        self._stream.end()

    async def _play(self, run: int, *, with_arp: bool) -> None:
        hosts = self._hosts_of_next_run()
        self._stream.tell(SourceRunStarted(run=run, hosts=hosts))
        numbers = draw_numbers(SystemRandom())
        for frame in simulate(hosts, numbers, start_ns=time.time_ns(), gap_ns=self._gap_ns, with_arp=with_arp):
            self._stream.tell(FrameSeen(run=run, frame=frame))
            await asyncio.sleep(self._gap_ns / 1e9)
        self._stream.tell(SourceRunEnded(run=run))

    def _hosts_of_next_run(self) -> Hosts:
        """A fresh source port each time, as the lab does it."""
        first = self._hosts.client.port
        port = first + self._runs_played % max(1, LAST_PORT - first + 1)
        self._runs_played += 1
        client: Host = replace(self._hosts.client, port=port)
        return replace(self._hosts, client=client)
