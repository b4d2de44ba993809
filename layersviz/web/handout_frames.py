"""The table of a handout: a row for each frame with its numbers, the states behind it, its way through the layers.

Knows nothing of requests and of what is drawn.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from django.utils.formats import number_format

from layersviz.core.frame import States
from layersviz.core.journey import Half, Journey, Mark, Step
from layersviz.core.layer import Layer
from layersviz.core.said import joined, said
from layersviz.core.tcp_findings import WIRESHARK_NAMES

_NOT_CAPTURED = "not captured"
_STATE = "State"
_CHECKED = frozenset({Mark.GOOD, Mark.BAD})


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One layer on a frame's way: what handles it there, and how long it is then, in octets or on the wire in bits.

    `check` is 'good' or 'bad' where the receiver's layer checked something, else empty.
    """

    layer: Layer
    name: str
    octets: int
    bits: int = 0
    check: str = ""


class FrameRow(msgspec.Struct, frozen=True, kw_only=True):
    """`sequence`, `acknowledgment` and `data` are numbers as text, empty where the frame has none or nobody knows.

    `info` is what the table calls the frame, `note` what the wire did to it and who refused it, empty where nothing;
    `findings` are Wireshark's words. `is_plain` says that the frame's name is
    its flags.
    """

    journey: Journey
    time: str
    info: str
    note: str
    findings: tuple[str, ...]
    flags: str
    is_plain: bool
    sequence: str
    acknowledgment: str
    data: str
    states: States | None
    down: tuple[Stop, ...]
    up: tuple[Stop, ...]


def frame_rows(journeys: Sequence[Journey]) -> tuple[FrameRow, ...]:
    """All frames, their times in one unit. Wants the journeys in English: it reads the labels of their lines."""
    span_us = journeys[-1].time_us if journeys else 0.0
    return tuple(_row(journey, span_us) for journey in journeys)


def time_text(time_us: float, span_us: float) -> str:
    """The time on the wire in the reader's digits, in one unit for a whole run: '203.1 \u00b5s', '1,010.647 ms'."""
    for unit, below_us, per_unit, places in (("\u00b5s", 1e6, 1, 1), ("ms", 1e7, 1e3, 3)):
        if abs(span_us) < below_us:
            return f"{_number(time_us / per_unit, places)} {unit}"
    return f"{_number(time_us / 1e6, 6)} s"


def _number(value: float, places: int) -> str:
    return number_format(f"{value:.{places}f}", use_l10n=True, force_grouping=True)


def _row(journey: Journey, span_us: float) -> FrameRow:
    sent = next((step for step in journey.steps if step.half is Half.DOWN and step.layer is Layer.TRANSPORT), None)
    flags = _first_word(sent, "Flags")
    return FrameRow(
        journey=journey,
        time=time_text(journey.time_us, span_us),
        info=next((row.info for row in journey.rows if row.layer is not Layer.PHYSICAL), journey.title),
        note=_note(journey),
        findings=tuple(WIRESHARK_NAMES.get(finding.name, finding.name) for finding in journey.findings),
        flags=flags,
        is_plain=journey.name.startswith(flags),
        sequence=_relative(sent, "Seq"),
        acknowledgment=_relative(sent, "Ack"),
        data=_data(journey),
        states=journey.steps[-1].states,
        down=tuple(_stop(step, journey) for step in _passed(journey, Half.DOWN)),
        up=tuple(_stop(step, journey) for step in _passed(journey, Half.UP)),
    )


def _note(journey: Journey) -> str:
    """What the ladder writes below the arrow; that a frame was lost stands there already."""
    told: list[str] = []
    if journey.copy_of:
        told.append(said("second copy of frame {number}, made by the wire", number=journey.copy_of))
    if journey.held_ms:
        told.append(said("kept on the wire for {held:,.1f} ms", held=journey.held_ms))
    if journey.flipped_bit is not None:
        told.append(said("bit {bit} wrong", bit=journey.flipped_bit))
    if journey.refused_at is not None:
        told.append(said("refused by the layer: {layer}", layer=journey.refused_at.label))
    return joined(", ", told) if told else ""


def _first_word(step: Step | None, label: str) -> str:
    lines = () if step is None else step.lines
    return next((line.text.split(" ")[0] for line in lines if line.label == label), "")


def _relative(step: Step | None, label: str) -> str:
    number = _first_word(step, label)
    return number if number.isdecimal() else ""


def _data(journey: Journey) -> str:
    """Octets behind all headers, as they were on the wire; of a frame whose headers are damaged nobody knows."""
    has_transport = any(header.layer is Layer.TRANSPORT and not header.quoted for header in journey.headers)
    if journey.problem or not has_transport:
        return ""
    return str(journey.payload_octets)


def _passed(journey: Journey, half: Half) -> Iterator[Step]:
    return (step for step in journey.steps if step.half is half and step.row is not None)


def _stop(step: Step, journey: Journey) -> Stop:
    octets = sum(part.octets for part in step.parts if not part.computed or part.label == _NOT_CAPTURED)
    bits = 8 * sum(part.octets for part in step.parts) if step.layer is Layer.PHYSICAL else 0
    name = journey.rows[step.row].protocol if step.row is not None else ""
    return Stop(layer=step.layer, name=name, octets=octets, bits=bits, check=_check(step))


def _check(step: Step) -> str:
    """How the receiver's checks came out at this layer; what its kernel says of a state is none."""
    if step.half is not Half.UP:
        return ""
    return _verdict(line.mark for line in step.lines if line.label != _STATE and line.mark in _CHECKED)


def _verdict(marks: Iterable[Mark]) -> str:
    found = frozenset(marks)
    if Mark.BAD in found:
        return "bad"
    return "good" if found else ""
