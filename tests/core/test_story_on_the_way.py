"""What a capture of one link can and can't know of a packet's way, and what a receiver's network layer keeps."""

import struct

import pytest

from layersviz.core.frame import Frame
from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey, Mark
from layersviz.core.layer import Layer
from layersviz.core.packet import LinkType
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.dissect import dissect
from tests.core.foreign import hosts, line, sentences, stop, told
from tests.dissect.octets import IPV6_ADDRESSES, MACS, ethernet, icmp, ipv4, ipv6, tcp, udp

ECHO = icmp(8, 0, b"\0\1\0\5" + bytes(40))
MORE = 0x2000
ARP_HEAD = bytes.fromhex("0001 0800 06 04")
MAC, NO_MAC = bytes.fromhex("020000000001"), bytes(6)
OWN, OTHER = bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))


def arp(opcode: int, sender: bytes, target: bytes) -> bytes:
    return ethernet(0x0806, ARP_HEAD + opcode.to_bytes(2) + MAC + sender + NO_MAC + target)


def up(octets: bytes, *, source: Source = Source.FILE, sender: Side = Side.CLIENT) -> tuple[str, Mark]:
    """What the receiver's network layer says, and how it marks the destination."""
    step = stop(told(ethernet(0x0800, octets), source=source, sender=sender), Half.UP, Layer.NETWORK)
    return step.sentence, line(step, "Dest IP").mark


def with_lifetime(packet: bytes, lifetime: int) -> bytes:
    """The same packet with another TTL; its checksum is wrong then, which is all the same here."""
    return packet[:8] + bytes((lifetime,)) + packet[9:]


def test_that_an_echo_request_came_all_the_way_a_file_can_not_tell() -> None:
    sentence, mark = up(ipv4(1, ECHO))
    assert "that it came all the way to 10.0.0.2, only an answer can tell" in sentence
    assert mark is Mark.CAPTURED


def test_a_last_ttl_is_said_to_end_at_the_next_router() -> None:
    assert "with TTL 1 a router drops it" in up(with_lifetime(ipv4(1, ECHO), 1))[0]


def test_a_segment_in_a_file_may_have_routers_before_it() -> None:
    sentence, mark = up(ipv4(6, tcp()))
    assert "10.0.0.2 is the server's address; routers may lie between." in sentence
    assert mark is Mark.CAPTURED


def test_on_the_labs_link_and_at_our_own_server_the_address_is_mine() -> None:
    assert up(ipv4(1, ECHO), source=Source.LAB)[1] is Mark.GOOD
    assert up(ipv4(6, tcp()), source=Source.LIVE)[1] is Mark.GOOD
    assert "routers" not in up(ipv4(6, tcp()), source=Source.LIVE)[0]


def test_towards_a_live_visitor_routers_may_lie_between() -> None:
    back = ipv4(6, tcp())
    back = back[:12] + OTHER + OWN + back[20:]
    sentence, mark = up(back, source=Source.LIVE, sender=Side.SERVER)
    assert "routers may lie between" in sentence
    assert mark is Mark.CAPTURED


LINK_LOCAL = bytes.fromhex("fe80") + bytes(13) + b"\1" + bytes.fromhex("ff02") + bytes(13) + b"\1"


@pytest.mark.parametrize("addresses", [LINK_LOCAL, LINK_LOCAL[:16] + IPV6_ADDRESSES[16:]])
def test_no_router_takes_from_what_stays_on_the_link(addresses: bytes) -> None:
    journey = told(ethernet(0x86DD, ipv6(17, udp(b"x", addresses=addresses), addresses)))
    sentence = stop(journey, Half.DOWN, Layer.NETWORK).sentence
    assert "Each router" not in sentence
    assert "no router passes such a packet on" in sentence


def test_what_goes_to_everyone_on_the_link_meets_no_router() -> None:
    frame = bytes([255] * 6) + ethernet(0x0800, ipv4(17, udp(b"x")))[6:]
    assert "Each router" not in sentences(told(frame))


def test_loopback_has_no_router() -> None:
    loopback = (bytes(15) + b"\1") * 2
    octets = (30).to_bytes(4, "little") + ipv6(17, udp(b"x", addresses=loopback), loopback)
    journey = told(octets, link_type=LinkType.NULL, between=hosts(client="::1", server="::1"))
    assert "the packet never leaves this host" in stop(journey, Half.DOWN, Layer.NETWORK).sentence
    assert line(stop(journey, Half.UP, Layer.NETWORK), "Dest IP").mark is Mark.GOOD


def test_a_host_that_asks_itself_needs_no_router() -> None:
    packet = ipv4(1, ECHO)
    journey = told(packet[:16] + OWN + packet[20:], link_type=LinkType.RAW, between=hosts(server="10.0.0.1"))
    assert "routers" not in sentences(journey)
    assert "There ICMP" not in sentences(journey)


def test_elsewhere_each_router_takes_one_off() -> None:
    assert "Each router takes 1 off the TTL, 64" in sentences(told(ethernet(0x0800, ipv4(17, udp(b"x")))))


