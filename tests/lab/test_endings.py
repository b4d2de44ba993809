"""How runs end: what both kernels say of TIME-WAIT, and what the programs have really heard."""

import time
from typing import Any

import pytest

from layersviz.core.frame import States, Timer, Timers
from layersviz.core.host import Hosts, Side
from layersviz.core.order import Deed, Fault, FrameKind, Order
from layersviz.core.tcp_state import TcpState
from layersviz.lab.afterwards import Afterwards
from layersviz.lab.orders import Reports
from layersviz.lab.run import Run
from layersviz.lab.socket_states import Look, SocketStates
from tests.lab.asked import more
from tests.lab.lab_child import LabChild, Report
from tests.lab.test_lab_parts import CLIENT, SERVER

TIME_WAIT_MS = 60_000  # TCP_TIMEWAIT_LEN in include/net/tcp.h, no setting


def ending_of(reports: list[Report]) -> Report:
    (ending,) = [report for report in reports if report["kind"] == "ending"]
    assert reports.index(ending) == len(reports) - 2
    return ending


def heard_of(reports: list[Report]) -> dict[tuple[str, str], Report]:
    return {(heard["side"], heard["transport"]): heard for heard in ending_of(reports)["heard"]}


@pytest.mark.lab
@pytest.mark.parametrize(
    ("scene", "waiting"),
    [("handshake", {"server"}), ("close", {"client"}), ("simultaneous-close", {"client", "server"})],
)
@pytest.mark.parametrize("ipv6", [False, True], ids=["IPv4", "IPv6"])
def test_who_waits_in_time_wait_and_how_long_is_said_by_its_own_kernel(
    lab: LabChild, scene: str, waiting: set[str], ipv6: bool
) -> None:
    began_ns = time.time_ns()
    look = ending_of(lab.play(1, scene=scene, ipv6=ipv6))["look"]
    assert {side for side, state in look["states"].items() if state == "TIME-WAIT"} == waiting
    assert {side for side, timer in look["timers"].items() if timer is not None} == waiting
    assert began_ns < look["at_ns"] < time.time_ns()
    run_ms = (look["at_ns"] - began_ns) / 1e6
    for side in waiting:
        assert look["timers"][side]["what"] == "time-wait"
        assert TIME_WAIT_MS - run_ms - 10 <= look["timers"][side]["left_ms"] <= TIME_WAIT_MS


@pytest.mark.lab
@pytest.mark.parametrize(
    ("scene", "who", "call", "error", "words"),
    [
        ("refused", ("client", "tcp"), "connect()", "ECONNREFUSED", "Connection refused"),
        ("reset", ("server", "tcp"), "recv()", "ECONNRESET", "Connection reset by peer"),
        ("udp-closed-port", ("client", "udp"), "recv()", "ECONNREFUSED", "Connection refused"),
    ],
)
def test_a_program_says_itself_which_error_it_was_given(
    lab: LabChild, scene: str, who: tuple[str, str], call: str, error: str, words: str
) -> None:
    heard = heard_of(lab.play(1, scene=scene))[who]
    assert (heard["call"], heard["error"], heard["words"]) == (call, error, words)
    assert not heard["ended"]


@pytest.mark.lab
def test_a_program_that_nobody_answers_says_how_long_it_has_waited(lab: LabChild) -> None:
    lost = Fault(deed=Deed.LOSE, sender=Side.SERVER, frame=FrameKind.DATAGRAM)
    heard = heard_of(lab.play(1, scene="udp-echo", **more(Order(faults=(lost,)))))["client", "udp"]
    assert (heard["octets"], heard["reads"], heard["error"]) == (0, 0, "")
    assert heard["waited_ms"] >= 1_900


@pytest.mark.lab
def test_what_was_read_is_told_read_by_read(lab: LabChild) -> None:
    reports = lab.play(1, scene="side-by-side")
    heard = heard_of(reports)
    tcp, udp = heard["server", "tcp"], heard["server", "udp"]
    assert "".join(read["text"] for read in tcp["first"]) == "Message 1 of 3Message 2 of 3Message 3 of 3"
    assert (tcp["octets"], tcp["ended"], tcp["waited_ms"]) == (42, True, None)
    assert [read["text"] for read in udp["first"]] == ["Message 2 of 3", "Message 3 of 3"]
    assert (udp["octets"], udp["reads"], udp["ended"]) == (28, 2, False)
    assert ending_of(reports)["look"]["states"] == {"client": "TIME-WAIT", "server": "CLOSED"}


@pytest.mark.lab
def test_of_datagrams_no_kernel_has_a_connection_to_tell_of(lab: LabChild) -> None:
    assert ending_of(lab.play(1, scene="udp-echo"))["look"] is None


class Said(SocketStates):
    """Kernels that say what the test has them say, and count how often they are asked."""

    def __init__(self, *looks: Look) -> None:
        self.looks = list(looks)

    def look(self) -> Look:
        return self.looks.pop(0)


class Heard(Reports):
    """What would be told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []

    def tell(self, kind: str, **values: Any) -> None:
        self.told.append((kind, values))


def waits(left_ms: int) -> Look:
    timer = Timer(what="time-wait", left_ms=left_ms)
    return Look(states=States(client=TcpState.CLOSED, server=TcpState.TIME_WAIT), timers=Timers(server=timer))


GONE = Look(states=States(client=TcpState.CLOSED, server=TcpState.CLOSED), timers=Timers())
LATER_S = time.monotonic() + 1e6


def over(*looks: Look) -> tuple[Afterwards, Heard]:
    heard = Heard()
    afterwards = Afterwards(heard)
    run = Run(1, Hosts(client=CLIENT, server=SERVER), (), expected=looks[-1].states, begins_at=0.0, longest_s=5.0)
    afterwards.begin(run, Said(*looks))
    return afterwards, heard


def test_the_kernel_is_asked_again_until_it_has_let_the_connection_go() -> None:
    afterwards, heard = over(waits(60_000), waits(45_000), waits(0), GONE)
    for _each in range(3):
        afterwards.ask(LATER_S)
    assert [kind for kind, _values in heard.told] == ["ending", "waiting", "waiting"]
    assert [values["look"]["states"]["server"] for _kind, values in heard.told] == ["TIME-WAIT", "TIME-WAIT", "CLOSED"]
    assert afterwards.wakes_at is None


def test_it_is_not_asked_before_it_is_time_nor_when_another_run_is_on() -> None:
    afterwards, heard = over(waits(60_000))
    assert afterwards.wakes_at is not None
    afterwards.ask(afterwards.wakes_at - 1)
    afterwards.end()
    afterwards.ask(LATER_S)
    assert [kind for kind, _values in heard.told] == ["ending"]


def test_where_nobody_waits_nothing_is_asked_any_more() -> None:
    assert over(GONE)[0].wakes_at is None
