"""The ladder for paper: two life lines, and a row for each frame with its arrow and the states that it brought.

Each row is a drawing of its own, so that a page may end between any two of them. Knows nothing of pages and of words.
Lengths are units of the drawing.
"""

import math
from collections.abc import Iterable, Iterator

import msgspec

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey
from layersviz.core.tcp_state import TcpState

WIDTH = 700.0
CLIENT_X, SERVER_X = 200.0, 566.0
MIDDLE_X = (CLIENT_X + SERVER_X) / 2
SLANT = 11.0
_LABEL_Y, _FINDING_UNITS, _ARROW_UNITS = 14.0, 13.0, 7.0
_BELOW, _STATE_UNITS, _STATE_DROP = 9.0, 13.0, 4.0
_NOTE_UNITS = 11.0
_START_HEIGHT = 24.0
_OVERLAP = 1.0
"""So far a life line goes on into the next row: rows end where pixels do."""
_HEAD_UNITS, _HEAD_HALF_UNITS, _CROSS_UNITS, _AWAY_UNITS = 10.0, 3.6, 5.0, 12.0
_WEIGHTS = {TcpState.CLOSED: "closed", TcpState.LISTEN: "closed", TcpState.ESTABLISHED: "open"}
_X = {Side.CLIENT: CLIENT_X, Side.SERVER: SERVER_X}


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a life line; `weight` is 'open', 'closed' or empty for a state between."""

    x: float
    y1: float
    y2: float
    weight: str


class StateLabel(msgspec.Struct, frozen=True, kw_only=True):
    """A state that begins at `at_y` on the life line at `x`; its name stands at `y`, away from the other life line."""

    side: Side
    state: TcpState
    x: float
    text_x: float
    at_y: float
    y: float
    anchor: str


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One frame's row. `line`, `head` and `cross` are SVG paths; a lost frame's line ends in a cross and has no head.

    A refused one's cross is at its receiver; a copy that the wire made begins in the middle. `lost_x` and `lost_y` are
    where words about the loss may stand, by SVG's `anchor`; `note_y` is where words about all else may, in the middle.
    """

    height: float
    label_y: float
    time_y: float
    finding_y: float
    line: str
    head: str
    cross: str
    lost_x: float
    lost_y: float
    anchor: str
    note_y: float
    stretches: tuple[Stretch, ...]
    labels: tuple[StateLabel, ...]


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """Above the first frame: the states that both ends are in."""

    height: float
    stretches: tuple[Stretch, ...]
    labels: tuple[StateLabel, ...]


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    start: Start
    rungs: tuple[Rung, ...]


class _Change(msgspec.Struct, frozen=True):
    side: Side
    state: TcpState
    is_at_head: bool


def draw(journeys: Iterable[Journey]) -> Ladder:
    """The whole run, or a part of it."""
    told = tuple(journeys)
    states = told[0].steps[0].states if told else None
    start, rungs = _start(states), []
    for journey in told:
        changes, after = _changes(journey, states)
        rungs.append(_rung(journey, states, changes))
        states = after
    return Ladder(start=start, rungs=tuple(rungs))


def _start(states: States | None) -> Start:
    top = _START_HEIGHT / 2
    return Start(
        height=_START_HEIGHT,
        stretches=tuple(_stretch(side, top, _START_HEIGHT + _OVERLAP, states) for side in Side),
        labels=() if states is None else tuple(_label(side, states.at(side), top, top + _STATE_DROP) for side in Side),
    )


def _changes(journey: Journey, states: States | None) -> tuple[list[_Change], States | None]:
    """What changed while the frame was on its way, and the states behind it."""
    changes: list[_Change] = []
    for step in journey.steps:
        after = step.states
        if after is None:
            continue
        if states is not None:
            changed = [side for side in Side if after.at(side) is not states.at(side)]
            changes += [_Change(side, after.at(side), step.half is Half.UP) for side in changed]
        states = after
    return changes, states


