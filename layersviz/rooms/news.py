"""How a room's lab is, for whoever reads no websocket: an operator's terminal."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from layersviz.capture.events import LabStatus
from layersviz.rooms.bus import ChannelLayer, ask, told_feed
from layersviz.rooms.tellings import Moved, Whole, WholeWanted


class _WithLab(msgspec.Struct):
    lab: LabStatus | None = None


_decode = msgspec.json.Decoder(_WithLab).decode


async def lab_statuses(layer: ChannelLayer, code: str, language: str = "en") -> AsyncGenerator[LabStatus]:
    """The present one as soon as the room has an owner, then each that the room tells."""
    feed = told_feed(layer, code)
    await feed.join()
    try:
        await ask(layer, code, WholeWanted())
        async with aclosing(feed.read()) as tellings:
            async for telling in tellings:
                told = _decode(telling.texts[language]).lab if isinstance(telling, Moved | Whole) else None
                if told is not None:
                    yield told
    finally:
        await feed.leave()
