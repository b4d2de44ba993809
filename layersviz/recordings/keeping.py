"""A played run into the database and out of it, whole or not at all."""

import re
from dataclasses import asdict
from functools import partial
from typing import Any

import msgspec
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from layersviz.core import played_run
from layersviz.core.ending import Ending
from layersviz.core.frame import Frame, States
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.order import PLAIN, from_plain, to_plain
from layersviz.core.played_run import PlayedRun
from layersviz.core.said import said
from layersviz.core.timers import Clocks
from layersviz.recordings.fate import fate_of, plain_fate
from layersviz.recordings.models import LONGEST_NAME, RecordedFrame, Recording, Source
from layersviz.recordings.names import name_of
from layersviz.rooms.models import RegisteredRoom


class NotKeptError(Exception):
    """Its text is one sentence."""


def keep(run: PlayedRun, room: str | None = None) -> int:
    """Gives the recording's number; `room` is the code of the class. Raises NotKeptError; nothing stored is touched."""
    try:
        with transaction.atomic():
            recording = Recording.objects.create(
                name=name_of(run),
                source=Source(run.source.value),
                hosts=msgspec.to_builtins(run.hosts),
                problem=run.problem,
                order=to_plain(run.order),
                clocks=None if run.clocks is None else asdict(run.clocks),
                ending=None if run.ending is None else asdict(run.ending),
                frame_count=len(run.frames),
                room=None if room is None else RegisteredRoom.objects.filter(code=room).first(),
            )
            RecordedFrame.objects.bulk_create([_row(recording, frame) for frame in run.frames], batch_size=500)
    except DatabaseError as error:
        raise NotKeptError(said("This run could not be kept: {error}.", error=str(error))) from error
    return int(recording.pk)


def load(recording: Recording) -> PlayedRun:
    """The run as it was kept."""
    return PlayedRun(
        hosts=_hosts(recording.hosts),
        frames=tuple(_frame(row) for row in recording.frames.all()),
        source=played_run.Source(recording.source),
        problem=recording.problem,
        order=PLAIN if recording.order is None else from_plain(recording.order),
        clocks=None if recording.clocks is None else Clocks(**recording.clocks),
        ending=None if recording.ending is None else msgspec.convert(recording.ending, Ending),
    )


def delete_recording(recording: Recording) -> None:
    """With all that belongs to it; its file goes when the database has forgotten it, never before."""
    file = recording.file.name
    with transaction.atomic():
        recording.delete()
        if file:
            transaction.on_commit(partial(default_storage.delete, file), robust=True)


def tidy_name(text: str) -> str:
    """A name as it may stand in a list and in a file's name: printable, in one line, not too long; may be empty."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:LONGEST_NAME].strip()


def file_name(name: str) -> str:
    """The name as it may stand in front of a file's ending on any system."""
    return re.sub(r'[/\\:*?"<>|]', "-", name).lstrip(". ") or "recording"


def _row(recording: Recording, frame: Frame) -> RecordedFrame:
    known = frame.taken is not None and frame.delivered is not None
    return RecordedFrame(
        recording=recording,
        number=frame.number,
        time_ns=frame.time_ns,
        sender=frame.sender.value,
        octets=frame.octets,
        link_type=frame.link_type,
        length=frame.length,
        lost=frame.lost,
        states=msgspec.to_builtins({"taken": frame.taken, "delivered": frame.delivered}) if known else None,
        fate=plain_fate(frame) or None,
    )


def _frame(row: RecordedFrame) -> Frame:
    states = row.states or {}
    return Frame(
        number=row.number,
        time_ns=row.time_ns,
        sender=Side(row.sender),
        octets=bytes(row.octets),
        link_type=row.link_type,
        length=row.length,
        lost=row.lost,
        taken=msgspec.convert(states["taken"], States) if states else None,
        delivered=msgspec.convert(states["delivered"], States) if states else None,
        **fate_of(row.fate or {}),
    )


def _hosts(kept: Any) -> Hosts:
    return Hosts(client=msgspec.convert(kept["client"], Host), server=msgspec.convert(kept["server"], Host))
