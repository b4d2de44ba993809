"""The pages of recordings: the list, a run on a stage of its own, its file, and the questions before it is changed.

What a capture file has of its own is in `captures.py` and `conversations.py`.
"""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from layersviz.core.host import Side
from layersviz.core.said import said
from layersviz.recordings.choosing import first_frames
from layersviz.recordings.export import PCAPNG, file_of, packet_of
from layersviz.recordings.keeping import delete_recording, file_name, load, tidy_name
from layersviz.recordings.lessons.listed import ready_lessons
from layersviz.recordings.models import LONGEST_NAME, Recording, Source
from layersviz.rooms.models import RegisteredRoom
from layersviz.survey.report import report
from layersviz.web import access, captures
from layersviz.web.capture_words import conversations_text, frames_text
from layersviz.web.found import of_a_recording
from layersviz.web.reader import for_reader
from layersviz.web.recalled import recording_words
from layersviz.web.refusing import refuse
from layersviz.web.showing import own_rooms, ways_to_show
from layersviz.web.state_diagram import draw

ON_A_PAGE = 25
_FEW = 5
"""With fewer recordings of their own beside them, the ready lessons are shown open."""
_ARROWS_DRAWN = 12
_ONLY_PRESENTER = _("Only the presenter of its class may rename, share or delete a recording.")
BADGES = {
    Source.LAB: {"tone": "good", "words": said("Lab · real packets")},
    Source.SIMULATED: {"tone": "simulated", "words": said("SIMULATED")},
    Source.LIVE: {"tone": "good", "words": said("LIVE · a visitor's packets")},
    Source.FILE: {"tone": "calm", "words": said("File")},
}


@require_safe
@cache_control(no_store=True)
def index(request: HttpRequest, limit_octets: int) -> HttpResponse:
    """All recordings that the reader may see: the ready lessons first, then the newest first."""
    return render(request, "recordings.html", list_values(request, limit_octets))


def list_values(request: HttpRequest, limit_octets: int) -> dict[str, Any]:
    """What the list's page shows."""
    name = request.GET.get("name", "").strip()
    found = Recording.objects.filter(access.visible(request)).select_related("room")
    page = Paginator(found.filter(lesson="", name__icontains=name), ON_A_PAGE).get_page(request.GET.get("page"))
    lessons = ready_lessons(found) if page.number == 1 else ()
    rooms = own_rooms(request)
    values = {
        "page": page,
        "name": name,
        "lessons": [_card(request, each, rooms) for each in lessons if _is_called(each, name)],
        "lessons_are_open": bool(name) or page.paginator.count < _FEW,
        "shown": [_card(request, each, rooms) for each in page],
        "is_presenter": access.is_presenter(request),
        "rooms": rooms,
        "limit_octets": limit_octets,
    }
    return for_reader(values)


def _is_called(kept: Recording, name: str) -> bool:
    """By its name as it is kept, or as the reader sees it."""
    seen = for_reader(recording_words(kept)["name"])
    return any(name.casefold() in each.casefold() for each in (kept.name, seen))


@require_safe
@cache_control(no_store=True)
@of_a_recording
def recording(request: HttpRequest, kept: Recording) -> HttpResponse:
    """A run on the stage, at the frame and step that the address names; a file's conversations as a list."""
    if kept.source == Source.FILE:
        return captures.capture(request, kept)
    values = {
        "recording": kept,
        "words": recording_words(kept),
        "diagram": draw(),
        "facts": reverse("recording_facts", args=[kept.pk]),
        "lost": kept.frames.filter(lost=True).count(),
        "ways": ways_to_show(own_rooms(request), kept),
    }
    return render(request, "recording.html", for_reader(values))


@require_safe
@cache_control(no_store=True)
@of_a_recording
def facts(request: HttpRequest, kept: Recording) -> HttpResponse:
    """What there is to say of a run as a conversation."""
    if kept.source == Source.FILE:
        return redirect("recording", number=kept.pk)
    packets = [packet_of(frame) for frame in load(kept).frames]
    values = {
        "recording": kept,
        "title": recording_words(kept)["name"],
        "stage": reverse("recording", args=[kept.pk]),
        "conversation": report(packets),
    }
    return render(request, "conversation_facts.html", for_reader(values))


