"""One plain sentence or two for each stop, with the run's real numbers."""

from collections.abc import Callable

from layersviz.core.host import Side
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.said import filled, glued, said
from layersviz.core.story.application_sentences import application_down, application_up
from layersviz.core.story.link_sentences import link_down, link_up, physical_down, physical_up, wire
from layersviz.core.story.network_sentences import network_down, network_up
from layersviz.core.story.passage_sentences import come_before, on_the_wire, title_on_the_wire
from layersviz.core.story.plan import Stop
from layersviz.core.story.refusal_sentences import refused, unnoticed
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.transport_sentences import transport_down, transport_up


def title_at(stop: Stop, scenery: Scenery) -> str:
    """A heading for the stop: where, and what is done there."""
    if stop.side is None:
        return (not scenery.is_plain and title_on_the_wire(scenery)) or _ACROSS[scenery.sender]
    return _TITLES[stop.half, stop.side, stop.layer]


_ACROSS = {
    side: said("On the wire, {sender} to {receiver}", sender=side.word, receiver=side.other.word) for side in Side
}
_LAYERS = {
    Layer.APPLICATION: said("application layer"),
    Layer.TRANSPORT: said("transport layer"),
    Layer.NETWORK: said("network layer"),
    Layer.LINK: said("data link layer"),
    Layer.PHYSICAL: said("physical layer"),
}
_HALVES = {Half.DOWN: said("{side} sends: {layer}"), Half.UP: said("{side} receives: {layer}")}
_TITLES = {
    (half, side, layer): filled(_HALVES[half], side=side.capital, layer=_LAYERS[layer])
    for half in _HALVES
    for side in Side
    for layer in Layer
}


def sentence_at(stop: Stop, scenery: Scenery) -> str:
    """What happens at one stop; where the frame can't be read on, that is said at the layer that finds it."""
    if stop.half is Half.DOWN or scenery.is_plain:
        return _SENTENCES[stop.half, stop.layer](scenery)
    if stop.half is Half.WIRE:
        return on_the_wire(scenery)
    told = _SENTENCES[stop.half, stop.layer](scenery.at_receiver)
    if scenery.damage is not None:
        is_end = stop.layer is scenery.dropped_at
        told = refused(stop.layer, scenery, told) if is_end else glued(told, unnoticed(stop.layer, scenery))
    return glued(told, come_before(stop.layer, scenery))


_SENTENCES: dict[tuple[Half, Layer], Callable[[Scenery], str]] = {
    (Half.DOWN, Layer.APPLICATION): application_down,
    (Half.DOWN, Layer.TRANSPORT): transport_down,
    (Half.DOWN, Layer.NETWORK): network_down,
    (Half.DOWN, Layer.LINK): link_down,
    (Half.DOWN, Layer.PHYSICAL): physical_down,
    (Half.WIRE, Layer.PHYSICAL): wire,
    (Half.UP, Layer.PHYSICAL): physical_up,
    (Half.UP, Layer.LINK): link_up,
    (Half.UP, Layer.NETWORK): network_up,
    (Half.UP, Layer.TRANSPORT): transport_up,
    (Half.UP, Layer.APPLICATION): application_up,
}
