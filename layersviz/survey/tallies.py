"""Counts the conversations of a capture frame by frame.

Knows nothing of how a frame is read: it is given a protocol, a key of addresses and ports, and TCP's segment.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from ipaddress import ip_address
from struct import Struct
from typing import Any

from layersviz.core.packet import Packet
from layersviz.core.tcp_analysis import TcpStream
from layersviz.core.tcp_ends import TcpEnds
from layersviz.core.tcp_findings import NAMES
from layersviz.core.tcp_segment import TcpSegment
from layersviz.core.tcp_streams import TcpStreams, reverse
from layersviz.survey.applications import TRIES, of_datagram, of_stream
from layersviz.survey.conversations import Conversation, ConversationEnd
from layersviz.survey.frame_list import Remembered, in_order, pack, remembered

TCP, UDP, ICMP, ICMPV6, ARP = "TCP", "UDP", "ICMP", "ICMPv6", "ARP"
FLAG_NAMES = ("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR")
"""From the lowest bit on."""

_PORTS_OCTETS, _MAC_OCTETS = 4, 6
_HAVE_PORTS = frozenset({TCP, UDP})
_PORTS = Struct("!HH").unpack_from
_MOST_LOOKED_AT = 2_000
_CONTROL, _SYN_AND_ACK, _SYN = 7, 0x12, 2


class Tally:
    """One conversation while it is counted: frames and bytes of each direction, when, and TCP's memory.

    `frames` is the list of them in packed form, None where nobody asked for it. `first_frame` is 0 before the first.
    `tries` is how many more pieces of data are looked at to know the application.
    """

    # No msgspec struct: its values are set far more often than it is made, and that takes a third of the time so.
    __slots__ = (
        *("application", "bytes_back", "bytes_there", "ends", "findings", "first_frame", "first_ns", "flags", "frames"),
        *("frames_back", "frames_there", "is_out_of_order", "key", "last_ns", "protocol", "stream", "tries"),
    )

    def __init__(self, key: bytes, protocol: str, stream: TcpStream | None = None, *, remember_frames: bool) -> None:
        self.key, self.protocol, self.stream = key, protocol, stream
        self.ends: TcpEnds | None = None
        self.frames = bytearray() if remember_frames else None
        self.first_frame = self.frames_there = self.bytes_there = self.frames_back = self.bytes_back = self.flags = 0
        self.first_ns: int | None = None
        self.last_ns: int | None = None
        self.application = ""
        self.tries = TRIES
        self.is_out_of_order = False
        self.findings: dict[int, int] = {}

    def count(self, direction: int, packet: Packet) -> None:
        """One frame more."""
        if direction:
            self.frames_back += 1
            self.bytes_back += packet.length
        else:
            self.frames_there += 1
            self.bytes_there += packet.length
        time_ns = packet.time_ns
        if self.last_ns is None:
            self._begin(packet.number, time_ns)
        elif time_ns is not None and time_ns > self.last_ns:
            self.last_ns = time_ns
        if self.frames is not None:
            self.frames += pack(remembered(packet), back=direction)

    def count_earlier(self, direction: int, pieces: Iterable[Remembered]) -> None:
        """Frames that came before: fragments of the packet that the last frame completed."""
        for piece in pieces:
            if direction:
                self.frames_back += 1
                self.bytes_back += piece.length
            else:
                self.frames_there += 1
                self.bytes_there += piece.length
            if not 0 < self.first_frame < piece.number:
                self.first_frame = 0
                self._begin(piece.number, piece.time_ns)
            if self.frames is not None:
                self.frames += pack(piece, back=direction)
                self.is_out_of_order = True

    def _begin(self, number: int, time_ns: int | None) -> None:
        """The first frame, and the first time where frames before had none."""
        self.first_frame = self.first_frame or number
        if time_ns is not None:
            self.first_ns = time_ns
            self.last_ns = time_ns if self.last_ns is None else max(time_ns, self.last_ns)

    def times(self) -> tuple[int | None, int | None]:
        """When it began and how long it lasted, in nanoseconds; None where no frame has a time."""
        if self.first_ns is None or self.last_ns is None:
            return None, None
        return self.first_ns, self.last_ns - self.first_ns

    def frame_list(self) -> bytes:
        """The packed list, by the frames' numbers."""
        frames = bytes(self.frames or b"")
        return in_order(frames) if self.is_out_of_order else frames


