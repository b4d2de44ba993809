"""How long a hub bears with the viewers that are behind. Knows nothing of what they have missed."""

import asyncio
import logging
from collections.abc import Callable

from layersviz.rooms.messages.from_server import CloseCode
from layersviz.rooms.viewer import Viewer

logger = logging.getLogger(__name__)

PATIENCE_S = 30.0
"""So long a viewer may be behind before its connection is ended."""


class Patience:
    """`leave` is told of each viewer that was let go."""

    def __init__(self, seconds: float, leave: Callable[[Viewer], None]) -> None:
        self._seconds = seconds
        self._leave = leave
        self._timers: dict[int, asyncio.TimerHandle] = {}

    def begin(self, viewer: Viewer) -> None:
        """It is behind from now on."""
        loop = asyncio.get_running_loop()
        self._timers[viewer.number] = loop.call_later(self._seconds, self._let_go, viewer)

    def end(self, viewer: Viewer) -> None:
        """It is behind no more, or has gone."""
        if timer := self._timers.pop(viewer.number, None):
            timer.cancel()

    def _let_go(self, viewer: Viewer) -> None:
        logger.info("Viewer %d was behind for %g s and is let go.", viewer.number, self._seconds)
        viewer.dismiss(CloseCode.TOO_SLOW, "Nothing was acknowledged for too long: reload to follow again.")
        self._leave(viewer)