def _rung(journey: Journey, states: States | None, changes: list[_Change]) -> Rung:
    label_y = _LABEL_Y + (_FINDING_UNITS if journey.findings else 0)
    tail_y = label_y + _ARROW_UNITS
    head_y = tail_y + SLANT
    labels = tuple(_labels(changes, tail_y, head_y))
    note_y = head_y + _NOTE_UNITS
    has_note = journey.refused_at is not None or journey.copy_of or journey.held_ms
    height = max([note_y if has_note else head_y, *(label.y + _STATE_DROP for label in labels)]) + _BELOW
    tail, head = (_X[journey.sender], tail_y), (_X[journey.sender.other], head_y)
    middle = ((tail[0] + head[0]) / 2, (tail_y + head_y) / 2)
    tail, tip = middle if journey.copy_of else tail, middle if journey.lost else head
    is_refused = journey.refused_at is not None
    if is_refused:
        tip = (head[0] - math.copysign(2 * _CROSS_UNITS, head[0] - tail[0]), head[1])
    return Rung(
        height=height,
        label_y=label_y,
        time_y=label_y + _STATE_UNITS,
        finding_y=_LABEL_Y,
        line=f"M{tail[0]:g} {tail[1]:g}L{tip[0]:g} {tip[1]:g}",
        head="" if journey.lost or is_refused else _head(tail, head),
        cross=_cross(*tip) if journey.lost or is_refused else "",
        lost_x=tip[0] + math.copysign(_AWAY_UNITS, head[0] - tail[0]),
        lost_y=tip[1] + _STATE_DROP,
        anchor="start" if head[0] > tail[0] else "end",
        note_y=note_y,
        stretches=tuple(_stretches(labels, states, height)),
        labels=labels,
    )


def _labels(changes: list[_Change], tail_y: float, head_y: float) -> Iterator[StateLabel]:
    """Each change beside its life line, below the one before on the same side."""
    free = dict.fromkeys(Side, 0.0)
    for change in changes:
        at_y = head_y if change.is_at_head else tail_y
        y = max(at_y + _STATE_DROP, free[change.side])
        free[change.side] = y + _STATE_UNITS
        yield _label(change.side, change.state, at_y, y)


def _label(side: Side, state: TcpState, at_y: float, y: float) -> StateLabel:
    away, anchor = (-9, "end") if side is Side.CLIENT else (9, "start")
    return StateLabel(side=side, state=state, x=_X[side], text_x=_X[side] + away, at_y=at_y, y=y, anchor=anchor)


def _stretches(labels: tuple[StateLabel, ...], states: States | None, height: float) -> Iterator[Stretch]:
    """Each life line through the row, in a weight of its own for each state."""
    for side in Side:
        y, state = 0.0, None if states is None else states.at(side)
        for label in labels:
            if label.side is side:
                yield Stretch(x=_X[side], y1=y, y2=label.at_y, weight=_weight(state))
                y, state = label.at_y, label.state
        yield Stretch(x=_X[side], y1=y, y2=height + _OVERLAP, weight=_weight(state))


def _stretch(side: Side, y1: float, y2: float, states: States | None) -> Stretch:
    return Stretch(x=_X[side], y1=y1, y2=y2, weight=_weight(None if states is None else states.at(side)))


def _weight(state: TcpState | None) -> str:
    return "" if state is None else _WEIGHTS.get(state, "")


def _head(tail: tuple[float, float], head: tuple[float, float]) -> str:
    """The arrow's point, a triangle."""
    length = math.dist(tail, head)
    along_x, along_y = (head[0] - tail[0]) / length, (head[1] - tail[1]) / length
    back_x, back_y = head[0] - along_x * _HEAD_UNITS, head[1] - along_y * _HEAD_UNITS
    side_x, side_y = -along_y * _HEAD_HALF_UNITS, along_x * _HEAD_HALF_UNITS
    corners = (head, (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y))
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in corners) + "Z"


def _cross(x: float, y: float) -> str:
    reach = _CROSS_UNITS
    strokes = ((x - reach, y - reach, x + reach, y + reach), (x - reach, y + reach, x + reach, y - reach))
    return "".join(f"M{x1:g} {y1:g}L{x2:g} {y2:g}" for x1, y1, x2, y2 in strokes)
