"""The ASGI application: pages by Django, websockets by Channels."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()  # it loads the settings, which all below needs

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - after the settings

from config.routing import websocket_urlpatterns  # noqa: E402 - after the settings
from layersviz.web.origin import only_from_our_pages  # noqa: E402 - after the settings

application = ProtocolTypeRouter(
    {"http": django_application, "websocket": only_from_our_pages(URLRouter(websocket_urlpatterns))}
)
