"""What both applications are doing: the socket calls that a run's frames show.

Of programs that we don't know it says nothing, and of those that we know nothing that a frame does not show: whether
they read at once, for example.
"""

from dataclasses import dataclass

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.core.story.kind import DATA_KINDS, Kind
from layersviz.core.story.plan import Stop
from layersviz.core.story.scenery import Scenery
from layersviz.core.tcp_state import TcpState

_CONNECTS, _WAITS_TO_CONNECT = "connect()", said("connect() waits")
_BEFORE = {
    Side.CLIENT: {TcpState.CLOSED: said("not started"), TcpState.SYN_SENT: _WAITS_TO_CONNECT},
    Side.SERVER: {TcpState.LISTEN: said("accept() waits"), TcpState.SYN_SENT: _WAITS_TO_CONNECT},
}


@dataclass(slots=True)
class Calls:
    """The call that each application is in; it changes where a frame leaves or reaches an application."""

    is_known: bool = True
    client: str = ""
    server: str = ""
    _has_begun: bool = False
    _first_came_ns: int | None = None

    def begin(self, states: States | None) -> None:
        """What both do before the first frame, by the states that their TCP is in; without TCP there is no call."""
        if self.is_known and not self._has_begun and states is not None:
            self._has_begun = True
            self.client = _BEFORE[Side.CLIENT].get(states.client, "")
            self.server = _BEFORE[Side.SERVER].get(states.server, "")

    def advance(self, stop: Stop, scenery: Scenery) -> None:
        """Fold one stop of a frame."""
        side, layer = stop.side, stop.layer
        if side is None or not self._has_begun or (stop.half is Half.DOWN and scenery.past.meanwhile):
            return  # what the wire has kept was sent long ago: its application has gone on since
        if layer is Layer.APPLICATION:
            call = self._not_reading(stop.half, side, scenery) or _at_application(stop.half, scenery)
        elif layer is Layer.TRANSPORT or layer is Layer.NETWORK:
            call = self._above_transport(stop, side, scenery)
        else:
            return
        if call and not (self._has_closed(side) and stop.half is Half.UP):
            self._set(side, call)

    def _above_transport(self, stop: Stop, side: Side, scenery: Scenery) -> str:
        """What the application goes on with while its kernel works."""
        kind = scenery.kind
        match stop.half, stop.layer, kind:
            case Half.DOWN, Layer.NETWORK, Kind.SYN:
                return _WAITS_TO_CONNECT if self._of(side) == _CONNECTS else ""
            case Half.DOWN, Layer.NETWORK, _ if kind in DATA_KINDS:
                return said("send() returned")
            case Half.DOWN, Layer.TRANSPORT, Kind.RST:
                return said("has left") if self._of(side) else ""
            case Half.UP, Layer.TRANSPORT, Kind.RST if scenery.tells_heard:
                return said("connection gone")
            case Half.UP, Layer.TRANSPORT, Kind.RST:
                return said("connect(): refused") if self._of(side) == _WAITS_TO_CONNECT else said("connection reset")
        return ""

    def _not_reading(self, half: Half, side: Side, scenery: Scenery) -> str:
        """Of a client's program that pauses behind its first bytes, as long as it does."""
        if scenery.card is None or not scenery.card.pause_s or scenery.kind not in DATA_KINDS:
            return ""
        if side is not Side.CLIENT or half is not Half.UP:
            return ""
        now_ns = scenery.frame.time_ns
        self._first_came_ns = now_ns if self._first_came_ns is None else self._first_came_ns
        is_pausing = now_ns - self._first_came_ns < scenery.card.pause_s * 1e9
        return said("not reading: bytes wait") if is_pausing else ""

    def _has_closed(self, side: Side) -> bool:
        return self._of(side) == "close()"

    def _of(self, side: Side) -> str:
        return self.client if side is Side.CLIENT else self.server

    def _set(self, side: Side, call: str) -> None:
        if side is Side.CLIENT:
            self.client = call
        else:
            self.server = call


def _at_application(half: Half, scenery: Scenery) -> str:
    """What the application does at its own stop."""
    if scenery.kind in DATA_KINDS:
        return "send()" if half is Half.DOWN else said("recv(): {octets} bytes there", octets=scenery.data_octets)
    match half, scenery.kind:
        case Half.DOWN, Kind.SYN:
            return _CONNECTS
        case Half.UP, Kind.SYN_ACK:
            return said("connect() returns")
        case Half.UP, Kind.HANDSHAKE_ACK:
            return said("accept() returns")
        case Half.DOWN, Kind.RST:
            return "close()"
        case Half.DOWN, Kind.FIN:
            return scenery.closing_call
        case Half.UP, Kind.FIN:
            return said("recv(): no more")
    return ""
