"""The picture of TCP's states is the table's: each row is drawn once, and nothing lies on anything."""

from itertools import combinations, pairwise

import pytest
from django.test import Client

from layersviz.core.host import Side
from layersviz.core.tcp_state import TRANSITIONS, TcpEvent, TcpState
from layersviz.rooms.models import RegisteredRoom
from layersviz.web.said import translated
from layersviz.web.state_diagram import BOX_HEIGHT, BOX_WIDTH, HEIGHT, WIDTH, Arrow, draw
from tests.recorded import recorded_run, tell

LETTER_WIDTH, LETTER_HEIGHT = 1.0, 1.7
Rectangle = tuple[float, float, float, float]
Point = tuple[float, float]
LANGUAGES = ["en", "de"]


def room_of_label(arrow: Arrow, language: str) -> Rectangle:
    """Left, top, right, bottom; a letter is taken as wide as the widest."""
    width = LETTER_WIDTH * len(translated(arrow.label, language))
    left = arrow.x - {"start": 0, "middle": width / 2, "end": width}[arrow.anchor]
    return left, arrow.y - LETTER_HEIGHT, left + width, arrow.y


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_each_state_and_each_row_of_the_table_is_drawn_once() -> None:
    diagram = draw()
    assert [box.state for box in diagram.boxes] == list(dict.fromkeys(box.state for box in diagram.boxes))
    assert {box.state for box in diagram.boxes} == set(TcpState)
    resets = {TcpEvent.SENT_RST, TcpEvent.RECEIVED_RST}
    rows = sorted((source, event, target) for (source, event), target in TRANSITIONS.items() if event not in resets)
    assert sorted((arrow.source, arrow.event, arrow.target) for arrow in diagram.arrows) == rows


@pytest.mark.parametrize("name", ["handshake-cold", "handshake-warm"])
def test_every_change_of_a_real_run_has_its_arrow(name: str) -> None:
    drawn = {(arrow.source, arrow.target) for arrow in draw().arrows}
    steps = [step for journey in tell(recorded_run(name)) for step in journey.steps]
    for side in Side:
        states = [step.states.at(side) for step in steps]
        assert {pair for pair in pairwise(states) if pair[0] is not pair[1]} <= drawn


def lines_of(arrow: Arrow) -> list[tuple[Point, Point]]:
    """Its straight pieces."""
    corners = [point.split() for point in arrow.path.removeprefix("M").split("L")]
    return list(pairwise((float(x), float(y)) for x, y in corners))


def crosses(line: tuple[Point, Point], room: Rectangle) -> bool:
    """Whether one of many points on the line is inside."""
    (x1, y1), (x2, y2) = line
    points = [(x1 + (x2 - x1) * part / 500, y1 + (y2 - y1) * part / 500) for part in range(501)]
    return any(room[0] < x < room[2] and room[1] < y < room[3] for x, y in points)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_arrow_goes_through_a_label_or_a_box(language: str) -> None:
    diagram = draw()
    labels = {arrow.label: room_of_label(arrow, language) for arrow in diagram.arrows}
    boxes = {str(box.state): (box.x, box.y, box.x + BOX_WIDTH, box.y + BOX_HEIGHT) for box in diagram.boxes}
    lines = [(arrow, line) for arrow in diagram.arrows for line in lines_of(arrow)]
    crossed = [
        (arrow.source, arrow.target, name)
        for arrow, line in lines
        for name, room in (labels | boxes).items()
        if crosses(line, room)
    ]
    assert crossed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_and_boxes_have_room_of_their_own(language: str) -> None:
    diagram = draw()
    boxes = [(box.x, box.y, box.x + BOX_WIDTH, box.y + BOX_HEIGHT) for box in diagram.boxes]
    labels = [room_of_label(arrow, language) for arrow in diagram.arrows]
    assert not [pair for pair in combinations([*boxes, *labels], 2) if overlap(*pair)]
    assert all(
        left >= 0 and top >= 0 and right <= WIDTH and bottom <= HEIGHT for left, top, right, bottom in boxes + labels
    )


@pytest.mark.django_db
def test_the_page_draws_it(presenter: Client, room: RegisteredRoom) -> None:
    page = presenter.get(f"/present/{room.code}/").content.decode()
    assert page.count('class="way"') == len(draw().arrows)
    assert all(f'data-state="{state}"' in page for state in TcpState)
