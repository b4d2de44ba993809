"""The lab's parts that need no kernel's leave: source ports, what a run owns, what both programs say."""

import gzip
import selectors
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from layersviz.core.exchange import answer_to, request_to
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.order import Order
from layersviz.core.scene_cards import CARDS, Transport
from layersviz.lab.orders import OrderError, PlayRun, read_order
from layersviz.lab.ports import SourcePorts
from layersviz.lab.run import Application, Run
from layersviz.lab.scenes import SCENES
from layersviz.lab.turns import Readiness

CLIENT = Host(side=Side.CLIENT, ip="10.0.0.3", mac="bc:35:db:cf:1b:03", port=35311)
SERVER = Host(side=Side.SERVER, ip="10.0.0.2", mac="bc:f2:b8:57:86:02", port=80)


def run_of(*applications: Application) -> Run:
    return Run(1, Hosts(client=CLIENT, server=SERVER), applications, expected=None, begins_at=0.0, longest_s=5.0)


@pytest.fixture
def run() -> Run:
    return run_of()


def test_a_source_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken, socket.socket() as connection:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert SourcePorts(port).bind(connection, "127.0.0.1") != port


def test_a_first_port_past_the_usual_range_is_used_for_every_run() -> None:
    ports = SourcePorts(65_000)
    for _each in range(2):
        with socket.socket() as connection:
            assert ports.bind(connection, "127.0.0.1") == 65_000


@pytest.mark.parametrize(
    ("ports", "is_owned"), [((35311, 80), True), ((80, 35311), True), ((35310, 80), False), ((80, 35310), False)]
)
def test_a_run_owns_the_segments_of_its_own_ports(run: Run, ports: tuple[int, int], is_owned: bool) -> None:
    packet = bytes([0x45, 0, 0, 40]) + bytes(5) + bytes([6]) + bytes(10)
    assert run.owns(bytes(12) + b"\x08\x00" + packet + struct.pack("!HH", *ports) + bytes(16)) is is_owned


def test_a_run_owns_arp(run: Run) -> None:
    assert run.owns(bytes(12) + b"\x08\x06" + bytes(28))


def test_a_run_over_ipv4_does_not_own_what_a_host_still_asks_over_ipv6_and_the_other_way(run: Run) -> None:
    solicitation = (
        bytes(12) + b"\x86\xdd" + bytes([0x60, 0, 0, 0, 0, 24, 58, 255]) + bytes(32) + bytes([135]) + bytes(23)
    )
    assert not run.owns(solicitation)
    hosts = Hosts(client=replace(CLIENT, ip="fd00::3"), server=replace(SERVER, ip="fd00::2"))
    over_ipv6 = Run(1, hosts, (), expected=None, begins_at=0.0, longest_s=5.0)
    assert over_ipv6.owns(solicitation)
    assert not over_ipv6.owns(bytes(12) + b"\x08\x06" + bytes(28))


def test_one_application_acts_in_a_turn_and_the_other_in_the_next() -> None:
    acted = []

    def script(name: str) -> Iterator[None]:
        acted.append(f"{name} begins")
        yield None
        acted.append(f"{name} goes on")

    with selectors.DefaultSelector() as selector:
        both = [Application(name, script(name), selector) for name in ("server", "client")]
        run = run_of(*both)
        assert run.act((), 0.0)
        assert acted == ["server begins"]
        while run.act((), 0.0):
            pass
    assert acted == ["server begins", "server goes on", "client begins", "client goes on"]
    assert all(application.is_done for application in both)


def test_what_stops_an_application_is_told_in_a_sentence() -> None:
    def script() -> Iterator[None]:
        raise ConnectionRefusedError(111, "Connection refused")
        yield None

    with selectors.DefaultSelector() as selector:
        run = run_of(Application("client", script(), selector))
        assert run.act((), 0.0)
    assert run.problem == "The client could not go on: Connection refused."


