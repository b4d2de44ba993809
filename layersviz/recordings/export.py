"""A recording as a capture file, each frame with its story as a comment."""

import tempfile
from typing import BinaryIO, cast

from layersviz.core.journey import Journey
from layersviz.core.packet import Packet
from layersviz.core.played_run import Source
from layersviz.files.pcapng_writer import PcapngWriter
from layersviz.recordings.keeping import load
from layersviz.recordings.models import Recording
from layersviz.recordings.retelling import retell

_IN_MEMORY = 4 * 1024 * 1024
SIMULATED = "SIMULATED: computed as Linux would send it; no wire carried this frame."


def file_of(recording: Recording) -> BinaryIO:
    """An open pcapng file at its beginning; it goes when it is closed."""
    run = load(recording)
    simulated = run.source is Source.SIMULATED
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - who serves it closes it
    about = f"{recording.name}\nSIMULATED: no wire carried these frames." if simulated else recording.name
    writer = PcapngWriter(file, comment=about)
    for frame, journey in zip(run.frames, retell(run), strict=True):
        comments = _comments(journey, simulated=simulated)
        packet = Packet(
            number=frame.number,
            octets=frame.octets,
            length=frame.wire_octets,
            time_ns=frame.time_ns,
            link_type=frame.link_type,
            comments=comments,
        )
        writer.write(packet, lost=frame.lost)
    file.seek(0)
    return file


def _comments(journey: Journey, *, simulated: bool) -> tuple[str, ...]:
    told = "\n".join(f"{step.number}. {step.title}: {step.sentence}" for step in journey.steps)
    return (SIMULATED, told) if simulated else (told,)
