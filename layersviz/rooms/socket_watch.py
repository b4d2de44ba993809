"""What is told of the lab's sockets, in the room's owner: rarely enough that a whole class costs the lab nothing.

Knows which runs had which ports, so that a socket leads to its frames. Pure: the time is an argument, in seconds of any
one clock.
"""

import math
from dataclasses import dataclass, replace

import msgspec

from layersviz.capture.events import Event, FrameDissected, PortTried, RunKept, RunStarted, SocketsSeen
from layersviz.core.journey import Journey
from layersviz.core.socket_row import SocketRow
from layersviz.rooms.messages.from_server import LabSockets
from layersviz.rooms.messages.values import LabSocket

LOOK_EVERY_S = 0.9
TRY_EVERY_S = 0.5
_RUNS_KNOWN = 64
_MOST_ROWS = 64
_TRIES_SHOWN = 4
_TRANSPORTS = ("TCP", "UDP")


@dataclass(slots=True, kw_only=True)
class _Talk:
    """A run: its client's port, its first frame that has ports, and its number as a recording, once there are any."""

    run: int
    client_port: int
    frame: int = 0
    recording: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`is_new`: to all who look, else it is only for those who have heard nothing yet."""

    message: LabSockets
    is_new: bool


class SocketWatch:
    """Of one room, from the first look on."""

    def __init__(self) -> None:
        self._asked_s = self._tried_s = -math.inf
        self._is_wanted_anew = False
        self._last: LabSockets | None = None
        self._tries: tuple[PortTried, ...] = ()
        self._talks: dict[int, _Talk] = {}

    # --- what is asked ------------------------------------------------------------------------------------------------

    def may_look(self, now_s: float, *, anew: bool) -> bool:
        """Whether the lab is to be asked now. `anew`: somebody has none yet, so that the answer is told in any case."""
        self._is_wanted_anew |= anew
        if now_s - self._asked_s < LOOK_EVERY_S:
            return False
        self._asked_s = now_s
        return True

    def may_try(self, now_s: float) -> bool:
        """Whether a port is to be tried now."""
        if now_s - self._tried_s < TRY_EVERY_S:
            return False
        self._tried_s = now_s
        return True

    # --- what the capture tells ---------------------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        """Keep what leads from a socket to its frames; of old runs nothing is left."""
        match event:
            case RunStarted(replay=None):
                self._talks[event.run] = _Talk(run=event.run, client_port=event.hosts.client.port)
                for old in list(self._talks)[:-_RUNS_KNOWN]:
                    del self._talks[old]
            case FrameDissected() if (talk := self._talks.get(event.run)) is not None and not talk.frame:
                talk.frame = event.journey.number if _has_ports(event.journey) else 0
            case RunKept(recording=None):
                self._talks.pop(event.run, None)
            case RunKept() if (talk := self._talks.get(event.run)) is not None:
                talk.recording = event.recording

    def see(self, seen: SocketsSeen) -> Told | None:
        """What is to be told of it; None where everybody knows it already."""
        message = self._message(seen)
        is_new = self._last is None or _lasting(message) != _lasting(self._last)
        if not is_new and not self._is_wanted_anew:
            return None
        self._last, self._is_wanted_anew = message, False
        return Told(message=message, is_new=is_new)

    def note(self, tried: PortTried) -> None:
        """The next look tells of it."""
        self._tries = (tried, *self._tries)[:_TRIES_SHOWN]

    def _message(self, seen: SocketsSeen) -> LabSockets:
        return LabSockets(
            rows=tuple(self._row(row) for row in seen.rows[:_MOST_ROWS]),
            left_out=max(0, len(seen.rows) - _MOST_ROWS),
            untold=seen.untold,
            unprivileged_from=seen.unprivileged_from,
            pid=seen.pid,
            client_namespace=seen.client_namespace,
            server_namespace=seen.server_namespace,
            problem=seen.problem,
            tries=self._tries,
        )

    def _row(self, row: SocketRow) -> LabSocket:
        """A socket talks where it has another end; the client's port, which each run has for itself, tells the run."""
        client_port = row.local_port if row.host == "client" else row.remote_port
        talk = next((each for each in reversed(self._talks.values()) if each.client_port == client_port), None)
        if talk is None:
            return LabSocket(row=row)
        return LabSocket(row=row, run=talk.run, frame=talk.frame, recording=talk.recording)


def _has_ports(journey: Journey) -> bool:
    return any(header.protocol in _TRANSPORTS and not header.quoted for header in journey.headers)


def _lasting(told: LabSockets) -> LabSockets:
    """Without what changes by itself as time passes, which the page counts down."""
    rows = tuple(msgspec.structs.replace(each, row=replace(each.row, expires_ms=None)) for each in told.rows)
    return msgspec.structs.replace(told, rows=rows)
