"""The handout: a recording, or a part of a file's conversation, on paper: ladder, table, headers, steps.

A page for the browser's own print dialog, which needs no script.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.header_diagram import ROW_BITS, first_of_each
from layersviz.core.host import Hosts
from layersviz.core.journey import Journey
from layersviz.recordings.keeping import load
from layersviz.recordings.models import RecordedConversation, Recording, Source
from layersviz.recordings.playing import frames_of, open_at, tell
from layersviz.recordings.retelling import retell
from layersviz.web import ladder_diagram
from layersviz.web.capture_words import with_port
from layersviz.web.conversations import part_of, remarks_of, windows_of
from layersviz.web.found import of_a_conversation, of_a_recording
from layersviz.web.handout_frames import frame_rows
from layersviz.web.reader import for_reader
from layersviz.web.recalled import recording_words
from layersviz.web.recorded_room import read_place

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@require_safe
@cache_control(no_store=True)
@of_a_recording
def recording(request: HttpRequest, kept: Recording) -> HttpResponse:
    """A run as it was played; a file has a handout for each of its conversations."""
    if kept.source == Source.FILE:
        return redirect("recording", number=kept.pk)
    run = load(kept)
    values = {
        "recording": kept,
        "words": recording_words(kept),
        "moment": timezone.localtime(kept.made_at),
        "stage": reverse("recording", args=[kept.pk]),
        **_told(run.hosts, retell(run)),
    }
    return _page(request, values)


@require_safe
@cache_control(no_store=True)
@of_a_conversation
def conversation(request: HttpRequest, kept: RecordedConversation) -> HttpResponse:
    """The frames that the stage tells at once, around the one that the address names."""
    opened = open_at(kept, read_place(request.GET).frame or 0)
    remarks = remarks_of(kept, opened.window)
    here = reverse("conversation_handout", args=[kept.recording.pk, kept.place + 1])
    values = {
        "recording": kept.recording,
        "words": recording_words(kept.recording),
        "number": kept.place + 1,
        "protocol": kept.protocol,
        "moment": _moment(kept.began_ns),
        "stage": reverse("conversation", args=[kept.recording.pk, kept.place + 1]),
        "part": "" if opened.window.is_whole else part_of(opened.window),
        "first": opened.window.frames[0].number,
        "remarks": remarks,
        "windows": windows_of(frames_of(kept), opened.window, here),
        **_told(opened.hosts, tell(opened)),
    }
    return _page(request, values)


def _told(hosts: Hosts, journeys: Sequence[Journey]) -> dict[str, Any]:
    """What a handout says of these frames."""
    rows = frame_rows(journeys)
    ladder = ladder_diagram.draw(journeys)
    has_segments, has_states = any(row.sequence for row in rows), any(row.states for row in rows)
    return {
        "hosts": [_host(hosts, "client"), _host(hosts, "server")],
        "start": ladder.start,
        "frames": list(zip(rows, ladder.rungs, strict=True)),
        "headers": first_of_each(journeys),
        "has_segments": has_segments,
        "has_states": has_states,
        "columns": 4 + 3 * has_segments + 2 * has_states,
    }


def _host(hosts: Hosts, side: str) -> dict[str, Any]:
    host = hosts.client if side == "client" else hosts.server
    return {"host": host, "address": with_port(host.ip, host.port or None)}


def _page(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    shown = {
        **for_reader(values),
        "drawing": ladder_diagram,
        "bits": range(ROW_BITS),
        "full": request.GET.get("full") == "1",
    }
    return render(request, "handout.html", shown)


def _moment(time_ns: int | None) -> datetime | None:
    return None if not time_ns else timezone.localtime(_EPOCH + timedelta(microseconds=time_ns // 1_000))
