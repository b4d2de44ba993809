"""What students may press in a class, and why not. Pure; times are the server's, milliseconds since 1970.

Knows nothing of who leads: a student's press never makes a window the leader.
"""

import math
from collections.abc import Iterable

from layersviz.core.said import said
from layersviz.rooms.messages.from_browser import LetGo, Start, StudentPress
from layersviz.rooms.messages.values import Cover, Permission, Run

START_EVERY_MS = 5_000.0
"""So often all students of a class together may start a run."""

_NOT_ALLOWED = {
    Permission.START: said("The presenter has not allowed the class to start a run."),
    Permission.LET_GO: said("The presenter has not allowed the class to let a held frame go."),
}
_NO_PRESENTER = said("The presenter is not here: as soon as that changes, press again.")
_COVERED = said("The picture is hidden: as soon as the presenter shows it again, press again.")
_ANOTHER_RUN = said("The class may start the run on the stage again, and no other.")
_TOO_SOON = said("The class has started a run a moment ago: press again in a few seconds.")


class Allowed:
    """`permissions` are what the presenter has allowed, each once and in the order of `Permission`."""

    def __init__(self) -> None:
        self.permissions: tuple[Permission, ...] = ()
        self._started_ms = -math.inf

    def allow(self, permissions: Iterable[Permission]) -> bool:
        """These and no others. False where nothing has changed."""
        before, wanted = self.permissions, set(permissions)
        self.permissions = tuple(each for each in Permission if each in wanted)
        return self.permissions != before

    def started(self, now_ms: float) -> None:
        """A student has started a run."""
        self._started_ms = now_ms

    def why_not(self, request: StudentPress, *, presenter_online: bool) -> str:
        """Why the presenter has not allowed it, in one sentence; empty where that is not so."""
        permission = Permission.LET_GO if isinstance(request, LetGo) else Permission.START
        if permission not in self.permissions:
            return _NOT_ALLOWED[permission]
        return "" if presenter_online else _NO_PRESENTER

    def why_no_start(self, request: Start, run: Run, cover: Cover, now_ms: float) -> str:
        """Why not now, and not this one; `run` is the one on the stage."""
        if cover is not Cover.NONE:
            return _COVERED
        if request.order != run.order:
            return _ANOTHER_RUN
        return _TOO_SOON if now_ms - self._started_ms < START_EVERY_MS else ""
