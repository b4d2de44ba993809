"""The conversations of a capture: who spoke with whom over TCP, UDP or ICMP, how much, and how it went.

Knows nothing of how a frame is read: it is given a protocol, a key of addresses and ports, and TCP's segment.
"""

from ipaddress import ip_address

import msgspec

from layersviz.core.tcp_analysis import TcpStream
from layersviz.core.tcp_ends import TcpEnds
from layersviz.core.tcp_findings import NAMES
from layersviz.core.tcp_segment import TcpSegment
from layersviz.core.tcp_streams import TcpStreams, reverse

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
PROTOCOL_NAMES = {ICMP: "ICMP", TCP: "TCP", UDP: "UDP", ICMPV6: "ICMPv6"}
_PORTS_OCTETS = 4


class ConversationEnd(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One end: its address, its port where there are ports, what it sent, and its TCP state where it is known."""

    address: str
    port: int | None = None
    frames: int
    bytes: int
    state: str | None = None


class Conversation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One conversation; `first` is the end that spoke first. Times are seconds, `first_time` since 1970.

    For TCP: `stream` as Wireshark numbers it, `completeness` by its bits, how it opened and closed, and how often
    each finding of the analysis was made.
    """

    protocol: str
    first: ConversationEnd
    second: ConversationEnd
    first_frame: int
    first_time: float | None
    duration: float | None
    stream: int | None = None
    opened: str | None = None
    closed: str | None = None
    completeness: int | None = None
    initial_rtt: float | None = None
    findings: dict[str, int] = {}


class Tally(msgspec.Struct):
    """One conversation while it is counted: frames and bytes of each direction, when, and TCP's memory."""

    key: bytes
    protocol: int
    first_frame: int
    first_ns: int | None
    last_ns: int | None
    stream: TcpStream | None = None
    ends: TcpEnds | None = None
    frames_there: int = 0
    bytes_there: int = 0
    frames_back: int = 0
    bytes_back: int = 0
    findings: dict[int, int] = {}

    def count(self, direction: int, length: int, time_ns: int | None) -> None:
        """One frame more."""
        if direction:
            self.frames_back += 1
            self.bytes_back += length
        else:
            self.frames_there += 1
            self.bytes_there += length
        if time_ns is not None:
            if self.last_ns is None or time_ns > self.last_ns:
                self.last_ns = time_ns
            if self.first_ns is None:
                self.first_ns = time_ns


class Tallies:
    """All conversations of a capture, counted frame by frame."""

    def __init__(self) -> None:
        self._streams = TcpStreams()
        self._tcp: list[Tally] = []
        self._by_key: dict[tuple[int, bytes], tuple[Tally, int]] = {}
        self._all: list[Tally] = []

    def add_segment(self, key: bytes, segment: TcpSegment, number: int, length: int, time_ns: int | None) -> None:
        """One TCP segment. `key` is the source's address, the destination's, and both ports, as octets."""
        stream, direction, findings = self._streams.find(key, segment)
        if stream.number == len(self._tcp):
            tally = Tally(key, TCP, number, time_ns, time_ns, stream, TcpEnds(segment))
            self._tcp.append(tally)
            self._all.append(tally)
        else:
            tally = self._tcp[stream.number]
        tally.count(direction, length, time_ns)
        findings = stream.follow(direction, segment, findings)
        if findings:
            tally.findings[findings] = tally.findings.get(findings, 0) + 1
        ends = tally.ends
        if ends is not None and (not ends.is_settled or segment.flags & 7):
            ends.follow(direction, segment)

    def add_quoted(self, key: bytes, segment: TcpSegment, number: int, time_ns: int | None) -> None:
        """A segment that an ICMP error quotes: no frame of its conversation, but it counts for what was seen."""
        stream, direction, _ = self._streams.find(key, segment)
        if stream.number == len(self._tcp):
            tally = Tally(key, TCP, number, time_ns, time_ns, stream, TcpEnds(segment))
            self._tcp.append(tally)
            self._all.append(tally)
        stream.glance(direction, segment)

    def add_datagram(self, protocol: int, key: bytes, number: int, length: int, time_ns: int | None) -> None:
        """One UDP or ICMP packet. An ICMP conversation's key ends in four octets of zero."""
        found = self._by_key.get((protocol, key))
        if found is None:
            tally = Tally(key, protocol, number, time_ns, time_ns)
            self._all.append(tally)
            self._by_key[protocol, reverse(key)] = tally, 1
            found = self._by_key[protocol, key] = tally, 0
        found[0].count(found[1], length, time_ns)

    def conversations(self) -> list[Conversation]:
        """Those that began first come first."""
        return [_finished(tally) for tally in self._all]


def _finished(tally: Tally) -> Conversation:
    half = (len(tally.key) - _PORTS_OCTETS) // 2
    ports = (int.from_bytes(tally.key[-4:-2]), int.from_bytes(tally.key[-2:]))
    states = (None, None) if tally.ends is None else tally.ends.states
    has_ports = tally.protocol in (TCP, UDP)
    first = ConversationEnd(
        address=_address(tally.key[:half]),
        port=ports[0] if has_ports else None,
        frames=tally.frames_there,
        bytes=tally.bytes_there,
        state=states[0],
    )
    second = ConversationEnd(
        address=_address(tally.key[half : 2 * half]),
        port=ports[1] if has_ports else None,
        frames=tally.frames_back,
        bytes=tally.bytes_back,
        state=states[1],
    )
    plain = Conversation(
        protocol=PROTOCOL_NAMES.get(tally.protocol, str(tally.protocol)),
        first=first,
        second=second,
        first_frame=tally.first_frame,
        first_time=_seconds(tally.first_ns),
        duration=None if tally.first_ns is None or tally.last_ns is None else _seconds(tally.last_ns - tally.first_ns),
    )
    return plain if tally.stream is None or tally.ends is None else _with_tcp(plain, tally.stream, tally.ends, tally)


def _with_tcp(plain: Conversation, stream: TcpStream, ends: TcpEnds, tally: Tally) -> Conversation:
    return msgspec.structs.replace(
        plain,
        stream=stream.number,
        opened=ends.opening().value,
        closed=ends.closing().value,
        completeness=stream.completeness | stream.parts_of_first,
        initial_rtt=_seconds(stream.initial_rtt_ns),
        findings=_by_name(tally.findings),
    )


def _by_name(counts: dict[int, int]) -> dict[str, int]:
    """How many segments each finding was made of, out of how many had which findings together."""
    totals = {name: sum(count for bits, count in counts.items() if bits & bit) for bit, name in NAMES.items()}
    return {name: total for name, total in totals.items() if total}


def _address(octets: bytes) -> str:
    return str(ip_address(octets)) if len(octets) in (4, 16) else octets.hex()


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1_000_000_000
