"""A lesson's file: a line of JSON for both hosts, then one for each frame, its octets in hexadecimal.

The first line has what was asked of the lab beside the hosts, where that was more than the scene's own.
"""

from pathlib import Path
from typing import Any

import msgspec

from layersviz.core.ending import Ending
from layersviz.core.frame import Frame, States
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.order import PLAIN, Order
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.timers import Clocks
from layersviz.recordings.fate import fate_of, plain_fate

FOLDER = Path(__file__).parent


class _Head(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    client: Host
    server: Host
    order: Order = PLAIN
    clocks: Clocks | None = None
    ending: Ending | None = None


class _Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    time_ns: int
    sender: Side
    octets: str
    taken: States | None = None
    delivered: States | None = None
    lost: bool = False
    fate: dict[str, Any] = {}


def path_of(slug: str) -> Path:
    return FOLDER / f"{slug}.jsonl"


def write(path: Path, run: PlayedRun) -> None:
    """A whole run of the lab, frames numbered from 1 without gaps."""
    head = _Head(
        client=run.hosts.client, server=run.hosts.server, order=run.order, clocks=run.clocks, ending=run.ending
    )
    lines = [msgspec.json.encode(head), *(msgspec.json.encode(_line(frame)) for frame in run.frames)]
    path.write_bytes(b"\n".join(lines) + b"\n")


def read(path: Path) -> PlayedRun:
    """Raises OSError, or ValueError where it is no lesson's file."""
    first, *lines = path.read_bytes().splitlines()
    frames = tuple(_frame(number, line) for number, line in enumerate(lines, start=1))
    head = msgspec.json.decode(first, type=_Head)
    hosts = Hosts(client=head.client, server=head.server)
    return PlayedRun(
        hosts=hosts, frames=frames, source=Source.LAB, order=head.order, clocks=head.clocks, ending=head.ending
    )


def _line(frame: Frame) -> _Line:
    return _Line(
        time_ns=frame.time_ns,
        sender=frame.sender,
        octets=frame.octets.hex(),
        taken=frame.taken,
        delivered=frame.delivered,
        lost=frame.lost,
        fate=plain_fate(frame),
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
        **fate_of(line.fate),
    )
