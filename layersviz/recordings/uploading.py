"""Somebody's capture file becomes a recording, whole or not at all, while the page hears how far it is.

A process of its own reads the file (`reading.py`); here is what touches the storage and the database.
"""

import asyncio
import errno
import sys
import tempfile
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import msgspec
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from layersviz.core import measures
from layersviz.core.said import said
from layersviz.recordings.choosing import words_of
from layersviz.recordings.keeping import tidy_name
from layersviz.recordings.models import RecordedConversation, Recording, Source
from layersviz.recordings.reading import Finished, FramesRead, ReadConversation, Reading, Refused
from layersviz.recordings.reading import Step as Reported

UNNAMED = said("Capture without a name")
DISK_IS_FULL = said("The disk is full: nothing of this file was kept, and nothing that was kept before is touched.")
READER_ENDED = said("The program that reads the file has ended before its end: nothing of this file was kept.")
ROWS_AT_ONCE = 500
LONGEST_NS = (1 << 63) - 1

_reported: msgspec.json.Decoder[Reported] = msgspec.json.Decoder(Reported)
_reading = msgspec.msgpack.Decoder(Reading)
_conversation = msgspec.msgpack.Decoder(ReadConversation)


class Keeping(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="keeping"):
    """All is read; so many conversations go into the database now."""

    frames: int
    conversations: int


class Kept(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="kept"):
    """The recording's number."""

    recording: int


Step = FramesRead | Keeping | Kept | Refused
InThread = Callable[[Callable[..., Any]], Callable[..., Awaitable[Any]]]


async def take(
    source: Path, name: str, most_octets: int, in_thread: InThread, room: int | None = None
) -> AsyncGenerator[Step]:
    """Read and keep the file at `source`; the last step says how it ended. It may unpack to `most_octets` at most.

    `in_thread` makes of a function one that is awaited while it runs in a thread that may use the database. `room` is
    the class's row. Whoever closes the iterator before its end cancels: then nothing is left. The source stays where it
    is, and what is needed meanwhile lies beside it.
    """
    try:
        with tempfile.TemporaryDirectory(dir=source.parent) as folder:
            plain, result = Path(folder) / "plain", Path(folder) / "result"
            async with aclosing(_read(source, plain, result, most_octets)) as all_reported:
                async for reported in all_reported:
                    if not isinstance(reported, Finished):
                        measures.uploads.add(int(isinstance(reported, Refused)), of="refused")
                        yield reported
                        continue
                    reading = await in_thread(_result)(result)
                    yield Keeping(frames=reading.frame_count, conversations=len(reading.conversations))
                    recording = await in_thread(_keep)(reading, plain, name, room)
                    measures.uploads.add(of="kept")
                    yield Kept(recording=recording)
    except OSError as error:
        measures.uploads.add(of="failed")
        yield Refused(sentence=sentence_of(error))
    except DatabaseError as error:
        measures.uploads.add(of="failed")
        yield Refused(sentence=said("This file could not be kept: {error}.", error=str(error)))


def sentence_of(error: OSError) -> str:
    """Why a file could not be kept."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_IS_FULL
    return said("This file could not be kept: {error}.", error=error.strerror or str(error))


async def _read(source: Path, plain: Path, result: Path, most_octets: int) -> AsyncGenerator[Reported]:
    """What the reading process says; its last word is always Finished or Refused."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "layersviz.recordings.reading", source, plain, result, str(most_octets)),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    last: Reported | None = None
    try:
        async for line in child.stdout:
            last = _reported.decode(line)
            yield last
    except BaseException:
        with suppress(ProcessLookupError):
            child.kill()
        raise
    finally:
        await child.wait()
    if not isinstance(last, Finished | Refused):
        yield Refused(sentence=READER_ENDED)


def _result(path: Path) -> Reading:
    return _reading.decode(path.read_bytes())


def _keep(reading: Reading, plain: Path, name: str, room: int | None) -> int:
    """File and rows, or neither. Raises OSError and DatabaseError."""
    with plain.open("rb") as file:
        stored = default_storage.save(f"captures/{uuid.uuid4().hex}", _Movable(file, str(plain)))
    try:
        return _keep_rows(reading, stored, name, room)
    except BaseException:
        default_storage.delete(stored)
        raise


class _Movable(File):  # type: ignore[type-arg]
    """A storage in the file system takes it as it is, without a copy; its name is its path."""

    def temporary_file_path(self) -> str:
        return str(self.name)


@transaction.atomic
def _keep_rows(reading: Reading, stored: str, name: str, room: int | None) -> int:
    recording = Recording.objects.create(
        name=tidy_name(name) or UNNAMED,
        source=Source.FILE,
        problem=reading.problem,
        file=stored,
        frame_count=reading.frame_count,
        room_id=room,
        facts=msgspec.to_builtins(reading.facts, str_keys=True),
    )
    for first in range(0, len(reading.conversations), ROWS_AT_ONCE):
        some = enumerate(reading.conversations[first : first + ROWS_AT_ONCE], start=first)
        RecordedConversation.objects.bulk_create([_row(recording, place, each) for place, each in some])
    return int(recording.pk)


def _row(recording: Recording, place: int, packed: msgspec.Raw) -> RecordedConversation:
    read = _conversation.decode(packed)
    summary = read.summary
    first, second = summary.first, summary.second
    return RecordedConversation(
        recording=recording,
        place=place,
        protocol=summary.protocol,
        application=summary.application,
        first_address=first.address,
        first_port=first.port,
        second_address=second.address,
        second_port=second.port,
        flags=words_of(summary),
        frame_count=first.frames + second.frames,
        octets=first.bytes + second.bytes,
        began_ns=read.began_ns,
        lasted_ns=None if read.lasted_ns is None else min(read.lasted_ns, LONGEST_NS),
        summary=msgspec.to_builtins(summary),
        frames=read.frames,
    )
