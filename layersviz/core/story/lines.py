"""The real values that each stop shows: the fields that a sender writes, the checks that a receiver makes."""

from collections.abc import Iterator

from layersviz.core.header import Header
from layersviz.core.journey import Half, Line, Mark
from layersviz.core.layer import Layer
from layersviz.core.said import in_a_row, joined, recurring, said
from layersviz.core.story import labels
from layersviz.core.story.checks import checks
from layersviz.core.story.medium import Medium
from layersviz.core.story.message import sent_message
from layersviz.core.story.packet_lines import frame_lines, packet_lines
from layersviz.core.story.passage_sentences import passage_lines
from layersviz.core.story.plan import Stop
from layersviz.core.story.refusal_sentences import refusal_lines
from layersviz.core.story.scenery import FCS_OCTETS, PREAMBLE_OCTETS, Scenery
from layersviz.core.story.words import bits_on_wire, has_no_first_number, shown, state_change, state_kept_since_connect

FIRST_OCTETS = 8
PREAMBLE = bytes.fromhex("55555555555555d5")


class Lines:
    """One frame's lines; the sender's card and the wire have the same, and the wire what it did besides."""

    __slots__ = ("_bits", "_scenery")

    def __init__(self, scenery: Scenery) -> None:
        self._scenery = scenery
        self._bits: tuple[Line, ...] = ()

    def at(self, stop: Stop) -> tuple[Line, ...]:
        """What stands at one stop, the most telling first."""
        if stop.half is Half.UP:
            is_whole = self._scenery.damage is None
            return tuple(checks(stop.layer, self._scenery)) if is_whole else self._checks(stop.layer)
        if stop.layer is Layer.PHYSICAL:
            self._bits = self._bits or tuple(_bits(self._scenery))
            if stop.half is Half.DOWN or self._scenery.is_plain:
                return self._bits
            return (*passage_lines(self._scenery), *self._bits)
        return tuple(_written(stop.layer, self._scenery))

    def _checks(self, layer: Layer) -> tuple[Line, ...]:
        scenery = self._scenery
        made = tuple(checks(layer, scenery.at_receiver))
        return refusal_lines(layer, scenery, made) if layer is scenery.dropped_at else made


def _written(layer: Layer, scenery: Scenery) -> Iterator[Line]:
    """What a layer of the sender writes."""
    if layer is Layer.TRANSPORT:
        return _segment(scenery) if scenery.udp is None else _datagram(scenery)
    if layer is Layer.NETWORK:
        return packet_lines(scenery)
    return frame_lines(scenery) if layer is Layer.LINK else sent_message(scenery)


def _segment(scenery: Scenery) -> Iterator[Line]:
    tcp, segment, origin = scenery.tcp, scenery.segment, scenery.origin
    if tcp is None or segment is None:
        return
    data = scenery.data_octets
    yield Line(
        label=labels.PORTS,
        text=f"{tcp.text('tcp.srcport')} \u2192 {tcp.text('tcp.dstport')}",
        mark=origin,
    )
    yield Line(label=labels.FLAGS, text=tcp.text("tcp.flags"), mark=origin)
    yield Line(label="Seq", text=_sequence(scenery, segment.sequence, tcp.text("tcp.seq_raw")), mark=origin)
    acknowledged = segment.acknowledgment is not None
    ack = (
        _relative_and_raw(segment.acknowledgment, tcp.text("tcp.ack_raw"))
        if acknowledged
        else said("not in use (no ACK flag)")
    )
    yield Line(label="Ack", text=ack, mark=origin)
    if state := state_change(scenery, scenery.sender) or state_kept_since_connect(scenery):
        yield state
    yield Line(label=labels.WINDOW, text=_window(scenery), mark=origin)
    yield Line(label=labels.CHECKSUM, text=tcp.text("tcp.checksum"), mark=origin)
    yield Line(label=labels.OPTIONS, text=options(tcp), mark=origin)
    header = tcp.octet_length + scenery.missing_header_octets
    yield Line(
        label=labels.SIZE,
        text=recurring("{header} + {data} = {all} bytes", header=header, data=data, all=header + data),
        mark=Mark.PLAIN,
    )


def _datagram(scenery: Scenery) -> Iterator[Line]:
    udp, origin, data = scenery.udp, scenery.origin, scenery.data_octets
    if udp is None:
        return
    ports = f"{shown(udp, 'udp.srcport')} \u2192 {shown(udp, 'udp.dstport')}"
    yield Line(label=labels.PORTS, text=ports, mark=origin)
    yield Line(label=labels.LENGTH, text=shown(udp, "udp.length"), mark=origin)
    yield Line(label=labels.CHECKSUM, text=shown(udp, "udp.checksum"), mark=origin)
    yield Line(
        label=labels.SIZE,
        text=recurring(
            "{header} + {data} = {all} bytes",
            header=udp.octet_length,
            data=data,
            all=udp.octet_length + data,
        ),
        mark=Mark.PLAIN,
    )


