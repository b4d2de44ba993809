"""The real values that each stop shows: the fields that a sender writes, the checks that a receiver makes."""

from collections.abc import Iterator

from layersviz.core.header import Header
from layersviz.core.journey import Half, Line, Mark
from layersviz.core.layer import Layer
from layersviz.core.story.checks import checks
from layersviz.core.story.message import sent_message
from layersviz.core.story.plan import Stop
from layersviz.core.story.scenery import FCS_OCTETS, PREAMBLE_OCTETS, Scenery
from layersviz.core.story.words import bits_on_wire, state_change, state_kept_since_connect

FIRST_OCTETS = 8
PREAMBLE = bytes.fromhex("55555555555555d5")


def lines_at(stop: Stop, scenery: Scenery) -> tuple[Line, ...]:
    """What stands at one stop, the most telling first."""
    if stop.half is Half.UP:
        return tuple(checks(stop.layer, scenery))
    if stop.half is Half.WIRE:
        return tuple(_bits(scenery))
    match stop.layer:
        case Layer.APPLICATION:
            return tuple(sent_message(scenery))
        case Layer.TRANSPORT:
            return tuple(_segment(scenery))
        case Layer.NETWORK:
            return tuple(_packet(scenery))
        case Layer.LINK:
            return tuple(_frame(scenery))
        case Layer.PHYSICAL:
            return tuple(_bits(scenery))


def _segment(scenery: Scenery) -> Iterator[Line]:
    tcp, segment, origin = scenery.tcp, scenery.segment, scenery.origin
    if tcp is None or segment is None:
        return
    data = scenery.data_octets
    yield Line(label="Ports", text=f"{tcp.text('tcp.srcport')} \u2192 {tcp.text('tcp.dstport')}", mark=origin)
    yield Line(label="Flags", text=tcp.text("tcp.flags"), mark=origin)
    yield Line(label="Seq", text=_relative_and_raw(segment.sequence, tcp.text("tcp.seq_raw")), mark=origin)
    acknowledged = segment.acknowledgment is not None
    ack = (
        _relative_and_raw(segment.acknowledgment, tcp.text("tcp.ack_raw"))
        if acknowledged
        else "not in use (no ACK flag)"
    )
    yield Line(label="Ack", text=ack, mark=origin)
    if state := state_change(scenery, scenery.sender) or state_kept_since_connect(scenery):
        yield state
    yield Line(label="Window", text=_window(scenery), mark=origin)
    yield Line(label="Checksum", text=tcp.text("tcp.checksum"), mark=origin)
    yield Line(label="Options", text=options(tcp), mark=origin)
    yield Line(label="Size", text=f"{tcp.octet_length} + {data} = {tcp.octet_length + data} bytes", mark=Mark.PLAIN)


def _relative_and_raw(relative: int | None, raw: str) -> str:
    return f"{raw} (raw)" if relative is None else f"{relative} (raw {raw})"


def _window(scenery: Scenery) -> str:
    tcp, segment = scenery.tcp, scenery.segment
    if tcp is None or segment is None:
        return ""
    raw = tcp.text("tcp.window_size_value")
    if segment.shift:
        return f"{raw} \u00d7 {1 << segment.shift} = {segment.window} bytes"
    return f"{raw} bytes"


def options(tcp: Header) -> str:
    """The options in the order in which they stand; NOP fills are named too."""
    return ", ".join(_options(tcp)) or "none"


def _options(tcp: Header) -> Iterator[str]:
    """Each value with its option's short name; of a pair, both values."""
    for field, following in zip(tcp.fields, (*tcp.fields[1:], None), strict=True):
        if field.name == "tcp.option_kind" and field.number in _BARE_OPTIONS:
            yield _BARE_OPTIONS[field.number]
        elif field.name == "tcp.options.wscale.shift":
            yield f"scale \u00d7{1 << min(field.number or 0, 14)}"
        elif field.name in _PAIRED_OPTIONS and following is not None:
            yield f"{_PAIRED_OPTIONS[field.name]} {field.text}/{following.text}"
        elif field.name in _SINGLE_OPTIONS:
            yield f"{_SINGLE_OPTIONS[field.name]} {field.text}"


