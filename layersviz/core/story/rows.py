"""The table: for each half of a frame's way the rows in the order in which they are passed."""

from collections.abc import Iterator
from functools import lru_cache

from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.journey import Half, Row
from layersviz.core.layer import Layer
from layersviz.core.said import recurring, said
from layersviz.core.story.parts import PDU_IN_TABLE, pdu_at
from layersviz.core.story.plan import Stop
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import bits_on_wire

FIRST_OCTETS = 9


def rows_of(stops: tuple[Stop, ...], scenery: Scenery, info: str) -> Iterator[tuple[Stop, Row]]:
    """A row for each stop that handles octets: the wire has none, nor has an application without data."""
    down: dict[Layer, Row] = {}
    came = scenery.at_receiver
    for stop in stops:
        side, layer = stop.side, stop.layer
        if side is None or (layer is Layer.APPLICATION and not scenery.data_octets):
            continue
        there = down.get(layer)
        if stop.half is Half.UP and came is not scenery:
            row = _row(stop, side, came, info)
        else:
            row = _row(stop, side, scenery, info) if there is None else _way_up(there, side)
        down[layer] = row
        yield stop, row


def _row(stop: Stop, side: Side, scenery: Scenery, info: str) -> Row:
    layer = stop.layer
    return Row(
        half=stop.half,
        side=side,
        layer=layer,
        protocol=_protocol(layer, scenery),
        pdu=PDU_IN_TABLE[pdu_at(stop, scenery)],
        info=_first_bits(scenery) if layer is Layer.PHYSICAL else info,
        ports=_ports(layer, scenery),
        ips=_ips(layer, scenery),
        macs=_macs(layer, scenery),
    )


def _way_up(down: Row, side: Side) -> Row:
    """The receiver's row says the same of the same layer."""
    return Row(
        half=Half.UP,
        side=side,
        layer=down.layer,
        protocol=down.protocol,
        pdu=down.pdu,
        info=down.info,
        ports=down.ports,
        ips=down.ips,
        macs=down.macs,
    )


def headings(scenery: Scenery, name: str) -> tuple[str, str]:
    """What stands over a frame's two halves."""
    down = recurring("The {sender} sends {name}", sender=scenery.sender.word, name=name)
    if scenery.is_copy:
        down = said("The wire carries {name} again", name=name)
    if scenery.damage is not None and scenery.dropped_at is not None:
        return down, said("The {receiver} refuses {name}: damaged", receiver=scenery.receiver.word, name=name)
    if scenery.frame.lost:
        return down, said("The {receiver} gets nothing: lost on the wire", receiver=scenery.receiver.word)
    if scenery.is_unanswered:
        return down, said("Whether the {receiver} got it, the capture does not tell", receiver=scenery.receiver.word)
    return down, recurring("The {receiver} receives {name}", receiver=scenery.receiver.word, name=name)


def _protocol(layer: Layer, scenery: Scenery) -> str:
    match layer:
        case Layer.PHYSICAL:
            return said("Manchester (computed)")
        case Layer.LINK:
            return _names(scenery.link_headers)
        case Layer.NETWORK:
            return _names(scenery.network_headers)
        case Layer.TRANSPORT:
            return "UDP" if scenery.udp is not None else "TCP"
        case Layer.APPLICATION:
            return _names(tuple([header for header in scenery.own_headers if header.layer is layer])) or said("data")


def _names(headers: tuple[Header, ...]) -> str:
    """'Ethernet II, 802.1Q', each once."""
    if len(headers) == 1:
        return headers[0].protocol
    return ", ".join(dict.fromkeys([header.protocol for header in headers]))


def _first_bits(scenery: Scenery) -> str:
    return f"{bits_on_wire(scenery.frame.octets[:FIRST_OCTETS])} \u2026"


def _ports(layer: Layer, scenery: Scenery) -> str:
    if layer is Layer.PHYSICAL:
        return ""
    if (tcp := scenery.tcp) is not None:
        return _both_ports(tcp.text("tcp.srcport"), tcp.text("tcp.dstport"))
    if (udp := scenery.udp) is not None:
        return _both_ports(udp.text("udp.srcport"), udp.text("udp.dstport"))
    return ""


def _ips(layer: Layer, scenery: Scenery) -> str:
    if layer not in (Layer.NETWORK, Layer.LINK):
        return ""
    if (arp := scenery.arp) is not None:
        sender, target = arp.text("arp.src.proto_ipv4"), arp.text("arp.dst.proto_ipv4")
        return said("Sender IP: {sender}\nTarget IP: {target}", sender=sender, target=target)
    if (ip := scenery.ip) is not None:
        name = "ip" if ip.protocol == "IPv4" else "ipv6"
        return _both_ips(ip.text(f"{name}.src"), ip.text(f"{name}.dst"))
    return ""


def _macs(layer: Layer, scenery: Scenery) -> str:
    ethernet = scenery.ethernet
    if ethernet is None or layer is not Layer.LINK:
        return ""
    return _both_macs(ethernet.text("eth.src"), ethernet.text("eth.dst"))


@lru_cache(maxsize=256)
def _both_ports(source: str, destination: str) -> str:
    return said("Src Port: {source}\nDst Port: {destination}", source=source, destination=destination)


@lru_cache(maxsize=256)
def _both_ips(source: str, destination: str) -> str:
    return said("Src IP: {source}\nDst IP: {destination}", source=source, destination=destination)


@lru_cache(maxsize=256)
def _both_macs(source: str, destination: str) -> str:
    return said("Src MAC: {source}\nDst MAC: {destination}", source=source, destination=destination)
