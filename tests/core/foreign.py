"""Frames of captures by others, told: single ones octet by octet, and TCP runs from a script."""

from collections.abc import Iterable

from layersviz.core.frame import Frame
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.journey import Half, Journey, Line, Step
from layersviz.core.layer import Layer
from layersviz.core.packet import LinkType
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.core.tcp_ends import Closing, Opening
from layersviz.dissect import dissect
from tests.survey.segments import Sent, packets_of

SIDES = (Side.CLIENT, Side.SERVER)
MACS = ("02:00:00:00:00:01", "02:02:00:00:00:00")


def hosts(*, client: str = "10.0.0.1", server: str = "10.0.0.2", port: int = 9999) -> Hosts:
    return Hosts(
        client=Host(side=Side.CLIENT, ip=client, mac=MACS[0], port=40_000),
        server=Host(side=Side.SERVER, ip=server, mac=MACS[1], port=port),
    )


def told(
    octets: bytes,
    *,
    link_type: int = LinkType.ETHERNET,
    length: int = 0,
    sender: Side = Side.CLIENT,
    source: Source = Source.FILE,
    lost: bool = False,
    between: Hosts | None = None,
) -> Journey:
    """One frame by itself."""
    frame = Frame(number=1, time_ns=0, sender=sender, octets=octets, link_type=link_type, length=length, lost=lost)
    story = Story(hosts=between or hosts(), source=source)
    return story.tell(frame, dissect(octets, link_type, frame.wire_octets))


def frames(run: tuple[Sent, ...], *, lost: Iterable[int] = ()) -> list[Frame]:
    """A run's frames; `lost` are the numbers, from 1, of those that never arrive."""
    return [
        Frame(
            number=packet.number,
            time_ns=packet.time_ns or 0,
            sender=SIDES[sent.side],
            octets=packet.octets,
            lost=packet.number in set(lost),
        )
        for sent, packet in zip(run, packets_of(run), strict=True)
    ]


def play(
    *run: Sent,
    source: Source = Source.FILE,
    lost: Iterable[int] = (),
    opening: Opening | None = None,
    closing: Closing | None = None,
) -> list[Journey]:
    """A whole TCP run."""
    story = Story(hosts=hosts(), source=source, opening=opening, closing=closing)
    return [story.tell(frame, dissect(frame.octets)) for frame in frames(run, lost=lost)]


def stop(journey: Journey, half: Half, layer: Layer) -> Step:
    return next(step for step in journey.steps if (step.half, step.layer) == (half, layer))


def has_stop(journey: Journey, half: Half, layer: Layer) -> bool:
    return any((step.half, step.layer) == (half, layer) for step in journey.steps)


def line(step: Step, label: str) -> Line:
    return next(each for each in step.lines if each.label == label)


def wire(journey: Journey) -> Step:
    return stop(journey, Half.WIRE, Layer.PHYSICAL)


def sentences(journey: Journey) -> str:
    return "\n".join(step.sentence for step in journey.steps)