@require_safe
@cache_control(no_store=True)
@of_a_recording
def download(_request: HttpRequest, kept: Recording) -> HttpResponseBase:
    """A run as pcapng, for Wireshark; a file as it was uploaded."""
    if kept.source == Source.FILE:
        return captures.download(kept)
    return FileResponse(
        file_of(kept), as_attachment=True, filename=f"{file_name(kept.name)} ({kept.pk}).pcapng", content_type=PCAPNG
    )


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
@of_a_recording
def rename(request: HttpRequest, kept: Recording) -> HttpResponse:
    if not access.may_change(request, kept):
        return refuse(request, _ONLY_PRESENTER)
    if request.method != "POST":
        return _ask(request, kept, "rename")
    name = tidy_name(request.POST.get("name", ""))
    if not name:
        problem = said("A recording needs a name: write one with letters in it.")
        return _ask(request, kept, "rename", name=request.POST.get("name", ""), problem=problem)
    if name != for_reader(recording_words(kept)["name"]):
        kept.name = name
        kept.save(update_fields=["name"])
    return HttpResponseRedirect(_in_list(request, kept))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
@of_a_recording
def delete(request: HttpRequest, kept: Recording) -> HttpResponse:
    if not access.may_change(request, kept):
        return refuse(request, _ONLY_PRESENTER)
    if request.method != "POST":
        return _ask(request, kept, "delete")
    delete_recording(kept)
    return redirect("recordings")


@require_POST
@of_a_recording
def share(request: HttpRequest, kept: Recording) -> HttpResponse:
    """A file or a visit is shown to the class that it belongs to, or no longer."""
    if not access.may_change(request, kept):
        return refuse(request, _ONLY_PRESENTER)
    kept.shared = request.POST.get("shared") == "on"
    kept.save(update_fields=["shared"])
    return HttpResponseRedirect(_in_list(request, kept))


def _ask(
    request: HttpRequest, kept: Recording, deed: str, *, name: str | None = None, problem: str = ""
) -> HttpResponse:
    words = recording_words(kept)
    values = {
        "recording": kept,
        "words": words,
        "deed": deed,
        "problem": problem,
        "longest": LONGEST_NAME,
        "name": words["name"] if name is None else name,
        "back": _in_list(request, kept),
    }
    return render(request, "recording_question.html", for_reader(values), status=400 if problem else 200)


def _in_list(request: HttpRequest, kept: Recording) -> str:
    """The address of the list's page that holds it, at its place."""
    anchor = f"#recording-{kept.pk}"
    if kept.lesson:
        return reverse("recordings") + anchor
    runs = Recording.objects.filter(access.visible(request), lesson="")
    before = runs.filter(Q(made_at__gt=kept.made_at) | Q(made_at=kept.made_at, pk__gt=kept.pk)).count()
    return f"{reverse('recordings')}?page={before // ON_A_PAGE + 1}{anchor}"


def _card(request: HttpRequest, kept: Recording, rooms: Sequence[RegisteredRoom]) -> dict[str, Any]:
    """A recording in the list: its first frames are arrows of a small ladder, to the right or not, and so far down."""
    drawn = enumerate(_first_arrows(kept), start=1)
    lost = kept.frames.filter(lost=True).count() if kept.source != Source.FILE else 0
    return {
        "recording": kept,
        "words": recording_words(kept),
        "holds": _holds(kept),
        "lost": lost,
        "badge": BADGES[Source(kept.source)],
        "may_change": access.may_change(request, kept),
        "ways": ways_to_show(rooms, kept),
        "may_share": kept.room is not None and kept.source in access.PRIVATE_UNTIL_SHARED,
        "arrows": [{"right": right, "lost": lost, "y": 4 * place} for place, (right, lost) in drawn],
    }


def _holds(kept: Recording) -> list[str]:
    counts = [frames_text(kept.frame_count)]
    if kept.source == Source.FILE:
        counts.insert(0, conversations_text(kept.conversations.count()))
    return counts


def _first_arrows(kept: Recording) -> list[tuple[bool, bool]]:
    """Of the first frames, whether the client sent each, and whether it was lost; of a file's first conversation."""
    if kept.source == Source.FILE:
        return [(not frame.back, False) for frame in first_frames(kept, _ARROWS_DRAWN)]
    first = kept.frames.values_list("sender", "lost")[:_ARROWS_DRAWN]
    return [(sender == Side.CLIENT, lost) for sender, lost in first]