def play(*packets: bytes, skipped: int = 0) -> list[Journey]:
    """The packets in order; the first so many are only followed."""
    story = Story(hosts=hosts(), source=Source.FILE)
    journeys = []
    for number, octets in enumerate(packets, start=1):
        frame = Frame(number=number, time_ns=number, sender=Side.CLIENT, octets=octets, link_type=LinkType.RAW)
        if number <= skipped:
            story.skip(frame, dissect(octets, frame.link_type))
        else:
            journeys.append(story.tell(frame, dissect(octets, frame.link_type)))
    return journeys


FIRST, SECOND, LAST = (
    ipv4(1, ECHO[:16], fragmentation=MORE),
    ipv4(1, ECHO[16:32], fragmentation=MORE | 2),
    ipv4(1, ECHO[32:], fragmentation=4),
)


def at_network(journey: Journey) -> str:
    return stop(journey, Half.UP, Layer.NETWORK).sentence


def test_fragments_wait_until_the_last_has_come() -> None:
    first, second, last = play(FIRST, SECOND, LAST)
    assert "its 16 bytes wait here until all pieces are there" in at_network(first)
    assert "its 16 bytes wait here" in at_network(second)
    assert "with it the 48 bytes are whole: ICMP echo request" in at_network(last)
    step = stop(last, Half.UP, Layer.NETWORK)
    assert line(step, "Put together").text == "48 bytes: ICMP echo request"


@pytest.mark.parametrize("order", [(LAST, FIRST, SECOND), (SECOND, LAST, FIRST)])
def test_the_last_piece_to_come_need_not_be_the_packets_end(order: tuple[bytes, ...]) -> None:
    journeys = play(*order)
    assert ["are whole" in at_network(journey) for journey in journeys] == [False, False, True]


def test_pieces_that_were_only_followed_count_too() -> None:
    assert "are whole" in at_network(play(FIRST, SECOND, LAST, skipped=2)[0])


def test_a_piece_that_never_came_leaves_the_others_waiting() -> None:
    assert all("wait here" in at_network(journey) for journey in play(FIRST, LAST))


def test_a_fragments_data_stays_where_it_waits() -> None:
    step = stop(play(FIRST)[0], Half.UP, Layer.NETWORK)
    assert [(part.label, part.octets) for part in step.parts] == [("data", 16)]


def test_a_fragmented_ipv6_datagram_is_named_by_what_it_carries() -> None:
    datagram = udp(bytes(16), ports=(4000, 53), addresses=IPV6_ADDRESSES)
    pieces = [
        ipv6(44, struct.pack("!BBHI", 17, 0, 1, 7) + datagram[:8]),
        ipv6(44, struct.pack("!BBHI", 17, 0, 8, 7) + datagram[8:]),
    ]
    assert "the 24 bytes are whole: UDP to port 53" in at_network(play(*pieces)[-1])


def test_an_arp_announcement_asks_nobody() -> None:
    for opcode in (1, 2):
        journey = told(arp(opcode, OWN, OWN), between=hosts(server="10.0.0.1"))
        assert journey.name == "ARP announcement"
        assert journey.title == "the client announces its address"
        assert "who has" not in journey.arrow
        assert "Nobody is to answer" in at_network(journey)
        assert line(stop(journey, Half.UP, Layer.NETWORK), "Target IP").mark is Mark.CAPTURED


def test_an_arp_probe_asks_for_an_address_that_it_has_not_got_yet() -> None:
    journey = told(arp(1, bytes(4), OTHER))
    assert journey.name == "ARP probe"
    assert journey.arrow == "ARP: is 10.0.0.2 free?"
    assert "Tell 0.0.0.0" not in sentences(journey)


def test_an_arp_request_still_asks() -> None:
    journey = told(arp(1, OWN, OTHER))
    assert (journey.name, journey.arrow) == ("ARP request", "ARP: who has 10.0.0.2?")
    assert "Who has 10.0.0.2 answers" in at_network(journey)


def test_an_ip_header_that_was_cut_says_so_and_no_value() -> None:
    frame = ethernet(0x0800, ipv4(17, udp(bytes(40))))
    journey = told(frame[:26], length=len(frame))
    assert "not captured" not in sentences(journey)
    assert "only 12 of its 20 header bytes were kept" in at_network(journey)


def test_a_packet_of_another_version_has_no_addresses_to_tell_of() -> None:
    journey = told(ethernet(0x0800, b"\x55" + ipv4(17, udp(bytes(40)))[1:]))
    assert "not captured" not in sentences(journey) + " ".join(
        each.text for step in journey.steps for each in step.lines
    )
    assert "it is IP version 5, not 4" in at_network(journey)


def test_arp_for_other_addresses_is_told_without_them() -> None:
    journey = told(ethernet(0x0806, bytes.fromhex("0001 86dd 06 10 0001") + bytes(44)))
    assert "not captured" not in sentences(journey) + " ".join(
        each.text for step in journey.steps for each in step.lines
    )
    assert "who has ?" not in journey.arrow


@pytest.mark.parametrize(("kept", "verb"), [(1, "was"), (13, "were")])
def test_an_ethernet_header_that_was_cut_says_so_and_no_value(kept: int, verb: str) -> None:
    frame = MACS + bytes(60)
    journey = told(frame[:kept], length=1_048_576)
    assert "not captured" not in sentences(journey)
    for half in (Half.DOWN, Half.UP):
        step = stop(journey, half, Layer.LINK)
        assert f"only {kept} of its 14 header bytes {verb} kept" in step.sentence
        assert line(step, "Header").text == f"{kept} of 14 bytes"
