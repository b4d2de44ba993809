import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from layersviz.core.host import Hosts
from layersviz.web.checks import LabCheck, LiveCheck


def answering(*lines: dict[str, str]) -> list[str]:
    """A child that says these lines and no more."""
    code = f"import sys; sys.stdout.write({''.join(json.dumps(line) + chr(10) for line in lines)!r}); sys.argv[1]"
    return [sys.executable, "-c", code]


def test_a_lab_that_comes_up_is_worth_no_word(hosts: Hosts) -> None:
    assert LabCheck(hosts, wanted=True, command=answering({"kind": "ready", "kernel": "6.18"}))(None) == []


def test_a_lab_that_is_impossible_is_a_warning_with_its_remedy(hosts: Hosts) -> None:
    said = {"kind": "impossible", "sentence": "The kernel forbids it.", "remedy": "Ask the kernel."}
    (found,) = LabCheck(hosts, wanted=True, command=answering(said))(None)
    assert (found.id, found.msg, found.hint) == (
        "layersviz.W001",
        "Handshakes are simulated. The kernel forbids it.",
        "Ask the kernel.",
    )
    assert not found.is_serious()


@pytest.mark.parametrize("command", [answering(), answering({"kind": "gibberish"}), ["/nonexistent/python"]])
def test_a_lab_that_does_not_answer_is_an_error(hosts: Hosts, command: list[str]) -> None:
    (found,) = LabCheck(hosts, wanted=True, command=command)(None)
    assert found.id == "layersviz.E001"
    assert found.is_serious()


def test_a_lab_that_is_not_wanted_is_not_asked(hosts: Hosts) -> None:
    assert LabCheck(hosts, wanted=False, command=["/nonexistent/python"])(None) == []


def test_the_real_lab_answers_one_way_or_the_other(hosts: Hosts) -> None:
    assert [found.id for found in LabCheck(hosts, wanted=True)(None)] in ([], ["layersviz.W001"])


@pytest.fixture
def python(tmp_path: Path) -> Callable[[str], str]:
    """Makes what stands for a Python: it says one line, whatever it is told to run."""

    def make(line: str) -> str:
        program = tmp_path / "python-live"
        program.write_text(f"#!/bin/sh\necho '{line}'\n")
        program.chmod(0o700)
        return str(program)

    return make


@pytest.mark.parametrize("kind", ["impossible", "down"])
def test_visitors_that_cannot_be_shown_are_a_warning_with_a_remedy(python: Callable[[str], str], kind: str) -> None:
    said = python(json.dumps({"kind": kind, "sentence": "No right.", "remedy": "make live-rights"}))
    (found,) = LiveCheck("eth0", 8080, ["10.9.0.1"], said)(None)
    assert (found.id, found.msg, found.hint) == (
        "layersviz.W002",
        "Visitors are not shown. No right.",
        "make live-rights",
    )
    assert not found.is_serious()


def test_a_capture_that_works_is_worth_no_word(python: Callable[[str], str]) -> None:
    assert LiveCheck("eth0", 8080, ["10.9.0.1"], python('{"kind":"ready"}'))(None) == []


def test_a_capturing_child_that_does_not_answer_is_an_error() -> None:
    (found,) = LiveCheck("eth0", 8080, ["10.9.0.1"], "/nonexistent/python")(None)
    assert found.id == "layersviz.E002"
    assert found.is_serious()


def test_where_no_interface_is_asked_for_nothing_is_asked() -> None:
    assert LiveCheck("", 8080, [], "/nonexistent/python")(None) == []


def test_the_real_capturing_child_says_what_an_interface_that_is_not_there_lacks() -> None:
    (found,) = LiveCheck("nowhere", 8080, [], sys.executable)(None)
    assert found.msg.startswith("Visitors are not shown. ")
