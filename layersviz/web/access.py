"""Who may do what: who presents which room, who has joined which, and which recordings each may see.

A presenter has a session: by a token of the room, or signed in. Whoever joins gets a signed cookie, which costs no row
in the database. Without a session's cookie nothing here asks the database who somebody is.
"""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Q, QuerySet
from django.http import HttpRequest, parse_cookie
from django.http.response import HttpResponseBase

from layersviz.recordings.models import Recording, Source
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import open_rooms

JOINED = "joined"
MOST_JOINED = 20
PERSON = "person"
_PERSON_OCTETS, _PERSON_LETTERS = 16, 32
PRIVATE_UNTIL_SHARED = (Source.FILE, Source.LIVE)
_PRESENTS = "presents"
_MAY_OPEN = "may_open_rooms"

# --- presenters ---------------------------------------------------------------------------------------------------


def grant(request: HttpRequest, room: RegisteredRoom) -> None:
    """From now on this session presents the room, under a new key; of a room of the server's own it may open others."""
    request.session.cycle_key()
    add(request, room)
    if room.owner_id is None:
        request.session[_MAY_OPEN] = True


def add(request: HttpRequest, room: RegisteredRoom) -> None:
    """The same session presents one room more; its key stays, by which its open websockets are known."""
    request.session[_PRESENTS] = list(dict.fromkeys([*request.session.get(_PRESENTS, []), room.pk]))


def presents(session: SessionBase, user: Any, room: RegisteredRoom) -> bool:
    """By a token that this session brought, as the room's owner, or as superuser."""
    if room.pk in session.get(_PRESENTS, []):
        return True
    return bool(user.is_authenticated and (user.is_superuser or room.owner_id == user.pk))


def may_open_rooms(request: HttpRequest) -> bool:
    return request.user.is_authenticated or bool(request.session.get(_MAY_OPEN))


def runs_the_server(request: HttpRequest) -> bool:
    """A superuser, or who has the token that the server itself has printed."""
    is_superuser = request.user.is_authenticated and request.user.is_superuser
    return is_superuser or bool(request.session.get(_MAY_OPEN))


def is_presenter(request: HttpRequest) -> bool:
    """Of any room, or one who may open some."""
    return request.user.is_authenticated or bool(request.session.get(_PRESENTS))


def presented(request: HttpRequest, code: str) -> RegisteredRoom | None:
    """The room of that code, open or closed, where this reader presents it; else None, whether there is one or not."""
    if not is_presenter(request):
        return None
    room = RegisteredRoom.objects.filter(code=code.upper()).first()
    return room if room is not None and presents(request.session, request.user, room) else None


def opened_rooms(request: HttpRequest) -> "QuerySet[RegisteredRoom]":
    """The open rooms that are this user's, or, of somebody without an account, this session's."""
    if request.user.is_authenticated:
        return open_rooms().filter(owner=request.user)
    return open_rooms().filter(pk__in=request.session.get(_PRESENTS, []))


def presented_rooms(request: HttpRequest) -> Q:
    """A condition on rooms; it holds for none where the reader presents none."""
    by_session = Q(pk__in=request.session.get(_PRESENTS, []))
    if not request.user.is_authenticated:
        return by_session
    return Q() if request.user.is_superuser else by_session | Q(owner=request.user)


# --- whoever has joined -------------------------------------------------------------------------------------------


def remember_joined(request: HttpRequest, response: HttpResponseBase, code: str) -> None:
    """For as long as a presenter's session lasts; the rooms joined last are kept."""
    codes = [code, *(each for each in joined(request.COOKIES) if each != code)][:MOST_JOINED]
    response.set_cookie(
        JOINED,
        _signer().sign(".".join(codes)),
        max_age=settings.SESSION_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def remember_person(request: HttpRequest, response: HttpResponseBase) -> None:
    """Whoever joins is told from others by this, also after a reload or under another name; it says nothing of them."""
    known = _person(request.COOKIES) or secrets.token_hex(_PERSON_OCTETS)
    response.set_cookie(
        PERSON,
        _person_signer().sign(known),
        max_age=settings.SESSION_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def person_of(scope: Mapping[str, Any], code: str) -> str:
    """This websocket's browser, by another name in each class; empty where its cookie is not ours."""
    known = _person(cookies_of(scope))
    return hashlib.sha256(f"{code} {known}".encode()).hexdigest()[:_PERSON_LETTERS] if known else ""


def _person(cookies: Mapping[str, str]) -> str:
    try:
        return _person_signer().unsign(cookies.get(PERSON, ""), max_age=settings.SESSION_COOKIE_AGE)
    except BadSignature:
        return ""


def _person_signer() -> TimestampSigner:
    return TimestampSigner(salt="layersviz.person")


def joined(cookies: Mapping[str, str]) -> list[str]:
    """Codes of the rooms that this browser has joined."""
    try:
        return _signer().unsign(cookies.get(JOINED, ""), max_age=settings.SESSION_COOKIE_AGE).split(".")
    except BadSignature:
        return []


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="layersviz.joined")


# --- recordings ---------------------------------------------------------------------------------------------------


def visible(request: HttpRequest) -> Q:
    """The recordings that this reader may see: a condition on recordings."""
    if request.user.is_authenticated and request.user.is_superuser:
        return Q()
    open_to_class = Q(shared=True) | ~Q(source__in=PRIVATE_UNTIL_SHARED)
    seen = ~Q(lesson="") | Q(room__code__in=joined(request.COOKIES)) & open_to_class
    if is_presenter(request):
        seen |= Q(room=None) | Q(room__in=RegisteredRoom.objects.filter(presented_rooms(request)))
    return seen


def may_see(request: HttpRequest, number: int) -> bool:
    try:
        return Recording.objects.filter(visible(request), pk=number).exists()
    except OverflowError:  # no database has so large a number
        return False


def may_change(request: HttpRequest, recording: Recording) -> bool:
    """Its room's presenter may rename, share and delete it; what belongs to no room, the server's own presenter."""
    if recording.room is None:
        return runs_the_server(request)
    return presents(request.session, request.user, recording.room)


# --- websockets ---------------------------------------------------------------------------------------------------


async def may_present(scope: Mapping[str, Any], code: str) -> bool:
    """Whether this websocket's browser presents the room; False for a code that is no room's."""
    if settings.SESSION_COOKIE_NAME not in cookies_of(scope):
        return False
    found = await database_sync_to_async(_presented)(scope, code)
    return bool(found)


async def may_see_recording(scope: Mapping[str, Any], number: int) -> bool:
    may: bool = await database_sync_to_async(_may_see)(scope, number)
    return may


def cookies_of(scope: Mapping[str, Any]) -> dict[str, str]:
    said = [value.decode("latin1") for name, value in scope.get("headers", ()) if name == b"cookie"]
    return parse_cookie("; ".join(said))


def _presented(scope: Mapping[str, Any], code: str) -> bool:
    room = presented(_request(scope), code)
    return room is not None and room.closed_at is None


def _may_see(scope: Mapping[str, Any], number: int) -> bool:
    return may_see(_request(scope), number)


def _request(scope: Mapping[str, Any]) -> HttpRequest:
    """The same reader as on a page."""
    request = HttpRequest()
    request.COOKIES = cookies_of(scope)
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    return request
