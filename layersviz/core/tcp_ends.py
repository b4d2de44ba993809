"""Both ends' states of a TCP connection in a capture, and how it opened and closed.

Knows the state table; follows plain segments. A capture may begin in the middle: then both ends count as established.
"""

from enum import StrEnum

import msgspec

from layersviz.core.tcp_segment import ACK, FIN, MASK, RST, SYN, TcpSegment, is_after
from layersviz.core.tcp_state import TcpEvent, TcpState, after


class Opening(StrEnum):
    """How a connection began."""

    THREE_WAY = "three-way"
    SIMULTANEOUS = "simultaneous"
    FAST_OPEN = "fast open"
    REFUSED = "refused"
    NO_ANSWER = "no answer"
    UNFINISHED = "unfinished"
    MID_STREAM = "in mid-stream"


class Closing(StrEnum):
    """How a connection ended, as far as the capture goes."""

    FOUR_SEGMENTS = "orderly in four segments"
    THREE_SEGMENTS = "orderly in three segments"
    SIMULTANEOUS = "simultaneous"
    HALF_CLOSE = "half close"
    UNFINISHED = "unfinished"
    RESET = "reset"
    STILL_OPEN = "still open"


class Acknowledged(StrEnum):
    """What an acknowledgment covers besides data: SYN and FIN use one sequence number each (RFC 9293 section 3.4)."""

    SYN = "SYN"
    FIN = "FIN"


class _End(msgspec.Struct):
    state: TcpState
    syn: int | None = None
    fin: int | None = None
    fin_is_acknowledged: bool = False
    syn_is_acknowledged: bool = False
    data_in_syn: bool = False
    has_waiting_fin: bool = False
    """The other end's FIN is on its way to this one, which sends its own before it comes."""


_SETTLED_FLAGS = SYN | FIN | RST


