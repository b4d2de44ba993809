"""What a run is called until somebody gives it another name: by its scene, and by what was to go wrong in it."""

from collections.abc import Iterator

import msgspec

from layersviz.core import played_run
from layersviz.core.host import Host, Hosts
from layersviz.core.order import HANDSHAKE, Order, from_plain
from layersviz.core.order_words import words_of
from layersviz.core.played_run import PlayedRun
from layersviz.core.said import Said, filled, said, said_many
from layersviz.core.scene_cards import CARDS
from layersviz.recordings.models import LONGEST_NAME, Recording, Source

_ETHERTYPE_ARP = b"\x08\x06"
_VISIT = said("Visit of {ip} to port {port}")
_HANDSHAKE, _COLD_HANDSHAKE = said("Handshake with {ip}:{port}"), said("Handshake with {ip}:{port}, ARP first")
NAMES: tuple[str, ...] = (_VISIT, _HANDSHAKE, _COLD_HANDSHAKE)
"""Of the runs of which it is not known what was asked."""


def name_of(run: PlayedRun) -> Said:
    """The name of a run that is about to be kept."""
    if run.source is played_run.Source.LIVE:
        return filled(_VISIT, ip=run.hosts.client.ip, port=run.hosts.server.port)
    begins_cold = bool(run.frames) and run.frames[0].octets[12:14] == _ETHERTYPE_ARP
    return _ordered(run.order, run.hosts, begins_cold=begins_cold)


def remembered(kept: Recording) -> Said | None:
    """The name that a kept run was given here, as one that can be said in any language; None where it has another."""
    if kept.order is None or kept.hosts is None or kept.source == Source.LIVE:
        return None
    order, hosts = from_plain(kept.order), msgspec.convert(kept.hosts, Hosts)
    given = (_ordered(order, hosts, begins_cold=each) for each in (False, True))
    return next((each for each in given if each == kept.name), None)


def asked_of(kept: Recording) -> str:
    """What the wire was asked to do in a kept run, as one sentence; empty where nothing, or where the name says it."""
    words = "" if kept.order is None else words_of(from_plain(kept.order))
    return said("The wire was asked to {deeds}.", deeds=words) if words and words not in kept.name else ""


def _ordered(order: Order, hosts: Hosts, *, begins_cold: bool) -> Said:
    return next(each for each in _names(order, hosts, begins_cold=begins_cold) if len(each) <= LONGEST_NAME)


def _names(order: Order, hosts: Hosts, *, begins_cold: bool) -> Iterator[Said]:
    """The one that says most comes first; the last is short enough."""
    card = CARDS.get(order.scene)
    scene = order.scene if card is None else card.name
    if asked := len(order.faults):
        if asked == 1:
            yield said("{scene}: {deeds}", scene=scene, deeds=words_of(order))
        yield said_many("{scene} with {count} fault", "{scene} with {count} faults", asked, scene=scene)
    where = {"ip": _in_address(hosts.server), "port": hosts.server.port}
    if order.scene == HANDSHAKE:
        yield filled(_COLD_HANDSHAKE if begins_cold else _HANDSHAKE, **where)
    yield said("{scene} with {ip}:{port}", scene=scene, **where)


def _in_address(host: Host) -> str:
    return f"[{host.ip}]" if ":" in host.ip else host.ip
