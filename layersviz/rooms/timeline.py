"""Where a run's steps lie on the story's clock, and which of them an instant or a press means.

Reads only the times of a journey. Knows nothing of the server's clock.
"""

from bisect import bisect_left

from layersviz.core.journey import Journey, Step


class Timeline:
    """All steps of a run so far, in order."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._first_of_frame: list[int] = []
        self.latest_frame = 0

    @property
    def end_ms(self) -> float:
        return self._steps[-1].end_ms if self._steps else 0.0

    def add(self, journey: Journey) -> bool:
        """Add a frame's steps behind the rest; False where the frame is there already."""
        if journey.number <= self.latest_frame:
            return False
        self.latest_frame = journey.number
        self._first_of_frame.append(len(self._steps))
        self._steps.extend(journey.steps)
        return True

    def step_after(self, instant_ms: float) -> tuple[float, float] | None:
        """From where to where "next step" glides; None at the last step."""
        return self._glide_into(self._passing(instant_ms) + 1)

    def frame_after(self, instant_ms: float) -> tuple[float, float] | None:
        """The same for "next frame": into its first step."""
        passing = self._passing(instant_ms)
        return next((self._glide_into(first) for first in self._first_of_frame if first > passing), None)

    def step_before(self, instant_ms: float) -> float:
        """The rest of the previous step; at the first step its own."""
        return self._rest_at_or_before(self._passing(instant_ms) - 1, instant_ms)

    def frame_before(self, instant_ms: float) -> float:
        """The rest of this frame's first step; where it is there already, of the previous frame's."""
        passing = self._passing(instant_ms)
        return self._rest_at_or_before(
            next((first for first in reversed(self._first_of_frame) if first < passing), 0), instant_ms
        )

    def _passing(self, instant_ms: float) -> int:
        """The step that the instant is in; -1 before the first. Where one step ends and the next begins it is the
        former, since nothing of the latter has been seen yet."""
        return bisect_left(self._steps, instant_ms, key=lambda step: step.start_ms) - 1

    def _glide_into(self, index: int) -> tuple[float, float] | None:
        if index >= len(self._steps):
            return None
        return self._steps[index].start_ms, self._steps[index].rest_ms

    def _rest_at_or_before(self, index: int, instant_ms: float) -> float:
        """Never later than the instant: a step back does not go forward."""
        return min(self._steps[max(index, 0)].rest_ms, instant_ms) if self._steps else 0.0
