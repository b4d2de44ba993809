"""Whatever the wire does to frames, in any order and with any bit: journeys, that end where they say."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from layersviz.core.frame import Frame, States, Timer, Timers
from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey
from layersviz.core.layer import Layer
from layersviz.core.order import Deed, Order
from layersviz.core.said import encoder
from layersviz.core.tcp_state import TcpState
from layersviz.core.timers import Clocks
from layersviz.recordings.retelling import retell
from layersviz.web.said import catalogue
from tests.core.faulty import WARM, numbered, run_of, tell_live
from tests.dissect.test_any_octets import SAMPLES

STATES = st.none() | st.builds(States, client=st.sampled_from(TcpState), server=st.sampled_from(TcpState))
TIMER = st.none() | st.builds(
    Timer, what=st.sampled_from(["retransmission", "time-wait", "probe"]), left_ms=st.integers(0, 9_000)
)
FRAMES = st.builds(
    Frame,
    number=st.just(1),
    time_ns=st.integers(0, 10**10),
    sender=st.sampled_from(Side),
    octets=st.sampled_from([frame.octets for frame in WARM.frames]) | st.sampled_from(SAMPLES),
    lost=st.booleans(),
    taken=STATES,
    delivered=STATES,
    deed=st.none() | st.sampled_from(Deed),
    flipped_bit=st.none() | st.integers(-1, 3_000),
    at_card=st.booleans(),
    copy_of=st.integers(0, 6),
    arrived_ns=st.just(0) | st.integers(0, 10**10),
    held_ns=st.just(0) | st.integers(0, 10**10),
    timers=st.none() | st.builds(Timers, client=TIMER, server=TIMER),
)
ORDERS = st.builds(Order, client_delay_ms=st.integers(0, 2_000), server_delay_ms=st.integers(0, 2_000))
CLOCKS = st.none() | st.builds(
    Clocks, syn_linear=st.integers(0, 8), syn_retries=st.integers(0, 9), syn_ack_retries=st.integers(0, 9)
)


@given(st.lists(FRAMES, min_size=1, max_size=8), ORDERS, CLOCKS)
def test_any_frames_with_any_fate_make_journeys(frames: list[Frame], order: Order, clocks: Clocks | None) -> None:
    run = run_of(numbered(*frames), order, clocks)
    for frame, journey in zip(run.frames, retell(run), strict=True):
        check(frame, journey)


def check(frame: Frame, journey: Journey) -> None:
    encoder().encode(journey)
    encoder(catalogue("de")).encode(journey)
    assert all(step.sentence and step.title for step in journey.steps)
    assert (journey.flipped_bit is None) == (frame.arrived == frame.octets) == (journey.arrived == "")
    assert (Half.DOWN in {step.half for step in journey.steps}) == (frame.copy_of == 0)
    ends = journey.steps[-1]
    if frame.lost:
        assert (ends.half, journey.refused_at, journey.arrived_us) == (Half.WIRE, None, None)
    if journey.refused_at is not None:
        assert (ends.half, ends.layer) == (Half.UP, journey.refused_at)
    for row in journey.rows:
        assert row.side is (frame.sender if row.half is Half.DOWN else frame.sender.other)


@given(st.sampled_from(WARM.frames), st.data())
def test_no_bit_of_a_real_segment_gets_past_all_checks(frame: Frame, data: st.DataObject) -> None:
    bit = data.draw(st.integers(14 * 8, 8 * len(frame.octets) - 1))
    (journey,) = retell(run_of([replace(frame, number=1, flipped_bit=bit, delivered=frame.taken)]))
    assert journey.refused_at is (Layer.NETWORK if bit < 34 * 8 else Layer.TRANSPORT)
    assert journey.steps[-1].states == frame.taken


def test_the_recorded_runs_are_told_the_same_live_and_again() -> None:
    assert tell_live(WARM) == list(retell(run_of(WARM.frames)))
