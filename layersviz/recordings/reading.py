"""Reads an uploaded capture in a process of its own, so that no frame on the live stage has to wait for it.

`python -m layersviz.recordings.reading SOURCE PLAIN RESULT MOST_OCTETS` makes the plain copy PLAIN of SOURCE, writes
what is in it to RESULT (a `Reading`, as msgpack), and says on its standard output, in lines of JSON, how far it is.
Knows neither Django nor the database.
"""

import os
import resource
import sys
import time
from itertools import islice
from pathlib import Path

import msgspec

from layersviz.core.packet import Packet
from layersviz.core.said import encoder, said
from layersviz.files import Capture, open_capture, plain_copy
from layersviz.survey.conversations import Conversation
from layersviz.survey.index import Index

MOST_FRAMES = 1_000_000
MOST_CONVERSATIONS = 50_000
MOST_RESIDENT_KIB = 1 << 20
"""Past that no more frames are read: a flood of connections takes some 2.5 kB for each."""

MOST_MEMORY_OCTETS = 3 << 30
NICENESS = 10
"""A run on the live stage comes first."""

PROGRESS_EVERY_S = 0.2
_LOOK_AT_CLOCK = 512
_GZIP = b"\x1f\x8b"

NO_PACKETS = said("This is a capture, but there is no packet in it.")
GZIPPED_TWICE = said("This is not a capture: it is gzipped twice.")
NO_MEMORY = said("The capture needs more memory than there is for it: upload a smaller one.")


class FramesRead(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="frames_read"):
    """So many frames have been read so far."""

    frames: int


class Finished(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="finished"):
    """RESULT is written."""


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="refused"):
    """There is nothing to keep; why, in one sentence."""

    sentence: str


Step = FramesRead | Finished | Refused
"""What the process says of itself."""


class Facts(msgspec.Struct, kw_only=True):
    """What is said of a whole capture: octets on the wire, nanoseconds since 1970, frames of each link type.

    `first_ns` is the earliest frame's time, `last_ns` the latest's, `zero_ns` the time of the first frame that has one:
    a file need not be in the order of time. All are None where no frame has a time.
    """

    octets: int = 0
    first_ns: int | None = None
    last_ns: int | None = None
    zero_ns: int | None = None
    link_types: dict[int, int] = {}


class ReadConversation(msgspec.Struct, frozen=True, array_like=True):
    """A conversation, where its frames lie (`survey.frame_list`), and its times (`survey.index.Index.times_of`)."""

    summary: Conversation
    frames: bytes
    began_ns: int | None
    lasted_ns: int | None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A whole capture; `problem` is one sentence where not all of it could be read or kept.

    Each conversation is a `ReadConversation` as msgpack: who takes them in takes them in one by one.
    """

    frame_count: int
    facts: Facts
    problem: str
    conversations: list[msgspec.Raw]


def main(source: Path, plain: Path, result: Path, most_octets: int) -> None:
    """Whatever is in the source, the last line says how it ended."""
    os.nice(NICENESS)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_OCTETS, most))
    try:
        _say(_read(source, plain, result, most_octets))
    except OSError as error:
        _say(Refused(sentence=said("The file can't be kept: {error}.", error=error.strerror or str(error))))
    except MemoryError:
        _say(Refused(sentence=NO_MEMORY))


def _read(source: Path, plain: Path, result: Path, most_octets: int) -> Finished | Refused:
    with source.open("rb") as packed, plain.open("wb") as target:
        problem = plain_copy(packed, target, most_octets)
    with plain.open("rb") as beginning:
        if beginning.read(len(_GZIP)) == _GZIP:
            return Refused(sentence=GZIPPED_TWICE)
    reading = read_plain(plain, problem)
    if not reading.frame_count:
        return Refused(sentence=reading.problem or NO_PACKETS)
    result.write_bytes(msgspec.msgpack.encode(reading))
    return Finished()


def read_plain(plain: Path, problem: str = "") -> Reading:
    """All conversations of a capture that is not gzipped; `problem` is what is known to be wrong with it already."""
    index, facts = Index(remember_frames=True), Facts()
    with open_capture(plain) as capture:
        frames = _feed(capture, index, facts)
        damage = problem or capture.problem
        is_longer = not damage and next(capture, None) is not None
    summaries = index.conversations()
    told = [
        *([f"{damage} {_were_read(frames)}" if frames else damage] if damage else []),
        *([said("Only the first {frames:,} frames were read: the file has more.", frames=frames)] if is_longer else []),
        *([_left_out(len(summaries))] if len(summaries) > MOST_CONVERSATIONS else []),
    ]
    kept, packer = enumerate(summaries[:MOST_CONVERSATIONS]), msgspec.msgpack.Encoder()
    return Reading(
        frame_count=frames,
        facts=facts,
        problem=" ".join(told),
        conversations=[
            msgspec.Raw(packer.encode(ReadConversation(each, index.frames_of(place), *index.times_of(place))))
            for place, each in kept
        ],
    )


def _feed(capture: Capture, index: Index, facts: Facts) -> int:
    """Gives the number of frames."""
    frames, said_at = 0, time.monotonic()
    for packet in islice(capture, MOST_FRAMES):
        index.feed(packet)
        frames += 1
        _add(facts, packet)
        if frames % _LOOK_AT_CLOCK == 0 and time.monotonic() - said_at > PROGRESS_EVERY_S:
            said_at = time.monotonic()
            _say(FramesRead(frames=frames))
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MOST_RESIDENT_KIB:
                break
    return frames


def _were_read(frames: int) -> str:
    if frames == 1:
        return said("The one frame before that was read.")
    return said("The {frames:,} frames before that were read.", frames=frames)


def _left_out(conversations: int) -> str:
    return said("Of {count:,} conversations the first {most:,} are kept.", count=conversations, most=MOST_CONVERSATIONS)


def _add(facts: Facts, packet: Packet) -> None:
    facts.octets += packet.length
    facts.link_types[packet.link_type] = facts.link_types.get(packet.link_type, 0) + 1
    time_ns = packet.time_ns
    if time_ns is None:
        return
    if facts.first_ns is None or facts.last_ns is None:
        facts.first_ns = facts.last_ns = facts.zero_ns = time_ns
    elif time_ns > facts.last_ns:
        facts.last_ns = time_ns
    elif time_ns < facts.first_ns:
        facts.first_ns = time_ns


def _say(step: Step) -> None:
    sys.stdout.buffer.write(encoder().encode(step) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
