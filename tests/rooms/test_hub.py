"""The hub on a loop of its own, with the real channel layer in memory. What a viewer is sent is read as JSON."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer

from layersviz.capture.bus import CHANNEL, send_event
from layersviz.capture.events import (
    FrameDissected,
    LabChanged,
    LabState,
    LabStatus,
    RunRefused,
    RunStarted,
)
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.rooms.hub import Hub
from layersviz.rooms.messages import Acknowledge, AskSnapshot, CloseCode, Ping, SetRate, Start
from layersviz.rooms.room import Room
from layersviz.rooms.viewer import WINDOW, Viewer
from tests.rooms.journeys import journey

NOW_MS = 1_000.0


class Reader:
    """A viewer and what it has been sent."""

    def __init__(self, hub: Hub, *, may_present: bool = True) -> None:
        self.viewer: Viewer = hub.join(may_present=may_present)
        self._texts = self.viewer.texts()

    async def read(self) -> dict[str, Any]:
        text = await asyncio.wait_for(anext(self._texts), 5)
        message: dict[str, Any] = json.loads(text)
        return message

    async def kinds(self, count: int) -> list[str]:
        return [(await self.read())["kind"] for _ in range(count)]

    async def is_left_alone(self) -> bool:
        waiting = asyncio.ensure_future(anext(self._texts, None))
        for _ in range(10):
            await asyncio.sleep(0)
        return waiting.cancel()


@pytest.fixture
async def layer() -> InMemoryChannelLayer:
    return InMemoryChannelLayer(capacity=1000)


@pytest.fixture
async def hub(layer: InMemoryChannelLayer, hosts: Hosts) -> AsyncIterator[Hub]:
    """It listens, and has asked the worker for its report."""
    made = Hub(room=Room(hosts), layer=layer, now_ms=lambda: NOW_MS, patience_s=0.01)
    listening = asyncio.create_task(made.listen())
    assert json.loads((await layer.receive(CHANNEL))["text"]) == {"kind": "report_again"}
    yield made
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


def lab_ready(number: int = 1) -> LabChanged:
    return LabChanged(
        number=number, status=LabStatus(state=LabState.READY, source=Source.LAB, sentence=f"Ready {number}.")
    )


async def test_a_new_viewer_gets_the_snapshot_first(hub: Hub) -> None:
    snapshot = await Reader(hub).read()
    assert (snapshot["kind"], snapshot["seq"], snapshot["now_ms"]) == ("snapshot", 0, NOW_MS)


async def test_the_worker_s_events_reach_every_viewer(hub: Hub, layer: InMemoryChannelLayer, hosts: Hosts) -> None:
    readers = [Reader(hub) for _ in range(3)]
    await send_event(layer, RunStarted(number=1, run=7, source=Source.LAB, hosts=hosts))
    await send_event(layer, FrameDissected(number=2, run=7, journey=journey(1)))
    for reader in readers:
        assert await reader.kinds(3) == ["snapshot", "run_opened", "frame_added"]


async def test_a_journey_reaches_the_viewer_as_the_worker_encoded_it(
    hub: Hub, layer: InMemoryChannelLayer, hosts: Hosts
) -> None:
    reader = Reader(hub)
    await send_event(layer, RunStarted(number=1, run=7, source=Source.LAB, hosts=hosts))
    await send_event(layer, FrameDissected(number=2, run=7, journey=journey(1)))
    await reader.kinds(2)
    assert (await reader.read())["journey"] == json.loads(bytes(journey(1)))
    hub.leave(reader.viewer)
    assert (await Reader(hub).read())["run"]["journeys"] == [json.loads(bytes(journey(1)))]


async def test_what_a_presenter_moves_moves_for_all(hub: Hub) -> None:
    presenter, projector = Reader(hub), Reader(hub, may_present=False)
    await hub.answer(presenter.viewer, SetRate(rate=2))
    assert await presenter.kinds(2) == await projector.kinds(2) == ["snapshot", "playhead_moved"]


async def test_start_becomes_an_order_that_names_who_asked(hub: Hub, layer: InMemoryChannelLayer) -> None:
    presenter = Reader(hub)
    await send_event(layer, lab_ready())
    await presenter.kinds(2)
    await hub.answer(presenter.viewer, Start(cold=True))
    order = json.loads((await layer.receive(CHANNEL))["text"])
    assert order == {"kind": "start_run", "asked_by": presenter.viewer.name, "cold": True}


async def test_a_refusal_goes_to_the_one_who_asked(hub: Hub) -> None:
    presenter, other = Reader(hub), Reader(hub)
    await hub.answer(presenter.viewer, Start())
    assert await presenter.kinds(2) == ["snapshot", "refused"]
    await other.read()
    assert await other.is_left_alone()


async def test_the_worker_s_refusal_finds_the_one_who_asked(hub: Hub, layer: InMemoryChannelLayer) -> None:
    presenter, other = Reader(hub), Reader(hub)
    await send_event(layer, RunRefused(number=1, asked_by=presenter.viewer.name, sentence="Not now."))
    await send_event(layer, RunRefused(number=2, asked_by="a viewer of another process", sentence="Not now."))
    assert await presenter.kinds(2) == ["snapshot", "refused"]
    await other.read()
    assert await other.is_left_alone()


async def test_a_ping_is_answered_with_both_clocks(hub: Hub) -> None:
    reader = Reader(hub, may_present=False)
    await hub.answer(reader.viewer, Ping(client_ms=12.5))
    await reader.read()
    assert await reader.read() == {"kind": "pong", "client_ms": 12.5, "now_ms": NOW_MS}


async def test_a_viewer_who_may_not_present_is_dismissed_for_trying(hub: Hub) -> None:
    pupil, presenter = Reader(hub, may_present=False), Reader(hub)
    await hub.answer(pupil.viewer, SetRate(rate=2))
    assert pupil.viewer.dismissal is not None
    assert pupil.viewer.dismissal.code is CloseCode.NOT_ALLOWED
    await presenter.read()
    assert await presenter.is_left_alone()


async def test_a_snapshot_can_be_asked_for_again_once_the_last_has_arrived(hub: Hub) -> None:
    reader = Reader(hub)
    await hub.answer(reader.viewer, SetRate(rate=2))
    await reader.kinds(2)
    await hub.answer(reader.viewer, AskSnapshot())
    assert (await reader.read())["seq"] == 1
    await hub.answer(reader.viewer, AskSnapshot())
    await hub.answer(reader.viewer, Acknowledge(seq=0))
    await hub.answer(reader.viewer, Acknowledge(seq=1))
    assert (await reader.read())["seq"] == 1


async def test_a_viewer_who_has_left_is_sent_nothing(hub: Hub) -> None:
    gone = Reader(hub)
    hub.leave(gone.viewer)
    await hub.answer(Reader(hub).viewer, SetRate(rate=2))
    await gone.read()
    assert await gone.is_left_alone()


async def test_a_viewer_that_was_behind_gets_a_snapshot_when_it_has_caught_up(hub: Hub) -> None:
    slow, quick = Reader(hub), Reader(hub)
    for seq in range(1, WINDOW + 6):
        await hub.answer(quick.viewer, SetRate(rate=1 + seq / 100))
        await hub.answer(quick.viewer, Acknowledge(seq=seq))
    assert slow.viewer.is_stale
    assert not quick.viewer.is_stale
    await slow.kinds(WINDOW + 1)
    await hub.answer(slow.viewer, Acknowledge(seq=WINDOW))
    caught_up = await slow.read()
    assert (caught_up["kind"], caught_up["seq"]) == ("snapshot", WINDOW + 5)
    assert slow.viewer.name not in hub._patience


async def test_a_viewer_that_stays_behind_is_let_go_with_a_reason(hub: Hub) -> None:
    slow, quick = Reader(hub), Reader(hub)
    for seq in range(1, WINDOW + 2):
        await hub.answer(quick.viewer, SetRate(rate=1 + seq / 100))
        await hub.answer(quick.viewer, Acknowledge(seq=seq))
    while slow.viewer.dismissal is None:
        await asyncio.wait_for(slow.viewer._wake.wait(), 5)
        slow.viewer._wake.clear()
    assert slow.viewer.dismissal.code is CloseCode.TOO_SLOW
    assert quick.viewer.dismissal is None


async def test_an_acknowledgement_of_what_was_never_sent_opens_no_window(hub: Hub) -> None:
    liar, quick = Reader(hub), Reader(hub)
    await hub.answer(liar.viewer, Acknowledge(seq=1_000_000))
    for seq in range(1, WINDOW + 2):
        await hub.answer(quick.viewer, SetRate(rate=1 + seq / 100))
    assert liar.viewer.is_stale
