"""Plain sentences about a conversation: how it opened and closed, and how much of it the capture holds.

Knows TCP's words, not its segments. The sentences are keyed by the values of `tcp_ends`.
"""

from layersviz.core.said import joined, said
from layersviz.core.tcp_analysis import HAS_ACK, HAS_DATA, HAS_FIN, HAS_RST, HAS_SYN, HAS_SYN_ACK
from layersviz.core.tcp_ends import Closing, Opening

_NAMES: dict[str, str] = {
    Opening.THREE_WAY: said("three-way"),
    Opening.SIMULTANEOUS: said("simultaneous"),
    Opening.FAST_OPEN: said("fast open"),
    Opening.REFUSED: said("refused"),
    Opening.NO_ANSWER: said("no answer"),
    Opening.UNFINISHED: said("unfinished"),
    Opening.MID_STREAM: said("in mid-stream"),
    Closing.FOUR_SEGMENTS: said("orderly in four segments"),
    Closing.THREE_SEGMENTS: said("orderly in three segments"),
    Closing.HALF_CLOSE: said("half close"),
    Closing.RESET: said("reset"),
    Closing.STILL_OPEN: said("still open"),
}
OPENINGS: dict[str, str] = {
    Opening.THREE_WAY: said(
        "The client sent a SYN, the server answered with SYN and ACK, and the client acknowledged."
    ),
    Opening.SIMULTANEOUS: said(
        "Both ends sent a SYN before either had got the other's: each acknowledged the other's."
    ),
    Opening.FAST_OPEN: said("Data travelled in the SYN already, so a round trip was saved (TCP Fast Open)."),
    Opening.REFUSED: said("The SYN was answered by a reset: nobody listens at that port, or a filter said so."),
    Opening.NO_ANSWER: said("The SYN was never answered: it was lost, filtered, or nobody is there."),
    Opening.UNFINISHED: said("The handshake was begun, but the capture does not hold its end."),
    Opening.MID_STREAM: said(
        "The capture begins when the connection was already open: its handshake was not recorded."
    ),
}
CLOSINGS: dict[str, str] = {
    Closing.FOUR_SEGMENTS: said("Each end sent its FIN and got an acknowledgment for it: four segments."),
    Closing.THREE_SEGMENTS: said(
        "One end's FIN was acknowledged by the other's own FIN, so three segments were enough."
    ),
    Closing.SIMULTANEOUS: said("Both ends sent their FIN before either had got the other's."),
    Closing.HALF_CLOSE: said("One end sent its FIN and was done; the other still had the right to send."),
    Closing.UNFINISHED: said("Both ends sent their FIN, but not every acknowledgment of them was recorded."),
    Closing.RESET: said("A reset ended it at once: nothing more is sent, and what was on its way is thrown away."),
    Closing.STILL_OPEN: said("Neither end closed it as far as the capture goes."),
}

_OPENED = HAS_SYN | HAS_SYN_ACK | HAS_ACK
_ENDED = HAS_FIN | HAS_RST
_BY_PARTS = {
    HAS_SYN: "Incomplete, SYN_SENT",
    HAS_SYN | HAS_SYN_ACK: "Incomplete, CLIENT_ESTABLISHED",
    _OPENED: "Incomplete, ESTABLISHED",
    _OPENED | HAS_DATA: "Incomplete, DATA",
    **{_OPENED | HAS_DATA | end: "Complete, WITH_DATA" for end in (HAS_FIN, HAS_RST, _ENDED)},
    **{_OPENED | end: "Complete, NO_DATA" for end in (HAS_FIN, HAS_RST, _ENDED)},
}
_MISSING = (
    (HAS_SYN, said("the SYN that opens it")),
    (HAS_SYN_ACK, said("the SYN and ACK that answer")),
    (HAS_ACK, said("the ACK that ends the handshake")),
    (HAS_DATA, said("data")),
    (_ENDED, said("an end by FIN or RST")),
)


def course_words(value: str) -> str:
    """How a connection began or ended, of `core.tcp_ends`, as a text that can be said in any language."""
    return _NAMES.get(value, value)


def completeness(parts: int) -> str:
    """As Wireshark has it: 'Complete, WITH_DATA (31)'."""
    return f"{_BY_PARTS.get(parts, 'Incomplete')} ({parts})"


def missing(parts: int) -> str:
    """One sentence about what of a whole conversation the capture does not hold."""
    lacking = [words for bits, words in _MISSING if not parts & bits]
    if not lacking:
        return said("Handshake, data and end were all recorded.")
    *before, last = lacking
    if not before:
        return said("Not in this capture: {last}.", last=last)
    return said("Not in this capture: {before} and {last}.", before=joined(", ", before), last=last)
