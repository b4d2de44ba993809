"""Puts the parts together with the settings' values: hub, worker, websockets."""

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.urls import path

from layersviz.capture.bus import ChannelLayer
from layersviz.capture.worker import CaptureWorker
from layersviz.recordings.keeping import keep
from layersviz.rooms.hub import Hub
from layersviz.rooms.room import Room
from layersviz.web.consumers import PresenterConsumer, RecordingConsumer, ViewerConsumer
from layersviz.web.embedded import Embedded
from layersviz.web.sources import sources


def _make_worker(layer: ChannelLayer) -> CaptureWorker:
    offered = sources(with_lab=settings.LAB == "auto", wire_delay_ms=settings.LAB_WIRE_DELAY_MS)
    return CaptureWorker(layer=layer, hosts=settings.LAB_HOSTS, offered=offered, keep=database_sync_to_async(keep))


def _make_hub(layer: ChannelLayer) -> Hub:
    return Hub(room=Room(settings.LAB_HOSTS), layer=layer)


embedded = Embedded(layer=get_channel_layer, make_worker=_make_worker, make_hub=_make_hub)

websocket_urlpatterns = [
    path("ws/present/", PresenterConsumer.as_asgi(embedded=embedded)),
    path("ws/show/", ViewerConsumer.as_asgi(embedded=embedded)),
    path("ws/recordings/<int:number>/", RecordingConsumer.as_asgi(embedded=embedded)),
    path("ws/recordings/<int:number>/conversations/<int:conversation>/", RecordingConsumer.as_asgi(embedded=embedded)),
]
