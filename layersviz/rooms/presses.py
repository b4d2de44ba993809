"""What the viewers of one web process ask of the room's owner: on its way there, refused before, or lost and said so.

Knows nothing of what the owner makes of it. Times are seconds of any one clock.
"""

from collections.abc import Callable

from layersviz.core.said import said
from layersviz.rooms.bus import ChannelLayer, ask
from layersviz.rooms.messages.from_browser import PresenterMessage, Reply, StudentPress
from layersviz.rooms.messages.from_server import CloseCode, Refused
from layersviz.rooms.tellings import HandedIn, Pressed
from layersviz.rooms.viewer import Role, Viewer
from layersviz.rooms.viewers import NO_OWNER, Viewers

PRESS_EVERY_S = 1.0
"""So often a student's press is handed on."""
LOST_AFTER_S = 1.5
"""An owner says each second that it lives: what was pressed longer ago, and nothing heard since, was lost."""

_OUT_OF_REACH = said("This did not reach the class: try again in a moment.")
_TOO_FAST = said("You have pressed a moment ago: press again in a second.")
_NOBODY = said(
    "This browser keeps no cookie of this class, so nobody could tell your answer from others: load the page again."
)
_ONLY_STUDENTS = "Only the students of a class answer its questions."


class Presses:
    """`process` is the web process's own name for itself."""

    def __init__(
        self, code: str, *, layer: ChannelLayer, process: str, viewers: Viewers, now_s: Callable[[], float]
    ) -> None:
        self._code = code
        self._layer = layer
        self._process = process
        self._viewers = viewers
        self._now_s = now_s
        self._pressed_s: dict[int, float] = {}

    def asker(self, viewer: Viewer) -> str:
        """A student's window may have any name, the presenter's too: it is known by one that no window can have."""
        return viewer.window if viewer.presents else f"{self._process}.{viewer.number}"

    async def press(self, viewer: Viewer, request: PresenterMessage) -> None:
        pressed = Pressed(window=self.asker(viewer), request=request, role=viewer.role)
        if self._viewers.is_interrupted:
            self._refuse(viewer, NO_OWNER)
        elif await ask(self._layer, self._code, pressed):
            self._pressed_s.setdefault(viewer.number, self._now_s())
        else:
            self._refuse(viewer, _OUT_OF_REACH)

    async def press_now_and_then(self, viewer: Viewer, request: StudentPress) -> None:
        """Of each student one in a second: the room's owner answers for the whole class."""
        if self._now_s() - viewer.pressed_s < PRESS_EVERY_S:
            self._refuse(viewer, _TOO_FAST)
            return
        viewer.pressed_s = self._now_s()
        await self.press(viewer, request)

    async def hand_in(self, viewer: Viewer, reply: Reply) -> None:
        """A student's answer to the question that the class is asked."""
        if viewer.role is not Role.STUDENT:
            viewer.dismiss(CloseCode.NOT_ALLOWED, _ONLY_STUDENTS)
        elif self._viewers.is_interrupted:
            self._refuse(viewer, NO_OWNER)
        elif not viewer.person:
            self._refuse(viewer, _NOBODY)
        else:
            name = viewer.stand.name
            handed = HandedIn(window=self.asker(viewer), person=viewer.person, name=name, reply=reply)
            if not await ask(self._layer, self._code, handed):
                self._refuse(viewer, _OUT_OF_REACH)

    # --- what was lost ------------------------------------------------------------------------------------------------

    def hear(self) -> None:
        """The owner has said something: what was pressed before is in no doubt."""
        self._pressed_s.clear()

    def admit_lost(self) -> None:
        """To whoever pressed, once."""
        now_s = self._now_s()
        for number in [number for number, at_s in self._pressed_s.items() if now_s - at_s > LOST_AFTER_S]:
            del self._pressed_s[number]
            if (viewer := self._viewers.find(number)) is not None:
                self._refuse(viewer, _OUT_OF_REACH)

    def _refuse(self, viewer: Viewer, sentence: str) -> None:
        self._viewers.say(viewer, Refused(sentence=sentence))
