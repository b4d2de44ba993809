"""The room as a script of what comes in and what goes out. Every time is the server's, in milliseconds."""

from typing import Any

import msgspec
import pytest

from layersviz.capture import events
from layersviz.capture.events import (
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
from layersviz.core.order import COLD
from layersviz.core.played_run import Source
from layersviz.core.playhead import Playhead
from layersviz.rooms.kept_state import KeptState
from layersviz.rooms.messages.from_browser import (
    MoveFrame,
    MoveStep,
    OpenRecording,
    Pause,
    Play,
    PresenterMessage,
    Seek,
    SetRate,
    ShowCover,
    Start,
    TakeOver,
)
from layersviz.rooms.messages.from_server import (
    CoverMoved,
    FrameAdded,
    LabMoved,
    LeaderMoved,
    PlayheadMoved,
    Refused,
    RunClosed,
    RunKept,
    RunOpened,
)
from layersviz.rooms.messages.values import Cover
from layersviz.rooms.room import Outcome, Room
from tests.rooms.journeys import FRAME_MS, journey

READY = LabStatus(state=LabState.READY, source=Source.LAB, sentence="The lab is ready.")
RUN = 7
WINDOW = "the presenter"


class Script:
    """A room that one window of its presenter's is connected to, and a clock that is only ever set by hand."""

    def __init__(self, hosts: Hosts) -> None:
        self.hosts = hosts
        self.room = Room(hosts)
        self.room.meet({WINDOW})
        self.now_ms = 0.0

    def hear(self, kind: type[Any], **values: Any) -> list[Outcome]:
        return list(self.room.fold(kind(**values), self.now_ms))

    def lab(self, status: LabStatus = READY) -> list[Outcome]:
        return self.hear(LabChanged, status=status)

    def start(self, run: int = RUN) -> list[Outcome]:
        return self.hear(RunStarted, run=run, source=Source.LAB, hosts=self.hosts)

    def frame(self, number: int, run: int = RUN) -> list[Outcome]:
        return self.hear(FrameDissected, run=run, journey=journey(number))

    def end(self, problem: str = "", run: int = RUN) -> list[Outcome]:
        return self.hear(RunEnded, run=run, problem=problem)

    def ask(self, request: PresenterMessage) -> list[Outcome]:
        return self.room.answer(request, WINDOW, self.now_ms)

    def move(self, request: PresenterMessage) -> Playhead:
        (outcome,) = self.ask(request)
        assert isinstance(outcome, PlayheadMoved)
        return outcome.playhead

    @property
    def playhead(self) -> Playhead:
        return self.room.snapshot(self.now_ms).playhead


@pytest.fixture
def script(hosts: Hosts) -> Script:
    return Script(hosts)


@pytest.fixture
def played(script: Script) -> Script:
    """A run of two frames has ended, at 0 ms; the playhead rests at the story's start."""
    script.lab()
    script.start()
    script.frame(1)
    script.frame(2)
    script.end()
    script.move(Seek(instant_ms=0))
    return script


# --- numbering --------------------------------------------------------------------------------------------------------


def test_every_delta_has_the_next_number(script: Script) -> None:
    deltas = [*script.lab(), *script.start(), *script.frame(1), *script.end()]
    numbers = [delta.seq for delta in deltas if not isinstance(delta, Refused | StartRun | OpenRecording)]
    assert numbers == [2, 3, 4, 5]
    assert script.room.snapshot(0).seq == 5


def test_a_snapshot_tells_the_server_s_clock(script: Script) -> None:
    assert script.room.snapshot(12.5).now_ms == 12.5


def test_before_the_first_press_there_is_a_run_0_that_has_ended(script: Script, hosts: Hosts) -> None:
    run = script.room.snapshot(0).run
    assert (run.number, run.ended, run.journeys, run.hosts) == (0, True, (), hosts)


# --- the worker's events ----------------------------------------------------------------------------------------------


def test_a_changed_lab_is_told_once(script: Script) -> None:
    assert script.lab() == [LabMoved(seq=2, lab=READY)]
    assert script.lab() == []


def test_a_run_that_opens_plays_from_its_start_at_the_rate_in_force(script: Script) -> None:
    script.move(SetRate(rate=2))
    script.now_ms = 500
    (opened,) = script.start()
    assert isinstance(opened, RunOpened)
    assert (opened.run.number, opened.run.ended, opened.run.journeys) == (RUN, False, ())
    assert opened.playhead == Playhead(run=RUN, instant_ms=0, at_ms=500, rate=2, playing=True, until_ms=0)


def test_a_frame_takes_the_playhead_on_to_the_new_end(script: Script) -> None:
    script.start()
    (added,) = script.frame(1)
    assert isinstance(added, FrameAdded)
    assert added.journey == journey(1)
    assert added.playhead.until_ms == 3000


def test_a_playhead_that_waited_at_the_end_does_not_jump_when_a_late_frame_comes(script: Script) -> None:
    script.start()
    script.frame(1)
    script.now_ms = 60_000  # it reached the end at 3000 and has rested since
    script.frame(2)
    assert script.playhead.instant_at(60_000) == 3000
    assert script.playhead.instant_at(60_500) == 3500


def test_a_frame_leaves_a_paused_playhead_alone(script: Script) -> None:
    script.start()
    script.frame(1)
    script.move(Pause())
    assert [type(outcome) for outcome in script.frame(2)] == [FrameAdded]


def test_a_frame_leaves_a_glide_to_its_own_rest(script: Script) -> None:
    script.start()
    script.frame(1)
    script.now_ms = 700
    script.move(MoveStep(by=1))
    assert [type(outcome) for outcome in script.frame(2)] == [FrameAdded]
    assert script.playhead.until_ms == 1600


def test_a_run_s_end_is_told_with_its_problem(script: Script) -> None:
    script.start()
    assert script.end("The server did not answer.") == [RunClosed(seq=3, run=RUN, problem="The server did not answer.")]
    run = script.room.snapshot(0).run
    assert (run.ended, run.problem) == (True, "The server did not answer.")


def test_a_new_run_replaces_the_one_shown(played: Script) -> None:
    played.start(run=RUN + 1)
    snapshot = played.room.snapshot(0)
    assert (snapshot.run.number, snapshot.run.journeys, snapshot.playhead.run) == (RUN + 1, (), RUN + 1)


def test_frames_of_another_run_are_not_ours(played: Script) -> None:
    assert played.frame(3, run=RUN + 5) == []
    assert played.end(run=RUN + 5) == []


def test_a_refused_run_is_told_in_the_worker_s_words(script: Script) -> None:
    refused = script.hear(RunRefused, asked_by="the presenter", sentence="A handshake is under way.")
    assert refused == [Refused(sentence="A handshake is under way.")]


def test_where_a_run_is_kept_is_told_once_and_stays_in_the_snapshot(played: Script) -> None:
    seq = played.room.seq
    told = played.hear(events.RunKept, run=RUN, recording=12)
    assert told == [RunKept(seq=seq + 1, run=RUN, recording=12, not_kept="")]
    assert played.room.snapshot(0).run.recording == 12


def test_that_a_run_is_not_kept_is_told_with_the_reason(played: Script) -> None:
    (told,) = played.hear(events.RunKept, run=RUN, recording=None, problem="The disk is full.")
    assert isinstance(told, RunKept)
    assert told.not_kept == played.room.snapshot(0).run.not_kept == "The disk is full."


def test_where_another_run_is_kept_changes_nothing(played: Script) -> None:
    assert played.hear(events.RunKept, run=RUN - 1, recording=12) == []


# --- start ------------------------------------------------------------------------------------------------------------


def test_start_is_an_order_to_the_worker(script: Script) -> None:
    script.lab()
    assert script.ask(Start(cold=True)) == [StartRun(asked_by="the presenter", order=COLD)]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (LabState.STARTING, "The lab is being set up: press again in a moment."),
        (LabState.DOWN, "The lab has died."),
    ],
)
def test_start_is_refused_politely_while_the_lab_cannot_play(script: Script, state: LabState, sentence: str) -> None:
    script.lab(LabStatus(state=state, source=Source.LAB, sentence="The lab has died."))
    assert script.ask(Start()) == [Refused(sentence=sentence)]


