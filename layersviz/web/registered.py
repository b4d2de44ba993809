"""The register of rooms for the capture worker's event loop: each call runs on a thread."""

from collections.abc import Sequence

from channels.db import database_sync_to_async

from layersviz.rooms import answers, register
from layersviz.rooms.questions import NotedAnswers
from layersviz.rooms.register import Claim


class AsyncRegister:
    """`layersviz.rooms.service.Register` on the database."""

    async def claim(self, worker: str, seconds: float, *, everything: bool) -> Sequence[Claim]:
        claims: list[Claim] = await database_sync_to_async(register.claim)(worker, seconds, everything=everything)
        return claims

    async def renew(self, worker: str, seconds: float) -> set[str]:
        held: set[str] = await database_sync_to_async(register.renew)(worker, seconds)
        return held

    async def release(self, worker: str, code: str = "") -> None:
        await database_sync_to_async(register.release)(worker, code)

    async def is_open(self, code: str) -> bool:
        return bool(await database_sync_to_async(register.is_open)(code))


async def save(code: str, term: int, state: str) -> bool:
    """False where another worker owns the room by now."""
    return bool(await database_sync_to_async(register.save)(code, term, state))


async def note_answers(code: str, noted: Sequence[NotedAnswers]) -> None:
    await database_sync_to_async(answers.note_answers)(code, noted)
