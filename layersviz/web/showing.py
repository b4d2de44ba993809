"""Ways to show a recording to a class: for whoever presents one, links that put it on that class's stage.

The link asks nothing of the server but the presenter's page, which then asks for the recording once.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from layersviz.recordings.models import Recording, Source
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import open_rooms
from layersviz.web import access


def own_rooms(request: HttpRequest) -> Sequence[RegisteredRoom]:
    """The open rooms that this reader presents; without a session nobody asks the database."""
    if not access.is_presenter(request):
        return ()
    return list(open_rooms().filter(access.presented_rooms(request)))


def ways_to_show(
    rooms: Sequence[RegisteredRoom], kept: Recording, conversation: int | None = None
) -> list[dict[str, Any]]:
    """For each of these rooms that may see it: `room`, `address`. A capture file has no run, only its conversations."""
    if kept.source == Source.FILE and conversation is None:
        return []
    asked = {"recording": kept.pk} | ({} if conversation is None else {"conversation": conversation})
    return [
        {"room": room, "address": f"{reverse('present', args=[room.code])}?{urlencode(asked)}"}
        for room in rooms
        if kept.room_id in (None, room.pk)
    ]
