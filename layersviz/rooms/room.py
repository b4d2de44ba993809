"""What a class shares: the lab, the run on the stage, who leads, what is asked. Pure: no loop, no clock, no socket.

It takes in what the capture tells and answers the presenter's requests; both give what is to be sent or done. Deltas
are numbered and go to all viewers, a refusal to the one who asked, the rest is for the room's owner to do.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from layersviz.capture import events
from layersviz.capture.events import Event, LabChanged, LabState, LabStatus, RunRefused, RunStarted, StartRun
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.core.said import said
from layersviz.rooms.allowed import Allowed
from layersviz.rooms.kept_state import KeptState
from layersviz.rooms.leading import Leading
from layersviz.rooms.messages.from_browser import (
    Allow,
    AskQuestion,
    CloseQuestion,
    LeadingMessage,
    LetGo,
    Move,
    MoveFrame,
    MoveStep,
    OpenRecording,
    Pause,
    Play,
    PresenterMessage,
    Questioning,
    Reveal,
    Seek,
    SetRate,
    ShowCover,
    Start,
    StopRun,
    StudentPress,
    TakeOver,
    WhichQuestions,
)
from layersviz.rooms.messages.from_server import AllowedMoved, CoverMoved, Delta, LabMoved, Offered, Refused, Snapshot
from layersviz.rooms.messages.values import Cover
from layersviz.rooms.numbers import Numbers
from layersviz.rooms.questions import OpenQuestion
from layersviz.rooms.quiz import Quiz, offered
from layersviz.rooms.shown_run import ShownRun
from layersviz.rooms.starting import obstacle

Outcome = Delta | Refused | StartRun | events.LetGo | events.StopRun | OpenRecording | Offered

_SETTING_UP = said("The lab is being set up.")
_NOTHING_TO_PLAY = said("There is nothing to play yet: press Start handshake first.")
_QUESTION_IS_OPEN = said("The class is being asked: show the answer first, or take the question away.")
_WAIT_FOR_ANSWER = said("The class is being asked: answer first, and press again when that is over.")


class Room:
    """One class. `now_ms` is always the server's clock, milliseconds since 1970; `seq` is where the numbers begin.

    `quiz` is what the class is asked: students answer it there.
    """

    def __init__(self, hosts: Hosts, *, seq: int = 0, cover: Cover = Cover.NONE) -> None:
        self._numbers = Numbers(seq)
        self._lab = LabStatus(state=LabState.STARTING, source=Source.LAB, sentence=_SETTING_UP)
        self._shown = ShownRun(hosts, self._numbers)
        self._leading = Leading(self._numbers)
        self._allowed = Allowed()
        self._cover = cover
        self.quiz = Quiz(self._numbers)

    @property
    def seq(self) -> int:
        """The number of the last delta."""
        return self._numbers.last

    def snapshot(self, now_ms: float) -> Snapshot:
        return Snapshot(
            seq=self.seq,
            now_ms=now_ms,
            lab=self._lab,
            run=self._shown.run,
            playhead=self._shown.playhead,
            cover=self._cover,
            leader=self._leading.leader,
            presenter_online=self._leading.presenter_online,
            allowed=self._allowed.permissions,
            question=self.quiz.told(),
        )

    # --- from one owner to the next -----------------------------------------------------------------------------------

    def state(self) -> KeptState | None:
        """What is to be kept; None while the run on the stage cannot be opened again (yet)."""
        shown = self._shown.opens_again
        if self._shown.run.number and shown is None:
            return None
        return KeptState(
            playhead=self._shown.playhead,
            shown=shown,
            cover=self._cover,
            leader=self._leading.leader,
            lab=self._lab.state,
            lab_source=self._lab.source,
            allowed=self._allowed.permissions,
            question=self.quiz.kept(),
        )

    def replay(self, told: Sequence[Event], now_ms: float) -> Delta:
        """A run that was played before, from its start to its end: all of it comes as one delta."""
        last = self._numbers.last
        for event in told:
            self.fold(event, now_ms)
        self._numbers.last = last
        return self._shown.opened()

    def resume(self, kept: KeptState) -> None:
        """Go on where another owner stopped; the events of the run have been folded before."""
        self._cover, self._leading.leader = kept.cover, kept.leader
        self._allowed.allow(kept.allowed)
        if kept.playhead.run == self._shown.run.number:
            self._shown.playhead = kept.playhead
            self.quiz.resume(kept.question, self._shown.run)

    # --- what the capture tells ---------------------------------------------------------------------------------------

    def fold(self, event: Event, now_ms: float) -> Sequence[Delta | Refused]:
        """Take in an event; one that changes nothing gives nothing."""
        match event:
            case LabChanged():
                return self._change_lab(event.status)
            case RunRefused():
                return [Refused(sentence=event.sentence)]
            case RunStarted():
                self.quiz.drop()
        return self._shown.fold(event, now_ms)

    def _change_lab(self, status: LabStatus) -> list[Delta]:
        if status == self._lab:
            return []
        self._lab = status
        return [LabMoved(seq=self._numbers.next(), lab=status)]

    # --- the presenter's windows, and a student's press ---------------------------------------------------------------

    def meet(self, windows: AbstractSet[str]) -> list[Outcome]:
        """These are connected now. While there is none, nothing stays held on the wire."""
        led = self._leading.meet(windows)
        return [*led, *([] if windows or not self._shown.run.held else [events.LetGo()])]

    def answer(self, request: PresenterMessage, window: str, now_ms: float) -> list[Outcome]:
        """Do what is asked by that window, or refuse it in one sentence. A press that changes nothing gives nothing."""
        if isinstance(request, WhichQuestions):
            return [offered(request, self._shown.run)]
        led = self._leading.let_press(window, request)
        if isinstance(led, Refused):
            return [led]
        return [*led, *self._do(request, window, now_ms)]

    def answer_student(self, request: StudentPress, asked_by: str, now_ms: float) -> list[Outcome]:
        """The same for a student, where the presenter allows it. Nobody leads by that, and no cover goes."""
        why_not = self._allowed.why_not(request, presenter_online=self._leading.presenter_online)
        if not why_not and isinstance(request, Start):
            why_not = self._why_no_start(request, now_ms)
        if why_not:
            return [Refused(sentence=why_not)]
        if isinstance(request, LetGo):
            return self._interfere(request)
        self._allowed.started(now_ms)
        return [StartRun(asked_by=asked_by, order=request.order)]

    def _why_no_start(self, request: Start, now_ms: float) -> str:
        """Of a student's."""
        if self.quiz.open is not None:
            return _WAIT_FOR_ANSWER
        run = self._shown.run
        return obstacle(request, run, self._lab) or self._allowed.why_no_start(request, run, self._cover, now_ms)

    # --- what is done for the presenter -------------------------------------------------------------------------------

    def _do(self, request: LeadingMessage, window: str, now_ms: float) -> list[Outcome]:
        match request:
            case TakeOver():
                return []
            case ShowCover() | SetRate() | Allow():
                return [*self._set(request, now_ms)]
            case Start() | OpenRecording():
                return self._open(request, window)
            case LetGo() | StopRun():
                return self._interfere(request)
            case AskQuestion() | Reveal() | CloseQuestion():
                return self._put(request, now_ms)
            case Play() | MoveStep() | MoveFrame() | Pause() | Seek():
                return self._play(request, now_ms)

    def _set(self, request: ShowCover | SetRate | Allow, now_ms: float) -> Sequence[Delta]:
        match request:
            case ShowCover():
                return self._show_cover(request.cover)
            case SetRate():
                return [self._shown.set_rate(request.rate, now_ms)]
            case Allow():
                return self._allow(request)

    def _show_cover(self, cover: Cover) -> list[CoverMoved]:
        if cover == self._cover:
            return []
        self._cover = cover
        return [CoverMoved(seq=self._numbers.next(), cover=cover)]

    def _allow(self, request: Allow) -> list[AllowedMoved]:
        if not self._allowed.allow(request.allowed):
            return []
        return [AllowedMoved(seq=self._numbers.next(), allowed=self._allowed.permissions)]

    def _open(self, request: Start | OpenRecording, window: str) -> list[Outcome]:
        if why_not := obstacle(request, self._shown.run, self._lab):
            return [Refused(sentence=why_not)]
        order = request if isinstance(request, OpenRecording) else StartRun(asked_by=window, order=request.order)
        return [*self._show_cover(Cover.NONE), order]

    def _interfere(self, request: LetGo | StopRun) -> list[Outcome]:
        """Of a run that is on; what comes too late changes nothing."""
        if self._shown.run.ended:
            return []
        return [events.StopRun() if isinstance(request, StopRun) else events.LetGo(held=request.held)]

    def _play(self, request: Move, now_ms: float) -> list[Outcome]:
        """To go on is to show the picture again, as with slides; to seek and to pause are not."""
        if not self._shown.run.journeys:
            return [Refused(sentence=_NOTHING_TO_PLAY)]
        asked = self.quiz.open
        if asked is not None and self._shown.leads_behind(request, asked.rest_ms, asked.end_ms, now_ms):
            return self._go_on_from_question(request, asked, now_ms)
        shown = [] if isinstance(request, Seek | Pause) else self._show_cover(Cover.NONE)
        return [*shown, *self._shown.press(request, now_ms)]

    def _go_on_from_question(self, request: Move, asked: OpenQuestion, now_ms: float) -> list[Outcome]:
        """On the way there the class stops; there the first press shows the answer, the next one goes on."""
        if asked.is_revealed:
            return [*self.quiz.close(), *self._play(request, now_ms)]
        if isinstance(request, Seek):
            return [Refused(sentence=_QUESTION_IS_OPEN)]
        shown = self._show_cover(Cover.NONE)
        if self._shown.standing_at(now_ms) < asked.rest_ms:
            return [*shown, self._shown.glide_to(asked.rest_ms, now_ms)]
        return [*shown, *self.quiz.reveal()]

    def _put(self, request: Questioning, now_ms: float) -> list[Outcome]:
        match request:
            case AskQuestion():
                return self._ask(request, now_ms)
            case Reveal():
                return [*self.quiz.reveal()]
            case CloseQuestion():
                return [*self.quiz.close()]

    def _ask(self, request: AskQuestion, now_ms: float) -> list[Outcome]:
        """The class goes to that step and rests there."""
        asked = self.quiz.ask(request, self._shown.run, now_ms)
        if isinstance(asked, Refused):
            return [asked]
        shown = self._show_cover(Cover.NONE)
        return [*shown, self._shown.seek(asked.rest_ms, now_ms), self.quiz.tell(asked)]
