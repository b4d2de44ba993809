"""Frames as these tests read them, by hand from the octets: what is tested must not be what reads it."""

import ipaddress
import struct
from dataclasses import dataclass
from typing import Any

FLAGS = {"FIN": 0x01, "SYN": 0x02, "RST": 0x04, "PSH": 0x08, "ACK": 0x10}
ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD
ICMP, TCP, UDP = 1, 6, 17
DISCOVERY = {135: "neighbour solicitation", 136: "neighbour advertisement"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One reported frame; the TCP half is empty for all else, the IP half for ARP."""

    report: dict[str, Any]
    octets: bytes
    ethertype: int
    destination_mac: str
    source_mac: str
    source_ip: str = ""
    destination_ip: str = ""
    ports: tuple[int, int] = (0, 0)
    seq: int = 0
    ack: int = 0
    flags: frozenset[str] = frozenset()
    payload: bytes = b""
    ip_header: bytes = b""
    segment: bytes = b""

    @property
    def name(self) -> str:
        """As a ladder diagram would write it."""
        if self.ethertype == ARP:
            return "ARP request" if self.octets[20:22] == b"\x00\x01" else "ARP reply"
        if self.protocol != TCP:
            icmp = DISCOVERY.get(self.segment[0], f"ICMP {self.segment[0]}/{self.segment[1]}")
            return "datagram" if self.protocol == UDP else icmp
        flags = "/".join(flag for flag in ("SYN", "FIN", "RST", "ACK") if flag in self.flags)
        return f"{flags} data" if self.payload else flags

    @property
    def protocol(self) -> int:
        at = {IPV4: 9, IPV6: 6}.get(self.ethertype)
        return self.ip_header[at] if at is not None else 0

    @property
    def is_resolution(self) -> bool:
        """It asks for a MAC address, or tells one."""
        return self.ethertype == ARP or self.name in DISCOVERY.values()

    @property
    def identification(self) -> int:
        return int.from_bytes(self.ip_header[4:6])

    @property
    def window(self) -> int:
        return int.from_bytes(self.segment[14:16])

    @property
    def timestamp(self) -> int:
        """The sender's, of RFC 7323's option; the lab's hosts write it with or without padding before it."""
        options = self.segment[20 : 4 * (self.segment[12] >> 4)]
        return int.from_bytes(options[options.index(b"\x08\x0a") + 2 :][:4])

    @property
    def states(self) -> tuple[str, str, str, str]:
        """Client and server when the wire took the frame, client and server when it had delivered it."""
        taken, delivered = self.report["taken"], self.report["delivered"]
        return taken["client"], taken["server"], delivered["client"], delivered["server"]


def seen(report: dict[str, Any]) -> Seen:
    octets = bytes.fromhex(report["octets"])
    ethertype = int.from_bytes(octets[12:14])
    macs = {"destination_mac": octets[0:6].hex(":"), "source_mac": octets[6:12].hex(":")}
    if ethertype not in (IPV4, IPV6):
        return Seen(report, octets, ethertype, **macs)
    ip_header, segment = _split(octets[14:], ethertype)
    addresses = ip_header[12:20] if ethertype == IPV4 else ip_header[8:40]
    half = len(addresses) // 2
    known = {
        **macs,
        "source_ip": str(ipaddress.ip_address(addresses[:half])),
        "destination_ip": str(ipaddress.ip_address(addresses[half:])),
        "ip_header": ip_header,
        "segment": segment,
    }
    protocol = Seen(report, octets, ethertype, **known).protocol
    if protocol != TCP:
        above = {"ports": struct.unpack_from("!HH", segment), "payload": segment[8:]} if protocol == UDP else {}
        return Seen(report, octets, ethertype, **known, **above)
    source_port, destination_port, seq, ack, offset_and_flags = struct.unpack_from("!HHIIH", segment)
    return Seen(
        report,
        octets,
        ethertype,
        **known,
        ports=(source_port, destination_port),
        seq=seq,
        ack=ack,
        flags=frozenset(name for name, bit in FLAGS.items() if offset_and_flags & bit),
        payload=segment[4 * (offset_and_flags >> 12) :],
    )


def _split(packet: bytes, ethertype: int) -> tuple[bytes, bytes]:
    """The IP header, and what is above it without padding."""
    if ethertype == IPV4:
        header_length, length = 4 * (packet[0] & 0x0F), int.from_bytes(packet[2:4])
    else:
        header_length, length = 40, 40 + int.from_bytes(packet[4:6])
    return packet[:header_length], packet[header_length:length]


def frames_of(reports: list[dict[str, Any]]) -> list[Seen]:
    return [seen(report) for report in reports if report["kind"] == "frame"]


def sums_up(octets: bytes) -> bool:
    """RFC 1071: what holds its own right checksum sums up to all ones."""
    padded = octets + bytes(len(octets) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


def pseudo_header(frame: Seen) -> bytes:
    addresses = frame.ip_header[12:20] if frame.ethertype == IPV4 else frame.ip_header[8:40]
    return addresses + struct.pack("!BBH", 0, frame.protocol, len(frame.segment))
