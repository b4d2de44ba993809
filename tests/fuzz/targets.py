"""What is fuzzed, and the sound octets to begin with."""

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass

from layersviz.core.frame import Frame
from layersviz.core.host import Side
from layersviz.core.packet import Packet
from layersviz.core.played_run import Source
from layersviz.core.said import encoder
from layersviz.core.story import Story
from layersviz.dissect import dissect
from layersviz.files import PcapngWriter, open_capture
from tests.files.parts import enhanced, interface, obsolete, option, pcap, record, section, simple
from tests.fuzz.conversations import captures, index_and_report
from tests.fuzz.frames import sound_frames
from tests.recorded import recorded_run

LINK_TYPE_OCTETS = 2
HOSTS = recorded_run("handshake-warm").hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`read` takes any octets and must not raise; `samples` are sound ones."""

    name: str
    samples: tuple[bytes, ...]
    read: Callable[[bytes], object]


def targets() -> tuple[Target, ...]:
    frames = sound_frames()
    typed = tuple(link_type.to_bytes(LINK_TYPE_OCTETS) + octets for link_type, octets in frames)
    return (
        Target(name="files", samples=_captures([octets for _link_type, octets in frames]), read=_read_and_write),
        Target(name="dissect", samples=typed, read=_dissect),
        Target(name="story", samples=typed, read=_tell),
        Target(name="survey", samples=captures(frames), read=index_and_report),
    )


def _dissect(octets: bytes) -> None:
    """The link type stands before the frame, so that it, too, is changed now and then."""
    dissect(octets[LINK_TYPE_OCTETS:], int.from_bytes(octets[:LINK_TYPE_OCTETS]))


def _tell(octets: bytes) -> None:
    """The frame, the same again, and the same from the other side: each can be told and sent."""
    octets, link_type = octets[LINK_TYPE_OCTETS:], int.from_bytes(octets[:LINK_TYPE_OCTETS])
    dissection = dissect(octets, link_type)
    story = Story(hosts=HOSTS, source=Source.FILE)
    for number, sender in enumerate((Side.CLIENT, Side.CLIENT, Side.SERVER), start=1):
        frame = Frame(number=number, time_ns=number, sender=sender, octets=octets, link_type=link_type)
        encoder().encode(story.tell(frame, dissection))


def _read_and_write(octets: bytes) -> None:
    """Whatever can be read can be written, and what was written is sound."""
    file = io.BytesIO()
    writer = PcapngWriter(file)
    for packet in open_capture(io.BytesIO(octets)):
        writer.write(packet)
    file.seek(0)
    again = open_capture(file)
    for _packet in again:
        pass
    if again.problem:
        raise ValueError(again.problem)


def _captures(frames: list[bytes]) -> tuple[bytes, ...]:
    few = frames[:6]
    big_endian = (
        section(order=">"),
        interface(option(9, b"\x8a", order=">"), order=">"),
        *(
            part(frame, order=">", **told)
            for frame in few
            for part, told in ((enhanced, {"time": 10**9}), (simple, {}))
        ),
        obsolete(few[0], order=">"),
    )
    plain = (
        _written(few),
        b"".join(big_endian),
        pcap(*(record(frame) for frame in few)),
        pcap(*(record(frame, order=">") for frame in few), order=">", magic=0xA1B23C4D, link_type=276),
        pcap(*(record(frame, extra=bytes(8)) for frame in few), magic=0xA1B2CD34),
    )
    return *plain, *(gzip.compress(octets) for octets in plain[:1])


def _written(frames: list[bytes]) -> bytes:
    file = io.BytesIO()
    writer = PcapngWriter(file, comment="Hello World")
    for number, frame in enumerate(frames, start=1):
        packet = Packet(number=number, octets=frame, length=len(frame), time_ns=number, comments=(f"frame {number}",))
        writer.write(packet, lost=number % 2 == 0)
    return file.getvalue()
