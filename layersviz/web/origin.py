"""Whether a websocket was opened by a page of this very server.

Browsers let any page open a websocket to any host and only say where the page came from (RFC 6455 section 10.2).
"""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier


def only_from_our_pages(application: Any) -> Any:
    """The page's host must be an allowed one (so that no foreign name leads here), and the very one that is asked,
    port and all (so that another server on this machine does not speak for us)."""
    return AllowedHostsOriginValidator(_SameHost(application))


class _SameHost:
    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        origin = urlsplit(headers.get(b"origin", b"").decode("latin1")).netloc
        is_same = origin.lower() == headers.get(b"host", b"").decode("latin1").lower()
        await (self._application if is_same else WebsocketDenier())(scope, receive, send)