def test_start_is_refused_politely_while_a_run_is_on(script: Script) -> None:
    script.lab()
    script.start()
    sentence = "A run is under way: wait until it has ended, then press again."
    assert script.ask(Start()) == [Refused(sentence=sentence)]
    script.end()
    assert script.ask(Start()) == [StartRun(asked_by="the presenter")]


# --- the playhead -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", [Play(), Pause(), MoveStep(by=1), MoveFrame(by=-1), Seek(instant_ms=5)])
def test_nothing_can_be_moved_before_there_is_a_frame(script: Script, request_: PresenterMessage) -> None:
    (refused,) = script.ask(request_)
    assert isinstance(refused, Refused)


def test_play_goes_on_from_here_to_the_end(played: Script) -> None:
    played.move(Seek(instant_ms=2500))
    playhead = played.move(Play())
    assert (playhead.instant_ms, playhead.playing, playhead.until_ms) == (2500, True, 6000)


def test_play_at_the_end_begins_again(played: Script) -> None:
    played.move(Seek(instant_ms=6000))
    assert played.move(Play()).instant_ms == 0


def test_pause_rests_where_the_playhead_is(played: Script) -> None:
    played.move(Play())
    played.now_ms = 800
    playhead = played.move(Pause())
    assert (playhead.instant_ms, playhead.playing) == (800, False)