class Late:
    """A program that waits for what never comes, on a socket that is never ready; and what it heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._ends = socket.socketpair()
        self._selector = selectors.DefaultSelector()

    def program(self, *, patience_s: float | None = None, gives_up_at: float | None = None) -> Application:
        return Application("client", self._script(patience_s), self._selector, gives_up_at=gives_up_at)

    def _script(self, patience_s: float | None) -> Iterator[Readiness]:
        try:
            yield Readiness(self._ends[0], selectors.EVENT_READ, patience_s)
        except TimeoutError as error:
            self.heard.append(str(error.strerror))
            raise

    def close(self) -> None:
        self._selector.close()
        for end in self._ends:
            end.close()


@pytest.fixture
def late() -> Iterator[Late]:
    with closing(Late()) as late:
        yield late


@pytest.mark.parametrize(
    "patience", [{"patience_s": 2.0}, {"gives_up_at": 2.0}, {"patience_s": 9.0, "gives_up_at": 2.0}]
)
def test_a_program_whose_patience_is_at_an_end_hears_that_it_timed_out(late: Late, patience: dict[str, float]) -> None:
    program = late.program(**patience)
    assert program.act((), 0.0)
    assert program.wakes_at == 2.0
    assert not program.act((), 1.9)
    with pytest.raises(TimeoutError):
        program.act((), 2.0)
    assert program.is_done
    assert late.heard == ["Connection timed out"]


def test_while_the_runs_clock_stands_nobody_loses_patience_and_the_run_has_no_end(late: Late) -> None:
    program = late.program(gives_up_at=2.0)
    run = run_of(program)
    run.act((), 0.0)
    run.let_clock_run(False, 1.0)
    assert not run.act((), 50.0)
    assert not run.is_too_long(50.0)
    assert run.wakes_at is None
    run.let_clock_run(True, 50.0)
    assert (program.wakes_at, run.ends_at) == (51.0, 54.0)
    assert late.heard == []


def test_in_a_disturbed_run_a_program_that_fails_is_no_problem(late: Late) -> None:
    run = Run(
        1,
        Hosts(client=CLIENT, server=SERVER),
        [late.program(gives_up_at=2.0)],
        expected=None,
        begins_at=0.0,
        longest_s=5.0,
        is_disturbed=True,
    )
    assert [run.act((), now_s) for now_s in (0.0, 1.0, 2.0, 3.0)] == [True, False, True, False]
    assert (run.problem, run.has_ended(None)) == ("", True)


def test_the_request_names_the_port_only_where_it_is_not_80() -> None:
    assert b"\r\nHost: 10.0.0.2\r\n" in request_to(SERVER)
    assert b"\r\nHost: 10.0.0.2:6789\r\n" in request_to(Host(side=Side.SERVER, ip="10.0.0.2", mac="", port=6789))


def test_any_path_is_answered_and_gzip_only_where_it_is_accepted() -> None:
    plain = answer_to(b"GET /any/path HTTP/1.1\r\nHost: x\r\n\r\n")
    zipped = answer_to(b"GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n")
    assert plain.endswith(b"\r\n\r\n<HTML><h1>Hello World!</h1></HTML>")
    assert gzip.decompress(zipped.split(b"\r\n\r\n", 1)[1]) == b"<HTML><h1>Hello World!</h1></HTML>"


def test_an_order_is_read() -> None:
    line = b'{"kind":"run","run":3,"cold":true,"scene":"refused"}'
    assert read_order(line) == PlayRun(run=3, order=Order(cold=True, scene="refused"))


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"run","run":true,"cold":false,"scene":"handshake"}',
        b'{"kind":"run","run":1,"cold":1,"scene":"handshake"}',
        b'{"kind":"run","run":1,"cold":false,"scene":["handshake"]}',
        b'{"kind":"run","run":1,"cold":false}',
        b"{}",
    ],
)
def test_an_order_with_a_value_of_the_wrong_type_is_not_read(line: bytes) -> None:
    with pytest.raises(OrderError):
        read_order(line)


def test_pages_know_every_scene_and_no_other() -> None:
    assert set(CARDS) == {scene.removesuffix("-ipv6") for scene in SCENES}
    assert all(slug == card.slug and card.name and card.about.endswith(".") for slug, card in CARDS.items())


def test_a_scenes_card_says_which_transport_it_is_about() -> None:
    for slug, card in CARDS.items():
        scene = SCENES[slug]
        has_udp = socket.SOCK_DGRAM in (scene.transport, scene.then.transport if scene.then else None)
        assert (card.transport is not Transport.TCP) is has_udp
        assert (card.transport is Transport.BOTH) is (scene.then is not None)
