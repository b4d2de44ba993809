"""The run that a class sees, and the instant of it: grows with what the capture tells, moves with what is pressed.

Pure: `now_ms` is always the server's clock, milliseconds since 1970. Knows nothing of who presses, or of what hides the
picture.
"""

from dataclasses import replace

import msgspec

from layersviz.capture import events
from layersviz.capture.events import FrameDissected, Replayed, RunEnded, RunStarted
from layersviz.core.host import Hosts
from layersviz.core.played_run import Source
from layersviz.core.playhead import Playhead
from layersviz.rooms.messages.from_browser import Move, MoveFrame, MoveStep, Pause, Play, Seek
from layersviz.rooms.messages.from_server import (
    Delta,
    FrameAdded,
    HeldMoved,
    PlayheadMoved,
    RunClosed,
    RunKept,
    RunOpened,
    WaitMoved,
)
from layersviz.rooms.messages.values import Run
from layersviz.rooms.numbers import Numbers
from layersviz.rooms.timeline import Timeline

RunEvent = RunStarted | FrameDissected | events.HeldMoved | RunEnded | events.WaitMoved | events.RunKept


class ShownRun:
    """`run` and `playhead` are as everybody knows them by the last number."""

    def __init__(self, hosts: Hosts, numbers: Numbers) -> None:
        self.run = Run(number=0, source=Source.LAB, hosts=hosts)
        self.playhead = Playhead()
        self._timeline = Timeline()
        self._former: Run | None = None
        self._numbers = numbers

    @property
    def opens_again(self) -> Replayed | None:
        """What this run can be opened again from, once it is kept."""
        return self.run.replay if self.run.recording is None else Replayed(recording=self.run.recording)

    # --- what the capture tells ---------------------------------------------------------------------------------------

    def fold(self, event: RunEvent, now_ms: float) -> list[Delta]:
        """Take in an event; one that changes nothing gives nothing."""
        if isinstance(event, RunStarted):
            return [self._open(event, now_ms)]
        if event.run != self.run.number:
            return []
        match event:
            case FrameDissected():
                return self._add_frame(event, now_ms)
            case events.HeldMoved():
                return self._hold(event)
            case RunEnded():
                return self._close(event)
            case events.WaitMoved():
                return self._wait(event)
            case events.RunKept():
                return [self._note_kept(event)]

    def opened(self) -> RunOpened:
        """All of it as one delta."""
        return RunOpened(seq=self._numbers.next(), run=self.run, playhead=self.playhead)

    def _open(self, event: RunStarted, now_ms: float) -> Delta:
        """The new run replaces the one shown, and plays from its start at the rate in force."""
        self._former = self.run  # to let go of it takes longer than a frame is on the wire: when there is time
        self.run = Run(
            number=event.run,
            source=event.source,
            hosts=event.hosts,
            ended=False,
            replay=event.replay,
            order=event.order,
            clocks=event.clocks,
        )
        self._timeline = Timeline()
        self.playhead = replace(Playhead(rate=self.playhead.rate), run=event.run, playing=True, at_ms=now_ms)
        return self.opened()

    def _add_frame(self, event: FrameDissected, now_ms: float) -> list[Delta]:
        """A playhead that plays to the story's end goes on to the new end, from where it really is: had it reached the
        old end and waited there, it must not jump over the time that it waited."""
        former_end_ms = self._timeline.end_ms
        if not self._timeline.add(event.journey):
            return []
        self.run = msgspec.structs.replace(self.run, journeys=(*self.run.journeys, event.journey))
        if self._plays_to(former_end_ms):
            here_ms = self.playhead.instant_at(now_ms)
            self.playhead = self.playhead.glide(here_ms, self._timeline.end_ms, now_ms)
        return [FrameAdded(seq=self._numbers.next(), run=event.run, journey=event.journey, playhead=self.playhead)]

    def _hold(self, event: events.HeldMoved) -> list[Delta]:
        if event.held == self.run.held:
            return []
        self.run = msgspec.structs.replace(self.run, held=event.held)
        return [HeldMoved(seq=self._numbers.next(), run=event.run, held=event.held)]

    def _close(self, event: RunEnded) -> list[Delta]:
        if self.run.ended:
            return []
        self._former = None
        none_held = self._hold(events.HeldMoved(run=event.run, held=()))
        look = None if event.ending is None or event.is_past else event.ending.look
        seq, how = self._numbers.next(), {"problem": event.problem, "ending": event.ending, "look": look}
        self.run = msgspec.structs.replace(self.run, ended=True, **how)
        closed = RunClosed(seq=seq, run=event.run, problem=event.problem, ending=event.ending, look=look)
        return [*none_held, closed]

    def _wait(self, event: events.WaitMoved) -> list[Delta]:
        if event.look == self.run.look:
            return []
        self.run = msgspec.structs.replace(self.run, look=event.look)
        return [WaitMoved(seq=self._numbers.next(), run=event.run, look=event.look)]

    def _note_kept(self, event: events.RunKept) -> Delta:
        kept = {"recording": event.recording, "not_kept": event.problem}
        self.run = msgspec.structs.replace(self.run, **kept)
        return RunKept(seq=self._numbers.next(), run=event.run, recording=event.recording, not_kept=event.problem)

    # --- what is pressed ----------------------------------------------------------------------------------------------

    def press(self, request: Move, now_ms: float) -> list[Delta]:
        """A press that changes nothing gives nothing."""
        moved = self._moved(request, now_ms)
        return [] if moved == self.playhead else [self.move(moved)]

    def seek(self, instant_ms: float, now_ms: float) -> Delta:
        return self.move(self.playhead.seek(instant_ms, now_ms))

    def glide_to(self, rest_ms: float, now_ms: float) -> Delta:
        """From here to that instant, and no further."""
        return self.move(self.playhead.glide(self.playhead.instant_at(now_ms), rest_ms, now_ms))

    def set_rate(self, rate: float, now_ms: float) -> Delta:
        return self.move(self.playhead.at_rate(rate, now_ms))

    def move(self, playhead: Playhead) -> PlayheadMoved:
        self.playhead = playhead
        return PlayheadMoved(seq=self._numbers.next(), playhead=playhead)

    def leads_behind(self, request: Move, rest_ms: float, end_ms: float, now_ms: float) -> bool:
        """Whether that press leads behind the step which rests and ends there."""
        is_forward = isinstance(request, Play) or (isinstance(request, MoveStep | MoveFrame) and request.by == 1)
        moved = self._moved(request, now_ms)
        goal_ms = moved.until_ms if moved.playing else moved.instant_ms
        return goal_ms > end_ms or (is_forward and self.standing_at(now_ms) >= rest_ms)

    def standing_at(self, now_ms: float) -> float:
        """The instant that a press counts from: on the way to a step's rest, that rest, so that presses add up."""
        is_gliding = self.playhead.playing and not self._plays_to(self._timeline.end_ms)
        return self.playhead.until_ms if is_gliding else self.playhead.instant_at(now_ms)

    def _moved(self, request: Move, now_ms: float) -> Playhead:
        playhead = self.playhead
        match request:
            case Play():
                return playhead.play(now_ms, self._timeline.end_ms)
            case Pause():
                return playhead.pause(now_ms) if playhead.playing else playhead
            case Seek():
                return playhead.seek(min(request.instant_ms, self._timeline.end_ms), now_ms)
            case MoveStep(by=1):
                return self._glide(self._timeline.step_after(self.standing_at(now_ms)), now_ms)
            case MoveStep():
                return playhead.seek(self._timeline.step_before(self.standing_at(now_ms)), now_ms)
            case MoveFrame(by=1):
                return self._glide(self._timeline.frame_after(self.standing_at(now_ms)), now_ms)
            case MoveFrame():
                return playhead.seek(self._timeline.frame_before(self.standing_at(now_ms)), now_ms)

    def _glide(self, way: tuple[float, float] | None, now_ms: float) -> Playhead:
        return self.playhead if way is None else self.playhead.glide(*way, now_ms)

    def _plays_to(self, end_ms: float) -> bool:
        return self.playhead.playing and self.playhead.until_ms == end_ms
