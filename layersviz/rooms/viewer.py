"""What waits to be sent to one viewer: bounded by what the viewer has acknowledged.

A server below us may take messages without end for a socket that nobody reads; the acknowledgements are the only sign
that they arrive. Knows nothing of sockets; times are seconds of any one clock.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from layersviz.core import measures
from layersviz.rooms.messages.from_browser import Stand
from layersviz.rooms.messages.from_server import CloseCode
from layersviz.rooms.messages.values import Mode

WINDOW = 64
"""So many deltas may be under way to a viewer without an acknowledgement."""

OUTBOX = 2 * WINDOW
"""So many messages of any kind may wait here; only a server with back-pressure of its own lets them wait."""


ASKED_EVERY_S = 2.0
"""A viewer that asks for snapshots gets one in so long: each may have hundreds of kilobytes."""


class Role(StrEnum):
    """As what somebody looks at a room: the presenter alone may ask for anything that others see."""

    PRESENTER = "presenter"
    PROJECTOR = "projector"
    STUDENT = "student"
    LOOKER = "looker"
    """At the lab's sockets alone, on the page about ports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """Why the server ends a viewer's connection."""

    code: CloseCode
    reason: str


class Viewer:
    """One connection. The hub puts in, one reader takes out, who is told by `on_news` when there is something to take.

    `window` is the browser's own name for the page, the same after a reload. `person` is a student's browser as this
    server knows it, whatever the browser says; empty where it is not known.
    """

    def __init__(self, number: int, role: Role, *, window: str = "", language: str = "en", person: str = "") -> None:
        self.number = number
        self.role = role
        self.window = window
        self.language = language
        self.person = person
        self.stand = Stand(mode=Mode.FOLLOW)
        self.round_trip_ms: float | None = None
        self.heard_s = 0.0
        self.pressed_s = -math.inf
        self.is_stale = False
        self.dismissal: Dismissal | None = None
        self._outbox: deque[str] = deque()
        self._offered = 0
        self._acknowledged = 0
        self._snapshot = 0
        self._asks_snapshot = False
        self._answered_s = -math.inf
        self._last_allowed = WINDOW
        self.on_news: Callable[[], None] | None = None

    @property
    def presents(self) -> bool:
        return self.role is Role.PRESENTER

    def offer(self, text: str) -> None:
        """What answers this viewer alone; a viewer that is behind does without."""
        if not self.is_stale and len(self._outbox) < OUTBOX:
            self._put(text)

    def offer_delta(self, text: str, seq: int) -> bool:
        """Past the window the viewer is stale, and True says that it has just become so: it gets nothing more until it
        has caught up, then a snapshot."""
        if self.is_stale:
            return False
        if seq > self._last_allowed or len(self._outbox) >= OUTBOX:
            self.is_stale = True
            measures.viewers_stale.add()
            return True
        self._offered = seq
        self._put(text)
        return False

    def offer_snapshot(self, text: str, seq: int, now_s: float) -> None:
        """The state as a whole; it makes what still waits needless, and the window counts from here."""
        if self._asks_snapshot:
            self._answered_s = now_s
        self.is_stale = self._asks_snapshot = False
        self._offered = self._snapshot = seq
        self._open_window()
        self._outbox.clear()
        self._put(text)

    def acknowledge(self, seq: int) -> None:
        self._acknowledged = max(self._acknowledged, seq)
        self._open_window()

    def _open_window(self) -> None:
        self._last_allowed = max(self._acknowledged, self._snapshot) + WINDOW

    def ask_snapshot(self) -> None:
        self._asks_snapshot = True

    def is_due_snapshot(self, now_s: float) -> bool:
        """It was behind and most of the rest has arrived; or it asks, the last one is no longer on its way, and it was
        not answered a moment ago."""
        has_caught_up = self._offered - self._acknowledged <= WINDOW // 2
        has_the_last = self._acknowledged >= self._snapshot
        may_ask = has_the_last and now_s - self._answered_s >= ASKED_EVERY_S
        return (self.is_stale and has_caught_up) or (self._asks_snapshot and may_ask)

    def dismiss(self, code: CloseCode, reason: str) -> None:
        """End the connection; the first reason counts."""
        if self.dismissal is None:
            self.dismissal = Dismissal(code=code, reason=reason)
            self._tell()

    def take(self) -> str | None:
        """What is to be sent next; None where nothing waits, or the viewer is dismissed."""
        return self._outbox.popleft() if self._outbox and self.dismissal is None else None

    def _put(self, text: str) -> None:
        self._outbox.append(text)
        self._tell()

    def _tell(self) -> None:
        if self.on_news is not None:
            self.on_news()
