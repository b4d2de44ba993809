"""Where a frame stops on its way, and how long the story stays there.

Knows nothing of values or of words.
"""

from collections.abc import Iterator

import msgspec

from layersviz.core.host import Side
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.story.kind import DATA_KINDS, Kind
from layersviz.core.story.own_findings import NO_NEWS
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import breaks_off, states_of
from layersviz.core.tcp_arrival import Arrival
from layersviz.core.tcp_findings import KEEP_ALIVE, RETRANSMISSION, ZERO_WINDOW_PROBE
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
_OPENING_AND_CLOSING = frozenset({Kind.SYN, Kind.SYN_ACK, Kind.HANDSHAKE_ACK, Kind.FIN})
_BY_KERNEL_ALONE = RETRANSMISSION | KEEP_ALIVE | ZERO_WINDOW_PROBE
"""What TCP sends without its application: it was given the bytes before."""
_HAS_CLOSED = frozenset(
    {TcpState.FIN_WAIT_1, TcpState.FIN_WAIT_2, TcpState.CLOSING, TcpState.LAST_ACK, TcpState.TIME_WAIT, TcpState.CLOSED}
)


_APPLICATION_WAITS = frozenset({TcpState.SYN_SENT, TcpState.ESTABLISHED, TcpState.CLOSE_WAIT})
"""There an application still wants something of its connection: a reset is news to it."""


class Stop(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One stop: the half of the way, the host (None on the wire) and the layer; one of each serves all frames."""

    half: Half
    side: Side | None
    layer: Layer
    moving_ms: int
    staying_ms: int


_WIRE = Stop(half=Half.WIRE, side=None, layer=Layer.PHYSICAL, moving_ms=WIRE_MS, staying_ms=WIRE_REST_MS)
_STOPS = {
    (half, side): {
        layer: Stop(half=half, side=side, layer=layer, moving_ms=MOVE_MS, staying_ms=STAY_MS[layer] - MOVE_MS)
        for layer in Layer
    }
    for half in (Half.DOWN, Half.UP)
    for side in Side
}


def stops(scenery: Scenery) -> Iterator[Stop]:
    """The stops of one frame in order: down the sender, across, up the receiver as far as it comes.

    A copy that the wire made begins on the wire.
    """
    layers = list(_layers(scenery))
    down = _STOPS[Half.DOWN, scenery.sender]
    for layer in layers if not scenery.is_copy else ():
        if layer is not Layer.APPLICATION or _leaves_application(scenery):
            yield down[layer]
    yield _WIRE
    if scenery.frame.lost or scenery.is_unanswered:
        return
    up = _STOPS[Half.UP, scenery.receiver]
    for layer in reversed(layers):
        if layer is not Layer.APPLICATION or _reaches_application(scenery):
            yield up[layer]
        if layer is scenery.dropped_at:
            return


def _layers(scenery: Scenery) -> Iterator[Layer]:
    if scenery.tcp is not None or scenery.udp is not None:
        yield Layer.APPLICATION
        yield Layer.TRANSPORT
    if scenery.network_headers:
        yield Layer.NETWORK
    if scenery.link_headers:
        yield Layer.LINK
    if scenery.has_bits:
        yield Layer.PHYSICAL


def _leaves_application(scenery: Scenery) -> bool:
    """An application has no part in what its kernel sends again, or by itself."""
    segment = scenery.segment
    if segment is None:
        return scenery.udp is not None and scenery.data_octets > 0
    if segment.findings & _BY_KERNEL_ALONE:
        return False
    if scenery.kind is Kind.HANDSHAKE_ACK:
        return not segment.findings & NO_NEWS
    if scenery.kind is Kind.RST:
        return breaks_off(scenery)
    return scenery.kind in DATA_KINDS or scenery.kind in _OPENING_AND_CLOSING


def _reaches_application(scenery: Scenery) -> bool:
    """Bytes reach it once and in order; a FIN tells nothing to an application that has closed its own end already."""
    segment = scenery.segment
    if segment is None:
        return scenery.udp is not None and scenery.data_octets > 0 and not scenery.is_refused
    state = None if scenery.taken is None else scenery.taken.at(scenery.receiver)
    if scenery.kind in DATA_KINDS:
        return segment.arrival is Arrival.IN_ORDER
    if scenery.is_copy or segment.fin_waits:
        return False
    if scenery.kind is Kind.FIN:
        return state not in _HAS_CLOSED and not segment.meets_fin and not segment.findings & _BY_KERNEL_ALONE
    if scenery.kind is Kind.SYN:
        return state is TcpState.LISTEN
    if scenery.kind is Kind.RST:
        return state in _APPLICATION_WAITS and states_of(scenery, scenery.receiver)[1] is TcpState.CLOSED
    if scenery.kind is Kind.SYN_ACK:
        return state is not TcpState.ESTABLISHED
    return scenery.kind in _OPENING_AND_CLOSING
