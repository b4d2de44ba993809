"""What is noteworthy in a TCP run: said first, named on the arrow, and true of what the receiver then does."""

from dataclasses import replace

import pytest

from layersviz.core.journey import Half, Journey
from layersviz.core.layer import Layer
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.core.tcp_ends import Opening
from layersviz.dissect import dissect
from tests.core.foreign import frames, has_stop, hosts, line, play, stop, wire
from tests.recorded import recorded_run
from tests.survey.segments import CLIENT, HANDSHAKE, PATIENT_RUN, SERVER, Sent

DATA = Sent(CLIENT, "PA", 1, 1, 100, ms=30)
SYN_AGAIN = Sent(CLIENT, "S", 0, 0, ms=1000, shift=2)


def transport_down(journey: Journey) -> str:
    return stop(journey, Half.DOWN, Layer.TRANSPORT).sentence


def test_a_retransmission_is_named_and_said_first() -> None:
    *_, again = play(*HANDSHAKE, DATA, replace(DATA, ms=400))
    assert [finding.name for finding in again.findings] == ["retransmission"]
    assert again.name == "data again"
    assert again.arrow == "Retransmission, 100 bytes"
    assert transport_down(again).startswith("A retransmission. ")
    assert not has_stop(again, Half.DOWN, Layer.APPLICATION)
    assert not has_stop(again, Half.UP, Layer.APPLICATION)


def test_what_the_arrow_says_is_told_and_need_not_be_said_beside_it() -> None:
    *_, again = play(*HANDSHAKE, DATA, replace(DATA, ms=400))
    assert [finding.told for finding in again.findings] == [True]
    _, syn_again = play(HANDSHAKE[0], SYN_AGAIN, source=Source.LAB, lost=(1,))
    assert [(finding.name, finding.told) for finding in syn_again.findings] == [("retransmission", False)]


def test_a_syn_that_is_sent_again_is_named_so() -> None:
    _, again = play(HANDSHAKE[0], SYN_AGAIN, source=Source.LAB, lost=(1,))
    assert (again.name, again.arrow) == ("SYN again", "SYN again, seq 0")
    assert "no answer to it has come in time" in transport_down(again)


@pytest.mark.parametrize(
    ("run", "name", "arrow"),
    [
        ((Sent(SERVER, "A", 1, 1, window=0),), "zero window", "Zero window, ack 1"),
        (
            (DATA, replace(DATA, sequence=201, ms=31), Sent(SERVER, "A", 1, 101, ms=40), Sent(SERVER, "A", 1, 101)),
            "duplicate ACK",
            "Duplicate ACK 1, ack 101",
        ),
        ((DATA, Sent(SERVER, "A", 1, 101), Sent(SERVER, "A", 1, 101, window=900)), "window update", None),
        ((DATA, Sent(SERVER, "A", 1, 101), Sent(CLIENT, "A", 100, 1, ms=9000)), "keep-alive", None),
    ],
)
def test_what_wireshark_would_note_names_the_segment(run: tuple[Sent, ...], name: str, arrow: str | None) -> None:
    *_, last = play(*HANDSHAKE, *run)
    assert last.name == name
    assert arrow is None or last.arrow == arrow


def test_a_lost_frame_ends_on_the_wire_and_says_so() -> None:
    lost, again = play(HANDSHAKE[0], SYN_AGAIN, source=Source.LAB, lost=(1,))
    assert lost.lost
    assert (lost.steps[-1].half, lost.steps[-1].title) == (Half.WIRE, "Lost on the wire")
    assert "lost" in lost.steps[-1].sentence
    assert all(row.half is Half.DOWN for row in lost.rows)
    assert wire(again).states == lost.steps[-1].states


def test_bytes_behind_a_gap_wait_and_come_together() -> None:
    run = (DATA, Sent(CLIENT, "PA", 101, 1, 50, ms=31), replace(DATA, ms=400))
    *_, early, again = play(*HANDSHAKE, *run, source=Source.LIVE, lost=(4,))
    assert "50 bytes wait until the gap is filled" in stop(early, Half.UP, Layer.TRANSPORT).sentence
    assert not has_stop(early, Half.UP, Layer.APPLICATION)
    assert "50 more that had waited" in stop(again, Half.UP, Layer.TRANSPORT).sentence
    assert "150 bytes are there" in stop(again, Half.UP, Layer.APPLICATION).sentence


def test_the_beginning_that_was_not_captured_is_said_once() -> None:
    first, second = play(Sent(CLIENT, "PA", 50, 70, 10), Sent(SERVER, "A", 70, 60))
    assert "begins in the middle" in transport_down(first)
    assert "begins in the middle" not in transport_down(second)


def test_a_window_whose_scale_was_not_captured_is_not_said_to_be_bytes() -> None:
    first, *_, update = play(
        Sent(CLIENT, "PA", 50, 70, 10), Sent(SERVER, "A", 70, 60), Sent(SERVER, "A", 70, 60, window=900)
    )
    assert line(stop(first, Half.DOWN, Layer.TRANSPORT), "Window").text == "1000, scale not captured"
    assert update.arrow == "Window update: 900, unscaled"


def test_a_syn_without_any_answer_is_not_said_to_arrive() -> None:
    for journey in play(HANDSHAKE[0], SYN_AGAIN, opening=Opening.NO_ANSWER):
        assert journey.steps[-1].half is Half.WIRE
        assert not journey.lost
        assert "nobody can tell" in journey.steps[-1].sentence


def test_a_port_that_refuses_is_said_to_be_closed_from_the_start() -> None:
    syn, reset = play(HANDSHAKE[0], Sent(SERVER, "RA", 0, 1), opening=Opening.REFUSED)
    assert "Nobody has port 9999 open." in stop(syn, Half.UP, Layer.TRANSPORT).sentence
    assert not has_stop(syn, Half.UP, Layer.APPLICATION)
    assert "refuses" in transport_down(reset)


def test_what_is_skipped_is_followed_all_the_same() -> None:
    run = frames(PATIENT_RUN)
    whole, late = Story(hosts=hosts(), source=Source.FILE), Story(hosts=hosts(), source=Source.FILE)
    told = [whole.tell(frame, dissect(frame.octets)) for frame in run]
    for frame in run[:9]:
        late.skip(frame, dissect(frame.octets))
    for frame, journey in zip(run[9:], told[9:], strict=True):
        again = late.tell(frame, dissect(frame.octets))
        assert (again.name, again.arrow, again.findings, again.time_us) == (
            *(journey.name, journey.arrow, journey.findings, journey.time_us),
        )
        assert [(step.sentence, step.states, step.lines) for step in again.steps] == [
            (step.sentence, step.states, step.lines) for step in journey.steps
        ]


def test_a_skipped_lab_run_goes_on_with_the_same_calls() -> None:
    run = recorded_run("handshake-cold")
    story = Story(hosts=run.hosts)
    for frame in run.frames[:8]:
        story.skip(frame, dissect(frame.octets))
    journey = story.tell(run.frames[8], dissect(run.frames[8].octets))
    assert journey.steps[0].start_ms == 0
    assert (journey.steps[0].client_call, journey.steps[0].server_call) == (
        "recv(): 194 bytes there",
        "send() returned",
    )
