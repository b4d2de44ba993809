"""A capture file of the tests' own of frames without any link header, and the way to a stage that plays them."""

import struct
from collections.abc import Iterator
from typing import Any

from playwright.async_api import expect
from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.packet import Packet

from layersviz.core.packet import LinkType
from tests.browser.visitor import CONNECTING, Visitor

CLIENT, SERVER = "2001:db8:1234:5678:9abc:def0:1111:2222", "2001:db8:1234:5678:9abc:def0:3333:4444"


def raw_capture() -> bytes:
    """A pcap of plain IP packets: a handshake over IPv6 in frames 1, 3, 5, a name server's in 2 and 4."""
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, LinkType.RAW)
    return header + b"".join(_record(place, bytes(packet)) for place, packet in enumerate(_packets()))


def _packets() -> Iterator[Packet]:
    question = DNS(id=7, qd=DNSQR(qname="a.example"))
    yield _client(flags="S", seq=1000)
    yield IP(src="10.0.0.3", dst="10.0.0.53") / UDP(sport=40000) / question
    yield IPv6(src=SERVER, dst=CLIENT) / TCP(sport=80, dport=35310, flags="SA", seq=2000, ack=1001)
    yield IP(src="10.0.0.53", dst="10.0.0.3") / UDP(dport=40000) / DNS(id=7, qr=1, rcode=3, qd=DNSQR(qname="a.example"))
    yield _client(flags="A", seq=1001, ack=2001)


def _client(**fields: Any) -> Packet:
    return IPv6(src=CLIENT, dst=SERVER) / TCP(sport=35310, dport=80, **fields)


def _record(place: int, octets: bytes) -> bytes:
    return struct.pack("<IIII", 1_700_000_000 + place, 0, len(octets), len(octets)) + octets


async def upload(visitor: Visitor) -> None:
    """To the list of the file's conversations."""
    await visitor.page.goto(f"http://{visitor.server.host}/recordings/")
    capture = {"name": "raw.pcap", "mimeType": "application/octet-stream", "buffer": raw_capture()}
    await visitor.page.locator("#file").set_input_files(capture)  # type: ignore[arg-type]
    await visitor.page.get_by_role("button", name="Upload", exact=True).click()
    await expect(visitor.page.get_by_role("heading", name="Conversations")).to_be_visible()


async def open_conversation(visitor: Visitor, port: int, query: str) -> None:
    """Onto the stage of the conversation that has that port, at a frame and a step."""
    link = visitor.page.locator("tr", has_text=f"{port}").locator("a.open")
    address = await link.get_attribute("href")
    await visitor.page.goto(f"http://{visitor.server.host}{address}{query}")
    await expect(visitor.page.locator("lv-status .badge")).not_to_have_text(CONNECTING)