def test_a_second_pause_changes_nothing(played: Script) -> None:
    assert played.ask(Pause()) == []


def test_the_rate_changes_from_here_on(played: Script) -> None:
    played.move(Play())
    played.now_ms = 1000
    playhead = played.move(SetRate(rate=0.25))
    assert playhead.instant_at(2000) == 1250


def test_a_seek_past_the_end_means_the_end(played: Script) -> None:
    assert played.move(Seek(instant_ms=86_400_000)).instant_ms == 6000


def test_the_next_step_plays_its_own_animation_and_rests(played: Script) -> None:
    played.move(Seek(instant_ms=900))
    playhead = played.move(MoveStep(by=1))
    assert (playhead.instant_ms, playhead.until_ms, playhead.playing) == (1000, 1600, True)
    assert playhead.instant_at(5000) == 1600


def test_a_press_while_it_still_glides_counts_from_where_it_glides_to(played: Script) -> None:
    played.move(Seek(instant_ms=900))
    played.move(MoveStep(by=1))
    played.now_ms = 10
    assert played.move(MoveStep(by=1)).until_ms == 2600
    played.now_ms = 20
    assert played.move(MoveStep(by=-1)).instant_ms == 1600


def test_a_press_while_it_plays_counts_from_the_step_that_is_seen(played: Script) -> None:
    played.move(Play())
    played.now_ms = 2100
    assert played.move(MoveStep(by=1)).until_ms == 3600


def test_at_the_last_step_the_next_one_is_nowhere(played: Script) -> None:
    played.move(Seek(instant_ms=5600))
    assert played.ask(MoveStep(by=1)) == []
    assert played.ask(MoveFrame(by=1)) == []


def test_every_step_is_met_on_the_way_to_the_end_and_back(played: Script) -> None:
    rests = [600.0, 1600.0, 2600.0, 3600.0, 4600.0, 5600.0]
    forward = []
    for _ in rests:
        played.now_ms += 5000
        forward.append(played.move(MoveStep(by=1)).until_ms)
    played.now_ms += 5000
    back = [played.move(MoveStep(by=-1)).instant_ms for _ in rests[1:]]
    assert forward == rests
    assert back == rests[-2::-1]


def test_the_next_frame_is_entered_by_its_first_step(played: Script) -> None:
    played.move(Seek(instant_ms=600))
    playhead = played.move(MoveFrame(by=1))
    assert (playhead.instant_ms, playhead.until_ms) == (3000, 3600)


def test_a_frame_back_is_first_the_beginning_of_this_frame_then_of_the_one_before(played: Script) -> None:
    played.move(Seek(instant_ms=5600))
    assert played.move(MoveFrame(by=-1)).instant_ms == 3600
    assert played.move(MoveFrame(by=-1)).instant_ms == 600


# --- who leads --------------------------------------------------------------------------------------------------------


def test_the_first_window_of_the_presenter_s_leads(hosts: Hosts) -> None:
    room = Room(hosts)
    assert not room.snapshot(0).presenter_online
    assert room.meet({"first"}) == [LeaderMoved(seq=1, leader="first", presenter_online=True)]
    assert room.meet({"first", "second"}) == []


def test_a_second_window_moves_nothing_before_it_has_taken_over(played: Script) -> None:
    played.room.meet({WINDOW, "second"})
    (refused,) = played.room.answer(Play(), "second", 0)
    assert isinstance(refused, Refused)
    assert not played.playhead.playing
    assert [type(each) for each in played.room.answer(TakeOver(), "second", 0)] == [LeaderMoved]
    assert [type(each) for each in played.room.answer(Play(), "second", 0)] == [PlayheadMoved]
    assert [type(each) for each in played.ask(Pause())] == [Refused]


