"""Frames as these tests read them, by hand from the octets: what is tested must not be what reads it."""

import struct
from dataclasses import dataclass
from typing import Any

FLAGS = {"FIN": 0x01, "SYN": 0x02, "RST": 0x04, "PSH": 0x08, "ACK": 0x10}
ARP, IPV4 = 0x0806, 0x0800


@dataclass(frozen=True, slots=True)
class Seen:
    """One reported frame; the TCP half is empty for ARP."""

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
        flags = "/".join(flag for flag in ("SYN", "FIN", "RST", "ACK") if flag in self.flags)
        return f"{flags} data" if self.payload else flags

    @property
    def states(self) -> tuple[str, str, str, str]:
        """Client and server when the wire took the frame, client and server when it had delivered it."""
        taken, delivered = self.report["taken"], self.report["delivered"]
        return taken["client"], taken["server"], delivered["client"], delivered["server"]


def seen(report: dict[str, Any]) -> Seen:
    octets = bytes.fromhex(report["octets"])
    ethertype = int.from_bytes(octets[12:14])
    macs = {"destination_mac": octets[0:6].hex(":"), "source_mac": octets[6:12].hex(":")}
    if ethertype != IPV4:
        return Seen(report, octets, ethertype, **macs)
    header_length = 4 * (octets[14] & 0x0F)
    packet = octets[14 : 14 + int.from_bytes(octets[16:18])]
    ip_header, segment = packet[:header_length], packet[header_length:]
    source_port, destination_port, seq, ack, offset_and_flags = struct.unpack_from("!HHIIH", segment)
    return Seen(
        report,
        octets,
        ethertype,
        **macs,
        source_ip=".".join(map(str, ip_header[12:16])),
        destination_ip=".".join(map(str, ip_header[16:20])),
        ports=(source_port, destination_port),
        seq=seq,
        ack=ack,
        flags=frozenset(name for name, bit in FLAGS.items() if offset_and_flags & bit),
        payload=segment[4 * (offset_and_flags >> 12) :],
        ip_header=ip_header,
        segment=segment,
    )


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
    return frame.ip_header[12:20] + struct.pack("!BBH", 0, 6, len(frame.segment))
