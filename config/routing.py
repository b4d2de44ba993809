"""Puts the parts together with the settings' values: hubs, capture worker, websockets."""

from functools import cache, partial
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.urls import path

from layersviz.capture.stage import Keep, Tell
from layersviz.capture.worker import CaptureWorker
from layersviz.core.said import encoder
from layersviz.recordings.keeping import keep
from layersviz.rooms.bus import ChannelLayer
from layersviz.rooms.service import ALONE, SHARED, RoomService
from layersviz.rooms.tongues import Tongues
from layersviz.rooms.viewer import Role
from layersviz.rooms.workshop import Workshop
from layersviz.web.consumers import LookerConsumer, RecordingConsumer, ViewerConsumer
from layersviz.web.embedded import Embedded
from layersviz.web.entering import is_open
from layersviz.web.recorded_room import replay, show
from layersviz.web.registered import AsyncRegister, note_answers, save
from layersviz.web.said import catalogue
from layersviz.web.sources import sources


@cache
def tongues() -> Tongues:
    """What makes JSON of a message, for each language that the pages have; English comes first."""
    return {code: encoder(None if code == "en" else catalogue(code)) for code, _name in settings.LANGUAGES}


def make_service(layer: ChannelLayer) -> RoomService:
    """A capture worker: within the web process, or as a process of its own."""
    workshop = Workshop(
        layer=layer,
        hosts=settings.LAB_HOSTS,
        tongues=tongues(),
        make_worker=_make_worker,
        keep=_keep_for,
        replay=database_sync_to_async(replay),
        show=database_sync_to_async(show),
        save=save,
        note_answers=note_answers,
    )
    return RoomService(AsyncRegister(), workshop, SHARED if settings.REDIS_URL else ALONE)


def _make_worker(tell: Tell, keep_run: Keep) -> CaptureWorker:
    offered = sources(with_lab=settings.LAB == "auto", wire_delay_ms=settings.LAB_WIRE_DELAY_MS)
    return CaptureWorker(tell=tell, hosts=settings.LAB_HOSTS, offered=offered, keep=keep_run)


def _keep_for(code: str) -> Keep:
    kept: Keep = database_sync_to_async(partial(keep, room=code))
    return kept


def _make_own_service(layer: ChannelLayer) -> RoomService | None:
    return make_service(layer) if settings.WITH_WORKER else None


embedded = Embedded(layer=get_channel_layer, tongues=tongues, make_service=_make_own_service, is_open=is_open)


def _room(role: Role) -> Any:
    return ViewerConsumer.as_asgi(embedded=embedded, role=role)


_looker = LookerConsumer.as_asgi(embedded=embedded, role=Role.LOOKER)
_recording = RecordingConsumer.as_asgi(embedded=embedded, role=Role.PRESENTER)

websocket_urlpatterns = [
    path("ws/present/<str:code>/", _room(Role.PRESENTER)),
    path("ws/show/<str:code>/", _room(Role.PROJECTOR)),
    path("ws/join/<str:code>/", _room(Role.STUDENT)),
    path("ws/ports/<str:code>/", _looker),
    path("ws/recordings/<int:number>/", _recording),
    path("ws/recordings/<int:number>/conversations/<int:conversation>/", _recording),
]
