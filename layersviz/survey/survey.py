"""Follows a capture packet by packet and knows all that needs memory of earlier ones.

Knows nothing of files. Memory grows with the number of TCP streams, not with the number of packets.
"""

import msgspec

from layersviz.core.fragments import Fragments, fragment_of
from layersviz.core.header import Dissection
from layersviz.core.packet import Packet
from layersviz.core.tcp_analysis import TcpAnalysis, TcpStream
from layersviz.core.tcp_reading import quoted_segment, quoted_tcp_header, segment_of, stream_key, tcp_header
from layersviz.core.tcp_streams import TcpStreams
from layersviz.dissect import dissect
from layersviz.survey.http_messages import HttpMessage, HttpStreams
from layersviz.survey.network import Rebuilt, rebuild


class Surveyed(msgspec.Struct, frozen=True, kw_only=True):
    """A packet in the light of all before it.

    `whole` is the packet that this fragment completed, with its own dissection. `analysis` and `stream` are TCP's,
    `direction` is 0 as the stream's first segment, `quoted` is what is said of a segment that an ICMP error quotes.
    `messages` are the HTTP messages that are complete with this packet. `relative_ns` counts from the first packet.
    """

    packet: Packet
    dissection: Dissection
    relative_ns: int | None
    rebuilt: Rebuilt | None = None
    whole: Dissection | None = None
    analysis: TcpAnalysis | None = None
    quoted: TcpAnalysis | None = None
    stream: TcpStream | None = None
    direction: int = 0
    begins_stream: bool = False
    messages: tuple[HttpMessage, ...] = ()

    def completeness(self) -> int:
        """TCP's completeness as a second look at the whole capture gives it: ask when all packets were fed."""
        if self.stream is None:
            return 0
        return self.stream.completeness | (0 if self.begins_stream else self.stream.parts_of_first)


class Survey:
    """One capture from its first packet on."""

    def __init__(self) -> None:
        self._streams = TcpStreams()
        self._fragments = Fragments()
        self._http = HttpStreams()
        self._first_ns: int | None = None

    def feed(self, packet: Packet) -> Surveyed:
        """Dissect the next packet and fold it in."""
        dissection = dissect(packet.octets, packet.link_type, packet.length)
        if self._first_ns is None:
            self._first_ns = packet.time_ns
        surveyed = Surveyed(packet=packet, dissection=dissection, relative_ns=self._relative(packet.time_ns))
        rebuilt = self._reassemble(packet, dissection)
        if rebuilt is None:
            return self._follow(surveyed, dissection, packet.octets)
        whole = dissect(rebuilt.octets, rebuilt.link_type)
        return self._follow(msgspec.structs.replace(surveyed, rebuilt=rebuilt, whole=whole), whole, rebuilt.octets)

    def _relative(self, time_ns: int | None) -> int | None:
        return None if time_ns is None or self._first_ns is None else time_ns - self._first_ns

    def _reassemble(self, packet: Packet, dissection: Dissection) -> Rebuilt | None:
        fragment = fragment_of(dissection, packet.octets)
        carried = None if fragment is None else self._fragments.add(fragment)
        return None if carried is None else rebuild(dissection, packet.octets, carried)

    def _follow(self, surveyed: Surveyed, dissection: Dissection, octets: bytes) -> Surveyed:
        tcp = tcp_header(dissection)
        if tcp is None:
            return self._glance(surveyed, dissection, octets)
        segment = segment_of(dissection, tcp, octets, surveyed.packet.time_ns)
        stream, direction, findings = self._streams.find(stream_key(dissection, tcp, octets), segment)
        begins = not stream.is_begun
        analysis = stream.describe(direction, segment, findings)
        at = tcp.octet_offset
        data = octets[at + tcp.number("tcp.hdr_len") * 4 :][: segment.length] if not segment.reading else b""
        ports = int.from_bytes(octets[tcp.octet_offset :][:2]), int.from_bytes(octets[tcp.octet_offset + 2 :][:2])
        return msgspec.structs.replace(
            surveyed,
            analysis=analysis,
            stream=stream,
            direction=direction,
            begins_stream=begins,
            messages=self._http.feed(stream.number, direction, ports, segment, analysis.findings, data),
        )

    def _glance(self, surveyed: Surveyed, dissection: Dissection, octets: bytes) -> Surveyed:
        """Note the segment that an ICMP error quotes."""
        tcp = quoted_tcp_header(dissection)
        if tcp is None:
            return surveyed
        segment = quoted_segment(dissection, tcp, octets, surveyed.packet.time_ns)
        stream, direction, _ = self._streams.find(stream_key(dissection, tcp, octets), segment)
        begins = not stream.is_begun
        analysis = stream.glance(direction, segment)
        return msgspec.structs.replace(surveyed, quoted=analysis, stream=stream, begins_stream=begins)
