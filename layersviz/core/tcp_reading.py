"""A dissected TCP header as the plain segment that the analysis takes, and the key of its stream.

Knows the dissection's offsets, and no Scapy.
"""

import msgspec

from layersviz.core.header import Dissection, Fault, FaultKind, Header
from layersviz.core.tcp_segment import NO_SHIFT, Reading, TcpSegment

_LEAST_WORDS = 5


def network_header(dissection: Dissection, *, quoted: bool = False) -> Header | None:
    """The innermost IP header of what travels, or of what an ICMP error quotes."""
    found = None
    for header in dissection.headers:
        if header.quoted == quoted and header.protocol in ("IPv4", "IPv6"):
            found = header
    return found


def addresses(header: Header, octets: bytes) -> bytes:
    """Source and destination, one behind the other."""
    at = header.octet_offset
    return octets[at + 12 : at + 20] if header.protocol == "IPv4" else octets[at + 8 : at + 40]


def tcp_header(dissection: Dissection) -> Header | None:
    """The TCP header that travels, where the capture kept it as far as the window."""
    header = dissection.header("TCP")
    if header is None or header.quoted:
        return None
    return header if header.field("tcp.window_size_value") is not None else None


def quoted_segment(dissection: Dissection, tcp: Header, octets: bytes, time_ns: int | None) -> TcpSegment:
    """The same of a quoted header: how much data it had is not told."""
    return msgspec.structs.replace(segment_of(dissection, tcp, octets, time_ns), length=0, reading=Reading.WHOLE)


def quoted_tcp_header(dissection: Dissection) -> Header | None:
    """The TCP header that an ICMP error quotes, where it quotes as much as the window."""
    for header in dissection.headers:
        if header.quoted and header.protocol == "TCP" and header.field("tcp.window_size_value") is not None:
            return header
    return None


def stream_key(dissection: Dissection, tcp: Header, octets: bytes) -> bytes:
    """Addresses and ports: VLAN tags and links do not separate streams."""
    network = network_header(dissection, quoted=tcp.quoted)
    ports = octets[tcp.octet_offset : tcp.octet_offset + 4]
    return (b"" if network is None else addresses(network, octets)) + ports


def segment_of(dissection: Dissection, tcp: Header, octets: bytes, time_ns: int | None) -> TcpSegment:
    """The segment's numbers. One without a time counts as sent at 0."""
    at = tcp.octet_offset
    left = [field.number or 0 for field in tcp.fields if field.name == "tcp.options.sack_le"]
    right = [field.number or 0 for field in tcp.fields if field.name == "tcp.options.sack_re"]
    scale = tcp.field("tcp.options.wscale.shift")
    return TcpSegment(
        time_ns or 0,
        int.from_bytes(octets[at + 4 : at + 8]),
        int.from_bytes(octets[at + 8 : at + 12]),
        int.from_bytes(octets[at + 12 : at + 14]) & 0xFFF,
        int.from_bytes(octets[at + 14 : at + 16]),
        max(0, data_octets(dissection, tcp)),
        NO_SHIFT if scale is None or scale.number is None else scale.number,
        tuple(zip(left, right, strict=False)),
        _reading(dissection, tcp),
    )


def _reading(dissection: Dissection, tcp: Header) -> Reading:
    if tcp.number("tcp.hdr_len") < _LEAST_WORDS:
        return Reading.TOO_SHORT
    if data_octets(dissection, tcp) < 0:
        return Reading.TOO_LONG
    return Reading.OPTIONS_CUT if any(_stops_tcp(fault) for fault in dissection.faults) else Reading.WHOLE


def _stops_tcp(fault: Fault) -> bool:
    return fault.protocol.startswith("TCP") and fault.kind in (FaultKind.CUT_SHORT, FaultKind.MALFORMED)


def data_octets(dissection: Dissection, tcp: Header) -> int:
    """How many octets of data the segment had on the wire; less than none where its header says too much."""
    behind = dissection.payload_offset + dissection.payload_length
    return behind - tcp.octet_offset - tcp.number("tcp.hdr_len") * 4
