"""Writes down what a room shares, as it changes, so that another worker can go on. A database that does not answer is
tried again, and nobody waits for it. Knows nothing of Django.
"""

import asyncio
import logging

import msgspec

from layersviz.rooms.questions import NotedAnswers
from layersviz.rooms.room import Room
from layersviz.rooms.workshop import NoteAnswers, Save

logger = logging.getLogger(__name__)

SAVE_AGAIN_S = 1.0


class LostRoomError(Exception):
    """Another worker owns the room by now."""


class Saving:
    """Of the room of that code, in one owner's term."""

    def __init__(self, code: str, term: int, *, save: Save, note_answers: NoteAnswers) -> None:
        self._code = code
        self._term = term
        self._save = save
        self._note_answers = note_answers
        self._changed = asyncio.Event()
        self._unnoted: list[NotedAnswers] = []

    def note_change(self) -> None:
        self._changed.set()

    async def run(self, room: Room) -> None:
        """The latest state, as often as the database takes it; raises LostRoomError."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._write_answers(room)
            kept = room.state()
            if kept is not None:
                await self._write(msgspec.json.encode(kept).decode())

    async def _write(self, state: str) -> None:
        try:
            is_ours = await self._save(self._code, self._term, state)
        except Exception:
            logger.exception("What room %s shares could not be kept", self._code)
            await self._begin_again()
            return
        if not is_ours:
            raise LostRoomError(self._code)

    async def _write_answers(self, room: Room) -> None:
        self._unnoted += room.quiz.take_unnoted()
        if not self._unnoted:
            return
        noted = list(self._unnoted)
        try:
            await self._note_answers(self._code, noted)
        except Exception:
            logger.exception("What class %s has answered could not be written down", self._code)
            await self._begin_again()
            return
        del self._unnoted[: len(noted)]

    async def _begin_again(self) -> None:
        self._changed.set()
        await asyncio.sleep(SAVE_AGAIN_S)
