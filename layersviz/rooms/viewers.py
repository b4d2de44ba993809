"""Who looks at a room by one web process, and what they are sent: the same text to all who read the same language.

Knows nothing of the room's owner. Times are seconds of any one clock, `now_ms` is the server's.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator

from layersviz.core import measures
from layersviz.core.said import said
from layersviz.rooms.messages.from_server import CloseCode, Interrupted, ServerMessage
from layersviz.rooms.patience import Patience
from layersviz.rooms.replica import Replica
from layersviz.rooms.tellings import Attended, Counted, Moved, Whole
from layersviz.rooms.tongues import Texts, Tongues, in_all, in_or_else
from layersviz.rooms.viewer import Role, Viewer

SILENT_S = 10.0
"""A browser pings every four seconds: one that has said nothing for so long is not here."""

NO_OWNER = said("The capture worker of this class does not answer: as soon as one does, the class goes on.")


class Viewers:
    """`is_interrupted`: they were told that no owner answers, and have heard of none since."""

    def __init__(
        self, tongues: Tongues, patience: Patience, *, now_ms: Callable[[], float], now_s: Callable[[], float]
    ) -> None:
        self.replica = Replica()
        self.is_interrupted = False
        self._tongues = tongues
        self._patience = patience
        self._now_ms = now_ms
        self._now_s = now_s
        self._viewers: dict[int, Viewer] = {}
        self._joined = 0
        self._for_presenters: dict[type[Attended | Counted], str] = {}

    def __len__(self) -> int:
        return len(self._viewers)

    def __iter__(self) -> Iterator[Viewer]:
        """All as they are now: whoever can't be sent to may leave meanwhile."""
        return iter(list(self._viewers.values()))

    # --- coming and going ---------------------------------------------------------------------------------------------

    def join(self, role: Role, *, window: str, language: str, person: str) -> Viewer:
        """A new viewer; the snapshot is its first message, where there is one."""
        self._joined += 1
        language = language if language in self._tongues else next(iter(self._tongues))
        window = window or secrets.token_hex(6)
        viewer = Viewer(self._joined, role, window=window, language=language, person=person)
        viewer.heard_s = self._now_s()
        self._viewers[viewer.number] = viewer
        if self.replica.has(viewer.language):
            self._send_snapshot(viewer)
        if self.is_interrupted:
            self.say(viewer, Interrupted(sentence=NO_OWNER))
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.pop(viewer.number, None)
        self._patience.end(viewer)

    def find(self, number: int) -> Viewer | None:
        return self._viewers.get(number)

    def heard_of_late(self) -> list[Viewer]:
        """Whose browser has spoken: a line that died says nothing, and the system notices it much later."""
        since_s = self._now_s() - SILENT_S
        return [viewer for viewer in self._viewers.values() if viewer.heard_s >= since_s]

    def lack_a_language(self) -> bool:
        return any(not self.replica.has(viewer.language) for viewer in self.heard_of_late())

    def dismiss(self, code: CloseCode, reason: str) -> None:
        for viewer in self:
            viewer.dismiss(code, reason)

    # --- what all are sent --------------------------------------------------------------------------------------------

    def take_in(self, moved: Moved) -> None:
        """To all who have what came before it."""
        if not self.replica.fold(moved.seq, moved.texts):
            return
        for viewer in self:
            has_it = self.replica.has(viewer.language)
            if has_it and viewer.offer_delta(moved.texts[viewer.language], moved.seq):
                self._patience.begin(viewer)
        measures.messages_sent.add(len(self._viewers))

    def begin(self, whole: Whole) -> None:
        """What somebody else asked for, or what we have already, changes nothing."""
        is_older = self.replica.seq is not None and whole.seq < self.replica.seq
        is_old = self.replica.seq == whole.seq and not self.is_interrupted
        new = {language for language in whole.texts if not (is_old and self.replica.has(language))}
        if is_older or not new:
            return
        self.replica.begin(whole.seq, whole.texts)
        self.is_interrupted = False
        for viewer in self:
            if viewer.language in new:
                self._send_snapshot(viewer)

    def interrupt(self) -> None:
        """Once: until an owner answers."""
        if not self.is_interrupted:
            self.is_interrupted = True
            self.pass_on(in_all(self._tongues, Interrupted(sentence=NO_OWNER)), self)

    def send_snapshots_due(self) -> None:
        for viewer in self:
            self.send_snapshot_if_due(viewer)

    # --- what some are sent -------------------------------------------------------------------------------------------

    def pass_on(self, texts: Texts, viewers: Iterable[Viewer]) -> None:
        for viewer in viewers:
            viewer.offer(in_or_else(texts, viewer.language))

    def tell_presenters(self, telling: Attended | Counted) -> None:
        """Now, and those who come later: all that matters of it is the last."""
        self._for_presenters[type(telling)] = telling.text
        for viewer in self:
            if viewer.presents:
                viewer.offer(telling.text)

    def say(self, viewer: Viewer, message: ServerMessage) -> None:
        viewer.offer(self._tongues[viewer.language].encode(message).decode())

    def send_snapshot_if_due(self, viewer: Viewer) -> None:
        if viewer.is_due_snapshot(self._now_s()) and self.replica.has(viewer.language):
            self._send_snapshot(viewer)

    def _send_snapshot(self, viewer: Viewer) -> None:
        assert self.replica.seq is not None
        self._patience.end(viewer)
        snapshot = self.replica.snapshot(viewer.language, self._now_ms())
        viewer.offer_snapshot(snapshot, self.replica.seq, self._now_s())
        for text in self._for_presenters.values() if viewer.presents else ():
            viewer.offer(text)
