"""The ASGI application: pages by Django, websockets by Channels."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)  # it loads the settings, which all below needs

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - after the settings
from django.conf import settings  # noqa: E402 - after the settings

from config.probes import probes  # noqa: E402 - after the settings
from config.routing import websocket_urlpatterns  # noqa: E402 - after the settings
from layersviz.web.bodies import FiledHandler  # noqa: E402 - after the settings
from layersviz.web.origin import only_from_our_pages  # noqa: E402 - after the settings
from layersviz.web.probes import Probes  # noqa: E402 - after the settings
from layersviz.web.proxy import BehindProxy  # noqa: E402 - after the settings

application = ProtocolTypeRouter(
    {"http": Probes(probes, FiledHandler()), "websocket": only_from_our_pages(URLRouter(websocket_urlpatterns))}
)
if settings.PRODUCTION:
    application = BehindProxy(application)
