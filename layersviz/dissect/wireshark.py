"""What Wireshark's display fields hold for one frame, in tshark's own text: those that need no memory of other frames.

Knows nothing of streams, reassembly or analysis.
"""

from collections.abc import Callable

from layersviz.core.header import Checksum, ChecksumStatus, Dissection, Fault, FaultKind, Field, Header
from layersviz.core.packet import LinkType, Packet
from layersviz.dissect.protocol_path import PROTOCOLS, protocols

IPV4 = 4
TCP_OCTETS = 20
ICMP_READ_OCTETS = 6
LEAST_FRAME_OCTETS = 60
_BEFORE_DATA_OFFSET = frozenset({"tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.hdr_len"})
Fields = dict[str, list[str]]

ENCAPSULATIONS: dict[int, int] = {
    LinkType.NULL: 15,
    LinkType.ETHERNET: 1,
    LinkType.RAW: 7,
    LinkType.LOOP: 174,
    LinkType.LINUX_SLL: 25,
    LinkType.IPV4: 129,
    LinkType.IPV6: 130,
    LinkType.LINUX_SLL2: 210,
}
"""Wireshark's own numbers (wiretap/wtap.h) of pcap's link types."""


def stateless_fields(packet: Packet, dissection: Dissection) -> Fields:
    """Wireshark's names to lists of texts, outermost first; a field that the frame does not have is no key."""
    fields: Fields = {
        "frame.number": [str(packet.number)],
        "frame.len": [str(packet.length)],
        "frame.cap_len": [str(len(packet.octets))],
        "frame.encap_type": [str(ENCAPSULATIONS.get(packet.link_type, 0))],
        "frame.protocols": [protocols(packet, dissection)],
    }
    if packet.interface is not None:
        fields["frame.interface_id"] = [str(packet.interface)]
    if packet.comments:
        fields["frame.comment"] = list(packet.comments)
    for header in dissection.headers:
        _add_header(fields, header, _end(dissection))
    _add_transport(fields, packet, dissection)
    _add_first_fragment(fields, dissection)
    _add_cut_trailer(fields, packet, dissection)
    _add_faults(fields, dissection)
    return fields


def _add_header(fields: Fields, header: Header, end: int) -> None:
    if header.protocol == "TCP" and not _is_readable(header):
        _add_shown(fields, _shown_of_unreadable(header))
        return
    if header.protocol == "IPv4" and header.number("ip.version") != IPV4:
        return
    if header.protocol == "ICMP" and header.octet_length < ICMP_READ_OCTETS:
        return
    is_tiny = header.protocol == "UDP" and header.checksum is None
    _add_shown(fields, _without_checksum(header) if is_tiny else header.fields)
    if (total := header.field("ip.len")) is not None:
        # Zero stands for a length that segmentation offload was to fill in.
        fields.setdefault("ip.len", []).append(str(total.number or end - header.octet_offset))
    if header.field("ip.frag_offset") is not None:
        fields.setdefault("ip.flags", []).append(f"0x{header.number('ip.flags'):02x}")
    if header.checksum is not None and (name := _STATUSES.get(header.protocol)):
        fields.setdefault(name, []).append(_status_number(header.protocol, header.checksum))
    if header.protocol == "TCP":
        flags = header.number("tcp.flags.res") << 9 | header.number("tcp.flags")
        fields.setdefault("tcp.flags", []).append(f"0x{flags:04x}")


def _is_readable(tcp: Header) -> bool:
    return tcp.field("tcp.window_size_value") is not None and tcp.number("tcp.hdr_len") * 4 >= TCP_OCTETS


def _shown_of_unreadable(tcp: Header) -> tuple[Field, ...]:
    """tshark reads both ports at once, then all up to the window, and gives up where the data offset is too small."""
    if tcp.field("tcp.dstport") is None:
        return ()
    if tcp.field("tcp.window_size_value") is None:
        return tcp.fields[:2]
    return tuple(field for field in tcp.fields if field.name in _BEFORE_DATA_OFFSET)


