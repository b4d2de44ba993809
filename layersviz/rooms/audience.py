"""Who looks at a room: in one web process, and all of them together. Pure; times are seconds of any one clock."""

from collections.abc import Iterable

from layersviz.rooms.messages.from_server import Attendance
from layersviz.rooms.messages.values import Mode, Person
from layersviz.rooms.tellings import Here
from layersviz.rooms.viewer import Role, Viewer

MOST_PEOPLE = 300
"""So many are listed by name; the numbers count all."""
GONE_AFTER_S = 4.0
"""A web process that has said nothing for so long is gone, and with it all who looked through it."""
AWAY_AFTER_S = 2.0
"""A presenter's window may be away for so long and come back, as on a reload, without anybody being told."""


def here(process: str, viewers: Iterable[Viewer]) -> Here:
    """The viewers of one web process."""
    viewers = list(viewers)
    students = [viewer for viewer in viewers if viewer.role is Role.STUDENT]
    roaming = sum(viewer.stand.mode is Mode.ROAM for viewer in students)
    return Here(
        process=process,
        windows=frozenset(viewer.window for viewer in viewers if viewer.role is Role.PRESENTER),
        languages=frozenset(viewer.language for viewer in viewers),
        following=len(students) - roaming,
        roaming=roaming,
        projectors=sum(viewer.role is Role.PROJECTOR for viewer in viewers),
        people=tuple(_person(viewer) for viewer in students[:MOST_PEOPLE]),
    )


def _person(viewer: Viewer) -> Person:
    stand = viewer.stand
    return Person(
        number=viewer.number,
        name=_tidy(stand.name),
        mode=stand.mode,
        frame=stand.frame,
        step=stand.step,
        round_trip_ms=viewer.round_trip_ms,
    )


def _tidy(name: str) -> str:
    """In one line, with nothing that can't be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


class Audience:
    """What the web processes have said of their viewers."""

    def __init__(self) -> None:
        self._here: dict[str, Here] = {}
        self._heard_s: dict[str, float] = {}
        self._seen_s: dict[str, float] = {}

    def hear(self, said: Here, now_s: float) -> None:
        before = self._here.get(said.process)
        self._here[said.process] = said
        self._heard_s[said.process] = now_s
        for window in said.windows.union(before.windows if before else ()):
            self._seen_s[window] = now_s

    def see(self, window: str, now_s: float) -> None:
        """A presenter's window has asked for something, perhaps before its process said that it is here."""
        self._seen_s[window] = now_s

    def windows(self, now_s: float) -> frozenset[str]:
        """The presenter's windows that are connected, or were a moment ago."""
        self._forget(now_s)
        connected = frozenset().union(*(said.windows for said in self._here.values()))
        return connected | {window for window, seen_s in self._seen_s.items() if now_s - seen_s < AWAY_AFTER_S}

    def languages(self, now_s: float) -> frozenset[str]:
        """In which somebody reads."""
        self._forget(now_s)
        return frozenset().union(*(said.languages for said in self._here.values()))

    def attendance(self, now_s: float) -> Attendance:
        self._forget(now_s)
        said = list(self._here.values())
        return Attendance(
            following=sum(each.following for each in said),
            roaming=sum(each.roaming for each in said),
            projectors=sum(each.projectors for each in said),
            presenters=sum(len(each.windows) for each in said),
            people=tuple(person for each in said for person in each.people)[:MOST_PEOPLE],
        )

    def _forget(self, now_s: float) -> None:
        for process in [each for each, heard_s in self._heard_s.items() if now_s - heard_s > GONE_AFTER_S]:
            del self._here[process], self._heard_s[process]
        self._seen_s = {each: seen_s for each, seen_s in self._seen_s.items() if now_s - seen_s < GONE_AFTER_S}
