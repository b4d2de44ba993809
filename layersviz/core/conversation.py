"""Follows one TCP connection frame by frame: both ends' states, relative numbers, window scales.

Knows nothing of time, and of no other protocol.
"""

from enum import StrEnum

import msgspec

from layersviz.core.frame import States
from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.tcp_state import TRANSITIONS, TcpEvent, TcpState, after

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
MODULUS = 1 << 32


_WAITS_FOR_ACK_OF_SYN = frozenset({TcpState.SYN_SENT, TcpState.SYN_RECEIVED})
_WAITS_FOR_ACK_OF_FIN = frozenset({TcpState.FIN_WAIT_1, TcpState.CLOSING, TcpState.LAST_ACK})


class Acknowledged(StrEnum):
    """What an acknowledgment covers besides data: SYN and FIN use one sequence number each (RFC 9293 section 3.4)."""

    SYN = "SYN"
    FIN = "FIN"


class _End(msgspec.Struct, kw_only=True):
    """What is known of one end so far."""

    state: TcpState
    initial_sequence: int | None = None
    fin_sequence: int | None = None
    offered_shift: int | None = None


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A TCP header read in the light of its conversation.

    `sequence` and `acknowledgment` are relative to the initial sequence numbers, None where those were not seen.
    `window` is in bytes, scaled by `shift` where scaling is in force (never in a SYN, RFC 7323 section 2.2).
    `taken` and `delivered` are the states that the table gives when it was sent, and when it had arrived.
    `acknowledges` says whether it is the first to cover the other end's SYN or FIN.
    """

    sequence: int | None
    acknowledgment: int | None
    window: int
    shift: int
    taken: States
    delivered: States
    acknowledges: Acknowledged | None


class Conversation:
    """One connection before its first segment: a client that is closed, a server that listens (or is closed, too)."""

    def __init__(self, *, server: TcpState = TcpState.LISTEN) -> None:
        self._ends = {Side.CLIENT: _End(state=TcpState.CLOSED), Side.SERVER: _End(state=server)}

    @property
    def states(self) -> States:
        return States(client=self._ends[Side.CLIENT].state, server=self._ends[Side.SERVER].state)

    def follow(self, sender: Side, tcp: Header, payload_octets: int) -> Segment:
        """Fold one segment that was sent by `sender` and arrived."""
        flags = tcp.number("tcp.flags")
        self._note(self._ends[sender], tcp, flags, payload_octets)
        self._send(self._ends[sender], flags)
        taken = self.states
        acknowledges = self._receive(self._ends[sender.other], tcp, flags)
        shift = self._shift(sender, flags)
        return Segment(
            sequence=_relative(tcp.number("tcp.seq_raw"), self._ends[sender].initial_sequence),
            acknowledgment=_relative(tcp.number("tcp.ack_raw"), self._ends[sender.other].initial_sequence)
            if flags & ACK
            else None,
            window=tcp.number("tcp.window_size_value") << shift,
            shift=shift,
            taken=taken,
            delivered=self.states,
            acknowledges=acknowledges,
        )

    def _note(self, end: _End, tcp: Header, flags: int, payload_octets: int) -> None:
        sequence = tcp.number("tcp.seq_raw")
        if flags & SYN:
            end.initial_sequence = sequence
            scale = tcp.field("tcp.options.wscale.shift")
            end.offered_shift = None if scale is None or scale.number is None else min(scale.number, 14)
        if flags & FIN:
            end.fin_sequence = (sequence + payload_octets) % MODULUS

    def _send(self, end: _End, flags: int) -> None:
        if flags & RST:
            end.state = after(end.state, TcpEvent.SENT_RST)
        elif flags & SYN and not flags & ACK:
            end.state = after(end.state, TcpEvent.SENT_SYN)
        elif flags & FIN:
            end.state = after(end.state, TcpEvent.SENT_FIN)

    def _receive(self, end: _End, tcp: Header, flags: int) -> Acknowledged | None:
        """Change the receiver's state; what of it was acknowledged for the first time."""
        if flags & RST:
            end.state = after(end.state, TcpEvent.RECEIVED_RST)
            return None
        acknowledgment = tcp.number("tcp.ack_raw") if flags & ACK else None
        covers_syn = _covers(acknowledgment, end.initial_sequence)
        covers_fin = _covers(acknowledgment, end.fin_sequence)
        waited = end.state
        if flags & SYN and end.state is not TcpState.SYN_RECEIVED:
            end.state = after(end.state, TcpEvent.RECEIVED_SYN_ACK if covers_syn else TcpEvent.RECEIVED_SYN)
        elif covers_syn:
            end.state = after(end.state, TcpEvent.RECEIVED_ACK_OF_SYN)
        end.state = _after_closing(end.state, covers_fin=covers_fin, has_fin=bool(flags & FIN))
        if covers_fin and waited in _WAITS_FOR_ACK_OF_FIN:
            return Acknowledged.FIN
        return Acknowledged.SYN if covers_syn and waited in _WAITS_FOR_ACK_OF_SYN else None

    def _shift(self, sender: Side, flags: int) -> int:
        """Scaling is in force only where both ends offered it (RFC 7323 section 1.3)."""
        mine, theirs = self._ends[sender].offered_shift, self._ends[sender.other].offered_shift
        return 0 if flags & SYN or mine is None or theirs is None else mine


def _after_closing(state: TcpState, *, covers_fin: bool, has_fin: bool) -> TcpState:
    """A segment that does both is one step of the table where the table has one."""
    if covers_fin and has_fin and (state, TcpEvent.RECEIVED_FIN_AND_ACK_OF_FIN) in TRANSITIONS:
        return after(state, TcpEvent.RECEIVED_FIN_AND_ACK_OF_FIN)
    if covers_fin:
        state = after(state, TcpEvent.RECEIVED_ACK_OF_FIN)
    return after(state, TcpEvent.RECEIVED_FIN) if has_fin else state


def _relative(number: int, initial: int | None) -> int | None:
    return None if initial is None else (number - initial) % MODULUS


def _covers(acknowledgment: int | None, sequence: int | None) -> bool:
    """Whether an acknowledgment lies behind a sequence number, in modulo arithmetic (RFC 9293 section 3.4)."""
    if acknowledgment is None or sequence is None:
        return False
    return 0 < (acknowledgment - sequence) % MODULUS < MODULUS // 2
