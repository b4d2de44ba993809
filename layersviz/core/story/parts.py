"""The pieces of the PDU as they are after each stop, and what each layer calls it."""

from collections.abc import Iterator

from layersviz.core.journey import Half, Part
from layersviz.core.layer import Layer
from layersviz.core.said import said
from layersviz.core.story.kind import Kind
from layersviz.core.story.plan import Stop
from layersviz.core.story.scenery import FCS_OCTETS, PREAMBLE_OCTETS, Scenery

PDU = {
    Layer.APPLICATION: "data",
    Layer.TRANSPORT: "segment",
    Layer.NETWORK: "packet",
    Layer.LINK: "frame",
    Layer.PHYSICAL: "bits",
}
_DEPTH = {
    Layer.APPLICATION: 0,
    Layer.TRANSPORT: 1,
    Layer.NETWORK: 2,
    Layer.LINK: 3,
    Layer.PHYSICAL: 4,
}
_DEPTH_UP = {layer: max(0, depth - 1) for layer, depth in _DEPTH.items()}
MOST_HEADERS, _FIRST_HEADERS, _LAST_HEADERS = 64, 24, 8
_DATA, _NOT_CAPTURED = said("data"), said("not captured")
_LOADS = frozenset({_DATA, _NOT_CAPTURED})
_SHORT = {"Ethernet II": "Ethernet"}


PDU_IN_TABLE = {
    "data": said("Data"),
    "segment": said("Segment"),
    "datagram": said("Datagram"),
    "packet": said("Packet"),
    "frame": said("Frame"),
    "bits": said("Bits"),
}
"""The same as it begins a cell."""


def pdu_at(stop: Stop, scenery: Scenery) -> str:
    """What the thing is called there; bits only where there are any."""
    if stop.layer is Layer.TRANSPORT and scenery.udp is not None:
        return "datagram"
    if stop.layer is Layer.PHYSICAL and not scenery.has_bits:
        return PDU[Layer.LINK] if scenery.link_headers else PDU[Layer.NETWORK]
    return PDU[stop.layer]


class Parts:
    """One frame's pieces; many stops have the same ones."""

    __slots__ = ("_by_depth", "_refused_at", "_whole")

    def __init__(self, scenery: Scenery) -> None:
        self._refused_at = None if scenery.damage is None else scenery.dropped_at
        self._whole = [(_depth(part, scenery), part) for part in _all_parts(scenery)]
        self._by_depth: dict[int, tuple[Part, ...]] = {}

    def after(self, stop: Stop) -> tuple[Part, ...]:
        """What is there after a stop, outermost first. On the way up a layer has taken its own header off.

        A layer that refuses a damaged frame takes nothing off.
        """
        depth = (_DEPTH_UP if stop.half is Half.UP and stop.layer is not self._refused_at else _DEPTH)[stop.layer]
        parts = self._by_depth.get(depth)
        if parts is None:
            parts = self._by_depth[depth] = tuple([part for at, part in self._whole if at <= depth])
        return parts


def _depth(part: Part, scenery: Scenery) -> int:
    """Below which layer a piece is there; a fragment's data waits where its header is taken off, and goes up whole."""
    is_load = scenery.kind is Kind.FRAGMENT and part.layer is Layer.NETWORK and part.label in _LOADS
    return _DEPTH[Layer.TRANSPORT if is_load else part.layer]


def _all_parts(scenery: Scenery) -> Iterator[Part]:
    """All that is on the wire, in the order in which it is sent; what the capture cut off counts as computed."""
    if scenery.has_bits:
        yield Part(layer=Layer.PHYSICAL, label=said("Preamble+SFD"), octets=PREAMBLE_OCTETS, computed=True)
    headers = list(_header_parts(scenery))
    yield from headers if len(headers) <= MOST_HEADERS else _with_few(headers)
    inner = headers[-1].layer if headers else Layer.LINK
    inner = Layer.APPLICATION if inner is Layer.TRANSPORT else inner
    body_octets = len(scenery.dissection.payload)
    body_octets -= sum([each.octet_length for each in scenery.own_headers if each.layer is Layer.APPLICATION])
    if body_octets > 0:
        yield Part(layer=inner, label=_body_label(scenery), octets=body_octets)
    if scenery.dissection.padding:
        yield Part(layer=Layer.LINK, label=said("padding"), octets=scenery.dissection.padding)
    if scenery.is_cut:
        yield from _not_captured(scenery, inner)
    if scenery.has_bits:
        yield Part(layer=Layer.LINK, label="FCS", octets=FCS_OCTETS, computed=True)


def _header_parts(scenery: Scenery) -> Iterator[Part]:
    layer = Layer.LINK
    for header in scenery.own_headers:
        # A header inside a packet goes with it: PPP in a tunnel is not the link's.
        layer = header.layer if _DEPTH[header.layer] <= _DEPTH[layer] else layer
        yield Part(layer=layer, label=_SHORT.get(header.protocol, header.protocol), octets=header.octet_length)


def _with_few(headers: list[Part]) -> Iterator[Part]:
    """Thousands of tags fit into one frame: those in the middle are one piece."""
    first, middle, last = headers[:_FIRST_HEADERS], headers[_FIRST_HEADERS:-_LAST_HEADERS], headers[-_LAST_HEADERS:]
    octets = sum(part.octets for part in middle)
    yield from first
    yield Part(layer=middle[0].layer, label=said("{more} more headers", more=len(middle)), octets=octets)
    yield from last


def _not_captured(scenery: Scenery, inner: Layer) -> Iterator[Part]:
    """What the packet had, and what padded it."""
    missing = scenery.frame.wire_octets - len(scenery.frame.octets)
    of_packet = min(missing, scenery.load_octets - len(scenery.dissection.payload))
    of_header = min(of_packet, scenery.missing_header_octets)
    pieces = ((Layer.TRANSPORT, of_header), (inner, of_packet - of_header), (Layer.LINK, missing - of_packet))
    for layer, octets in pieces:
        if octets > 0:
            yield Part(layer=layer, label=_NOT_CAPTURED, octets=octets, computed=True)


def _body_label(scenery: Scenery) -> str:
    if any(header.quoted for header in scenery.dissection.headers):
        return said("quoted packet")
    if scenery.http is None:
        return _DATA
    return said("gzip body") if scenery.gzip_body is not None else said("body")
