"""A class is asked: the room as a script, then a class of five over two web processes and two owners."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from functools import partial

import msgspec
import pytest

from layersviz.capture.events import (
    Event,
    FrameDissected,
    LabChanged,
    Replayed,
    RunEnded,
    RunKept,
    RunStarted,
    StartRun,
)
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.core.predict import QuestionKind, question
from layersviz.core.said import encoder
from layersviz.rooms.hub import Hub
from layersviz.rooms.kept_state import KeptState
from layersviz.rooms.messages.from_browser import (
    Allow,
    AskQuestion,
    CloseQuestion,
    MoveFrame,
    MoveStep,
    OpenRecording,
    Play,
    Reply,
    Reveal,
    Seek,
    ShowCover,
    Stand,
    Start,
    WhichQuestions,
)
from layersviz.rooms.messages.from_server import (
    CloseCode,
    Offered,
    PlayheadMoved,
    QuestionMoved,
    Refused,
    Replied,
    RunOpened,
)
from layersviz.rooms.messages.values import Cover, Mode, Permission
from layersviz.rooms.replica import Replica
from layersviz.rooms.room import Outcome, Room
from layersviz.rooms.solo import SoloHub
from layersviz.rooms.viewer import Role
from tests.recorded import recorded_run, tell
from tests.rooms.test_hub import Reader
from tests.rooms.test_room import READY
from tests.rooms.test_service import RECORDING, World, is_a, until

RUN = 3
LEADS = "the presenter"
JOURNEYS = tell(recorded_run("handshake-warm"))
SYN = JOURNEYS[0]
AT_SYN = partial(AskQuestion, frame=1, step=2)
ASK = AT_SYN(question=QuestionKind.ACKNOWLEDGMENT)


class Class:
    """A room with a run that has ended on its stage, at the story's start."""

    def __init__(self, hosts: Hosts, now_ms: float = 1_000_000.0) -> None:
        self.now_ms = now_ms
        self.room = Room(hosts)
        self.room.meet({LEADS})
        self.room.fold(RunStarted(run=RUN, source=Source.LAB, hosts=hosts), self.now_ms)
        for journey in JOURNEYS:
            self.room.fold(FrameDissected(run=RUN, journey=journey), self.now_ms)
        self.room.fold(RunEnded(run=RUN), self.now_ms)
        self.room.fold(RunKept(run=RUN, recording=RECORDING), self.now_ms)
        self.ask(Seek(instant_ms=0))

    def ask(self, request: object, window: str = LEADS) -> list[Outcome]:
        return self.room.answer(request, window, self.now_ms)  # type: ignore[arg-type]

    def page_down(self) -> list[Outcome]:
        """A presenter's remote: the next step, and the time until it rests there."""
        said = self.ask(MoveStep(by=1))
        self.now_ms += 60_000
        return said

    def answers(self, person: str, choice: int | None, name: str = "") -> Replied | Refused | None:
        asked = self.question
        number = 0 if asked is None else asked.number
        return self.room.quiz.reply(Reply(question=number, choice=choice), person, name, self.now_ms)

    @property
    def question(self):
        return self.room.snapshot(self.now_ms).question

    @property
    def instant_ms(self) -> float:
        return self.room.snapshot(self.now_ms).playhead.instant_at(self.now_ms)


@pytest.fixture
def asked(hosts: Hosts) -> Class:
    made = Class(hosts)
    made.ask(ASK)
    return made


# --- asking -----------------------------------------------------------------------------------------------------------


def test_the_presenter_hears_what_can_be_asked_at_a_step(hosts: Hosts) -> None:
    (offered,) = Class(hosts).ask(WhichQuestions(frame=1, step=2))
    assert isinstance(offered, Offered)
    assert QuestionKind.ACKNOWLEDGMENT in {offer.kind for offer in offered.offers}
    assert all(offer.words.endswith("?") for offer in offered.offers)


def test_to_look_what_can_be_asked_leads_nothing(hosts: Hosts) -> None:
    a_class = Class(hosts)
    (offered,) = a_class.ask(WhichQuestions(frame=1, step=2), window="another")
    assert isinstance(offered, Offered)
    assert a_class.room.snapshot(0).leader == LEADS


def test_a_question_takes_the_class_to_its_step_and_shows_the_picture(hosts: Hosts) -> None:
    a_class = Class(hosts)
    a_class.ask(ShowCover(cover=Cover.BLANK))
    a_class.ask(Play())
    a_class.ask(ASK)
    assert a_class.instant_ms == SYN.steps[1].rest_ms
    assert a_class.room.snapshot(0).cover is Cover.NONE
    assert (a_class.question.frame, a_class.question.step, a_class.question.run) == (1, 2, RUN)


