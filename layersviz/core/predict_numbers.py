"""Questions of what TCP numbers and flags come next. Each gives None where the rule and the run do not agree.

The rules are RFC 9293's; what the run shows is the answer, and the rule has to give the same.
"""

from layersviz.core.host import Side
from layersviz.core.layer import Layer
from layersviz.core.predict_place import Draft, Place
from layersviz.core.predict_reading import TCP, Unit, expected_by_receiver, next_of_sender
from layersviz.core.said import Said, said
from layersviz.core.tcp_segment import ACK, FIN, MASK, PSH, RST, SYN

_NAMED = (SYN, FIN, RST, PSH, ACK)
_NAMES = {SYN: "SYN", FIN: "FIN", RST: "RST", PSH: "PSH", ACK: "ACK"}
_USUAL_FLAGS = ("SYN", "SYN/ACK", "ACK", "FIN/ACK", "RST/ACK", "PSH/ACK")


def acknowledgment(place: Place) -> Draft | None:
    """Which acknowledgment number comes back."""
    own, answer = _own_segment(place), place.next_of_conversation
    if own is None or answer is None or not (own.arrives and own.uses) or answer.sender is own.sender:
        return None
    expected = expected_by_receiver(own.sender, place.so_far)
    if not answer.flags & ACK or expected is None or answer.acknowledgment != expected:
        return None
    return Draft(
        text=said(
            "{sent} Which acknowledgment number comes back? All numbers are raw, as the header has them.",
            sent=_sent(own),
        ),
        right=str(expected),
        wrong=_without_relative(_wrong_acknowledgments(own, answer), expected, own.sender, place),
        why=_why_acknowledged(own, expected),
    )


def _wrong_acknowledgments(own: Unit, answer: Unit) -> tuple[str, ...]:
    """What was used is forgotten, counted once more or once less; the other side's number."""
    numbers = [own.sequence, answer.sequence + 1, own.sequence + 2, answer.sequence]
    if own.octets:
        numbers = [own.sequence, own.follows + 1, own.follows - 1, own.sequence + 1, own.acknowledgment, own.octets]
    return _texts(*numbers, own.follows)


def _without_relative(wrong: tuple[str, ...], right: int, sender: Side, place: Place) -> tuple[str, ...]:
    """Without the right number in the stage's other counting, from the sender's first number on: it is right, too."""
    first = next((unit.sequence for unit in place.so_far if unit.sender is sender), right)
    relative = {str((right - first + offset) & MASK) for offset in (0, 1)}
    return tuple(each for each in wrong if each not in relative)


def _texts(*numbers: int) -> tuple[str, ...]:
    return tuple(str(number & MASK) for number in numbers)


def _why_acknowledged(own: Unit, expected: int) -> Said:
    if expected != own.follows:
        return said(
            "The acknowledgment names the first byte that is still missing. All before {number} has arrived, and what "
            "lies behind a gap is not acknowledged: {number} (RFC 9293 section 3.4).",
            number=expected,
        )
    if own.octets and own.flags & FIN:
        return said(
            "{sequence} + {octets} bytes of data + 1 for the FIN = {number}: the next number that is expected "
            "(RFC 9293 section 3.4).",
            sequence=own.sequence,
            octets=own.octets,
            number=expected,
        )
    if own.octets:
        return said(
            "{sequence} + {octets} bytes of data = {number}: the acknowledgment names the next byte that is expected, "
            "not the last one that came (RFC 9293 section 3.4).",
            sequence=own.sequence,
            octets=own.octets,
            number=expected,
        )
    return said(
        "{flag} uses one sequence number, as if it were a byte of data: {sequence} + 1 = {number} "
        "(RFC 9293 section 3.4).",
        flag="SYN" if own.flags & SYN else "FIN",
        sequence=own.sequence,
        number=expected,
    )


def sequence(place: Place) -> Draft | None:
    """Which sequence number the same host's next segment has."""
    own = _own_segment(place)
    if own is None or own.flags & RST or (not own.arrives and not place.is_last_step):
        return None
    following = next((unit for unit in place.to_come if unit.sender is own.sender), None)
    if following is None:
        return None
    is_again = not own.arrives and own.uses > 0 and following.sequence == own.sequence
    if following.sequence != next_of_sender(own.sender, place.so_far) and not is_again:
        return None
    return Draft(
        text=_sequence_text(own, place.journey.lost),
        right=str(following.sequence),
        wrong=_without_relative(_wrong_sequences(own), following.sequence, own.sender, place),
        why=_why_again(own) if is_again else _why_sequence(own, following),
    )


def _sequence_text(own: Unit, is_lost: bool) -> Said:
    if is_lost:
        return said(
            "{sent} It is lost. Which sequence number does the next segment of the {side} have? {raw}", **_told(own)
        )
    return said("{sent} Which sequence number does the next segment of the {side} have? {raw}", **_told(own))


def _told(own: Unit) -> dict[str, str]:
    return {"sent": _sent(own), "side": own.sender.word, "raw": _RAW}


_RAW = said("All numbers are raw, as the header has them.")


def _wrong_sequences(own: Unit) -> tuple[str, ...]:
    """What it used is forgotten, or counted once more; a segment that uses nothing is counted; the other side's."""
    if own.octets:
        return _texts(own.sequence, own.follows + 1, own.sequence + 1, own.acknowledgment, own.octets, own.follows)
    if own.uses:
        return _texts(own.sequence, own.sequence + 2, own.sequence - 1, own.acknowledgment, own.follows)
    return _texts(own.sequence + 1, own.acknowledgment, own.acknowledgment + 1, own.sequence - 1)


