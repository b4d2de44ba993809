"""How often one connection may speak: a bucket of tokens that fills by time. The time is an argument."""


class Allowance:
    """`burst` messages at once, and `burst` in every `seconds` after that."""

    def __init__(self, *, burst: int, seconds: float) -> None:
        self._burst = float(burst)
        self._per_second = burst / seconds
        self._left = self._burst
        self._at_s: float | None = None

    def spend(self, now_s: float) -> bool:
        """Take one; False where none is left."""
        passed_s = 0.0 if self._at_s is None else now_s - self._at_s
        self._left = min(self._burst, self._left + passed_s * self._per_second)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True
