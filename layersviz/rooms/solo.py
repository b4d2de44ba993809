"""A room of one's own: one viewer who may ask for anything, as with a recording, and nobody to share it with.

Knows nothing of sockets or of Django.
"""

import time
from collections.abc import Callable

import msgspec

from layersviz.capture.events import LetGo, StartRun, StopRun
from layersviz.core.said import said
from layersviz.rooms.clock import server_ms
from layersviz.rooms.messages.from_browser import (
    Acknowledge,
    Allow,
    AskSnapshot,
    BrowserMessage,
    OpenRecording,
    Ping,
    Reply,
    Reveal,
    Stand,
)
from layersviz.rooms.messages.from_server import Offered, Pong, Refused, Replied, ServerMessage
from layersviz.rooms.room import Outcome, Room
from layersviz.rooms.viewer import Role, Viewer

_OF_THE_CLASS = said("This belongs to the stage of a class.")


class SoloHub:
    """Answers one viewer from the room itself."""

    def __init__(self, room: Room, tongue: msgspec.json.Encoder, now_s: Callable[[], float] = time.monotonic) -> None:
        self._room = room
        self._now_s = now_s
        self._tongue = tongue

    def join(self, role: Role, *, window: str = "", language: str = "", person: str = "") -> Viewer:
        viewer = Viewer(1, role, window=window or "own", language=language)
        self._room.meet({viewer.window})
        self._send_snapshot(viewer)
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """Nobody else is here."""

    async def answer(self, viewer: Viewer, message: BrowserMessage) -> None:
        match message:
            case Acknowledge():
                viewer.acknowledge(min(message.seq, self._room.seq))
            case AskSnapshot():
                viewer.ask_snapshot()
            case Ping():
                viewer.offer(self._encode(Pong(client_ms=message.client_ms, now_ms=server_ms())))
            case Stand():
                viewer.stand = message
            case Allow():
                viewer.offer(self._encode(Refused(sentence=_OF_THE_CLASS)))
            case Reply():
                self._reply(viewer, message)
            case request:
                for outcome in self._room.answer(request, viewer.window, server_ms()):
                    self._send(viewer, outcome)
        self._send_snapshot_if_due(viewer)

    def _reply(self, viewer: Viewer, reply: Reply) -> None:
        """Whoever is alone sees at once whether the answer was right."""
        heard = self._room.quiz.reply(reply, viewer.window, "", server_ms())
        if heard is not None:
            viewer.offer(self._encode(heard))
        if isinstance(heard, Replied):
            for outcome in self._room.answer(Reveal(), viewer.window, server_ms()):
                self._send(viewer, outcome)

    def _send(self, viewer: Viewer, outcome: Outcome) -> None:
        match outcome:
            case Refused() | Offered():
                viewer.offer(self._encode(outcome))
            case StartRun() | LetGo() | StopRun() | OpenRecording():
                viewer.offer(self._encode(Refused(sentence=_OF_THE_CLASS)))
            case delta:
                viewer.offer_delta(self._encode(delta), delta.seq)

    def _send_snapshot_if_due(self, viewer: Viewer) -> None:
        if viewer.is_due_snapshot(self._now_s()):
            self._send_snapshot(viewer)

    def _send_snapshot(self, viewer: Viewer) -> None:
        viewer.offer_snapshot(self._encode(self._room.snapshot(server_ms())), self._room.seq, self._now_s())

    def _encode(self, message: ServerMessage) -> str:
        return self._tongue.encode(message).decode()