def _sequence(scenery: Scenery, relative: int, raw: str) -> str:
    """A reset where no connection is has no first number that it could be counted from."""
    if has_no_first_number(scenery):
        return said("{raw} raw: no connection here", raw=raw)
    return _relative_and_raw(relative, raw)


def _relative_and_raw(relative: int | None, raw: str) -> str:
    return said("{relative} (raw {raw})", relative=relative, raw=raw)


def _window(scenery: Scenery) -> str:
    tcp, segment = scenery.tcp, scenery.segment
    if tcp is None or segment is None:
        return ""
    raw = tcp.text("tcp.window_size_value")
    if segment.shift is None and raw != "0":
        return said("{raw}, scale not captured", raw=raw)
    if segment.shift:
        return said("{raw} \u00d7 {factor} = {window} bytes", raw=raw, factor=1 << segment.shift, window=segment.window)
    return recurring("{raw} bytes", raw=raw)


def options(tcp: Header) -> str:
    """The options in the order in which they stand; NOP fills are named too."""
    return joined(", ", _options(tcp)) or said("none")


def _options(tcp: Header) -> Iterator[str]:
    """Each value with its option's short name; of a pair, both values."""
    for field, following in zip(tcp.fields, (*tcp.fields[1:], None), strict=True):
        if field.name == "tcp.option_kind" and field.number in _BARE_OPTIONS:
            yield _BARE_OPTIONS[field.number]
        elif field.name == "tcp.options.wscale.shift":
            yield said("scale \u00d7{factor}", factor=1 << min(field.number or 0, 14))
        elif field.name in _PAIRED_OPTIONS and following is not None:
            yield in_a_row(_PAIRED_OPTIONS[field.name], f"{field.text}/{following.text}")
        elif field.name in _SINGLE_OPTIONS:
            yield in_a_row(_SINGLE_OPTIONS[field.name], field.text)


_BARE_OPTIONS = {0: said("end"), 1: "NOP", 4: said("SACK permitted")}
_PAIRED_OPTIONS = {"tcp.options.timestamp.tsval": said("timestamps"), "tcp.options.sack_le": "SACK"}
_SINGLE_OPTIONS = {
    "tcp.options.mss_val": "MSS",
    "tcp.options.tfo.cookie": said("fast open cookie"),
    "tcp.options.unknown": said("unknown option"),
    "tcp.options.malformed": said("malformed option"),
}


def _bits(scenery: Scenery) -> Iterator[Line]:
    if not scenery.has_bits:
        yield from _octets(scenery)
        return
    yield Line(
        label=labels.PREAMBLE,
        text=f"{bits_on_wire(PREAMBLE[:2])} \u2026 {bits_on_wire(PREAMBLE[-1:])}",
        mark=Mark.COMPUTED,
    )
    yield Line(
        label=labels.FIRST_BITS,
        text=f"{bits_on_wire(scenery.frame.octets[:FIRST_OCTETS])} \u2026",
        mark=scenery.origin,
    )
    yield Line(label="FCS", text=bits_on_wire(scenery.crc.to_bytes(FCS_OCTETS, "little")), mark=Mark.COMPUTED)
    yield Line(
        label=labels.BITS,
        text=f"{PREAMBLE_OCTETS * 8} + {scenery.frame_octets * 8} + {FCS_OCTETS * 8} = {scenery.wire_bits}",
        mark=Mark.PLAIN,
    )


def _octets(scenery: Scenery) -> Iterator[Line]:
    """Where no bits of a wire are known: what the capture holds."""
    kept = scenery.frame.octets
    ellipsis = " \u2026" if len(kept) > FIRST_OCTETS else ""
    yield Line(
        label=labels.FIRST_BYTES,
        text=f"{kept[:FIRST_OCTETS].hex(' ')}{ellipsis}",
        mark=scenery.origin,
    )
    yield Line(
        label=labels.CAPTURED,
        text=recurring("{octets} of {least} bytes", octets=len(kept), least=scenery.frame_octets)
        if scenery.is_cut
        else recurring("{octets} bytes", octets=len(kept)),
        mark=scenery.origin,
    )
    yield Line(label="FCS", text=_NO_FCS[scenery.medium], mark=Mark.PLAIN)


_NO_FCS = {
    Medium.WIRE: "",
    Medium.CUT: said("not computable: the capture cut the frame short"),
    Medium.OVERSIZED: said("not known: this was no single frame on the wire"),
    Medium.MEMORY: said("none: loopback has no wire"),
    Medium.NAMELESS: said("not known: the frame has no addresses"),
    Medium.NO_LINK: said("not known: the capture has no link header"),
    Medium.COOKED: said("not known: the capture has no link header"),
    Medium.TUNNEL: said("not known: the capture has no link header"),
    Medium.UNKNOWN: said("not known"),
}
