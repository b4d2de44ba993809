"""The room's place in this process: hears the worker, carries out what the room decides, sends to the viewers.

Each message is encoded once. Knows nothing of sockets or of Django; all of it runs on one event loop.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import aclosing

from layersviz.capture.bus import ChannelLayer, EventFeed, send_order
from layersviz.capture.events import ReportAgain, RunRefused, StartRun
from layersviz.core.said import encoder
from layersviz.rooms.messages import (
    Acknowledge,
    AskSnapshot,
    BrowserMessage,
    CloseCode,
    Ping,
    Pong,
    Refused,
    ServerMessage,
    Snapshot,
)
from layersviz.rooms.room import Delta, Outcome, Room
from layersviz.rooms.viewer import Viewer

logger = logging.getLogger(__name__)

PATIENCE_S = 30.0
"""So long a viewer may be behind before its connection is ended."""


def server_ms() -> float:
    """The server's clock: milliseconds since 1970."""
    return time.time() * 1000


class Hub:
    """One in each web process."""

    def __init__(
        self,
        *,
        room: Room,
        layer: ChannelLayer,
        now_ms: Callable[[], float] = server_ms,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._room = room
        self._layer = layer
        self._now_ms = now_ms
        self._patience_s = patience_s
        self._feed = EventFeed(layer)
        self._viewers: dict[str, Viewer] = {}
        self._patience: dict[str, asyncio.TimerHandle] = {}
        self._encoder = encoder()
        self._process = secrets.token_hex(4)
        self._joined = 0

    # --- the worker's events ------------------------------------------------------------------------------------------

    async def listen(self) -> None:
        """Fold the worker's events, for ever; first ask what there is."""
        await self._feed.join()
        try:
            await send_order(self._layer, ReportAgain())
            async with aclosing(self._feed.read()) as events:
                async for event in events:
                    asked_by = event.asked_by if isinstance(event, RunRefused) else ""
                    await self._carry_out(self._room.fold(event, self._now_ms()), asked_by)
        finally:
            await self._feed.leave()

    # --- the viewers --------------------------------------------------------------------------------------------------

    def join(self, *, may_present: bool) -> Viewer:
        """A new viewer, with the snapshot as its first message."""
        self._joined += 1
        viewer = Viewer(f"{self._process}-{self._joined}", may_present=may_present)
        self._viewers[viewer.name] = viewer
        self._send_snapshot(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.pop(viewer.name, None)
        self._be_patient_no_more(viewer)

    async def answer(self, viewer: Viewer, message: BrowserMessage) -> None:
        match message:
            case Acknowledge():
                viewer.acknowledge(min(message.seq, self._room.seq))
                self._send_snapshot_if_due(viewer)
            case AskSnapshot():
                viewer.ask_snapshot()
                self._send_snapshot_if_due(viewer)
            case Ping():
                viewer.offer(self._encode(Pong(client_ms=message.client_ms, now_ms=self._now_ms())))
            case request if viewer.may_present:
                await self._carry_out(self._room.answer(request, viewer.name, self._now_ms()), viewer.name)
            case _:
                viewer.dismiss(CloseCode.NOT_ALLOWED, "Only the presenter may ask for this.")

    def _send_snapshot_if_due(self, viewer: Viewer) -> None:
        if viewer.is_due_snapshot:
            self._be_patient_no_more(viewer)
            self._send_snapshot(viewer)

    def _send_snapshot(self, viewer: Viewer) -> None:
        snapshot = self._room.snapshot(self._now_ms())
        viewer.offer_snapshot(self._encode(snapshot), snapshot.seq)

    # --- sending ------------------------------------------------------------------------------------------------------

    async def _carry_out(self, outcomes: Iterable[Outcome], asked_by: str) -> None:
        """Deltas to all, answers to the one who asked (in whichever process that is), orders to the worker."""
        for outcome in outcomes:
            match outcome:
                case StartRun() | ReportAgain():
                    await send_order(self._layer, outcome)
                case Refused() | Pong() | Snapshot():
                    if asked_by in self._viewers:
                        self._viewers[asked_by].offer(self._encode(outcome))
                case delta:
                    self._broadcast(delta)

    def _broadcast(self, delta: Delta) -> None:
        text = self._encode(delta)
        for viewer in self._viewers.values():
            was_stale = viewer.is_stale
            viewer.offer_delta(text, delta.seq)
            if viewer.is_stale and not was_stale:
                self._lose_patience_later(viewer)

    def _encode(self, message: ServerMessage) -> str:
        return self._encoder.encode(message).decode()

    # --- viewers that are behind --------------------------------------------------------------------------------------

    def _lose_patience_later(self, viewer: Viewer) -> None:
        loop = asyncio.get_running_loop()
        self._patience[viewer.name] = loop.call_later(self._patience_s, self._lose_patience, viewer)

    def _lose_patience(self, viewer: Viewer) -> None:
        logger.info("Viewer %s was behind for %g s and is let go.", viewer.name, self._patience_s)
        viewer.dismiss(CloseCode.TOO_SLOW, "Nothing was acknowledged for too long: reload to follow again.")
        self.leave(viewer)

    def _be_patient_no_more(self, viewer: Viewer) -> None:
        if timer := self._patience.pop(viewer.name, None):
            timer.cancel()
