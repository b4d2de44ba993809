"""One measured figure, with what it should reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`value` and `goal` as they are printed."""

    HEAD: ClassVar[str] = f"{'figure':62} {'measured':>28}   to reach"

    name: str
    value: str
    goal: str

    def row(self) -> str:
        return f"{self.name:62} {self.value:>28}   {self.goal}"


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least `percent` of them do not exceed (nearest rank)."""
    ranked = sorted(samples)
    rank = max(1, -(-len(ranked) * percent // 100))
    return ranked[int(rank) - 1]


def p50_p99(samples: Sequence[float]) -> str:
    return f"{median(samples):.1f} / {percentile(samples, 99):.1f} ms"
