"""Reads pcapng: draft-ietf-opsawg-pcapng, the packets of all sections with the interfaces that they came in at.

Knows nothing of gzip, nor of what the packets mean. Is as strict as Wireshark, so that both stop at the same place.
"""

from collections.abc import Callable, Generator, Iterator

from layersviz.core.packet import Packet
from layersviz.core.said import said
from layersviz.files.block import (
    CUSTOM_BLOCK,
    CUSTOM_BLOCK_NOT_TO_COPY,
    CUT_SHORT,
    ENHANCED_PACKET,
    FRAME,
    JOURNAL,
    OBSOLETE_PACKET,
    SECTION_HEADER,
    SIMPLE_PACKET,
    SMALLEST,
    Body,
    next_body,
    section_numbers,
)
from layersviz.files.damage import DamagedCaptureError
from layersviz.files.octets import Octets
from layersviz.files.options import COMMENT, CUSTOM, comment_text, padded
from layersviz.files.pcap import LONGEST, too_long
from layersviz.files.section import TAKEN_IN, Section

VERDICT = 7
PACKET_OPTIONS = {
    **CUSTOM,
    2: range(4, 5),  # flags
    4: range(8, 9),  # dropped packets
    5: range(8, 9),  # the packet's number elsewhere
    6: range(4, 5),  # the queue
    VERDICT: range(1, 1 << 16),
}
VERDICT_KINDS, VERDICT_OCTETS = (1, 2), 9
_PLAIN_OCTETS = SMALLEST[ENHANCED_PACKET]
COUNTED = (CUSTOM_BLOCK, CUSTOM_BLOCK_NOT_TO_COPY, JOURNAL)
"""Frames to Wireshark, though they are no packets."""


def read_pcapng(octets: Octets) -> Iterator[Packet]:
    """The packets, as long as the file is sound. Raises DamagedCaptureError where it is not.

    A packet's number counts what Wireshark counts, so it may leave numbers out (see COUNTED).
    """
    if not octets.have(FRAME):
        raise DamagedCaptureError(CUT_SHORT)
    section = Section(section_numbers(octets))
    number = 0
    while octets.have(FRAME):
        if octets.buffer.startswith(SECTION_HEADER, octets.at):
            section = Section(section_numbers(octets))
        body = next_body(octets, section.numbers)
        if body.kind in PACKETS:
            number += 1
            yield PACKETS[body.kind](section, body, number)
        elif body.kind in COUNTED:
            number += 1
        elif body.kind in TAKEN_IN:
            TAKEN_IN[body.kind](section, body)
        number = yield from _plain_packets(octets, section, number)
    if octets.left:
        raise DamagedCaptureError(CUT_SHORT)


def _plain_packets(octets: Octets, section: Section, number: int) -> Generator[Packet, None, int]:
    """The enhanced packets that lie whole in the buffer, as long as there is nothing special about them.

    Gives the last one's number. What it leaves is read block by block: it only spares most packets half of their time.
    """
    unpack, interfaces = section.numbers.block_and_packet.unpack_from, section.interfaces
    buffer, at, end, before = octets.buffer, octets.at, len(octets.buffer), octets.before
    while at + _PLAIN_OCTETS <= end:
        kind, claimed, interface_id, high, low, captured, length = unpack(buffer, at)
        last = at + claimed
        if (
            kind != ENHANCED_PACKET
            or claimed != _PLAIN_OCTETS + (captured + 3 & ~3)
            or last > end
            or captured > LONGEST
            or interface_id >= len(interfaces)
            or buffer[last - 4 : last] != buffer[at + 4 : at + 8]
        ):
            break
        first = at + 28
        number += 1
        octets.at = at = last
        interface = interfaces[interface_id]
        yield Packet(
            number=number,
            octets=buffer[first : first + captured],
            length=length,
            time_ns=interface.time_ns(high << 32 | low),
            link_type=interface.link_type,
            interface=interface_id,
            position=before + first,
        )
    return number


def _packet(section: Section, body: Body, number: int) -> Packet:
    interface_id, high, low, captured, length = section.numbers.packet[body.kind].unpack_from(body.octets, body.start)
    first = body.start + 20
    _check_length(number, captured, body.end - first)
    if interface_id >= len(section.interfaces):
        raise DamagedCaptureError(
            said(
                "Frame {number} is damaged: no interface {interface} has been described before it.",
                number=number,
                interface=interface_id,
            )
        )
    interface = section.interfaces[interface_id]
    options = first + padded(captured)
    return Packet(
        number=number,
        octets=body.octets[first : first + captured],
        length=length,
        time_ns=interface.time_ns(high << 32 | low),
        link_type=interface.link_type,
        interface=interface_id,
        comments=_comments(section, body, options) if options < body.end else (),
        position=body.before + first,
    )


def _simple_packet(section: Section, body: Body, number: int) -> Packet:
    """A packet without a time, of the section's first interface."""
    if not section.interfaces:
        raise DamagedCaptureError(
            said("Frame {number} is damaged: no interface has been described before it.", number=number)
        )
    interface = section.interfaces[0]
    (length,) = section.numbers.word.unpack_from(body.octets, body.start)
    captured = min(length, interface.snap_length or length)
    first = body.start + 4
    _check_length(number, captured, body.end - first)
    return Packet(
        number=number,
        octets=body.octets[first : first + captured],
        length=length,
        time_ns=None,
        link_type=interface.link_type,
        interface=0,
        position=body.before + first,
    )


def _check_length(number: int, captured: int, room: int) -> None:
    if captured > LONGEST:
        raise DamagedCaptureError(too_long(number, captured))
    if padded(captured) > room:
        raise DamagedCaptureError(
            said(
                "Frame {number} is damaged: it claims {captured:,} octets, more than its block has.",
                number=number,
                captured=captured,
            )
        )


def _comments(section: Section, body: Body, options: int) -> tuple[str, ...]:
    comments = []
    for code, value in section.numbers.options.read(body.octets, options, body.end, PACKET_OPTIONS):
        if code == COMMENT:
            comments.append(comment_text(value))
        elif code == VERDICT and value[0] in VERDICT_KINDS and len(value) != VERDICT_OCTETS:
            raise DamagedCaptureError(
                said("The file is damaged: a packet's verdict can't be {length:,} octets long.", length=len(value))
            )
    return tuple(comments)


PACKETS: dict[int, Callable[[Section, Body, int], Packet]] = {
    ENHANCED_PACKET: _packet,
    OBSOLETE_PACKET: _packet,
    SIMPLE_PACKET: _simple_packet,
}
