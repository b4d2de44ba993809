"""Captures as octets, made of the project's own runs."""

import io
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

from asgiref.sync import async_to_sync, sync_to_async

from layersviz.core.packet import Packet
from layersviz.files import PcapngWriter
from layersviz.recordings.models import Recording
from layersviz.recordings.uploading import Kept, Step, take
from tests.recorded import recorded_run

RUN = "handshake-cold"
ARP_OCTETS = 42


def octets_of_run(name: str = RUN) -> list[bytes]:
    return [frame.octets for frame in recorded_run(name).frames]


def pcapng(frames: Iterable[bytes], *, link_type: int = 1, first_ns: int = 1_700_000_000_000_000_000) -> bytes:
    """Frames a millisecond apart."""
    file = io.BytesIO()
    writer = PcapngWriter(cast("BinaryIO", file))
    for number, octets in enumerate(frames, start=1):
        time_ns = first_ns + number * 1_000_000
        writer.write(Packet(number=number, octets=octets, length=len(octets), time_ns=time_ns, link_type=link_type))
    return file.getvalue()


def pcap(frames: Iterable[bytes], *, link_type: int = 1) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, link_type)
    records = [
        struct.pack("<IIII", number, 0, len(octets), len(octets)) + octets for number, octets in enumerate(frames)
    ]
    return head + b"".join(records)


def pcap_at(times: Iterable[tuple[int, int]], frames: Iterable[bytes]) -> bytes:
    """Frames at their seconds and nanoseconds."""
    head = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1)
    return head + b"".join(
        struct.pack("<IIII", *time, len(octets), len(octets)) + octets
        for time, octets in zip(times, frames, strict=False)
    )


def pcapng_without_times(frames: Iterable[bytes]) -> bytes:
    file = io.BytesIO()
    writer = PcapngWriter(cast("BinaryIO", file))
    for number, octets in enumerate(frames, start=1):
        writer.write(Packet(number=number, octets=octets, length=len(octets), time_ns=None))
    return file.getvalue()


def download(frames: int) -> list[bytes]:
    """One TCP connection of so many frames: a handshake, then data and acknowledgments."""
    from scapy.layers.inet import IP, TCP
    from scapy.layers.l2 import Ether

    there = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="192.0.2.1", dst="192.0.2.2")
    back = Ether(src="02:00:00:00:00:02", dst="02:00:00:00:00:01") / IP(src="192.0.2.2", dst="192.0.2.1")
    out, home = {"sport": 40_000, "dport": 8080}, {"sport": 8080, "dport": 40_000}
    made = [
        there / TCP(**out, flags="S", seq=1000),
        back / TCP(**home, flags="SA", seq=5000, ack=1001),
        there / TCP(**out, flags="A", seq=1001, ack=5001),
    ]
    for place in range((frames - len(made) + 1) // 2):
        made.append(back / TCP(**home, flags="PA", seq=5001 + 10 * place, ack=1001) / bytes(10))
        made.append(there / TCP(**out, flags="A", seq=1001, ack=5011 + 10 * place))
    return [bytes(each) for each in made[:frames]]


def kept_capture(folder: Path, octets: bytes, name: str = "lesson.pcapng") -> Recording:
    """The recording that an upload of these octets becomes."""
    source = folder / "arrived"
    source.write_bytes(octets)

    async def last() -> Step:
        return [step async for step in take(source, name, 1 << 24, sync_to_async)][-1]

    step = async_to_sync(last)()
    assert isinstance(step, Kept), step
    return Recording.objects.get(pk=step.recording)
