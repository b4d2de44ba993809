"""Daphne as we run it: limits on what a browser may send, a reason with every closing, its end in good order.

Knows nothing of what is served.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import daphne.server
from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import HTTPFactory
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import defer, reactor

from layersviz.core import measures
from layersviz.rooms.messages.from_server import CloseCode
from layersviz.web.bodies import FiledRequest, with_body
from layersviz.web.consumers import MESSAGE_LIMIT_OCTETS, TOO_LARGE

MOST_WAITING_OCTETS = 4 * 1024 * 1024


class ReasonedWebSocketProtocol(WebSocketProtocol):  # type: ignore[misc]
    """Daphne's own leaves the reason of a closing out, and sends slowly to many."""

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Autobahn's own paints a line for its log first, whether anybody reads it or not."""
        self._dataReceived(data)

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:  # noqa: N802 - Daphne's name
        """Who leaves too much unread is cut off: no goodbye would get through."""
        if self._waiting_octets() > MOST_WAITING_OCTETS:
            if not self.transport.disconnecting:
                measures.closings.add(of=str(int(CloseCode.TOO_SLOW)))
                self.transport.abortConnection()
        elif isinstance(content, str) and self.state == self.STATE_OPEN and not self.send_queue:
            self._write_at_once(self.factory.framed(content))
        else:
            super().serverSend(content, binary)

    def _waiting_octets(self) -> int:
        """What Twisted keeps because the socket does not take it."""
        transport = self.transport
        return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)

    def _write_at_once(self, frame: bytes) -> None:
        """Into the socket where nothing waits for it: Twisted would ask the kernel first whether it takes any, which
        for a thousand viewers costs more than all the rest. What does not fit waits, as ever."""
        transport = self.transport
        is_idle = not transport.dataBuffer and not transport._tempDataBuffer
        if is_idle and transport.connected and not transport.disconnecting:
            sent = transport.writeSomeData(frame)
            frame = frame[sent:] if isinstance(sent, int) else frame  # else it is lost, and Twisted finds that out
        if frame:
            transport.write(frame)

    def handle_reply(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close" and self.state == self.STATE_OPEN:
            self.sendClose(code=message["code"], reason=message.get("reason"))
        else:
            super().handle_reply(message)

    def onMessageFrameBegin(self, length: int) -> None:  # noqa: N802 - Autobahn's name
        """The length in a frame's head is enough to refuse it: what follows is never kept."""
        super().onMessageFrameBegin(length)
        if not self.failedByMe and self.message_data_total_length > MESSAGE_LIMIT_OCTETS:
            measures.closings.add(of=str(int(CloseCode.TOO_LARGE)))
            self._fail_connection(CloseCode.TOO_LARGE, TOO_LARGE)


class FramingFactory(WebSocketFactory):  # type: ignore[misc]
    """Makes the frame of a text that many viewers get once."""

    _latest: tuple[str, bytes] = ("", b"")

    def framed(self, text: str) -> bytes:
        if self._latest[0] is not text:
            self._latest = (text, self.prepareMessage(text.encode()).payloadHybi)
        return self._latest[1]


class Server(daphne.server.Server):  # type: ignore[misc]
    """`begin` runs when the server listens, `stop` before it ends; both on its event loop.

    A request's body may have `most_octets`. `problem` is why the server could not listen.
    """

    def __init__(
        self,
        application: Any,
        *,
        host: str,
        port: int,
        most_octets: int,
        begin: Callable[[], Awaitable[None]],
        stop: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(
            application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            websocket_max_message_size=0,  # theirs holds for what we send, too, and a snapshot is larger
            websocket_max_frame_size=0,
            ready_callable=self._make_ready,
            server_name="layersviz",
            verbosity=0,
        )
        self.problem: OSError | None = None
        self._most_octets = most_octets
        self._begin = begin
        self._stop = stop

    def _make_ready(self) -> None:
        """All is built and nothing runs yet."""
        self.http_factory.buildProtocol = self._channel
        self.ws_factory.__class__ = FramingFactory
        self.ws_factory.protocol = ReasonedWebSocketProtocol
        self.ws_factory.setProtocolOptions(failByDrop=False)  # what breaks the protocol hears why before it is cut off
        self._beginning = daphne.server.twisted_loop.create_task(self._begin())
        reactor.addSystemEventTrigger("before", "shutdown", self._end)  # type: ignore[arg-type] # a str, as in Twisted

    def _channel(self, address: Any) -> Any:
        channel = HTTPFactory.buildProtocol(self.http_factory, address)
        channel.requestFactory = partial(FiledRequest, most_octets=self._most_octets)
        return channel

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        return super().create_application(protocol, with_body(protocol, scope))

    def _end(self) -> "defer.Deferred[None]":
        """The reactor waits for it."""
        return defer.Deferred.fromFuture(daphne.server.twisted_loop.create_task(self._stop()))

    def listen_error(self, failure: Any) -> None:
        self.problem = getattr(failure.value, "socketError", None) or OSError(failure.getErrorMessage())
        self.stop()
