"""Faults on the wire, without a wire: exactly the frames that are named, and no other."""

import struct

import pytest

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.tcp_state import TcpState
from layersviz.lab.faults import Carried, Hold, Loss, Passage, Pick
from layersviz.lab.frame_kind import FrameKind, glance
from layersviz.lab.wire import Sighting

CLIENT, SERVER = Side.CLIENT, Side.SERVER
ANY = States(client=TcpState.ESTABLISHED, server=TcpState.ESTABLISHED)
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
ARP_REQUEST = bytes(12) + b"\x08\x06" + bytes(28)


def packet(protocol: int, above: bytes, *, padding: int = 0) -> bytes:
    header = struct.pack("!BBHIBBH8x", 0x45, 0, 20 + len(above), 0, 64, protocol, 0)
    return bytes(12) + b"\x08\x00" + header + above + bytes(padding)


def segment(flags: int, data: bytes = b"", *, padding: int = 0) -> bytes:
    return packet(6, struct.pack("!HHIIBBHHH", 35310, 80, 0, 0, 0x50, flags, 0, 0, 0) + data, padding=padding)


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (ARP_REQUEST, FrameKind.ARP),
        (segment(SYN), FrameKind.SYN),
        (segment(SYN | ACK), FrameKind.SYN_ACK),
        (segment(ACK), FrameKind.ACK),
        (segment(ACK, padding=6), FrameKind.ACK),
        (segment(PSH | ACK, b"x"), FrameKind.DATA),
        (segment(FIN | PSH | ACK, b"x"), FrameKind.DATA),
        (segment(FIN | ACK), FrameKind.FIN),
        (segment(RST | ACK), FrameKind.RST),
        (packet(17, struct.pack("!HHHH", 35310, 80, 8, 0)), FrameKind.DATAGRAM),
        (packet(1, bytes(8)), FrameKind.ICMP),
        (packet(2, bytes(8)), FrameKind.OTHER),
        (bytes(12) + b"\x86\xdd" + bytes(40), FrameKind.OTHER),
    ],
)
def test_a_frame_is_of_one_kind(octets: bytes, kind: FrameKind) -> None:
    assert glance(octets).kind is kind


def test_ports_are_told_of_segments_and_datagrams_only() -> None:
    assert glance(segment(SYN)).ports == (35310, 80)
    assert glance(packet(17, struct.pack("!HHHH", 35310, 80, 8, 0))).ports == (35310, 80)
    assert glance(packet(1, bytes(8))).ports == glance(ARP_REQUEST).ports == ()


def passed(passage: Passage, *frames: tuple[Side, bytes]) -> list[list[tuple[int, bool]]]:
    """For each frame that enters, which ones go on (counted from 0 as they entered) and whether they are lost."""
    return [
        [(frame.sighting.time_ns, frame.lost) for frame in passage.enter(carried(number, *frame))]
        for number, frame in enumerate(frames)
    ]


def carried(number: int, sender: Side, octets: bytes) -> Carried:
    return Carried(sighting=Sighting(time_ns=number, sender=sender, octets=octets), taken=ANY)


def test_without_faults_all_go_on() -> None:
    assert passed(Passage(()), (CLIENT, segment(SYN)), (SERVER, segment(SYN | ACK))) == [[(0, False)], [(1, False)]]


def test_the_nth_frame_of_its_kind_and_side_is_lost_and_no_other() -> None:
    data = (SERVER, segment(ACK, b"x"))
    third = Loss(frame=Pick(sender=SERVER, kind=FrameKind.DATA, nth=3))
    others = [(SERVER, segment(ACK)), (CLIENT, segment(ACK, b"x"))]
    assert passed(Passage([third]), data, *others, data, *others, data, data) == [
        [(number, number == 6)] for number in range(8)
    ]


def test_a_held_frame_waits_for_the_other_and_goes_before_it() -> None:
    hold = Hold(frame=Pick(sender=CLIENT, kind=FrameKind.SYN), until=Pick(sender=SERVER, kind=FrameKind.SYN))
    frames = ((CLIENT, segment(SYN)), (CLIENT, ARP_REQUEST), (SERVER, segment(SYN)), (CLIENT, segment(SYN)))
    assert passed(Passage([hold]), *frames) == [[], [(1, False)], [(0, False), (2, False)], [(3, False)]]


def test_what_is_held_to_the_end_is_let_go_once() -> None:
    hold = Hold(frame=Pick(sender=CLIENT, kind=FrameKind.SYN), until=Pick(sender=SERVER, kind=FrameKind.SYN))
    passage = Passage([hold])
    held = carried(0, CLIENT, segment(SYN))
    assert passage.enter(held) == []
    assert passage.let_go() == [held]
    assert passage.let_go() == []
