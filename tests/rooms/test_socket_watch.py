"""What the owner of a room tells of the lab's sockets: rarely, and with the way to a socket's frames."""

from dataclasses import replace

import msgspec
import pytest

from layersviz.capture.events import FrameDissected, PortTried, Replayed, RunKept, RunStarted, SocketsSeen
from layersviz.core.header import Header
from layersviz.core.host import Hosts
from layersviz.core.layer import Layer
from layersviz.core.played_run import Source
from layersviz.core.socket_row import SocketRow
from layersviz.rooms.messages.from_server import LabSockets
from layersviz.rooms.messages.values import LabSocket
from layersviz.rooms.socket_watch import LOOK_EVERY_S, TRY_EVERY_S, SocketWatch
from tests.rooms.journeys import journey

LISTENER = SocketRow(
    host="server", command="python", pid=7, user="root", family="IPv4", protocol="TCP",
    local_ip="10.0.0.2", local_port=80, state="LISTEN",
)  # fmt: skip
TALKER = replace(LISTENER, remote_ip="10.0.0.3", remote_port=35_310, state="ESTABLISHED")
WAITER = replace(TALKER, command="", pid=0, user="", state="TIME-WAIT", expires_ms=60_000)


@pytest.fixture
def watch() -> SocketWatch:
    return SocketWatch()


def seen(watch: SocketWatch, *rows: SocketRow) -> LabSockets | None:
    told = watch.see(SocketsSeen(rows=rows))
    return None if told is None else told.message


def row(watch: SocketWatch, socket: SocketRow) -> LabSocket:
    """That socket as it is told to somebody who has just come."""
    watch.may_look(0.0, anew=True)
    told = seen(watch, socket)
    assert told is not None
    return told.rows[0]


def play(watch: SocketWatch, hosts: Hosts, run: int, client_port: int, **values: Replayed) -> None:
    """A run whose second frame is its first with ports."""
    watch.hear(
        RunStarted(
            run=run, source=Source.LAB, hosts=replace(hosts, client=replace(hosts.client, port=client_port)), **values
        )
    )
    tcp = Header(layer=Layer.TRANSPORT, protocol="TCP", octet_offset=34, octet_length=20, fields=())
    for number in (1, 2, 3):
        headers = (tcp,) if number > 1 else ()
        watch.hear(FrameDissected(run=run, journey=msgspec.structs.replace(journey(number), headers=headers)))


def test_however_many_ask_the_lab_is_asked_once_a_second(watch: SocketWatch) -> None:
    asked = [watch.may_look(at / 10, anew=False) for at in range(101) for _page in range(300)]
    assert sum(asked) <= 10 / LOOK_EVERY_S + 1
    assert asked[0]


def test_ports_are_tried_now_and_then(watch: SocketWatch) -> None:
    assert watch.may_try(5.0)
    assert not watch.may_try(5.0 + TRY_EVERY_S / 2)
    assert watch.may_try(5.0 + TRY_EVERY_S)


def test_what_everybody_knows_is_told_to_nobody_and_to_whoever_comes(watch: SocketWatch) -> None:
    first = watch.see(SocketsSeen(rows=(LISTENER,)))
    assert first is not None
    assert first.is_new
    assert watch.see(SocketsSeen(rows=(LISTENER,))) is None
    watch.may_look(0.0, anew=True)
    again = watch.see(SocketsSeen(rows=(LISTENER,)))
    assert again is not None
    assert not again.is_new
    assert watch.see(SocketsSeen(rows=(LISTENER,))) is None


def test_somebody_who_comes_too_soon_after_another_is_not_forgotten(watch: SocketWatch) -> None:
    watch.may_look(0.0, anew=False)
    seen(watch, LISTENER)
    assert not watch.may_look(0.1, anew=True)
    assert watch.may_look(0.1 + LOOK_EVERY_S, anew=False)
    assert seen(watch, LISTENER) is not None


