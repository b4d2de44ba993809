"""The hub and the capture worker inside the web process: started once, when first needed, on the loop that is running.

Daphne tells no application when it starts, and `AppConfig.ready` runs in every command: so whoever needs them first
starts them, `manage.py serve` or the first websocket.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from layersviz.capture.bus import ChannelLayer
from layersviz.capture.events import LiveStatus
from layersviz.capture.live_source import LiveSource
from layersviz.capture.worker import CaptureWorker
from layersviz.rooms.hub import Hub

logger = logging.getLogger(__name__)


class Embedded:
    """Holds them and their tasks. `make_worker` and `make_hub` are called once for each event loop."""

    def __init__(
        self,
        *,
        layer: Callable[[], ChannelLayer],
        make_worker: Callable[[ChannelLayer], CaptureWorker],
        make_hub: Callable[[ChannelLayer], Hub],
    ) -> None:
        self.layer = layer
        self._make_worker = make_worker
        self._make_hub = make_hub
        self._hub: Hub | None = None
        self._worker: CaptureWorker | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def hub(self) -> Hub:
        """The hub that runs; it is started with its worker where neither runs."""
        if self._hub is None:
            layer = self.layer()
            self._hub, self._worker = self._make_hub(layer), self._make_worker(layer)
            self._keep(self._hub.listen(), "the hub")
            self._keep(self._worker.play(), "the source of frames")
            self._keep(self._worker.read_orders(), "the capture worker")
        return self._hub

    def show_visitors(self, source: LiveSource, *, address: str) -> None:
        """Beside all else, from now on. `address` is what visitors open."""
        self.hub()
        assert self._worker is not None
        self._keep(self._worker.show_visitors(source, address=address), "the visitors")

    async def tell_live(self, status: LiveStatus) -> None:
        """Where there is nothing to show visitors with."""
        self.hub()
        assert self._worker is not None
        await self._worker.change_live(status)

    async def stop(self) -> None:
        """Close the source, which ends its child, and end the tasks."""
        if self._worker is not None:
            await self._worker.close()
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._hub = self._worker = None

    def _keep(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """The loop holds its tasks weakly: without a reference of ours one may vanish in the middle of its work."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.critical("%s has failed: start the server again.", task.get_name(), exc_info=task.exception())
