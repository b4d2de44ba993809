"""The quick way through a whole capture: only its conversations, straight from the octets where headers are plain.

Knows just enough of each header to skip it; whatever is not plain (fragments, extension headers, tunnels, what is cut
short) goes the same way as in the survey. Every frame belongs to one conversation.
"""

import struct

from layersviz.core.fragments import Fragments, fragment_of
from layersviz.core.header import Dissection
from layersviz.core.packet import LinkType, Packet
from layersviz.core.tcp_analysis import ACK_AND_CONTROL
from layersviz.core.tcp_reading import (
    addresses,
    network_header,
    quoted_segment,
    quoted_tcp_header,
    segment_of,
    stream_key,
    tcp_header,
)
from layersviz.core.tcp_segment import ACK, NO_SHIFT, Reading, TcpSegment
from layersviz.survey.conversations import Conversation
from layersviz.survey.frame_list import Remembered, remembered
from layersviz.survey.network import rebuild
from layersviz.survey.tallies import ARP, ICMP, ICMPV6, UDP, Tallies, Tally, finished

_ETHERNET_IPV4_TCP = struct.Struct("!12xHBxHxxHxBxx12sIIHH").unpack_from
_HEADERS_OCTETS = 54
_IPV6_HEADER = struct.Struct("!B3xHB").unpack_from
_TCP = struct.Struct("!IIHH").unpack_from
_TCP_OCTETS, _UDP_OCTETS = 20, 8
_TCP_NUMBER, _UDP_NUMBER = 6, 17
_NO_OPERATION, _SCALE_OPTION, _SACK_OPTION = 1, 3, 5
_UNREADABLE = -2
_ONLY_TIMESTAMPS = bytes((1, 1, 8, 10))
_NO_PORTS = bytes(4)
_MAC_OCTETS = 6
_ETHERNET = int(LinkType.ETHERNET)
_IPV4, _IPV6, _WITHOUT_OPTIONS = 0x0800, 0x86DD, 0x45
_IPV4_OVER_ETHERNET = (6, 4)


class Index:
    """One capture's conversations, packet by packet."""

    def __init__(self, *, remember_frames: bool = False) -> None:
        """With `remember_frames` one can ask where the frames of a conversation lie."""
        self._tallies = Tallies(remember_frames=remember_frames)
        self._fragments = Fragments()
        self._pieces: dict[bytes, tuple[str, bytes, list[Remembered]]] = {}
        self._places: list[Tally] = []

    def feed(self, packet: Packet) -> None:
        """Count the next packet."""
        octets = packet.octets
        if packet.link_type == _ETHERNET and len(octets) >= _HEADERS_OCTETS:
            # All at once, as if it were IPv4 without options and TCP behind it: most frames are.
            ethertype, first, total, fragmentation, protocol, key, sequence, acknowledgment, flags, window = (
                _ETHERNET_IPV4_TCP(octets)
            )
            if ethertype == _IPV4 and first == _WITHOUT_OPTIONS and not fragmentation & 0x3FFF:
                if protocol == _TCP_NUMBER:
                    if self._plain_tcp(packet, key, 34, 14 + total, sequence, acknowledgment, flags, window):
                        return
                elif protocol == _UDP_NUMBER and self._plain_udp(packet, key, 34, 14 + total):
                    return
            elif ethertype == _IPV6 and self._plain_ipv6(packet, octets, 14):
                return
        self._full(packet)

    def conversations(self) -> list[Conversation]:
        """All conversations, by their first frames: ask when all packets were fed."""
        for protocol, key, pieces in self._pieces.values():
            self._tallies.add_unfinished(protocol, key, pieces)
        self._pieces.clear()
        self._places = self._tallies.in_order()
        return [finished(tally) for tally in self._places]

    def frames_of(self, place: int) -> bytes:
        """Where the frames of a conversation lie (`frame_list.read`); `place` counts in the last `conversations()`."""
        return self._places[place].frame_list()

    def times_of(self, place: int) -> tuple[int | None, int | None]:
        """When a conversation began, in nanoseconds since 1970, and how many it lasted: None where no frame has a time.

        `Conversation` has them as seconds, which at this distance from 1970 are not exact.
        """
        return self._places[place].times()

    def _plain_ipv6(self, packet: Packet, octets: bytes, at: int) -> bool:
        """Count a packet without extension headers; False where it is not so."""
        if len(octets) < at + 60:
            return False
        first, length, protocol = _IPV6_HEADER(octets, at)
        end = at + 40 + length
        if first >> 4 != 6 or length < _UDP_OCTETS:
            return False
        key = octets[at + 8 : at + 44]
        if protocol == _TCP_NUMBER:
            return self._plain_tcp(packet, key, at + 40, end, *_TCP(octets, at + 44))
        return protocol == _UDP_NUMBER and self._plain_udp(packet, key, at + 40, end)

    def _plain_udp(self, packet: Packet, key: bytes, at: int, end: int) -> bool:
        """Count a datagram that is whole; False where it is not so."""
        octets = packet.octets
        if not at + _UDP_OCTETS <= end <= len(octets):
            return False
        self._tallies.add_datagram(packet, UDP, key, octets[at + _UDP_OCTETS : end])
        return True

    def _plain_tcp(
        self,
        packet: Packet,
        key: bytes,
        at: int,
        end: int,
        sequence: int,
        acknowledgment: int,
        flags: int,
        window: int,
    ) -> bool:
        """Count a segment that is whole and has no odd option; False where it is not so."""
        octets = packet.octets
        header = flags >> 12 << 2
        start = at + header
        if header < _TCP_OCTETS or not start <= end <= len(octets):
            return False
        shift = NO_SHIFT
        if header > _TCP_OCTETS and (header != 32 or octets[at + 20 : at + 24] != _ONLY_TIMESTAMPS):
            shift = _shift(octets, at + _TCP_OCTETS, start)
            if shift == _UNREADABLE:
                return False
        time_ns, length = packet.time_ns or 0, end - start
        if flags & ACK_AND_CONTROL == ACK and self._tallies.go_on(
            packet, key, time_ns, sequence, acknowledgment, flags, window, length
        ):
            return True
        segment = TcpSegment(time_ns, sequence, acknowledgment, flags & 0xFFF, window, length, shift)
        self._tallies.add_segment(packet, key, segment, octets, start)
        return True

    def _full(self, packet: Packet) -> None:
        """Count a packet by its dissection, put together from fragments where it completes one."""
        from layersviz.dissect import dissect  # most captures can do without the cost of Scapy's import

        octets = packet.octets
        dissection = dissect(octets, packet.link_type, packet.length)
        fragment = fragment_of(dissection, octets)
        pieces: list[Remembered] = []
        if fragment is not None:
            carried = self._fragments.add(fragment)
            rebuilt = None if carried is None else rebuild(dissection, octets, carried)
            if rebuilt is None:
                self._wait(fragment.key, packet, dissection)
                return
            _, _, pieces = self._pieces.pop(fragment.key, ("", b"", pieces))
            octets = rebuilt.octets
            dissection = dissect(octets, rebuilt.link_type)
        tcp = tcp_header(dissection)
        if tcp is None:
            self._add_other(packet, dissection, octets, pieces)
            return
        segment = segment_of(dissection, tcp, octets, packet.time_ns)
        at = tcp.octet_offset + tcp.number("tcp.hdr_len") * 4
        start = at if segment.reading is Reading.WHOLE else len(octets)
        self._tallies.add_segment(packet, stream_key(dissection, tcp, octets), segment, octets, start, pieces)

    def _wait(self, key: bytes, packet: Packet, dissection: Dissection) -> None:
        """Whose conversation a fragment belongs to is known when its packet is whole."""
        if key not in self._pieces:
            protocol, addresses_key = _outer(dissection, packet)
            self._pieces[key] = protocol, addresses_key, []
        self._pieces[key][2].append(remembered(packet))

    def _add_other(self, packet: Packet, dissection: Dissection, octets: bytes, pieces: list[Remembered]) -> None:
        quoted = quoted_tcp_header(dissection)
        if quoted is not None:
            segment = quoted_segment(dissection, quoted, octets, packet.time_ns)
            self._tallies.add_quoted(stream_key(dissection, quoted, octets), segment)
        protocol, key, data = _datagram(dissection, octets) or (*_outer(dissection, packet), b"")
        self._tallies.add_datagram(packet, protocol, key, data, pieces)


