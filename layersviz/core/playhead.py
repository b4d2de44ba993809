"""Which run, which instant, moving or not, how fast: the whole shared state of a class, one small value.

Knows nothing of clocks: the server's time in milliseconds is an argument. static/js/core/motion.js mirrors
`instant_at`.
"""

from dataclasses import dataclass, replace

SLOWEST, FASTEST = 0.25, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Playhead:
    """An instant on the story's clock that held at a moment of the server's, and how it moves from there.

    `instant_ms` held at `at_ms` (milliseconds since 1970, server). While `playing` it grows by `rate` story
    milliseconds a millisecond, until it rests at `until_ms` (the next step's rest, or the story's end).
    """

    run: int = 0
    instant_ms: float = 0.0
    at_ms: float = 0.0
    rate: float = 1.0
    playing: bool = False
    until_ms: float = 0.0

    def instant_at(self, now_ms: float) -> float:
        """The story instant at that server time."""
        if not self.playing:
            return self.instant_ms
        return min(self.instant_ms + max(0.0, now_ms - self.at_ms) * self.rate, self.until_ms)

    def play(self, now_ms: float, until_ms: float) -> "Playhead":
        """Move on from here; from the start again where the end was reached."""
        here = self.instant_at(now_ms)
        return replace(
            self, instant_ms=0.0 if here >= until_ms else here, at_ms=now_ms, playing=True, until_ms=until_ms
        )

    def pause(self, now_ms: float) -> "Playhead":
        return replace(self, instant_ms=self.instant_at(now_ms), at_ms=now_ms, playing=False)

    def seek(self, instant_ms: float, now_ms: float) -> "Playhead":
        """Rest at that instant."""
        return replace(self, instant_ms=instant_ms, at_ms=now_ms, playing=False)

    def glide(self, from_ms: float, until_ms: float, now_ms: float) -> "Playhead":
        """Move from one instant to another and rest there: what a press on "next step" does."""
        return replace(self, instant_ms=from_ms, at_ms=now_ms, playing=True, until_ms=until_ms)

    def at_rate(self, rate: float, now_ms: float) -> "Playhead":
        """The same movement from here on at another rate, kept between 0.25 and 4."""
        rate = min(max(rate, SLOWEST), FASTEST)
        return replace(self, instant_ms=self.instant_at(now_ms), at_ms=now_ms, rate=rate)
