"""The pages of a class: the presenter's, the projector's and the students' screens, and the way in.

What a stage shows comes by websocket; the page itself is the same for all who may open it.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.host import Hosts
from layersviz.core.scene_cards import CARDS
from layersviz.rooms.models import CODE_LENGTH, RegisteredRoom
from layersviz.rooms.register import find_open, redeem_token
from layersviz.web import access
from layersviz.web.addresses import Addresses, qr_code
from layersviz.web.codes import read_code
from layersviz.web.door import WINDOW_S, TooManyGuesses
from layersviz.web.entering import enter
from layersviz.web.reader import for_reader
from layersviz.web.refusing import refuse
from layersviz.web.state_diagram import draw


@require_safe
@cache_control(no_store=True)
def present(request: HttpRequest, code: str, hosts: Hosts, addresses: Addresses) -> HttpResponse:
    """The presenter's page, with all controls; who has no right to it does not learn whether there is such a room."""
    if "token" in request.GET:
        return _take_token(request, code)
    room = access.presented(request, code)
    if room is None:
        return refuse(request, _("This page is for this class's presenter."), heading=_("Only for the presenter"))
    if room.closed_at is not None:
        return _closed(request)
    return _stage(request, "present.html", room, page="present", hosts=hosts, addresses=addresses)


@require_safe
@cache_control(no_store=True)
def show(request: HttpRequest, code: str, hosts: Hosts, addresses: Addresses) -> HttpResponse:
    """The projector's page: nothing but the picture."""
    return _joined(request, code, "show.html", page="show", hosts=hosts, addresses=addresses)


@require_safe
@cache_control(no_store=True)
def join(request: HttpRequest, code: str, hosts: Hosts, addresses: Addresses) -> HttpResponse:
    """A student's screen."""
    response = _joined(request, code, "join.html", page="join", hosts=hosts, addresses=addresses)
    if response.status_code == HTTPStatus.OK:
        access.remember_person(request, response)
    return response


@require_safe
@cache_control(no_store=True)
def join_form(request: HttpRequest, typed: str = "") -> HttpResponse:
    """Where a code is typed; what can't be a code hears why."""
    typed = typed or request.GET.get("code", "")
    if code := read_code(typed):
        return redirect("join", code=code)
    problem = _("A code has six characters; 0, O, 1, I and L are not among them.") if typed.strip() else ""
    return _ask_code(request, typed, problem, status=404 if problem else 200)


@require_safe
def short(_request: HttpRequest, code: str) -> HttpResponse:
    """What a student types: an address of a host and a code."""
    return redirect("join", code=code)


@require_safe
@cache_control(max_age=3600, private=True)
def qr(request: HttpRequest, code: str, addresses: Addresses) -> HttpResponse:
    """The short address as a QR code. It says nothing of whether there is such a room."""
    return HttpResponse(qr_code(addresses.short(request, code)), content_type="image/svg+xml")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.svg"))


def _take_token(request: HttpRequest, code: str) -> HttpResponse:
    """To the clean address; nobody is told where this one came from. To ask for the head alone takes nothing."""
    room = find_open(code)
    if room is not None and request.method == "GET" and redeem_token(room, request.GET["token"], timezone.now()):
        access.grant(request, room)
    response: HttpResponse
    if access.presented(request, code) is not None:
        response = HttpResponseRedirect(reverse("present", args=[code]), status=303)
    else:
        response = refuse(
            request,
            _("This link has been used or is too old. Whoever runs the server prints a new one: manage.py present"),
            heading=_("This link leads no further"),
        )
    response["Referrer-Policy"] = "no-referrer"
    return response


def _joined(request: HttpRequest, code: str, template: str, **values: Any) -> HttpResponse:
    try:
        room = enter(request, code)
    except TooManyGuesses:
        problem = _("Too many wrong codes came from here: wait a minute, then try again.")
        response = _ask_code(request, code, problem, status=429)
        response["Retry-After"] = str(WINDOW_S)
        return response
    if room is None:
        problem = _("There is no open class with the code %(code)s.") % {"code": code}
        return _ask_code(request, code, problem, status=404)
    response = _stage(request, template, room, **values)
    access.remember_joined(request, response, room.code)
    return response


def _stage(
    request: HttpRequest, template: str, room: RegisteredRoom, *, page: str, hosts: Hosts, addresses: Addresses
) -> HttpResponse:
    values = {
        "page": page,
        "room": room,
        "hosts": hosts,
        "hello_url": addresses.hello(request),
        "join_url": addresses.short(request, room.code),
        "is_reachable": addresses.is_reachable(request),
        "diagram": for_reader(draw()),
        "scenes": for_reader(_scene_cards()) if page == "present" else [],
        "server": _server_of(hosts),
    }
    return render(request, template, values)


def _server_of(hosts: Hosts) -> dict[str, str | int]:
    """Where the lab's server is found, whichever run was the last."""
    return {"ipv4": hosts.server.ip, "ipv6": hosts.over_ipv6().server.ip, "port": hosts.server.port}


def _scene_cards() -> list[dict[str, str]]:
    """What the start desk offers, in its order."""
    return [{"slug": card.slug, "name": card.name, "about": card.about} for card in CARDS.values()]


def _ask_code(request: HttpRequest, typed: str, problem: str, *, status: int) -> HttpResponse:
    values = {"typed": typed[:40], "problem": problem, "code_length": CODE_LENGTH}
    return render(request, "join_form.html", values, status=status)


def _closed(request: HttpRequest) -> HttpResponse:
    return refuse(
        request,
        _("Nobody can join it any more; what was recorded in it is kept."),
        heading=_("This class is closed"),
        status=410,
    )
