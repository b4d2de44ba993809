"""Sound frames of every kind that we dissect: the lab's, some of Scapy's making, those of others where at hand."""

from pathlib import Path

from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_RR
from scapy.layers.inet6 import (
    ICMPv6EchoRequest,
    ICMPv6ND_NS,
    ICMPv6NDOptSrcLLAddr,
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting,
    PadN,
)
from scapy.layers.l2 import ARP, LLC, SNAP, CookedLinux, CookedLinuxV2, Dot1Q, Dot3, Ether, Loopback
from scapy.layers.ppp import PPP, PPPoE, PPPoED, PPPoETag
from scapy.packet import Packet as Layers

from layersviz.core.packet import LinkType
from layersviz.files import open_capture
from tests.recorded import CAPTURES, recorded_run

OTHERS = Path(__file__).resolve().parents[3] / "shared" / "captures"

Frame = tuple[int, bytes]
"""The link type and the octets."""

ASKED = DNS(id=7, qd=DNSQR(qname="example.org"))
ANSWERED = DNS(id=7, qr=1, qd=DNSQR(qname="example.org"), an=DNSRR(rrname="example.org", rdata="192.0.2.1"))
SEGMENT = TCP(options=[("MSS", 1460), ("SAckOK", b""), ("SAck", (1, 2)), ("Timestamp", (3, 4)), ("WScale", 7)])
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n"

MADE: tuple[tuple[int, Layers], ...] = (
    (LinkType.ETHERNET, Ether() / Dot1Q(vlan=10) / Dot1Q(vlan=20) / IP(options=[IPOption_RR()]) / SEGMENT / b"hello"),
    (LinkType.ETHERNET, Ether() / IP() / TCP(sport=80) / CHUNKED),
    (LinkType.ETHERNET, Ether() / IP() / UDP(dport=53) / ASKED),
    (LinkType.ETHERNET, Ether() / IP() / UDP(sport=53) / ANSWERED),
    (LinkType.ETHERNET, Ether() / IP(frag=3, flags="MF") / b"a piece of a datagram"),
    (LinkType.ETHERNET, Ether() / IP() / ICMP(type=3, code=3) / IP() / UDP(dport=9)),
    (LinkType.ETHERNET, Ether() / IPv6() / ICMPv6ND_NS() / ICMPv6NDOptSrcLLAddr()),
    (
        LinkType.ETHERNET,
        Ether()
        / IPv6()
        / IPv6ExtHdrHopByHop(options=[PadN(optdata=b"1234")])
        / IPv6ExtHdrRouting(addresses=["::1"])
        / IPv6ExtHdrDestOpt()
        / IPv6ExtHdrFragment()
        / ICMPv6EchoRequest(data=b"ping"),
    ),
    (LinkType.ETHERNET, Dot3() / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP() / IP() / UDP()),
    (LinkType.ETHERNET, Ether() / PPPoED(code=9) / PPPoETag(tag_value=b"name")),
    (LinkType.ETHERNET, Ether() / PPPoE() / PPP() / IP() / SEGMENT),
    (LinkType.NULL, Loopback() / IP() / SEGMENT),
    (LinkType.RAW, IPv6() / UDP(dport=53) / ASKED),
    (LinkType.IPV4, IP() / SEGMENT),
    (LinkType.IPV6, IPv6() / SEGMENT),
    (LinkType.LINUX_SLL, CookedLinux() / ARP()),
    (LinkType.LINUX_SLL2, CookedLinuxV2() / IP() / ICMP()),
)


def sound_frames() -> tuple[Frame, ...]:
    lab = (frame.octets for path in sorted(CAPTURES.glob("*.jsonl")) for frame in recorded_run(path.stem).frames)
    made = ((int(link_type), bytes(layers)) for link_type, layers in MADE)
    return (*((int(LinkType.ETHERNET), octets) for octets in lab), *made, *_others())


def _others() -> list[Frame]:
    frames: list[Frame] = []
    for path in sorted(OTHERS.glob("*.pcap*")):
        with open_capture(path) as capture:
            frames += ((packet.link_type, packet.octets) for packet in capture)
    return frames
