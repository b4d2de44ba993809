"""What is noteworthy about a segment, in the story's words: a heading, a sentence, a name for its arrow.

Knows the survey's findings; makes none.
"""

import msgspec

from layersviz.core.host import Side
from layersviz.core.journey import Finding
from layersviz.core.story.connection import Segment
from layersviz.core.tcp_ends import Acknowledged
from layersviz.core.tcp_findings import (
    ACK_LOST_SEGMENT,
    DUPLICATE_ACK,
    FAST_RETRANSMISSION,
    KEEP_ALIVE,
    KEEP_ALIVE_ACK,
    LOST_SEGMENT,
    OUT_OF_ORDER,
    RETRANSMISSION,
    REUSED_PORTS,
    SENTENCES,
    SPURIOUS_RETRANSMISSION,
    WINDOW_FULL,
    WINDOW_UPDATE,
    WIRESHARK_NAMES,
    ZERO_WINDOW,
    ZERO_WINDOW_PROBE,
    ZERO_WINDOW_PROBE_ACK,
    names,
)
from layersviz.core.tcp_segment import ACK, SYN
from layersviz.core.tcp_state import TcpState


class Noted(msgspec.Struct, frozen=True):
    """`heading` begins the sentence, `name` is for a button and the arrow; empty where the segment keeps its own."""

    bit: int
    heading: str
    name: str = ""

    @property
    def listed(self) -> str:
        """As Wireshark's packet list shows it."""
        return WIRESHARK_NAMES[names(self.bit)[0]]


_NOTED = (
    Noted(SPURIOUS_RETRANSMISSION, "A needless retransmission", "needless retransmission"),
    Noted(FAST_RETRANSMISSION, "A fast retransmission", "fast retransmission"),
    Noted(RETRANSMISSION, "A retransmission", "retransmission"),
    Noted(OUT_OF_ORDER, "Out of order", "out of order"),
    Noted(KEEP_ALIVE, "A keep-alive", "keep-alive"),
    Noted(KEEP_ALIVE_ACK, "A keep-alive's answer", "keep-alive ACK"),
    Noted(ZERO_WINDOW_PROBE, "A probe of the closed window", "window probe"),
    Noted(ZERO_WINDOW_PROBE_ACK, "A probe's answer", "window probe ACK"),
    Noted(ZERO_WINDOW, "The window is closed", "zero window"),
    Noted(DUPLICATE_ACK, "A duplicate ACK", "duplicate ACK"),
    Noted(WINDOW_UPDATE, "A window update", "window update"),
    Noted(WINDOW_FULL, "The window is full"),
    Noted(LOST_SEGMENT, "A gap"),
    Noted(ACK_LOST_SEGMENT, "A gap in the capture"),
    Noted(REUSED_PORTS, "Ports used again"),
)
"""The most telling first."""
_GENERAL = {FAST_RETRANSMISSION: RETRANSMISSION, SPURIOUS_RETRANSMISSION: RETRANSMISSION}
_NO_ANSWER = "no answer to it has come in time."
_ANSWERED = "an answer to it was under way already."
_AGAIN = RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS_RETRANSMISSION


def findings_of(segment: Segment | None) -> tuple[Finding, ...]:
    """All of them, by Wireshark's names."""
    if segment is None or not segment.findings:
        return ()
    return tuple([Finding(name=name, sentence=SENTENCES[name]) for name in names(segment.findings)])


def noted(segment: Segment | None) -> Noted | None:
    """The one that the arrow names."""
    if segment is None or not segment.findings:
        return None
    return next((each for each in _NOTED if each.bit & segment.findings and each.name), None)


def said_first(segment: Segment, sender: Side, flags: int) -> str:
    """All findings as sentences with a space behind them; what has no bytes is not said to send bytes again."""
    if not segment.findings:
        return ""
    hidden = sum(general for special, general in _GENERAL.items() if special & segment.findings)
    bits, told = segment.findings & ~hidden, []
    if bits & _AGAIN and not segment.data_octets:
        bits &= ~_AGAIN
        told.append(f"A retransmission. {_without_data(segment, sender, flags)}")
    if bits & DUPLICATE_ACK and segment.acknowledges is Acknowledged.SYN:
        bits &= ~DUPLICATE_ACK
        told.append("A duplicate ACK. The same ACK once more: the one before did not get through.")
    for each in _NOTED:
        if each.bit & bits:
            (name,) = names(each.bit)
            told.append(f"{each.heading}. {SENTENCES[name]}")
    return " ".join([*told, ""]) if told else ""


def _without_data(segment: Segment, sender: Side, flags: int) -> str:
    """A SYN or a FIN that was sent before."""
    state = segment.before.at(sender)
    if not flags & SYN:
        is_waiting = state in (TcpState.FIN_WAIT_1, TcpState.CLOSING, TcpState.LAST_ACK)
        return f"The FIN again: {_NO_ANSWER if is_waiting else _ANSWERED}"
    if not segment.synchronized_before:
        return "The same SYN with the same number as before, now with the ACK of the other end's SYN."
    name = "SYN/ACK" if flags & ACK else "SYN"
    if state is TcpState.CLOSED:
        return f"The {name} again with the same number: the {sender} tries once more."
    is_waiting = state in (TcpState.SYN_SENT, TcpState.SYN_RECEIVED)
    return f"The {name} again: {_NO_ANSWER if is_waiting else _ANSWERED}"
