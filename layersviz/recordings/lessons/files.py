"""A lesson's file: a line of JSON for both hosts, then one for each frame, its octets in hexadecimal."""

from pathlib import Path

import msgspec

from layersviz.core.frame import Frame, States
from layersviz.core.host import Hosts, Side
from layersviz.core.played_run import PlayedRun, Source

FOLDER = Path(__file__).parent


class _Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    time_ns: int
    sender: Side
    octets: str
    taken: States | None = None
    delivered: States | None = None
    lost: bool = False


def path_of(slug: str) -> Path:
    return FOLDER / f"{slug}.jsonl"


def write(path: Path, run: PlayedRun) -> None:
    """A whole run of the lab, frames numbered from 1 without gaps."""
    lines = [msgspec.json.encode(run.hosts), *(msgspec.json.encode(_line(frame)) for frame in run.frames)]
    path.write_bytes(b"\n".join(lines) + b"\n")


def read(path: Path) -> PlayedRun:
    """Raises OSError, or ValueError where it is no lesson's file."""
    first, *lines = path.read_bytes().splitlines()
    frames = tuple(_frame(number, line) for number, line in enumerate(lines, start=1))
    return PlayedRun(hosts=msgspec.json.decode(first, type=Hosts), frames=frames, source=Source.LAB)


def _line(frame: Frame) -> _Line:
    return _Line(
        time_ns=frame.time_ns,
        sender=frame.sender,
        octets=frame.octets.hex(),
        taken=frame.taken,
        delivered=frame.delivered,
        lost=frame.lost,
    )


def _frame(number: int, text: bytes) -> Frame:
    line = msgspec.json.decode(text, type=_Line)
    return Frame(
        number=number,
        time_ns=line.time_ns,
        sender=line.sender,
        octets=bytes.fromhex(line.octets),
        taken=line.taken,
        delivered=line.delivered,
        lost=line.lost,
    )