def test_what_a_question_moves_is_told_in_the_order_of_its_numbers(hosts: Hosts) -> None:
    a_class = Class(hosts)
    a_class.ask(ShowCover(cover=Cover.BLANK))
    before = a_class.room.seq
    assert [delta.seq for delta in a_class.ask(ASK)] == [before + 1, before + 2, before + 3]


def test_what_cannot_be_asked_there_is_refused_in_one_sentence(hosts: Hosts) -> None:
    a_class = Class(hosts)
    for request in (
        AskQuestion(frame=1, step=2, question=QuestionKind.TIME_WAIT),
        AskQuestion(frame=99, step=1, question=QuestionKind.FLAGS),
    ):
        (refused,) = a_class.ask(request)
        assert isinstance(refused, Refused)
    assert a_class.question is None


def test_no_message_says_what_is_right_before_it_is_revealed(asked: Class) -> None:
    asked.answers("a", 0)
    whole = json.loads(encoder().encode(asked.room.snapshot(0)))
    assert whole["question"]["revealed"] is None
    made = question(JOURNEYS, 1, 2, QuestionKind.ACKNOWLEDGMENT, asked.question.number)
    texts = json.dumps(whole["question"]) + encoder().encode(asked.room.quiz.replies()).decode()
    assert '"right"' not in texts
    assert made.why not in texts
    asked.ask(Reveal())
    assert asked.question.revealed.right == made.right
    assert asked.question.revealed.why == made.why


# --- going on ---------------------------------------------------------------------------------------------------------


def test_page_down_alone_reveals_then_closes_and_goes_on(asked: Class) -> None:
    (revealed,) = asked.page_down()
    assert isinstance(revealed, QuestionMoved)
    assert revealed.question.revealed is not None
    assert asked.instant_ms == SYN.steps[1].rest_ms
    closed, moved = asked.page_down()
    assert closed.question is None
    assert isinstance(moved, PlayheadMoved)
    assert asked.instant_ms == SYN.steps[2].rest_ms


@pytest.mark.parametrize("onward", [Play(), MoveStep(by=1), MoveFrame(by=1)])
def test_whatever_goes_on_shows_the_answer_first(asked: Class, onward: object) -> None:
    (revealed,) = asked.ask(onward)
    assert revealed.question.revealed is not None
    assert asked.instant_ms == SYN.steps[1].rest_ms


def test_to_seek_behind_an_open_question_is_refused(asked: Class) -> None:
    (refused,) = asked.ask(Seek(instant_ms=SYN.steps[2].rest_ms))
    assert isinstance(refused, Refused)
    assert asked.instant_ms == SYN.steps[1].rest_ms


@pytest.mark.parametrize("onward", [Play(), MoveFrame(by=1)])
def test_from_before_it_the_class_comes_to_the_question_and_stops_there(hosts: Hosts, onward: object) -> None:
    a_class = Class(hosts)
    a_class.ask(AskQuestion(frame=1, step=6, question=QuestionKind.FLAGS))
    a_class.ask(Seek(instant_ms=SYN.steps[0].rest_ms))
    a_class.ask(onward)
    a_class.now_ms += 600_000
    assert a_class.instant_ms == SYN.steps[5].rest_ms
    assert a_class.question.revealed is None


def test_one_may_look_back_while_the_class_is_asked(asked: Class) -> None:
    asked.ask(MoveStep(by=-1))
    assert asked.instant_ms == SYN.steps[0].rest_ms
    assert asked.question.revealed is None
    asked.page_down()
    assert asked.instant_ms == SYN.steps[1].rest_ms
    assert asked.question.revealed is None


def test_a_question_at_the_very_last_step_ends_with_two_presses_too(hosts: Hosts) -> None:
    a_class = Class(hosts)
    last = JOURNEYS[7]
    a_class.ask(AskQuestion(frame=last.number, step=len(last.steps), question=QuestionKind.TIME_WAIT))
    assert a_class.question is not None
    a_class.page_down()
    assert a_class.question.revealed is not None
    a_class.page_down()
    assert a_class.question is None


def test_it_can_be_taken_away_without_an_answer(asked: Class) -> None:
    (closed,) = asked.ask(CloseQuestion())
    assert closed.question is None
    assert asked.ask(CloseQuestion()) == []
    assert asked.ask(Reveal()) == []


