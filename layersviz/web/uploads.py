"""Somebody uploads a capture: the form's answer, as a page or, where the page's script asks, step by step.

Knows nothing of captures: `recordings.uploading` takes the file and says how far it is.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

import msgspec
from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from layersviz.core.said import said
from layersviz.recordings.reading import Refused
from layersviz.recordings.uploading import Kept, Step, sentence_of, take
from layersviz.rooms.register import open_rooms
from layersviz.web import access
from layersviz.web.arriving import IntoFolder, make_folder
from layersviz.web.bodies import ROOM_FOR_A_FORM, body_of
from layersviz.web.reader import for_reader, reader_language
from layersviz.web.recalled import recalled
from layersviz.web.recordings import list_values
from layersviz.web.refusing import refuse
from layersviz.web.said import translated

LINES = "application/x-ndjson"
CROWDED = said("Too many captures are being uploaded at this moment: try again in a minute.")
NO_CLASS = said("Start a class first: an upload belongs to a class of yours.")
NOTHING_CHOSEN = said("Nothing was chosen: choose a capture file first.")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How large a file may be, how large it may be when it is unpacked, and the folder where it arrives."""

    octets: int
    unpacked_octets: int
    folder: Path


@csrf_exempt  # what is too large is refused before the form is read; the rest is protected below
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def upload(request: HttpRequest, limits: Limits) -> HttpResponseBase:
    """Take the file of the form."""
    if request.method != "POST":
        return redirect("recordings")
    if not access.is_presenter(request):
        return _refuse(request, limits, _only_presenters(), status=403)
    body = body_of(request)
    if body is not None and body.is_crowded and body.is_too_large:
        return _refuse(request, limits, CROWDED, status=503)
    if (body is not None and body.is_too_large) or _announced(request) > limits.octets + ROOM_FOR_A_FORM:
        return _refuse(request, limits, too_large(limits), status=413)
    try:
        if body is not None and body.error is not None:
            raise body.error
        make_folder(limits.folder)
        return _take(request, limits)
    except OSError as error:
        return _refuse(request, limits, sentence_of(error), status=507)


def too_large(limits: Limits) -> str:
    return said(
        "This file is too large: a capture may have up to {most} here (UPLOAD_LIMIT_MB).",
        most=filesizeformat(limits.octets),
    )


def _only_presenters() -> str:
    return _("Only a presenter may upload a capture: sign in, or open the link that the server printed.")


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _take(request: HttpRequest, limits: Limits) -> HttpResponseBase:
    into = IntoFolder(limits.folder, limits.octets)
    request.upload_handlers = [into]
    return _take_protected(request, limits, into)


@csrf_protect
def _take_protected(request: HttpRequest, limits: Limits, into: IntoFolder) -> HttpResponseBase:
    file = request.FILES.get("file")
    if into.is_too_large:
        return _refuse(request, limits, too_large(limits), status=413)
    if file is None:
        return _refuse(request, limits, NOTHING_CHOSEN, status=400)
    room = _room(request)
    if room is None:
        return _refuse(request, limits, NO_CLASS, status=409)
    steps = take(into.path, file.name or "", limits.unpacked_octets, database_sync_to_async, room)
    if _wants_lines(request):
        return StreamingHttpResponse(_lines(steps, reader_language()), content_type=LINES)
    match async_to_sync(_last)(steps):
        case Kept(recording=number):
            return redirect("recording", number=number)
        case Refused(sentence=sentence):
            return _refuse(request, limits, sentence, status=400)
    raise AssertionError("an upload has ended without a last word")


def _room(request: HttpRequest) -> int | None:
    """The class that the form names, or the one opened last; of those that the reader presents."""
    rooms = open_rooms().filter(access.presented_rooms(request))
    room = rooms.filter(code=request.POST.get("room", "").upper()).first() or rooms.first()
    return None if room is None else int(room.pk)


async def _lines(steps: AsyncGenerator[Step], language: str) -> AsyncIterator[bytes]:
    async with aclosing(steps):
        async for step in steps:
            yield _line(step, language)


def _line(step: Step, language: str) -> bytes:
    """The process that reads the file says its sentences in English."""
    if isinstance(step, Refused):
        step = Refused(sentence=translated(recalled(step.sentence), language))
    return msgspec.json.encode(step) + b"\n"


async def _last(steps: AsyncGenerator[Step]) -> Step | None:
    said = [step async for step in steps]
    return said[-1] if said else None


def _refuse(request: HttpRequest, limits: Limits, sentence: str, *, status: int) -> HttpResponse:
    if _wants_lines(request):
        line = _line(Refused(sentence=sentence), reader_language())
        return HttpResponse(line, content_type=LINES, status=status)
    if status == 403:
        return refuse(request, sentence)
    values = {**list_values(request, limits.octets), "refused": for_reader(recalled(sentence))}
    return render(request, "recordings.html", values, status=status)


def _wants_lines(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == LINES
