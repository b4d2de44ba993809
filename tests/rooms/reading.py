"""What a viewer is sent, read as it comes."""

import asyncio
from collections.abc import AsyncIterator

from layersviz.rooms.viewer import Viewer


async def texts_of(viewer: Viewer) -> AsyncIterator[str]:
    """In order, until the viewer is dismissed. The last who reads is the one who is told."""
    news = asyncio.Event()
    viewer.on_news = news.set
    while viewer.dismissal is None:
        news.clear()
        while (text := viewer.take()) is not None:
            yield text
        if viewer.dismissal is None:
            await news.wait()
