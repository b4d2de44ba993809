"""The numbers of a room's deltas: each is the next one, whichever part of the room has moved."""


class Numbers:
    """`last` is the number of the last delta. A later owner begins higher than an earlier one ever came."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def next(self) -> int:
        self.last += 1
        return self.last
