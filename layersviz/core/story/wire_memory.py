"""What the story remembers of the frames on the wire: what a segment repeats, who waits, what passed meanwhile.

Of each frame it says what the wire has done to it, as values. Knows nothing of sentences.
"""

from collections import deque

import msgspec

from layersviz.core.frame import Frame, States
from layersviz.core.header import Dissection
from layersviz.core.host import Side
from layersviz.core.journey import Wait
from layersviz.core.order import Order
from layersviz.core.story.connection import Segment
from layersviz.core.story.past import NOTHING, Past
from layersviz.core.story.repeats import Repeat, Sending, Sendings
from layersviz.core.story.waiting import Waits, left_ms
from layersviz.core.timers import Clocks

_MOST_REMEMBERED = 256


_SLACK_NS, _SLACK = 8_000_000, 0.1
"""A kernel's timer may run out so much earlier than it said: two of its ticks, or that part of its time."""


class _Left(msgspec.Struct, frozen=True, gc=False):
    """A frame that has left the wire."""

    sent_ns: int
    left_ns: int
    number: int
    name: str
    sender: Side
    has_arrived: bool


class WireMemory:
    """One story's. `sees_all`: every frame of the wire is told, so that the kernels' waiting can be told, too."""

    def __init__(self, clocks: Clocks | None, order: Order, *, sees_all: bool) -> None:
        self._order, self._sees_all = order, sees_all
        self._sendings = Sendings()
        self._waits = Waits(clocks, order)
        self._left: deque[_Left] = deque(maxlen=_MOST_REMEMBERED)
        self._latest: tuple[int, States | None] = (0, None)
        self._runs_out_ns: dict[Side, int] = {}

    def take(self, frame: Frame, dissection: Dissection, stream: int, sequence: int, octets: int) -> None:
        """A segment with so many octets of data that the wire keeps; it is told later."""
        self._sendings.note(frame, dissection, stream, sequence, octets, number=0)
        if frame.taken is not None:
            self._latest = max(self._latest, (frame.time_ns, frame.taken), key=_when)

    def of(self, frame: Frame, dissection: Dissection, segment: Segment | None, *, arrives: bool) -> Past:
        """One frame that leaves the wire."""
        slower_ms = self._slower_ms(frame.sender)
        meanwhile = self._meanwhile(frame) if frame.held_ns else ()
        if segment is None or frame.copy_of:
            return Past(meanwhile=meanwhile, slower_ms=slower_ms) if meanwhile or slower_ms else NOTHING
        noted = self._sendings.note(
            frame, dissection, segment.stream, segment.sequence, segment.data_octets, number=frame.number
        )
        repeat = noted if isinstance(noted, Repeat) else None
        waits = self._waiting(frame, segment, noted, arrives=arrives) if self._sees_all else ()
        if repeat is None and not (waits or meanwhile or slower_ms):
            return NOTHING
        cause = None if repeat is None else self._cause(frame.sender, repeat)
        if cause is not None:
            waits = tuple(each for each in waits if each.was_ms is None)
        return Past(
            repeat=repeat,
            waits=waits,
            meanwhile=meanwhile,
            slower_ms=slower_ms,
            prompted_by=cause,
            is_known_repeat=self._sees_all and repeat is not None,
        )

    def leave(self, frame: Frame, name: str, *, has_arrived: bool) -> None:
        """It has been told."""
        if not self._sees_all:
            return
        left_ns = frame.arrived_ns or frame.time_ns
        self._left.append(_Left(frame.time_ns, left_ns, frame.number, name, frame.sender, has_arrived))
        if frame.timers is not None:
            for side in Side:
                self._runs_out_ns[side] = _runs_out_ns(left_ns, left_ms(frame, side))
        if frame.delivered is not None:
            self._latest = (max(frame.arrived_ns, frame.time_ns), frame.delivered)

    def states_since(self, frame: Frame) -> States | None:
        """Both kernels' states as they are now, where that is later than when the wire took the frame; else None.

        So no state goes back where a frame is told late: what has changed since it was sent was told with others.
        """
        latest_ns, states = self._latest
        return states if latest_ns > frame.time_ns else None

    def _waiting(
        self, frame: Frame, segment: Segment, noted: Repeat | Sending | None, *, arrives: bool
    ) -> tuple[Wait, ...]:
        sending = noted.now if isinstance(noted, Repeat) else noted
        if sending is not None and frame.timers is not None:
            sending.kernel_ms = left_ms(frame, frame.sender)
        ended = () if sending is noted else self._waits.ended_by(frame.sender, segment, noted)
        if arrives and segment.acknowledgment:
            self._sendings.acknowledge(segment.stream, frame.sender.other, segment.acknowledgment)
        if arrives:
            return ended
        return (*ended, *self._waits.begun_by(frame, segment, noted, self._sendings))

    def _meanwhile(self, frame: Frame) -> tuple[tuple[int, str], ...]:
        return tuple((each.number, each.name) for each in self._left if each.sent_ns >= frame.time_ns)

    def _cause(self, side: Side, repeat: Repeat) -> tuple[int, str] | None:
        """What has come to that side and made it send again; None where its timer may have run out, or is not known."""
        if repeat.now.time_ns >= self._runs_out_ns.get(side, 0):
            return None
        for left in reversed(self._left):
            is_between = repeat.before.time_ns < left.left_ns <= repeat.now.time_ns
            if is_between and left.has_arrived and left.sender is not side:
                return left.number, left.name
        return None

    def _slower_ms(self, side: Side) -> int:
        return self._order.client_delay_ms if side is Side.CLIENT else self._order.server_delay_ms


def _when(moment: tuple[int, States | None]) -> int:
    return moment[0]


def _runs_out_ns(read_ns: int, still_ms: float | None) -> int:
    """The earliest that a timer can run out that was read then; 0 where none was running."""
    if still_ms is None:
        return 0
    return read_ns + int(still_ms * 1e6) - max(_SLACK_NS, int(_SLACK * still_ms * 1e6))
