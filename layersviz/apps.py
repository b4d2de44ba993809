"""The Django application; it hands the system checks the settings' values."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register


class LayersvizConfig(AppConfig):
    name = "layersviz"

    def ready(self) -> None:
        from layersviz.web.checks import LabCheck, LiveCheck

        register(LabCheck(settings.LAB_HOSTS, wanted=settings.LAB == "auto"))
        live = (settings.LIVE_INTERFACE, settings.LIVE_PORT, settings.LIVE_ADDRESSES, settings.LIVE_PYTHON)
        register(LiveCheck(*live))
