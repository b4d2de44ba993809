"""One conversation's frames as rows of a table: who sent what, and what Wireshark's analysis finds of it.

Knows surveyed packets; which end sent a frame is told to it.
"""

from collections.abc import Callable, Iterable

import msgspec

from layersviz.core.header import Dissection, Header
from layersviz.core.said import Said, filled, joined, said
from layersviz.core.tcp_analysis import TcpAnalysis
from layersviz.core.tcp_findings import SENTENCES, WIRESHARK_NAMES, names
from layersviz.core.tcp_reading import data_octets
from layersviz.core.tcp_segment import ACK
from layersviz.survey.survey import Surveyed
from layersviz.survey.tallies import FLAG_NAMES

_UNSCALED = -1


class Finding(msgspec.Struct, frozen=True):
    """A finding by Wireshark's own name, with one plain sentence.

    Of a duplicate acknowledgment `detail` is '8#2': the second to repeat that of frame 8.
    """

    name: str
    sentence: str
    detail: str = ""


class FrameRow(msgspec.Struct, frozen=True, kw_only=True):
    """One frame. `time_s` counts from the first of the table. `back` says that the second end sent it.

    `about` is the flags of TCP, or what the frame says in a few words. The numbers after it are TCP's: sequence and
    acknowledgment relative and raw (no acknowledgment without ACK), octets of data, and the window in bytes, scaled
    where the scale is known. `length` is that of the frame where it is not TCP.
    """

    number: int
    time_s: float | None
    back: bool
    protocol: str
    about: str
    is_tcp: bool = False
    sequence: int = 0
    sequence_raw: int = 0
    acknowledgment: int | None = None
    acknowledgment_raw: int | None = None
    length: int = 0
    window: int = 0
    is_scaled: bool = True
    findings: tuple[Finding, ...] = ()


class FrameRows:
    """Makes the rows, one after the other."""

    def __init__(self) -> None:
        self._first_ns: int | None = None
        self._acknowledged: dict[tuple[int, int], tuple[int, int]] = {}

    def row(self, surveyed: Surveyed, *, back: bool) -> FrameRow:
        """The next frame of the conversation."""
        packet = surveyed.packet
        if self._first_ns is None:
            self._first_ns = packet.time_ns
        first_ns = self._first_ns
        time_s = None if packet.time_ns is None or first_ns is None else (packet.time_ns - first_ns) / 1e9
        dissection = surveyed.dissection if surveyed.whole is None else surveyed.whole
        tcp = dissection.header("TCP")
        if tcp is None or surveyed.analysis is None:
            protocol, about = _about(dissection)
            return FrameRow(
                number=packet.number, time_s=time_s, back=back, protocol=protocol, about=about, length=packet.length
            )
        return self._segment(surveyed, tcp, surveyed.analysis, time_s, back=back)

    def _segment(
        self, surveyed: Surveyed, tcp: Header, analysis: TcpAnalysis, time_s: float | None, *, back: bool
    ) -> FrameRow:
        dissection = surveyed.dissection if surveyed.whole is None else surveyed.whole
        flags = tcp.number("tcp.flags")
        acknowledges = bool(flags & ACK)
        return FrameRow(
            number=surveyed.packet.number,
            time_s=time_s,
            back=back,
            protocol="TCP",
            about=", ".join(name for bit, name in enumerate(FLAG_NAMES) if flags >> bit & 1) or said("no flag"),
            is_tcp=True,
            sequence=analysis.sequence,
            sequence_raw=tcp.number("tcp.seq_raw"),
            acknowledgment=analysis.acknowledgment if acknowledges else None,
            acknowledgment_raw=tcp.number("tcp.ack_raw") if acknowledges else None,
            length=max(0, data_octets(dissection, tcp)),
            window=analysis.window,
            is_scaled=analysis.scale_factor != _UNSCALED,
            findings=self._findings(surveyed, analysis, tcp.number("tcp.ack_raw")),
        )

    def _findings(self, surveyed: Surveyed, analysis: TcpAnalysis, acknowledgment: int) -> tuple[Finding, ...]:
        """A duplicate acknowledgment names the frame that was the first to acknowledge the same."""
        way = analysis.stream, surveyed.direction
        last, first_frame = self._acknowledged.get(way, (0, 0))
        duplicate = f"{first_frame}#{analysis.duplicate_ack_number}" if analysis.duplicate_ack_number else ""
        if acknowledgment != last:
            self._acknowledged[way] = acknowledgment, surveyed.packet.number
        found = names(analysis.findings)
        if "fast_retransmission" in found or "spurious_retransmission" in found:
            found = tuple(name for name in found if name != "retransmission")
        return tuple(
            Finding(WIRESHARK_NAMES[name], SENTENCES[name], duplicate if name == "duplicate_ack" else "")
            for name in found
        )


