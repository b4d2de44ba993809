"""A recording as a room: the story is told again from the kept frames, and the playhead rests where the address says.

Knows nothing of websockets.
"""

import logging
import re
from collections.abc import Iterator, Sequence

import msgspec
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.db.models import Q
from django.http import QueryDict

from layersviz.capture.events import (
    Event,
    FrameDissected,
    LabChanged,
    LabState,
    LabStatus,
    Replayed,
    RunEnded,
    RunKept,
    RunStarted,
)
from layersviz.core.ending import Ending
from layersviz.core.journey import Journey
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.said import said
from layersviz.recordings.keeping import load
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.recordings.playing import open_at, tell
from layersviz.recordings.retelling import retell
from layersviz.rooms.messages.from_browser import Seek
from layersviz.rooms.room import Room
from layersviz.rooms.workshop import RecordingGoneError
from layersviz.web.recalled import recording_words

logger = logging.getLogger(__name__)

_RUN = 1
_ONE = "own"
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_SENTENCES = {
    Source.LAB: said("Recorded from the lab: two hosts, each with a network stack of the kernel's own."),
    Source.SIMULATED: said(
        "When it was recorded, its frames were computed as Linux would send them; no wire carried them."
    ),
    Source.LIVE: said("Recorded from a network interface of this machine: a real visitor's frames."),
    Source.FILE: said("From a capture file: its frames as somebody recorded them. States are computed."),
}


class OpenedRoom(msgspec.Struct, frozen=True, kw_only=True):
    """`remark` is one sentence where the address asks for what is not there."""

    room: Room
    remark: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What an address asks for: a frame's number and a step's, each from 1; None where it names none."""

    frame: int | None
    step: int | None


def read_place(query: QueryDict) -> Place:
    """frame=3&step=2; what is no number counts as not asked for."""
    return Place(frame=_number(query.get("frame", "")), step=_number(query.get("step", "")))


def open_recording(number: int, query: bytes, now_ms: float) -> OpenedRoom:
    """A run in a room of its own; raises Recording.DoesNotExist."""
    recording = Recording.objects.get(pk=number)
    run = load(recording)
    return _open(recording, _began(run, _RUN), retell(run), read_place(QueryDict(query)), now_ms, run.ending)


def open_conversation(number: int, conversation: int, query: bytes, now_ms: float) -> OpenedRoom:
    """A window of a file's conversation, which counts from 1, in a room of its own.

    Raises RecordedConversation.DoesNotExist, and OSError where the file is gone.
    """
    rows = RecordedConversation.objects.select_related("recording")
    row = rows.get(recording=number, place=conversation - 1)
    place = read_place(QueryDict(query))
    opened = open_at(row, place.frame or 0)
    started = RunStarted(run=_RUN, source=Source.FILE, hosts=opened.hosts)
    return _open(row.recording, started, tell(opened), place, now_ms)


def _open(
    recording: Recording,
    started: RunStarted,
    journeys: Sequence[Journey],
    place: Place,
    now_ms: float,
    ending: Ending | None = None,
) -> OpenedRoom:
    room = Room(started.hosts)
    status = LabStatus(state=LabState.RECORDED, source=started.source, sentence=_SENTENCES[started.source])
    room.fold(LabChanged(status=status), now_ms)
    room.replay(list(_events(recording, started, journeys, ending)), now_ms)
    room.meet({_ONE})
    instant_ms, remark = _rest(journeys, place)
    room.answer(Seek(instant_ms=instant_ms), _ONE, now_ms)
    return OpenedRoom(room=room, remark=remark)


def replay(shown: Replayed, run: int) -> Sequence[Event]:
    """A recording, or a conversation of a file, as a run with that number, for the stage of a class.

    Raises RecordingGoneError, or DatabaseError where the database is away.
    """
    try:
        recording = Recording.objects.get(pk=shown.recording)
        if shown.conversation is None:
            played = load(recording)
            return list(_events(recording, _began(played, run, shown), retell(played), played.ending))
        rows = RecordedConversation.objects.select_related("recording")
        opened = open_at(rows.get(recording=recording, place=shown.conversation - 1), 0)
        started = RunStarted(run=run, source=Source.FILE, hosts=opened.hosts, replay=shown)
        return list(_events(recording, started, tell(opened)))
    except (ObjectDoesNotExist, OverflowError, OSError) as error:
        raise RecordingGoneError(shown.recording) from error
    except DatabaseError:
        raise
    except Exception as error:  # what is kept came off a wire or out of a file: it is data, whatever is in it
        logger.warning("Recording %d can't be told", shown.recording, exc_info=True)
        raise RecordingGoneError(shown.recording) from error


def show(code: str, shown: Replayed, run: int) -> Sequence[Event]:
    """The same, at the wish of the presenter of the room of that code: from now on the class may see it.

    Raises RecordingGoneError also for what belongs to another room.
    """
    try:
        _require_ours(code, shown.recording)
        events = replay(shown, run)
        Recording.objects.filter(pk=shown.recording, lesson="").update(shared=True)
    except (DatabaseError, OverflowError) as error:
        logger.warning("Recording %d can't be shown", shown.recording, exc_info=True)
        raise RecordingGoneError(shown.recording) from error
    return events


def _require_ours(code: str, recording: int) -> None:
    """Before anything of it is read; raises RecordingGoneError."""
    ours = Q(room__code=code) | Q(room=None)
    if not Recording.objects.filter(ours, pk=recording).exists():
        raise RecordingGoneError(recording)


def _began(played: PlayedRun, run: int, shown: Replayed | None = None) -> RunStarted:
    return RunStarted(
        run=run, source=played.source, hosts=played.hosts, order=played.order, clocks=played.clocks, replay=shown
    )


def _events(
    recording: Recording, started: RunStarted, journeys: Sequence[Journey], ending: Ending | None = None
) -> Iterator[Event]:
    run, source = started.run, started.source
    yield started
    for journey in journeys:
        yield FrameDissected(run=run, journey=journey)
    yield RunEnded(run=run, problem=recording_words(recording)["problem"], ending=ending, is_past=True)
    if source is not Source.FILE:
        yield RunKept(run=run, recording=recording.pk)


def _rest(journeys: Sequence[Journey], place: Place) -> tuple[float, str]:
    """Where the step that is asked for rests, or the nearest before it, and a sentence where it is not the same."""
    if not journeys:
        return 0.0, ""
    earlier = [each for each in journeys if place.frame is not None and each.number <= place.frame]
    journey = earlier[-1] if earlier else journeys[0]
    step = journey.steps[min(max(place.step or 1, 1), len(journey.steps)) - 1]
    if place.frame is not None and journey.number != place.frame:
        return step.rest_ms, said(
            "Frame {asked} is not here: this is frame {frame}.", asked=place.frame, frame=journey.number
        )
    if place.step is not None and step.number != place.step:
        return step.rest_ms, said(
            "Frame {frame} has no step {asked}: it has {count}, and this is {step}.",
            frame=journey.number,
            asked=place.step,
            count=len(journey.steps),
            step=step.number,
        )
    return step.rest_ms, ""


def _number(text: str) -> int | None:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None
