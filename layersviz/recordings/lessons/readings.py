"""What a lesson's sentence reads off a run: which frame and step it speaks of, and the values of the run in it.

Knows nothing of the sentences, of languages or of the database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.journey import Journey
from layersviz.core.said import said

_CLIENT, _SERVER = Side.CLIENT, Side.SERVER
_NUMBERS = 1 << 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """A frame, by what it does: the `nth` of its kind and sender, or of those with that finding, or of those lost."""

    kind: str
    sender: Side
    nth: int = 1
    finding: str = ""
    lost: bool = False

    def among(self, journeys: Sequence[Journey]) -> list[Journey]:
        return [each for each in journeys if self._is(each)]

    def _is(self, journey: Journey) -> bool:
        return (
            journey.kind == self.kind
            and journey.sender is self.sender
            and (not self.finding or any(each.name == self.finding for each in journey.findings))
            and (not self.lost or journey.lost)
        )


FRAMES: Mapping[str, Which] = {
    "arp_request": Which(kind="ARP request", sender=_CLIENT),
    "arp_reply": Which(kind="ARP reply", sender=_SERVER),
    "syn": Which(kind="SYN", sender=_CLIENT),
    "syn_again": Which(kind="SYN", sender=_CLIENT, nth=2),
    "syn_ack": Which(kind="SYN/ACK", sender=_SERVER),
    "ack": Which(kind="ACK of the handshake", sender=_CLIENT),
    "request": Which(kind="HTTP request", sender=_CLIENT),
    "request_ack": Which(kind="ACK", sender=_SERVER),
    "answer": Which(kind="HTTP answer", sender=_SERVER),
    "answer_ack": Which(kind="ACK", sender=_CLIENT),
    "data": Which(kind="data", sender=_SERVER),
    "lost_data": Which(kind="data", sender=_SERVER, lost=True),
    "duplicate_ack": Which(kind="ACK", sender=_CLIENT, finding="duplicate_ack"),
    "data_again": Which(kind="data", sender=_SERVER, finding="retransmission"),
    "zero_window": Which(kind="ACK", sender=_CLIENT, finding="zero_window"),
    "probe": Which(kind="ACK", sender=_SERVER, finding="keep_alive"),
    "window_update": Which(kind="ACK", sender=_CLIENT, finding="window_update"),
    "server_fin": Which(kind="FIN", sender=_SERVER),
    "client_fin": Which(kind="FIN", sender=_CLIENT),
    "last_ack": Which(kind="ACK of a FIN", sender=_SERVER),
    "server_rst": Which(kind="RST", sender=_SERVER),
    "client_rst": Which(kind="RST", sender=_CLIENT),
    "datagram": Which(kind="UDP datagram", sender=_CLIENT),
    "echo": Which(kind="UDP datagram", sender=_SERVER),
    "icmp": Which(kind="ICMP error", sender=_SERVER),
}


class Readings:
    """One run, as lessons read it."""

    def __init__(self, journeys: Sequence[Journey]) -> None:
        self._journeys = journeys

    def frame(self, name: str) -> Journey | None:
        """The frame of `FRAMES` of that name; None where the run has none."""
        which = FRAMES.get(name)
        found = [] if which is None else which.among(self._journeys)
        return found[which.nth - 1] if which is not None and len(found) >= which.nth else None

    def place(self, at: str) -> tuple[int, int] | None:
        """'syn down transport': the numbers of frame and step; None where the run has no such step."""
        name, half, layer = at.split()
        journey = self.frame(name)
        steps = () if journey is None else journey.steps
        numbers = [step.number for step in steps if step.half == half and step.layer == layer]
        return (journey.number, numbers[0]) if journey is not None and numbers else None

    def value(self, place: str) -> str | None:
        """'syn.tcp.seq_raw': the field's value, as the stage shows it; None where the run has none.

        Beside what is a field there are what Wireshark computes (`frame.len`, `tcp.seq`), and a few counts of ours.
        """
        name, _, field = place.partition(".")
        journey = self.frame(name)
        if journey is None:
            return None
        if field == "count":
            return str(len(FRAMES[name].among(self._journeys)))
        if field in _OF_FRAME:
            return _OF_FRAME[field](journey)
        relative = _RELATIVE.get(field)
        return _shown(journey, field) if relative is None else self._relative(journey, *relative)

    def field_of(self, place: str) -> tuple[int, str] | None:
        """The frame's number, and the field in its headers that the value is read from; None where it is no field."""
        name, _, field = place.partition(".")
        field = _RELATIVE.get(field, (field, True))[0]
        journey = self.frame(name)
        is_there = journey is not None and any(each.field(field) is not None for each in _headers(journey, field))
        return (journey.number, field) if journey is not None and is_there else None

    def _relative(self, journey: Journey, field: str, is_own: bool) -> str | None:
        """A sequence number counted from the first one of its direction, as Wireshark shows it."""
        sender = journey.sender if is_own else (_SERVER if journey.sender is _CLIENT else _CLIENT)
        first = next((_number(each, "tcp.seq_raw") for each in self._journeys if _begins(each, sender)), None)
        number = _number(journey, field)
        return None if first is None or number is None else str((number - first) % _NUMBERS)


