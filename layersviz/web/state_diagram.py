"""The picture of TCP's state machine: where each state stands, and an arrow for each row of the table.

Knows nothing of connections: the page marks which state each end is in. Lengths are units of the drawing.
"""

import math

import msgspec

from layersviz.core.said import said
from layersviz.core.tcp_state import TRANSITIONS, TcpEvent, TcpState

WIDTH, HEIGHT = 118.0, 66.0
BOX_WIDTH, BOX_HEIGHT = 19.0, 5.0

PLACES: dict[TcpState, tuple[float, float]] = {
    TcpState.CLOSED: (56, 4),
    TcpState.LISTEN: (14, 14),
    TcpState.SYN_SENT: (96, 14),
    TcpState.SYN_RECEIVED: (14, 28),
    TcpState.ESTABLISHED: (56, 28),
    TcpState.FIN_WAIT_1: (14, 43),
    TcpState.CLOSE_WAIT: (96, 43),
    TcpState.FIN_WAIT_2: (14, 60),
    TcpState.CLOSING: (44, 51.5),
    TcpState.TIME_WAIT: (70, 60),
    TcpState.LAST_ACK: (96, 60),
}
_ROUND: dict[tuple[TcpState, TcpState], tuple[tuple[float, float], ...]] = {
    (TcpState.LAST_ACK, TcpState.CLOSED): ((116, 60), (116, 4)),
    (TcpState.TIME_WAIT, TcpState.CLOSED): ((73, 10), (62, 10)),
    (TcpState.FIN_WAIT_1, TcpState.TIME_WAIT): ((66, 43),),
}
"""Arrows that have to go round others: the corners on their way."""
_LABELS: dict[tuple[TcpState, TcpState], tuple[float, float, str]] = {
    (TcpState.CLOSED, TcpState.LISTEN): (32, 7.8, "end"),
    (TcpState.CLOSED, TcpState.SYN_SENT): (78, 7.6, "start"),
    (TcpState.LISTEN, TcpState.SYN_RECEIVED): (15, 21.5, "start"),
    (TcpState.SYN_SENT, TcpState.SYN_RECEIVED): (47, 20.2, "middle"),
    (TcpState.SYN_SENT, TcpState.ESTABLISHED): (76, 25, "start"),
    (TcpState.SYN_RECEIVED, TcpState.ESTABLISHED): (34.5, 30.2, "middle"),
    (TcpState.SYN_RECEIVED, TcpState.FIN_WAIT_1): (13, 36, "end"),
    (TcpState.ESTABLISHED, TcpState.FIN_WAIT_1): (38, 38, "start"),
    (TcpState.ESTABLISHED, TcpState.CLOSE_WAIT): (80, 35, "start"),
    (TcpState.FIN_WAIT_1, TcpState.FIN_WAIT_2): (15, 56, "start"),
    (TcpState.FIN_WAIT_1, TcpState.CLOSING): (26.5, 49.8, "end"),
    (TcpState.FIN_WAIT_1, TcpState.TIME_WAIT): (36, 41.8, "start"),
    (TcpState.FIN_WAIT_2, TcpState.TIME_WAIT): (42, 62.5, "middle"),
    (TcpState.CLOSING, TcpState.TIME_WAIT): (54.5, 58, "end"),
    (TcpState.CLOSE_WAIT, TcpState.LAST_ACK): (95, 51, "end"),
    (TcpState.LAST_ACK, TcpState.CLOSED): (115, 31, "end"),
    (TcpState.TIME_WAIT, TcpState.CLOSED): (74, 55.5, "start"),
}
WORDS: dict[TcpEvent, str] = {
    TcpEvent.LISTENED: "listen()",
    TcpEvent.SENT_SYN: said("connect(): sends SYN"),
    TcpEvent.SENT_FIN: said("sends FIN"),
    TcpEvent.RECEIVED_SYN: said("gets SYN"),
    TcpEvent.RECEIVED_SYN_ACK: said("gets SYN/ACK"),
    TcpEvent.RECEIVED_ACK_OF_SYN: said("gets ACK of SYN"),
    TcpEvent.RECEIVED_FIN: said("gets FIN"),
    TcpEvent.RECEIVED_ACK_OF_FIN: said("gets ACK of FIN"),
    TcpEvent.RECEIVED_FIN_AND_ACK_OF_FIN: said("gets FIN and ACK of FIN"),
    TcpEvent.WAITED: said("has waited"),
}
DEEDS: dict[TcpEvent, str] = {
    TcpEvent.LISTENED: said("called listen()"),
    TcpEvent.SENT_SYN: said("sent SYN"),
    TcpEvent.SENT_FIN: said("sent FIN"),
    TcpEvent.RECEIVED_SYN: said("received SYN"),
    TcpEvent.RECEIVED_SYN_ACK: said("received SYN and the ACK of our SYN"),
    TcpEvent.RECEIVED_ACK_OF_SYN: said("received the ACK of our SYN"),
    TcpEvent.RECEIVED_FIN: said("received FIN"),
    TcpEvent.RECEIVED_ACK_OF_FIN: said("received the ACK of our FIN"),
    TcpEvent.RECEIVED_FIN_AND_ACK_OF_FIN: said("received FIN and the ACK of our FIN"),
    TcpEvent.WAITED: said("waited long enough"),
}
_RESETS = frozenset({TcpEvent.SENT_RST, TcpEvent.RECEIVED_RST})


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A state; `x` and `y` are its upper left corner."""

    state: TcpState
    x: float
    y: float


class Arrow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table: `deed` says what happened, `path` is SVG's.

    The label stands at `x` and `y`, its `anchor` is SVG's.
    """

    source: TcpState
    event: TcpEvent
    target: TcpState
    path: str
    label: str
    deed: str
    x: float
    y: float
    anchor: str


class Diagram(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; resets are left to the words beside it, for they lead from nearly every state to CLOSED."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw() -> Diagram:
    """The table's rows as a picture."""
    return Diagram(
        boxes=tuple(Box(state=state, x=x - BOX_WIDTH / 2, y=y - BOX_HEIGHT / 2) for state, (x, y) in PLACES.items()),
        arrows=tuple(
            _arrow(source, event, target) for (source, event), target in TRANSITIONS.items() if event not in _RESETS
        ),
    )


def _arrow(source: TcpState, event: TcpEvent, target: TcpState) -> Arrow:
    x, y, anchor = _LABELS[source, target]
    corners = _ROUND.get((source, target), ())
    towards, comes_from = (corners[0], corners[-1]) if corners else (PLACES[target], PLACES[source])
    way = (_edge(PLACES[source], towards), *corners, _edge(PLACES[target], comes_from))
    path = "M" + "L".join(f"{here_x:g} {here_y:g}" for here_x, here_y in way)
    return Arrow(
        source=source,
        event=event,
        target=target,
        path=path,
        label=WORDS[event],
        deed=DEEDS[event],
        x=x,
        y=y,
        anchor=anchor,
    )


def _edge(middle: tuple[float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a box's middle leaves the box; straight up or down where that is enough."""
    (x, y), away_x, away_y = middle, towards[0] - middle[0], towards[1] - middle[1]
    if abs(away_x) < BOX_WIDTH / 2:
        return towards[0], y + math.copysign(BOX_HEIGHT / 2, away_y)
    reach = min(
        BOX_WIDTH / 2 / abs(away_x) if away_x else float("inf"),
        BOX_HEIGHT / 2 / abs(away_y) if away_y else float("inf"),
    )
    return round(x + away_x * reach, 2), round(y + away_y * reach, 2)
