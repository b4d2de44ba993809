"""What a capture is asked about sockets and ports, from worker to kernel and back, and where there is no lab."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from layersviz.capture.events import Answer, Event, LabChanged, LabState, PortTried, SocketsSeen
from layersviz.capture.lab_source import LabSource
from layersviz.capture.simulated_source import SimulatedSource
from layersviz.capture.source import FrameSource
from layersviz.capture.worker import CaptureWorker, OfferedSource
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source


class Told:
    """A worker that plays from one source, and what it tells."""

    def __init__(self, hosts: Hosts, kind: Source, source: FrameSource) -> None:
        self._events: asyncio.Queue[Event | Answer] = asyncio.Queue()
        offered = (OfferedSource(kind=kind, make=lambda _hosts: source),)
        self.worker = CaptureWorker(tell=self._events.put, hosts=hosts, offered=offered)

    async def next(self, kind: type[Event | Answer]) -> Event | Answer:
        async with asyncio.timeout(60):
            while not isinstance(event := await self._events.get(), kind):
                pass
        return event

    async def is_ready(self, kind: Source) -> None:
        while True:
            told = await self.next(LabChanged)
            assert isinstance(told, LabChanged)
            if told.status.state is LabState.READY:
                if told.status.source is not kind:
                    pytest.skip(told.status.sentence)
                return


@pytest.fixture
async def lab(hosts: Hosts) -> AsyncIterator[Told]:
    told = Told(hosts, Source.LAB, LabSource(hosts))
    playing = asyncio.create_task(told.worker.play())
    await told.is_ready(Source.LAB)
    yield told
    await told.worker.close()
    await playing


@pytest.mark.lab
async def test_the_labs_sockets_come_with_where_its_hosts_are_held(lab: Told) -> None:
    await lab.worker.look_at_sockets()
    seen = await lab.next(SocketsSeen)
    assert isinstance(seen, SocketsSeen)
    assert (seen.rows, seen.problem, seen.unprivileged_from) == ((), "", 1024)
    assert seen.pid > 0
    assert len({seen.client_namespace, seen.server_namespace, 0}) == 3


@pytest.mark.lab
async def test_the_kernels_own_error_comes_back(lab: Told) -> None:
    await lab.worker.try_port(80, right=False)
    assert await lab.next(PortTried) == PortTried(port=80, right=False, number=13, error="Permission denied")


async def test_a_simulated_lab_says_that_there_are_no_hosts(hosts: Hosts) -> None:
    told = Told(hosts, Source.SIMULATED, SimulatedSource(hosts))
    playing = asyncio.create_task(told.worker.play())
    await told.is_ready(Source.SIMULATED)
    await told.worker.look_at_sockets()
    seen = await told.next(SocketsSeen)
    assert isinstance(seen, SocketsSeen)
    assert seen.problem == "Handshakes are simulated here: there are no hosts that could have sockets."
    await told.worker.try_port(80, right=False)
    await told.worker.close()
    await playing


async def test_before_there_is_a_lab_it_is_said_to_be_not_ready(hosts: Hosts) -> None:
    told = Told(hosts, Source.LAB, LabSource(hosts))
    await told.worker.look_at_sockets()
    seen = await told.next(SocketsSeen)
    assert isinstance(seen, SocketsSeen)
    assert seen.problem == "The lab is not ready yet; try again in a moment."
