"""The short cut for segments that were to come says and remembers the same as all the rules."""

from pathlib import Path
from random import Random

import pytest

from layersviz.core.tcp_analysis import TcpStream
from layersviz.core.tcp_memory import TcpEnd
from layersviz.core.tcp_segment import TcpSegment
from layersviz.files import open_capture
from layersviz.survey.survey import Survey
from tests.survey.segments import CLIENT, HANDSHAKE, SERVER, Sent, plain
from tests.survey.test_index import FILES

Way = tuple[int, TcpSegment]


class Careful(TcpStream):
    """Asks all rules of every segment."""

    def go_on(self, *_numbers: int) -> bool:
        return False


def remembered(stream: TcpStream) -> list[object]:
    ends = [getattr(end, name) for end in stream.ends for name in TcpEnd.__slots__]
    return [*ends, stream.completeness, stream.initial_rtt_ns, stream.is_begun]


def assert_same(run: list[Way]) -> None:
    """Each segment is told as without the short cut, and leaves the same behind."""
    quick, careful = TcpStream(0), Careful(0)
    for direction, segment in run:
        assert quick.describe(direction, segment) == careful.describe(direction, segment)
        assert remembered(quick) == remembered(careful)


def of_chance(chance: Random) -> list[Way]:
    """Both ends speak as they like: mostly on, sometimes again, ahead, or with a window that is full or closed."""
    run = [(sent.side, plain(sent)) for sent in HANDSHAKE]
    at, ms = [1, 1], 30.0
    for _each in range(60):
        side = chance.choice((CLIENT, SERVER))
        length = chance.choice((0, 0, 1, 4, 100, 500))
        begin = max(0, at[side] + chance.choice((0, 0, 0, 0, 0, -1, -100, 100)))
        heard = max(0, at[1 - side] + chance.choice((0, 0, 0, 0, -100, 1, 500)))
        window = chance.choice((1000, 1000, 1000, 25, 125, 0, 1))
        ms += chance.choice((0.01, 1, 30, 400))
        flags = chance.choice(("A", "A", "A", "A", "PA", "FA", "SA", "S", "RA", ""))
        run.append((side, plain(Sent(side, flags, begin, heard, length, window, ms))))
        at[side] = max(at[side], begin + length + (flags == "FA"))
    return run


@pytest.mark.parametrize("seed", range(60))
def test_a_run_of_chance_is_the_same_with_and_without_the_short_cut(seed: int) -> None:
    chance = Random(seed)
    for _each in range(5):
        assert_same(of_chance(chance))


@pytest.mark.skipif(not FILES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_others_captures_are_the_same_with_and_without_the_short_cut(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surveyed() -> list[object]:
        survey = Survey()
        with open_capture(path) as capture:
            return [(each.analysis, each.completeness()) for each in map(survey.feed, capture)]

    quick = surveyed()
    monkeypatch.setattr(TcpStream, "go_on", Careful.go_on)
    assert surveyed() == quick


def test_most_segments_of_plain_traffic_take_the_short_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    go_on = TcpStream.go_on

    def counted(self: TcpStream, *numbers: int) -> bool:
        taken.append(go_on(self, *numbers))
        return taken[-1]

    monkeypatch.setattr(TcpStream, "go_on", counted)
    stream = TcpStream(0)
    run = [*HANDSHAKE]
    for place in range(50):
        run.append(Sent(SERVER, "A", 1 + 100 * place, 1, 100, ms=30 + place))
        run.append(Sent(CLIENT, "A", 1, 101 + 100 * place, ms=30.5 + place))
    assert [stream.follow(sent.side, plain(sent)) for sent in run] == [0] * len(run)
    assert sum(taken) == 100
