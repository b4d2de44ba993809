"""Faults on the wire, without a wire: exactly the frames that are named, and no other."""

import struct
from typing import Any

import pytest

from layersviz.core.frame import States
from layersviz.core.host import Side
from layersviz.core.order import Deed, Fault, FrameKind, Named, Place, named
from layersviz.core.tcp_state import TcpState
from layersviz.lab.faults import LONGEST_HOLD_NS, LONGEST_SWAP_NS, Carried, Crossing, Passage
from layersviz.lab.frame_kind import glance
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


def fault(deed: Deed, sender: Side, frame: FrameKind, **more: Any) -> dict[Named, Fault]:
    return named([Fault(deed=deed, sender=sender, frame=frame, **more)])


def entered(passage: Passage, number: int, sender: Side, octets: bytes) -> list[Carried]:
    sighting = Sighting(time_ns=number, sender=sender, octets=octets)
    return passage.enter(passage.name(sighting, ANY, due_ns=number))


def passed(passage: Passage, *frames: tuple[Side, bytes]) -> list[list[tuple[int, bool]]]:
    """For each frame that enters, which ones go on (counted from 0 as they entered) and whether they are lost."""
    return [
        [(frame.sighting.time_ns, frame.lost) for frame in entered(passage, number, *frame)]
        for number, frame in enumerate(frames)
    ]


def test_without_faults_all_go_on() -> None:
    assert passed(Passage({}), (CLIENT, segment(SYN)), (SERVER, segment(SYN | ACK))) == [[(0, False)], [(1, False)]]


def test_the_nth_frame_of_its_kind_and_side_is_lost_and_no_other() -> None:
    data = (SERVER, segment(ACK, b"x"))
    third = fault(Deed.LOSE, SERVER, FrameKind.DATA, nth=3)
    others = [(SERVER, segment(ACK)), (CLIENT, segment(ACK, b"x"))]
    assert passed(Passage(third), data, *others, data, *others, data, data) == [
        [(number, number == 6)] for number in range(8)
    ]


def test_so_many_in_a_row_are_lost() -> None:
    passage = Passage(fault(Deed.LOSE, CLIENT, FrameKind.SYN, nth=2, count=3))
    assert [lost for ((_number, lost),) in passed(passage, *[(CLIENT, segment(SYN))] * 6)] == [
        False,
        *[True] * 3,
        *[False] * 2,
    ]


SYNS_CROSS = Crossing(frame=(CLIENT, FrameKind.SYN, 1), until=(SERVER, FrameKind.SYN, 1))


def test_a_frame_that_is_to_cross_another_waits_for_it_and_goes_before_it() -> None:
    frames = ((CLIENT, segment(SYN)), (CLIENT, ARP_REQUEST), (SERVER, segment(SYN)), (CLIENT, segment(SYN)))
    assert passed(Passage({}, [SYNS_CROSS]), *frames) == [
        [],
        [(1, False)],
        [(0, False), (2, False)],
        [(3, False)],
    ]


def test_nothing_waits_for_a_frame_that_has_passed() -> None:
    frames = ((SERVER, segment(SYN)), (CLIENT, segment(SYN)))
    assert passed(Passage({}, [SYNS_CROSS]), *frames) == [[(0, False)], [(1, False)]]


def test_what_was_asked_for_goes_before_what_the_scene_does_with_that_frame() -> None:
    passage = Passage(fault(Deed.LOSE, CLIENT, FrameKind.SYN), [SYNS_CROSS])
    assert passed(passage, (CLIENT, segment(SYN))) == [[(0, True)]]


def test_what_waits_to_the_end_is_let_go_once() -> None:
    passage = Passage({}, [SYNS_CROSS])
    assert entered(passage, 0, CLIENT, segment(SYN)) == []
    assert [frame.sighting.time_ns for frame in passage.let_kept_go()] == [0]
    assert passage.let_kept_go() == []


def test_a_held_frame_goes_when_it_is_let_go_and_no_other_with_it() -> None:
    passage = Passage(fault(Deed.HOLD, CLIENT, FrameKind.SYN, count=3))
    assert passed(passage, *[(CLIENT, segment(SYN))] * 4) == [[], [], [], [(3, False)]]
    assert {number: frame.nth for number, frame in passage.held.items()} == {1: 1, 2: 2, 3: 3}
    assert [frame.nth for frame in passage.let_go(2)] == [2]
    assert passage.let_go(2) == passage.let_go(9) == []
    assert [frame.nth for frame in passage.let_go(0)] == [1, 3]
    assert passage.held == {}


