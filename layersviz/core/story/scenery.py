"""All that is known of one frame while its journey is told: host names, headers, states before, on and behind it."""

from functools import cached_property

import msgspec

from layersviz.core.checksum import crc32, ones_complement_sum, pseudo_header
from layersviz.core.conversation import Segment
from layersviz.core.frame import Frame, States
from layersviz.core.header import Dissection, Header
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.http_body import Body, decode_body
from layersviz.core.journey import Mark
from layersviz.core.story.kind import Kind

BROADCAST = "ff:ff:ff:ff:ff:ff"
MOST_PLAIN_OCTETS = 65_536
PREAMBLE_OCTETS, FCS_OCTETS = 8, 4
ALL_ONES = 0xFFFF


class Scenery(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One frame with everything that its steps may speak of.

    `before` are both ends' states before the sender acted, `taken` once it was on the wire, `delivered` once it had
    arrived. `from_kernel` says whether the states were read from the two kernels; `computed` are those that
    RFC 9293's table gives for the same frame. `origin` marks values that were captured, or simulated.
    """

    frame: Frame
    dissection: Dissection
    hosts: Hosts
    kind: Kind
    segment: Segment | None
    before: States
    taken: States
    delivered: States
    from_kernel: bool
    origin: Mark

    @property
    def sender(self) -> Side:
        return self.frame.sender

    @cached_property
    def receiver(self) -> Side:
        return self.frame.sender.other

    @cached_property
    def receiving_host(self) -> Host:
        return self.hosts.at(self.receiver)

    @cached_property
    def ethernet(self) -> Header | None:
        return self.dissection.header("Ethernet II")

    @cached_property
    def arp(self) -> Header | None:
        return self.dissection.header("ARP")

    @cached_property
    def ip(self) -> Header | None:
        return self.dissection.header("IPv4")

    @cached_property
    def tcp(self) -> Header | None:
        return self.dissection.header("TCP")

    @cached_property
    def http(self) -> Header | None:
        return self.dissection.header("HTTP")

    @cached_property
    def data_octets(self) -> int:
        return len(self.dissection.payload)

    @cached_property
    def frame_octets(self) -> int:
        return len(self.frame.octets)

    @property
    def wire_bits(self) -> int:
        """Preamble and delimiter, the frame, and its check sequence."""
        return (PREAMBLE_OCTETS + self.frame_octets + FCS_OCTETS) * 8

    @cached_property
    def crc(self) -> int:
        return crc32(self.frame.octets)

    def octets_of(self, header: Header) -> bytes:
        return self.frame.octets[header.octet_offset : header.octet_offset + header.octet_length]

    @cached_property
    def segment_octets(self) -> bytes:
        """The TCP segment: header and data, without padding."""
        tcp = self.tcp
        return b"" if tcp is None else self.frame.octets[tcp.octet_offset :][: tcp.octet_length + self.data_octets]

    @cached_property
    def ip_sum(self) -> int:
        """The one's complement sum over the IPv4 header with its checksum: 0xffff where it is undamaged."""
        return ones_complement_sum(self.octets_of(self.ip)) if self.ip is not None else 0

    @cached_property
    def tcp_sum(self) -> int:
        """The one's complement sum over pseudo-header, TCP header and data: 0xffff where they are undamaged."""
        ip, octets = self.ip, self.segment_octets
        if ip is None:
            return 0
        return ones_complement_sum(pseudo_header(ip.text("ip.src"), ip.text("ip.dst"), 6, len(octets)) + octets)

    @cached_property
    def body(self) -> Body | None:
        """The body of an HTTP answer that is whole in this segment."""
        if self.http is None or self.kind is not Kind.ANSWER:
            return None
        return decode_body(self.http, self.dissection.payload[self.http.octet_length :], MOST_PLAIN_OCTETS)
