"""The table: for each half of a frame's way the rows in the order in which they are passed."""

from collections.abc import Iterator

from layersviz.core.journey import Row
from layersviz.core.layer import Layer
from layersviz.core.story.parts import PDU
from layersviz.core.story.plan import Stop
from layersviz.core.story.scenery import Scenery
from layersviz.core.story.words import bits_on_wire

FIRST_OCTETS = 9


def rows_of(stops: tuple[Stop, ...], scenery: Scenery, info: str) -> Iterator[tuple[Stop, Row]]:
    """A row for each stop that handles octets: the wire has none, nor has an application without data."""
    for stop in stops:
        if stop.side is None or (stop.layer is Layer.APPLICATION and not scenery.data_octets):
            continue
        yield (
            stop,
            Row(
                half=stop.half,
                side=stop.side,
                layer=stop.layer,
                protocol=_protocol(stop.layer, scenery),
                pdu=PDU[stop.layer].capitalize() if stop.layer is not Layer.PHYSICAL else "Bits",
                info=_first_bits(scenery) if stop.layer is Layer.PHYSICAL else info,
                ports=_ports(stop.layer, scenery),
                ips=_ips(stop.layer, scenery),
                macs=_macs(stop.layer, scenery),
            ),
        )


def headings(scenery: Scenery, name: str) -> tuple[str, str]:
    """What stands over a frame's two halves."""
    return f"The {scenery.sender} sends {name}", f"The {scenery.receiver} receives {name}"


def _protocol(layer: Layer, scenery: Scenery) -> str:
    match layer:
        case Layer.PHYSICAL:
            return "Manchester (computed)"
        case Layer.LINK:
            return "Ethernet II"
        case Layer.NETWORK:
            return "ARP" if scenery.arp is not None else "IPv4"
        case Layer.TRANSPORT:
            return "TCP"
        case Layer.APPLICATION:
            return "HTTP" if scenery.http is not None else "data"


def _first_bits(scenery: Scenery) -> str:
    return f"{bits_on_wire(scenery.frame.octets[:FIRST_OCTETS])} \u2026"


def _ports(layer: Layer, scenery: Scenery) -> str:
    tcp = scenery.tcp
    if tcp is None or layer is Layer.PHYSICAL:
        return ""
    return f"Src Port: {tcp.text('tcp.srcport')}\nDst Port: {tcp.text('tcp.dstport')}"


def _ips(layer: Layer, scenery: Scenery) -> str:
    if layer not in (Layer.NETWORK, Layer.LINK):
        return ""
    if (arp := scenery.arp) is not None:
        return f"Sender IP: {arp.text('arp.src.proto_ipv4')}\nTarget IP: {arp.text('arp.dst.proto_ipv4')}"
    if (ip := scenery.ip) is not None:
        return f"Src IP: {ip.text('ip.src')}\nDst IP: {ip.text('ip.dst')}"
    return ""


def _macs(layer: Layer, scenery: Scenery) -> str:
    ethernet = scenery.ethernet
    if ethernet is None or layer is not Layer.LINK:
        return ""
    return f"Src MAC: {ethernet.text('eth.src')}\nDst MAC: {ethernet.text('eth.dst')}"