_BARE_OPTIONS = {0: "end", 1: "NOP", 4: "SACK permitted"}
_PAIRED_OPTIONS = {"tcp.options.timestamp.tsval": "timestamps", "tcp.options.sack_le": "SACK"}
_SINGLE_OPTIONS = {
    "tcp.options.mss_val": "MSS",
    "tcp.options.tfo.cookie": "fast open cookie",
    "tcp.options.unknown": "unknown option",
    "tcp.options.malformed": "malformed option",
}


def _packet(scenery: Scenery) -> Iterator[Line]:
    origin = scenery.origin
    if (arp := scenery.arp) is not None:
        yield Line(label="Operation", text=arp.text("arp.opcode"), mark=origin)
        yield Line(label="Sender IP", text=arp.text("arp.src.proto_ipv4"), mark=origin)
        yield Line(label="Sender MAC", text=arp.text("arp.src.hw_mac"), mark=origin)
        yield Line(label="Target IP", text=arp.text("arp.dst.proto_ipv4"), mark=origin)
        yield Line(label="Target MAC", text=arp.text("arp.dst.hw_mac"), mark=origin)
        yield Line(label="Size", text=f"{arp.octet_length} bytes", mark=Mark.PLAIN)
        if change := state_change(scenery, scenery.sender):
            yield change
    if (ip := scenery.ip) is not None:
        inner = len(scenery.segment_octets)
        yield Line(label="From", text=ip.text("ip.src"), mark=origin)
        yield Line(label="To", text=ip.text("ip.dst"), mark=origin)
        yield Line(label="TTL", text=ip.text("ip.ttl"), mark=origin)
        yield Line(label="Protocol", text=ip.text("ip.proto"), mark=origin)
        yield Line(label="Identification", text=ip.text("ip.id"), mark=origin)
        yield Line(label="Checksum", text=ip.text("ip.checksum"), mark=origin)
        yield Line(label="Flags", text=ip.text("ip.flags"), mark=origin)
        yield Line(label="Size", text=f"{ip.octet_length} + {inner} = {ip.octet_length + inner} bytes", mark=Mark.PLAIN)


def _frame(scenery: Scenery) -> Iterator[Line]:
    ethernet = scenery.ethernet
    if ethernet is None:
        return
    inner = scenery.frame_octets - ethernet.octet_length
    yield Line(label="To", text=ethernet.text("eth.dst"), mark=scenery.origin)
    yield Line(label="From", text=ethernet.text("eth.src"), mark=scenery.origin)
    yield Line(label="EtherType", text=ethernet.text("eth.type"), mark=scenery.origin)
    yield Line(label="FCS", text=f"0x{scenery.crc:08x} (CRC-32)", mark=Mark.COMPUTED)
    yield Line(label="Size", text=f"{ethernet.octet_length} + {inner} = {scenery.frame_octets} bytes", mark=Mark.PLAIN)


def _bits(scenery: Scenery) -> Iterator[Line]:
    yield Line(
        label="Preamble", text=f"{bits_on_wire(PREAMBLE[:2])} \u2026 {bits_on_wire(PREAMBLE[-1:])}", mark=Mark.COMPUTED
    )
    yield Line(
        label="First bits", text=f"{bits_on_wire(scenery.frame.octets[:FIRST_OCTETS])} \u2026", mark=scenery.origin
    )
    yield Line(label="FCS", text=bits_on_wire(scenery.crc.to_bytes(FCS_OCTETS, "little")), mark=Mark.COMPUTED)
    yield Line(
        label="Bits",
        text=f"{PREAMBLE_OCTETS * 8} + {scenery.frame_octets * 8} + {FCS_OCTETS * 8} = {scenery.wire_bits}",
        mark=Mark.PLAIN,
    )
