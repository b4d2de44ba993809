"""Which of the presenter's windows leads a class, and who else may move it. Pure: no clock, no socket."""

from collections.abc import Set as AbstractSet

from layersviz.core.said import said
from layersviz.rooms.messages.from_browser import LeadingMessage, TakeOver
from layersviz.rooms.messages.from_server import LeaderMoved, Refused
from layersviz.rooms.numbers import Numbers

_ANOTHER_LEADS = said("Another window leads this class: press Take over to lead from here.")


class Leading:
    """`leader` is a window's name, empty before there was one; `windows` are the presenter's that are connected now."""

    def __init__(self, numbers: Numbers) -> None:
        self.leader = ""
        self.windows: AbstractSet[str] = frozenset()
        self._numbers = numbers

    @property
    def presenter_online(self) -> bool:
        return bool(self.windows)

    def meet(self, windows: AbstractSet[str]) -> list[LeaderMoved]:
        """The first window that ever comes leads; one that leads may go and come back."""
        was_online = self.presenter_online
        self.windows = windows
        if windows and not self.leader:
            return [self._lead(min(windows))]
        return [self._lead(self.leader)] if self.presenter_online != was_online else []

    def let_press(self, window: str, request: LeadingMessage) -> list[LeaderMoved] | Refused:
        """While the window that leads is connected, no other moves anything before it has taken over, to be seen by
        both; where it is gone, whoever presses leads."""
        if window == self.leader:
            return []
        if self.leader in self.windows and not isinstance(request, TakeOver):
            return Refused(sentence=_ANOTHER_LEADS)
        return [self._lead(window)]

    def _lead(self, window: str) -> LeaderMoved:
        self.leader = window
        return LeaderMoved(seq=self._numbers.next(), leader=window, presenter_online=self.presenter_online)
