"""What each layer of the receiver checks before it takes its header off, with the values that it compares."""

from collections.abc import Iterator

from layersviz.core.host import Side
from layersviz.core.journey import Line, Mark
from layersviz.core.layer import Layer
from layersviz.core.story.message import received_message
from layersviz.core.story.scenery import ALL_ONES, BROADCAST, FCS_OCTETS, PREAMBLE_OCTETS, Scenery
from layersviz.core.story.words import SERVER_PROCESS, state_change
from layersviz.core.tcp_state import TcpState


def checks(layer: Layer, scenery: Scenery) -> Iterator[Line]:
    """The lines of one layer on the way up."""
    match layer:
        case Layer.PHYSICAL:
            yield from _physical(scenery)
        case Layer.LINK:
            yield from _link(scenery)
        case Layer.NETWORK:
            yield from _arp(scenery) if scenery.arp is not None else _network(scenery)
        case Layer.TRANSPORT:
            yield from _transport(scenery)
        case Layer.APPLICATION:
            yield from received_message(scenery)


def checked(label: str, is_good: bool, text: str) -> Line:
    return Line(label=label, text=text, mark=Mark.GOOD if is_good else Mark.BAD)


def _checksum(shown: str, total: int) -> Line:
    """The field as it came, and the sum that it makes with all that it covers (RFC 1071 section 1)."""
    is_good = total == ALL_ONES
    return checked("Checksum", is_good, f"{shown}, sum 0x{total:04x}{': right' if is_good else ', not 0xffff'}")


def _physical(scenery: Scenery) -> Iterator[Line]:
    yield Line(label="Preamble", text=f"{PREAMBLE_OCTETS * 8} bits: clock found, dropped", mark=Mark.COMPUTED)
    yield Line(
        label="Frame", text=f"{scenery.frame_octets * 8} bits = {scenery.frame_octets} bytes", mark=scenery.origin
    )
    yield Line(label="FCS", text=f"{FCS_OCTETS * 8} bits follow", mark=Mark.COMPUTED)


def _link(scenery: Scenery) -> Iterator[Line]:
    ethernet = scenery.ethernet
    if ethernet is None:
        return
    yield Line(label="FCS", text=f"0x{scenery.crc:08x} over {scenery.frame_octets} bytes", mark=Mark.COMPUTED)
    destination, mine = ethernet.text("eth.dst"), scenery.receiving_host.mac
    match destination:
        case _ if destination == mine:
            yield checked("Dest MAC", True, f"{destination} is mine")
        case _ if destination == BROADCAST:
            yield checked("Dest MAC", True, f"{destination} is everyone")
        case _:
            yield checked("Dest MAC", False, f"{destination} is not mine ({mine})")
    carried = next((name for name in ("IPv4", "ARP") if scenery.dissection.header(name)), "")
    yield checked("EtherType", bool(carried), f"{ethernet.text('eth.type')}: up to {carried or 'nobody'}")
    yield Line(label="Taken off", text=f"{ethernet.octet_length} bytes and the FCS", mark=Mark.PLAIN)


def _arp(scenery: Scenery) -> Iterator[Line]:
    arp = scenery.arp
    if arp is None:
        return
    target, mine = arp.text("arp.dst.proto_ipv4"), scenery.receiving_host.ip
    yield Line(label="Operation", text=arp.text("arp.opcode"), mark=scenery.origin)
    yield checked("Target IP", target == mine, f"{target} is {'mine' if target == mine else 'not mine'}")
    learned = f"{arp.text('arp.src.proto_ipv4')} is at {arp.text('arp.src.hw_mac')}"
    yield Line(label="Learned", text=learned, mark=scenery.origin)


def _network(scenery: Scenery) -> Iterator[Line]:
    ip = scenery.ip
    if ip is None:
        return
    yield _checksum(ip.text("ip.checksum"), scenery.ip_sum)
    destination, mine = ip.text("ip.dst"), scenery.receiving_host.ip
    yield checked("Dest IP", destination == mine, f"{destination} is {'mine' if destination == mine else 'not mine'}")
    yield checked(
        "Protocol", scenery.tcp is not None, f"{ip.text('ip.proto')}: up to {'TCP' if scenery.tcp else 'nobody'}"
    )
    yield Line(label="Taken off", text=f"{ip.octet_length} bytes", mark=Mark.PLAIN)


def _transport(scenery: Scenery) -> Iterator[Line]:
    tcp, segment = scenery.tcp, scenery.segment
    if tcp is None or segment is None:
        return
    yield _checksum(tcp.text("tcp.checksum"), scenery.tcp_sum)
    yield checked("Port", _is_open(scenery), f"{tcp.text('tcp.dstport')} \u2192 {_owner(scenery)}")
    if segment.acknowledgment is not None:
        yield Line(label="Ack", text=_acknowledged(segment.acknowledgment, scenery.receiver), mark=scenery.origin)
    if change := state_change(scenery, scenery.receiver):
        yield change
    yield Line(label="Taken off", text=f"{tcp.octet_length} bytes", mark=Mark.PLAIN)


def _is_open(scenery: Scenery) -> bool:
    return scenery.taken.at(scenery.receiver) is not TcpState.CLOSED


def _owner(scenery: Scenery) -> str:
    if not _is_open(scenery):
        return "nobody listens here"
    if scenery.receiver is Side.SERVER:
        return f"{SERVER_PROCESS} ({scenery.taken.server})"
    return f"the client's socket ({scenery.taken.client})"


def _acknowledged(acknowledgment: int, receiver: Side) -> str:
    return f"{acknowledgment}: everything up to the {receiver}'s number {acknowledgment - 1} has arrived"
