"""The story of real faults: the layer that refuses is the one whose kernel has counted it, nothing that is told of a
state disagrees with the kernel, and a run is told again as it was told when it was played."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from layersviz.capture import lab_lines
from layersviz.core.ending import Ending
from layersviz.core.frame import Frame
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.journey import Half, Journey, Mark
from layersviz.core.layer import Layer
from layersviz.core.order import Deed, FrameKind, Order, Place
from layersviz.core.played_run import PlayedRun, Source
from layersviz.core.story import Story
from layersviz.dissect import dissect_both
from layersviz.recordings.retelling import retell
from tests.lab.asked import more
from tests.lab.frames import frames_of
from tests.lab.lab_child import SETTINGS, LabChild, Report, skip_unless_ready
from tests.lab.test_faults_on_the_wire import CLIENT, DEEDS, LABS, SERVER, one, played, watching

pytestmark = pytest.mark.lab

COUNTED_BY = {
    "IpInHdrErrors": Layer.NETWORK,
    "Ip6InHdrErrors": Layer.NETWORK,
    "TcpInCsumErrors": Layer.TRANSPORT,
    "UdpInCsumErrors": Layer.TRANSPORT,
    "Udp6InCsumErrors": Layer.TRANSPORT,
}


@pytest.fixture
def watched() -> Iterator[LabChild]:
    with watching() as child:
        skip_unless_ready(child.report())
        yield child


def told(reports: list[Report], order: Order) -> tuple[PlayedRun, list[Journey]]:
    """As a stage tells it, line by line; a run that was refused is skipped."""
    lines = [lab_lines.read_line(json.dumps(each).encode()) for each in reports if each["kind"] != "watched"]
    if isinstance(lines[-1], lab_lines.Refused):
        pytest.skip(lines[-1].sentence)
    started = next(line for line in lines if isinstance(line, lab_lines.RunStarted))
    hosts = Hosts(
        client=_host(Side.CLIENT, started.client_ip, started.client_port),
        server=_host(Side.SERVER, started.server_ip, started.server_port),
    )
    story, frames, journeys = Story(hosts=hosts, order=order, clocks=started.clocks), [], []
    for line in lines:
        match line:
            case lab_lines.FrameTaken():
                frame = _frame(0, line)
                story.take(frame, dissect_both(frame)[0])
            case lab_lines.FrameCarried():
                frames.append(_frame(len(frames) + 1, line))
                journeys.append(story.tell(frames[-1], *dissect_both(frames[-1])))
    (ended,) = [line for line in lines if isinstance(line, lab_lines.Ended)]
    run = PlayedRun(
        hosts=hosts,
        frames=tuple(frames),
        source=Source.LAB,
        order=order,
        clocks=started.clocks,
        problem="",
        ending=Ending(look=ended.look, heard=ended.heard),
    )
    return run, journeys


def _host(side: Side, ip: str, port: int) -> Host:
    own = SETTINGS[side.value]
    return Host(side=side, ip=ip or own["ip"], mac=own["mac"], port=port or own["port"])


def _frame(number: int, line: Any) -> Frame:
    values = {name: getattr(line, name) for name in line.__struct_fields__ if name not in ("said", "run", "octets")}
    return Frame(number=number, octets=bytes.fromhex(line.octets), **values)


@pytest.mark.parametrize("ipv6", [False, True])
@pytest.mark.parametrize("scene", ["handshake", "udp-lost"])
def test_the_layer_that_refuses_is_the_one_whose_kernel_has_counted_it(
    watched: LabChild, scene: str, *, ipv6: bool
) -> None:
    kind = FrameKind.DATA if scene == "handshake" else FrameKind.DATAGRAM
    for run, place in enumerate(Place, start=1):
        order = one(Deed.CORRUPT, CLIENT, kind, place=place, scene=scene, ipv6=ipv6)
        reports = played(watched, run, order)
        _, journeys = told(reports, order)
        (damaged,) = [journey for journey in journeys if journey.flipped_bit is not None]
        grown = {layer for name, layer in COUNTED_BY.items() if reports[-2]["counted"]["server"].get(name)}
        assert {damaged.refused_at} == (grown or {Layer.LINK}), place


def test_hop_limit_of_ipv6_is_covered_by_nothing_and_the_kernel_takes_the_packet(watched: LabChild) -> None:
    order = one(Deed.CORRUPT, CLIENT, FrameKind.DATA, place=Place.IP, bit=60, ipv6=True)
    reports = played(watched, 1, order)
    _, journeys = told(reports, order)
    (damaged,) = [journey for journey in journeys if journey.flipped_bit is not None]
    assert damaged.refused_at is None
    assert any("(ipv6.hlim)" in step.sentence for step in damaged.steps)
    assert any("nobody notices" in step.sentence for step in damaged.steps)
    assert not set(COUNTED_BY) & set(reports[-2]["counted"]["server"])
    assert not any(journey.repeats for journey in journeys)


MORE = {
    "a held SYN": one(Deed.HOLD, CLIENT, FrameKind.SYN),
    "a FIN twice": one(Deed.DUPLICATE, SERVER, FrameKind.FIN),
    "an answer behind its FIN": one(Deed.SWAP, SERVER, FrameKind.DATA),
    "crossing SYNs": Order(scene="simultaneous-open"),
    "crossing FINs": Order(scene="simultaneous-close"),
    "two protocols": Order(scene="side-by-side"),
    "a slower client": Order(client_delay_ms=60),
    "a slower server": Order(server_delay_ms=60, scene="large"),
}


def test_what_is_told_agrees_with_the_kernels_and_is_told_again_as_it_was() -> None:
    def try_some(share: int) -> list[str]:
        orders = list((DEEDS | MORE).items())[share::LABS]
        with watching(35_310 + 100 * share) as lab:
            skip_unless_ready(lab.report())
            runs = [told(played(lab, run, order), order) for run, (_name, order) in enumerate(orders, start=1)]
        return [
            f"{name}: {sentence}"
            for (name, _order), each in zip(orders, runs, strict=True)
            for sentence in disagreements(*each)
        ]

    with ThreadPoolExecutor(max_workers=LABS) as labs:
        assert [sentence for some in labs.map(try_some, range(LABS)) for sentence in some] == []


def disagreements(run: PlayedRun, journeys: list[Journey]) -> Iterator[str]:
    for journey, again in zip(journeys, retell(run), strict=True):
        if journey != again and not _port_was_closed(again):
            yield f"frame {journey.number} is told otherwise again"
        for step in journey.steps:
            yield from (line.text for line in step.lines if line.key == "State" and line.mark is Mark.BAD)
    at = (0, 0)
    for journey in journeys:
        if not _left_before_another_came(journey):
            for step in journey.steps:
                at = yield from _no_way_back(at, journey, step.states)


def _left_before_another_came(journey: Journey) -> bool:
    """What crosses another is told as its sender was when it left, behind that other."""
    return any("the two cross" in step.sentence for step in journey.steps)


ORDER = ("LISTEN", "CLOSED", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "CLOSE-WAIT", "FIN-WAIT-2",
         "CLOSING", "LAST-ACK", "TIME-WAIT")  # fmt: skip


def _no_way_back(at: tuple[int, int], journey: Journey, states: Any) -> Iterator[str]:
    if states is None:
        return at
    now = tuple(ORDER.index(states.at(side)) for side in Side)
    if any(one < before and one > 1 for one, before in zip(now, at, strict=True)):
        yield f"frame {journey.number} takes a state back: {states}"
    return now


def _port_was_closed(journey: Journey) -> bool:
    """What only a later frame tells, a run that is being played cannot know yet."""
    return any(re.search("Nobody has port .* reports it by ICMP|ICMP", step.sentence) for step in journey.steps) and (
        not journey.headers or any(header.protocol in ("UDP", "ICMP", "ICMPv6") for header in journey.headers)
    )


def test_a_held_syn_is_the_first_although_it_leaves_last(watched: LabChild) -> None:
    order = MORE["a held SYN"]
    watched.order(1, **more(order))
    reports = watched.reports_until("held")
    reports += watched.reports_until("frame")
    while frames_of(reports)[-1].name != "SYN":
        reports += watched.reports_until("frame")
    watched.let_go(1)
    reports += watched.reports_until("run_ended")
    run, journeys = told(reports, order)
    held = next(journey for journey in journeys if journey.deed == "hold")
    again = next(journey for journey in journeys if journey.name == "SYN again")
    assert (held.findings, held.name, again.number < held.number) == ((), "SYN", True)
    assert held.time_us < again.time_us < (held.arrived_us or 0)
    (wait,) = again.waits
    assert wait.was_ms == pytest.approx(wait.predicted_ms, abs=200)
    assert f"frame {again.number} (SYN again)" in next(step.sentence for step in held.steps if step.half is Half.WIRE)
    assert retell(run) == tuple(journeys)
