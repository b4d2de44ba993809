"""The two ports of a real segment, octet by octet: of the SYN of a ready lesson, with the way to it on its stage."""

from functools import cache

import msgspec
from django.urls import reverse

from layersviz.core.journey import Half, Journey
from layersviz.core.layer import Layer
from layersviz.recordings.lessons import files
from layersviz.recordings.models import Recording
from layersviz.recordings.retelling import retell

LESSON = "01-handshake"
_FIELDS = ("tcp.srcport", "tcp.dstport")


class PortField(msgspec.Struct, frozen=True, kw_only=True):
    """One port as it stands in the header: its two octets, in hexadecimal and in bits."""

    label: str
    number: str
    octets: tuple[str, str]
    bits: tuple[str, str]
    high: str
    low: str


class PortBytes(msgspec.Struct, frozen=True, kw_only=True):
    """`frame` and `step` are where the sender's transport layer writes them; `address` is empty where the lesson was
    deleted."""

    fields: tuple[PortField, ...]
    frame: int
    step: int
    address: str = ""


def port_bytes() -> PortBytes | None:
    """None where the lesson's file is not there."""
    read = _read()
    if read is None:
        return None
    recording = Recording.objects.filter(lesson=LESSON).values_list("pk", flat=True).first()
    if recording is None:
        return read
    place = f"{reverse('recording', args=[recording])}?frame={read.frame}&step={read.step}"
    return msgspec.structs.replace(read, address=place)


@cache
def _read() -> PortBytes | None:
    try:
        journeys = retell(files.read(files.path_of(LESSON)))
    except (OSError, ValueError):
        return None
    return next((_of(journey) for journey in journeys if _transport(journey) is not None), None)


def _transport(journey: Journey) -> int | None:
    """The number of the step at which the sender's TCP writes its header."""
    steps = (each for each in journey.steps if each.half is Half.DOWN and each.layer is Layer.TRANSPORT)
    has_ports = any(header.field(_FIELDS[0]) is not None for header in journey.headers)
    return next((step.number for step in steps), None) if has_ports else None


def _of(journey: Journey) -> PortBytes:
    octets = bytes.fromhex(journey.octets)
    found = (header.field(name) for name in _FIELDS for header in journey.headers)
    fields = tuple(
        _field(field.label, octets[field.bit_offset // 8 : field.bit_offset // 8 + 2]) for field in found if field
    )
    return PortBytes(fields=fields, frame=journey.number, step=_transport(journey) or 1)


def _field(label: str, octets: bytes) -> PortField:
    high, low = octets
    return PortField(
        label=label,
        number=str(high * 256 + low),
        octets=(f"{high:02x}", f"{low:02x}"),
        bits=(f"{high:08b}", f"{low:08b}"),
        high=str(high),
        low=str(low),
    )
