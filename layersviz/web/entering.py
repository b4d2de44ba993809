"""Getting into a room by its code: whether it is open, and whether the code may be tried at all.

For pages and for websockets.
"""

import asyncio
from collections.abc import Mapping
from enum import Enum
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.http import HttpRequest

from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import find_open
from layersviz.web import access, door
from layersviz.web.codes import read_code

KEPT_S = 1.0
MOST_KEPT = 1_000


class Entry(Enum):
    OPEN = "open"
    WRONG = "wrong"
    TOO_MANY_GUESSES = "too many guesses"


def enter(request: HttpRequest, code: str) -> RegisteredRoom | None:
    """The open room of that code. Raises TooManyGuesses; who has joined or presents it is never refused."""
    network = door.network_of(request.META.get("REMOTE_ADDR", ""))
    if code in access.joined(request.COOKIES) or access.presented(request, code) is not None:
        return find_open(code)
    is_counted = door.knock(network, code)
    room = find_open(code)
    door.answer(network, code, is_open=room is not None, is_counted=is_counted)
    return room


async def enter_by_websocket(scope: Mapping[str, Any], code: str) -> Entry:
    """The same for a websocket; whoever has joined on a page costs no query of the cache."""
    code = read_code(code)
    if code in access.joined(access.cookies_of(scope)) or await access.may_present(scope, code):
        return Entry.OPEN if await is_open(code) else Entry.WRONG
    network = door.network_of((scope.get("client") or ("", 0))[0])
    try:
        is_counted = await sync_to_async(door.knock)(network, code)
    except door.TooManyGuesses:
        return Entry.TOO_MANY_GUESSES
    found = await is_open(code)
    await sync_to_async(door.answer)(network, code, is_open=found, is_counted=is_counted)
    return Entry.OPEN if found else Entry.WRONG


_asked: dict[str, tuple[float, "asyncio.Task[bool]"]] = {}


async def is_open(code: str) -> bool:
    """Whether a room of that code is open, or was within the last second: a whole class asks the database once."""
    code, loop = code.upper(), asyncio.get_running_loop()
    asked_at, task = _asked.get(code, (0.0, None))
    if task is None or task.get_loop() is not loop or loop.time() - asked_at > KEPT_S:
        if len(_asked) >= MOST_KEPT:
            _asked.clear()
        task = loop.create_task(database_sync_to_async(_is_open)(code))
        _asked[code] = (loop.time(), task)
    return await asyncio.shield(task)


def _is_open(code: str) -> bool:
    return find_open(code) is not None