class TcpEnds:
    """One connection; direction 0 is that of its first segment."""

    def __init__(self, first: TcpSegment, *, other: TcpState = TcpState.LISTEN, closing: Closing | None = None) -> None:
        """Before the first segment, which says whether the beginning was seen; `other` is who gets a first SYN.

        `closing` is how it will end, where that is known: of two FINs that cross, none comes before both were sent.
        """
        begins = first.flags & SYN
        answers = begins and first.flags & ACK
        states = (TcpState.CLOSED, other) if begins else (TcpState.ESTABLISHED, TcpState.ESTABLISHED)
        if answers:
            states = (TcpState.SYN_RECEIVED, TcpState.SYN_SENT)
        self._ends = (_End(states[0]), _End(states[1]))
        self._in_middle = not begins
        self._answer_came_first = bool(answers)
        self._reset_by: int | None = None
        self._refused = False
        self._crossed_syns = False
        self._crossed_fins = False
        self._fins_will_cross = closing is Closing.SIMULTANEOUS
        self._merged_close = False
        self._data_after_fin = False
        self._answered = False
        self.is_settled = False

    @property
    def states(self) -> tuple[TcpState, TcpState | None]:
        """The state of each end; None where the other end never said anything and its state can't be known."""
        one, other = self._ends
        return one.state, other.state if self._answered or self._in_middle else None

    @property
    def present(self) -> tuple[TcpState, TcpState]:
        """The state of each end by the table, also where only one end was heard."""
        one, other = self._ends
        return one.state, other.state

    @property
    def is_in_middle(self) -> bool:
        """Whether the beginning was not captured: both ends counted as established then."""
        return self._in_middle

    def follow(self, direction: int, segment: TcpSegment) -> None:
        """Fold one segment that was sent in that direction, and arrived."""
        if direction:
            self._answered = True
        if self.is_settled and not segment.flags & _SETTLED_FLAGS:
            return
        self.send(direction, segment)
        self.arrive(direction, segment)
        self.is_settled = self.present == (TcpState.ESTABLISHED, TcpState.ESTABLISHED)

    def send(self, direction: int, segment: TcpSegment) -> None:
        """Fold the sender's part of a segment: whether it arrives is not said yet."""
        if direction:
            self._answered = True
        sender, receiver = self._ends[direction], self._ends[1 - direction]
        if not segment.flags & RST:
            self._follow_send(sender, receiver, segment)
        elif not _is_void(receiver, segment):
            self._refused = self._refused or receiver.state is TcpState.SYN_SENT
            sender.state = after(sender.state, TcpEvent.SENT_RST)

    def arrive(self, direction: int, segment: TcpSegment) -> None:
        """Fold the receiver's part of a segment that was sent."""
        sender, receiver = self._ends[direction], self._ends[1 - direction]
        if not segment.flags & RST:
            self._follow_arrival(sender, receiver, segment)
        elif not _is_void(receiver, segment):
            receiver.state = after(receiver.state, TcpEvent.RECEIVED_RST)
            self._reset_by = direction

    def cross_fins(self) -> None:
        """It is known now that the next FIN meets one on its way."""
        self._fins_will_cross = True

    def fin_of(self, direction: int) -> int | None:
        """The sequence number that this end's FIN has used; None before it was sent."""
        return self._ends[direction].fin

    def crosses(self, direction: int) -> bool:
        """Whether that end's FIN was sent before the other end's, which was captured first, had come to it."""
        end = self._ends[direction]
        return end.has_waiting_fin and end.fin is not None

    def will_cross(self, direction: int) -> bool:
        """Whether that end's FIN is under way to an end that sends its own before it comes."""
        receiver = self._ends[1 - direction]
        return receiver.has_waiting_fin and receiver.fin is None

    def newly_acknowledged(self, direction: int, segment: TcpSegment) -> Acknowledged | None:
        """What of the other end's a segment is the first to cover, asked before it arrives: its FIN, or its SYN."""
        receiver = self._ends[1 - direction]
        if not segment.flags & ACK or segment.flags & RST:
            return None
        if receiver.fin is not None and not receiver.fin_is_acknowledged and _covers(segment, receiver.fin):
            return Acknowledged.FIN
        if receiver.syn is not None and not receiver.syn_is_acknowledged and _covers(segment, receiver.syn):
            return Acknowledged.SYN
        return None

    def _follow_send(self, sender: _End, receiver: _End, segment: TcpSegment) -> None:
        if segment.flags & SYN:
            if sender.syn is None and receiver.syn is not None and not segment.flags & ACK:
                self._crossed_syns = not self._answer_came_first
            sender.syn = segment.sequence
            sender.syn_is_acknowledged = sender.syn_is_acknowledged or (
                self._answer_came_first and receiver.syn is not None
            )
            sender.data_in_syn = sender.data_in_syn or bool(segment.length and not segment.flags & ACK)
            if not segment.flags & ACK:
                sender.state = after(sender.state, TcpEvent.SENT_SYN)
        if receiver.fin is not None and segment.length and not segment.flags & SYN:
            self._data_after_fin = True
        if segment.flags & FIN:
            if sender.fin is None and receiver.fin is not None and not receiver.fin_is_acknowledged:
                self._merged_close = bool(segment.flags & ACK) and _covers(segment, receiver.fin)
                self._crossed_fins = not self._merged_close
            sender.fin = (segment.sequence + segment.length) & MASK
            if self._crossed_fins and sender.state is TcpState.CLOSE_WAIT:
                # The two crossed on the wire: this end had not got the other's FIN when it sent its own.
                sender.state = after(TcpState.ESTABLISHED, TcpEvent.SENT_FIN)
                sender.has_waiting_fin = True
            else:
                sender.state = after(sender.state, TcpEvent.SENT_FIN)

    def _follow_arrival(self, sender: _End, receiver: _End, segment: TcpSegment) -> None:
        acknowledges = segment.flags & ACK
        covers_syn = bool(acknowledges) and self._covers_syn(receiver, segment)
        covers_fin = bool(acknowledges) and receiver.fin is not None and _covers(segment, receiver.fin)
        if segment.flags & SYN and receiver.state is not TcpState.SYN_RECEIVED:
            event = TcpEvent.RECEIVED_SYN_ACK if covers_syn else TcpEvent.RECEIVED_SYN
            receiver.state = after(receiver.state, event)
        elif covers_syn:
            receiver.state = after(receiver.state, TcpEvent.RECEIVED_ACK_OF_SYN)
        receiver.syn_is_acknowledged = receiver.syn_is_acknowledged or covers_syn
        if covers_fin:
            receiver.fin_is_acknowledged = True
            receiver.state = after(receiver.state, TcpEvent.RECEIVED_ACK_OF_FIN)
        if segment.flags & FIN:
            self._take_fin(receiver)
        if sender.has_waiting_fin and sender.fin is not None:
            sender.has_waiting_fin = False
            sender.state = after(sender.state, TcpEvent.RECEIVED_FIN)

    def _covers_syn(self, receiver: _End, segment: TcpSegment) -> bool:
        """Whether it acknowledges the receiver's SYN, be it one that the capture has only later."""
        if receiver.syn is None:
            return self._answer_came_first and bool(segment.flags & SYN)
        return _covers(segment, receiver.syn)

    def _take_fin(self, receiver: _End) -> None:
        if self._fins_will_cross and receiver.fin is None and receiver.state is TcpState.ESTABLISHED:
            receiver.has_waiting_fin = True
        else:
            receiver.state = after(receiver.state, TcpEvent.RECEIVED_FIN)

    def opening(self) -> Opening:
        """How it began."""
        one, other = self._ends
        if self._in_middle or one.syn is None:
            return Opening.MID_STREAM
        if one.syn_is_acknowledged and (other.syn_is_acknowledged or other.syn is None):
            return self._finished_opening(one, other)
        if self._refused:
            return Opening.REFUSED
        return Opening.UNFINISHED if self._answered else Opening.NO_ANSWER

    def _finished_opening(self, one: _End, other: _End) -> Opening:
        if other.syn is None:
            return Opening.MID_STREAM
        if one.data_in_syn or other.data_in_syn:
            return Opening.FAST_OPEN
        return Opening.SIMULTANEOUS if self._crossed_syns else Opening.THREE_WAY

    def closing(self) -> Closing:
        """How it ended."""
        one, other = self._ends
        if self._reset_by is not None:
            return Closing.RESET
        if one.fin is None and other.fin is None:
            return Closing.STILL_OPEN
        if self._data_after_fin or one.fin is None or other.fin is None:
            return Closing.HALF_CLOSE
        if not (one.fin_is_acknowledged and other.fin_is_acknowledged):
            return Closing.UNFINISHED
        if self._crossed_fins:
            return Closing.SIMULTANEOUS
        return Closing.THREE_SEGMENTS if self._merged_close else Closing.FOUR_SEGMENTS


def _is_void(receiver: _End, segment: TcpSegment) -> bool:
    """In SYN-SENT a reset counts only where it acknowledges the SYN (RFC 9293 section 3.10.7.3)."""
    if receiver.state is not TcpState.SYN_SENT or receiver.syn is None:
        return False
    return not (segment.flags & ACK and _covers(segment, receiver.syn))


def _covers(segment: TcpSegment, number: int) -> bool:
    """Whether the acknowledgment lies behind a sequence number."""
    return is_after(segment.acknowledgment, number)
