"""Whatever is told: a journey with at least one step, that adds up, can be sent, and claims nothing that it is not."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layersviz.core.frame import Frame
from layersviz.core.header import ChecksumStatus, Dissection
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.journey import Half, Journey, Mark
from layersviz.core.packet import LinkType, Packet
from layersviz.core.played_run import Source
from layersviz.core.said import encoder
from layersviz.core.story import Story
from layersviz.core.tcp_ends import Opening
from layersviz.core.tcp_reading import network_header
from layersviz.dissect import dissect
from layersviz.files import open_capture
from tests.core.foreign import hosts, wire
from tests.dissect.octets import ethernet, ipv4, ipv6, tcp
from tests.dissect.test_any_octets import LINK_TYPES, SAMPLES

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures"
FILES = sorted(each for each in CAPTURES.glob("*") if ".pcap" in each.name)
MOST_SECONDS = 1.0
LONGEST_ARROW = 40
MOST_CHARACTERS = 5_000
MOST_SHOWN = 120
OPENINGS = st.sampled_from([None, *Opening])


def check(frame: Frame, dissection: Dissection, journey: Journey) -> None:
    """What every journey promises."""
    assert journey.steps
    encoder().encode(journey)
    assert all(step.sentence and step.title for step in journey.steps)
    assert len(journey.arrow) <= LONGEST_ARROW
    pieces = [part for part in wire(journey).parts if part.label not in ("Preamble+SFD", "FCS")]
    assert sum(part.octets for part in pieces) == frame.wire_octets
    is_computed = {part.label for part in wire(journey).parts if part.computed}
    assert is_computed == ({"Preamble+SFD", "FCS"} if journey.fcs else is_computed & {"not captured"})
    for row in journey.rows:
        assert "\n" not in row.info
    check_marks(dissection, journey)


def check_marks(dissection: Dissection, journey: Journey) -> None:
    """A checksum that is shown as right is right."""
    statuses = {each.checksum.status for each in dissection.headers if each.checksum is not None and not each.quoted}
    for step in journey.steps:
        for line in step.lines:
            if step.half is Half.UP and line.label.lower().endswith("checksum"):
                assert (line.mark is Mark.GOOD) == ("right" in line.text)
                assert line.mark is not Mark.GOOD or ChecksumStatus.GOOD in statuses
                assert line.mark is not Mark.BAD or ChecksumStatus.BAD in statuses


def tell(story: Story, frame: Frame) -> Journey:
    dissection = dissect(frame.octets, frame.link_type, frame.wire_octets)
    started = time.process_time()
    journey = story.tell(frame, dissection)
    assert time.process_time() - started < MOST_SECONDS
    check(frame, dissection, journey)
    return journey


FRAMES = st.builds(
    Frame,
    number=st.just(1),
    time_ns=st.integers(0, 2**40),
    sender=st.sampled_from(Side),
    octets=st.binary(max_size=200),
    link_type=LINK_TYPES,
    length=st.integers(0, 300),
    lost=st.booleans(),
)
CHANGES = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4)
DAMAGED = st.tuples(st.sampled_from(SAMPLES), CHANGES, st.integers(0, 60), st.booleans(), st.sampled_from(Side))


@given(st.lists(FRAMES, max_size=4), st.sampled_from(Source), OPENINGS)
def test_any_octets_on_any_link_make_a_journey(frames: list[Frame], source: Source, opening: Opening | None) -> None:
    story = Story(hosts=hosts(), source=source, opening=opening)
    for frame in frames:
        tell(story, frame)


@given(st.lists(DAMAGED, min_size=1, max_size=6), st.sampled_from(Source), OPENINGS)
def test_any_damage_to_real_packets_in_any_order_makes_journeys(
    damaged: list[tuple[bytes, list[tuple[int, int]], int, bool, Side]], source: Source, opening: Opening | None
) -> None:
    story = Story(hosts=hosts(), source=source, opening=opening)
    for number, (sample, changes, missing, is_cut, sender) in enumerate(damaged, start=1):
        octets = bytearray(sample)
        for at, value in changes:
            octets[at % len(octets)] = value
        kept = bytes(octets[: len(octets) - missing % len(octets)])
        length = len(octets) if is_cut else 0
        frame = Frame(number=number, time_ns=number, sender=sender, octets=kept, length=length)
        tell(story, frame)


@pytest.mark.parametrize(
    ("octets", "link_type"),
    [
        (ethernet(0x8100, bytes.fromhex("00058100") * 16_000), LinkType.ETHERNET),
        (ipv6(0, bytes(65_528)), LinkType.IPV6),
        (ipv4(4, ipv4(4, b"")[:20] * 3000), LinkType.IPV4),
        (ipv4(6, tcp(b"\0\x0c" + bytes(12) * 4000, ports=(53, 53))), LinkType.IPV4),
        (ipv4(6, tcp(b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + b"b" * 4_000 + b"\r\n\r\n")), LinkType.IPV4),
        (ipv4(6, tcp(b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 12_000 + b"\r\n"))[:65_535], LinkType.IPV4),
    ],
)
def test_the_largest_packets_are_told_in_less_than_a_second(octets: bytes, link_type: int) -> None:
    frame = Frame(number=1, time_ns=0, sender=Side.CLIENT, octets=octets, link_type=link_type)
    journey = tell(Story(hosts=hosts(), source=Source.FILE), frame)
    assert sum(len(step.sentence) for step in journey.steps) < MOST_CHARACTERS
    assert all(len(line.text) < MOST_CHARACTERS for step in journey.steps for line in step.lines)
    assert max(len(step.lines) + len(step.parts) for step in journey.steps) < MOST_SHOWN


def addresses(dissection: Dissection) -> tuple[str, str]:
    """The sender and the receiver, by IP, ARP or MAC, with their ports."""
    network, arp = network_header(dissection), dissection.header("ARP") or dissection.header("RARP")
    transport = dissection.header("TCP") or dissection.header("UDP")
    ends = ("", "")
    if network is not None:
        name = "ip" if network.protocol == "IPv4" else "ipv6"
        ends = network.text(f"{name}.src"), network.text(f"{name}.dst")
    elif arp is not None:
        ends = arp.text("arp.src.proto_ipv4"), arp.text("arp.dst.proto_ipv4")
    if transport is None:
        return ends
    name = transport.protocol.lower()
    one, other = transport.number(f"{name}.srcport"), transport.number(f"{name}.dstport")
    return f"{ends[0]} {name} {one}", f"{ends[1]} {name} {other}"


class Conversations:
    """A story for each pair of ends, in the order of the capture."""

    def __init__(self) -> None:
        self._stories: dict[frozenset[str], tuple[str, Story]] = {}

    def tell(self, packet: Packet) -> Journey:
        dissection = dissect(packet.octets, packet.link_type, packet.length)
        sender, receiver = addresses(dissection)
        key = frozenset((sender, receiver))
        if key not in self._stories:
            ends = [
                Host(side=side, ip=text.split(" ")[0], mac="", port=0)
                for side, text in ((Side.CLIENT, sender), (Side.SERVER, receiver))
            ]
            story = Story(hosts=Hosts(client=ends[0], server=ends[1]), source=Source.FILE)
            self._stories[key] = sender, story
        first, story = self._stories[key]
        frame = Frame(
            number=packet.number,
            time_ns=packet.time_ns or 0,
            sender=Side.CLIENT if sender == first else Side.SERVER,
            octets=packet.octets,
            link_type=packet.link_type,
            length=packet.length,
        )
        return tell(story, frame)


@pytest.mark.skipif(not FILES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("capture", FILES, ids=lambda file: file.name)
def test_every_frame_of_captures_by_others_is_told(capture: Path) -> None:
    conversations = Conversations()
    with capture.open("rb") as file:
        for packet in open_capture(file):
            journey = conversations.tell(packet)
            assert "Hello World" not in " ".join(step.sentence for step in journey.steps)
            assert (journey.fcs != "") <= (packet.link_type == LinkType.ETHERNET)