def test_where_the_leading_window_is_gone_another_leads_with_its_first_press(played: Script) -> None:
    played.room.meet({"second"})
    led, moved = played.room.answer(Play(), "second", 0)
    assert led == LeaderMoved(seq=played.room.seq - 1, leader="second", presenter_online=True)
    assert isinstance(moved, PlayheadMoved)


def test_a_leading_window_that_comes_back_still_leads(played: Script) -> None:
    (gone,) = played.room.meet(frozenset())
    assert gone == LeaderMoved(seq=played.room.seq, leader=WINDOW, presenter_online=False)
    (back,) = played.room.meet({WINDOW, "second"})
    assert back == LeaderMoved(seq=played.room.seq, leader=WINDOW, presenter_online=True)


# --- what hides the picture -------------------------------------------------------------------------------------------


def test_a_cover_is_told_once(played: Script) -> None:
    assert played.ask(ShowCover(cover=Cover.BLANK)) == [CoverMoved(seq=played.room.seq, cover=Cover.BLANK)]
    assert played.ask(ShowCover(cover=Cover.BLANK)) == []
    assert played.room.snapshot(0).cover is Cover.BLANK


@pytest.mark.parametrize("onward", [Play(), MoveStep(by=1), MoveFrame(by=1), Start()])
def test_to_go_on_shows_the_picture_again(played: Script, onward: PresenterMessage) -> None:
    played.ask(ShowCover(cover=Cover.BLANK))
    assert CoverMoved(seq=played.room.seq + 1, cover=Cover.NONE) == played.ask(onward)[0]


@pytest.mark.parametrize("aside", [Seek(instant_ms=100), Pause(), SetRate(rate=2)])
def test_what_only_prepares_leaves_it_covered(played: Script, aside: PresenterMessage) -> None:
    played.ask(ShowCover(cover=Cover.BLANK))
    played.ask(aside)
    assert played.room.snapshot(0).cover is Cover.BLANK


# --- recordings on the stage ------------------------------------------------------------------------------------------


def told(hosts: Hosts, run: int) -> list[events.Event]:
    return [
        RunStarted(run=run, source=Source.LAB, hosts=hosts, replay=Replayed(recording=12)),
        FrameDissected(run=run, journey=journey(1)),
        FrameDissected(run=run, journey=journey(2)),
        RunEnded(run=run),
        events.RunKept(run=run, recording=12),
    ]


def test_a_recording_is_opened_by_whoever_owns_the_room(played: Script) -> None:
    assert played.ask(OpenRecording(recording=12)) == [OpenRecording(recording=12)]


def test_a_recording_comes_as_one_delta(played: Script, hosts: Hosts) -> None:
    seq = played.room.seq
    opened = played.room.replay(told(hosts, 8), 0)
    assert isinstance(opened, RunOpened)
    assert (opened.seq, played.room.seq) == (seq + 1, seq + 1)
    assert opened.run.journeys == (journey(1), journey(2))
    assert opened.run.replay == Replayed(recording=12)
    assert (opened.playhead.run, opened.playhead.until_ms) == (8, 2 * FRAME_MS)


# --- from one owner to the next ---------------------------------------------------------------------------------------


def test_a_run_that_is_not_kept_yet_is_not_what_the_next_owner_begins_with(played: Script) -> None:
    assert played.room.state() is None
    played.hear(events.RunKept, run=RUN, recording=12)
    kept = played.room.state()
    assert kept is not None
    assert kept.shown == Replayed(recording=12)


def test_the_next_owner_goes_on_in_mid_play(played: Script, hosts: Hosts) -> None:
    played.hear(events.RunKept, run=RUN, recording=12)
    played.now_ms = 1000
    played.ask(Play())
    kept = msgspec.json.decode(msgspec.json.encode(played.room.state()), type=KeptState)
    other = Room(hosts, seq=1 << 24)
    other.replay(told(hosts, kept.playhead.run), 2500)
    other.resume(kept)
    assert other.snapshot(2500).playhead.instant_at(2500) == 1500
    assert other.snapshot(2500).leader == WINDOW
    assert other.seq > played.room.seq


def test_a_room_without_a_run_keeps_its_cover(script: Script, hosts: Hosts) -> None:
    script.ask(ShowCover(cover=Cover.INVITATION))
    kept = script.room.state()
    assert kept is not None
    other = Room(hosts)
    other.resume(kept)
    assert other.snapshot(0).cover is Cover.INVITATION
