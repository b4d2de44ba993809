"""What runs beside the pages in a web process: the hubs, and by default the capture worker with all its rooms.

Daphne tells no application when it starts, and `AppConfig.ready` runs in every command: so whoever needs them first
starts them, `manage.py serve` or the first websocket.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import msgspec

from layersviz.capture.events import LiveStatus
from layersviz.capture.live_source import LiveSource
from layersviz.rooms.bus import ChannelLayer
from layersviz.rooms.hub import Hub, IsOpen
from layersviz.rooms.hubs import Hubs
from layersviz.rooms.lookout import Lookout, Lookouts
from layersviz.rooms.service import RoomService
from layersviz.rooms.tongues import Tongues

logger = logging.getLogger(__name__)


class Embedded:
    """Holds them and their tasks. `make_service` gives None where workers are processes of their own."""

    def __init__(
        self,
        *,
        layer: Callable[[], ChannelLayer],
        tongues: Callable[[], Tongues],
        make_service: Callable[[ChannelLayer], RoomService | None],
        is_open: IsOpen,
    ) -> None:
        self.layer = layer
        self._make_tongues = tongues
        self._make_service = make_service
        self._is_open = is_open
        self._hubs: Hubs | None = None
        self._lookouts: Lookouts | None = None
        self._service: RoomService | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def hub(self, code: str) -> Hub:
        """The room's hub in this process."""
        return self.start().hub(code)

    def lookout(self, code: str) -> Lookout:
        """Whoever looks at the sockets of that room's lab by this process."""
        self.start()
        if self._lookouts is None:
            self._lookouts = Lookouts(self.layer(), self._make_tongues())
        return self._lookouts.lookout(code)

    def start(self) -> Hubs:
        """The hubs, and the capture worker, where they do not run yet."""
        if self._hubs is None:
            layer = self.layer()
            self._hubs = Hubs(layer, self._make_tongues(), self._is_open)
            self._service = self._make_service(layer)
            if self._service is not None:
                self._keep(self._service.run(), "the capture worker")
        return self._hubs

    def tongue(self, language: str) -> msgspec.json.Encoder:
        """What makes JSON in that language; in English where there is none such."""
        tongues = self._make_tongues()
        return tongues.get(language) or tongues["en"]

    def show_visitors(self, code: str, make_source: Callable[[], LiveSource], *, address: str) -> None:
        """On the stage of that room, from now on. `address` is what visitors open."""
        self._keep(self._show_visitors(code, make_source, address), "the visitors")

    async def tell_live(self, code: str, status: LiveStatus) -> None:
        """Where there is nothing to show visitors with."""
        self.start()
        if self._service is not None:
            await (await self._service.owned(code)).worker.change_live(status)

    async def stop(self) -> None:
        """Give the rooms back, which ends their labs, and end the tasks."""
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._hubs is not None:
            await self._hubs.stop()
        if self._lookouts is not None:
            await self._lookouts.stop()
        self._hubs = self._service = self._lookouts = None

    async def _show_visitors(self, code: str, make_source: Callable[[], LiveSource], address: str) -> None:
        """Each time that the room is begun anew, with a capture of its own."""
        self.start()
        while self._service is not None:
            room = await self._service.owned(code)
            logger.info("Visitors are shown in room %s", code)
            source = make_source()
            showing = self._keep(room.worker.show_visitors(source, address=address), "the visitors")
            try:
                await self._service.lost(room)
            finally:
                showing.cancel()
                await source.close()

    def _keep(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        """The loop holds its tasks weakly: without a reference of ours one may vanish in the middle of its work."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.critical("%s has failed: start the server again.", task.get_name(), exc_info=task.exception())
