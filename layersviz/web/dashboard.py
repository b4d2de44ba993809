"""The first page: where a class is started or joined, with how the reader's classes are, and the newest recordings."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.capture.events import LabState
from layersviz.core.played_run import Source
from layersviz.recordings.lessons.listed import ready_lessons
from layersviz.recordings.models import Recording
from layersviz.rooms.models import CODE_LENGTH, RegisteredRoom
from layersviz.rooms.register import held_rooms
from layersviz.web import access
from layersviz.web.addresses import Addresses
from layersviz.web.reader import for_reader
from layersviz.web.recalled import recording_words
from layersviz.web.showing import own_rooms, ways_to_show

NEWEST = 3


@require_safe
@cache_control(no_store=True)
def dashboard(request: HttpRequest, addresses: Addresses, with_lab: bool) -> HttpResponse:
    """Where a class is started or joined."""
    rooms = own_rooms(request)
    held = set(held_rooms().filter(pk__in=[room.pk for room in rooms]).values_list("pk", flat=True))
    values = {
        "may_open": access.may_open_rooms(request),
        "user_name": request.user.get_username(),
        "is_presenter": access.is_presenter(request),
        "rooms": [_room_card(request, room, addresses, is_held=room.pk in held) for room in rooms],
        "held": len(held),
        "with_lab": with_lab,
        "hello_url": addresses.hello(request),
        "is_reachable": addresses.is_reachable(request),
        "code_length": CODE_LENGTH,
        **_newest_recordings(request, rooms),
    }
    return render(request, "home.html", for_reader(values))


def _newest_recordings(request: HttpRequest, rooms: Sequence[RegisteredRoom]) -> dict[str, Any]:
    """The last few that the reader may see, and the ready lessons, each with the ways to show it to a class."""
    seen = Recording.objects.filter(access.visible(request))
    return {
        "newest": [_recording(each, rooms) for each in seen.filter(lesson="")[:NEWEST]],
        "lessons": [_recording(each, rooms) for each in ready_lessons(seen)],
    }


def _recording(kept: Recording, rooms: Sequence[RegisteredRoom]) -> dict[str, Any]:
    return {"recording": kept, "words": recording_words(kept), "ways": ways_to_show(rooms, kept)}


def _room_card(request: HttpRequest, room: RegisteredRoom, addresses: Addresses, *, is_held: bool) -> dict[str, Any]:
    return {
        "room": room,
        "join_url": addresses.short(request, room.code),
        "recordings": room.recordings.count(),
        "is_held": is_held,
        "lab": _lab_sentence(room.state),
    }


class _SharedLab(msgspec.Struct, frozen=True, kw_only=True):
    """Of what a room keeps of itself (`rooms.kept_state.KeptState`): how its lab was last."""

    lab: LabState
    lab_source: Source


def _lab_sentence(state: str) -> str:
    """How the room's lab was last; empty where the room has not been played yet."""
    try:
        shared = msgspec.json.decode(state, type=_SharedLab)
    except msgspec.DecodeError:
        return ""
    match shared.lab, shared.lab_source:
        case LabState.READY, Source.SIMULATED:
            return _("Its handshakes are SIMULATED.")
        case LabState.READY, _source:
            return _("Its lab is ready.")
        case LabState.STARTING, _source:
            return _("Its lab is being set up.")
    return _("Its lab is down.")
