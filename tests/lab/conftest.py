"""A lab for each test that asks for one; skipped with the lab's own reason where the kernel forbids it."""

from collections.abc import Iterator

import pytest

from tests.lab.frames import Seen, frames_of
from tests.lab.lab_child import LabChild, Report, skip_unless_ready


@pytest.fixture
def lab() -> Iterator[LabChild]:
    with LabChild() as child:
        skip_unless_ready(child.report())
        yield child


@pytest.fixture(scope="session")
def three_runs() -> list[list[Report]]:
    """A first run, a second one, and a third with cold caches, on one lab."""
    with LabChild() as child:
        skip_unless_ready(child.report())
        return [child.play(1), child.play(2), child.play(3, cold=True)]


@pytest.fixture(scope="session")
def first_run(three_runs: list[list[Report]]) -> list[Seen]:
    return frames_of(three_runs[0])
