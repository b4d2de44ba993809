"""What a process counts of itself, as plain numbers: added to where it happens, read by whoever wants to know.

Knows nothing of who reads it, of time and of Prometheus. These numbers are the only values here that change.
"""

from bisect import bisect_left
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Measure:
    """A number, or one for each value of its `label`."""

    name: str
    means: str
    label: str = ""
    values: dict[str, float] = field(default_factory=dict)

    def add(self, amount: float = 1, *, of: str = "") -> None:
        self.values[of] = self.values.get(of, 0) + amount

    def __post_init__(self) -> None:
        if not self.label:
            self.values.setdefault("", 0)


class Count(Measure):
    """Only ever grows."""


class Level(Measure):
    """Grows and falls."""

    def be(self, value: float) -> None:
        self.values[""] = value


@dataclass(slots=True, kw_only=True)
class Spread:
    """How often a measured value was at most so large; `counts` has one more than `bounds`, for those beyond all."""

    name: str
    means: str
    bounds: tuple[float, ...]
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


viewers = Level(name="layersviz_viewers", means="Websockets that are open, by what they may do.", label="role")
rooms_looked_at = Level(name="layersviz_rooms_looked_at", means="Rooms that somebody looks at by this process.")
rooms_owned = Level(name="layersviz_rooms_owned", means="Rooms whose owner is this process.")
messages_sent = Count(name="layersviz_messages_sent", means="Messages that were put into viewers' outboxes.")
viewers_stale = Count(name="layersviz_viewers_stale", means="How often a viewer fell behind its window.")
closings = Count(name="layersviz_closings", means="Websockets that the server closed, by code.", label="code")
telling_seconds = Spread(
    name="layersviz_telling_seconds",
    means="How long it took to dissect a frame, to tell its journey, and to send that to the web processes.",
    bounds=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5),
)
child_starts = Count(name="layersviz_child_starts", means="Child processes that were started.", label="child")
child_deaths = Count(name="layersviz_child_deaths", means="Child processes that ended unasked.", label="child")
uploads = Count(name="layersviz_uploads", means="Captures that somebody sent, by how it ended.", label="outcome")

MEASURES: tuple[Count | Level | Spread, ...] = (
    *(viewers, rooms_looked_at, rooms_owned, messages_sent, viewers_stale, closings),
    *(telling_seconds, child_starts, child_deaths, uploads),
)