def test_that_a_wait_has_become_shorter_is_no_news_and_its_end_is(watch: SocketWatch) -> None:
    assert seen(watch, WAITER) is not None
    assert seen(watch, replace(WAITER, expires_ms=59_000)) is None
    assert seen(watch) is not None


def test_a_try_is_told_with_the_next_look_the_latest_first(watch: SocketWatch) -> None:
    tries = [PortTried(port=port, right=False, number=13, error="Permission denied") for port in range(1, 8)]
    seen(watch, LISTENER)
    for each in tries:
        watch.note(each)
    told = seen(watch, LISTENER)
    assert told is not None
    assert [each.port for each in told.tries] == [7, 6, 5, 4]


def test_a_listener_leads_nowhere_and_who_talks_to_its_run(watch: SocketWatch, hosts: Hosts) -> None:
    play(watch, hosts, 5, 35_310)
    assert row(watch, LISTENER) == LabSocket(row=LISTENER)
    assert row(watch, TALKER) == LabSocket(row=TALKER, run=5, frame=2)
    client = replace(
        TALKER, host="client", local_ip="10.0.0.3", local_port=35_310, remote_ip="10.0.0.2", remote_port=80
    )
    assert row(watch, client) == LabSocket(row=client, run=5, frame=2)


def test_a_run_that_is_kept_is_opened_by_its_number_also_when_another_has_begun(
    watch: SocketWatch, hosts: Hosts
) -> None:
    play(watch, hosts, 5, 35_310)
    watch.hear(RunKept(run=5, recording=12))
    play(watch, hosts, 6, 35_311)
    assert row(watch, WAITER) == LabSocket(row=WAITER, run=5, frame=2, recording=12)
    assert row(watch, replace(WAITER, remote_port=35_311)).recording is None
    assert row(watch, replace(WAITER, remote_port=35_312)) == LabSocket(row=replace(WAITER, remote_port=35_312))


def test_before_its_first_frame_has_left_the_wire_a_run_is_on_the_stage_already(
    watch: SocketWatch, hosts: Hosts
) -> None:
    watch.hear(RunStarted(run=5, source=Source.LAB, hosts=hosts))
    assert row(watch, replace(TALKER, remote_port=hosts.client.port)).run == 5


def test_a_run_that_could_not_be_kept_leads_nowhere_when_it_is_over(watch: SocketWatch, hosts: Hosts) -> None:
    play(watch, hosts, 5, 35_310)
    watch.hear(RunKept(run=5, recording=None, problem="database or disk is full"))
    assert row(watch, WAITER) == LabSocket(row=WAITER)


def test_a_port_that_is_used_again_leads_to_the_later_run(watch: SocketWatch, hosts: Hosts) -> None:
    for run, recording in ((5, 12), (6, 13)):
        play(watch, hosts, run, 35_310)
        watch.hear(RunKept(run=run, recording=recording))
    assert row(watch, WAITER).recording == 13


def test_what_is_only_shown_again_has_no_sockets(watch: SocketWatch, hosts: Hosts) -> None:
    play(watch, hosts, 5, 35_310, replay=Replayed(recording=3))
    assert row(watch, WAITER) == LabSocket(row=WAITER)


def test_a_room_that_has_played_for_days_remembers_few_runs(watch: SocketWatch, hosts: Hosts) -> None:
    for run in range(1, 1001):
        play(watch, hosts, run, 30_000 + run)
    assert row(watch, replace(WAITER, remote_port=30_001)).frame == 0
    assert row(watch, replace(WAITER, remote_port=31_000)).frame == 2


def test_a_very_long_list_is_cut_and_says_how_much_is_left_out(watch: SocketWatch) -> None:
    told = seen(watch, *(replace(WAITER, remote_port=port) for port in range(1, 1001)))
    assert told is not None
    assert len(told.rows) + told.left_out == 1000
    assert len(told.rows) == 64
