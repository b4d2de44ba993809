"""What a presenter does with rooms: open one, close it, keep notes for its steps; and how a presenter signs in."""

from typing import Annotated, Any

import msgspec
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from layersviz.recordings.keeping import tidy_name
from layersviz.rooms.bus import tell_workers_to_look
from layersviz.rooms.models import LONGEST_KEY, Note
from layersviz.rooms.register import close_room, open_room
from layersviz.web import access
from layersviz.web.door import WINDOW_S, network_of, passwords
from layersviz.web.refusing import refuse

LONGEST_NOTE = 4_000
MOST_ROOMS = 10


class WrittenNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the page sends; a note without text is taken away."""

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_KEY)]
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)]


@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """A further class. Without an account it belongs to the server, and to this very session."""
    if not access.may_open_rooms(request):
        return refuse(request, _("Sign in to start a class, or open the link that the server printed."))
    if access.opened_rooms(request).count() >= MOST_ROOMS:
        sentence = _("You have %(most)d classes open: close one of them before you start another.")
        return refuse(request, sentence % {"most": MOST_ROOMS}, heading=_("No further class"), status=409)
    owner = request.user if request.user.is_authenticated else None
    room = open_room(owner, tidy_name(request.POST.get("name", "")))
    if owner is None:
        access.add(request, room)
    _wake_workers()
    return redirect("present", code=room.code)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def close_one(request: HttpRequest, code: str) -> HttpResponse:
    """Asks first: it sends everybody away."""
    room = access.presented(request, code)
    if room is None:
        return refuse(request, _("Only its presenter can close a class."))
    if request.method != "POST" and room.closed_at is None:
        return render(request, "room_question.html", {"room": room, "recordings": room.recordings.count()})
    close_room(code)
    _wake_workers()
    return redirect("dashboard")


def _wake_workers() -> None:
    """They need not wait until they look for rooms by themselves."""
    async_to_sync(tell_workers_to_look)(get_channel_layer())


@require_http_methods(["GET", "HEAD", "PUT", "POST"])
@cache_control(no_store=True)
def notes(request: HttpRequest, code: str) -> HttpResponse:
    """All notes as JSON, {"notes": {key: text}}; PUT or POST keeps one."""
    room = access.presented(request, code)
    if room is None:
        return JsonResponse({"sentence": _("Notes are the presenter's alone.")}, status=403)
    if request.method in ("PUT", "POST"):
        try:
            written = msgspec.json.decode(request.body, type=WrittenNote)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return JsonResponse({"sentence": _("A note has a key and up to 4,000 characters of text.")}, status=400)
        if written.text.strip():
            Note.objects.update_or_create(room=room, key=written.key, defaults={"text": written.text})
        else:
            Note.objects.filter(room=room, key=written.key).delete()
    return JsonResponse({"notes": dict(Note.objects.filter(room=room).values_list("key", "text"))})


class SignIn(LoginView):
    """Django's; whoever tries many passwords has to wait."""

    template_name = "login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if passwords.take(_network(request)):
            return super().post(request, *args, **kwargs)
        sentence = _("Too many wrong passwords came from here: wait a minute, then try again.")
        response = refuse(request, sentence, heading=_("Wait a minute"), status=429)
        response["Retry-After"] = str(WINDOW_S)
        return response

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        passwords.give_back(_network(self.request))
        return super().form_valid(form)


def _network(request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))
