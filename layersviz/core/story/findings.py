"""What is noteworthy about a segment, in the story's words: a heading, a sentence, a name for its arrow.

Knows the survey's findings; makes none.
"""

from string import ascii_lowercase

import msgspec

from layersviz.core.host import Side
from layersviz.core.journey import Finding
from layersviz.core.said import joined, said
from layersviz.core.story.connection import Segment
from layersviz.core.story.own_findings import CHALLENGE, SELECTIVE, TWICE
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
    """`heading` begins the sentence, `name` is for a button, `arrow` for the arrow.

    Both are empty where the segment keeps its own. `own` is a sentence of the story, where the survey's is too general.
    """

    bit: int
    heading: str
    name: str = ""
    arrow: str = ""
    own: str = ""

    @property
    def sentence(self) -> str:
        """What it means."""
        return self.own or SENTENCES[names(self.bit)[0]]

    def listed(self, judged: Segment | None) -> str:
        """As Wireshark's packet list shows it; where Wireshark takes the segment for something else, our own name."""
        is_judged_so = judged is None or judged.findings & self.bit
        return WIRESHARK_NAMES[names(self.bit)[0]] if is_judged_so and names(self.bit) else self.arrow


_NOTED = (
    Noted(
        SPURIOUS_RETRANSMISSION,
        said("A needless retransmission"),
        said("needless retransmission"),
        said("Needless retransmission"),
    ),
    Noted(FAST_RETRANSMISSION, said("A fast retransmission"), said("fast retransmission"), said("Fast retransmission")),
    Noted(
        RETRANSMISSION,
        said("A retransmission"),
        said("retransmission"),
        said("Retransmission"),
        said("This was sent before: no acknowledgment of it has come, so the sender sends it again."),
    ),
    Noted(OUT_OF_ORDER, said("Out of order"), said("out of order"), said("Out of order")),
    Noted(KEEP_ALIVE, said("A keep-alive"), said("keep-alive"), said("Keep-alive")),
    Noted(KEEP_ALIVE_ACK, said("A keep-alive's answer"), said("keep-alive ACK"), said("Keep-alive ACK")),
    Noted(
        ZERO_WINDOW_PROBE,
        said("A probe of the closed window"),
        said("window probe"),
        said("Window probe"),
        said(
            "The other end's window is 0. When the persist timer has run out, the sender asks whether there is room "
            "again: word of it may have been lost (RFC 9293 section 3.8.6.1)."
        ),
    ),
    Noted(ZERO_WINDOW_PROBE_ACK, said("A probe's answer"), said("window probe ACK"), said("Window probe ACK")),
    Noted(ZERO_WINDOW, said("The window is closed"), said("zero window"), said("Zero window")),
    Noted(
        SELECTIVE,
        said("An ACK with SACK"),
        said("ACK with SACK"),
        said("ACK with SACK"),
        said("Bytes are missing. Where SACK brings news, RFC 6675 counts a duplicate ACK, whatever the window is."),
    ),
    Noted(
        TWICE,
        said("An ACK with D-SACK"),
        said("ACK with D-SACK"),
        said("ACK with D-SACK"),
        said("It answers what came a second time (RFC 2883)."),
    ),
    Noted(
        CHALLENGE,
        said("A challenge ACK"),
        said("challenge ACK"),
        said("Challenge ACK"),
        said(
            "It answers a SYN that came to an end which had had one already: that is not acceptable, and the answer "
            "says where this end stands (RFC 9293 section 3.10.7.4)."
        ),
    ),
    Noted(DUPLICATE_ACK, said("A duplicate ACK"), said("duplicate ACK"), said("Duplicate ACK")),
    Noted(WINDOW_UPDATE, said("A window update"), said("window update"), said("Window update")),
    Noted(WINDOW_FULL, said("The window is full")),
    Noted(LOST_SEGMENT, said("A gap")),
    Noted(ACK_LOST_SEGMENT, said("A gap in the capture")),
    Noted(REUSED_PORTS, said("Ports used again")),
)
"""The most telling first."""
_GENERAL = {FAST_RETRANSMISSION: RETRANSMISSION, SPURIOUS_RETRANSMISSION: RETRANSMISSION}
_SENT_BEFORE = said("This was sent before.")
_NO_ANSWER = said("no answer to it has come in time.")
_ASKED_FOR = said("what came from the other end has asked for it.")
_ANSWERED = said("an answer to it was under way already.")
_AGAIN = RETRANSMISSION | FAST_RETRANSMISSION | SPURIOUS_RETRANSMISSION


