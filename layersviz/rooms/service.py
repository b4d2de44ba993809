"""The rooms of one capture worker: takes those that nobody owns, keeps its hold on them, gives them back at its end.

A room is held by a lease in the database. A worker that dies lets its leases run out, and another takes its rooms over.
Knows nothing of Django.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from layersviz.core import measures
from layersviz.rooms.bus import Looks
from layersviz.rooms.owner import OwnedRoom
from layersviz.rooms.workshop import Workshop

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How long a lease is, and how often rooms are looked for and leases prolonged, in seconds. `alone`: there is no
    other worker, so that every open room is ours, whoever held it."""

    lease_s: float
    look_every_s: float
    alone: bool


SHARED = Hold(lease_s=2.5, look_every_s=0.5, alone=False)
ALONE = Hold(lease_s=10.0, look_every_s=3.0, alone=True)


JOIN_AGAIN_S = 1.0


class Claim(Protocol):
    """A room that was taken."""

    @property
    def code(self) -> str: ...

    @property
    def term(self) -> int: ...

    @property
    def state(self) -> str: ...


class Register(Protocol):
    """The database of rooms; `layersviz.rooms.register` on a thread."""

    async def claim(self, worker: str, seconds: float, *, everything: bool) -> Sequence[Claim]: ...

    async def renew(self, worker: str, seconds: float) -> set[str]: ...

    async def release(self, worker: str, code: str = "") -> None: ...

    async def is_open(self, code: str) -> bool: ...


class RoomService:
    """One in each worker."""

    def __init__(self, register: Register, workshop: Workshop, hold: Hold) -> None:
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._register = register
        self._shop = workshop
        self._hold = hold
        self._rooms: dict[str, OwnedRoom] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._look = asyncio.Event()
        self._taken = asyncio.Condition()

    async def run(self) -> None:
        """Until it is cancelled: then all rooms are given back."""
        looks = Looks(self._shop.layer)
        waking = asyncio.create_task(self._wake(looks), name="what wakes the capture worker")
        try:
            while True:
                await self._hold_rooms()
                measures.rooms_owned.be(len(self._rooms))
                await self._rest()
        finally:
            waking.cancel()
            await looks.leave()
            await self._end()

    async def owned(self, code: str) -> OwnedRoom:
        """The room, once it is ours."""
        async with self._taken:
            await self._taken.wait_for(lambda: code in self._rooms)
            return self._rooms[code]

    async def lost(self, room: OwnedRoom) -> None:
        """Until it is ours no more, or was begun anew."""
        async with self._taken:
            await self._taken.wait_for(lambda: self._rooms.get(room.code) is not room)

    async def _wake(self, looks: Looks) -> None:
        """A layer that is away at first is no reason to end: rooms are looked for now and then anyway."""
        while True:
            try:
                await looks.join()
                break
            except Exception as error:  # whatever the layer's connection raises
                logger.warning("The capture worker can't be woken yet: %s", error)
            await asyncio.sleep(JOIN_AGAIN_S)
        async for _ in looks.read():
            self._look.set()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._look.wait(), self._hold.look_every_s)
        self._look.clear()

    async def _hold_rooms(self) -> None:
        """A database that does not answer costs no room: another look comes, and what was leased and not begun by then
        is given back, to be taken anew."""
        try:
            held = await self._register.renew(self.name, self._hold.lease_s)
            for code in list(self._rooms.keys() - held):
                await self._let_go(code)
            for code in held - self._rooms.keys():
                await self._register.release(self.name, code)
            for claim in await self._register.claim(self.name, self._hold.lease_s, everything=self._hold.alone):
                await self._take(claim)
        except Exception:
            logger.exception("The rooms could not be looked for")

    async def _take(self, claim: Claim) -> None:
        if claim.code in self._rooms:
            await self._let_go(claim.code)
        room = OwnedRoom(claim.code, claim.term, claim.state, self._shop)
        task = asyncio.create_task(self._own(room), name=f"room {claim.code}")
        async with self._taken:
            self._rooms[claim.code], self._tasks[claim.code] = room, task
            self._taken.notify_all()

    async def _own(self, room: OwnedRoom) -> None:
        """A room that fails ends alone, and is taken anew: by us, or by another worker."""
        try:
            await room.run()
        except Exception:
            logger.exception("Room %s has failed and is begun anew", room.code)
            await self._give_back(room.code)
            async with self._taken:
                if self._rooms.get(room.code) is room:
                    del self._rooms[room.code], self._tasks[room.code]
                self._taken.notify_all()

    async def _give_back(self, code: str = "") -> None:
        """One room, or all. A lease that can't be given back runs out, or is given back at the next look."""
        try:
            await self._register.release(self.name, code)
        except Exception:
            logger.exception("The lease of %s could not be given back", code or "all rooms")

    async def _let_go(self, code: str) -> None:
        """It was closed, or another worker has it."""
        async with self._taken:
            if code not in self._rooms:
                return
            room = self._rooms.pop(code)
            self._taken.notify_all()
        await _end(self._tasks[code])
        del self._tasks[code]
        if not await self._register.is_open(code):
            await room.close()

    async def _end(self) -> None:
        tasks = list(self._tasks.values())
        self._rooms.clear()
        self._tasks.clear()
        await _end(*tasks)
        await self._give_back()


async def _end(*tasks: asyncio.Task[None]) -> None:
    """Until they have put away what is theirs: to cancel one that does so already would keep it from that. Whoever
    waits here may be cancelled as well."""
    for task in tasks:
        if not task.cancelling():
            task.cancel()
    if tasks:
        await asyncio.wait(tasks)
