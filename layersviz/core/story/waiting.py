"""What the hosts wait for, and how long: by their settings, by the textbook, by the kernel's own timer, and in truth.

Knows nothing of sentences.
"""

from layersviz.core.frame import Frame, Timer
from layersviz.core.host import Side
from layersviz.core.journey import Wait
from layersviz.core.order import PLAIN, Order
from layersviz.core.said import Said, said
from layersviz.core.story.connection import Segment
from layersviz.core.story.repeats import Repeat, Sending, Sendings
from layersviz.core.tcp_findings import FAST_RETRANSMISSION
from layersviz.core.tcp_segment import ACK, SYN
from layersviz.core.timers import Clocks, doubled_wait_s, syn_waits_s, textbook_waits_s

_RETRANSMISSION = "retransmission"
_FOR_SYN, _FOR_SYN_ACK = said("an answer to its SYN"), said("the acknowledgment of its SYN")
_FOR_DATA = said("an acknowledgment")


class Waits:
    """A run's: `clocks` are the hosts' settings, None where they are not known."""

    def __init__(self, clocks: Clocks | None, order: Order | None) -> None:
        order = order or PLAIN
        self._clocks = clocks
        self._is_near = not (order.client_delay_ms or order.server_delay_ms)
        self._syns: set[Side] = set()

    def ended_by(self, side: Side, segment: Segment, noted: Repeat | Sending | None) -> tuple[Wait, ...]:
        """A segment that is sent again because nobody answered the one before it in time."""
        if not isinstance(noted, Repeat) or segment.findings & FAST_RETRANSMISSION:
            return ()
        if noted.now.flags & SYN:
            self._syns.add(side)
        return (self._wait(side, noted.before, was_ms=noted.after_ms),)

    def begun_by(self, frame: Frame, segment: Segment, noted: Repeat | Sending | None, sent: Sendings) -> list[Wait]:
        """A segment that does not arrive: its sender waits for an answer, or the other end for this one."""
        begun, other = [], frame.sender.other
        sending = noted.now if isinstance(noted, Repeat) else noted
        if sending is not None:
            begun.append(self._wait(frame.sender, sending, kernel_ms=left_ms(frame, frame.sender)))
        if sending is None or sending.flags == SYN | ACK:
            answered = sent.unanswered(segment.stream, other, segment.acknowledgment or 0)
            if answered is not None:
                begun.append(self._wait(other, answered, kernel_ms=left_ms(frame, other)))
        return begun

    def _wait(
        self, side: Side, sending: Sending, *, was_ms: float | None = None, kernel_ms: float | None = None
    ) -> Wait:
        tries = sending.tries
        predicted_s, textbook_s = None, None
        if sending.flags == SYN:
            predicted_s = None if self._clocks is None else syn_waits_s(self._clocks, tries + 1)[tries]
        if sending.flags == SYN | ACK:
            predicted_s = None if self._clocks is None else textbook_waits_s(tries + 1)[tries]
        if sending.flags & SYN or (self._is_near and side not in self._syns):
            textbook_s = doubled_wait_s(tries)
        return Wait(
            side=side,
            what=_what(sending),
            predicted_ms=_ms(predicted_s),
            textbook_ms=_ms(textbook_s),
            kernel_ms=sending.kernel_ms if kernel_ms is None else kernel_ms,
            was_ms=was_ms,
        )


def _what(sending: Sending) -> Said:
    if sending.flags & SYN:
        return _FOR_SYN_ACK if sending.flags & ACK else _FOR_SYN
    return _FOR_DATA


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1_000


def left_ms(frame: Frame, side: Side) -> float | None:
    """How long that side's kernel will still wait before it sends again, as it said when the frame had left.

    None where no such timer runs, or where it is just about to be set anew: then nothing is left of it.
    """
    timer: Timer | None = None if frame.timers is None else frame.timers.at(side)
    return float(timer.left_ms) if timer is not None and timer.what == _RETRANSMISSION and timer.left_ms else None
