"""One frame's headers by their names, and how many octets lie where. Knows nothing of hosts, states and stories."""

import msgspec

from layersviz.core.frame import Frame
from layersviz.core.header import Dissection, Header
from layersviz.core.layer import Layer
from layersviz.core.lazy import lazy
from layersviz.core.story.kind import fragment_offset
from layersviz.core.story.medium import stays_on_host
from layersviz.core.tcp_reading import network_header

_TCP_OCTETS, _UDP_OCTETS = 20, 8
_ETHERNETS = ("Ethernet II", "IEEE 802.3", "Ethernet")


class Dissected(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A frame and what it was dissected to; the headers are None where it has none."""

    frame: Frame
    dissection: Dissection

    @lazy
    def stays_on_host(self) -> bool:
        return stays_on_host(self.dissection)

    @lazy
    def own_headers(self) -> tuple[Header, ...]:
        """Without those that an ICMP error quotes."""
        return tuple([header for header in self.dissection.headers if not header.quoted])

    @lazy
    def fragment_offset(self) -> int | None:
        """Where in its packet this piece begins, in octets; None where it is no fragment."""
        return fragment_offset(self.dissection)

    @lazy
    def link_headers(self) -> tuple[Header, ...]:
        """Those before the first header of another layer."""
        headers = self.own_headers
        for index, header in enumerate(headers):
            if header.layer is not Layer.LINK:
                return headers[:index]
        return headers

    @lazy
    def network_headers(self) -> tuple[Header, ...]:
        return tuple([header for header in self.own_headers if header.layer is Layer.NETWORK])

    @lazy
    def ethernet(self) -> Header | None:
        first = self.own_headers[0] if self.own_headers else None
        return first if first is not None and first.protocol in _ETHERNETS else None

    @lazy
    def arp(self) -> Header | None:
        return self.dissection.header("ARP") or self.dissection.header("RARP")

    @lazy
    def ip(self) -> Header | None:
        """The innermost IP header of what travels: the one whose addresses the two hosts have."""
        return network_header(self.dissection)

    @lazy
    def icmp(self) -> Header | None:
        return self.dissection.header("ICMP") or self.dissection.header("ICMPv6")

    @lazy
    def tcp(self) -> Header | None:
        return self.dissection.header("TCP")

    @lazy
    def udp(self) -> Header | None:
        return self.dissection.header("UDP")

    @lazy
    def http(self) -> Header | None:
        return self.dissection.header("HTTP")

    @lazy
    def dns(self) -> Header | None:
        return self.dissection.header("DNS")

    @lazy
    def load_octets(self) -> int:
        """What was on the wire behind the innermost header as far as that was captured."""
        return max(self.dissection.payload_length, len(self.dissection.payload))

    @lazy
    def missing_header_octets(self) -> int:
        """How much of the transport header the capture left out."""
        if self.udp is not None:
            return max(0, min(_UDP_OCTETS - self.udp.octet_length, self.load_octets))
        if self.tcp is None:
            return 0
        whole = max(self.tcp.number("tcp.hdr_len") * 4, _TCP_OCTETS)
        return max(0, min(whole - self.tcp.octet_length, self.load_octets))

    @lazy
    def frame_octets(self) -> int:
        """The frame's length on the wire, without preamble and check sequence."""
        return self.frame.wire_octets

    @property
    def is_cut(self) -> bool:
        return self.frame.wire_octets > len(self.frame.octets)

    def behind(self, header: Header) -> int:
        """How many octets of the packet lie behind a header's end, on the wire and without padding."""
        end = self.dissection.payload_offset + self.load_octets
        return max(0, end - header.octet_offset - header.octet_length)
