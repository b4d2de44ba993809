"""Recorded runs to which the wire has done something, as the lab would tell it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from layersviz.core.checksum import internet_checksum
from layersviz.core.frame import Frame, Timer, Timers
from layersviz.core.journey import Journey
from layersviz.core.order import KEPT, PLAIN, Deed, Order
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.story import Story
from layersviz.core.timers import Clocks
from layersviz.dissect import dissect_both
from tests.recorded import RecordedRun, recorded_run

WARM = recorded_run("handshake-warm")
SYN, SYN_ACK, HANDSHAKE_ACK, GET, ACK_OF_GET, ANSWER, ACK_OF_ANSWER, SERVER_FIN, CLIENT_FIN, LAST_ACK = WARM.frames
CLOCKS = Clocks(syn_linear=4, syn_retries=6, syn_ack_retries=5)


def numbered(*frames: Frame) -> tuple[Frame, ...]:
    return tuple(replace(frame, number=number) for number, frame in enumerate(frames, start=1))


def damaged(frame: Frame, bit: int, **more: Any) -> Frame:
    """It arrives nowhere where somebody refuses it: the kernels' states stay."""
    return replace(frame, flipped_bit=bit, delivered=frame.taken, **more)


def later(frame: Frame, ms: float, **more: Any) -> Frame:
    return replace(frame, time_ns=frame.time_ns + int(ms * 1e6), **more)


def held(frame: Frame, ms: float, deed: Deed = Deed.HOLD, **more: Any) -> Frame:
    kept_ns = int(ms * 1e6)
    return replace(frame, deed=deed, held_ns=kept_ns, arrived_ns=frame.time_ns + kept_ns, **more)


def again(frame: Frame, ms: float) -> Frame:
    """Sent again so much later, in a packet with another identification."""
    octets = bytearray(frame.octets)
    octets[19] ^= 1
    octets[24:26] = bytes(2)
    octets[24:26] = internet_checksum(bytes(octets[14:34])).to_bytes(2)
    return later(frame, ms, octets=bytes(octets), arrived_ns=frame.time_ns + int(ms * 1e6) + 1_000_000)


def run_of(frames: Sequence[Frame], order: Order = PLAIN, clocks: Clocks | None = None) -> PlayedRun:
    return PlayedRun(hosts=WARM.hosts, frames=tuple(frames), source=Source.LAB, order=order, clocks=clocks)


def tell_live(run: PlayedRun | RecordedRun) -> list[Journey]:
    """As a stage hears of it: what is kept is taken first, in the order of time, and told when it leaves."""
    order, clocks = getattr(run, "order", PLAIN), getattr(run, "clocks", None)
    story = Story(hosts=run.hosts, order=order, clocks=clocks)
    told = []
    for _ns, _turn, frame, leaves in sorted(_moments(run.frames), key=lambda moment: moment[:2]):
        if leaves:
            told.append(story.tell(frame, *dissect_both(frame)))
        else:
            story.take(replace(frame, number=0), dissect_both(frame)[0])
    return sorted(told, key=lambda journey: journey.number)


def _moments(frames: Iterable[Frame]) -> list[tuple[int, int, Frame, bool]]:
    moments = []
    for turn, frame in enumerate(frames):
        if frame.deed in KEPT:
            moments.append((frame.time_ns, -1, frame, False))
        moments.append((frame.arrived_ns or frame.time_ns, turn, frame, True))
    return moments


LEFT_996 = Timers(client=Timer(what="retransmission", left_ms=996))
EVERYTHING = run_of(
    numbered(
        replace(SYN, lost=True, delivered=SYN.taken, timers=LEFT_996, deed=Deed.LOSE),
        damaged(again(SYN, 1_003), 183, deed=Deed.CORRUPT),
        later(SYN, 2_010),
        replace(later(SYN, 2_010), copy_of=3, deed=Deed.DUPLICATE, taken=SYN.delivered, delivered=SYN.delivered),
        later(SYN_ACK, 2_010),
        later(HANDSHAKE_ACK, 2_010),
        damaged(later(GET, 2_010), 50, at_card=True),
        damaged(later(GET, 2_220), 600),
        held(later(GET, 2_600), 400, Deed.DELAY),
        held(later(ACK_OF_GET, 2_650), 410),
    ),
    Order(client_delay_ms=3),
    CLOCKS,
)
"""Each deed, and what the wire does by itself, in one run."""
