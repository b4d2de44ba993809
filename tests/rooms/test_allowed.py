"""What students may press: the room as a script, as in test_room. Every time is the server's, in milliseconds."""

from itertools import product

import msgspec
import pytest

from layersviz.capture import events
from layersviz.capture.events import HeldFrame, Replayed, RunStarted, StartRun
from layersviz.core.host import Hosts, Side
from layersviz.core.order import COLD, PLAIN, Deed, Fault, FrameKind, Order
from layersviz.core.played_run import Source
from layersviz.rooms.allowed import START_EVERY_MS
from layersviz.rooms.kept_state import KeptState
from layersviz.rooms.messages.from_browser import (
    Allow,
    LetGo,
    OpenRecording,
    PresenterMessage,
    ShowCover,
    Start,
    StudentPress,
)
from layersviz.rooms.messages.from_server import AllowedMoved, Refused, Snapshot
from layersviz.rooms.messages.values import Cover, Permission
from layersviz.rooms.room import Outcome, Room
from tests.rooms.test_room import RUN, WINDOW, Script, told

STUDENT = "a process.12"
BOTH = (Permission.START, Permission.LET_GO)
HELD = HeldFrame(number=1, sender=Side.CLIENT, frame=FrameKind.SYN, nth=1, since_ns=5, octets="00")
HOLDING = Order(faults=(Fault(deed=Deed.HOLD, sender=Side.CLIENT, frame=FrameKind.SYN),))
REFUSALS = {
    "start": "The presenter has not allowed the class to start a run.",
    "let_go": "The presenter has not allowed the class to let a held frame go.",
}


class Class(Script):
    """The same with students in it."""

    def press(self, request: StudentPress) -> list[Outcome]:
        return self.room.answer_student(request, STUDENT, self.now_ms)

    def hold(self, *held: HeldFrame) -> None:
        self.hear(events.HeldMoved, run=RUN, held=held)

    def holding(self) -> None:
        """A run is on whose first frame is held on the wire."""
        self.hear(RunStarted, run=RUN, source=Source.LAB, hosts=self.hosts, order=HOLDING)
        self.hold(HELD)

    def snapshot(self) -> Snapshot:
        return self.room.snapshot(self.now_ms)


@pytest.fixture
def school(hosts: Hosts) -> Class:
    made = Class(hosts)
    made.lab()
    return made


def sentence(outcomes: list[Outcome]) -> str:
    (refused,) = outcomes
    assert isinstance(refused, Refused)
    return refused.sentence


# --- the presenter's switches -----------------------------------------------------------------------------------------


def test_at_first_nothing_is_allowed_and_each_press_is_refused_in_a_sentence(school: Class) -> None:
    assert school.snapshot().allowed == ()
    assert sentence(school.press(Start())) == REFUSALS["start"]
    school.holding()
    assert sentence(school.press(LetGo())) == REFUSALS["let_go"]


def test_what_is_allowed_is_told_to_all_once_and_stays_in_the_snapshot(school: Class) -> None:
    ask = Allow(allowed=(Permission.LET_GO, Permission.START, Permission.LET_GO))
    assert school.ask(ask) == [AllowedMoved(seq=school.room.seq, allowed=BOTH)]
    assert school.ask(Allow(allowed=BOTH)) == []
    assert school.snapshot().allowed == BOTH
    assert school.ask(Allow(allowed=())) == [AllowedMoved(seq=school.room.seq, allowed=())]
    assert school.snapshot().allowed == ()


@pytest.mark.parametrize(
    ("allowed", "press"),
    list(product([(), BOTH[:1], BOTH[1:], BOTH], [Start(faults=HOLDING.faults), LetGo(held=1)])),
)
def test_each_permission_opens_its_own_press_and_no_other(
    school: Class, allowed: tuple[Permission, ...], press: StudentPress
) -> None:
    school.ask(Allow(allowed=allowed))
    school.holding()
    needed = Permission.START if isinstance(press, Start) else Permission.LET_GO
    if isinstance(press, Start):
        school.end()
        done: list[Outcome] = [StartRun(asked_by=STUDENT, order=HOLDING)]
    else:
        done = [events.LetGo(held=1)]
    expected = done if needed in allowed else [Refused(sentence=REFUSALS[needed.value])]
    assert school.press(press) == expected


