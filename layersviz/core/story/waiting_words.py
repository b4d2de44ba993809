"""What is said of waiting: who waits behind a frame that did not arrive, and how long it was when it is sent again."""

from layersviz.core.journey import Wait
from layersviz.core.said import glued, joined, said
from layersviz.core.story.scenery import Scenery


def silence(scenery: Scenery) -> str:
    """Who waits now, and for how long as far as that is known; empty where nobody waits, or nothing is known."""
    return joined(" ", told) if (told := [text for each in scenery.past.waits if (text := _begun(each))]) else ""


def _begun(wait: Wait) -> str:
    figures = _figures(wait)
    if not figures or wait.was_ms is not None:
        return ""
    return said("The {side} waits for {what}: {figures}.", side=wait.side.word, what=wait.what, figures=figures)


def _figures(wait: Wait) -> str:
    """Nothing but the textbook's where neither settings nor timer are known is no prediction."""
    if wait.predicted_ms is None and wait.kernel_ms is None:
        return ""
    told: list[str] = []
    if wait.predicted_ms is not None:
        told.append(said("{seconds:g} s by its kernel's settings", seconds=wait.predicted_ms / 1e3))
    if wait.textbook_ms is not None:
        told.append(_by_the_textbook(wait.textbook_ms / 1e3))
    if wait.kernel_ms is not None:
        told.append(said("{left:,.0f} ms by its kernel's own timer", left=wait.kernel_ms))
    return joined(", ", told)


def _by_the_textbook(seconds: float) -> str:
    """Beyond 60 s the textbook allows a longest wait (RFC 6298 section 2.5)."""
    if seconds > _LEAST_LONGEST_S:
        return said(
            "{seconds:g} s by the textbook's doubling, which may end at 60 s or more (RFC 6298, 5.5 and 2.5)",
            seconds=seconds,
        )
    return said("{seconds:g} s by the textbook (RFC 6298)", seconds=seconds)


_LEAST_LONGEST_S = 60


def sent_again(scenery: Scenery) -> str:
    """Which frame this one repeats, and how long its sender has waited; with a space in front."""
    repeat = scenery.past.repeat
    if repeat is None or not scenery.is_on_known_link:
        return ""
    which = said("frame {number}", number=repeat.before.number) if repeat.before.number else _STILL_KEPT
    told = said(" It repeats {which}, {after:,.1f} ms later.", which=which, after=repeat.after_ms)
    packet = (_OLD_BYTES if repeat.now.data else _OLD_NUMBER) if repeat.is_new_packet else ""
    return glued(told, packet, _cause(scenery), *(text for each in scenery.past.waits if (text := _ended(each))))


_STILL_KEPT = said("a frame that is still on the wire")
_OLD_BYTES = said(" The bytes are old, the packet around them is new.")
_OLD_NUMBER = said(" The number is old, the packet around it is new.")


def _cause(scenery: Scenery) -> str:
    if scenery.past.prompted_by is None:
        return ""
    number, name = scenery.past.prompted_by
    return said(" No timer has run out: frame {number} ({name}) has caused it.", number=number, name=name)


def _ended(wait: Wait) -> str:
    figures = _figures(wait)
    if not figures or wait.was_ms is None:
        return ""
    return said(
        " The {side} has waited {was:,.1f} ms for {what}; to be expected: {figures}.",
        side=wait.side.word,
        was=wait.was_ms,
        what=wait.what,
        figures=figures,
    )
