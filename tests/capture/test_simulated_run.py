"""A simulated run is a real one but for chance: given a real run's random numbers it has that run's octets."""

from random import Random
from socket import inet_aton

import pytest

from layersviz.capture.simulated_run import EndNumbers, Numbers, draw_numbers, simulate
from layersviz.capture.simulated_source import SimulatedSource
from layersviz.capture.source import FrameSeen, SourceRefused, SourceRunEnded, SourceRunStarted
from layersviz.core.checksum import ones_complement_sum, pseudo_header
from layersviz.core.host import Side
from layersviz.core.order import PLAIN, Deed, Fault, FrameKind, Order
from layersviz.dissect import dissect
from tests.recorded import recorded_run


def numbers_of(frames, side):
    dissections = [dissect(frame.octets) for frame in frames if frame.sender is side]
    segments = [dissection for dissection in dissections if dissection.header("TCP")]
    identifications = [each.header("IPv4").number("ip.id") for each in segments]
    return EndNumbers(
        sequence=segments[0].header("TCP").number("tcp.seq_raw"),
        identification=next(number for number in identifications if number),
        timestamp=segments[0].header("TCP").number("tcp.options.timestamp.tsval"),
    )


def without_the_clock(octets):
    """The kernel's timestamp clock goes on during a run, so timestamps and the checksum over them are left out."""
    tcp = dissect(octets).header("TCP")
    if tcp is None:
        return octets
    blank = bytearray(octets)
    option = tcp.field("tcp.options.timestamp.tsval").bit_offset // 8
    blank[option + 2 : option + 10] = bytes(8)
    blank[tcp.octet_offset + 16 : tcp.octet_offset + 18] = bytes(2)
    return bytes(blank)


@pytest.mark.parametrize(("name", "with_arp"), [("handshake-cold", True), ("handshake-warm", False)])
def test_a_real_runs_numbers_give_the_real_runs_octets_and_states(name, with_arp):
    real = recorded_run(name)
    numbers = Numbers(client=numbers_of(real.frames, Side.CLIENT), server=numbers_of(real.frames, Side.SERVER))
    simulated = list(simulate(real.hosts, numbers, start_ns=0, with_arp=with_arp))
    assert len(simulated) == len(real.frames)
    for ours, theirs in zip(simulated, real.frames, strict=True):
        assert without_the_clock(ours.octets) == without_the_clock(theirs.octets), theirs.number
        assert (ours.sender, ours.taken, ours.delivered) == (theirs.sender, theirs.taken, theirs.delivered)


@pytest.mark.parametrize("seed", range(20))
def test_every_checksum_of_a_simulated_run_is_true(seed):
    hosts = recorded_run("handshake-cold").hosts
    for frame in simulate(hosts, draw_numbers(Random(seed)), start_ns=0, with_arp=False):
        dissection = dissect(frame.octets)
        ip, tcp = dissection.header("IPv4"), dissection.header("TCP")
        assert ones_complement_sum(frame.octets[ip.octet_offset :][: ip.octet_length]) == 0xFFFF
        segment = frame.octets[tcp.octet_offset :]
        pseudo = pseudo_header(inet_aton(ip.text("ip.src")) + inet_aton(ip.text("ip.dst")), 6, len(segment))
        assert ones_complement_sum(pseudo + segment) == 0xFFFF


async def collect(source, runs):
    await source.open()
    for run in runs:
        await source.start_run(run, PLAIN)
    events = []
    async for event in source.events():
        events.append(event)
        if isinstance(event, SourceRunEnded):
            await source.close()
    return events


async def test_a_second_press_while_a_simulated_run_is_on_is_refused():
    events = await collect(SimulatedSource(recorded_run("handshake-cold").hosts), runs=(1, 2))
    assert [event.run for event in events if isinstance(event, SourceRefused)] == [2]
    assert len([event for event in events if isinstance(event, FrameSeen)]) == 12


async def test_each_simulated_run_has_a_fresh_port_and_numbers():
    source = SimulatedSource(recorded_run("handshake-cold").hosts)
    await source.open()
    await source.start_run(1, PLAIN)
    started, sequences = [], []
    async for event in source.events():
        match event:
            case SourceRunStarted(hosts=hosts):
                started.append(hosts.client.port)
            case FrameSeen(frame=frame) if dissect(frame.octets).header("TCP") and frame.sender is Side.CLIENT:
                sequences.append(dissect(frame.octets).header("TCP").number("tcp.seq_raw"))
            case SourceRunEnded(run=1):
                await source.start_run(2, PLAIN)
            case SourceRunEnded(run=2):
                await source.close()
    assert started == [35310, 35311]
    assert sequences[0] not in sequences[4:]


@pytest.mark.parametrize(
    "order",
    [
        *(Order(faults=(Fault(deed=deed, sender=Side.CLIENT, frame=FrameKind.SYN),)) for deed in Deed),
        Order(ipv6=True),
        Order(client_delay_ms=1),
        Order(server_delay_ms=1),
        Order(server_port=6789),
        Order(textbook=True),
    ],
    ids=str,
)
async def test_what_only_the_real_lab_can_do_is_refused_in_one_sentence_and_no_frame_is_computed(order):
    source = SimulatedSource(recorded_run("handshake-cold").hosts)
    await source.open()
    await source.start_run(1, order)
    await source.close()
    told = [event async for event in source.events()]
    assert told[1:] == [
        SourceRefused(run=1, sentence="Here all frames are computed: only the real lab can do what was asked.")
    ]


async def test_another_scene_than_the_handshake_takes_the_real_lab():
    source = SimulatedSource(recorded_run("handshake-cold").hosts)
    await source.open()
    await source.start_run(1, Order(scene="refused"))
    await source.close()
    told = [event async for event in source.events()]
    assert told[1:] == [SourceRefused(run=1, sentence="Only the real lab can play this scene.")]
