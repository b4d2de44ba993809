"""The rooms that are looked at through this web process: a hub for each, from its first viewer until the last has gone.

Knows nothing of sockets or of Django.
"""

import asyncio
import logging
from collections.abc import Iterator

from layersviz.core import measures
from layersviz.rooms.bus import ChannelLayer
from layersviz.rooms.hub import Hub, IsOpen
from layersviz.rooms.tongues import Tongues

logger = logging.getLogger(__name__)

EMPTY_FOR_S = 60.0
"""So long a hub stays without a viewer, so that a page that is loaded again finds it."""


class Hubs:
    """By the rooms' codes."""

    def __init__(self, layer: ChannelLayer, tongues: Tongues, is_open: IsOpen) -> None:
        self._layer = layer
        self._is_open = is_open
        self._tongues = tongues
        self._hubs: dict[str, Hub] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def hub(self, code: str) -> Hub:
        """The hub of a room that is open."""
        if code not in self._hubs:
            hub = Hub(code, layer=self._layer, tongues=self._tongues, is_open=self._is_open)
            self._hubs[code] = hub
            measures.rooms_looked_at.be(len(self._hubs))
            self._tasks[code] = asyncio.create_task(self._run(hub), name=f"the hub of {code}")
        return self._hubs[code]

    def __iter__(self) -> Iterator[Hub]:
        return iter(self._hubs.values())

    async def _run(self, hub: Hub) -> None:
        listening = asyncio.ensure_future(hub.listen())
        try:
            while not listening.done() and not await self._is_deserted(hub, listening):
                pass
        finally:
            self._forget(hub)
            listening.cancel()
            result = (await asyncio.gather(listening, return_exceptions=True))[0]
            if isinstance(result, Exception):
                logger.error("The hub of %s has failed", hub.code, exc_info=result)
                hub.fail()

    async def _is_deserted(self, hub: Hub, listening: "asyncio.Future[None]") -> bool:
        """Whether nobody looks now, and nobody looked a while ago."""
        was_empty = hub.is_empty
        await asyncio.wait([listening], timeout=EMPTY_FOR_S)
        return was_empty and hub.is_empty

    def _forget(self, hub: Hub) -> None:
        """Whoever comes from now on gets a new one."""
        if self._hubs.get(hub.code) is hub:
            del self._hubs[hub.code], self._tasks[hub.code]
            measures.rooms_looked_at.be(len(self._hubs))

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