class Tallies:
    """All conversations of a capture."""

    def __init__(self, *, remember_frames: bool) -> None:
        self._remember_frames = remember_frames
        self._streams = TcpStreams()
        self._tcp: list[Tally] = []
        self._by_ways: dict[bytes, tuple[Tally, TcpStream, int]] = {}
        self._by_key: dict[tuple[str, bytes], tuple[Tally, int]] = {}
        self._others: list[Tally] = []

    def go_on(
        self,
        packet: Packet,
        key: bytes,
        time_ns: int,
        sequence: int,
        acknowledgment: int,
        flags: int,
        window: int,
        length: int,
    ) -> bool:
        """Count a TCP segment with ACK and without SYN, FIN, RST where it is just what was to come; False where not."""
        found = self._by_ways.get(key)
        if found is None:
            return False
        tally, stream, direction = found
        ends = tally.ends
        if ends is None or not ends.is_settled or (length and tally.tries):
            return False
        if not stream.go_on(direction, time_ns, sequence, acknowledgment, window, length):
            return False
        tally.flags |= flags
        tally.count(direction, packet)
        return True

    def add_segment(
        self,
        packet: Packet,
        key: bytes,
        segment: TcpSegment,
        octets: bytes,
        start: int,
        pieces: Iterable[Remembered] = (),
    ) -> None:
        """One TCP segment; its data lies in `octets` from `start` on.

        `key` is the source's address, the destination's, and both ports, as octets. `pieces` are the earlier fragments
        where it came in such.
        """
        found = self._by_ways.get(key)
        findings = 0
        if found is None or segment.flags & _SYN_AND_ACK == _SYN:
            found, findings = self._find(key, segment)
        tally, stream, direction = found
        tally.count(direction, packet)
        if pieces:
            tally.count_earlier(direction, pieces)
        findings = stream.follow(direction, segment, findings)
        if findings:
            tally.findings[findings] = tally.findings.get(findings, 0) + 1
        tally.flags |= segment.flags
        if tally.tries and segment.length:
            data = octets[start : start + min(segment.length, _MOST_LOOKED_AT)]
            tally.application = of_stream(key[-_PORTS_OCTETS:], data)
            tally.tries = 0 if tally.application else tally.tries - 1
        ends = tally.ends
        if ends is None:
            ends = tally.ends = TcpEnds(segment)
        if not ends.is_settled or segment.flags & _CONTROL:
            ends.follow(direction, segment)

    def _find(self, key: bytes, segment: TcpSegment) -> tuple[tuple[Tally, TcpStream, int], int]:
        """The conversation of a way that is not known, or of a SYN, which may begin another one."""
        stream, direction, findings = self._streams.find(key, segment)
        tally = self._of_stream(stream, key)
        self._by_ways[key] = found = tally, stream, direction
        if key != (back := reverse(key)):
            self._by_ways[back] = tally, stream, 1 - direction
        return found, findings

    def add_quoted(self, key: bytes, segment: TcpSegment) -> None:
        """A segment that an ICMP error quotes: no frame of its conversation, but it counts for what was seen."""
        stream, direction, _ = self._streams.find(key, segment)
        tally = self._of_stream(stream, key)
        if tally.ends is None:
            tally.ends = TcpEnds(segment)
        stream.glance(direction, segment)

    def add_datagram(
        self, packet: Packet, protocol: str, key: bytes, data: bytes = b"", pieces: Iterable[Remembered] = ()
    ) -> None:
        """A packet of any other protocol. Where there are no ports the key ends in four octets of zero."""
        tally, direction = self._by_key.get((protocol, key)) or self._begin(protocol, key)
        tally.count(direction, packet)
        if pieces:
            tally.count_earlier(direction, pieces)
        if tally.tries and data:
            tally.application = of_datagram(key[-_PORTS_OCTETS:], data)
            tally.tries = 0 if tally.application else tally.tries - 1

    def add_unfinished(self, protocol: str, key: bytes, pieces: Iterable[Remembered]) -> None:
        """Fragments of a packet that never got whole: ask once, when all packets were fed."""
        tally, direction = self._by_key.get((protocol, key)) or self._begin(protocol, key)
        tally.count_earlier(direction, pieces)

    def in_order(self) -> list[Tally]:
        """By their first frames; those of which the capture holds no frame, only a quote, not at all."""
        seen = [tally for tally in (*self._tcp, *self._others) if tally.first_frame]
        return sorted(seen, key=lambda tally: tally.first_frame)

    def _of_stream(self, stream: TcpStream, key: bytes) -> Tally:
        if stream.number == len(self._tcp):
            self._tcp.append(Tally(key, TCP, stream, remember_frames=self._remember_frames))
        return self._tcp[stream.number]

    def _begin(self, protocol: str, key: bytes) -> tuple[Tally, int]:
        tally = Tally(key, protocol, remember_frames=self._remember_frames)
        self._others.append(tally)
        self._by_key[protocol, reverse(key)] = tally, 1
        self._by_key[protocol, key] = tally, 0
        return tally, 0


def finished(tally: Tally) -> Conversation:
    """The conversation that was counted."""
    key, ends, stream = tally.key, tally.ends, tally.stream
    began_ns, lasted_ns = tally.times()
    half = (len(key) - _PORTS_OCTETS) // 2
    one, other = (None, None) if ends is None else ends.states
    ports = _PORTS(key, 2 * half) if tally.protocol in _HAVE_PORTS else (None, None)
    of_tcp: dict[str, Any] = {}
    if stream is not None and ends is not None:
        of_tcp = {
            "stream": stream.number,
            "opened": ends.opening().value,
            "closed": ends.closing().value,
            "completeness": stream.completeness | stream.parts_of_first,
            "initial_rtt": _seconds(stream.initial_rtt_ns),
            "flags": _flag_names(tally.flags & 0xFF),
            "findings": _by_name(tally.findings),
        }
    return Conversation(
        protocol=tally.protocol,
        first=ConversationEnd(
            address=_address(key[:half]), port=ports[0], frames=tally.frames_there, bytes=tally.bytes_there, state=one
        ),
        second=ConversationEnd(
            address=_address(key[half:-_PORTS_OCTETS]),
            port=ports[1],
            frames=tally.frames_back,
            bytes=tally.bytes_back,
            state=other,
        ),
        first_frame=tally.first_frame,
        first_time=_seconds(began_ns),
        duration=_seconds(lasted_ns),
        application=tally.application,
        **of_tcp,
    )


@cache
def _flag_names(flags: int) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(FLAG_NAMES) if flags >> bit & 1)


def _by_name(counts: dict[int, int]) -> dict[str, int]:
    """How many segments each finding was made of, out of how many had which findings together."""
    if not counts:
        return {}
    totals = {name: sum(count for bits, count in counts.items() if bits & bit) for bit, name in NAMES.items()}
    return {name: total for name, total in totals.items() if total}


@lru_cache(maxsize=10_000)
def _address(octets: bytes) -> str:
    if len(octets) == _MAC_OCTETS:
        return octets.hex(":")
    return str(ip_address(octets)) if octets else ""


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1_000_000_000
