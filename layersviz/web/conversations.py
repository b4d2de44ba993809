"""The pages of one conversation of a capture file: on a stage, a window of its frames at a time; in facts; a file."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.said import said
from layersviz.recordings.choosing import holding
from layersviz.recordings.export import PCAPNG, file_of_conversation
from layersviz.recordings.keeping import file_name
from layersviz.recordings.models import RecordedConversation, Recording
from layersviz.recordings.playing import (
    FOLLOWED_AT_START,
    FOLLOWED_BEFORE,
    WINDOW,
    Window,
    frames_of,
    holds,
    packets_of,
    window_at,
)
from layersviz.survey.frame_list import Remembered
from layersviz.survey.report import MOST_FRAMES, report
from layersviz.web.capture_words import ends_of, facts_of, has_times
from layersviz.web.found import of_a_conversation
from layersviz.web.reader import for_reader
from layersviz.web.recalled import recording_words
from layersviz.web.recorded_room import read_place
from layersviz.web.showing import own_rooms, ways_to_show
from layersviz.web.state_diagram import draw

NO_TIMES = said("The capture has no times for these frames: the clock of the capture stands at 0.")


@require_safe
@cache_control(no_store=True)
@of_a_conversation
def conversation(request: HttpRequest, kept: RecordedConversation) -> HttpResponse:
    """One conversation on a stage of its own, at the frame and step that the address names."""
    asked, frames = read_place(request.GET).frame, frames_of(kept)
    window, stage = window_at(frames, asked or 0), address_of(kept.recording, kept.place)
    elsewhere = None
    if asked is not None and not holds(frames, asked):
        elsewhere = holding(kept.recording, asked)
    values = {
        "recording": kept.recording,
        "words": recording_words(kept.recording),
        "conversation": kept,
        "number": kept.place + 1,
        "ends": ends_of(kept),
        "stage": stage,
        "facts": reverse("conversation_facts", args=[kept.recording.pk, kept.place + 1]),
        "part": part_of(window),
        "remarks": remarks_of(kept, window),
        "windows": windows_of(frames, window, stage),
        "asked": asked,
        "elsewhere": None if elsewhere is None else f"{address_of(kept.recording, elsewhere)}?frame={asked}",
        "diagram": draw(),
        "ways": ways_to_show(own_rooms(request), kept.recording, kept.place + 1),
    }
    return render(request, "conversation.html", for_reader(values))


@require_safe
@cache_control(no_store=True)
@of_a_conversation
def facts(request: HttpRequest, kept: RecordedConversation) -> HttpResponse:
    """What there is to say of it, on a page that needs no script; the stage shows the same below."""
    values = {
        "recording": kept.recording,
        "title": said(
            "Conversation {number} of {recording}",
            number=kept.place + 1,
            recording=recording_words(kept.recording)["name"],
        ),
        "stage": address_of(kept.recording, kept.place),
        "conversation": report(packets_of(kept, MOST_FRAMES + 1)),
    }
    return render(request, "conversation_facts.html", for_reader(values))


@require_safe
@cache_control(no_store=True)
@of_a_conversation
def download_conversation(_request: HttpRequest, kept: RecordedConversation) -> FileResponse:
    """It alone as pcapng, with our sentences."""
    name = f"{file_name(kept.recording.name)} ({kept.recording.pk}-{kept.place + 1}).pcapng"
    return FileResponse(file_of_conversation(kept), as_attachment=True, filename=name, content_type=PCAPNG)


def address_of(kept: Recording, place: int) -> str:
    return reverse("conversation", args=[kept.pk, place + 1])


# --- what else the stage and the handout say of it --------------------------------------------------------------------


def part_of(window: Window) -> str:
    return said("Its frames {first:,} to {last:,} of {count:,}", first=window.first, last=window.last, count=window.of)


def remarks_of(kept: RecordedConversation, window: Window) -> list[str]:
    """What is to be said of a part that is told without all that was before it, and of frames without times."""
    return list(filter(None, (_remark(window), _timeless(kept))))


def _remark(window: Window) -> str:
    """Where the frames before are too many, that not all of them were followed."""
    if window.place <= FOLLOWED_AT_START + FOLLOWED_BEFORE:
        return ""
    return said(
        "Of the {count:,} frames before this part the first {first} and the last {last} were followed:"
        " its states and sums rest on those.",
        count=window.place,
        first=FOLLOWED_AT_START,
        last=FOLLOWED_BEFORE,
    )


def _timeless(kept: RecordedConversation) -> str:
    return "" if kept.began_ns is not None and has_times(facts_of(kept.recording)) else NO_TIMES


def windows_of(frames: list[Remembered], window: Window, stage: str) -> list[dict[str, Any]]:
    """The first, previous, next and last window, where there are such."""
    places = range(0, len(frames), WINDOW)
    now = window.place
    wanted = [
        (said("First"), places[0]),
        (said("Previous"), now - WINDOW),
        (said("Next"), now + WINDOW),
        (said("Last"), places[-1]),
    ]
    return [
        {"name": name, "address": f"{stage}?frame={frames[place].number}"}
        for name, place in wanted
        if place in places and place != now
    ]
