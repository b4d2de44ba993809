"""A recording as a room: the story is told again from the kept frames, and the playhead rests where the address says.

Knows nothing of websockets.
"""

import re

import msgspec
from django.http import QueryDict

from layersviz.capture.events import (
    Event,
    FrameDissected,
    LabChanged,
    LabState,
    LabStatus,
    RunEnded,
    RunKept,
    RunStarted,
)
from layersviz.core.journey import Journey
from layersviz.core.played_run import Source
from layersviz.recordings.keeping import load
from layersviz.recordings.models import Recording
from layersviz.recordings.retelling import retell
from layersviz.rooms.messages import Seek
from layersviz.rooms.room import Room

_RUN = 1
_WHOLE_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


def open_recording(number: int, query: bytes, now_ms: float) -> Room:
    """A room of its own; raises Recording.DoesNotExist. `query` is the address's: frame=3&step=2, each from 1."""
    recording = Recording.objects.get(pk=number)
    run = load(recording)
    journeys = retell(run)
    room = Room(run.hosts)
    source = run.source
    encoder = msgspec.json.Encoder()
    events: list[Event] = [
        LabChanged(number=1, status=_status(source)),
        RunStarted(number=2, run=_RUN, source=source, hosts=run.hosts),
        *(
            FrameDissected(number=3 + index, run=_RUN, journey=msgspec.Raw(encoder.encode(journey)))
            for index, journey in enumerate(journeys)
        ),
        RunEnded(number=3 + len(journeys), run=_RUN, problem=run.problem),
        RunKept(number=4 + len(journeys), run=_RUN, recording=recording.pk),
    ]
    for event in events:
        room.fold(event, now_ms)
    asked = QueryDict(query)
    room.answer(Seek(instant_ms=_instant(journeys, asked.get("frame", ""), asked.get("step", ""))), "", now_ms)
    return room


def _status(source: Source) -> LabStatus:
    if source is Source.SIMULATED:
        sentence = "When it was recorded, its frames were computed as Linux would send them; no wire carried them."
    else:
        sentence = "Recorded from the lab: two hosts, each with a network stack of the kernel's own."
    return LabStatus(state=LabState.RECORDED, source=source, sentence=sentence)


def _instant(journeys: tuple[Journey, ...], frame: str, step: str) -> float:
    """Where that step rests; the first step where there is none such."""
    steps = [each for journey in journeys if journey.number == _number(frame) for each in journey.steps]
    named = [each for each in steps if each.number == _number(step)] or steps or [journeys[0].steps[0]]
    return named[0].rest_ms


def _number(text: str) -> int:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else 1
