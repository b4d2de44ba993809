"""A played run in the database, and out of it again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from layersviz.core.ending import Ending, Heard, KernelLook, Read
from layersviz.core.frame import States, Timer, Timers
from layersviz.core.host import Side
from layersviz.core.order import Deed, Fault, FrameKind, Order, Place
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.scene_cards import CARDS
from layersviz.core.tcp_state import TcpState
from layersviz.core.timers import Clocks
from layersviz.recordings.keeping import NotKeptError, keep, load, tidy_name
from layersviz.recordings.lessons import files
from layersviz.recordings.models import RecordedFrame, Recording
from layersviz.recordings.retelling import retell
from layersviz.web.recalled import recording_words
from layersviz.web.said import translated
from tests.recorded import recorded_run, tell

pytestmark = pytest.mark.django_db


def played(name: str = "handshake-cold", **changes: Any) -> PlayedRun:
    run = recorded_run(name)
    return PlayedRun(**{"hosts": run.hosts, "frames": run.frames, "source": Source.LAB, **changes})


READS = (Read(at_ns=7, octets=3, text="abc"),)
ENDING = Ending(
    look=KernelLook(
        at_ns=1_795_404_000_123_456_789,
        states=States(client=TcpState.TIME_WAIT, server=TcpState.CLOSED),
        timers=Timers(client=Timer(what="time-wait", left_ms=59_996)),
    ),
    heard=(
        Heard(side=Side.CLIENT, transport="tcp", octets=3, reads=1, first=READS, ended=True),
        Heard(side=Side.SERVER, transport="udp", call="recv()", error="ECONNREFUSED", words="refused", waited_ms=2.5),
    ),
)


@pytest.mark.parametrize(
    "run",
    [
        played(),
        played(ending=ENDING),
        played(ending=Ending()),
        played("handshake-warm", source=Source.SIMULATED, problem="It broke off."),
    ],
)
def test_what_is_kept_comes_back_whole(run: PlayedRun) -> None:
    assert load(Recording.objects.get(pk=keep(run))) == run


FATES: dict[Deed, dict[str, Any]] = {
    Deed.LOSE: {"lost": True},
    Deed.DUPLICATE: {"copy_of": 2, "arrived_ns": 6},
    Deed.CORRUPT: {"flipped_bit": 273, "at_card": True, "arrived_ns": 6},
    Deed.SWAP: {"held_ns": 1_500_000, "arrived_ns": 6},
    Deed.DELAY: {"held_ns": 2_000_000_000, "arrived_ns": 6},
    Deed.HOLD: {"held_ns": 120_000_000_000, "arrived_ns": 6},
}
"""What the wire does to a frame of each deed."""
TIMERS = Timers(client=Timer(what="retransmission", left_ms=998, tries=1))


def faulty(deed: Deed) -> PlayedRun:
    """A run in which that was asked of the third frame, and done to it."""
    frames = list(played().frames)
    frames[2] = replace(frames[2], deed=deed, timers=TIMERS, **FATES[deed])
    place = Place.ETHERNET if deed is Deed.CORRUPT else None
    fault = Fault(deed=deed, sender=Side.CLIENT, frame=FrameKind.SYN, place=place, bit=7, delay_ms=2_000)
    order = Order(
        cold=True, faults=(fault,), client_delay_ms=5, server_delay_ms=6, server_port=6789, textbook=True, ipv6=True
    )
    clocks = Clocks(syn_linear=4, syn_retries=6, syn_ack_retries=5, textbook=True, changed=False)
    return played(frames=tuple(frames), order=order, clocks=clocks)


@pytest.mark.parametrize("deed", Deed)
def test_what_the_wire_was_asked_and_what_it_did_comes_back_whole(deed: Deed, tmp_path: Path) -> None:
    run = faulty(deed)
    assert load(Recording.objects.get(pk=keep(run))) == run
    files.write(tmp_path / "lesson", run)
    assert files.read(tmp_path / "lesson") == run


@pytest.mark.parametrize("deed", Deed)
def test_a_run_that_went_wrong_is_told_again_as_it_was(deed: Deed) -> None:
    run = faulty(deed)
    assert retell(load(Recording.objects.get(pk=keep(run)))) == retell(run)


def test_a_row_from_before_there_were_faults_is_a_run_of_which_nothing_was_asked() -> None:
    kept = Recording.objects.get(pk=keep(faulty(Deed.LOSE)))
    Recording.objects.update(order=None, clocks=None)
    RecordedFrame.objects.update(fate=None, lost=False)
    kept.refresh_from_db()
    assert load(kept) == played()


def test_a_run_without_the_kernel_s_states_is_kept_without_them() -> None:
    frames = tuple(type(frame)(number=frame.number, time_ns=frame.time_ns, sender=frame.sender, octets=frame.octets)
                   for frame in played().frames)  # fmt: skip
    assert load(Recording.objects.get(pk=keep(played(frames=frames)))).frames == frames


def test_the_story_is_told_again_as_it_was() -> None:
    recording = Recording.objects.get(pk=keep(played()))
    assert retell(load(recording)) == tell(recorded_run("handshake-cold"))


def test_its_name_says_what_it_shows() -> None:
    assert Recording.objects.get(pk=keep(played())).name == "Handshake with 10.0.0.2:80, ARP first"
    assert Recording.objects.get(pk=keep(played("handshake-warm"))).name == "Handshake with 10.0.0.2:80"
    assert Recording.objects.get(pk=keep(played(source=Source.LIVE))).name == "Visit of 10.0.0.3 to port 80"


SYN_LOST = Fault(deed=Deed.LOSE, sender=Side.CLIENT, frame=FrameKind.SYN)


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (Order(scene="udp-lost"), f"{CARDS['udp-lost'].name} with 10.0.0.2:80"),
        (Order(faults=(SYN_LOST,)), "Handshake: lose the client's 1st SYN"),
        (Order(scene="large", faults=(SYN_LOST, replace(SYN_LOST, nth=2))), f"{CARDS['large'].name} with 2 faults"),
        (
            Order(
                scene="udp-corrupted",
                faults=(
                    Fault(
                        deed=Deed.CORRUPT,
                        sender=Side.SERVER,
                        frame=FrameKind.DATAGRAM,
                        nth=3,
                        count=4,
                        place=Place.TRANSPORT,
                        bit=11_999,
                    ),
                ),
            ),
            f"{CARDS['udp-corrupted'].name} with 1 fault",
        ),
    ],
    ids=["scene", "fault", "faults", "too long"],
)
def test_its_name_says_its_scene_and_what_was_to_go_wrong(order: Order, name: str) -> None:
    assert Recording.objects.get(pk=keep(played(order=order))).name == name


def test_an_ipv6_address_stands_in_brackets_in_it() -> None:
    run = played()
    hosts = replace(run.hosts, server=replace(run.hosts.server, ip="fd00::2"))
    assert Recording.objects.get(pk=keep(played(hosts=hosts, order=Order(ipv6=True)))).name == (
        "Handshake with [fd00::2]:80, ARP first"
    )


def test_each_name_is_said_in_german_and_one_that_somebody_gave_stays() -> None:
    kept = Recording.objects.get(pk=keep(played(order=Order(faults=(SYN_LOST,)))))
    assert translated(recording_words(kept)["name"], "de") == "Handshake: das 1. SYN vom Client verlieren"
    assert recording_words(kept)["asked"] == ""
    kept.name = "Mine"
    words = translated(recording_words(kept), "de")
    assert (words["name"], words["asked"]) == ("Mine", "Aufgabe der Leitung: das 1. SYN vom Client verlieren.")


def test_what_cannot_be_kept_is_not_kept_in_part_and_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keep(played())

    def fail(*_args: Any, **_options: Any) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(type(RecordedFrame.objects), "bulk_create", fail)
    with pytest.raises(NotKeptError, match=r"^This run could not be kept: database or disk is full\.$"):
        keep(played())
    assert [recording.pk for recording in Recording.objects.all()] == [before]
    assert RecordedFrame.objects.count() == 12


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  a  b ", "a b"),
        ("a\nb\tc\x00d", "a b c d"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 200, "x" * 80),
        (" \n ", ""),
        ("Gr\u00fc\u00dfe \u2192 \u4f60", "Gr\u00fc\u00dfe \u2192 \u4f60"),
    ],
)
def test_a_name_is_one_printable_line(text: str, tidy: str) -> None:
    assert tidy_name(text) == tidy
