"""The lab's own lists of sockets against what `ss` says of the same moment, and what binding a port needs."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.lab_child import LabChild, Report, skip_unless_ready

pytestmark = pytest.mark.lab

LISTENER = {"protocol": "TCP", "local_ip": "10.0.0.2", "local_port": 80, "state": "LISTEN"}


@pytest.fixture
def lab() -> Iterator[LabChild]:
    with LabChild() as child:
        skip_unless_ready(child.report())
        yield child


def sockets_of(lab: LabChild) -> Report:
    lab.say('{"kind": "sockets"}')
    return lab.reports_until("sockets")[-1]


def tried(lab: LabChild, port: int, *, right: str) -> Report:
    lab.say(f'{{"kind": "bind", "port": {port}, "right": {right}}}')
    return lab.report()


def held_run(lab: LabChild) -> Report:
    """A run whose SYN is lost is on for a second: its two programs have their sockets meanwhile."""
    lab.order(1, scene="lost-syn")
    while not lab.report().get("lost"):
        pass
    return sockets_of(lab)


def test_between_runs_nobody_listens(lab: LabChild) -> None:
    told = sockets_of(lab)
    assert told["rows"] == []
    assert told["untold"] == []


def test_while_a_run_is_on_the_server_listens_and_the_client_waits_for_it(lab: LabChild) -> None:
    rows = held_run(lab)["rows"]
    server = [row for row in rows if row["host"] == "server"]
    client = [row for row in rows if row["host"] == "client"]
    assert [LISTENER | row for row in server] == server
    assert [(row["local_port"], row["remote_ip"], row["remote_port"], row["state"]) for row in client] == [
        (35310, "10.0.0.2", 80, "SYN-SENT")
    ]
    assert {row["pid"] for row in rows} == {lab.process.pid}
    assert {row["user"] for row in rows} == {"root"}
    assert {row["command"] for row in rows} == {comm_of(lab.process.pid)}


def comm_of(pid: int) -> str:
    with open(f"/proc/{pid}/comm", encoding="utf-8") as file:  # noqa: PTH123 - a file that has no size
        return file.read().strip()


def test_what_closed_first_is_in_time_wait_has_no_process_and_says_how_long(lab: LabChild) -> None:
    lab.play(1)
    (row,) = sockets_of(lab)["rows"]
    assert (row["host"], row["state"], row["command"], row["pid"]) == ("server", "TIME-WAIT", "", 0)
    assert 0 < row["expires_ms"] <= 60_000


def test_ipv6_and_udp_are_listed_as_well(lab: LabChild) -> None:
    run = {"kind": "run", "run": 1, "cold": False, "scene": "udp-echo-ipv6"}
    lab.say(f'{json.dumps(run)}\n{{"kind": "sockets"}}')  # read at once: the run has begun, and no frame is sent yet
    rows = lab.reports_until("sockets")[-1]["rows"]
    assert {(row["host"], row["family"], row["protocol"], row["local_ip"], row["local_port"]) for row in rows} == {
        ("client", "IPv6", "UDP", "fd00::3", 35310),
        ("server", "IPv6", "UDP", "fd00::2", 80),
    }
    assert {(row["state"], row["remote_ip"]) for row in rows} == {("", "")}


@pytest.mark.skipif(shutil.which("ss") is None or shutil.which("nsenter") is None, reason="ss and nsenter are not here")
def test_the_command_that_the_page_shows_lists_the_same_sockets(lab: LabChild) -> None:
    told = held_run(lab)
    for side in ("client", "server"):
        ours = {
            (row["protocol"].lower(), f"{row['local_ip']}:{row['local_port']}", row["pid"])
            for row in told["rows"]
            if row["host"] == side
        }
        assert ours == said_by_ss(lab.process.pid, told[f"{side}_namespace"])


def said_by_ss(pid: int, namespace: int) -> set[tuple[str, str, int]]:
    """Protocol, local end and process of each socket there."""
    command = ["nsenter", "-t", str(pid), "--user", f"--net=/proc/{pid}/fd/{namespace}", "--preserve-credentials"]
    output = subprocess.run([*command, "ss", "-Hntuap"], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in output.splitlines()]
    return {(row[0], row[4], int(row[6].partition("pid=")[2].partition(",")[0])) for row in rows}


# --- binding ----------------------------------------------------------------------------------------------------------


def test_without_the_right_the_kernel_denies_a_privileged_port_and_gives_any_other(lab: LabChild) -> None:
    first_free = sockets_of(lab)["unprivileged_from"]
    assert first_free == 1024
    denied: dict[str, Any] = {"kind": "bound", "port": 80, "right": False, "number": 13, "error": os.strerror(13)}
    assert tried(lab, 80, right="false") == denied
    assert tried(lab, first_free - 1, right="false")["number"] == 13
    assert tried(lab, first_free, right="false")["number"] == 0


def test_with_the_right_it_gives_a_privileged_port_too_even_after_a_try_without(lab: LabChild) -> None:
    assert tried(lab, 80, right="false")["number"] == 13
    assert tried(lab, 80, right="true") == {"kind": "bound", "port": 80, "right": True, "number": 0, "error": ""}
    assert lab.play(1)[-1]["problem"] == ""


def test_a_port_that_a_program_has_is_in_use(lab: LabChild) -> None:
    held_run(lab)
    assert tried(lab, 80, right="true")["error"] == os.strerror(98)
    assert lab.reports_until("run_ended")[-1]["problem"] == ""


@pytest.mark.parametrize("port", ["0", "65536", "-1", "true", '"80"', "80.5"])
def test_what_is_no_port_is_refused(lab: LabChild, port: str) -> None:
    lab.say(f'{{"kind": "bind", "port": {port}, "right": false}}')
    assert lab.report()["kind"] == "refused"
    assert lab.play(1)[-1]["problem"] == ""
