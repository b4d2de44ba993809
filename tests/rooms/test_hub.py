"""The hub on a loop of its own, with the real channel layer in memory. What a viewer is sent is read as JSON."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer

from layersviz.core.said import encoder
from layersviz.rooms.bus import Feed, ask, asked_feed, tell
from layersviz.rooms.hub import Hub
from layersviz.rooms.hubs import Hubs
from layersviz.rooms.messages.from_browser import Acknowledge, AskSnapshot, LetGo, Ping, Play, SetRate, Stand, Start
from layersviz.rooms.messages.from_server import CloseCode
from layersviz.rooms.messages.values import Mode, Person
from layersviz.rooms.patience import PATIENCE_S
from layersviz.rooms.presses import PRESS_EVERY_S
from layersviz.rooms.tellings import Alive, Answered, Asking, Attended, Closed, Here, Moved, Pressed, Whole, WholeWanted
from layersviz.rooms.tongues import Texts
from layersviz.rooms.viewer import WINDOW, Role, Viewer
from layersviz.rooms.viewers import NO_OWNER
from tests.rooms.reading import texts_of

CODE = "ABCDEF"


class Clock:
    ms = 1_000_000.0

    def __call__(self) -> float:
        return self.ms

    def s(self) -> float:
        return self.ms / 1000


async def always_open(_code: str) -> bool:
    return True


class Reader:
    """A viewer and what it has been sent."""

    def __init__(self, hub: Hub, role: Role = Role.STUDENT, **values: str) -> None:
        self.viewer: Viewer = hub.join(role, **values)
        self._texts = texts_of(self.viewer)

    async def read(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(anext(self._texts), 60))
        return message

    async def kinds(self, count: int) -> list[str]:
        return [(await self.read())["kind"] for _ in range(count)]

    async def is_left_alone(self) -> bool:
        waiting = asyncio.ensure_future(anext(self._texts, None))
        for _ in range(10):
            await asyncio.sleep(0)
        return waiting.cancel()


class Owner:
    """Says what a room's owner would, and reads what it is asked."""

    def __init__(self, layer: InMemoryChannelLayer) -> None:
        self._layer = layer
        self._feed: Feed[Asking] = asked_feed(layer, CODE)
        self.seq = 10

    async def join(self) -> None:
        await self._feed.join()
        self._asked = self._feed.read()

    async def is_asked(self, kind: type[Any]) -> Any:
        while not isinstance(asking := await asyncio.wait_for(anext(self._asked), 60), kind):
            pass
        return asking

    async def tell(self, telling: Any) -> None:
        await tell(self._layer, CODE, telling)

    async def whole(self) -> None:
        await self.tell(Whole(seq=self.seq, texts=snapshot(self.seq)))

    async def move(self) -> None:
        self.seq += 1
        await self.tell(Moved(seq=self.seq, texts=delta(self.seq)))


def snapshot(seq: int) -> Texts:
    run = {"number": 7, "journeys": [{"number": 1}], "ended": False, "problem": ""}
    return texts({"kind": "snapshot", "seq": seq, "now_ms": 1, "run": run, "cover": "none"})


def delta(seq: int) -> Texts:
    return texts({"kind": "cover_moved", "seq": seq, "cover": f"cover {seq}"})


def texts(message: dict[str, Any]) -> Texts:
    return {language: json.dumps({**message, "language": language}) for language in ("en", "de")}


@pytest.fixture
async def owner() -> Owner:
    made = Owner(InMemoryChannelLayer(capacity=1000))
    await made.join()
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def patience_s() -> float:
    return PATIENCE_S


@pytest.fixture
async def hub(owner: Owner, clock: Clock, patience_s: float) -> AsyncIterator[Hub]:
    """It has asked its owner for the snapshot, and not got it yet."""
    tongues = {"en": encoder(), "de": encoder()}
    made = Hub(
        CODE,
        layer=owner._layer,
        tongues=tongues,
        is_open=always_open,
        now_ms=clock,
        now_s=clock.s,
        patience_s=patience_s,
    )
    listening = asyncio.create_task(made.listen())
    await owner.is_asked(WholeWanted)
    yield made
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_viewer_gets_the_snapshot_first_whenever_it_comes(hub: Hub, owner: Owner, clock: Clock) -> None:
    early = Reader(hub)
    await owner.whole()
    assert (await early.read())["seq"] == owner.seq
    clock.ms += 5
    late = await Reader(hub).read()
    assert (late["kind"], late["seq"], late["now_ms"]) == ("snapshot", owner.seq, clock.ms)


