"""The page about ports: what they are, which are commonly used, and who listens now."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.host import Hosts
from layersviz.rooms.models import RegisteredRoom
from layersviz.web import access
from layersviz.web.codes import read_code
from layersviz.web.door import TooManyGuesses
from layersviz.web.entering import enter
from layersviz.web.machine import MachineSockets, machine, waiting
from layersviz.web.port_bytes import port_bytes
from layersviz.web.reader import for_reader
from layersviz.web.services import services
from layersviz.web.showing import own_rooms

_SYSCTLS = Path("/proc/sys/net/ipv4")


@require_safe
@cache_control(no_store=True)
def ports(request: HttpRequest, hosts: Hosts) -> HttpResponse:
    """For anybody; with ?room=CODE, or for who is in a class already, the sockets of that class's lab too."""
    room, problem = _room(request)
    values = {
        "bytes": port_bytes(),
        "services": services(),
        "hosts": hosts,
        "unprivileged_from": _sysctl("ip_unprivileged_port_start"),
        "source_ports": _sysctl("ip_local_port_range").split(),
        "room": room,
        "problem": problem,
        "presents": room is not None and access.presented(request, room.code) is not None,
        "is_presenter": access.is_presenter(request),
    }
    return render(request, "ports.html", for_reader(values))


def _room(request: HttpRequest) -> tuple[RegisteredRoom | None, str]:
    """The class that is asked for, else the reader's own, else the one joined last; and a sentence where it is none."""
    if typed := request.GET.get("room", ""):
        return _asked(request, typed)
    if own := own_rooms(request):
        return own[0], ""
    for code in access.joined(request.COOKIES):
        if (room := enter(request, code)) is not None:
            return room, ""
    return None, ""


def _asked(request: HttpRequest, typed: str) -> tuple[RegisteredRoom | None, str]:
    try:
        room = enter(request, code) if (code := read_code(typed)) else None
    except TooManyGuesses:
        return None, _("Too many wrong codes came from here: wait a minute, then try again.")
    problem = "" if room else _("There is no open class with the code %(code)s.") % {"code": typed[:40]}
    return room, problem


def _sysctl(name: str) -> str:
    """Of this machine; empty where it has none such."""
    try:
        return (_SYSCTLS / name).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


@require_safe
@cache_control(no_store=True)
async def machine_sockets(request: HttpRequest) -> HttpResponse:
    """This machine's sockets as JSON, for presenters alone. Who runs the server sees all, others what listens: to whom
    this machine speaks besides is none of theirs."""
    is_presenter, sees_all = await sync_to_async(_rights)(request)
    if not is_presenter:
        refusal = {"sentence": _("Only a presenter may see the sockets of the machine that this server runs on.")}
        return JsonResponse(refusal, status=403)
    told = await asyncio.to_thread(machine.sockets)
    if not sees_all:
        told = replace(told, rows=waiting(told.rows), left_out=0)
    return JsonResponse(_plain(told) | {"all": sees_all})


def _rights(request: HttpRequest) -> tuple[bool, bool]:
    return access.is_presenter(request), access.runs_the_server(request)


def _plain(told: MachineSockets) -> dict[str, Any]:
    return {
        "rows": [{name: getattr(row, name) for name in row.__slots__} for row in told.rows],
        "left_out": told.left_out,
        "problem": for_reader(told.problem),
    }
