"""What the wire did to a frame: lost it, flipped a bit, kept it, let another one pass, made a second copy.

Of a frame to which nothing was done `link_sentences.wire` tells.
"""

from collections.abc import Iterator

from layersviz.core.journey import Line, Mark
from layersviz.core.layer import Layer
from layersviz.core.order import Deed
from layersviz.core.said import glued, in_a_row, joined, said
from layersviz.core.story import labels
from layersviz.core.story.damage import Damage
from layersviz.core.story.link_sentences import wire
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.waiting_words import silence
from layersviz.core.story.words import states_of

_MOST_NAMED = 3


def on_the_wire(scenery: Scenery) -> str:
    """Between the two hosts, whatever happens there."""
    frame = scenery.frame
    if frame.lost:
        return in_a_row(wire(scenery), silence(scenery))
    told = [*_deeds(scenery)]
    if not told:
        return glued(wire(scenery), _slower(scenery), _doubled(scenery))
    return in_a_row(*told, _doubled(scenery))


def title_on_the_wire(scenery: Scenery) -> str:
    """Empty where nothing was done to it."""
    if scenery.frame.lost:
        return said("Lost on the wire")
    if scenery.damage is not None:
        return said("Damaged on the wire") if scenery.damage.at_card else said("Damaged in a device on the way")
    if scenery.is_copy:
        return said("A second copy on the wire")
    return _KEPT.get(scenery.frame.deed, "") if scenery.frame.deed is not None else ""


_KEPT = {
    Deed.HOLD: said("Held on the wire"),
    Deed.DELAY: said("Late on the wire"),
    Deed.SWAP: said("Overtaken on the wire"),
}


def _deeds(scenery: Scenery) -> Iterator[str]:
    if scenery.is_copy:
        yield said(
            "This is the wire's second copy of frame {number}: the {sender} has sent that frame only once, and "
            "knows nothing of this one.",
            number=scenery.frame.copy_of,
            sender=scenery.sender.word,
        )
    if scenery.damage is not None:
        yield _damaged(scenery, scenery.damage)
    if kept := _kept(scenery):
        yield kept
        yield _meanwhile(scenery)


def _damaged(scenery: Scenery, damage: Damage) -> str:
    wrong = said("{what}: {old} became {new}", what=_what(scenery, damage), old=damage.old, new=damage.new)
    if damage.at_card:
        return said(
            "On the way bit {bit} of the frame is flipped. It is in {wrong}. The check sequence that the "
            "{sender}'s card computed, 0x{crc:08x}, travels on behind it unchanged.",
            bit=damage.bit,
            wrong=wrong,
            sender=scenery.sender.word,
            crc=scenery.crc,
        )
    return said(
        "A device on the way, between two links, flips bit {bit} of the frame in its memory. It is "
        "in {wrong}. Then it computes a new check sequence, 0x{crc:08x}, over the wrong bytes: the link layer can't "
        "find this.",
        bit=damage.bit,
        wrong=wrong,
        crc=scenery.at_receiver.crc,
    )


def _what(scenery: Scenery, damage: Damage) -> str:
    """'the field "Time to live" (ip.ttl)', or which byte of the data."""
    if damage.field is not None:
        return said("the field \u201c{label}\u201d ({name})", label=damage.field.label, name=damage.field.name)
    if damage.header is not None:
        return said("the {protocol} header, byte {octet} of the frame", protocol=_protocol(damage), octet=damage.octet)
    place = damage.octet - scenery.dissection.payload_offset
    if damage.layer is Layer.LINK and place >= len(scenery.dissection.payload):
        return said("the padding, byte {octet} of the frame", octet=damage.octet)
    return said("the data, byte {place} of {octets}", place=place + 1, octets=len(scenery.dissection.payload))


def _protocol(damage: Damage) -> str:
    return damage.header.protocol if damage.header is not None else ""