def _about(dissection: Dissection) -> tuple[str, str]:
    """The protocol of a frame that is no TCP segment, and what it says in a few words."""
    own = [header for header in dissection.headers if not header.quoted]
    for header in reversed(own):
        words = _WORDS.get(header.protocol)
        if words is not None:
            return header.protocol, words(header, dissection)
    return (own[-1].protocol if own else "Frame"), dissection.problem


def _udp(header: Header, _dissection: Dissection) -> str:
    """Those of the fields that the capture holds."""
    found = [(header.field(name), message) for name, message in _UDP.items()]
    return joined(", ", [filled(message, text=field.text) for field, message in found if field is not None])


_UDP = {
    "udp.srcport": said("source port {text}"),
    "udp.dstport": said("destination port {text}"),
    "udp.length": said("length {text}"),
}


def _icmp(header: Header, dissection: Dissection) -> str:
    prefix = header.protocol.lower()
    told = [_echo(header), _name_of(header.text(f"{prefix}.code"))]
    quoted = quoted_packet(dissection.headers)
    if quoted:
        told.append(said("about {quoted}", quoted=quoted))
    return joined(", ", [each for each in told if each])


def _echo(header: Header) -> str:
    """'echo request, sequence number 7'."""
    prefix, number = ("icmp", "icmp.seq") if header.protocol == "ICMP" else ("icmpv6", "icmpv6.echo.sequence_number")
    sequence = header.field(number)
    kind = _name_of(header.text(f"{prefix}.type")) or header.text(f"{prefix}.type")
    return kind if sequence is None else said("{kind}, sequence number {number}", kind=kind, number=sequence.text)


def _name_of(text: str) -> str:
    """'destination unreachable' of '3 (destination unreachable)'; empty where the number has no name."""
    name = text.partition("(")[2].rstrip(")")
    return said(name) if isinstance(text, Said) else name


def _arp(header: Header, _dissection: Dissection) -> str:
    sender, target = header.text("arp.src.proto_ipv4"), header.text("arp.dst.proto_ipv4")
    match header.number("arp.opcode"):
        case 1:
            return said("Who has {target}? Tell {sender}.", target=target, sender=sender)
        case 2:
            return said("{sender} is at {hw_mac}.", sender=sender, hw_mac=header.text("arp.src.hw_mac"))
    return header.text("arp.opcode")


def _dns(header: Header, _dissection: Dissection) -> str:
    message = _DNS_ANSWER if header.number("dns.flags.response") else _DNS_QUESTION
    return filled(
        message,
        identifier=header.text("dns.id"),
        name=header.text("dns.qry.name"),
        kind=_name_of(header.text("dns.qry.type")),
    )


_DNS_ANSWER, _DNS_QUESTION = said("answer {identifier}: {name} {kind}"), said("question {identifier}: {name} {kind}")


_WORDS: dict[str, Callable[[Header, Dissection], str]] = {
    "UDP": _udp,
    "ICMP": _icmp,
    "ICMPv6": _icmp,
    "ARP": _arp,
    "DNS": _dns,
}


def quoted_packet(headers: Iterable[Header]) -> str:
    """What an ICMP error speaks of: 'UDP from 10.0.0.3 port 4000 to 10.0.0.2 port 9'; empty where it quotes nothing."""
    network = transport = None
    for header in headers:
        if header.quoted and header.protocol in ("IPv4", "IPv6"):
            network = header
        elif header.quoted and header.protocol in ("TCP", "UDP", "ICMP", "ICMPv6"):
            transport = header
    if network is None:
        return ""
    prefix = "ip" if network.protocol == "IPv4" else "ipv6"
    ends = [network.text(f"{prefix}.src"), network.text(f"{prefix}.dst")]
    if transport is None:
        return said("a packet from {one} to {other}", one=ends[0], other=ends[1])
    if transport.protocol.startswith("ICMP"):
        return said("ICMP from {one} to {other}: {echo}", one=ends[0], other=ends[1], echo=_echo(transport))
    kind = transport.protocol.lower()
    ports = [transport.text(f"{kind}.srcport"), transport.text(f"{kind}.dstport")]
    return said(
        "{protocol} from {one} port {port} to {other} port {other_port}",
        protocol=transport.protocol,
        one=ends[0],
        port=ports[0],
        other=ends[1],
        other_port=ports[1],
    )
