"""What each layer of the receiver checks before it takes its header off, with the values that it compares."""

from collections.abc import Iterator

from layersviz.core.header import Header
from layersviz.core.host import Side
from layersviz.core.journey import Line, Mark
from layersviz.core.layer import Layer
from layersviz.core.said import recurring, said
from layersviz.core.story import labels
from layersviz.core.story.cut_headers import has_no_addresses, is_cut_off, least_octets
from layersviz.core.story.link_sentences import is_group, type_chain
from layersviz.core.story.message import received_message
from layersviz.core.story.network_sentences import whole_carries
from layersviz.core.story.network_words import is_announcement
from layersviz.core.story.packet_lines import icmp_lines
from layersviz.core.story.pppoe_words import DISCOVERY
from layersviz.core.story.scenery import BROADCAST, FCS_OCTETS, PREAMBLE_OCTETS, Scenery
from layersviz.core.story.words import (
    NOT_CAPTURED,
    PASSED_STATES,
    SERVER_PROCESS,
    checksum_line,
    is_group_address,
    shown,
    state_change,
    states_of,
)
from layersviz.core.tcp_state import TcpState


def checks(layer: Layer, scenery: Scenery) -> Iterator[Line]:
    """The lines of one layer on the way up."""
    match layer:
        case Layer.PHYSICAL:
            return _physical(scenery)
        case Layer.LINK:
            return _link(scenery)
        case Layer.NETWORK:
            return _arp(scenery) if scenery.arp is not None else _network(scenery)
        case Layer.TRANSPORT:
            return _datagram(scenery) if scenery.udp is not None else _transport(scenery)
    return received_message(scenery)


def checked(label: str, is_good: bool, text: str) -> Line:
    return Line(label=label, text=text, mark=Mark.GOOD if is_good else Mark.BAD)


def _physical(scenery: Scenery) -> Iterator[Line]:
    yield Line(
        label=labels.PREAMBLE,
        text=recurring("{bits} bits: clock found, dropped", bits=PREAMBLE_OCTETS * 8),
        mark=Mark.COMPUTED,
    )
    yield Line(
        label=labels.FRAME,
        text=recurring("{bits} bits = {octets} bytes", bits=scenery.frame_octets * 8, octets=scenery.frame_octets),
        mark=scenery.origin,
    )
    yield Line(label="FCS", text=recurring("{bits} bits follow", bits=FCS_OCTETS * 8), mark=Mark.COMPUTED)


def _link(scenery: Scenery) -> Iterator[Line]:
    ethernet = scenery.ethernet
    if ethernet is None:
        yield Line(label=labels.NOTE, text=said("the capture's own, on no wire"), mark=Mark.PLAIN)
        return
    if is_cut_off(ethernet, scenery):
        kept = recurring(
            "{octets} of {least} bytes",
            octets=ethernet.octet_length,
            least=least_octets(ethernet),
        )
        yield Line(label=labels.HEADER, text=kept, mark=scenery.origin)
        return
    if scenery.has_bits:
        yield Line(
            label="FCS",
            text=said("0x{crc:08x} over {frame_octets} bytes", crc=scenery.crc, frame_octets=scenery.frame_octets),
            mark=Mark.COMPUTED,
        )
    yield _destination(scenery, shown(ethernet, "eth.dst"))
    carried = scenery.network_headers[0].protocol if scenery.network_headers else ""
    carried = said("PPPoE itself") if scenery.dissection.header(DISCOVERY) is not None else carried
    if kind := type_chain(scenery):
        yield _upwards(scenery, "EtherType", kind, carried)
    octets = sum(header.octet_length for header in scenery.link_headers)
    yield Line(
        label=labels.TAKEN_OFF,
        text=recurring("{octets} bytes and the FCS", octets=octets)
        if scenery.has_bits
        else recurring("{octets} bytes", octets=octets),
        mark=Mark.PLAIN,
    )