def test_a_student_who_may_start_a_run_waits_until_the_question_is_over(asked: Class) -> None:
    asked.room.fold(LabChanged(status=READY), asked.now_ms)
    asked.ask(Allow(allowed=(Permission.START,)))
    (refused,) = asked.room.answer_student(Start(), "0.1", asked.now_ms)
    assert isinstance(refused, Refused)
    asked.ask(CloseQuestion())
    (started,) = asked.room.answer_student(Start(), "0.1", asked.now_ms)
    assert isinstance(started, StartRun)


def test_another_run_ends_it(asked: Class, hosts: Hosts) -> None:
    asked.answers("a", 1)
    (opened,) = asked.room.fold(RunStarted(run=RUN + 1, source=Source.LAB, hosts=hosts), asked.now_ms)
    assert isinstance(opened, RunOpened)
    assert asked.question is None
    assert [len(noted.replies) for noted in asked.room.quiz.take_unnoted()] == [1]


def test_a_replica_forgets_it_with_its_run_too(asked: Class, hosts: Hosts) -> None:
    encode = encoder().encode
    replica = Replica()
    snapshot = asked.room.snapshot(0)
    replica.begin(snapshot.seq, {"en": encode(snapshot).decode()})
    assert json.loads(replica.snapshot("en", 0))["question"]["frame"] == 1
    (opened,) = asked.room.fold(RunStarted(run=RUN + 1, source=Source.LAB, hosts=hosts), asked.now_ms)
    assert replica.fold(opened.seq, {"en": encode(opened).decode()})
    assert json.loads(replica.snapshot("en", 0))["question"] is None


# --- answering --------------------------------------------------------------------------------------------------------


def test_of_each_the_first_answer_counts(asked: Class) -> None:
    assert asked.answers("a", 2).choice == 2
    assert asked.answers("a", 0).choice == 2
    assert asked.answers("b", 0).choice == 0
    asked.ask(Reveal())
    assert asked.question.answered == 2
    assert asked.question.revealed.counts == (1, 0, 1, 0)


def test_whoever_comes_back_can_ask_which_answer_was_theirs(asked: Class) -> None:
    assert asked.answers("a", None) is None
    asked.answers("a", 3)
    assert asked.answers("a", None).choice == 3
    asked.ask(Reveal())
    assert asked.answers("a", None).choice == 3


@pytest.mark.parametrize("choice", [4, 7])
def test_what_is_no_choice_is_refused(asked: Class, choice: int) -> None:
    assert isinstance(asked.answers("a", choice), Refused)
    assert asked.room.quiz.replies().replies == ()


def test_after_the_reveal_and_after_the_end_nothing_counts(asked: Class) -> None:
    number = asked.question.number
    asked.ask(Reveal())
    assert isinstance(asked.answers("a", 0), Refused)
    asked.ask(CloseQuestion())
    late = asked.room.quiz.reply(Reply(question=number, choice=0), "a", "", asked.now_ms)
    assert isinstance(late, Refused)
    assert asked.room.quiz.take_unnoted() == []


def test_counts_are_told_only_when_they_have_changed(asked: Class) -> None:
    assert asked.room.quiz.count() == []
    for person in "abcde":
        asked.answers(person, 1)
    (moved,) = asked.room.quiz.count()
    assert moved.question.answered == 5
    assert asked.room.quiz.count() == []


def test_a_snapshot_for_one_does_not_keep_the_count_from_the_others(asked: Class) -> None:
    asked.answers("a", 1)
    asked.room.snapshot(0)
    assert len(asked.room.quiz.count()) == 1


def test_the_presenter_sees_who_answered_what(asked: Class) -> None:
    asked.answers("a", 1, "Ada")
    asked.answers("b", 2)
    replies = asked.room.quiz.replies()
    assert [(each.number, each.name, each.choice) for each in replies.replies] == [(1, "Ada", 1), (2, "", 2)]
    assert replies.question == asked.question.number


def test_two_questions_in_one_millisecond_have_two_numbers(asked: Class) -> None:
    first = asked.question.number
    asked.ask(AT_SYN(question=QuestionKind.FLAGS))
    assert asked.question.number > first


# --- what is kept -----------------------------------------------------------------------------------------------------


def resumed(asked: Class, hosts: Hosts) -> Class:
    """Another owner, that knows what was kept and the recording."""
    kept = msgspec.json.decode(msgspec.json.encode(asked.room.state()), type=KeptState)
    other = Class(hosts, asked.now_ms)
    other.room.resume(kept)
    return other


def test_another_owner_goes_on_with_the_question_and_its_answers(asked: Class, hosts: Hosts) -> None:
    asked.answers("a", 1, "Ada")
    other = resumed(asked, hosts)
    assert other.question == asked.question
    assert other.answers("a", 3).choice == 1
    other.ask(Reveal())
    assert resumed(other, hosts).question == other.question