def _begins(journey: Journey, sender: Side) -> bool:
    return journey.sender is sender and journey.kind in ("SYN", "SYN/ACK")


_RELATIVE: Mapping[str, tuple[str, bool]] = {
    "tcp.seq": ("tcp.seq_raw", True),
    "tcp.ack": ("tcp.ack_raw", False),
    "tcp.options.sack_le": ("tcp.options.sack_le", False),
    "tcp.options.sack_re": ("tcp.options.sack_re", False),
}
_FCS_AND_PREAMBLE_BITS = 32 + 64


def _length(journey: Journey) -> int:
    return journey.wire_octets or len(journey.octets) // 2


def _fcs(journey: Journey) -> str | None:
    """As a number: the octets of a CRC-32 follow least significant first."""
    return f"0x{bytes.fromhex(journey.fcs)[::-1].hex()}" if journey.fcs else None


_OF_FRAME: Mapping[str, Callable[[Journey], str | None]] = {
    "frame.number": lambda journey: str(journey.number),
    "frame.len": lambda journey: str(_length(journey)),
    "frame.bits": lambda journey: str(_length(journey) * 8),
    "frame.wire_bits": lambda journey: str(_length(journey) * 8 + _FCS_AND_PREAMBLE_BITS),
    "frame.time_relative": lambda journey: said("{seconds:.3f}", seconds=journey.time_us / 1e6),
    "data.len": lambda journey: str(journey.payload_octets),
    "eth.fcs": _fcs,
}
_HEADER_LENGTHS = {"eth.hdr_len": "Ethernet II", "ip.hdr_len": "IPv4", "tcp.hdr_len": "TCP", "udp.hdr_len": "UDP"}
_QUOTED = "quoted."


def _shown(journey: Journey, field: str) -> str | None:
    """A field without what the stage writes in brackets behind it; a header's length in bytes."""
    headers = _headers(journey, field)
    name = field.removeprefix(_QUOTED)
    if name in _HEADER_LENGTHS:
        lengths = [header.octet_length for header in headers if header.protocol == _HEADER_LENGTHS[name]]
        return str(lengths[0]) if lengths else None
    texts = [header.text(name) for header in headers if header.field(name) is not None]
    return texts[0].partition(" (")[0] if texts else None


def _number(journey: Journey, field: str) -> int | None:
    found = [found.number for header in _headers(journey, field) if (found := header.field(field)) is not None]
    return found[0] if found else None


def _headers(journey: Journey, field: str) -> list[Header]:
    return [header for header in journey.headers if header.quoted == field.startswith(_QUOTED)]