async def test_what_the_owner_tells_reaches_each_in_its_language(hub: Hub, owner: Owner) -> None:
    english, german = Reader(hub, language="en"), Reader(hub, language="de")
    await owner.whole()
    await owner.move()
    for reader, language in ((english, "en"), (german, "de")):
        assert [(await reader.read())["language"] for _ in range(2)] == [language, language]


async def test_whoever_comes_late_gets_what_was_told_before(hub: Hub, owner: Owner) -> None:
    reader = Reader(hub)
    await owner.whole()
    journey = {"kind": "frame_added", "seq": 11, "run": 7, "journey": {"number": 2}, "playhead": {"run": 7}}
    closed = {"kind": "run_closed", "seq": 12, "run": 7, "problem": "It broke off."}
    kept = {"kind": "run_kept", "seq": 13, "run": 7, "recording": 3, "not_kept": ""}
    for message in (journey, closed, kept):
        await owner.tell(Moved(seq=message["seq"], texts=texts(message)))
    await reader.kinds(4)
    late = await Reader(hub, language="de").read()
    assert late["run"] == {
        "number": 7,
        "journeys": [{"number": 1}, {"number": 2}],
        "ended": True,
        "problem": "It broke off.",
        "recording": 3,
        "not_kept": "",
    }
    assert (late["playhead"], late["seq"], late["language"]) == ({"run": 7}, 13, "de")


async def test_a_new_run_replaces_the_one_before(hub: Hub, owner: Owner) -> None:
    reader = Reader(hub)
    await owner.whole()
    opened = {"kind": "run_opened", "seq": 11, "run": {"number": 8, "journeys": []}, "playhead": {"run": 8}}
    await owner.tell(Moved(seq=11, texts=texts(opened)))
    await reader.kinds(2)
    assert (await Reader(hub).read())["run"] == {"number": 8, "journeys": []}


async def test_a_gap_is_noticed_and_mended_for_all(hub: Hub, owner: Owner, clock: Clock) -> None:
    reader = Reader(hub)
    await owner.whole()
    assert (await reader.read())["seq"] == 10
    clock.ms += 1000
    owner.seq += 1  # this one is lost
    await owner.move()
    await owner.is_asked(WholeWanted)
    await owner.whole()
    assert (await reader.read())["seq"] == 12


async def test_a_lost_last_message_is_noticed_by_the_sign_of_life(hub: Hub, owner: Owner, clock: Clock) -> None:
    await owner.whole()
    clock.ms += 1000
    await owner.tell(Alive(seq=owner.seq + 1))
    await owner.is_asked(WholeWanted)


async def test_an_owner_that_is_gone_is_said_to_all_and_its_successor_goes_on(
    hub: Hub, owner: Owner, clock: Clock
) -> None:
    presenter = Reader(hub, Role.PRESENTER)
    await owner.whole()
    await presenter.read()
    clock.ms += 10_000
    assert await presenter.read() == {"kind": "interrupted", "sentence": str(NO_OWNER)}
    await hub.answer(presenter.viewer, Play())
    assert (await presenter.read())["kind"] == "refused"
    owner.seq += 1 << 24
    await owner.whole()
    assert (await presenter.read())["seq"] == owner.seq
    await owner.move()
    assert (await presenter.read())["seq"] == owner.seq


async def test_an_earlier_owner_that_still_speaks_is_not_heard(hub: Hub, owner: Owner) -> None:
    reader = Reader(hub)
    owner.seq = 2 << 24
    await owner.whole()
    await owner.tell(Moved(seq=(1 << 24) + 5, texts=delta(5)))
    await owner.move()
    assert [(await reader.read())["seq"] for _ in range(2)] == [2 << 24, (2 << 24) + 1]