def _destination(scenery: Scenery, destination: str) -> Line:
    """Whether the card takes the frame; whose card it is, a capture by others does not say."""
    if destination == BROADCAST:
        return checked(labels.DEST_MAC, True, said("{destination} is everyone", destination=destination))
    if is_group(destination):
        return Line(
            label=labels.DEST_MAC, text=said("{destination} is a group", destination=destination), mark=scenery.origin
        )
    if not scenery.is_on_known_link:
        return Line(label=labels.DEST_MAC, text=destination, mark=scenery.origin)
    mine = scenery.receiving_host.mac
    if destination == mine:
        return checked(labels.DEST_MAC, True, recurring("{destination} is mine", destination=destination))
    return checked(
        labels.DEST_MAC, False, said("{destination} is not mine ({mine})", destination=destination, mine=mine)
    )


def _upwards(scenery: Scenery, label: str, kind: str, carried: str) -> Line:
    """Who gets what is inside: a protocol that we don't read is no fault of the frame."""
    if carried:
        return checked(label, True, recurring("{kind}: up to {carried}", kind=kind, carried=carried))
    return Line(label=label, text=said("{kind}: not read here", kind=kind), mark=scenery.origin)


def _arp(scenery: Scenery) -> Iterator[Line]:
    arp = scenery.arp
    if arp is None or has_no_addresses(arp):
        return
    target, mine = shown(arp, "arp.dst.proto_ipv4"), scenery.receiving_host.ip
    yield Line(label=labels.OPERATION, text=shown(arp, "arp.opcode"), mark=scenery.origin)
    if is_announcement(arp):
        yield Line(
            label=labels.TARGET_IP, text=said("{target} is the sender's own", target=target), mark=scenery.origin
        )
    else:
        yield _mine(labels.TARGET_IP, target, mine, scenery)
    learned = said("{ipv4} is at {hw_mac}", ipv4=shown(arp, "arp.src.proto_ipv4"), hw_mac=shown(arp, "arp.src.hw_mac"))
    yield Line(label=labels.LEARNED, text=learned, mark=scenery.origin)


def _mine(label: str, address: str, mine: str, scenery: Scenery) -> Line:
    if address == mine and scenery.is_known_to_arrive:
        return checked(label, True, recurring("{address} is mine", address=address))
    if address == mine:
        return Line(
            label=label,
            text=said("{address} is the {receiver}'s", address=address, receiver=scenery.receiver.word),
            mark=scenery.origin,
        )
    if is_group_address(address):
        return Line(label=label, text=said("{address} is a group", address=address), mark=scenery.origin)
    if scenery.is_on_known_link:
        return checked(label, False, said("{address} is not mine", address=address))
    return Line(label=label, text=address, mark=scenery.origin)


def _network(scenery: Scenery) -> Iterator[Line]:
    ip = scenery.ip
    if ip is not None and not has_no_addresses(ip):
        yield from _packet(scenery, ip)
    if (icmp := scenery.icmp) is not None:
        if line := checksum_line(icmp, shown(icmp, f"{icmp.protocol.lower()}.checksum")):
            yield Line(label=said("{protocol} checksum", protocol=icmp.protocol), text=line.text, mark=line.mark)
        yield from icmp_lines(scenery, icmp)
    octets = sum(header.octet_length for header in scenery.network_headers)
    yield Line(label=labels.TAKEN_OFF, text=recurring("{octets} bytes", octets=octets), mark=Mark.PLAIN)
    if scenery.whole is not None:
        text = recurring(
            "{octets} bytes: {carried}",
            octets=len(scenery.whole),
            carried=whole_carries(scenery),
        )
        yield Line(label=labels.PUT_TOGETHER, text=text, mark=Mark.COMPUTED)


