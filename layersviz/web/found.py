"""Views that are about one recording, or one conversation of it; where that is gone, a page says so.

What the reader may not see counts as gone: nobody learns of others' recordings.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from layersviz.core.said import said
from layersviz.recordings.models import RecordedConversation, Recording, Source
from layersviz.web.access import may_see, visible
from layersviz.web.reader import for_reader

View = Callable[..., HttpResponseBase]


def of_a_recording(view: Callable[[HttpRequest, Recording], HttpResponseBase]) -> View:
    """The view gets the recording itself."""

    @wraps(view)
    def found(request: HttpRequest, number: int) -> HttpResponseBase:
        try:
            kept = Recording.objects.select_related("room").get(visible(request), pk=number)
        except (Recording.DoesNotExist, OverflowError):
            return _gone(request, said("There is no recording {number}", number=number))
        return _answered(request, lambda: view(request, kept))

    return found


def of_a_conversation(view: Callable[[HttpRequest, RecordedConversation], HttpResponseBase]) -> View:
    """The view gets the conversation, with its recording; the address counts them from 1.

    A run is one story and has no conversations of its own: then the answer leads to the run.
    """

    @wraps(view)
    def found(request: HttpRequest, number: int, conversation: int) -> HttpResponseBase:
        rows = RecordedConversation.objects.select_related("recording")
        if not may_see(request, number):
            return _gone(request, _no_conversation(conversation, number))
        try:
            kept = rows.get(recording=number, place=conversation - 1)
        except (RecordedConversation.DoesNotExist, OverflowError):
            if _is_run(number):
                query = request.META.get("QUERY_STRING", "")
                return redirect(f"{reverse('recording', args=[number])}{'?' if query else ''}{query}")
            return _gone(request, _no_conversation(conversation, number))
        return _answered(request, lambda: view(request, kept))

    return found


def _no_conversation(conversation: int, number: int) -> str:
    return said(
        "There is no conversation {conversation} in a recording {number}", conversation=conversation, number=number
    )


def _is_run(number: int) -> bool:
    try:
        return Recording.objects.filter(pk=number).exclude(source=Source.FILE).exists()
    except OverflowError:
        return False


def _answered(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return answer()
    except FileNotFoundError:
        return _gone(request, said("There is no file of this recording any more"))


def _gone(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "recording_gone.html", {"sentence": for_reader(sentence)}, status=404)