async def test_a_press_of_the_presenter_s_reaches_the_owner_with_its_window(hub: Hub, owner: Owner) -> None:
    presenter = Reader(hub, Role.PRESENTER, window="w1")
    await hub.answer(presenter.viewer, SetRate(rate=2))
    assert await owner.is_asked(Pressed) == Pressed(window="w1", request=SetRate(rate=2))


@pytest.mark.parametrize("role", [Role.STUDENT, Role.PROJECTOR])
async def test_whoever_does_not_present_is_dismissed_for_trying(hub: Hub, owner: Owner, role: Role) -> None:
    pupil = Reader(hub, role)
    await hub.answer(pupil.viewer, SetRate(rate=2))
    assert pupil.viewer.dismissal is not None
    assert pupil.viewer.dismissal.code is CloseCode.NOT_ALLOWED
    hub.leave(pupil.viewer)
    await hub.answer(Reader(hub, Role.PRESENTER, window="w1").viewer, Play())
    assert (await owner.is_asked(Pressed)).request == Play()


@pytest.mark.parametrize("request_", [Start(), LetGo(held=2)])
async def test_what_a_student_may_be_allowed_goes_to_the_owner_under_a_name_that_no_window_has(
    hub: Hub, owner: Owner, request_: Start | LetGo
) -> None:
    """Two students with the presenter's window in their addresses are still two, and none of them is the presenter."""
    presenter = Reader(hub, Role.PRESENTER, window="w1")
    one, other = Reader(hub, window="w1"), Reader(hub, window="w1")
    await owner.whole()
    await hub.answer(one.viewer, request_)
    pressed = await owner.is_asked(Pressed)
    assert (pressed.request, pressed.role) == (request_, Role.STUDENT)
    assert "." in pressed.window
    await owner.tell(Answered(window=pressed.window, texts=texts({"kind": "refused", "sentence": "Not now."})))
    assert await one.kinds(2) == ["snapshot", "refused"]
    for each in (other, presenter):
        await each.read()
        assert await each.is_left_alone()
    assert one.viewer.dismissal is None


@pytest.mark.parametrize("request_", [Start(), LetGo()])
async def test_the_projector_is_dismissed_for_the_same(hub: Hub, owner: Owner, request_: Start | LetGo) -> None:
    projector = Reader(hub, Role.PROJECTOR)
    await hub.answer(projector.viewer, request_)
    assert projector.viewer.dismissal is not None
    assert projector.viewer.dismissal.code is CloseCode.NOT_ALLOWED


async def test_a_student_is_heard_once_in_a_second(hub: Hub, owner: Owner, clock: Clock) -> None:
    pupil = Reader(hub)
    await owner.whole()
    await pupil.read()
    await hub.answer(pupil.viewer, LetGo(held=1))
    await hub.answer(pupil.viewer, LetGo(held=2))
    assert (await pupil.read())["sentence"] == "You have pressed a moment ago: press again in a second."
    clock.ms += 1000 * PRESS_EVERY_S
    await hub.answer(pupil.viewer, LetGo(held=3))
    assert [(await owner.is_asked(Pressed)).request.held for _ in range(2)] == [1, 3]


async def test_an_answer_reaches_its_window_alone(hub: Hub, owner: Owner) -> None:
    one, other = Reader(hub, Role.PRESENTER, window="w1"), Reader(hub, Role.PRESENTER, window="w2")
    await owner.whole()
    await owner.tell(Answered(window="w1", texts=texts({"kind": "refused", "sentence": "Not now."})))
    assert await one.kinds(2) == ["snapshot", "refused"]
    await other.read()
    assert await other.is_left_alone()


async def test_who_is_here_is_told_to_presenters_alone(hub: Hub, owner: Owner) -> None:
    presenter, pupil = Reader(hub, Role.PRESENTER), Reader(hub)
    await owner.whole()
    await owner.tell(Attended(text='{"kind": "attendance"}'))
    await owner.move()
    assert await presenter.kinds(3) == ["snapshot", "attendance", "cover_moved"]
    assert await pupil.kinds(2) == ["snapshot", "cover_moved"]


