"""The long run finds what it looks for, and finds it again."""

from random import Random

import pytest

from tests.fuzz import __main__ as fuzz
from tests.fuzz.changes import changed
from tests.fuzz.targets import Target, targets

SAMPLES = (b"Hello World", bytes(100))


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path):
    monkeypatch.setattr(fuzz, "KEPT", tmp_path)
    return tmp_path


def test_the_same_seed_makes_the_same_changes():
    assert [changed(Random(number), SAMPLES) for number in range(50)] == [
        changed(Random(number), SAMPLES) for number in range(50)
    ]
    assert len({changed(Random(number), SAMPLES) for number in range(50)}) > 40


def test_an_input_that_raises_is_kept_and_ends_the_run(kept, capsys):
    def read(octets):
        if octets not in SAMPLES and len(octets) % 7 == 3:
            raise KeyError(len(octets))

    seen = fuzz.run(Target(name="bad", samples=SAMPLES, read=read), 1000, 1)
    (path,) = kept.iterdir()
    assert seen.failed
    assert seen.inputs < 1000
    assert len(path.read_bytes()) % 7 == 3
    assert "KeyError" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("limit", "value", "words"), [("SLOWEST_S", 0.0, "It took 0.0"), ("LARGEST_BYTES", -1, "It took")]
)
def test_an_input_that_takes_too_much_ends_the_run(monkeypatch, capsys, limit, value, words):
    monkeypatch.setattr(fuzz, limit, value)
    assert fuzz.run(Target(name="slow", samples=SAMPLES, read=len), 5, 1).failed
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_a_short_run_finds_nothing(target, kept):
    seen = fuzz.run(target, 300, 2)
    assert (seen.inputs, seen.failed, list(kept.iterdir())) == (300, False, [])
