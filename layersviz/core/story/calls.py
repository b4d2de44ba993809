"""What both applications are doing: the socket calls that a run goes through.

Knows nothing of layers' values; only which kind of frame stops where.
"""

from dataclasses import dataclass

from layersviz.core.host import Side
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.story.kind import Kind
from layersviz.core.story.plan import Stop

_NOT_STARTED = "not started"


@dataclass(slots=True)
class Calls:
    """The call that each application is in; it changes where a frame leaves or reaches an application."""

    client: str = _NOT_STARTED
    server: str = "accept() waits"

    def advance(self, stop: Stop, kind: Kind, data_octets: int) -> None:
        """Fold one stop of a frame that carries so many octets of data."""
        side = stop.side
        if side is None:
            return
        if kind is Kind.ARP_REQUEST and self.client == _NOT_STARTED:
            # The client asks for a MAC address because a packet of its own waits: connect() has been called.
            self.client = "connect() waits"
            return
        call = (
            _at_application(stop.half, kind, data_octets)
            if stop.layer is Layer.APPLICATION
            else _above_transport(stop, kind)
        )
        if call and not (self._has_closed(side) and stop.half is Half.UP):
            self._set(side, call)

    def _has_closed(self, side: Side) -> bool:
        return (self.client if side is Side.CLIENT else self.server).startswith("close()")

    def _set(self, side: Side, call: str) -> None:
        if side is Side.CLIENT:
            self.client = call
        else:
            self.server = call


def _at_application(half: Half, kind: Kind, data_octets: int) -> str:
    """What the application does at its own stop."""
    match half, kind:
        case Half.DOWN, Kind.SYN:
            return "connect()"
        case Half.UP, Kind.SYN_ACK:
            return "connect() returns"
        case Half.UP, Kind.HANDSHAKE_ACK:
            return "accept() returns"
        case Half.DOWN, Kind.REQUEST | Kind.ANSWER | Kind.DATA:
            return "send()"
        case Half.UP, Kind.REQUEST | Kind.ANSWER | Kind.DATA:
            return f"recv() returns {data_octets} bytes"
        case Half.DOWN, Kind.FIN:
            return "close()"
        case Half.UP, Kind.FIN:
            return "recv() returns 0 bytes"
    return ""


def _above_transport(stop: Stop, kind: Kind) -> str:
    """What the application goes on with while its kernel works."""
    match stop.half, stop.layer, kind:
        case Half.DOWN, Layer.PHYSICAL, Kind.SYN:
            return "connect() waits"
        case Half.DOWN, Layer.PHYSICAL, Kind.REQUEST:
            return "recv() waits"
        case Half.DOWN, Layer.PHYSICAL, Kind.ANSWER | Kind.DATA:
            return "send() returned"
        case Half.DOWN, Layer.TRANSPORT, Kind.ACK:
            # Its kernel acknowledges what the application has read meanwhile.
            return "recv() waits" if stop.side is Side.CLIENT else "prepares its answer"
        case Half.UP, Layer.TRANSPORT, Kind.RST:
            return "connection reset"
    return ""
