"""Which of the bytes that come in a TCP segment are new to their receiver, and can be given to its application.

Knows one direction of one connection; sequence numbers are raw.
"""

from enum import StrEnum

from layersviz.core.tcp_segment import MASK, SYN, TcpSegment, is_after

_MOST_WAITING = 1_000


class Arrival(StrEnum):
    """What a receiver does with a segment's bytes: RFC 9293 section 3.10.7.4."""

    NONE = "there are none"
    IN_ORDER = "the application can have them"
    KNOWN = "all of them had come before"
    REPEATED = "all of them had been sent before, and not been acknowledged"
    EARLY = "bytes before them are missing"


class Arrivals:
    """All bytes of one direction that have come, without a gap up to `behind`, and those that wait behind a gap."""

    __slots__ = ("_acknowledged", "_behind", "_syn", "_waiting", "octets")

    def __init__(self) -> None:
        self._behind: int | None = None
        self._acknowledged: int | None = None
        self._syn: int | None = None
        self._waiting: list[tuple[int, int]] = []
        self.octets = 0
        """How many bytes the latest segment has made ready for the application: its own new ones, and those behind."""

    def take(self, segment: TcpSegment) -> Arrival:
        """One segment comes."""
        first = segment.sequence
        if segment.flags & SYN:
            first = (first + 1) & MASK
            self._begin(first)
        if self._behind is None:
            self._behind = first
        self.octets = 0
        if not segment.length:
            return Arrival.NONE
        behind = (first + segment.length) & MASK
        if is_after(first, self._behind):
            if len(self._waiting) < _MOST_WAITING:
                self._waiting.append((first, behind))
            return Arrival.EARLY
        if not is_after(behind, self._behind):
            is_acknowledged = self._acknowledged is not None and not is_after(behind, self._acknowledged)
            return Arrival.KNOWN if is_acknowledged else Arrival.REPEATED
        self.octets = self._advance(behind)
        return Arrival.IN_ORDER

    def _begin(self, first: int) -> None:
        """A SYN; the same one again changes nothing."""
        if first != self._syn:
            self._syn = self._behind = first

    def has_all_before(self, number: int) -> bool:
        """Whether no byte before this number is missing; before anything has come none is."""
        return self._behind is None or not is_after(number, self._behind)

    def acknowledge(self, number: int) -> None:
        """The receiver says that all before this number has come, even where the capture does not hold it."""
        self._acknowledged = number
        if self._behind is None:
            self._behind = number
        elif is_after(number, self._behind):
            self._advance(number)

    def _advance(self, number: int) -> int:
        """All has come up to this number, and what waits just behind it; by how many octets that is more."""
        start = self._behind or 0
        for first, behind in sorted(self._waiting, key=lambda each: (each[0] - start) & MASK):
            if is_after(first, number):
                break
            if is_after(behind, number):
                number = behind
        if self._waiting:
            self._waiting = [each for each in self._waiting if is_after(each[1], number)]
        self._behind = number
        return (number - start) & MASK
