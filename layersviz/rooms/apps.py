"""The Django application that holds the tables of rooms."""

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "layersviz.rooms"
    label = "rooms"
