"""How a room's owner and the web processes speak across the channel layer, in one place.

Three groups for each room: what the owner tells goes to every web process that shows the room, what it shows of its
sockets to those where somebody looks at them, what these ask goes to the owner, whichever worker that is. The layer is
Channels' own; only the few calls that are used are named here.
"""

import logging
from collections.abc import AsyncGenerator
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from layersviz.rooms.tellings import Asking, Showing, Telling

logger = logging.getLogger(__name__)


class ChannelLayer(Protocol):
    """What is used of a channel layer."""

    async def receive(self, channel: str) -> dict[str, Any]: ...

    async def new_channel(self) -> str: ...

    async def group_add(self, group: str, channel: str) -> None: ...

    async def group_discard(self, group: str, channel: str) -> None: ...

    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...


_LOOK = "rooms.look"
_encoder = msgspec.msgpack.Encoder()
Said = TypeVar("Said")


def told_group(code: str) -> str:
    return f"room.{code}.told"


def asked_group(code: str) -> str:
    return f"room.{code}.asked"


def looked_group(code: str) -> str:
    return f"room.{code}.looked"


async def tell(layer: ChannelLayer, code: str, telling: Telling) -> None:
    await _send(layer, told_group(code), telling)


async def show(layer: ChannelLayer, code: str, showing: Showing) -> None:
    """To those alone who look at the lab's sockets."""
    await _send(layer, looked_group(code), showing)


async def ask(layer: ChannelLayer, code: str, asking: Asking) -> bool:
    """False where it could not be sent."""
    return await _send(layer, asked_group(code), asking)


async def tell_workers_to_look(layer: ChannelLayer) -> None:
    """A room was opened or closed: the workers need not wait until they look by themselves."""
    await _send(layer, _LOOK, None)


async def _send(layer: ChannelLayer, group: str, message: Telling | Showing | Asking | None) -> bool:
    try:
        body = _encoder.encode(message)
    except (OverflowError, TypeError, ValueError):
        logger.exception("A message to %s can't be written", group)
        return False
    try:
        await layer.group_send(group, {"type": "room", "body": body})
    except Exception as error:  # whatever the layer's connection raises: what was lost is noticed by its number
        logger.warning("The channel layer is out of reach: %s", error)
        return False
    return True


class Feed(Generic[Said]):
    """One member of a group: from `join` on it misses nothing that the layer doesn't lose."""

    def __init__(self, layer: ChannelLayer, group: str, kind: Any) -> None:
        self._layer = layer
        self._group = group
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._channel = ""

    async def join(self) -> None:
        """Raises what the layer raises where it is away; it may be tried again."""
        self._channel = self._channel or await self._layer.new_channel()
        await self._layer.group_add(self._group, self._channel)

    async def try_to_join(self) -> bool:
        """False where the layer is away."""
        try:
            await self.join()
        except Exception as error:  # whatever the layer's connection raises
            logger.warning("The channel layer is out of reach: %s", error)
            return False
        return True

    async def read(self) -> AsyncGenerator[Said]:
        while True:
            yield self._decoder.decode((await self._layer.receive(self._channel))["body"])

    async def leave(self) -> None:
        """A layer that is away forgets the member by itself."""
        if not self._channel:
            return
        try:
            await self._layer.group_discard(self._group, self._channel)
        except Exception as error:  # whatever the layer's connection raises
            logger.warning("The channel layer is out of reach: %s", error)


def told_feed(layer: ChannelLayer, code: str) -> Feed[Telling]:
    return Feed(layer, told_group(code), Telling)


def asked_feed(layer: ChannelLayer, code: str) -> Feed[Asking]:
    return Feed(layer, asked_group(code), Asking)


def looked_feed(layer: ChannelLayer, code: str) -> Feed[Showing]:
    return Feed(layer, looked_group(code), Showing)


class Looks(Feed[None]):
    """Wakes a worker when there is something to look for."""

    def __init__(self, layer: ChannelLayer) -> None:
        super().__init__(layer, _LOOK, None)

    async def read(self) -> AsyncGenerator[None]:
        while True:
            await self._layer.receive(self._channel)
            yield None