async def test_the_owner_hears_who_is_here_and_how_they_stand(hub: Hub, owner: Owner) -> None:
    Reader(hub, Role.PRESENTER, window="w1")
    Reader(hub, Role.PROJECTOR)
    pupil = Reader(hub)
    await hub.answer(pupil.viewer, Stand(mode=Mode.ROAM, name=" Ada\u202e\n L. ", frame=3, step=2))
    await hub.answer(pupil.viewer, Ping(client_ms=1, round_trip_ms=12))
    while not (said := await owner.is_asked(Here)).people or said.people[0].round_trip_ms is None:
        pass
    assert (said.windows, said.following, said.roaming, said.projectors) == (frozenset({"w1"}), 0, 1, 1)
    (person,) = said.people
    assert (person.name, person.mode, person.frame, person.step) == ("Ada L.", Mode.ROAM, 3, 2)


async def test_a_ping_is_answered_with_both_clocks(hub: Hub, clock: Clock) -> None:
    reader = Reader(hub)
    await hub.answer(reader.viewer, Ping(client_ms=12.5))
    assert await reader.read() == {"kind": "pong", "client_ms": 12.5, "now_ms": clock.ms}


async def test_a_class_that_is_closed_lets_its_viewers_go(hub: Hub, owner: Owner) -> None:
    reader = Reader(hub)
    await owner.tell(Closed())
    assert [text async for text in texts_of(reader.viewer)] == []
    assert reader.viewer.dismissal is not None
    assert reader.viewer.dismissal.code is CloseCode.CLOSED


async def test_a_snapshot_can_be_asked_for_again_once_the_last_has_arrived(hub: Hub, owner: Owner) -> None:
    reader = Reader(hub)
    await owner.whole()
    await owner.move()
    await reader.kinds(2)
    await hub.answer(reader.viewer, AskSnapshot())
    assert await reader.is_left_alone()
    reader._texts = texts_of(reader.viewer)
    await hub.answer(reader.viewer, Acknowledge(seq=owner.seq))
    assert (await reader.read())["seq"] == owner.seq


async def test_a_viewer_that_was_behind_gets_a_snapshot_when_it_has_caught_up(hub: Hub, owner: Owner) -> None:
    slow, quick = Reader(hub), Reader(hub)
    await owner.whole()
    await quick.read()
    for _ in range(WINDOW + 5):
        await owner.move()
        await quick.read()
        await hub.answer(quick.viewer, Acknowledge(seq=owner.seq))
    assert slow.viewer.is_stale
    assert not quick.viewer.is_stale
    await slow.kinds(WINDOW + 1)
    await hub.answer(slow.viewer, Acknowledge(seq=10 + WINDOW))
    caught_up = await slow.read()
    assert (caught_up["kind"], caught_up["seq"]) == ("snapshot", owner.seq)


@pytest.mark.parametrize("patience_s", [0.01])
async def test_a_viewer_that_stays_behind_is_let_go_with_a_reason(hub: Hub, owner: Owner) -> None:
    slow, quick = Reader(hub), Reader(hub)
    await owner.whole()
    await quick.read()
    for _ in range(WINDOW + 1):
        await owner.move()
        await quick.read()
        await hub.answer(quick.viewer, Acknowledge(seq=owner.seq))
    async with asyncio.timeout(60):
        async for _ in texts_of(slow.viewer):
            pass
    assert slow.viewer.dismissal is not None
    assert slow.viewer.dismissal.code is CloseCode.TOO_SLOW
    assert quick.viewer.dismissal is None


async def test_a_language_that_nobody_read_before_is_asked_for(hub: Hub, owner: Owner) -> None:
    english = Reader(hub, language="en")
    await owner.tell(Whole(seq=owner.seq, texts={"en": snapshot(owner.seq)["en"]}))
    assert (await english.read())["language"] == "en"
    german = Reader(hub, language="de")
    while "de" not in (await owner.is_asked(Here)).languages:
        pass
    await owner.is_asked(WholeWanted)
    await owner.whole()
    assert (await german.read())["language"] == "de"
    assert await english.is_left_alone()


