"""What a class may be asked, over more than a hundred runs of the real lab: the right answer is what the kernels did
and counted, what the octets say and what tshark reads, and no wrong one is."""

import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

import pytest

from layersviz.core.host import Side
from layersviz.core.layer import Layer
from layersviz.core.order import Deed, FrameKind, Order, Place
from layersviz.core.predict import Asked, QuestionKind
from tests.core.asked import ACCEPTED, Question, Told
from tests.core.by_tshark import by_tshark, expected
from tests.core.test_predict import the_answer
from tests.lab.asked import asked_of, befallen, came_otherwise
from tests.lab.lab_child import LabChild, Report, skip_unless_ready
from tests.lab.test_faults_on_the_wire import CLIENT, SERVER, one, played, watching
from tests.lab.test_story_of_faults import told

pytestmark = pytest.mark.lab

RUNS = 100
LABS, FIRST_PORT, PORTS_FOR_ONE = 8, 35_310, 200
BITS_OF_EACH_PLACE = 7
ENDINGS = ("handshake", "close", "simultaneous-close", "half-close", "reset")
PLAIN = ((*ENDINGS, "refused", "udp-echo", "udp-closed-port"), 5)
COUNTED_BY = {
    Layer.NETWORK: {
        *("IpInHdrErrors", "IpInAddrErrors", "IpInUnknownProtos"),
        *("Ip6InHdrErrors", "Ip6InAddrErrors", "Ip6InUnknownProtos", "Ip6InTruncatedPkts", "Ip6InNoRoutes"),
    },
    Layer.TRANSPORT: {
        *("TcpInErrs", "TcpInCsumErrors", "UdpInErrors", "UdpInCsumErrors", "Udp6InErrors", "Udp6InCsumErrors"),
        *("TcpOutRsts", "UdpNoPorts", "Udp6NoPorts"),
    },
}
"""RFC 4293, RFC 4022, RFC 4113: what each layer counts of what it takes no further."""


@dataclass(frozen=True, slots=True)
class RealRun:
    """`listed`: the states of its sockets when it was over, by a list that was asked of each kernel then.

    `asked`: every question that can be asked in it.
    """

    order: Order
    reports: list[Report]
    told: Told
    listed: dict[Side, str]
    asked: list[Question]

    @property
    def damaged(self) -> int:
        """The number of the frame with a wrong bit; 0 where there is none."""
        return next((each.number for each in self.told.journeys if each.flipped_bit is not None), 0)

    def refusing_layer(self, sender: Side) -> str:
        """By the counters of the kernel of the other side."""
        if any(report.get("at_card") for report in self.reports):
            return str(Layer.LINK.label)
        grown = set(self.reports[-2]["counted"][sender.other])
        return next((str(layer.label) for layer, names in COUNTED_BY.items() if names & grown), ACCEPTED)

    def time_waiting(self) -> str:
        waiting = tuple(side.value for side, state in self.listed.items() if state == "TIME-WAIT")
        return {(): "Nobody", ("client",): "The client", ("server",): "The server"}.get(waiting, "Both")


@pytest.fixture(scope="module")
def runs() -> list[RealRun]:
    """Several labs play at once; no two of them use the same ports, so that all frames may lie in one file."""
    orders = [*damaging_orders(), *plain_orders()]
    with ThreadPoolExecutor(max_workers=LABS) as labs:
        first_ports = range(FIRST_PORT, FIRST_PORT + LABS * PORTS_FOR_ONE, PORTS_FOR_ONE)
        done = list(labs.map(_play_in_a_row, [orders[share::LABS] for share in range(LABS)], first_ports))
    return [_told(*each) for some in done for each in some]


def damaging_orders() -> Iterator[Order]:
    """One wrong bit, anywhere in each place, of the client's and of the server's frames."""
    chance = Random(5)
    for place, ipv6, _time in product(Place, (False, True), range(BITS_OF_EACH_PLACE)):
        bit, sender = chance.randrange(320), chance.choice((CLIENT, SERVER))
        where = {"place": place, "bit": bit, "ipv6": ipv6}
        yield one(Deed.CORRUPT, sender, FrameKind.DATA, **where)
        yield one(Deed.CORRUPT, CLIENT, FrameKind.DATAGRAM, scene="udp-lost", **where)


