"""The pages of recordings: the list, one on a stage of its own, its file, and the questions before it is changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from layersviz.core.host import Side
from layersviz.recordings.export import file_of
from layersviz.recordings.keeping import file_name, tidy_name
from layersviz.recordings.models import LONGEST_NAME, Recording
from layersviz.web.state_diagram import draw

ON_A_PAGE = 25
PCAPNG = "application/x-pcapng"
_ARROWS_DRAWN = 12
View = Callable[[HttpRequest, int], HttpResponseBase]


def of_a_recording(view: Callable[[HttpRequest, Recording], HttpResponseBase]) -> View:
    """The view gets the recording itself; one that is gone is answered with a page that says so."""

    @wraps(view)
    def found(request: HttpRequest, number: int) -> HttpResponseBase:
        try:
            kept = Recording.objects.get(pk=number)
        except (Recording.DoesNotExist, OverflowError):
            return render(request, "recording_gone.html", {"number": number}, status=404)
        return view(request, kept)

    return found


@require_safe
@cache_control(no_store=True)
def index(request: HttpRequest) -> HttpResponse:
    """All recordings, the newest first."""
    page = Paginator(Recording.objects.all(), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [{"recording": each, **_ladder(each)} for each in page]
    return render(request, "recordings.html", {"page": page, "shown": shown})


@require_safe
@cache_control(no_store=True)
@of_a_recording
def recording(request: HttpRequest, kept: Recording) -> HttpResponse:
    """The stage with one recording, at the frame and step that the address names."""
    return render(request, "recording.html", {"recording": kept, "diagram": draw()})


@require_safe
@of_a_recording
def download(_request: HttpRequest, kept: Recording) -> FileResponse:
    """The recording as pcapng, for Wireshark."""
    return FileResponse(
        file_of(kept), as_attachment=True, filename=f"{file_name(kept.name)} ({kept.pk}).pcapng", content_type=PCAPNG
    )


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
@of_a_recording
def rename(request: HttpRequest, kept: Recording) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, kept, "rename")
    name = tidy_name(request.POST.get("name", ""))
    if not name:
        problem = "A recording needs a name: write one with letters in it."
        return _ask(request, kept, "rename", name=request.POST.get("name", ""), problem=problem)
    kept.name = name
    kept.save(update_fields=["name"])
    return HttpResponseRedirect(_in_list(kept))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
@of_a_recording
def delete(request: HttpRequest, kept: Recording) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, kept, "delete")
    kept.delete()
    return redirect("recordings")


def _ask(
    request: HttpRequest, kept: Recording, deed: str, *, name: str | None = None, problem: str = ""
) -> HttpResponse:
    values = {
        "recording": kept,
        "deed": deed,
        "problem": problem,
        "longest": LONGEST_NAME,
        "name": kept.name if name is None else name,
        "back": _in_list(kept),
    }
    return render(request, "recording_question.html", values, status=400 if problem else 200)


def _in_list(kept: Recording) -> str:
    """The address of the list's page that holds it, at its place."""
    before = Recording.objects.filter(Q(made_at__gt=kept.made_at) | Q(made_at=kept.made_at, pk__gt=kept.pk)).count()
    return f"{reverse('recordings')}?page={before // ON_A_PAGE + 1}#recording-{kept.pk}"


def _ladder(kept: Recording) -> dict[str, Any]:
    """The first frames as arrows of a small ladder: whether each goes to the right, and how far down it lies."""
    senders = list(kept.frames.values_list("sender", flat=True))
    drawn = enumerate(senders[:_ARROWS_DRAWN], start=1)
    return {"frames": len(senders), "arrows": [{"right": each == Side.CLIENT, "y": 4 * place} for place, each in drawn]}
