"""Those who look at a class's sockets by one web process, with the real channel layer in memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer

from layersviz.core.said import encoder
from layersviz.rooms.bus import Feed, asked_feed, show
from layersviz.rooms.lookout import ASK_EVERY_S, SILENCE_S, SILENT_S, Lookout, Lookouts
from layersviz.rooms.messages.from_browser import Look, TryPort
from layersviz.rooms.messages.from_server import CloseCode
from layersviz.rooms.tellings import Asking, Closed, LookWanted, PortWanted, Shown
from layersviz.rooms.tongues import Texts
from layersviz.rooms.viewer import Role, Viewer
from layersviz.rooms.viewers import NO_OWNER
from tests.rooms.reading import texts_of

CODE = "ABCDEF"
TONGUES = {"en": encoder(), "de": encoder()}


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Owner:
    """Reads what a room's owner is asked, and shows what it would."""

    def __init__(self, layer: InMemoryChannelLayer) -> None:
        self.layer = layer
        self._feed: Feed[Asking] = asked_feed(layer, CODE)

    async def join(self) -> None:
        await self._feed.join()
        self._asked = self._feed.read()

    async def is_asked(self) -> Any:
        return await asyncio.wait_for(anext(self._asked), 60)

    async def show(self, sockets: str, *, is_new: bool = True) -> None:
        await show(self.layer, CODE, Shown(texts=texts(sockets), is_new=is_new))


class Reader:
    def __init__(self, lookout: Lookout, role: Role = Role.LOOKER, language: str = "en") -> None:
        self.viewer: Viewer = lookout.join(role, language=language)
        self._texts = texts_of(self.viewer)

    async def read(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(anext(self._texts), 60))
        return message

    @property
    def is_left_alone(self) -> bool:
        return self.viewer.take() is None


def texts(sockets: str) -> Texts:
    return {language: json.dumps({"sockets": sockets, "language": language}) for language in TONGUES}


@pytest.fixture
async def owner() -> Owner:
    made = Owner(InMemoryChannelLayer(capacity=1000))
    await made.join()
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def lookout(owner: Owner, clock: Clock) -> AsyncIterator[Lookout]:
    made = Lookout(CODE, owner.layer, TONGUES, now_s=clock)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_while_nobody_looks_nobody_is_asked_and_whoever_comes_is_answered(
    lookout: Lookout, owner: Owner, clock: Clock
) -> None:
    asking = asyncio.ensure_future(owner.is_asked())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not asking.done()
    reader = Reader(lookout)
    assert await asking == LookWanted(anew=True)
    await owner.show("some")
    assert (await reader.read())["sockets"] == "some"
    clock.now_s += ASK_EVERY_S
    assert await owner.is_asked() == LookWanted(anew=False)


async def test_each_reads_it_in_the_own_language(lookout: Lookout, owner: Owner) -> None:
    readers = {language: Reader(lookout, language=language) for language in ("en", "de", "xx")}
    await owner.is_asked()
    await owner.show("some")
    assert [(await each.read())["language"] for each in readers.values()] == ["en", "de", "en"]


async def test_what_is_not_new_reaches_those_alone_who_wait_for_it(lookout: Lookout, owner: Owner) -> None:
    first = Reader(lookout)
    await owner.is_asked()
    await owner.show("some")
    await first.read()
    second = Reader(lookout)
    assert await owner.is_asked() == LookWanted(anew=True)
    await owner.show("the same", is_new=False)
    assert (await second.read())["sockets"] == "the same"
    assert first.is_left_alone


async def test_a_page_that_no_longer_says_that_it_looks_is_told_nothing_until_it_does(
    lookout: Lookout, owner: Owner, clock: Clock
) -> None:
    silent, present = Reader(lookout), Reader(lookout)
    await owner.is_asked()
    await owner.show("some")
    assert (await silent.read(), await present.read())[0]["sockets"] == "some"
    clock.now_s += SILENT_S / 2
    await lookout.answer(present.viewer, Look())
    clock.now_s += SILENT_S / 2 + 1
    await owner.show("more")
    assert (await present.read())["sockets"] == "more"
    assert silent.is_left_alone
    await lookout.answer(silent.viewer, Look())
    while await owner.is_asked() != LookWanted(anew=True):
        pass
    await owner.show("more", is_new=False)
    assert (await silent.read())["sockets"] == "more"


async def test_a_presenter_may_try_a_port_and_whoever_else_asks_hears_why_not(lookout: Lookout, owner: Owner) -> None:
    presenter, student = Reader(lookout, Role.PRESENTER), Reader(lookout)
    await lookout.answer(student.viewer, TryPort(port=80))
    assert await student.read() == {"kind": "refused", "sentence": "Only the presenter may try a port."}
    await lookout.answer(presenter.viewer, TryPort(port=80, right=True))
    while not isinstance(asking := await owner.is_asked(), PortWanted):
        assert isinstance(asking, LookWanted)
    assert asking == PortWanted(port=80, right=True)


async def test_an_owner_that_does_not_answer_is_said_to_be_away_until_it_does(
    lookout: Lookout, owner: Owner, clock: Clock
) -> None:
    reader = Reader(lookout)
    await owner.is_asked()
    await owner.show("some")
    await reader.read()
    for _ in range(3):
        clock.now_s += SILENCE_S / 2 - 0.5
        await lookout.answer(reader.viewer, Look())
        await owner.is_asked()
    assert await reader.read() == {"kind": "interrupted", "sentence": str(NO_OWNER)}
    clock.now_s += ASK_EVERY_S
    assert await owner.is_asked() == LookWanted(anew=True)
    await owner.show("some", is_new=False)
    assert (await reader.read())["sockets"] == "some"


async def test_the_end_of_the_class_is_the_end_of_looking(lookout: Lookout, owner: Owner) -> None:
    reader = Reader(lookout)
    await owner.is_asked()
    await show(owner.layer, CODE, Closed())
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(reader._texts), 60)
    assert reader.viewer.dismissal is not None
    assert reader.viewer.dismissal.code is CloseCode.CLOSED


async def test_there_is_one_for_each_room_and_none_after_its_class_is_over(owner: Owner) -> None:
    lookouts = Lookouts(owner.layer, TONGUES)
    first = lookouts.lookout(CODE)
    reader = Reader(first)
    assert lookouts.lookout(CODE) is first
    await owner.is_asked()
    await show(owner.layer, CODE, Closed())
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(reader._texts), 60)
    task = lookouts._tasks.get(CODE)
    if task is not None:
        await task
    assert lookouts.lookout(CODE) is not first
    await lookouts.stop()