def _without_checksum(udp: Header) -> tuple[Field, ...]:
    """tshark stops before the checksum where the length is less than the header's own."""
    return tuple(field for field in udp.fields if field.name != "udp.checksum")


def _add_shown(fields: Fields, shown: tuple[Field, ...]) -> None:
    for field in shown:
        show = SHOWN.get(field.name)
        if show is not None:
            fields.setdefault(field.name, []).append(show(field))


def _text(field: Field) -> str:
    return field.text


def _number(field: Field) -> str:
    return str(field.number)


def _words(field: Field) -> str:
    return str((field.number or 0) * 4)


def _hexadecimal(digits: int) -> Callable[[Field], str]:
    return lambda field: f"0x{field.number or 0:0{digits}x}"


SHOWN: dict[str, Callable[[Field], str]] = {
    "eth.src": _text,
    "eth.dst": _text,
    "eth.type": _hexadecimal(4),
    "vlan.id": _number,
    "arp.opcode": _number,
    "ip.src": _text,
    "ip.dst": _text,
    "ip.ttl": _number,
    "ip.id": _hexadecimal(4),
    "ip.frag_offset": _number,
    "ip.proto": _number,
    "ip.hdr_len": _words,
    "ip.checksum": _hexadecimal(4),
    "ipv6.src": _text,
    "ipv6.dst": _text,
    "ipv6.hlim": _number,
    "ipv6.nxt": _number,
    "ipv6.plen": _number,
    "tcp.srcport": _number,
    "tcp.dstport": _number,
    "tcp.seq_raw": _number,
    "tcp.ack_raw": _number,
    "tcp.hdr_len": _words,
    "tcp.window_size_value": _number,
    "tcp.checksum": _hexadecimal(4),
    "tcp.urgent_pointer": _number,
    "tcp.option_kind": _number,
    "tcp.options.mss_val": _number,
    "tcp.options.wscale.shift": _number,
    "tcp.options.timestamp.tsval": _number,
    "tcp.options.timestamp.tsecr": _number,
    "tcp.options.sack_le": _number,
    "tcp.options.sack_re": _number,
    "udp.srcport": _number,
    "udp.dstport": _number,
    "udp.length": _number,
    "udp.checksum": _hexadecimal(4),
    "icmp.type": _number,
    "icmp.code": _number,
    "icmpv6.type": _number,
    "icmpv6.code": _number,
    "dns.qry.name": _text,
}
_STATUSES = {"IPv4": "ip.checksum.status", "TCP": "tcp.checksum.status", "UDP": "udp.checksum.status"}
_STATUS_NUMBERS = {
    ChecksumStatus.BAD: "0",
    ChecksumStatus.PARTIAL: "0",
    ChecksumStatus.GOOD: "1",
    ChecksumStatus.NOT_CHECKABLE: "2",
    ChecksumStatus.NOT_PRESENT: "3",
}


def _status_number(protocol: str, checksum: Checksum) -> str:
    """UDP over IPv6 must have a checksum (RFC 8200 section 8.1): zero is illegal there."""
    is_illegal = protocol == "UDP" and checksum.found == 0 and checksum.status is ChecksumStatus.BAD
    return "4" if is_illegal else _STATUS_NUMBERS[checksum.status]


def _add_transport(fields: Fields, packet: Packet, dissection: Dissection) -> None:
    """TCP's data length and its options as octets."""
    for header in dissection.headers:
        if header.protocol != "TCP" or header.field("tcp.window_size_value") is None:
            continue
        if not header.quoted and header.octet_offset + header.number("tcp.hdr_len") * 4 <= _end(dissection):
            fields.setdefault("tcp.len", []).append(str(_data_octets(header, dissection)))
        options = packet.octets[header.octet_offset + TCP_OCTETS : header.octet_offset + header.octet_length]
        if (
            _is_readable(header)
            and header.number("tcp.hdr_len") * 4 > TCP_OCTETS
            and header.field("tcp.urgent_pointer")
        ):
            fields.setdefault("tcp.options", []).append(options.hex() or "<MISSING>")


