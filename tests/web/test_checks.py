import json
import sys

import pytest

from layersviz.core.host import Hosts
from layersviz.web.checks import LabCheck


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
