"""A recording as a capture file, each frame with its story as a comment."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import takewhile
from typing import BinaryIO, cast

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.journey import Journey
from layersviz.core.packet import Packet
from layersviz.core.played_run import PlayedRun, Source
from layersviz.files import PcapngWriter, open_capture
from layersviz.recordings.keeping import load
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.recordings.playing import frames_of, told_packets
from layersviz.recordings.retelling import retell
from layersviz.survey.frame_list import Remembered

PCAPNG = "application/x-pcapng"
PCAPNG_BEGINS = b"\n\r\r\n"
SIMULATED = "SIMULATED: computed as Linux would send it; no wire carried this frame."
WITHOUT_TIME = "Its frames without a time have no comments here: the format has room for them only beside a time."
NO_TIME = "The capture has no time for this frame: 1970 stands in its place."
_IN_MEMORY = 4 * 1024 * 1024


def file_of(recording: Recording) -> BinaryIO:
    """A run as an open pcapng file at its beginning; it goes when it is closed."""
    run = load(recording)
    simulated = run.source is Source.SIMULATED
    about = f"{recording.name}\nSIMULATED: no wire carried these frames." if simulated else recording.name
    return _written(about, _packets_of_run(run, SIMULATED if simulated else ""))


def file_of_conversation(conversation: RecordedConversation) -> BinaryIO:
    """The same of one conversation of a capture file: its frames as they were captured, with our sentences.

    Each frame says which one of the file it is, and keeps the comments that it has there. The sentences end at
    MOST_TOLD frames. Raises OSError where the recording's file is gone.
    """
    about = f"{conversation.recording.name}: conversation {conversation.place + 1}"
    mute = _without_room(frames_of(conversation))
    if mute:
        about += f"\n{WITHOUT_TIME}"
    return _written(about, _packets_of_conversation(conversation, mute))


def packet_of(frame: Frame, comments: tuple[str, ...] = ()) -> Packet:
    return Packet(
        number=frame.number,
        octets=frame.octets,
        length=frame.wire_octets,
        time_ns=frame.time_ns,
        link_type=frame.link_type,
        comments=comments,
    )


def _packets_of_run(run: PlayedRun, warning: str) -> Iterator[tuple[Packet, bool]]:
    """In the order in which they were sent, as they were sent; what the wire did to them stands in the comments."""
    told = sorted(zip(run.frames, retell(run), strict=True), key=lambda each: each[0].time_ns)
    for frame, journey in told:
        yield packet_of(frame, tuple(filter(None, (warning, _fate(journey), _sentences(journey))))), frame.lost


def _fate(journey: Journey) -> str:
    """What the wire did to the frame, and how its way ended; empty where it only carried it."""
    told = []
    if journey.copy_of:
        told.append(f"The wire's second copy of the frame that layersviz tells as number {journey.copy_of}.")
    if journey.held_ms:
        told.append(f"The wire kept it for {journey.held_ms:.1f} ms; it is told as number {journey.number}.")
    if journey.flipped_bit is not None:
        told.append(f"Bit {journey.flipped_bit} (from 0) was flipped on the way: these are the octets that were sent.")
    if journey.refused_at is not None:
        told.append(f"Refused by the receiver, by its layer: {journey.refused_at.label}.")
    return " ".join(told)


def _packets_of_conversation(conversation: RecordedConversation, mute: set[int]) -> Iterator[tuple[Packet, bool]]:
    name, already = conversation.recording.name, _comments_in_file(conversation)
    for packet, journey in told_packets(conversation):
        if packet.number in mute:
            yield packet, False
            continue
        no_time = NO_TIME if packet.time_ns is None else ""
        ours = "\n".join(filter(None, (f"Frame {packet.number} of {name}", no_time, _sentences(journey))))
        yield msgspec.structs.replace(packet, comments=(ours, *already.get(packet.number, ()))), False


def _without_room(frames: Sequence[Remembered]) -> set[int]:
    """Numbers of the frames that are written without a time: such a block holds no comments (see PcapngWriter)."""
    return {
        frame.number
        for frame in frames
        if frame.time_ns is None and frame.captured == frame.length and frame.link_type == frames[0].link_type
    }


def _comments_in_file(conversation: RecordedConversation) -> dict[int, tuple[str, ...]]:
    """What the file itself says of the conversation's frames, by their numbers; only pcapng has room for that."""
    numbers = {frame.number for frame in frames_of(conversation)}
    last = max(numbers, default=0)
    with closing(conversation.recording.file.open("rb")) as opened:
        file = cast("BinaryIO", opened)
        is_pcapng = file.read(len(PCAPNG_BEGINS)) == PCAPNG_BEGINS
        file.seek(0)
        until_last = takewhile(lambda packet: packet.number <= last, open_capture(file) if is_pcapng else ())
        return {each.number: each.comments for each in until_last if each.comments and each.number in numbers}


def _written(about: str, packets: Iterable[tuple[Packet, bool]]) -> BinaryIO:
    """Packets, and of each whether it was lost."""
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - who serves it closes it
    try:
        writer = PcapngWriter(file, comment=about)
        for packet, lost in packets:
            writer.write(packet, lost=lost)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _sentences(journey: Journey | None) -> str:
    steps = () if journey is None else journey.steps
    return "\n".join(f"{step.number}. {step.title}: {step.sentence}" for step in steps)
