import asyncio
from collections.abc import AsyncIterator

import pytest

from layersviz.rooms.messages.from_server import CloseCode
from layersviz.rooms.viewer import OUTBOX, WINDOW, Dismissal, Role, Viewer
from tests.rooms.reading import texts_of

FIRST = 10


@pytest.fixture
def viewer() -> Viewer:
    """It has been offered its snapshot, which had the number 10."""
    made = Viewer(1, Role.STUDENT)
    made.offer_snapshot("snapshot", FIRST, 0.0)
    return made


def offer_deltas(viewer: Viewer, first: int, last: int) -> None:
    for seq in range(first, last + 1):
        viewer.offer_delta(f"delta {seq}", seq)


async def take(texts: AsyncIterator[str], count: int) -> list[str]:
    return [await anext(texts) for _ in range(count)]


async def test_what_is_offered_is_sent_in_order(viewer: Viewer) -> None:
    viewer.offer_delta("delta", FIRST + 1)
    viewer.offer("pong")
    assert await take(texts_of(viewer), 3) == ["snapshot", "delta", "pong"]


async def test_a_reader_that_waits_is_woken(viewer: Viewer) -> None:
    texts = texts_of(viewer)
    assert await anext(texts) == "snapshot"
    waiting = asyncio.ensure_future(anext(texts))
    await asyncio.sleep(0)
    assert not waiting.done()
    viewer.offer("pong")
    assert await waiting == "pong"


def test_a_viewer_is_not_stale_within_its_window(viewer: Viewer) -> None:
    offer_deltas(viewer, FIRST + 1, FIRST + WINDOW)
    assert not viewer.is_stale


def test_one_delta_past_the_window_makes_it_stale(viewer: Viewer) -> None:
    offer_deltas(viewer, FIRST + 1, FIRST + WINDOW + 1)
    assert viewer.is_stale


async def test_an_acknowledgement_moves_the_window_on(viewer: Viewer) -> None:
    offer_deltas(viewer, FIRST + 1, FIRST + WINDOW)
    await take(texts_of(viewer), WINDOW + 1)
    viewer.acknowledge(FIRST + WINDOW)
    offer_deltas(viewer, FIRST + WINDOW + 1, FIRST + 2 * WINDOW)
    assert not viewer.is_stale


def test_an_old_acknowledgement_does_not_move_it_back(viewer: Viewer) -> None:
    viewer.acknowledge(FIRST + 20)
    viewer.acknowledge(FIRST)
    offer_deltas(viewer, FIRST + 21, FIRST + 20 + WINDOW)
    assert not viewer.is_stale


async def test_a_stale_viewer_gets_nothing_more(viewer: Viewer) -> None:
    offer_deltas(viewer, FIRST + 1, FIRST + WINDOW + 5)
    viewer.offer("pong")
    texts = texts_of(viewer)
    sent = await take(texts, WINDOW + 1)
    assert sent[-1] == f"delta {FIRST + WINDOW}"
    waiting = asyncio.ensure_future(anext(texts))
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


def test_a_stale_viewer_is_due_a_snapshot_when_most_of_the_rest_has_arrived(viewer: Viewer) -> None:
    offer_deltas(viewer, FIRST + 1, FIRST + WINDOW + 1)
    viewer.acknowledge(FIRST + WINDOW // 2 - 1)
    assert not viewer.is_due_snapshot(0.0)
    viewer.acknowledge(FIRST + WINDOW // 2)
    assert viewer.is_due_snapshot(0.0)


async def test_a_snapshot_takes_the_place_of_what_still_waits(viewer: Viewer) -> None:
    offer_deltas(viewer, FIRST + 1, FIRST + WINDOW + 1)
    viewer.offer_snapshot("newer snapshot", FIRST + WINDOW + 1, 0.0)
    assert not viewer.is_stale
    assert await anext(texts_of(viewer)) == "newer snapshot"


def test_who_asks_for_a_snapshot_is_due_it_once_the_last_has_arrived(viewer: Viewer) -> None:
    viewer.ask_snapshot()
    assert not viewer.is_due_snapshot(0.0)
    viewer.acknowledge(FIRST)
    assert viewer.is_due_snapshot(0.0)
    viewer.offer_snapshot("the one asked for", FIRST, 0.0)
    assert not viewer.is_due_snapshot(0.0)


async def test_answers_that_nobody_takes_do_not_pile_up(viewer: Viewer) -> None:
    for _ in range(OUTBOX * 2):
        viewer.offer("pong")
    viewer.dismiss(CloseCode.TOO_SLOW, "too slow")
    assert len(viewer._outbox) == OUTBOX


async def test_a_dismissal_ends_the_reading_at_once(viewer: Viewer) -> None:
    texts = texts_of(viewer)
    await anext(texts)
    waiting = asyncio.ensure_future(anext(texts, None))
    await asyncio.sleep(0)
    viewer.offer("never sent")
    viewer.dismiss(CloseCode.NOT_ALLOWED, "only the presenter")
    viewer.dismiss(CloseCode.TOO_MANY, "a later reason")
    assert await waiting is None
    assert viewer.dismissal == Dismissal(code=CloseCode.NOT_ALLOWED, reason="only the presenter")


def test_who_asks_again_and_again_is_due_one_in_two_seconds(viewer: Viewer) -> None:
    viewer.acknowledge(FIRST)
    viewer.ask_snapshot()
    viewer.offer_snapshot("the one asked for", FIRST, 100.0)
    viewer.ask_snapshot()
    assert not viewer.is_due_snapshot(101.9)
    assert viewer.is_due_snapshot(102.0)
