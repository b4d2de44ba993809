"""What a lesson's sentence reads off a run: which frame and step it speaks of, and the values of the run in it.

Knows nothing of the sentences, of languages or of the database.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.journey import Journey, Mark
from layersviz.core.played_run import PlayedRun
from layersviz.core.said import said
from layersviz.recordings.lessons.named_frames import FRAMES

_NUMBERS = 1 << 32


class Readings:
    """One run, as lessons read it: its frames, and what is told of them."""

    def __init__(self, run: PlayedRun, journeys: Sequence[Journey]) -> None:
        self._run = run
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
        if field in _OF_RUN:
            return _OF_RUN[field](self._run, journey)
        if field == "frame.time_delta":
            return _seconds(journey.time_us - self._journeys[max(0, journey.number - 2)].time_us)
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
        sender = journey.sender if is_own else journey.sender.other
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


def _seconds(microseconds: float) -> str:
    return said("{seconds:.3f}", seconds=microseconds / 1e6)


def _refused(label: str, nth: int) -> Callable[[Journey], str | None]:
    """The `nth` number of what the layer that refused the frame compared: what came, then what it computed."""

    def read(journey: Journey) -> str | None:
        bad = [each for each in journey.steps[-1].lines if each.mark is Mark.BAD and each.label in label.split("|")]
        numbers = [number for each in bad for number in re.findall(r"0x[0-9a-f]+", each.text)]
        return numbers[nth] if len(numbers) > nth else None

    return read


def _time_wait(run: PlayedRun, journey: Journey) -> str | None:
    """In seconds, how long the kernel that was in TIME-WAIT when the frame had arrived still had to wait."""
    timers = run.frames[journey.number - 1].timers
    both = () if timers is None else (timers.client, timers.server)
    left = [timer.left_ms for timer in both if timer is not None and timer.what == "time-wait"]
    return said("{seconds:.1f}", seconds=left[0] / 1e3) if left else None


def _heard(run: PlayedRun, journey: Journey) -> str | None:
    """How many bytes the receiver's program was given in the whole run, over the frame's transport."""
    transport = "udp" if any(header.protocol == "UDP" for header in journey.headers) else "tcp"
    heard = () if run.ending is None else run.ending.heard
    octets = [each.octets for each in heard if (each.side, each.transport) == (journey.sender.other, transport)]
    return str(octets[0]) if octets else None


_OF_RUN: Mapping[str, Callable[[PlayedRun, Journey], str | None]] = {
    "kernel.time_wait": _time_wait,
    "program.heard": _heard,
}
_OF_FRAME: Mapping[str, Callable[[Journey], str | None]] = {
    "frame.number": lambda journey: str(journey.number),
    "frame.len": lambda journey: str(_length(journey)),
    "frame.bits": lambda journey: str(_length(journey) * 8),
    "frame.wire_bits": lambda journey: str(_length(journey) * 8 + _FCS_AND_PREAMBLE_BITS),
    "frame.time_relative": lambda journey: _seconds(journey.time_us),
    "frame.arrived": lambda journey: None if journey.arrived_us is None else _seconds(journey.arrived_us),
    "frame.held": lambda journey: _seconds(journey.held_ms * 1e3),
    "refused.came": _refused("Checksum|FCS", 0),
    "refused.computed": _refused("Checksum|FCS", 1),
    "refused.sum": _refused("Sum", 0),
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