async def test_a_language_that_nobody_reads_any_more_is_forgotten(hub: Hub, owner: Owner) -> None:
    english = Reader(hub, language="en")
    await owner.whole()
    await owner.tell(Moved(seq=owner.seq + 1, texts={"en": delta(owner.seq + 1)["en"]}))
    await english.kinds(2)
    german = Reader(hub, language="de")
    await owner.is_asked(WholeWanted)
    await owner.tell(Whole(seq=owner.seq + 1, texts=snapshot(owner.seq + 1)))
    assert (await german.read())["seq"] == owner.seq + 1


async def test_a_press_that_was_lost_is_admitted(hub: Hub, owner: Owner, clock: Clock) -> None:
    presenter = Reader(hub, Role.PRESENTER)
    await owner.whole()
    await presenter.read()
    await hub.answer(presenter.viewer, Play())
    await owner.is_asked(Pressed)
    clock.ms += 2_000
    assert (await presenter.read())["kind"] == "refused"


async def test_a_press_that_was_heard_is_not(hub: Hub, owner: Owner, clock: Clock) -> None:
    presenter = Reader(hub, Role.PRESENTER)
    await owner.whole()
    await presenter.read()
    await hub.answer(presenter.viewer, Play())
    await owner.move()
    await presenter.read()
    clock.ms += 2_000
    await owner.is_asked(Here)
    assert await presenter.is_left_alone()


async def test_a_presenter_whose_line_has_died_is_not_here(hub: Hub, owner: Owner, clock: Clock) -> None:
    Reader(hub, Role.PRESENTER, window="w1")
    while (await owner.is_asked(Here)).windows != {"w1"}:
        pass
    clock.ms += 11_000
    while (await owner.is_asked(Here)).windows:
        pass


async def test_a_number_that_no_layer_can_carry_is_not_sent_and_ends_nothing(owner: Owner) -> None:
    person = Person(number=1, name="", mode=Mode.ROAM, frame=10**20, step=0, round_trip_ms=None)
    here = Here(
        process="p", windows=frozenset(), languages=frozenset(), following=0, roaming=1, projectors=0, people=(person,)
    )
    assert not await ask(owner._layer, CODE, here)


async def test_snapshots_that_are_asked_for_without_end_come_every_two_seconds(
    hub: Hub, owner: Owner, clock: Clock
) -> None:
    reader = Reader(hub)
    await owner.whole()
    await reader.read()
    for _ in range(50):
        await hub.answer(reader.viewer, Acknowledge(seq=owner.seq))
        await hub.answer(reader.viewer, AskSnapshot())
    assert (await reader.read())["kind"] == "snapshot"
    assert await reader.is_left_alone()
    reader._texts = texts_of(reader.viewer)
    clock.ms += 2_000
    assert (await reader.read())["kind"] == "snapshot"


async def test_two_languages_in_one_moment_are_both_answered(owner: Owner, clock: Clock) -> None:
    """The owner answers in the languages of those whom it has heard of."""
    tongues = {"en": encoder(), "de": encoder()}
    hub = Hub(CODE, layer=owner._layer, tongues=tongues, is_open=always_open, now_s=clock.s)
    listening = asyncio.create_task(hub.listen())
    english, german = Reader(hub, Role.PRESENTER, language="en"), Reader(hub, language="de")
    await owner.is_asked(WholeWanted)
    await owner.tell(Whole(seq=owner.seq, texts={"en": snapshot(owner.seq)["en"]}))
    assert (await english.read())["language"] == "en"
    clock.ms += 1_000
    while "de" not in (await owner.is_asked(Here)).languages:
        pass
    await owner.is_asked(WholeWanted)
    await owner.whole()
    assert (await german.read())["language"] == "de"
    listening.cancel()


