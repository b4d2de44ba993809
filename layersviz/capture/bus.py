"""How orders and events cross the channel layer: as JSON text, in one place.

Knows nothing of what they mean. The layer is Channels' own; only the few calls that are used are named here.
"""

from collections.abc import AsyncGenerator
from typing import Any, Protocol

import msgspec

from layersviz.capture.events import CHANNEL, Event, Order
from layersviz.core.said import encoder

GROUP = "capture.events"
"""Every web process's hub is a member; events go to all of them."""

_encoder = encoder()
_orders: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class ChannelLayer(Protocol):
    """What is used of a channel layer."""

    async def send(self, channel: str, message: dict[str, Any]) -> None: ...

    async def receive(self, channel: str) -> dict[str, Any]: ...

    async def new_channel(self) -> str: ...

    async def group_add(self, group: str, channel: str) -> None: ...

    async def group_discard(self, group: str, channel: str) -> None: ...

    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...


async def send_order(layer: ChannelLayer, order: Order) -> None:
    """To one capture worker, whichever takes it."""
    await layer.send(CHANNEL, {"type": "capture.order", "text": _encoder.encode(order).decode()})


async def read_orders(layer: ChannelLayer) -> AsyncGenerator[Order]:
    """For the one worker that takes each of them."""
    while True:
        yield _orders.decode((await layer.receive(CHANNEL))["text"])


async def send_event(layer: ChannelLayer, event: Event) -> None:
    """To every hub."""
    await layer.group_send(GROUP, {"type": "capture.event", "text": _encoder.encode(event).decode()})


class EventFeed:
    """One member of the group: from `join` on it misses nothing that the layer doesn't lose."""

    def __init__(self, layer: ChannelLayer) -> None:
        self._layer = layer
        self._channel = ""

    async def join(self) -> None:
        self._channel = await self._layer.new_channel()
        await self._layer.group_add(GROUP, self._channel)

    async def read(self) -> AsyncGenerator[Event]:
        while True:
            yield _events.decode((await self._layer.receive(self._channel))["text"])

    async def leave(self) -> None:
        await self._layer.group_discard(GROUP, self._channel)