HAS_HAD_FIN = frozenset({TcpState.CLOSE_WAIT, TcpState.LAST_ACK, TcpState.CLOSING, TcpState.TIME_WAIT})
"""An end in which state waits for no byte any more."""


def findings_of(segment: Segment | None, arrow: str, *, repeats: bool = False) -> tuple[Finding, ...]:
    """All of them, by Wireshark's names; what the frame's arrow says already is told.

    `repeats`: its bytes are known to have been sent before.
    """
    if segment is None or not segment.findings:
        return ()
    said_there = _letters(arrow)
    return tuple(
        [
            Finding(name=name, sentence=_sentence(name, repeats), told=_is_in(said_there, name))
            for name in names(segment.findings)
        ]
    )


def _sentence(name: str, repeats: bool) -> str:
    return _TAKEN_FOR_OVERTAKEN if repeats and name == "out_of_order" else SENTENCES[name]


_TAKEN_FOR_OVERTAKEN = said(
    "It comes so soon that Wireshark takes it for one that was overtaken. In truth its bytes were sent before."
)


def _is_in(arrow: str, name: str) -> bool:
    """Whether the arrow names it, in Wireshark's words or by its name, however they are written."""
    return any(_letters(each) in arrow for each in (name, WIRESHARK_NAMES[name]))


def _letters(text: str) -> str:
    return "".join([sign for sign in text.lower().replace("tcp ", "") if sign in ascii_lowercase])


def noted(segment: Segment | None) -> Noted | None:
    """The one that the arrow names."""
    if segment is None or not segment.findings:
        return None
    return next((each for each in _NOTED if each.bit & segment.findings and each.name), None)


def said_first(segment: Segment, sender: Side, flags: int, *, is_prompted: bool = False) -> str:
    """All findings as sentences with a space behind them; what has no bytes is not said to send bytes again.

    `is_prompted`: what came from the other end made it send again, no timer.
    """
    if not segment.findings:
        return ""
    hidden = sum(general for special, general in _GENERAL.items() if special & segment.findings)
    bits, told = segment.findings & ~hidden, []
    if bits & _AGAIN and not segment.data_octets:
        bits &= ~_AGAIN
        without_data = _without_data(segment, sender, flags, is_prompted)
        is_answer = flags & SYN and not segment.synchronized_before
        told.append(without_data if is_answer else said("A retransmission. {without_data}", without_data=without_data))
    if bits & DUPLICATE_ACK and segment.acknowledges is Acknowledged.SYN:
        bits &= ~DUPLICATE_ACK
        told.append(said("A duplicate ACK. The same ACK once more: the one before did not get through."))
    if bits & DUPLICATE_ACK and has_all(segment, sender):
        bits &= ~DUPLICATE_ACK
        told.append(said("A duplicate ACK. The same ACK once more: what came last had come before, or is too old."))
    for each in _NOTED:
        if each.bit & bits:
            sentence = _SENT_BEFORE if each.bit == RETRANSMISSION and is_prompted else each.sentence
            told.append(said("{heading}. {sentence}", heading=each.heading, sentence=sentence))
    return joined(" ", [*told, ""]) if told else ""


def has_all(segment: Segment, sender: Side) -> bool:
    """Whether the sender of an acknowledgment waits for nothing more: the other end's FIN is covered by it."""
    covers = segment.other_fin is None or (segment.acknowledgment or 0) > segment.other_fin
    return covers and segment.taken.at(sender) in HAS_HAD_FIN


def _without_data(segment: Segment, sender: Side, flags: int, is_prompted: bool) -> str:
    """A SYN or a FIN that was sent before."""
    state = segment.before.at(sender)
    no_answer = _ASKED_FOR if is_prompted else _NO_ANSWER
    if not flags & SYN:
        is_waiting = state in (TcpState.FIN_WAIT_1, TcpState.CLOSING, TcpState.LAST_ACK)
        return said("The FIN again: {reason}", reason=no_answer if is_waiting else _ANSWERED)
    if not segment.synchronized_before:
        return said(
            "The same SYN with the same number as before, now with the ACK of the other end's SYN: it answers that "
            "(RFC 9293 section 3.5)."
        )
    name = "SYN/ACK" if flags & ACK else "SYN"
    if state is TcpState.CLOSED:
        return said(
            "The {name} again with the same number: the {sender} tries once more.", name=name, sender=sender.word
        )
    is_waiting = state in (TcpState.SYN_SENT, TcpState.SYN_RECEIVED)
    return said("The {name} again: {reason}", name=name, reason=no_answer if is_waiting or is_prompted else _ANSWERED)
