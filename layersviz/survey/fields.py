"""All of Wireshark's fields for a surveyed packet, in tshark's own text: those of the packet, and those of memory."""

import msgspec

from layersviz.core.tcp_analysis import TcpAnalysis
from layersviz.core.tcp_findings import names
from layersviz.dissect.wireshark import Fields, stateless_fields
from layersviz.survey.http_messages import HttpMessage
from layersviz.survey.survey import Surveyed

NANOSECONDS = 1_000_000_000
_PORTS_AND_SEQUENCE = 8
_NETWORK = ("ip.", "ipv6.")


def fields(surveyed: Surveyed) -> Fields:
    """Wireshark's names to lists of texts, outermost first; a field that the frame does not have is no key."""
    packet = surveyed.packet
    found = stateless_fields(packet, surveyed.dissection)
    if packet.time_ns is not None:
        found["frame.time_epoch"] = [seconds(packet.time_ns)]
    if surveyed.relative_ns is not None:
        found["frame.time_relative"] = [seconds(surveyed.relative_ns)]
    _add_whole(found, surveyed)
    if surveyed.analysis is not None:
        _add_analysis(found, surveyed.analysis)
    _add_quoted(found, surveyed)
    for message in surveyed.messages:
        _add_message(found, message)
    return found


def seconds(nanoseconds: int) -> str:
    """Seconds with nine decimals."""
    whole, part = divmod(abs(nanoseconds), NANOSECONDS)
    return f"{'-' if nanoseconds < 0 else ''}{whole}.{part:09d}"


def _add_whole(found: Fields, surveyed: Surveyed) -> None:
    """What the reassembled packet carries, behind the network header of its last fragment."""
    if surveyed.whole is None or surveyed.rebuilt is None:
        return
    octets = surveyed.rebuilt.octets
    packet = msgspec.structs.replace(
        surveyed.packet,
        octets=octets,
        length=len(octets),
        link_type=surveyed.rebuilt.link_type,
        comments=(),
        interface=None,
    )
    inner = stateless_fields(packet, surveyed.whole)
    found["frame.protocols"] = [_path(found["frame.protocols"][0], inner["frame.protocols"][0])]
    for name, values in inner.items():
        if name.startswith(_NETWORK):
            found.setdefault(name, []).extend(values[1:])
        elif not name.startswith("frame."):
            found.setdefault(name, []).extend(values)


def _path(outer: str, inner: str) -> str:
    names = inner.split(":")
    network = next((place for place, name in enumerate(names) if name in ("ip", "ipv6")), len(names))
    return ":".join([outer.removesuffix(":data"), *names[network + 1 :]])


def _add_analysis(found: Fields, analysis: TcpAnalysis) -> None:
    found["tcp.stream"] = [str(analysis.stream)]
    found["tcp.seq"] = [str(analysis.sequence)]
    found["tcp.completeness"] = [str(analysis.completeness)]
    if "tcp.window_size_value" not in found:
        return
    found["tcp.ack"] = [str(analysis.acknowledgment)]
    found["tcp.window_size"] = [str(analysis.window)]
    found["tcp.completeness"] = [str(analysis.completeness)]
    for index, (left, right) in enumerate(analysis.sacks):
        found["tcp.options.sack_le"][index] = str(left)
        found["tcp.options.sack_re"][index] = str(right)
    if analysis.scale_factor is not None:
        found["tcp.window_size_scalefactor"] = [str(analysis.scale_factor)]
    for name in names(analysis.findings):
        found[f"tcp.analysis.{name}"] = ["1"]
    if analysis.duplicate_ack_number:
        found["tcp.analysis.duplicate_ack"] = ["1", "1"]
        found["tcp.analysis.duplicate_ack_num"] = [str(analysis.duplicate_ack_number)]
    if analysis.initial_rtt_ns is not None:
        found["tcp.analysis.initial_rtt"] = [seconds(analysis.initial_rtt_ns)]
    if analysis.ack_rtt_ns is not None:
        found["tcp.analysis.ack_rtt"] = [seconds(analysis.ack_rtt_ns)]


def _add_quoted(found: Fields, surveyed: Surveyed) -> None:
    """Of a quoted segment tshark shows the raw numbers under the names of the relative ones."""
    if surveyed.quoted is not None:
        for name in ("tcp.seq_raw", "tcp.ack_raw"):
            found.pop(name, None)
        _add_analysis(found, surveyed.quoted)
        return
    for header in surveyed.dissection.headers:
        if header.quoted and header.protocol == "TCP" and header.octet_length >= _PORTS_AND_SEQUENCE:
            at = header.octet_offset + 4
            found["tcp.seq"] = [str(int.from_bytes(surveyed.packet.octets[at : at + 4]))]


def _add_message(found: Fields, message: HttpMessage) -> None:
    if message.method:
        found.setdefault("http.request.method", []).append(message.method)
        found.setdefault("http.request.uri", []).append(message.uri)
    elif message.code:
        found.setdefault("http.response.code", []).append(str(message.code))