def _add_first_fragment(fields: Fields, dissection: Dissection) -> None:
    """With checksums validated tshark does not reassemble a damaged fragment, and reads the transport in the first."""
    ip = dissection.headers[-1] if dissection.headers else None
    if ip is None or ip.protocol != "IPv4" or ip.checksum is None or ip.checksum.status is not ChecksumStatus.BAD:
        return
    status, least = _FRAGMENT_STATUSES.get(ip.number("ip.proto"), ("", 0))
    is_first = ip.number("ip.frag_offset") == 0 and ip.number("ip.flags") & 1
    if status and is_first and len(dissection.payload) >= least:
        fields.setdefault(status, []).append(_STATUS_NUMBERS[ChecksumStatus.NOT_CHECKABLE])


_FRAGMENT_STATUSES = {6: ("tcp.checksum.status", 18), 17: ("udp.checksum.status", 8)}


def _add_cut_trailer(fields: Fields, packet: Packet, dissection: Dissection) -> None:
    """tshark reads the padding of a frame of the least length, too, and finds that not all of it was kept."""
    is_cut = bool(dissection.padding) and len(packet.octets) < packet.length and packet.length >= LEAST_FRAME_OCTETS
    if not is_cut or dissection.faults or dissection.header("PPPoE session") is not None:
        return
    if "ethertype" in PROTOCOLS.get(dissection.headers[0].protocol, ""):
        fields["_ws.short"] = ["[Packet size limited during capture: Ethertype truncated]"]


def _data_octets(tcp: Header, dissection: Dissection) -> int:
    return max(0, _end(dissection) - tcp.octet_offset - tcp.number("tcp.hdr_len") * 4)


def _end(dissection: Dissection) -> int:
    """Where the packet ended on the wire."""
    return dissection.payload_offset + dissection.payload_length


def _add_faults(fields: Fields, dissection: Dissection) -> None:
    for fault in dissection.faults:
        name = _FAULT_NAMES.get(fault.protocol, fault.protocol)
        if fault.kind is FaultKind.CUT_SHORT:
            fields.setdefault("_ws.short", []).append(f"[Packet size limited during capture: {name} truncated]")
        elif fault.kind is FaultKind.MALFORMED:
            before = ["_ws.malformed"] if _is_announced(dissection, fault) else []
            exact = f"{name}: {_CONTAINED}" if fault.protocol == "TCP option" else name
            fields.setdefault("_ws.malformed", []).extend([*before, f"[Malformed Packet: {exact}]", "_ws.malformed"])
        elif fault.protocol in _DOUBTED:
            fields.setdefault("_ws.malformed", []).append("_ws.malformed")


def _is_announced(dissection: Dissection, fault: Fault) -> bool:
    """Whether tshark has counted the header as malformed before it stops there."""
    last = dissection.headers[-1] if dissection.headers else None
    if last is None or last.protocol != fault.protocol.partition(" ")[0]:
        return False
    return last.protocol == "IPv6" or (last.protocol == "TCP" and last.field("tcp.window_size_value") is not None)


_CONTAINED = "length of contained item exceeds length of containing item"
_DOUBTED = frozenset({"UDP", "IPv6", "IPv6 version", "TCP segment"})
"""Protocols of which Wireshark counts contradictory values as malformed; of others it only warns."""
_FAULT_NAMES = {
    "TCP option": "TCP",
    "DHCP": "DHCP/BOOTP",
    "Ethernet II": "Ethernet",
    "IEEE 802.3": "Ethernet",
    "802.1Q": "VLAN",
    "802.1ad": "IEEE 802.1ad",
    "ARP": "ARP/RARP",
    "RARP": "ARP/RARP",
    "IPv6 hop-by-hop options": "IPv6 Hop-by-Hop",
    "IPv6 destination options": "IPv6 Destination",
    "IPv6 routing": "IPv6 Routing",
    "IPv6 fragment": "IPv6 Fragment",
    "Loopback": "Null",
    "Linux cooked": "SLL",
    "Linux cooked 2": "SLL",
    "PPPoE session": "PPPoES",
    "PPPoE discovery": "PPPoED",
    "PPPoE tags": "PPPoED",
}