def test_nobody_holds_a_frame_for_ever() -> None:
    passage = Passage(fault(Deed.HOLD, CLIENT, FrameKind.SYN))
    entered(passage, 5, CLIENT, segment(SYN))
    assert passage.next_overdue_ns == 5 + LONGEST_HOLD_NS
    assert passage.overdue(4 + LONGEST_HOLD_NS) == []
    assert [frame.nth for frame in passage.overdue(5 + LONGEST_HOLD_NS)] == [1]
    assert passage.next_overdue_ns is None


def test_a_swapped_frame_goes_as_soon_as_the_next_one_of_its_side_has_left() -> None:
    passage = Passage(fault(Deed.SWAP, SERVER, FrameKind.DATA))
    assert entered(passage, 0, SERVER, segment(ACK, b"x")) == []
    (others,) = entered(passage, 1, CLIENT, segment(ACK))
    (following,) = entered(passage, 2, SERVER, segment(ACK))
    (later,) = entered(passage, 3, SERVER, segment(ACK))
    assert passage.left(others) == []
    assert [frame.sighting.time_ns for frame in passage.left(following)] == [0]
    assert passage.left(later) == []


def test_of_two_swapped_frames_each_goes_behind_the_one_after_it() -> None:
    passage = Passage(fault(Deed.SWAP, SERVER, FrameKind.DATA, count=2))
    assert passed(passage, *[(SERVER, segment(ACK, b"x"))] * 2) == [[], []]
    (third,) = entered(passage, 2, SERVER, segment(ACK, b"x"))
    (second,) = passage.left(third)
    (first,) = passage.left(second)
    assert [first.nth, second.nth, third.nth] == [1, 2, 3]


def test_a_swapped_frame_that_nothing_follows_goes_alone_after_a_while() -> None:
    passage = Passage(fault(Deed.SWAP, SERVER, FrameKind.DATAGRAM))
    entered(passage, 7, SERVER, packet(17, struct.pack("!HHHH", 80, 35310, 8, 0)))
    assert passage.overdue(6 + LONGEST_SWAP_NS) == []
    assert [frame.nth for frame in passage.overdue(7 + LONGEST_SWAP_NS)] == [1]


def test_a_duplicated_frame_goes_on_twice_and_the_second_is_told_apart() -> None:
    passage = Passage(fault(Deed.DUPLICATE, CLIENT, FrameKind.SYN))
    first, second = entered(passage, 0, CLIENT, segment(SYN))
    assert (first.is_copy, second.is_copy) == (False, True)
    assert first.sighting == second.sighting
    assert second.extra_ns > first.extra_ns == 0


def test_a_delayed_frame_is_later_by_what_was_asked() -> None:
    (late,) = entered(Passage(fault(Deed.DELAY, CLIENT, FrameKind.SYN, delay_ms=30)), 0, CLIENT, segment(SYN))
    assert late.extra_ns == 30_000_000


def test_a_bit_of_the_ethernet_header_stops_at_the_card_and_one_of_the_data_does_not() -> None:
    wrong = {
        place: entered(
            Passage(fault(Deed.CORRUPT, CLIENT, FrameKind.DATA, place=place)), 0, CLIENT, segment(ACK, b"x")
        )[0]
        for place in Place
    }
    assert [place for place, frame in wrong.items() if frame.at_card] == [Place.ETHERNET]
    assert wrong[Place.DATA].flipped_bit == 8 * (14 + 20 + 20) + 7


def test_when_the_run_is_over_everything_goes_on_and_nothing_is_kept_any_more() -> None:
    passage = Passage(
        fault(Deed.HOLD, CLIENT, FrameKind.SYN, count=2) | fault(Deed.SWAP, SERVER, FrameKind.DATA), [SYNS_CROSS]
    )
    entered(passage, 0, CLIENT, segment(SYN))
    entered(passage, 1, SERVER, segment(ACK, b"x"))
    assert sorted(frame.sighting.time_ns for frame in passage.give_up()) == [0, 1]
    assert passed(passage, (CLIENT, segment(SYN))) == [[(0, False)]]
    assert passage.held == {}
