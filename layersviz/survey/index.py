"""The quick way through a whole capture: only its conversations, straight from the octets where headers are plain.

Knows just enough of each header to skip it; whatever is not plain (fragments, extension headers, tunnels, what is cut
short) goes the same way as in the survey.
"""

import struct

from layersviz.core.header import Dissection
from layersviz.core.packet import LinkType, Packet
from layersviz.core.tcp_segment import NO_SHIFT, TcpSegment
from layersviz.survey.conversations import ICMP, ICMPV6, TCP, UDP, Conversation, Tallies
from layersviz.survey.fragments import Fragments
from layersviz.survey.network import addresses, fragment_of, network_header, rebuild
from layersviz.survey.segments import (
    quoted_segment,
    quoted_tcp_header,
    segment_of,
    stream_key,
    tcp_header,
)

_ETHERTYPE = struct.Struct("!12xH").unpack_from
_IPV4 = struct.Struct("!BxHxxHxB").unpack_from
_IPV6 = struct.Struct("!B3xHB").unpack_from
_TCP = struct.Struct("!IIHH").unpack_from
_TCP_OCTETS = 20
_NO_OPERATION, _SCALE_OPTION, _SACK_OPTION = 1, 3, 5
_UNREADABLE = -2
_ONLY_TIMESTAMPS = bytes((1, 1, 8, 10))


class Index:
    """One capture's conversations, packet by packet."""

    def __init__(self) -> None:
        self._tallies = Tallies()
        self._fragments = Fragments()

    def feed(self, packet: Packet) -> None:
        """Count the next packet."""
        octets = packet.octets
        if packet.link_type == LinkType.ETHERNET and len(octets) >= 34:
            kind = octets[12:14]
            if kind == b"\x08\x00" and self._plain_ipv4(packet, octets, 14):
                return
            if kind == b"\x86\xdd" and self._plain_ipv6(packet, octets, 14):
                return
        self._full(packet)

    def conversations(self) -> list[Conversation]:
        """All conversations so far; those that began first come first."""
        return self._tallies.conversations()

    def _plain_ipv4(self, packet: Packet, octets: bytes, at: int) -> bool:
        """Count a packet whose header has no options and that is no fragment; False where it is not so."""
        first, total, fragmentation, protocol = _IPV4(octets, at)
        end = at + total
        if first != 0x45 or fragmentation & 0x3FFF or total < 40 or end > len(octets):
            return False
        if protocol == TCP:
            return self._plain_tcp(packet, octets, octets[at + 12 : at + 24], at + 20, end)
        if protocol == UDP:
            self._tallies.add_datagram(UDP, octets[at + 12 : at + 24], packet.number, packet.length, packet.time_ns)
            return True
        return False

    def _plain_ipv6(self, packet: Packet, octets: bytes, at: int) -> bool:
        """Count a packet without extension headers; False where it is not so."""
        if len(octets) < at + 60:
            return False
        first, length, protocol = _IPV6(octets, at)
        end = at + 40 + length
        if first >> 4 != 6 or length < _TCP_OCTETS or end > len(octets):
            return False
        if protocol == TCP:
            return self._plain_tcp(packet, octets, octets[at + 8 : at + 44], at + 40, end)
        if protocol == UDP:
            self._tallies.add_datagram(UDP, octets[at + 8 : at + 44], packet.number, packet.length, packet.time_ns)
            return True
        return False

    def _plain_tcp(self, packet: Packet, octets: bytes, key: bytes, at: int, end: int) -> bool:
        sequence, acknowledgment, flags, window = _TCP(octets, at + 4)
        header = flags >> 12 << 2
        data = end - at - header
        if header < _TCP_OCTETS or data < 0:
            return False
        shift = NO_SHIFT
        if header > _TCP_OCTETS and (header != 32 or octets[at + 20 : at + 24] != _ONLY_TIMESTAMPS):
            shift = _shift(octets, at + _TCP_OCTETS, at + header)
            if shift == _UNREADABLE:
                return False
        segment = TcpSegment(packet.time_ns or 0, sequence, acknowledgment, flags & 0xFFF, window, data, shift)
        self._tallies.add_segment(key, segment, packet.number, packet.length, packet.time_ns)
        return True

    def _full(self, packet: Packet) -> None:
        """Count a packet by its dissection, put together from fragments where it completes one."""
        from layersviz.dissect import dissect  # most captures can do without the cost of Scapy's import

        octets = packet.octets
        dissection = dissect(octets, packet.link_type, packet.length)
        fragment = fragment_of(dissection, octets)
        carried = None if fragment is None else self._fragments.add(fragment)
        rebuilt = None if carried is None else rebuild(dissection, octets, carried)
        if rebuilt is not None:
            octets = rebuilt.octets
            dissection = dissect(octets, rebuilt.link_type)
        tcp = tcp_header(dissection)
        if tcp is None:
            self._add_datagram(packet, dissection, octets)
            return
        segment = segment_of(dissection, tcp, octets, packet.time_ns)
        key = stream_key(dissection, tcp, octets)
        self._tallies.add_segment(key, segment, packet.number, packet.length, packet.time_ns)

    def _add_datagram(self, packet: Packet, dissection: Dissection, octets: bytes) -> None:
        quoted = quoted_tcp_header(dissection)
        if quoted is not None:
            segment = quoted_segment(dissection, quoted, octets, packet.time_ns)
            self._tallies.add_quoted(stream_key(dissection, quoted, octets), segment, packet.number, packet.time_ns)
        network = network_header(dissection)
        if network is None:
            return
        for name, protocol in (("UDP", UDP), ("ICMP", ICMP), ("ICMPv6", ICMPV6)):
            header = dissection.header(name)
            if header is not None and not header.quoted:
                at = header.octet_offset
                ports = octets[at : at + 4] if protocol == UDP else bytes(4)
                if len(ports) == 4:
                    key = addresses(network, octets) + ports
                    self._tallies.add_datagram(protocol, key, packet.number, packet.length, packet.time_ns)
                return


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