def plain_orders() -> Iterator[Order]:
    scenes, times = PLAIN
    for scene, ipv6, number in product(scenes, (False, True), range(times)):
        yield Order(scene=scene, ipv6=ipv6, cold=number == 1)


def _play_in_a_row(orders: list[Order], first_port: int) -> list[tuple[Order, list[Report], Report]]:
    with watching(first_port) as lab:
        skip_unless_ready(lab.report())
        return [(order, *_play(lab, number, order)) for number, order in enumerate(orders, start=1)]


def _play(lab: LabChild, number: int, order: Order) -> tuple[list[Report], Report]:
    reports = played(lab, number, order)
    lab.say('{"kind": "sockets"}')
    return reports, lab.reports_until("sockets")[-1]


def _told(order: Order, reports: list[Report], sockets: Report) -> RealRun:
    run, journeys = told(reports, order)
    port = reports[0]["client_port"]
    listed = {
        Side(row["host"]): row["state"] for row in sockets["rows"] if port in (row["local_port"], row["remote_port"])
    }
    told_run = Told(str(order), run.frames, tuple(journeys))
    return RealRun(order, reports, told_run, listed, list(told_run.asked(seed=port)))


def truth(run: RealRun, frame: int, kind: QuestionKind) -> str:
    if kind is QuestionKind.TIME_WAIT:
        return run.time_waiting()
    if kind is QuestionKind.LAYER and run.damaged in (0, frame):
        return run.refusing_layer(Side(run.told.frames[frame - 1].sender))
    return the_answer(run.told, frame, kind)


def answering(asked: Asked, answer: str) -> list[int]:
    """The choices that say so."""
    return [index for index, choice in enumerate(asked.choices) if choice == answer]


def test_each_right_answer_is_what_the_kernels_did_and_no_other_choice_is(runs: list[RealRun]) -> None:
    asked_in: Counter[QuestionKind] = Counter()
    for run in runs:
        kinds = set()
        for frame, step, kind, asked in run.asked:
            assert answering(asked, truth(run, frame, kind)) == [asked.right], (run.order, frame, step, asked)
            kinds.add(kind)
        asked_in.update(kinds)
    assert min(asked_in[kind] for kind in QuestionKind) >= RUNS


def test_of_each_damaged_frame_it_is_asked_which_layer_refuses_it(runs: list[RealRun]) -> None:
    asked_of_damaged: Counter[str] = Counter()
    for run in (each for each in runs if each.damaged):
        assert befallen(asked_of(run.order), run.reports)[2] == []
        assert came_otherwise(run.reports) == ""
        (asked,) = [each[-1] for each in run.asked if (each[0], each[2]) == (run.damaged, QuestionKind.LAYER)]
        asked_of_damaged[asked.choices[asked.right]] += 1
    assert asked_of_damaged.total() >= RUNS
    assert set(asked_of_damaged) == {*(layer.label for layer in (Layer.LINK, Layer.NETWORK, Layer.TRANSPORT)), ACCEPTED}


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: nobody else is asked")
def test_tshark_reads_the_same_answers_in_the_same_frames(runs: list[RealRun], tmp_path: Path) -> None:
    asked_in: Counter[QuestionKind] = Counter()
    for run, frames in zip(runs, by_tshark(tmp_path, [run.told for run in runs]), strict=True):
        kinds = set()
        for frame, step, kind, asked in run.asked:
            if theirs := expected(run.told, frames, frame, kind):
                assert answering(asked, theirs) == [asked.right], (run.order, frame, step, asked)
                kinds.add(kind)
        asked_in.update(kinds)
    answered = set(QuestionKind) - {QuestionKind.TIME_WAIT, QuestionKind.LAYER}
    assert min(asked_in[kind] for kind in answered) >= RUNS
