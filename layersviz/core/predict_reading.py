"""What predicting needs of a run's journeys: segments and datagrams as plain numbers, and which belong together.

Knows nothing of questions or of words.
"""

from collections.abc import Iterable, Sequence

import msgspec

from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey
from layersviz.core.layer import Layer
from layersviz.core.tcp_segment import ACK, FIN, MASK, SYN, is_after

TCP, UDP = "TCP", "UDP"


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A whole segment or datagram. `octets` are its data's; `sequence`, `acknowledgment`, `flags` are 0 of a datagram.

    `arrives` is whether its receiver's transport layer took it in.
    """

    frame: int
    sender: Side
    protocol: str
    source: int
    target: int
    header_octets: int
    octets: int
    arrives: bool
    sequence: int = 0
    acknowledgment: int = 0
    flags: int = 0

    @property
    def uses(self) -> int:
        """How many sequence numbers it uses: its octets, and one each for SYN and FIN (RFC 9293 section 3.4)."""
        return self.octets + bool(self.flags & SYN) + bool(self.flags & FIN)

    @property
    def follows(self) -> int:
        """The sequence number behind it."""
        return (self.sequence + self.uses) & MASK

    @property
    def conversation(self) -> tuple[str, int, int]:
        """The same for both directions."""
        ports = (self.source, self.target) if self.sender is Side.CLIENT else (self.target, self.source)
        return (self.protocol, *ports)


def unit_of(journey: Journey) -> Unit | None:
    """None where there is none, or not all of it."""
    header = next((each for each in journey.headers if each.protocol in (TCP, UDP) and not each.quoted), None)
    is_cut = journey.wire_octets * 2 > len(journey.octets)
    if header is None or is_cut or journey.problem:
        return None
    return _segment(journey, header) if header.protocol == TCP else _datagram(journey, header)


def units(journeys: Iterable[Journey]) -> list[Unit]:
    return [unit for journey in journeys if (unit := unit_of(journey)) is not None]


def _segment(journey: Journey, tcp: Header) -> Unit:
    return Unit(
        frame=journey.number,
        sender=journey.sender,
        protocol=TCP,
        source=tcp.number("tcp.srcport"),
        target=tcp.number("tcp.dstport"),
        header_octets=tcp.number("tcp.hdr_len") * 4,
        octets=journey.payload_octets,
        arrives=arrives(journey),
        sequence=tcp.number("tcp.seq_raw"),
        acknowledgment=tcp.number("tcp.ack_raw"),
        flags=tcp.number("tcp.flags"),
    )


def _datagram(journey: Journey, udp: Header) -> Unit:
    return Unit(
        frame=journey.number,
        sender=journey.sender,
        protocol=UDP,
        source=udp.number("udp.srcport"),
        target=udp.number("udp.dstport"),
        header_octets=udp.octet_length,
        octets=journey.payload_octets,
        arrives=arrives(journey),
    )


def arrives(journey: Journey) -> bool:
    """Whether it came up to the receiver's transport layer, and nothing refused it there or before."""
    last = journey.steps[-1]
    came_up = last.half is Half.UP and last.layer in (Layer.TRANSPORT, Layer.APPLICATION)
    return came_up and not journey.lost and journey.refused_at is None


def answers(own: Unit, other: Unit) -> bool:
    """Whether the other end says this because of that: a datagram back, or a segment that acknowledges. A SYN that
    crosses ours on the way does not."""
    return other.sender is not own.sender and (other.protocol == UDP or bool(other.flags & ACK))


def expected_by_receiver(sender: Side, conversation: Sequence[Unit]) -> int | None:
    """The next sequence number that the other end waits for, by what has arrived of that sender's: RCV.NXT of RFC 9293
    section 3.3.1. None where nothing of it has."""
    came = [unit for unit in conversation if unit.sender is sender and unit.arrives and unit.uses]
    if not came:
        return None
    expected = next((unit for unit in came if unit.flags & SYN), came[0]).sequence
    for _round in came:
        expected = _moved_on(expected, came)
    return expected


def _moved_on(expected: int, came: Sequence[Unit]) -> int:
    for unit in came:
        begins_late = is_after(unit.sequence, expected)
        if not begins_late and is_after(unit.follows, expected):
            expected = unit.follows
    return expected


def next_of_sender(sender: Side, conversation: Sequence[Unit]) -> int | None:
    """The sequence number behind all that was sent: SND.NXT of RFC 9293 section 3.3.1. None where nothing was."""
    sent = [unit for unit in conversation if unit.sender is sender]
    if not sent:
        return None
    latest = sent[0].follows
    for unit in sent:
        if is_after(unit.follows, latest):
            latest = unit.follows
    return latest
