"""The runs and frames that the tests in the browser look at: told by our own story, read by our own dissector.

Knows nothing of the browser; tests/js/conftest.py hands them out as JSON.
"""

from collections.abc import Callable, Iterator
from random import Random

from scapy.layers.dns import DNS, DNSQR
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import ARP, Dot1Q, Ether, Loopback
from scapy.packet import Packet, Raw

from layersviz.capture.events import FrameDissected, RunEnded, RunStarted
from layersviz.core.checksum import frame_check_sequence
from layersviz.core.packet import LinkType
from layersviz.core.played_run import Source
from layersviz.core.said import encoder
from layersviz.dissect import dissect
from layersviz.rooms.messages.from_browser import MoveFrame, MoveStep, Pause, Play, Seek, SetRate
from layersviz.rooms.room import Room
from tests.recorded import recorded_run, tell
from tests.rooms.journeys import FRAME_MS, STEP_MS, journey

_CLIENT, _SERVER = "02:00:00:00:00:01", "02:00:00:00:00:02"
_SEGMENT = TCP(sport=35310, dport=80, flags="S", options=[("MSS", 1460)])


def handshake() -> bytes:
    """A run of the lab as the page is given it, ARP first."""
    run = recorded_run("handshake-cold")
    journeys = tell(run)
    return encoder().encode(
        {
            "number": 1,
            "source": Source.LAB,
            "hosts": run.hosts,
            "journeys": journeys,
            "ended": True,
            "problem": "",
            "recording": None,
            "not_kept": "",
        }
    )


def frames() -> bytes:
    """By name, one frame each on other links and of other protocols, as far as bits and inspector look at it."""
    return encoder().encode({name: _journey(*made) for name, made in _FRAMES.items()})


def roamed() -> bytes:
    """A run, and what a room does at many presses: the playhead before and after each."""
    room = _room_of_four_frames()
    return encoder().encode({"run": room.snapshot(0).run, "presses": list(_presses(room, Random(4)))})


def _room_of_four_frames() -> Room:
    hosts = recorded_run("handshake-cold").hosts
    room = Room(hosts)
    room.fold(RunStarted(run=1, source=Source.LAB, hosts=hosts), 0)
    for number in range(1, 5):
        room.fold(FrameDissected(run=1, journey=journey(number)), 0)
    room.fold(RunEnded(run=1, problem=""), 0)
    return room


def _presses(room: Room, chance: Random) -> Iterator[dict[str, object]]:
    """Hastily and slowly, and often at the very moment when a step begins or ends."""
    moves = [Play(), Pause(), *(kind(by=by) for kind in (MoveStep, MoveFrame) for by in (1, 1, -1))]
    now_ms = 0.0
    for _ in range(2000):
        now_ms += chance.choice((0, 1, 100, 600, STEP_MS, FRAME_MS, chance.random() * 5000))
        seek = Seek(instant_ms=chance.choice((0.0, STEP_MS, STEP_MS * 2.6, FRAME_MS, chance.random() * 20000)))
        wish = chance.choice((*moves, seek, SetRate(rate=chance.choice((0.25, 1.0, 1.7, 4.0)))))
        before = room.snapshot(now_ms).playhead
        room.answer(wish, "the presenter", now_ms)
        yield {"wish": wish, "now_ms": now_ms, "before": before, "after": room.snapshot(now_ms).playhead}


def _ethernet(packet: Packet) -> tuple[bytes, int, int]:
    octets = bytes(Ether(src=_CLIENT, dst=_SERVER) / packet)
    return octets, LinkType.ETHERNET, len(octets)


def _without_addresses(packet: Packet) -> tuple[bytes, int, int]:
    octets = bytes(Ether(src="00:00:00:00:00:00", dst="00:00:00:00:00:00") / packet)
    return octets, LinkType.ETHERNET, len(octets)


def _cut(octets: bytes, link_type: int, length: int) -> tuple[bytes, int, int]:
    return octets[:60], link_type, length


_OVER_IPV4 = IP(src="10.0.0.3", dst="10.0.0.2") / _SEGMENT
_TO_ITSELF = IP(src="127.0.0.1", dst="127.0.0.1") / _SEGMENT
_QUESTION = IPv6(src="2001:db8::3", dst="2001:db8::53") / UDP(sport=40000) / DNS(id=7, qd=DNSQR(qname="a.example"))
_FRAMES = {
    "two tags": _ethernet(Dot1Q(vlan=7) / Dot1Q(vlan=9) / _OVER_IPV4),
    "dns over ipv6": _ethernet(_QUESTION),
    "icmp error": _ethernet(
        IP(src="10.0.0.2", dst="10.0.0.3") / ICMP(type=3, code=3) / bytes(IP() / UDP(dport=9) / b"1")
    ),
    "echo": _ethernet(IP(src="10.0.0.3", dst="10.0.0.2") / ICMP(id=5) / Raw(b"abcdefgh")),
    "padded arp": _ethernet(ARP(psrc="10.0.0.3", pdst="10.0.0.2") / bytes(18)),
    "ip in ip": _ethernet(IP(src="10.0.0.9", dst="10.0.0.8") / _OVER_IPV4),
    "cut short": _cut(*_ethernet(_OVER_IPV4 / Raw(bytes(200)))),
    "loopback": (bytes(Loopback(type=2) / _OVER_IPV4), LinkType.NULL, 48),
    "to itself": (bytes(Loopback(type=2) / _TO_ITSELF), LinkType.NULL, 48),
    "linux to itself": _without_addresses(_TO_ITSELF),
    "no addresses": _without_addresses(_OVER_IPV4),
    "raw": (bytes(_OVER_IPV4), LinkType.RAW, 44),
    "cooked": (bytes.fromhex("0000000100060200000000010000" + "0800") + bytes(_OVER_IPV4), LinkType.LINUX_SLL, 60),
    "unknown link": (bytes(range(24)), 147, 24),
}


def _journey(octets: bytes, link_type: int, length: int) -> dict[str, object]:
    """Preamble and check sequence are a wire's; of a frame that was cut short nobody can compute the latter."""
    dissection = dissect(octets, link_type, length)
    is_whole_ethernet = link_type == LinkType.ETHERNET and length == len(octets) and any(octets[:12])
    return {
        "number": 17,
        "sender": "client",
        "name": "",
        "arrow": "",
        "octets": octets.hex(),
        "fcs": frame_check_sequence(octets).hex() if is_whole_ethernet else "",
        "link_type": int(link_type),
        "wire_octets": length,
        "lost": False,
        "findings": [],
        "headers": dissection.headers,
        "payload_offset": dissection.payload_offset,
        "payload_octets": len(dissection.payload),
        "steps": [],
        "rows": [],
    }


MADE: dict[str, Callable[[], bytes]] = {
    "/made/handshake.json": handshake,
    "/made/frames.json": frames,
    "/made/roamed.json": roamed,
}
"""What is handed out, by its address."""
