"""What a class shares: the state of the lab, the run on the stage, the playhead. Pure: no loop, no clock, no socket.

It folds what the capture tells and answers the presenter's requests; both give what is to be sent or done. Deltas are
numbered and go to all viewers, a refusal to the one who asked, the rest is for the room's owner to do.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import msgspec

from layersviz.capture import events
from layersviz.capture.events import (
    Event,
    FrameDissected,
    LabChanged,
    LabState,
    LabStatus,
    Replayed,
    RunEnded,
    RunRefused,
    RunStarted,
    StartRun,
)
from layersviz.core.host import Hosts
from layersviz.core.order import why_not
from layersviz.core.played_run import Source
from layersviz.core.playhead import Playhead
from layersviz.core.predict import NoQuestionError, questions_at
from layersviz.core.said import said
from layersviz.rooms.allowed import Allowed
from layersviz.rooms.messages import (
    Allow,
    AllowedMoved,
    AskQuestion,
    CloseQuestion,
    Cover,
    CoverMoved,
    Delta,
    FrameAdded,
    HeldMoved,
    LabMoved,
    LeaderMoved,
    LetGo,
    Move,
    MoveFrame,
    MoveStep,
    Offered,
    OpenRecording,
    Pause,
    Permission,
    Play,
    PlayheadMoved,
    PresenterMessage,
    Questioning,
    QuestionMoved,
    QuestionOffer,
    Refused,
    Replied,
    Replies,
    Reply,
    Reveal,
    Run,
    RunClosed,
    RunKept,
    RunOpened,
    Seek,
    SetRate,
    ShowCover,
    Snapshot,
    Start,
    StopRun,
    StudentPress,
    TakeOver,
    WhichQuestions,
)
from layersviz.rooms.questions import MOST_ANSWERS, Answer, KeptQuestion, NotedAnswers, OpenQuestion, new_question
from layersviz.rooms.timeline import Timeline

Outcome = Delta | Refused | StartRun | events.LetGo | events.StopRun | OpenRecording | Offered

_SETTING_UP = said("The lab is being set up.")
_STARTING = said("The lab is being set up: press again in a moment.")
_RUN_IS_ON = said("A run is under way: wait until it has ended, then press again.")
_IS_HELD = said("A frame is held on the wire: let it go or stop the run, then press again.")
_IS_RECORDING = said("This is a recording: a run is started on the live stage.")
_NOTHING_TO_PLAY = said("There is nothing to play yet: press Start handshake first.")
_QUESTION_IS_OPEN = said("The class is being asked: show the answer first, or take the question away.")
_WAIT_FOR_ANSWER = said("The class is being asked: answer first, and press again when that is over.")
_NOT_ASKED_HERE = said("This cannot be asked at this step, or not before more of the run has been seen.")
_NOT_ASKED = said("This question is over.")
_ANSWER_IS_SHOWN = said("The answer has been shown already.")
_NO_CHOICE = said("This is none of the choices.")
_TOO_MANY_ANSWERS = said("Too many have answered already.")
_ANOTHER_LEADS = said("Another window leads this class: press Take over to lead from here.")


class KeptState(msgspec.Struct, frozen=True, kw_only=True):
    """What outlives the process that owns a room. `shown` is the run on the stage, None where there was none; `lab` is
    how the lab was last."""

    playhead: Playhead
    shown: Replayed | None
    cover: Cover
    leader: str
    lab: LabState = LabState.STARTING
    lab_source: Source = Source.LAB
    allowed: tuple[Permission, ...] = ()
    question: KeptQuestion | None = None


class Room:
    """One class. `now_ms` is always the server's clock, milliseconds since 1970.

    `seq` is where the numbers begin: a later owner begins higher than an earlier one ever came.
    """

    def __init__(self, hosts: Hosts, *, seq: int = 0, cover: Cover = Cover.NONE) -> None:
        self.seq = seq
        self._lab = LabStatus(state=LabState.STARTING, source=Source.LAB, sentence=_SETTING_UP)
        self._run = Run(number=0, source=Source.LAB, hosts=hosts)
        self._former: Run | None = None
        self._timeline = Timeline()
        self._playhead = Playhead()
        self._cover = cover
        self._leader = ""
        self._allowed = Allowed()
        self._windows: AbstractSet[str] = frozenset()
        self._question: OpenQuestion | None = None
        self._to_note: list[NotedAnswers] = []

    def snapshot(self, now_ms: float) -> Snapshot:
        return Snapshot(
            seq=self.seq,
            now_ms=now_ms,
            lab=self._lab,
            run=self._run,
            playhead=self._playhead,
            cover=self._cover,
            leader=self._leader,
            presenter_online=bool(self._windows),
            allowed=self._allowed.permissions,
            question=None if self._question is None else self._question.told(),
        )

    # --- from one owner to the next -----------------------------------------------------------------------------------

    def state(self) -> KeptState | None:
        """What is to be kept; None while the run on the stage cannot be opened again (yet)."""
        run = self._run
        shown = run.replay if run.recording is None else Replayed(recording=run.recording)
        if run.number and shown is None:
            return None
        return KeptState(
            playhead=self._playhead,
            shown=shown,
            cover=self._cover,
            leader=self._leader,
            lab=self._lab.state,
            lab_source=self._lab.source,
            allowed=self._allowed.permissions,
            question=None if self._question is None else self._question.kept(),
        )

    def replay(self, told: Sequence[Event], now_ms: float) -> Delta:
        """A run that was played before, from its start to its end: all of it comes as one delta."""
        seq = self.seq
        for event in told:
            self.fold(event, now_ms)
        self.seq = seq
        return RunOpened(seq=self._next_seq(), run=self._run, playhead=self._playhead)

    def resume(self, kept: KeptState) -> None:
        """Go on where another owner stopped; the events of the run have been folded before."""
        self._cover, self._leader = kept.cover, kept.leader
        self._allowed.allow(kept.allowed)
        if kept.playhead.run == self._run.number:
            self._playhead = kept.playhead
            self._resume_question(kept.question)

    def _resume_question(self, kept: KeptQuestion | None) -> None:
        if kept is None:
            return
        try:
            self._question = OpenQuestion(self._run.journeys, self._run.number, kept)
        except NoQuestionError:  # the run is told otherwise by now
            self._question = None

    # --- what the capture tells ---------------------------------------------------------------------------------------

    def fold(self, event: Event, now_ms: float) -> list[Delta | Refused]:
        """Take in an event; one that changes nothing gives nothing."""
        match event:
            case LabChanged():
                return self._change_lab(event.status)
            case RunStarted():
                return self._open_run(event, now_ms)
            case FrameDissected():
                return self._add_frame(event, now_ms)
            case events.HeldMoved():
                return self._hold(event)
            case RunEnded():
                return self._close_run(event)
            case events.RunKept():
                return self._note_kept(event)
            case RunRefused():
                return [Refused(sentence=event.sentence)]

    def _change_lab(self, status: LabStatus) -> list[Delta | Refused]:
        if status == self._lab:
            return []
        self._lab = status
        return [LabMoved(seq=self._next_seq(), lab=status)]

    def _open_run(self, event: RunStarted, now_ms: float) -> list[Delta | Refused]:
        """The new run replaces the one shown, and plays from its start at the rate in force."""
        self._drop_question()
        self._former = self._run  # to let go of it takes longer than a frame is on the wire: when there is time
        self._run = Run(
            number=event.run,
            source=event.source,
            hosts=event.hosts,
            ended=False,
            replay=event.replay,
            order=event.order,
            clocks=event.clocks,
        )
        self._timeline = Timeline()
        self._playhead = replace(Playhead(rate=self._playhead.rate), run=event.run, playing=True, at_ms=now_ms)
        return [RunOpened(seq=self._next_seq(), run=self._run, playhead=self._playhead)]

    def _add_frame(self, event: FrameDissected, now_ms: float) -> list[Delta | Refused]:
        """A playhead that plays to the story's end goes on to the new end, from where it really is: had it reached the
        old end and waited there, it must not jump over the time that it waited."""
        former_end_ms = self._timeline.end_ms
        if event.run != self._run.number or not self._timeline.add(event.journey):
            return []
        self._run = msgspec.structs.replace(self._run, journeys=(*self._run.journeys, event.journey))
        if self._plays_to(former_end_ms):
            here_ms = self._playhead.instant_at(now_ms)
            self._playhead = self._playhead.glide(here_ms, self._timeline.end_ms, now_ms)
        return [FrameAdded(seq=self._next_seq(), run=event.run, journey=event.journey, playhead=self._playhead)]

    def _hold(self, event: events.HeldMoved) -> list[Delta | Refused]:
        if event.run != self._run.number or event.held == self._run.held:
            return []
        self._run = msgspec.structs.replace(self._run, held=event.held)
        return [HeldMoved(seq=self._next_seq(), run=event.run, held=event.held)]

    def _close_run(self, event: RunEnded) -> list[Delta | Refused]:
        if event.run != self._run.number or self._run.ended:
            return []
        self._former = None
        none_held = self._hold(events.HeldMoved(run=event.run, held=()))
        self._run = msgspec.structs.replace(self._run, ended=True, problem=event.problem)
        return [*none_held, RunClosed(seq=self._next_seq(), run=event.run, problem=event.problem)]

    def _note_kept(self, event: events.RunKept) -> list[Delta | Refused]:
        if event.run != self._run.number:
            return []
        self._run = msgspec.structs.replace(self._run, recording=event.recording, not_kept=event.problem)
        return [RunKept(seq=self._next_seq(), run=event.run, recording=event.recording, not_kept=event.problem)]

    # --- the presenter's windows --------------------------------------------------------------------------------------

    def meet(self, windows: AbstractSet[str]) -> list[Outcome]:
        """These are connected now. The first that ever comes leads; one that leads may go and come back. While there is
        none, nothing stays held on the wire."""
        was_online = bool(self._windows)
        self._windows = windows
        if windows and not self._leader:
            return [self._lead(min(windows))]
        led = [self._lead(self._leader)] if bool(windows) != was_online else []
        return [*led, *([] if windows or not self._run.held else [events.LetGo()])]

    def _lead(self, window: str) -> Delta:
        self._leader = window
        return LeaderMoved(seq=self._next_seq(), leader=window, presenter_online=bool(self._windows))

    # --- the presenter's requests -------------------------------------------------------------------------------------

    def answer(self, request: PresenterMessage, window: str, now_ms: float) -> list[Outcome]:
        """Do what is asked by that window, or refuse it in one sentence. A press that changes nothing gives nothing.

        While the window that leads is connected, no other moves anything before it has taken over, to be seen by both.
        """
        if isinstance(request, WhichQuestions):
            return self._put(request, now_ms)
        led: list[Outcome] = []
        if window != self._leader:
            if self._leader in self._windows and not isinstance(request, TakeOver):
                return [Refused(sentence=_ANOTHER_LEADS)]
            led.append(self._lead(window))
        return [*led, *self._do(request, window, now_ms)]

    def answer_student(self, request: StudentPress, asked_by: str, now_ms: float) -> list[Outcome]:
        """The same for a student, where the presenter allows it. Nobody leads by that, and no cover goes."""
        why_not = self._allowed.why_not(request, presenter_online=bool(self._windows))
        if not why_not and isinstance(request, Start) and self._question is not None:
            why_not = _WAIT_FOR_ANSWER
        if not why_not and isinstance(request, Start):
            why_not = self._obstacle(request) or self._allowed.why_no_start(request, self._run, self._cover, now_ms)
        if why_not:
            return [Refused(sentence=why_not)]
        if isinstance(request, LetGo):
            return self._interfere(request)
        self._allowed.started(now_ms)
        return [StartRun(asked_by=asked_by, order=request.order)]

    def _do(self, request: PresenterMessage, window: str, now_ms: float) -> list[Outcome]:
        match request:
            case TakeOver():
                return []
            case ShowCover() | SetRate() | Allow():
                return self._set(request, now_ms)
            case Start() | OpenRecording():
                return self._open(request, window)
            case LetGo() | StopRun():
                return self._interfere(request)
            case AskQuestion() | Reveal() | CloseQuestion() | WhichQuestions():
                return self._put(request, now_ms)
            case Play() | MoveStep() | MoveFrame() | Pause() | Seek():
                return self._play(request, now_ms)

    def _set(self, request: ShowCover | SetRate | Allow, now_ms: float) -> list[Outcome]:
        match request:
            case ShowCover():
                return [*self._show_cover(request.cover)]
            case SetRate():
                return [self._move(self._playhead.at_rate(request.rate, now_ms))]
            case Allow():
                return self._allow(request)

    def _allow(self, request: Allow) -> list[Outcome]:
        if not self._allowed.allow(request.allowed):
            return []
        return [AllowedMoved(seq=self._next_seq(), allowed=self._allowed.permissions)]

    def _open(self, request: Start | OpenRecording, window: str) -> list[Outcome]:
        why_not = self._obstacle(request)
        if why_not:
            return [Refused(sentence=why_not)]
        order = request if isinstance(request, OpenRecording) else StartRun(asked_by=window, order=request.order)
        return [*self._show_cover(Cover.NONE), order]

    def _interfere(self, request: LetGo | StopRun) -> list[Outcome]:
        """Of a run that is on; what comes too late changes nothing."""
        if self._run.ended:
            return []
        return [events.StopRun() if isinstance(request, StopRun) else events.LetGo(held=request.held)]

    def _obstacle(self, request: Start | OpenRecording) -> str:
        if not self._run.ended:
            return _IS_HELD if self._run.held else _RUN_IS_ON
        if isinstance(request, OpenRecording):
            return ""
        if problem := why_not(request.order):
            return problem
        match self._lab.state:
            case LabState.READY:
                return ""
            case LabState.DOWN:
                return self._lab.sentence
            case LabState.STARTING:
                return _STARTING
            case LabState.RECORDED:
                return _IS_RECORDING

    def _play(self, request: Move, now_ms: float) -> list[Outcome]:
        """To go on is to show the picture again, as with slides; to seek and to pause are not."""
        if not self._run.journeys:
            return [Refused(sentence=_NOTHING_TO_PLAY)]
        asked = self._question
        if asked is not None and self._goes_on(request, asked, now_ms):
            return self._go_on_from_question(request, asked, now_ms)
        return self._shown_and_moved(request, now_ms)

    def _shown_and_moved(self, request: Move, now_ms: float) -> list[Outcome]:
        shown = [] if isinstance(request, Seek | Pause) else self._show_cover(Cover.NONE)
        moved = self._moved(request, now_ms)
        return [*shown, *([] if moved == self._playhead else [self._move(moved)])]

    def _show_cover(self, cover: Cover) -> list[CoverMoved]:
        if cover == self._cover:
            return []
        self._cover = cover
        return [CoverMoved(seq=self._next_seq(), cover=cover)]

    def _moved(self, request: Move, now_ms: float) -> Playhead:
        playhead = self._playhead
        match request:
            case Play():
                return playhead.play(now_ms, self._timeline.end_ms)
            case Pause():
                return playhead.pause(now_ms) if playhead.playing else playhead
            case Seek():
                return playhead.seek(min(request.instant_ms, self._timeline.end_ms), now_ms)
            case MoveStep(by=1):
                return self._glide(self._timeline.step_after(self._standing_at(now_ms)), now_ms)
            case MoveStep():
                return playhead.seek(self._timeline.step_before(self._standing_at(now_ms)), now_ms)
            case MoveFrame(by=1):
                return self._glide(self._timeline.frame_after(self._standing_at(now_ms)), now_ms)
            case MoveFrame():
                return playhead.seek(self._timeline.frame_before(self._standing_at(now_ms)), now_ms)

    def _standing_at(self, now_ms: float) -> float:
        """The instant that a press counts from: on the way to a step's rest, that rest, so that presses add up."""
        is_gliding = self._playhead.playing and not self._plays_to(self._timeline.end_ms)
        return self._playhead.until_ms if is_gliding else self._playhead.instant_at(now_ms)

    def _glide(self, way: tuple[float, float] | None, now_ms: float) -> Playhead:
        return self._playhead if way is None else self._playhead.glide(*way, now_ms)

    def _plays_to(self, end_ms: float) -> bool:
        return self._playhead.playing and self._playhead.until_ms == end_ms

    # --- questions to the class ---------------------------------------------------------------------------------------

    def _offer(self, request: WhichQuestions) -> Offered:
        kinds = questions_at(self._run.journeys, request.frame, request.step)
        offers = tuple(QuestionOffer(kind=kind, words=kind.word) for kind in kinds)
        return Offered(frame=request.frame, step=request.step, offers=offers)

    def _put(self, request: Questioning | WhichQuestions, now_ms: float) -> list[Outcome]:
        match request:
            case AskQuestion():
                return self._ask(request, now_ms)
            case Reveal():
                return [] if self._question is None or self._question.is_revealed else [self._reveal(self._question)]
            case CloseQuestion():
                return [] if self._question is None else [self._close_question()]
            case WhichQuestions():
                return [self._offer(request)]

    def _ask(self, request: AskQuestion, now_ms: float) -> list[Outcome]:
        """The class goes to that step and rests there."""
        former = 0 if self._question is None else self._question.number
        number = max(int(now_ms), former + 1)
        place = {"frame": request.frame, "step": request.step, "number": number}
        try:
            asked = new_question(self._run.journeys, self._run.number, kind=request.question, **place)
        except NoQuestionError:
            return [Refused(sentence=_NOT_ASKED_HERE)]
        self._drop_question()
        self._question = asked
        moved = self._move(self._playhead.seek(asked.rest_ms, now_ms))
        return [*self._show_cover(Cover.NONE), moved, self._tell_question(asked)]

    def _reveal(self, asked: OpenQuestion) -> QuestionMoved:
        asked.reveal()
        return self._tell_question(asked)

    def _tell_question(self, asked: OpenQuestion) -> QuestionMoved:
        asked.count()
        return QuestionMoved(seq=self._next_seq(), question=asked.told())

    def _close_question(self) -> QuestionMoved:
        self._drop_question()
        return QuestionMoved(seq=self._next_seq(), question=None)

    def _drop_question(self) -> None:
        if self._question is not None and (unnoted := self._question.take_unnoted()) is not None:
            self._to_note.append(unnoted)
        self._question = None

    def _goes_on(self, request: Move, asked: OpenQuestion, now_ms: float) -> bool:
        """Whether this leads behind the step at which the class is asked."""
        is_forward = isinstance(request, Play) or (isinstance(request, MoveStep | MoveFrame) and request.by == 1)
        moved = self._moved(request, now_ms)
        goal_ms = moved.until_ms if moved.playing else moved.instant_ms
        return goal_ms > asked.end_ms or (is_forward and self._standing_at(now_ms) >= asked.rest_ms)

    def _go_on_from_question(self, request: Move, asked: OpenQuestion, now_ms: float) -> list[Outcome]:
        """On the way there the class stops; there the first press shows the answer, the next one goes on."""
        if asked.is_revealed:
            return [self._close_question(), *self._shown_and_moved(request, now_ms)]
        if isinstance(request, Seek):
            return [Refused(sentence=_QUESTION_IS_OPEN)]
        shown = self._show_cover(Cover.NONE)
        if self._standing_at(now_ms) < asked.rest_ms:
            here_ms = self._playhead.instant_at(now_ms)
            return [*shown, self._move(self._playhead.glide(here_ms, asked.rest_ms, now_ms))]
        return [*shown, self._reveal(asked)]

    def reply(self, request: Reply, person: str, name: str, now_ms: float) -> Replied | Refused | None:
        """What counts of that student's answers; None where the student has not answered and does not now."""
        asked = self._question
        if asked is None or asked.number != request.question:
            return None if request.choice is None else Refused(sentence=_NOT_ASKED)
        counts = asked.answer_of(person)
        if counts is None and request.choice is not None:
            if why_not := _why_no_answer(asked, request.choice):
                return Refused(sentence=why_not)
            counts = asked.take(Answer(person=person, name=name, choice=request.choice, at_ms=now_ms))
        return None if counts is None else Replied(question=asked.number, choice=counts.choice)

    def count_answers(self) -> list[Delta]:
        """Where more have answered than was told."""
        return [] if self._question is None or not self._question.has_news else [self._tell_question(self._question)]

    def replies(self) -> Replies:
        """For the presenter: who has answered what."""
        return Replies(question=0, replies=()) if self._question is None else self._question.replies()

    def take_unnoted(self) -> list[NotedAnswers]:
        """The answers that have come since the last time, to be written down."""
        if self._question is not None and (unnoted := self._question.take_unnoted()) is not None:
            self._to_note.append(unnoted)
        taken, self._to_note = self._to_note, []
        return taken

    # --- numbering ----------------------------------------------------------------------------------------------------

    def _move(self, playhead: Playhead) -> PlayheadMoved:
        self._playhead = playhead
        return PlayheadMoved(seq=self._next_seq(), playhead=playhead)

    def _next_seq(self) -> int:
        self.seq += 1
        return self.seq


def _why_no_answer(asked: OpenQuestion, choice: int) -> str:
    """Empty where it counts."""
    if asked.is_revealed:
        return _ANSWER_IS_SHOWN
    if choice >= len(asked.asked.choices):
        return _NO_CHOICE
    return _TOO_MANY_ANSWERS if asked.answered >= MOST_ANSWERS else ""