def _why_again(own: Unit) -> Said:
    return said(
        "Nobody acknowledges what was lost. The {side}'s timer runs out, and the same bytes go out again under the "
        "same number, {number} (RFC 9293 section 3.8.1).",
        side=own.sender.word,
        number=own.sequence,
    )


def _why_sequence(own: Unit, following: Unit) -> Said:
    if own.uses == 0:
        return said(
            "A segment without data, SYN or FIN uses no sequence number: the next one has {number} again "
            "(RFC 9293 section 3.4).",
            number=following.sequence,
        )
    if following.sequence != own.follows:
        return said(
            "More was sent before this segment: the next new byte has the number {number} (RFC 9293 section 3.4).",
            number=following.sequence,
        )
    return said(
        "{sequence} + {uses} = {number}: each byte of data has a number, and SYN and FIN one each "
        "(RFC 9293 section 3.4).",
        sequence=own.sequence,
        uses=own.uses,
        number=following.sequence,
    )


def flags(place: Place) -> Draft | None:
    """Which flags the next segment of the conversation carries."""
    own, following = _own_segment(place), place.next_of_conversation
    if own is None or following is None or following.flags & ~sum(_NAMED):
        return None
    why = _why_flags(place, own, following)
    if not why:
        return None
    text = said("{sent} It is lost. Which flags does the next segment carry?", sent=_sent(own))
    if own.arrives:
        text = said("{sent} Which flags does the next segment carry?", sent=_sent(own))
    right = flag_text(following.flags)
    usual = flag_text(own.flags) if own.arrives else "SYN/ACK"
    return Draft(text=text, right=right, wrong=(usual, *_USUAL_FLAGS), why=why)


def _why_flags(place: Place, own: Unit, following: Unit) -> str:
    """Empty where nobody can know."""
    if not own.arrives:
        return _why_flags_again(place, own, following)
    if following.sender is own.sender:
        return ""
    if own.flags & SYN:
        return _why_after_syn(own, following)
    if own.flags & FIN:
        return _why_after_fin(following)
    return _why_after_data(own, following)


def _why_flags_again(place: Place, own: Unit, following: Unit) -> str:
    is_again = following.sender is own.sender and following.flags == own.flags and following.sequence == own.sequence
    if not (place.journey.lost and place.is_last_step and own.uses and is_again):
        return ""
    return said(
        "Nobody knows of a segment that was lost. The {side}'s timer runs out, and the same segment is sent again: "
        "{flags} (RFC 9293 section 3.8.1).",
        side=own.sender.word,
        flags=flag_text(own.flags),
    )


def _why_after_syn(own: Unit, following: Unit) -> str:
    match bool(own.flags & ACK), following.flags & (SYN | RST | FIN), following.octets:
        case False, 2, _ if following.flags & ACK:
            return said(
                "The {side} accepts (ACK) and opens its own direction (SYN), both in one segment "
                "(RFC 9293 section 3.5).",
                side=following.sender.word,
            )
        case False, 4, _:
            return said(
                "No socket listens on port {port}: the kernel refuses with RST, and acknowledges the SYN "
                "(RFC 9293 section 3.10.7.1).",
                port=own.target,
            )
        case True, 0, 0:
            return said(
                "The third segment of the handshake acknowledges the {side}'s SYN, and carries nothing else "
                "(RFC 9293 section 3.5).",
                side=own.sender.word,
            )
    return ""


def _why_after_fin(following: Unit) -> str:
    if following.octets or following.flags & (SYN | RST):
        return ""
    if following.flags & FIN:
        return said(
            "The {side} acknowledges and has nothing more to say, so it closes its own direction with the same segment "
            "(RFC 9293 section 3.6).",
            side=following.sender.word,
        )
    return said("A FIN is acknowledged like a byte of data; it closes one direction only (RFC 9293 section 3.6).")


def _why_after_data(own: Unit, following: Unit) -> str:
    if not own.octets or following.flags & (SYN | RST | FIN):
        return ""
    if following.octets and following.flags & PSH:
        return said(
            "The acknowledgment travels with data of the {side}'s own; PSH asks that they be handed up at once "
            "(RFC 9293 sections 3.8.6.3 and 3.9.1).",
            side=following.sender.word,
        )
    if following.octets:
        return ""
    return said(
        "Data is acknowledged by the kernel of the {side}, whatever its application does (RFC 9293 section 3.8.6.3).",
        side=following.sender.word,
    )


def flag_text(value: int) -> str:
    """The flags that are set, as the stage writes them."""
    return "/".join(_NAMES[flag] for flag in _NAMED if value & flag)


def _own_segment(place: Place) -> Unit | None:
    """The present segment, once its header has been shown."""
    own = place.unit
    return own if own is not None and own.protocol == TCP and place.has_shown(Layer.TRANSPORT) else None


def _sent(own: Unit) -> Said:
    """One sentence with all that has to be known of it."""
    told = {"side": _CAPITAL[own.sender], "sequence": own.sequence, "octets": own.octets, "flags": flag_text(own.flags)}
    if own.octets and own.flags & FIN:
        return said("{side} sends FIN and {octets} bytes of data from sequence number {sequence} on.", **told)
    if own.octets:
        return said("{side} sends {octets} bytes of data from sequence number {sequence} on.", **told)
    if own.uses:
        return said("{side} sends {flags} with sequence number {sequence}, without data.", **told)
    return said("{side} sends {flags} with sequence number {sequence}: no data, no SYN, no FIN.", **told)


_CAPITAL = {Side.CLIENT: said("The client"), Side.SERVER: said("The server")}
