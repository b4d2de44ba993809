"""A recording as a capture file, each frame with its story as a comment."""

import tempfile
from collections.abc import Iterable
from typing import BinaryIO, cast

from layersviz.core.frame import Frame
from layersviz.core.journey import Journey
from layersviz.core.packet import Packet
from layersviz.core.played_run import Source
from layersviz.files.pcapng_writer import PcapngWriter
from layersviz.recordings.keeping import load
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.recordings.playing import told_frames
from layersviz.recordings.retelling import retell

PCAPNG = "application/x-pcapng"
SIMULATED = "SIMULATED: computed as Linux would send it; no wire carried this frame."
_IN_MEMORY = 4 * 1024 * 1024


def file_of(recording: Recording) -> BinaryIO:
    """A run as an open pcapng file at its beginning; it goes when it is closed."""
    run = load(recording)
    simulated = run.source is Source.SIMULATED
    about = f"{recording.name}\nSIMULATED: no wire carried these frames." if simulated else recording.name
    return _written(about, zip(run.frames, retell(run), strict=True), SIMULATED if simulated else "")


def file_of_conversation(conversation: RecordedConversation) -> BinaryIO:
    """The same of one conversation of a capture file: its frames as they were captured, with our sentences.

    The sentences end at MOST_TOLD frames. Raises OSError where the recording's file is gone.
    """
    about = f"{conversation.recording.name}: conversation {conversation.place + 1}"
    return _written(about, told_frames(conversation))


def packet_of(frame: Frame, comments: tuple[str, ...] = ()) -> Packet:
    return Packet(
        number=frame.number,
        octets=frame.octets,
        length=frame.wire_octets,
        time_ns=frame.time_ns,
        link_type=frame.link_type,
        comments=comments,
    )


def _written(about: str, told: Iterable[tuple[Frame, Journey | None]], warning: str = "") -> BinaryIO:
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - who serves it closes it
    try:
        writer = PcapngWriter(file, comment=about)
        for frame, journey in told:
            comments = tuple(filter(None, (warning, _sentences(journey))))
            writer.write(packet_of(frame, comments), lost=frame.lost)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _sentences(journey: Journey | None) -> str:
    steps = () if journey is None else journey.steps
    return "\n".join(f"{step.number}. {step.title}: {step.sentence}" for step in steps)
