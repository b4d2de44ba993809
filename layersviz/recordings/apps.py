"""The Django application that holds the tables of recordings."""

from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    name = "layersviz.recordings"
