"""Segments for tests: a short way to write a TCP run, as plain segments or as packets of a capture."""

import struct
from dataclasses import dataclass

from layersviz.core.packet import LinkType, Packet
from layersviz.core.tcp_analysis import TcpAnalysis
from layersviz.core.tcp_segment import NO_SHIFT, TcpSegment
from layersviz.core.tcp_streams import TcpStreams

CLIENT, SERVER = 0, 1
FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16}
BASES = (1_000_000, 4_294_967_200)
"""Both ends' initial numbers; the server's soon begin again at 0."""

PORTS = (40_000, 9_999)
ADDRESSES = (bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2)))


@dataclass(frozen=True, slots=True)
class Sent:
    """One segment by relative numbers. `ms` is when, since the run began."""

    side: int
    flags: str
    sequence: int = 1
    acknowledgment: int = 1
    length: int = 0
    window: int = 1000
    ms: float = 0
    shift: int = NO_SHIFT


HANDSHAKE = (
    Sent(CLIENT, "S", 0, 0, shift=2),
    Sent(SERVER, "SA", 0, 1, ms=10, shift=3),
    Sent(CLIENT, "A", 1, 1, ms=20),
)
PATIENT_RUN = (
    *HANDSHAKE,
    Sent(CLIENT, "PA", 1, 1, 100, ms=30),
    Sent(SERVER, "A", 1, 101, ms=40),
    Sent(SERVER, "A", 1, 101, 500, ms=41),
    Sent(SERVER, "A", 1001, 101, 500, ms=42),
    Sent(CLIENT, "A", 101, 501, ms=50),
    Sent(CLIENT, "A", 101, 501, ms=51),
    Sent(CLIENT, "A", 101, 501, ms=52),
    Sent(SERVER, "A", 501, 101, 500, ms=53),
    Sent(CLIENT, "A", 101, 1501, ms=60),
    Sent(SERVER, "FA", 1501, 101, ms=70),
    Sent(CLIENT, "FA", 101, 1502, ms=80),
    Sent(SERVER, "A", 1502, 102, ms=90),
)


def analyses(*run: Sent) -> list[TcpAnalysis]:
    """What the analysis says of each segment of a run."""
    streams = TcpStreams()
    found = []
    for sent in run:
        segment = plain(sent)
        stream, direction, findings = streams.find(key(sent), segment)
        found.append(stream.describe(direction, segment, findings))
    return found


def plain(sent: Sent) -> TcpSegment:
    return TcpSegment(
        int(1_000_000_000_000 + sent.ms * 1_000_000),
        (sent.sequence + BASES[sent.side]) % 2**32,
        (sent.acknowledgment + BASES[1 - sent.side]) % 2**32 if "A" in sent.flags else 0,
        sum(FLAGS[flag] for flag in sent.flags),
        sent.window,
        sent.length,
        sent.shift,
    )


def key(sent: Sent) -> bytes:
    here, there = sent.side, 1 - sent.side
    return ADDRESSES[here] + ADDRESSES[there] + struct.pack("!HH", PORTS[here], PORTS[there])


def packets_of(run: tuple[Sent, ...], data: bytes = b"") -> list[Packet]:
    """The run as frames of an Ethernet capture; every segment carries the beginning of `data`, or of dashes."""
    return [packet_of(number, sent, (data or b"-" * 2000)[: sent.length]) for number, sent in enumerate(run, start=1)]


def packet_of(number: int, sent: Sent, data: bytes) -> Packet:
    segment = plain(sent)
    octets = b"\0" * 12 + b"\x08\0" + ipv4(key(sent)[:8], tcp(sent, segment, data))
    return Packet(
        number=number, octets=octets, length=len(octets), time_ns=segment.time_ns, link_type=LinkType.ETHERNET
    )


def tcp(sent: Sent, segment: TcpSegment, data: bytes) -> bytes:
    options = b"" if sent.shift == NO_SHIFT else bytes((3, 3, sent.shift, 1))
    words = (20 + len(options)) // 4
    return (
        key(sent)[-4:]
        + struct.pack("!IIHH", segment.sequence, segment.acknowledgment, words << 12 | segment.flags, segment.window)
        + bytes(4)
        + options
        + data
    )


def ipv4(addresses: bytes, carried: bytes, *, identification: int = 1, fragmentation: int = 0) -> bytes:
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(carried), identification, fragmentation, 64, 6, 0)
    return head + addresses + carried
