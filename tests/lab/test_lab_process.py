"""How the lab's child process lives and dies, and what it leaves behind: nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lab.frames import frames_of
from tests.lab.lab_child import PATIENCE_S, PROJECT, PYTHON_LAB, SETTINGS, LabChild, skip_unless_ready

pytestmark = pytest.mark.lab

NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


def test_a_second_order_while_a_run_is_on_is_refused(lab: LabChild) -> None:
    lab.say("\n".join(json.dumps({"kind": "run", "run": run, "cold": False, "scene": "handshake"}) for run in (1, 2)))
    reports = lab.reports_until("run_ended")
    (refused,) = [report for report in reports if report["kind"] == "refused"]
    sentence = "A run is already on; wait until it has ended."
    assert refused == {"kind": "refused", "run": 2, "sentence": sentence, "said": {"sentence": [sentence, {}]}}
    assert reports[-1] == {"kind": "run_ended", "run": 1, "problem": ""}
    assert lab.play(3)[-1]["problem"] == ""


@pytest.mark.parametrize(
    "line", ["nonsense", "[1]", '{"kind":"run"}', '{"kind":"fly","run":1}', "[" * 50_000, "\udcff"]
)
def test_a_line_that_nobody_can_read_is_refused_and_the_lab_goes_on(lab: LabChild, line: str) -> None:
    lab.process.stdin.write(line.encode(errors="surrogateescape") + b"\n")
    refused = lab.report()
    assert (refused["kind"], refused["run"]) == ("refused", 0)
    assert refused["sentence"].endswith(".")
    assert lab.play(1)[-1]["problem"] == ""


def test_it_ends_quietly_when_its_input_ends(lab: LabChild) -> None:
    lab.process.stdin.close()
    assert lab.process.wait(PATIENCE_S) == 0
    assert lab.process.stderr.read() == b""


def test_it_ends_quietly_when_nobody_reads_it_any_more(lab: LabChild) -> None:
    lab.process.stdout.close()
    lab.order(1)
    assert lab.process.wait(PATIENCE_S) == 0
    assert lab.process.stderr.read() == b""


def test_it_ends_when_it_is_asked_to(lab: LabChild) -> None:
    lab.process.terminate()
    assert lab.process.wait(PATIENCE_S) == -signal.SIGTERM
    assert lab.process.stderr.read() == b""


def test_no_namespace_is_left_when_it_is_killed(lab: LabChild) -> None:
    own = namespaces_of(lab.process.pid) - namespaces_of(os.getpid())
    assert len(own) == 3
    lab.process.kill()
    lab.process.wait(PATIENCE_S)
    left = {name for process in Path("/proc").glob("[0-9]*") for name in namespaces_of(int(process.name))}
    assert not own & left


def test_it_dies_with_its_parent_even_when_its_input_stays_open() -> None:
    program = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    with LabChild(sys.executable, "-c", program) as parent:
        ready = parent.report()
        skip_unless_ready(ready)
        parent.process.kill()
        assert is_gone_soon(ready["pid"])
        assert not parent.process.stdin.closed


def test_an_ordinary_user_can_have_it() -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: every other test shows it")
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed")
    attempt = [*NOBODY, sys.executable, "-c", "import layersviz"]
    if subprocess.run(attempt, cwd=PROJECT, capture_output=True, check=False).returncode != 0:
        pytest.skip("the user nobody may not read this Python or this project")
    with LabChild(*NOBODY) as child:
        skip_unless_ready(child.report())
        reports = child.play(1)
    assert reports[-1]["problem"] == ""
    assert [frame.name for frame in frames_of(reports)][:5] == ["ARP request", "ARP reply", "SYN", "SYN/ACK", "ACK"]


def test_where_namespaces_are_switched_off_it_says_so_and_ends_with_status_3(lab: LabChild) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    switch_off = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'  # in a user namespace of its own alone
    ended = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", switch_off, "sh", *PYTHON_LAB, json.dumps(SETTINGS)],
        check=False,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    assert json.loads(ended.stdout) == {
        "kind": "impossible",
        "sentence": "User namespaces are switched off on this system (user.max_user_namespaces is 0).",
        "remedy": "sudo sysctl user.max_user_namespaces=15000",
        "said": {
            "sentence": [
                "User namespaces are switched off on this system ({limit} is 0).",
                {"limit": "user.max_user_namespaces"},
            ]
        },
    }
    assert (ended.returncode, ended.stderr) == (3, b"")


def test_an_idle_wire_is_silent() -> None:
    with LabChild(program=(sys.executable, "-m", "tests.lab.idle_lab")) as child:
        skip_unless_ready(child.report())
        assert child.report() == {"kind": "heard", "frames": "[]"}


def test_a_run_that_cannot_end_says_where_it_stood_and_the_next_one_is_whole() -> None:
    with LabChild(program=(sys.executable, "-m", "tests.lab.losing_lab")) as child:
        skip_unless_ready(child.report())
        assert child.play(1, scene="no SYN arrives")[-1]["problem"] == (
            "The run did not end within 0.3 s: the client was SYN-SENT, the server LISTEN."
        )
        reports = child.play(2, scene="no answer arrives")
        assert reports[-1]["problem"] == (
            "The run did not end within 0.3 s: the client was ESTABLISHED, the server FIN-WAIT-1."
        )
        assert "RST" in frames_of(reports)[-1].flags
        third = child.play(3)
        assert third[-1]["problem"] == ""
        assert frames_of(third)[0].states[:2] == ("SYN-SENT", "LISTEN")


def namespaces_of(pid: int) -> set[str]:
    """The network namespaces that a process is in or holds open."""
    found = set()
    for link in (Path(f"/proc/{pid}/ns/net"), *list_safely(Path(f"/proc/{pid}/fd"))):
        try:
            target = str(link.readlink())
        except OSError:  # gone meanwhile, or not ours to look at
            continue
        if target.startswith("net:["):
            found.add(target)
    return found


def list_safely(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def is_gone_soon(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":  # dead; whoever adopted it has not fetched it yet
            return True
        os.sched_yield()
    return False
