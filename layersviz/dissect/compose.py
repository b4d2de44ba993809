"""The way back: values in, octets out. Scapy fills in lengths and checksums, so that every one of them is true."""

from dataclasses import dataclass

from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import ARP, Ether

from layersviz.core.host import Host

BROADCAST = "ff:ff:ff:ff:ff:ff"
UNKNOWN_MAC = "00:00:00:00:00:00"
TTL = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronizing:
    """What a SYN offers: the largest segment that its sender takes, in octets, and its window scale's shift."""

    mss: int
    shift: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentValues:
    """All of one TCP segment over IPv4 that its sender chooses; `flags` as Scapy writes them ('SA')."""

    flags: str
    sequence: int
    acknowledgment: int
    window: int
    identification: int
    timestamp: int
    echo: int
    data: bytes = b""
    synchronizing: Synchronizing | None = None


def compose_arp_request(asker: Host, asked: Host) -> bytes:
    """Who has that address? To every card on the link (RFC 826)."""
    question = ARP(op=1, hwsrc=asker.mac, psrc=asker.ip, hwdst=UNKNOWN_MAC, pdst=asked.ip)
    return bytes(Ether(src=asker.mac, dst=BROADCAST) / question)


def compose_arp_reply(asked: Host, asker: Host) -> bytes:
    """I have it, to the card that asked."""
    answer = ARP(op=2, hwsrc=asked.mac, psrc=asked.ip, hwdst=asker.mac, pdst=asker.ip)
    return bytes(Ether(src=asked.mac, dst=asker.mac) / answer)


def compose_segment(sender: Host, receiver: Host, values: SegmentValues) -> bytes:
    """A whole Ethernet frame around one TCP segment, with the options in the order in which Linux writes them."""
    ip = IP(src=sender.ip, dst=receiver.ip, id=values.identification, flags="DF", ttl=TTL)
    tcp = TCP(
        sport=sender.port,
        dport=receiver.port,
        seq=values.sequence,
        ack=values.acknowledgment,
        flags=values.flags,
        window=values.window,
        options=_options(values),
    )
    return bytes(Ether(src=sender.mac, dst=receiver.mac) / ip / tcp / values.data)


def _options(values: SegmentValues) -> list[tuple[str, object]]:
    timestamps = ("Timestamp", (values.timestamp, values.echo))
    if values.synchronizing is None:
        return [("NOP", None), ("NOP", None), timestamps]
    return [
        ("MSS", values.synchronizing.mss),
        ("SAckOK", b""),
        timestamps,
        ("NOP", None),
        ("WScale", values.synchronizing.shift),
    ]