async def test_a_language_that_one_delta_lacked_comes_back(hub: Hub, owner: Owner, clock: Clock) -> None:
    german = Reader(hub, language="de")
    await owner.whole()
    await german.read()
    clock.ms += 1_000
    owner.seq += 1
    await owner.tell(Moved(seq=owner.seq, texts={"en": delta(owner.seq)["en"]}))
    while "de" not in (await owner.is_asked(Here)).languages:
        pass
    await owner.is_asked(WholeWanted)
    await owner.move()
    await owner.whole()
    whole = await german.read()
    assert (whole["kind"], whole["language"], whole["seq"]) == ("snapshot", "de", owner.seq)


async def test_an_answer_to_a_window_reaches_no_student_of_the_same_name(hub: Hub, owner: Owner) -> None:
    presenter, pupil = Reader(hub, Role.PRESENTER, window="w1"), Reader(hub, window="w1")
    await owner.whole()
    await owner.tell(Answered(window="w1", texts=texts({"kind": "refused", "sentence": "Not now."})))
    assert await presenter.kinds(2) == ["snapshot", "refused"]
    await pupil.read()
    assert await pupil.is_left_alone()


async def test_a_wall_clock_that_jumps_interrupts_nothing(owner: Owner, clock: Clock) -> None:
    wall = Clock()
    hub = Hub(CODE, layer=owner._layer, tongues={"en": encoder()}, is_open=always_open, now_ms=wall, now_s=clock.s)
    listening = asyncio.create_task(hub.listen())
    reader = Reader(hub, Role.PRESENTER, window="w1")
    await owner.is_asked(WholeWanted)
    await owner.tell(Whole(seq=owner.seq, texts={"en": snapshot(owner.seq)["en"]}))
    await reader.read()
    wall.ms += 3_600_000
    clock.ms += 1_600
    while not (await owner.is_asked(Here)).windows:
        pass
    clock.ms += 1_600
    assert (await owner.is_asked(Here)).windows == {"w1"}
    listening.cancel()


class AwayLayer(InMemoryChannelLayer):
    """A layer whose connection comes late."""

    is_away = True

    async def group_add(self, group: str, channel: str) -> None:
        if self.is_away:
            raise ConnectionError("no connection")
        await super().group_add(group, channel)


async def test_a_layer_that_is_away_is_said_and_waited_for(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layersviz.rooms.hub.JOIN_AGAIN_S", 0.01)
    layer = AwayLayer(capacity=1000)
    hub = Hub(CODE, layer=layer, tongues={"en": encoder(), "de": encoder()}, is_open=always_open)
    reader = Reader(hub)
    listening = asyncio.create_task(hub.listen())
    assert (await reader.read())["kind"] == "interrupted"
    layer.is_away = False
    owner = Owner(layer)
    await owner.join()
    await owner.is_asked(WholeWanted)
    await owner.whole()
    assert (await reader.read())["kind"] == "snapshot"
    listening.cancel()


async def test_a_hub_that_fails_does_not_say_that_the_class_is_over(owner: Owner) -> None:
    hubs = Hubs(owner._layer, {"en": encoder()}, always_open)
    hub = hubs.hub(CODE)
    reader = Reader(hub)
    await owner.is_asked(WholeWanted)
    await owner.tell(Whole(seq=1, texts={"en": "no JSON"}))
    assert [text async for text in texts_of(reader.viewer)] == []
    assert reader.viewer.dismissal is not None
    assert reader.viewer.dismissal.code is CloseCode.FAILED
    assert hubs.hub(CODE) is not hub
    await hubs.stop()


async def test_a_class_that_was_closed_while_nobody_owned_it_is_over(owner: Owner, clock: Clock) -> None:
    answers = iter([ConnectionError("no database"), True, False])

    async def is_open(_code: str) -> bool:
        answer = next(answers)
        clock.ms += 6_000
        if isinstance(answer, Exception):
            raise answer
        return answer

    hub = Hub(CODE, layer=owner._layer, tongues={"en": encoder()}, is_open=is_open, now_s=clock.s)
    reader = Reader(hub)
    clock.ms += 4_000
    await asyncio.wait_for(hub.listen(), 60)
    assert reader.viewer.dismissal is not None
    assert reader.viewer.dismissal.code is CloseCode.CLOSED
    assert next(answers, None) is None
