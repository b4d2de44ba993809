"""Frames that are under way, each until it is due. Knows nothing of sockets; times are on the monotonic clock."""

import heapq

from layersviz.core.host import Side
from layersviz.lab.faults import Carried


class UnderWay:
    """A heap of due times. No frame overtakes another of its direction, but one that a fault keeps is overtaken."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Carried]] = []
        self._count = 0
        self._last_due: dict[Side, int] = {}

    def __bool__(self) -> bool:
        return bool(self._heap)

    @property
    def next_due_ns(self) -> int | None:
        return self._heap[0][0] if self._heap else None

    def due_ns(self, side: Side, earliest_ns: int) -> int:
        """When a frame of that side is due that could be so at the earliest then."""
        return max(earliest_ns, self._last_due.get(side, 0))

    def put(self, frame: Carried) -> None:
        if not (frame.is_kept or frame.is_copy):
            side = frame.sighting.sender
            self._last_due[side] = max(frame.due_ns, self._last_due.get(side, 0))
        self._count += 1
        heapq.heappush(self._heap, (frame.due_ns + frame.extra_ns, self._count, frame))

    def pop_due(self, now_ns: int) -> Carried | None:
        """The next one that is due by now; None where there is none."""
        return heapq.heappop(self._heap)[2] if self._heap and self._heap[0][0] <= now_ns else None

    def hurry(self) -> None:
        """All are due now, in the order in which they would have been."""
        self._heap = [(0, place, frame) for place, (_due, _count, frame) in enumerate(sorted(self._heap))]
        self._last_due.clear()
