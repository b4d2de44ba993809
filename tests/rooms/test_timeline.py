import pytest

from layersviz.rooms.timeline import Timeline
from tests.rooms.journeys import journey

# Two frames of three steps: they start at 0, 1000, 2000 | 3000, 4000, 5000, rest 600 later, and the story ends at 6000.


@pytest.fixture
def timeline() -> Timeline:
    made = Timeline()
    assert made.add(journey(1))
    assert made.add(journey(2))
    return made


def test_the_story_ends_with_its_last_step(timeline: Timeline) -> None:
    assert timeline.end_ms == 6000


def test_a_story_without_frames_ends_where_it_begins() -> None:
    assert Timeline().end_ms == 0


def test_a_frame_that_is_known_is_not_added_again(timeline: Timeline) -> None:
    assert not timeline.add(journey(2))
    assert timeline.end_ms == 6000


@pytest.mark.parametrize(
    ("instant_ms", "way"),
    [
        (0, (0, 600)),
        (1, (1000, 1600)),
        (600, (1000, 1600)),
        (999, (1000, 1600)),
        (1000, (1000, 1600)),  # the end of the first step is the start of the second, of which nothing was seen yet
        (1001, (2000, 2600)),
        (2600, (3000, 3600)),
        (5600, None),
        (6000, None),
    ],
)
def test_the_next_step_glides_from_the_end_of_this_one_to_its_own_rest(
    timeline: Timeline, instant_ms: float, way: tuple[float, float] | None
) -> None:
    assert timeline.step_after(instant_ms) == way


@pytest.mark.parametrize(
    ("instant_ms", "rest_ms"),
    [(0, 0), (300, 300), (600, 600), (900, 600), (1600, 600), (1300, 600), (2600, 1600), (3600, 2600), (6000, 4600)],
)
def test_the_previous_step_is_shown_at_its_rest_and_a_step_back_never_goes_forward(
    timeline: Timeline, instant_ms: float, rest_ms: float
) -> None:
    assert timeline.step_before(instant_ms) == rest_ms


@pytest.mark.parametrize(
    ("instant_ms", "way"),
    [(0, (0, 600)), (600, (3000, 3600)), (2900, (3000, 3600)), (3000, (3000, 3600)), (3600, None), (6000, None)],
)
def test_the_next_frame_is_entered_by_its_first_step(
    timeline: Timeline, instant_ms: float, way: tuple[float, float] | None
) -> None:
    assert timeline.frame_after(instant_ms) == way


@pytest.mark.parametrize(
    ("instant_ms", "rest_ms"), [(5600, 3600), (4600, 3600), (3600, 600), (1600, 600), (600, 600), (200, 200), (0, 0)]
)
def test_the_previous_frame_is_first_the_beginning_of_this_one(
    timeline: Timeline, instant_ms: float, rest_ms: float
) -> None:
    assert timeline.frame_before(instant_ms) == rest_ms