def test_what_an_earlier_version_has_kept_can_be_read(hosts: Hosts) -> None:
    plain = msgspec.to_builtins(Class(hosts).room.state())
    del plain["question"]
    assert msgspec.json.decode(msgspec.json.encode(plain), type=KeptState).question is None


def test_each_answer_is_given_out_once_to_be_written_down(asked: Class) -> None:
    asked.answers("a", 1)
    (noted,) = asked.room.quiz.take_unnoted()
    assert (noted.number, noted.kind, len(noted.replies)) == (asked.question.number, QuestionKind.ACKNOWLEDGMENT, 1)
    assert asked.room.quiz.take_unnoted() == []
    asked.answers("b", 1)
    asked.ask(CloseQuestion())
    (rest,) = asked.room.quiz.take_unnoted()
    assert [each.person for each in rest.replies] == ["b"]


# --- alone ------------------------------------------------------------------------------------------------------------


async def test_whoever_is_alone_sees_at_once_whether_it_was_right(hosts: Hosts) -> None:
    hub = SoloHub(Class(hosts).room, encoder())
    reader = Reader(hub, Role.PRESENTER, window="own")  # type: ignore[arg-type]
    await until(reader, is_a("snapshot"))
    await hub.answer(reader.viewer, WhichQuestions(frame=1, step=2))
    assert (await until(reader, is_a("offered")))["offers"]
    await hub.answer(reader.viewer, ASK)
    asked = (await until(reader, is_a("question_moved")))["question"]
    await hub.answer(reader.viewer, Reply(question=asked["number"], choice=1))
    assert (await until(reader, is_a("replied")))["choice"] == 1
    revealed = (await until(reader, is_a("question_moved")))["question"]["revealed"]
    assert revealed["counts"] == [0, 1, 0, 0]


# --- a class over two web processes -----------------------------------------------------------------------------------


class Lesson(World):
    """Its one recording is a real run."""

    async def _replay(self, shown: Replayed, run: int) -> Sequence[Event]:
        return [
            RunStarted(run=run, source=Source.LAB, hosts=self.hosts, replay=shown),
            *(FrameDissected(run=run, journey=journey) for journey in JOURNEYS),
            RunEnded(run=run),
            RunKept(run=run, recording=RECORDING),
        ]


@pytest.fixture
async def lesson(hosts: Hosts) -> AsyncIterator[Lesson]:
    made = Lesson(hosts)
    yield made
    await made.close()


async def begin(world: Lesson) -> tuple[Hub, Reader, int]:
    """A class that is asked, in its first web process; and the question's number."""
    hub = world.open_hub()
    presenter = Reader(hub, Role.PRESENTER, window="w1")
    await until(presenter, lambda message: message.get("lab", {}).get("state") == "ready")
    await hub.answer(presenter.viewer, OpenRecording(recording=RECORDING))
    await until(presenter, is_a("run_opened"))
    await hub.answer(presenter.viewer, ASK)
    asked = (await until(presenter, is_a("question_moved")))["question"]
    return hub, presenter, asked["number"]


async def test_five_students_of_two_web_processes_answer_and_one_of_them_twice(lesson: Lesson) -> None:
    lesson.start_worker()
    hub, presenter, number = await begin(lesson)
    other = lesson.open_hub()
    for index in range(5):
        process = (hub, other)[index % 2]
        student = Reader(process, Role.STUDENT, person=f"person {index}")
        await until(student, is_a("snapshot"))
        await process.answer(student.viewer, Stand(mode=Mode.FOLLOW, name=f"Student {index}"))
        await process.answer(student.viewer, Reply(question=number, choice=index % 4))
        assert (await until(student, is_a("replied"))) == {"kind": "replied", "question": number, "choice": index % 4}
    again = Reader(other, Role.STUDENT, person="person 0")
    await until(again, is_a("snapshot"))
    await other.answer(again.viewer, Reply(question=number, choice=3))
    assert (await until(again, is_a("replied")))["choice"] == 0
    await hub.answer(presenter.viewer, MoveStep(by=1))
    projector = Reader(other, Role.PROJECTOR)
    shown = await until(projector, lambda said: ((said.get("question") or {}).get("revealed")) is not None)
    assert (shown["question"]["answered"], shown["question"]["revealed"]["counts"]) == (5, [2, 1, 1, 1])
    listed = await until(presenter, lambda said: said["kind"] == "replies" and len(said["replies"]) == 5)
    assert {each["name"] for each in listed["replies"]} == {f"Student {index}" for index in range(5)}


