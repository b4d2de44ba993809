"""The pieces of the PDU as they are after each stop, and what each layer calls it."""

from collections.abc import Iterator

from layersviz.core.journey import Half, Part
from layersviz.core.layer import Layer
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


def parts_after(stop: Stop, whole: tuple[Part, ...]) -> tuple[Part, ...]:
    """What of the whole is there after a stop, outermost first. On the way up a layer has taken its own header off."""
    depth = max(0, _DEPTH[stop.layer] - (stop.half is Half.UP))
    return tuple([part for part in whole if _DEPTH[part.layer] <= depth])


def all_parts(scenery: Scenery) -> Iterator[Part]:
    """All that is on the wire, in the order in which it is sent."""
    yield Part(layer=Layer.PHYSICAL, label="Preamble+SFD", octets=PREAMBLE_OCTETS, computed=True)
    for header in scenery.dissection:
        yield Part(layer=header.layer, label=_SHORT.get(header.protocol, header.protocol), octets=header.octet_length)
    body_octets = scenery.data_octets - (scenery.http.octet_length if scenery.http else 0)
    if body_octets:
        yield Part(layer=Layer.APPLICATION, label=_body_label(scenery), octets=body_octets)
    if scenery.dissection.padding:
        yield Part(layer=Layer.LINK, label="padding", octets=scenery.dissection.padding)
    yield Part(layer=Layer.LINK, label="FCS", octets=FCS_OCTETS, computed=True)


_SHORT = {"Ethernet II": "Ethernet"}


def _body_label(scenery: Scenery) -> str:
    if scenery.http is None:
        return "data"
    body = scenery.body
    return "gzip body" if body is not None and body.is_compressed else "body"
