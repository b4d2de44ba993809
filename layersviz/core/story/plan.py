"""Where a frame stops on its way, and how long the story stays there.

Knows nothing of values or of words.
"""

from collections.abc import Iterator

import msgspec

from layersviz.core.host import Side
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import Scenery
from layersviz.core.tcp_state import TcpState

MOVE_MS = 900
"""Story time in which the picture moves from one layer to the next; the rest of a step's time is for reading."""

STAY_MS = {
    Layer.APPLICATION: 2_800,
    Layer.TRANSPORT: 4_200,
    Layer.NETWORK: 3_400,
    Layer.LINK: 3_400,
    Layer.PHYSICAL: 2_600,
}
WIRE_MS = 6_000
WIRE_REST_MS = 600
_SPEAKS_TO_APPLICATION = frozenset(Kind) - {
    Kind.ACK,
    Kind.CLOSING_ACK,
    Kind.ARP_REQUEST,
    Kind.ARP_REPLY,
    Kind.RST,
    Kind.OTHER,
}
_HAS_CLOSED = frozenset(
    {TcpState.FIN_WAIT_1, TcpState.FIN_WAIT_2, TcpState.CLOSING, TcpState.LAST_ACK, TcpState.TIME_WAIT, TcpState.CLOSED}
)


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop: the half of the way, the host (None on the wire) and the layer."""

    half: Half
    side: Side | None
    layer: Layer

    @property
    def moving_ms(self) -> int:
        return WIRE_MS if self.half is Half.WIRE else MOVE_MS

    @property
    def staying_ms(self) -> int:
        return WIRE_REST_MS if self.half is Half.WIRE else STAY_MS[self.layer] - MOVE_MS


def stops(scenery: Scenery) -> Iterator[Stop]:
    """The stops of one frame in order: down the sender, across, up the receiver."""
    layers = list(_layers(scenery))
    for layer in layers:
        if layer is not Layer.APPLICATION or scenery.kind in _SPEAKS_TO_APPLICATION:
            yield Stop(half=Half.DOWN, side=scenery.sender, layer=layer)
    yield Stop(half=Half.WIRE, side=None, layer=Layer.PHYSICAL)
    for layer in reversed(layers):
        if layer is not Layer.APPLICATION or _reaches_application(scenery):
            yield Stop(half=Half.UP, side=scenery.receiver, layer=layer)


def _layers(scenery: Scenery) -> Iterator[Layer]:
    if scenery.tcp is not None:
        yield Layer.APPLICATION
        yield Layer.TRANSPORT
    if scenery.ip is not None or scenery.arp is not None:
        yield Layer.NETWORK
    yield Layer.LINK
    yield Layer.PHYSICAL


def _reaches_application(scenery: Scenery) -> bool:
    """A FIN tells nothing to an application that has closed its own end already."""
    if scenery.kind is Kind.FIN and scenery.taken.at(scenery.receiver) in _HAS_CLOSED:
        return False
    return scenery.kind in _SPEAKS_TO_APPLICATION