def is_revealed(heard: list[dict]) -> bool:
    asked = [each["question"] for each in heard if each["kind"] in ("snapshot", "question_moved")]
    return bool(asked) and asked[-1] is not None and asked[-1]["revealed"] is not None


async def test_only_the_presenter_is_told_who_answered_what(lesson: Lesson) -> None:
    lesson.start_worker()
    hub, presenter, number = await begin(lesson)
    student, projector = Reader(hub, Role.STUDENT, person="a"), Reader(hub, Role.PROJECTOR)
    await hub.answer(student.viewer, Stand(mode=Mode.FOLLOW, name="Ada"))
    await hub.answer(student.viewer, Reply(question=number, choice=2))
    await until(presenter, lambda said: said["kind"] == "replies" and said["replies"] != [])
    await hub.answer(presenter.viewer, Reveal())
    for reader in (student, projector):
        heard = []
        while not is_revealed(heard):
            heard.append(await reader.read())
        assert "replies" not in [each["kind"] for each in heard]
        assert "Ada" not in json.dumps(heard)


async def test_many_answers_are_told_in_few_messages(lesson: Lesson) -> None:
    lesson.start_worker()
    hub, presenter, number = await begin(lesson)
    for index in range(200):
        student = hub.join(Role.STUDENT, person=f"person {index}")
        await hub.answer(student, Reply(question=number, choice=0))
    heard = []
    while not heard or heard[-1]["question"]["answered"] < 200:
        heard.append(await until(presenter, is_a("question_moved")))
    assert len(heard) < 20


async def test_another_worker_goes_on_with_the_question(lesson: Lesson) -> None:
    first = lesson.start_worker()
    hub, presenter, number = await begin(lesson)
    student = Reader(hub, Role.STUDENT, person="a")
    await hub.answer(student.viewer, Reply(question=number, choice=2))
    await until(student, is_a("replied"))
    while len((json.loads(await lesson.register.saved.get()).get("question") or {"replies": ()})["replies"]) < 1:
        pass
    lesson.start_worker()
    first.cancel()
    snapshot = await until(presenter, is_a("snapshot"))
    assert (snapshot["question"]["number"], snapshot["question"]["answered"]) == (number, 1)
    await hub.answer(student.viewer, Reply(question=number, choice=0))
    assert (await until(student, is_a("replied")))["choice"] == 2


async def test_answers_are_written_down_also_when_the_database_was_away(lesson: Lesson) -> None:
    failures = iter([OSError("the database is away")])
    written = asyncio.Event()
    note = lesson._note_answers

    async def unsteady(code, noted):
        for failure in failures:
            raise failure
        await note(code, noted)
        written.set()

    lesson._note_answers = unsteady  # type: ignore[method-assign]
    lesson.start_worker()
    hub, presenter, number = await begin(lesson)
    student = Reader(hub, Role.STUDENT, person="a")
    await hub.answer(student.viewer, Reply(question=number, choice=2))
    await until(presenter, lambda said: said["kind"] == "replies" and said["replies"] != [])
    await asyncio.wait_for(written.wait(), 60)
    assert [(each.person, each.choice) for noted in lesson.noted for each in noted.replies] == [("a", 2)]


@pytest.mark.parametrize("role", [Role.PRESENTER, Role.PROJECTOR])
async def test_only_students_answer(lesson: Lesson, role: Role) -> None:
    hub = lesson.open_hub()
    viewer = hub.join(role, person="a")
    await hub.answer(viewer, Reply(question=1, choice=1))
    assert viewer.dismissal is not None
    assert viewer.dismissal.code is CloseCode.NOT_ALLOWED


@pytest.mark.parametrize("request_", [ASK, Reveal(), CloseQuestion(), WhichQuestions(frame=1, step=1)])
@pytest.mark.parametrize("role", [Role.STUDENT, Role.PROJECTOR])
async def test_only_the_presenter_asks_and_reveals(lesson: Lesson, role: Role, request_: AskQuestion) -> None:
    hub = lesson.open_hub()
    viewer = hub.join(role, person="a")
    await hub.answer(viewer, request_)
    assert viewer.dismissal is not None


async def test_whose_browser_keeps_no_cookie_hears_why_the_answer_does_not_count(lesson: Lesson) -> None:
    lesson.start_worker()
    hub, _presenter, number = await begin(lesson)
    student = Reader(hub, Role.STUDENT)
    await hub.answer(student.viewer, Reply(question=number, choice=2))
    assert "cookie" in (await until(student, is_a("refused")))["sentence"]
