"""TCP's state machine as a table (RFC 9293 section 3.3.2, figure 5, with section 3.10.7 for resets).

Knows nothing of frames: what happened to one end is an event.
"""

from enum import StrEnum


class TcpState(StrEnum):
    """A connection end's state, by the RFC's names."""

    CLOSED = "CLOSED"
    LISTEN = "LISTEN"
    SYN_SENT = "SYN-SENT"
    SYN_RECEIVED = "SYN-RECEIVED"
    ESTABLISHED = "ESTABLISHED"
    FIN_WAIT_1 = "FIN-WAIT-1"
    FIN_WAIT_2 = "FIN-WAIT-2"
    CLOSE_WAIT = "CLOSE-WAIT"
    CLOSING = "CLOSING"
    LAST_ACK = "LAST-ACK"
    TIME_WAIT = "TIME-WAIT"


class TcpEvent(StrEnum):
    """What one end did or got. An acknowledgment counts where it covers this end's own SYN or FIN."""

    LISTENED = "called listen()"
    SENT_SYN = "sent SYN"
    SENT_FIN = "sent FIN"
    SENT_RST = "sent RST"
    RECEIVED_SYN = "received SYN"
    RECEIVED_SYN_ACK = "received SYN and the ACK of our SYN"
    RECEIVED_ACK_OF_SYN = "received the ACK of our SYN"
    RECEIVED_FIN = "received FIN"
    RECEIVED_ACK_OF_FIN = "received the ACK of our FIN"
    RECEIVED_FIN_AND_ACK_OF_FIN = "received FIN and the ACK of our FIN"
    RECEIVED_RST = "received RST"
    WAITED = "waited long enough"


_S, _E = TcpState, TcpEvent

TRANSITIONS: dict[tuple[TcpState, TcpEvent], TcpState] = {
    (_S.CLOSED, _E.LISTENED): _S.LISTEN,
    (_S.CLOSED, _E.SENT_SYN): _S.SYN_SENT,
    (_S.LISTEN, _E.RECEIVED_SYN): _S.SYN_RECEIVED,
    (_S.SYN_SENT, _E.RECEIVED_SYN_ACK): _S.ESTABLISHED,
    (_S.SYN_SENT, _E.RECEIVED_SYN): _S.SYN_RECEIVED,
    (_S.SYN_RECEIVED, _E.RECEIVED_ACK_OF_SYN): _S.ESTABLISHED,
    (_S.SYN_RECEIVED, _E.SENT_FIN): _S.FIN_WAIT_1,
    (_S.ESTABLISHED, _E.SENT_FIN): _S.FIN_WAIT_1,
    (_S.ESTABLISHED, _E.RECEIVED_FIN): _S.CLOSE_WAIT,
    (_S.FIN_WAIT_1, _E.RECEIVED_ACK_OF_FIN): _S.FIN_WAIT_2,
    (_S.FIN_WAIT_1, _E.RECEIVED_FIN): _S.CLOSING,
    (_S.FIN_WAIT_1, _E.RECEIVED_FIN_AND_ACK_OF_FIN): _S.TIME_WAIT,  # figure 5, note 2
    (_S.FIN_WAIT_2, _E.RECEIVED_FIN): _S.TIME_WAIT,
    (_S.CLOSING, _E.RECEIVED_ACK_OF_FIN): _S.TIME_WAIT,
    (_S.CLOSE_WAIT, _E.SENT_FIN): _S.LAST_ACK,
    (_S.LAST_ACK, _E.RECEIVED_ACK_OF_FIN): _S.CLOSED,
    (_S.TIME_WAIT, _E.WAITED): _S.CLOSED,
    # A reset ends every state but two: a listener stays, and so does a half-open connection's listener.
    (_S.SYN_RECEIVED, _E.RECEIVED_RST): _S.LISTEN,
} | {
    (state, event): _S.CLOSED
    for state in _S
    for event in (_E.SENT_RST, _E.RECEIVED_RST)
    if state not in (_S.LISTEN, _S.CLOSED) and (state, event) != (_S.SYN_RECEIVED, _E.RECEIVED_RST)
}


def after(state: TcpState, event: TcpEvent) -> TcpState:
    """The state behind an event; the same one where the table has no row for it."""
    return TRANSITIONS.get((state, event), state)