def _datagram(dissection: Dissection, octets: bytes) -> tuple[str, bytes, bytes] | None:
    """Protocol, key and data of UDP or ICMP; None where it is neither."""
    network = network_header(dissection)
    if network is None:
        return None
    for protocol in (UDP, ICMP, ICMPV6):
        header = dissection.header(protocol)
        if header is not None:
            at = header.octet_offset
            ports = octets[at : at + 4] if protocol == UDP else _NO_PORTS
            data = dissection.payload if protocol == UDP else b""
            return (protocol, addresses(network, octets) + ports, data) if len(ports) == len(_NO_PORTS) else None
    return None


def _outer(dissection: Dissection, packet: Packet) -> tuple[str, bytes]:
    """Protocol and key of what has no ports that we know: by the addresses of IP, of ARP, of the link, or none."""
    octets = packet.octets
    network = network_header(dissection)
    if network is not None and len(pair := addresses(network, octets)) in (8, 32):
        return network.protocol, pair + _NO_PORTS
    arp = dissection.header(ARP)
    if arp is not None and (arp.number("arp.hw.size"), arp.number("arp.proto.size")) == _IPV4_OVER_ETHERNET:
        at = arp.octet_offset
        pair = octets[at + 14 : at + 18] + octets[at + 24 : at + 28]
        if len(pair) == 8:
            return ARP, pair + _NO_PORTS
    if packet.link_type == LinkType.ETHERNET:
        return "Ethernet", (octets[6:12] + octets[:6] if len(octets) >= 2 * _MAC_OCTETS else b"") + _NO_PORTS
    named = dissection.headers[0].protocol if dissection.headers else f"Link type {packet.link_type}"
    return named, _NO_PORTS


def _shift(octets: bytes, at: int, end: int) -> int:
    """The window scale option's shift; NO_SHIFT without one, _UNREADABLE where the dissection should have a look."""
    shift = NO_SHIFT
    while at < end and octets[at]:
        if octets[at] == _NO_OPERATION:
            at += 1
            continue
        length = octets[at + 1] if at + 1 < end else 0
        if length < 2 or at + length > end or (octets[at] == _SACK_OPTION and length % 8 != 2):
            return _UNREADABLE
        if octets[at] == _SCALE_OPTION and length == 3 and shift == NO_SHIFT:
            shift = octets[at + 2]
        at += length
    return shift
