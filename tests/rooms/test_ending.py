"""How the run on the stage ended, and what its kernels say since then, for all who look at a class."""

import pytest

from layersviz.capture.events import FrameDissected, Replayed, RunEnded, RunStarted, WaitMoved
from layersviz.core.ending import Ending, Heard, KernelLook
from layersviz.core.frame import States, Timer, Timers
from layersviz.core.host import Hosts, Side
from layersviz.core.played_run import Source
from layersviz.core.tcp_state import TcpState
from layersviz.rooms.messages import from_server
from layersviz.rooms.room import Room
from tests.rooms.journeys import journey

RUN = 7


def look(left_ms: int, state: TcpState = TcpState.TIME_WAIT) -> KernelLook:
    timer = Timer(what="time-wait", left_ms=left_ms) if state is TcpState.TIME_WAIT else None
    states = States(client=TcpState.CLOSED, server=state)
    return KernelLook(at_ns=60_000_000_000 - left_ms, states=states, timers=Timers(server=timer))


ENDING = Ending(look=look(59_998), heard=(Heard(side=Side.CLIENT, transport="tcp", octets=194, reads=1, ended=True),))


@pytest.fixture
def room(hosts: Hosts) -> Room:
    room = Room(hosts)
    room.fold(RunStarted(run=RUN, source=Source.LAB, hosts=hosts), 0)
    room.fold(FrameDissected(run=RUN, journey=journey(1)), 0)
    return room


def test_with_the_end_of_a_run_comes_what_kernels_and_programs_said(room: Room) -> None:
    (closed,) = room.fold(RunEnded(run=RUN, ending=ENDING), 0)
    assert isinstance(closed, from_server.RunClosed)
    assert (closed.ending, closed.look) == (ENDING, ENDING.look)


def test_whoever_comes_late_gets_the_kernels_last_word(room: Room) -> None:
    room.fold(RunEnded(run=RUN, ending=ENDING), 0)
    (moved,) = room.fold(WaitMoved(run=RUN, look=look(45_000)), 0)
    assert moved == from_server.WaitMoved(seq=room.seq, run=RUN, look=look(45_000))
    late = room.snapshot(0).run
    assert (late.ending, late.look) == (ENDING, look(45_000))


def test_the_same_word_again_and_one_of_another_run_are_no_news(room: Room) -> None:
    room.fold(RunEnded(run=RUN, ending=ENDING), 0)
    assert room.fold(WaitMoved(run=RUN, look=ENDING.look), 0) == []
    assert room.fold(WaitMoved(run=RUN + 1, look=look(1)), 0) == []


def test_where_the_lab_is_gone_nobody_can_be_asked_but_what_was_said_stays(room: Room) -> None:
    room.fold(RunEnded(run=RUN, ending=ENDING), 0)
    room.fold(WaitMoved(run=RUN, look=None), 0)
    run = room.snapshot(0).run
    assert (run.ending, run.look) == (ENDING, None)


def test_a_kept_run_says_what_was_said_then_and_nothing_is_counted(room: Room, hosts: Hosts) -> None:
    shown = RunStarted(run=RUN + 1, source=Source.LAB, hosts=hosts, replay=Replayed(recording=3))
    room.replay([shown, RunEnded(run=RUN + 1, ending=ENDING, is_past=True)], 0)
    run = room.snapshot(0).run
    assert (run.ending, run.look) == (ENDING, None)
