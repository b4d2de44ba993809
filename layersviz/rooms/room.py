"""What a class shares: the state of the lab, the run on the stage, the playhead. Pure: no loop, no clock, no socket.

It folds the worker's events and answers the viewers' requests; both give what is to be sent. Deltas are numbered and
go to all viewers, the rest to the viewer who asked, orders to the worker.
"""

from dataclasses import replace

import msgspec

from layersviz.capture import events
from layersviz.capture.events import (
    Event,
    FrameDissected,
    LabChanged,
    LabState,
    LabStatus,
    Order,
    ReportAgain,
    RunEnded,
    RunRefused,
    RunStarted,
    StartRun,
)
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.core.playhead import Playhead
from layersviz.rooms.messages import (
    FrameAdded,
    LabMoved,
    MoveFrame,
    MoveStep,
    Pause,
    Play,
    PlayheadMoved,
    PresenterMessage,
    Refused,
    Run,
    RunClosed,
    RunKept,
    RunOpened,
    Seek,
    ServerMessage,
    SetRate,
    Snapshot,
    Start,
)
from layersviz.rooms.timeline import Timeline

Outcome = ServerMessage | Order
Delta = LabMoved | RunOpened | FrameAdded | RunClosed | RunKept | PlayheadMoved
"""What all viewers get, each with the room's next `seq`."""

_STARTING = "The lab is being set up: press again in a moment."
_RUN_IS_ON = "A handshake is under way: wait until it has ended, then press again."
_IS_RECORDING = "This is a recording: a handshake is started on the live stage."
_NOTHING_TO_PLAY = "There is nothing to play yet: press Start handshake first."


class Room:
    """One class. `now_ms` is always the server's clock, milliseconds since 1970."""

    def __init__(self, hosts: Hosts) -> None:
        self.seq = 0
        self._lab = LabStatus(state=LabState.STARTING, source=Source.LAB, sentence="The lab is being set up.")
        self._run = Run(number=0, source=Source.LAB, hosts=hosts)
        self._timeline = Timeline()
        self._playhead = Playhead()
        self._latest_event: int | None = None
        self._is_in_doubt = False

    def snapshot(self, now_ms: float) -> Snapshot:
        return Snapshot(seq=self.seq, now_ms=now_ms, lab=self._lab, run=self._run, playhead=self._playhead)

    # --- the worker's events ------------------------------------------------------------------------------------------

    def fold(self, event: Event, now_ms: float) -> list[Outcome]:
        """Take in an event. A gap in the numbers asks for the report: until it comes, frames would be out of order.

        A report repeats what may be known already; that changes nothing and gives nothing.
        """
        lost = self._latest_event is not None and event.number != self._latest_event + 1
        self._latest_event = event.number
        self._is_in_doubt = (self._is_in_doubt or lost) and not isinstance(event, RunStarted)
        return [*([ReportAgain()] if lost else []), *self._fold(event, now_ms)]

    def _fold(self, event: Event, now_ms: float) -> list[Outcome]:
        match event:
            case LabChanged():
                return self._change_lab(event.status)
            case RunStarted():
                return self._open_run(event, now_ms)
            case FrameDissected():
                return self._add_frame(event, now_ms)
            case RunEnded():
                return self._close_run(event)
            case events.RunKept():
                return self._note_kept(event)
            case RunRefused():
                return [Refused(sentence=event.sentence)]

    def _change_lab(self, status: LabStatus) -> list[Outcome]:
        if status == self._lab:
            return []
        self._lab = status
        return [LabMoved(seq=self._next_seq(), lab=status)]

    def _open_run(self, event: RunStarted, now_ms: float) -> list[Outcome]:
        """The new run replaces the one shown, and plays from its start at the rate in force."""
        if event.run == self._run.number:
            return []
        self._run = Run(number=event.run, source=event.source, hosts=event.hosts, ended=False)
        self._timeline = Timeline()
        self._playhead = replace(Playhead(rate=self._playhead.rate), run=event.run, playing=True, at_ms=now_ms)
        return [RunOpened(seq=self._next_seq(), run=self._run, playhead=self._playhead)]

    def _add_frame(self, event: FrameDissected, now_ms: float) -> list[Outcome]:
        """A playhead that plays to the story's end goes on to the new end, from where it really is: had it reached the
        old end and waited there, it must not jump over the time that it waited."""
        is_ours = event.run == self._run.number and not self._is_in_doubt
        former_end_ms = self._timeline.end_ms
        if not is_ours or not self._timeline.add(event.journey):
            return []
        self._run = msgspec.structs.replace(self._run, journeys=(*self._run.journeys, event.journey))
        if self._plays_to(former_end_ms):
            here_ms = self._playhead.instant_at(now_ms)
            self._playhead = self._playhead.glide(here_ms, self._timeline.end_ms, now_ms)
        return [FrameAdded(seq=self._next_seq(), run=event.run, journey=event.journey, playhead=self._playhead)]

    def _close_run(self, event: RunEnded) -> list[Outcome]:
        if event.run != self._run.number or self._run.ended or self._is_in_doubt:
            return []
        self._run = msgspec.structs.replace(self._run, ended=True, problem=event.problem)
        return [RunClosed(seq=self._next_seq(), run=event.run, problem=event.problem)]

    def _note_kept(self, event: events.RunKept) -> list[Outcome]:
        known = (self._run.number, self._run.recording, self._run.not_kept)
        if self._is_in_doubt or event.run != self._run.number or known == (event.run, event.recording, event.problem):
            return []
        self._run = msgspec.structs.replace(self._run, recording=event.recording, not_kept=event.problem)
        return [RunKept(seq=self._next_seq(), run=event.run, recording=event.recording, not_kept=event.problem)]

    # --- the presenter's requests -------------------------------------------------------------------------------------

    def answer(self, request: PresenterMessage, asked_by: str, now_ms: float) -> list[Outcome]:
        """Do what is asked, or refuse it in one sentence. A press that changes nothing gives nothing."""
        if isinstance(request, Start):
            return [self._start(request, asked_by)]
        if isinstance(request, SetRate):
            return [self._move(self._playhead.at_rate(request.rate, now_ms))]
        if not self._run.journeys:
            return [Refused(sentence=_NOTHING_TO_PLAY)]
        moved = self._moved(request, now_ms)
        return [] if moved == self._playhead else [self._move(moved)]

    def _start(self, request: Start, asked_by: str) -> Outcome:
        if not self._run.ended:
            return Refused(sentence=_RUN_IS_ON)
        match self._lab.state:
            case LabState.READY:
                return StartRun(asked_by=asked_by, cold=request.cold)
            case LabState.DOWN:
                return Refused(sentence=self._lab.sentence)
            case LabState.STARTING:
                return Refused(sentence=_STARTING)
            case LabState.RECORDED:
                return Refused(sentence=_IS_RECORDING)

    def _moved(self, request: Play | Pause | MoveStep | MoveFrame | Seek, now_ms: float) -> Playhead:
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

    # --- numbering ----------------------------------------------------------------------------------------------------

    def _move(self, playhead: Playhead) -> PlayheadMoved:
        self._playhead = playhead
        return PlayheadMoved(seq=self._next_seq(), playhead=playhead)

    def _next_seq(self) -> int:
        self.seq += 1
        return self.seq
