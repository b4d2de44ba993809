"""As much of a TCP segment as tells one connection from another, and when it ends. Dissecting is others' work."""

import socket
import struct
from dataclasses import dataclass

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_ETHERNET_OCTETS = 14
_IPV4_OCTETS, _IPV6_OCTETS, _TCP_OCTETS = 20, 40, 20
_MODULUS = 1 << 32


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where a segment comes from or goes to; `mac` is empty where the link has none."""

    ip: str
    port: int
    mac: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """`data_octets` are counted as the IP header says, whatever of them was captured."""

    source: End
    target: End
    sequence: int
    acknowledgment: int
    flags: int
    data_octets: int

    @property
    def begins(self) -> bool:
        return self.flags & (_SYN | _ACK | _RST) == _SYN

    @property
    def resets(self) -> bool:
        return bool(self.flags & _RST)

    @property
    def after(self) -> int | None:
        """The sequence number behind its FIN, None where it has none."""
        return (self.sequence + self.data_octets + 1) % _MODULUS if self.flags & _FIN else None

    def acknowledges(self, number: int) -> bool:
        return bool(self.flags & _ACK) and (self.acknowledgment - number) % _MODULUS < _MODULUS // 2


def read_segment(octets: bytes, *, has_ethernet_header: bool) -> Segment | None:
    """None where the octets are no TCP segment over IPv4 or IPv6, or too few of one."""
    try:
        macs = (octets[6:12].hex(":"), octets[:6].hex(":")) if has_ethernet_header else ("", "")
        packet = octets[_ETHERNET_OCTETS:] if has_ethernet_header else octets
        return _read_ipv4(packet, macs) if packet[0] >> 4 == 4 else _read_ipv6(packet, macs)
    except (struct.error, IndexError):
        return None


def _read_ipv4(packet: bytes, macs: tuple[str, str]) -> Segment | None:
    header_octets = 4 * (packet[0] & 0xF)
    total = struct.unpack_from("!H", packet, 2)[0]
    if packet[9] != socket.IPPROTO_TCP or not _IPV4_OCTETS <= header_octets <= len(packet):
        return None
    ips = (socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20]))
    return _read_tcp(packet[header_octets:], total - header_octets, ips, macs)


def _read_ipv6(packet: bytes, macs: tuple[str, str]) -> Segment | None:
    length = struct.unpack_from("!H", packet, 4)[0]
    if packet[0] >> 4 != 6 or packet[6] != socket.IPPROTO_TCP or len(packet) < _IPV6_OCTETS:
        return None
    ips = (socket.inet_ntop(socket.AF_INET6, packet[8:24]), socket.inet_ntop(socket.AF_INET6, packet[24:40]))
    return _read_tcp(packet[_IPV6_OCTETS:], length, ips, macs)


def _read_tcp(octets: bytes, length: int, ips: tuple[str, str], macs: tuple[str, str]) -> Segment:
    source_port, target_port, sequence, acknowledgment, offset, flags = struct.unpack_from("!HHIIBB", octets)
    return Segment(
        source=End(ip=ips[0], port=source_port, mac=macs[0]),
        target=End(ip=ips[1], port=target_port, mac=macs[1]),
        sequence=sequence,
        acknowledgment=acknowledgment,
        flags=flags,
        data_octets=max(0, length - 4 * (offset >> 4)),
    )