def _kept(scenery: Scenery) -> str:
    held_ms = scenery.frame.held_ns / 1e6
    match scenery.frame.deed:
        case Deed.HOLD:
            return said(
                "The frame was held on the wire for {held:,.1f} ms, then it was let go. To both hosts it was as good "
                "as lost all that time: their kernels went on living.",
                held=held_ms,
            )
        case Deed.DELAY:
            return said("The frame is late: the wire kept it for {held:,.1f} ms.", held=held_ms)
        case Deed.SWAP:
            return _swapped(scenery, held_ms)
    return ""


def _swapped(scenery: Scenery, held_ms: float) -> str:
    return said(
        "The {sender} has sent this frame before the one that follows it, but the wire changes their order: it kept "
        "this one for {held:,.1f} ms.",
        sender=scenery.sender.word,
        held=held_ms,
    )


def _meanwhile(scenery: Scenery) -> str:
    """Which frames passed in that time, as far as they are told."""
    passed = scenery.past.meanwhile
    if not passed:
        return said("No other frame passed in that time.")
    frames: list[str] = [said("frame {number} ({name})", number=number, name=name) for number, name in passed]
    told: str = joined(", ", frames[:_MOST_NAMED])
    if len(frames) > _MOST_NAMED:
        told = said("{told} and {more} more", told=told, more=len(frames) - _MOST_NAMED)
    return said("Meanwhile passed: {told}.", told=told)


def _slower(scenery: Scenery) -> str:
    """Where its whole direction was ordered to be slower."""
    frame = scenery.frame
    if not scenery.past.slower_ms or frame.arrived_ns <= frame.time_ns:
        return ""
    return said(
        " This direction is slower by {slower} ms: the frame is on its way for {way:,.1f} ms.",
        slower=scenery.past.slower_ms,
        way=(frame.arrived_ns - frame.time_ns) / 1e6,
    )


def _doubled(scenery: Scenery) -> str:
    if scenery.frame.deed is not Deed.DUPLICATE or scenery.is_copy:
        return ""
    return said(" The wire makes a second copy of this frame, which is told by itself.")


def come_before(layer: Layer, scenery: Scenery) -> str:
    """What a receiver makes of what it has had already; with a space in front, empty where that is said elsewhere."""
    if layer is not Layer.TRANSPORT or scenery.dropped_at is not None:
        return ""
    if scenery.udp is not None and scenery.is_copy:
        return said(" UDP can't know that the same datagram has come before: the application gets it a second time.")
    segment = scenery.segment
    if segment is None or segment.data_octets or _changes_something(scenery):
        return ""
    if scenery.is_copy:
        return said(" The same segment has come before: this one brings nothing new.")
    return ""


def _changes_something(scenery: Scenery) -> bool:
    old, new = states_of(scenery, scenery.receiver)
    return old is not new


def passage_lines(scenery: Scenery) -> Iterator[Line]:
    """The values of what the wire did, none where it did nothing."""
    frame, damage = scenery.frame, scenery.damage
    if damage is not None:
        yield Line(label=said("Wrong bit"), text=_place(damage), mark=Mark.BAD)
        if damage.field is not None:
            yield Line(label=damage.field.name, text=f"{damage.old} \u2192 {damage.new}", mark=Mark.BAD)
        else:
            yield Line(label=labels.DATA, text=f"{damage.old} \u2192 {damage.new}", mark=Mark.BAD)
    if scenery.is_copy:
        yield Line(label=said("Copy of"), text=said("frame {number}", number=frame.copy_of), mark=Mark.PLAIN)
    if frame.held_ns:
        yield Line(label=said("Kept for"), text=said("{held:,.1f} ms", held=frame.held_ns / 1e6), mark=scenery.origin)


def _place(damage: Damage) -> str:
    return said(
        "{bit}: byte {octet}, its bit {of_octet}, counted from 0",
        bit=damage.bit,
        octet=damage.octet,
        of_octet=damage.bit % 8,
    )