def _packet(scenery: Scenery, ip: Header) -> Iterator[Line]:
    name = "ip" if ip.protocol == "IPv4" else "ipv6"
    if line := checksum_line(ip, shown(ip, "ip.checksum")):
        yield line
    yield _mine(labels.DEST_IP, shown(ip, f"{name}.dst"), scenery.receiving_host.ip, scenery)
    if name == "ip":
        yield _upwards(scenery, labels.PROTOCOL, shown(ip, "ip.proto"), _carried(scenery))
    else:
        yield _upwards(scenery, labels.NEXT_HEADER, _last_next_header(scenery), _carried(scenery))


def _last_next_header(scenery: Scenery) -> str:
    """What the last of IPv6's headers names as the next one."""
    named = [field.text for header in scenery.network_headers for field in header.fields if field.name in _NEXT]
    return named[-1] if named else NOT_CAPTURED


_NEXT = frozenset(
    {
        *("ipv6.nxt", "ipv6.hopopts.nxt", "ipv6.dstopts.nxt", "ipv6.routing.nxt", "ipv6.fraghdr.nxt"),
        "ah.next_header",
    }
)


def _carried(scenery: Scenery) -> str:
    if scenery.tcp is not None:
        return "TCP"
    if scenery.udp is not None:
        return "UDP"
    if scenery.icmp is not None:
        return scenery.icmp.protocol
    return said("reassembly") if scenery.fragment_offset is not None else ""


def _datagram(scenery: Scenery) -> Iterator[Line]:
    udp = scenery.udp
    if udp is None:
        return
    if line := checksum_line(udp, shown(udp, "udp.checksum")):
        yield line
    yield Line(label=labels.PORT, text=shown(udp, "udp.dstport"), mark=scenery.origin)
    yield Line(label=labels.TAKEN_OFF, text=recurring("{octets} bytes", octets=udp.octet_length), mark=Mark.PLAIN)


def _transport(scenery: Scenery) -> Iterator[Line]:
    tcp, segment = scenery.tcp, scenery.segment
    if tcp is None or segment is None:
        return
    if line := checksum_line(tcp, shown(tcp, "tcp.checksum")):
        yield line
    yield checked(
        labels.PORT,
        _is_open(scenery),
        said("{dstport} \u2192 {owner}", dstport=shown(tcp, "tcp.dstport"), owner=_owner(scenery)),
    )
    if segment.acknowledgment is not None:
        yield Line(label="Ack", text=_acknowledged(segment.acknowledgment, scenery.receiver), mark=scenery.origin)
    if change := state_change(scenery, scenery.receiver):
        yield change
    yield Line(label=labels.TAKEN_OFF, text=recurring("{octets} bytes", octets=tcp.octet_length), mark=Mark.PLAIN)


def _is_open(scenery: Scenery) -> bool:
    old, new = states_of(scenery, scenery.receiver)
    return old is not TcpState.CLOSED or new is not TcpState.CLOSED


def _owner(scenery: Scenery) -> str:
    if not _is_open(scenery):
        return said("nobody listens here")
    if scenery.receiver is Side.SERVER and scenery.knows_programs and scenery.is_hello:
        return said(
            "{server_process} ({state})",
            server_process=SERVER_PROCESS,
            state=_state_at_port(scenery),
        )
    return recurring(
        "the {receiver}'s socket ({state})",
        receiver=scenery.receiver.word,
        state=_state_at_port(scenery),
    )


def _state_at_port(scenery: Scenery) -> TcpState | None:
    """In which the segment finds its receiver: one that had sent a SYN of its own since is not CLOSED any more."""
    old, new = states_of(scenery, scenery.receiver)
    return PASSED_STATES.get((old, new), old) if old is TcpState.CLOSED else old


def _acknowledged(acknowledgment: int, receiver: Side) -> str:
    if acknowledgment == 0:
        return said("0: nothing has arrived")
    return said(
        "{acknowledgment}: everything up to the {receiver}'s number {last} has arrived",
        acknowledgment=acknowledgment,
        receiver=receiver.word,
        last=acknowledgment - 1,
    )