def test_a_permission_that_is_taken_back_counts_at_once(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    school.ask(Allow(allowed=()))
    assert sentence(school.press(Start())) == REFUSALS["start"]


def test_a_second_window_of_the_presenters_allows_nothing_before_it_leads(school: Class) -> None:
    school.room.meet({WINDOW, "second"})
    assert "Take over" in sentence(school.room.answer(Allow(allowed=BOTH), "second", 0))
    assert school.snapshot().allowed == ()


# --- a student's start ------------------------------------------------------------------------------------------------


def test_a_students_start_makes_nobody_the_leader_and_moves_no_number(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    before = school.snapshot()
    assert school.press(Start()) == [StartRun(asked_by=STUDENT, order=PLAIN)]
    assert school.snapshot() == before
    assert before.leader == WINDOW


def test_it_is_the_order_of_the_run_on_the_stage_and_no_other(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    school.hear(RunStarted, run=RUN, source=Source.LAB, hosts=school.hosts, order=COLD)
    school.end()
    for other in (Start(), Start(cold=True, textbook=True), Start(cold=True, server_port=6789)):
        assert sentence(school.press(other)) == "The class may start the run on the stage again, and no other."
    assert school.press(Start(cold=True)) == [StartRun(asked_by=STUDENT, order=COLD)]


def test_the_class_starts_one_run_in_five_seconds_and_the_presenter_as_many_as_ever(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    school.press(Start())
    school.now_ms = START_EVERY_MS - 1
    assert "a moment ago" in sentence(school.press(Start()))
    assert school.ask(Start()) == [StartRun(asked_by=WINDOW, order=PLAIN)]
    school.now_ms = START_EVERY_MS
    assert school.press(Start()) == [StartRun(asked_by=STUDENT, order=PLAIN)]


def test_a_press_that_was_refused_counts_as_none(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    assert school.press(Start(cold=True)) != [StartRun(asked_by=STUDENT, order=COLD)]
    assert school.press(Start()) == [StartRun(asked_by=STUDENT, order=PLAIN)]


def test_while_a_run_is_on_it_waits_as_the_presenters_does(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    school.start()
    assert sentence(school.press(Start())) == "A run is under way: wait until it has ended, then press again."


@pytest.mark.parametrize("cover", [Cover.BLANK, Cover.INVITATION])
def test_a_picture_that_the_presenter_hides_stays_hidden(school: Class, cover: Cover) -> None:
    school.ask(Allow(allowed=BOTH))
    school.ask(ShowCover(cover=cover))
    assert "is hidden" in sentence(school.press(Start()))
    assert school.snapshot().cover is cover


def test_nobody_starts_anything_while_the_presenter_is_away(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    school.room.meet(frozenset())
    assert sentence(school.press(Start())) == "The presenter is not here: as soon as that changes, press again."
    school.room.meet({"another window"})
    assert school.press(Start()) == [StartRun(asked_by=STUDENT, order=PLAIN)]


def test_what_lets_go_too_late_changes_nothing(school: Class) -> None:
    school.ask(Allow(allowed=BOTH))
    assert school.press(LetGo()) == []


# --- frames that are held ---------------------------------------------------------------------------------------------


def test_what_is_held_is_let_go_when_no_window_of_the_presenters_is_left(school: Class) -> None:
    school.room.meet({WINDOW, "second"})
    school.holding()
    assert school.room.meet({"second"}) == []
    assert events.LetGo(held=0) in school.room.meet(frozenset())


def test_what_is_held_later_is_let_go_too_while_the_presenter_is_away(school: Class) -> None:
    school.holding()
    school.room.meet(frozenset())
    school.hold()
    assert school.room.meet(frozenset()) == []
    school.hold(HELD)
    assert school.room.meet(frozenset()) == [events.LetGo(held=0)]


def test_what_is_held_stays_while_the_presenter_is_here(school: Class) -> None:
    school.holding()
    assert school.room.meet({WINDOW}) == []
    assert school.snapshot().run.held == (HELD,)


@pytest.mark.parametrize("request_", [Start(), OpenRecording(recording=3)])
def test_while_a_frame_is_held_a_press_says_what_to_do_with_it(school: Class, request_: PresenterMessage) -> None:
    school.holding()
    expected = "A frame is held on the wire: let it go or stop the run, then press again."
    assert sentence(school.ask(request_)) == expected


# --- from one owner to the next ---------------------------------------------------------------------------------------


def test_the_next_owner_allows_the_same(school: Class, hosts: Hosts) -> None:
    school.ask(Allow(allowed=BOTH))
    kept = school.room.state()
    assert kept is not None
    other = Room(hosts)
    other.resume(msgspec.json.decode(msgspec.json.encode(kept), type=KeptState))
    assert other.snapshot(0).allowed == BOTH


def test_a_state_that_was_kept_before_there_were_permissions_allows_nothing(school: Class, hosts: Hosts) -> None:
    school.start()
    school.end()
    school.hear(events.RunKept, run=RUN, recording=12)
    old = msgspec.to_builtins(school.room.state())
    del old["allowed"]
    other = Room(hosts)
    other.replay(told(hosts, RUN), 0)
    other.resume(msgspec.convert(old, KeptState))
    assert other.snapshot(0).allowed == ()
    assert other.snapshot(0).run.replay == Replayed(recording=12)
