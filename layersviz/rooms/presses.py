"""What presenters have pressed and nothing was heard of since. Times are seconds of any one clock."""

LOST_AFTER_S = 1.5
"""An owner says each second that it lives: what was pressed longer ago, and nothing heard since, was lost."""


class UnheardPresses:
    """By the viewers' numbers: of each the first press that is in doubt."""

    def __init__(self) -> None:
        self._pressed_s: dict[int, float] = {}

    def note(self, number: int, now_s: float) -> None:
        self._pressed_s.setdefault(number, now_s)

    def hear(self) -> None:
        """The owner has said something."""
        self._pressed_s.clear()

    def take_lost(self, now_s: float) -> list[int]:
        """Whose press was lost; each is named once."""
        lost = [number for number, at_s in self._pressed_s.items() if now_s - at_s > LOST_AFTER_S]
        for number in lost:
            del self._pressed_s[number]
        return lost
