"""What every room of a capture worker is made with: the way to its viewers, its lab, and what is kept of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from layersviz.capture.events import Event, Replayed
from layersviz.capture.stage import Keep, Tell
from layersviz.capture.worker import CaptureWorker
from layersviz.core.host import Hosts
from layersviz.rooms.bus import ChannelLayer
from layersviz.rooms.clock import server_ms
from layersviz.rooms.questions import NotedAnswers
from layersviz.rooms.tongues import Tongues


class RecordingGoneError(Exception):
    """It isn't there, it can't be read, or it is none of this class's."""


Replay = Callable[[Replayed, int], Awaitable[Sequence[Event]]]
"""A recording's events, under that number of a run; raises RecordingGoneError."""

Show = Callable[[str, Replayed, int], Awaitable[Sequence[Event]]]
"""The same for the class of that code, which may see it from now on; gone is also what its presenter may not show."""

Save = Callable[[str, int, str], Awaitable[bool]]
"""Write down the state of the class of that code in its owner's term; False where another worker owns it by now."""

NoteAnswers = Callable[[str, Sequence[NotedAnswers]], Awaitable[None]]
"""Write down what the class of that code was asked, and has answered; the same once more changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """One in each worker."""

    layer: ChannelLayer
    hosts: Hosts
    tongues: Tongues
    make_worker: Callable[[Tell, Keep], CaptureWorker]
    keep: Callable[[str], Keep]
    replay: Replay
    show: Show
    save: Save
    note_answers: NoteAnswers
    now_ms: Callable[[], float] = server_ms
