"""The register of rooms in the database: which are open, which worker holds which, and the presenters' tokens.

Plain synchronous functions. Leases are measured by the database's clock alone, so that no worker's clock matters.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Now
from django.utils import timezone

from layersviz.rooms.models import ALPHABET, CODE_LENGTH, LONGEST_NAME, PresenterToken, RegisteredRoom

_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A room that a worker has taken: with `term` it saves, from `state` (JSON, or "") it goes on."""

    code: str
    term: int
    state: str


# --- rooms --------------------------------------------------------------------------------------------------------


def open_room(owner: User | None = None, name: str = "") -> RegisteredRoom:
    """A new room; `name` is cut to what the table holds."""
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                return RegisteredRoom.objects.create(code=_code(), owner=owner, name=name[:LONGEST_NAME])
        except IntegrityError:  # the code is another room's
            continue
    raise AssertionError("no code is free")


def close_room(code: str) -> None:
    """Nobody joins any more and its worker lets it go; what was recorded stays."""
    RegisteredRoom.objects.filter(code=code.upper(), closed_at=None).update(closed_at=Now())


def standing_room() -> RegisteredRoom:
    """The server's own room: the open one without an owner that was opened last, or a new one."""
    found = RegisteredRoom.objects.filter(owner=None, closed_at=None).first()
    return found or open_room()


def find_open(code: str) -> RegisteredRoom | None:
    """By its code in capitals or not."""
    return RegisteredRoom.objects.filter(code=code.upper(), closed_at=None).first()


def open_rooms() -> "QuerySet[RegisteredRoom]":
    """The one opened last comes first."""
    return RegisteredRoom.objects.filter(closed_at=None)


def held_rooms() -> "QuerySet[RegisteredRoom]":
    """Open rooms whose worker's lease has not run out."""
    return open_rooms().filter(lease_until__gt=Now())


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


# --- workers ------------------------------------------------------------------------------------------------------


def claim(worker: str, seconds: float, *, everything: bool) -> list[Claim]:
    """Take the open rooms that nobody holds; with `everything` also those that others hold.

    Of two workers that claim at once only one gets a room: whoever finds the term still as it has read it.
    """
    free = Q(lease_until=None) | Q(lease_until__lte=Now())
    wanted = open_rooms().filter(free | ~Q(worker=worker) if everything else free)
    return [taken for pk, term in list(wanted.values_list("pk", "term")) for taken in _take(pk, term, worker, seconds)]


def _take(pk: int, term: int, worker: str, seconds: float) -> Iterator[Claim]:
    """The state is read after the term has grown: from then on nobody else can change it."""
    untouched = open_rooms().filter(pk=pk, term=term)
    if untouched.update(worker=worker, lease_until=_in(seconds), term=F("term") + 1):
        for code, state in RegisteredRoom.objects.filter(pk=pk, term=term + 1).values_list("code", "state"):
            yield Claim(code=code, term=term + 1, state=state)


def renew(worker: str, seconds: float) -> set[str]:
    """Prolong all of this worker's leases; gives the codes of the open rooms that it still holds."""
    own = open_rooms().filter(worker=worker)
    own.update(lease_until=_in(seconds))
    return set(own.values_list("code", flat=True))


def release(worker: str, code: str = "") -> None:
    """Give one room back at once, or all, so that another worker need not wait for the leases' end."""
    own = RegisteredRoom.objects.filter(worker=worker)
    (own.filter(code=code) if code else own).update(worker="", lease_until=None)


def is_open(code: str) -> bool:
    return open_rooms().filter(code=code).exists()


def save(code: str, term: int, state: str) -> bool:
    """Keep what the class shares; False, and nothing is kept, where another term is current by now."""
    return bool(RegisteredRoom.objects.filter(code=code, term=term).update(state=state))


def _in(seconds: float) -> object:
    return Now() + Value(timedelta(seconds=seconds))


# --- tokens -------------------------------------------------------------------------------------------------------


def issue_token(room: RegisteredRoom, seconds: float) -> str:
    """A token that makes its first reader the room's presenter; only its digest is kept."""
    PresenterToken.objects.filter(expires_at__lt=timezone.now()).delete()
    token = secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(seconds=seconds)
    PresenterToken.objects.create(room=room, digest=_digest(token), expires_at=expires_at)
    return token


def redeem_token(room: RegisteredRoom, token: str, now: datetime) -> bool:
    """True once for each token of this room, and before its end only.

    It is looked up by its digest, so the time that takes says nothing of the token.
    """
    unused = PresenterToken.objects.filter(room=room, digest=_digest(token), used_at=None, expires_at__gt=now)
    return bool(unused.update(used_at=now))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
