"""How a damaged frame ends: at the layer that finds it, with the sum that does not come out; or nobody finds it."""

from collections.abc import Iterator

from layersviz.core.checksum import ALL_ONES, ones_complement_sum
from layersviz.core.header import ChecksumStatus, Header
from layersviz.core.journey import Line, Mark
from layersviz.core.layer import Layer
from layersviz.core.said import glued, in_a_row, said
from layersviz.core.story import labels
from layersviz.core.story.damage import Damage
from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.waiting_words import silence
from layersviz.core.story.words import shown
from layersviz.core.tcp_segment import FIN, RST, SYN

_WITH_ADDRESSES = frozenset({"TCP", "UDP", "ICMPv6"})
_ASKED_AGAIN = frozenset({Kind.ARP_REQUEST, Kind.ARP_REPLY})


def refused(layer: Layer, scenery: Scenery, usual: str) -> str:
    """What the layer that refuses says; `usual` is what it says of what came. `scenery` is of what was sent."""
    came, damage = scenery.at_receiver, scenery.damage
    if damage is None:
        return usual
    why = _why(layer, came, damage) or usual
    told = in_a_row(_by_addresses(came, damage), _ends(scenery), silence(scenery))
    return glued(why, told) if why.endswith(" ") else in_a_row(why, told)


def _why(layer: Layer, came: Scenery, damage: Damage) -> str:
    """Empty where the layer's own sentence says it: a checksum that is wrong, another card's address."""
    match layer:
        case Layer.LINK if damage.at_card:
            return _by_check_sequence(came)
        case Layer.LINK if not came.network_headers:
            return said("Nobody here reads what the EtherType names: the frame is dropped.")
        case Layer.NETWORK if wrong_header(came) is None:
            return _by_contradiction(came, damage)
        case Layer.TRANSPORT if wrong_header(came) is None:
            return said(
                "This header can't be true: {problem} It is dropped.",
                problem=came.dissection.problem or said("its checksum can't even be computed."),
            )
    return ""


def _by_check_sequence(came: Scenery) -> str:
    return said(
        "The card computes the CRC-32 over the {octets} bytes that came: 0x{crc:08x}. But the check sequence behind "
        "them is 0x{sent:08x}: damaged on the way. The card drops the frame, and its kernel never sees it.",
        octets=came.frame_octets,
        crc=came.crc,
        sent=came.check_sequence,
    )


def _by_contradiction(came: Scenery, damage: Damage) -> str:
    """An IP header without a wrong checksum that goes no further all the same."""
    ip, name = came.ip, "" if damage.field is None else damage.field.name
    if name == "ipv6.dst" and ip is not None:
        return said(
            "IPv6 has no checksum to check. Is it for me? {destination} is not mine: the kernel drops the packet.",
            destination=shown(ip, "ipv6.dst"),
        )
    if name == "ipv6.nxt":
        return said(
            "IPv6 has no checksum to check. Next header {next}: nobody here takes what that is, so the packet is "
            "dropped.",
            next=damage.new,
        )
    return said(
        "{field}: {new}. Such a header can't be true, and the kernel drops the packet.",
        field=damage.field.label if damage.field is not None else came.dissection.problem,
        new=damage.new,
    )


def _by_addresses(came: Scenery, damage: Damage) -> str:
    """Why the transport finds what is wrong in IPv6's header."""
    header = wrong_header(came)
    is_outside = damage.layer is Layer.NETWORK and damage.header is not None and damage.header.protocol == "IPv6"
    if not is_outside or header is None or header.protocol not in _WITH_ADDRESSES:
        return ""
    return said(
        "Its sum covers the addresses too, by the pseudo-header: so {protocol} finds what IPv6, without a checksum of "
        "its own, can't find.",
        protocol=header.protocol,
    )


def _ends(scenery: Scenery) -> str:
    if scenery.taken is None:
        return said(
            "Here the way ends, and nobody tells the {sender}. {later}",
            sender=scenery.sender.word,
            later=_later(scenery),
        )
    return said(
        "Here the way ends. No state changes, and nobody tells the {sender}. {later}",
        sender=scenery.sender.word,
        later=_later(scenery),
    )


def _later(scenery: Scenery) -> str:
    """Who will notice."""
    sender, tcp = scenery.sender.word, scenery.tcp
    if scenery.udp is not None:
        return said("UDP does not repair it: what is gone is gone, unless the application asks again.")
    if tcp is not None and scenery.segment is not None:
        flags = tcp.number("tcp.flags")
        if scenery.data_octets or flags & (SYN | FIN):
            return said(
                "TCP notices by the silence: when its timer has run out at the latest, the {sender} sends it again.",
                sender=sender,
            )
        if flags & RST:
            return said("A reset is not sent again.")
        return said("A bare ACK is not sent again by itself: a later one says the same, or the other end sends again.")
    if scenery.kind in _ASKED_AGAIN:
        return said("Who has asked gets no answer, and asks again after a while.")
    return said("Nobody sends it again because of that.")


def unnoticed(layer: Layer, scenery: Scenery) -> str:
    """At the layer with the wrong bit, where no check covers it; with a space in front."""
    damage = scenery.damage
    if damage is None or scenery.dropped_at is not None or layer is not damage.layer:
        return ""
    if damage.field is None:
        return said(
            " One bit of it is wrong, {old} became {new}: no checksum covers it, nobody notices.", **_both(damage)
        )
    return said(
        " Its field \u201c{label}\u201d was {old} when it was sent, and is {new} now: no checksum covers that, nobody "
        "notices.",
        label=damage.field.label,
        **_both(damage),
    )


def _both(damage: Damage) -> dict[str, str]:
    return {"old": damage.old, "new": damage.new}


def wrong_header(came: Scenery) -> Header | None:
    """The header whose checksum does not come out."""
    for header in came.own_headers:
        if header.checksum is not None and header.checksum.status is ChecksumStatus.BAD:
            return header
    return None


def refusal_lines(layer: Layer, scenery: Scenery, usual: tuple[Line, ...]) -> tuple[Line, ...]:
    """The checks of the layer that refuses, up to the one that fails: it goes no further, and takes nothing off."""
    came, damage = scenery.at_receiver, scenery.damage
    last = next((at for at, line in enumerate(usual, start=1) if line.mark is Mark.BAD), len(usual))
    kept = tuple(line for line in usual[:last] if line.key != "Taken off")
    if damage is not None and damage.at_card:
        text = said("0x{sent:08x} came, 0x{crc:08x} over {octets} bytes", sent=came.check_sequence, crc=came.crc,
                    octets=came.frame_octets)  # fmt: skip
        return (Line(label="FCS", text=text, mark=Mark.BAD),)
    return (*_sum(layer, came), *kept)


def _sum(layer: Layer, came: Scenery) -> Iterator[Line]:
    """All that the checksum covers and the checksum itself, added up: it has to be 0xffff (RFC 1071 section 1)."""
    header = wrong_header(came)
    if header is None or header.layer is not layer or header.checksum is None or header.checksum.true is None:
        return
    rest = header.checksum.true ^ ALL_ONES
    total = ones_complement_sum(rest.to_bytes(2) + header.checksum.found.to_bytes(2))
    yield Line(label=labels.SUM, text=said("0x{total:04x}, and not 0xffff", total=total), mark=Mark.BAD)
