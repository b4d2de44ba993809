"""Frames of every link: what was on a wire is shown as bits, and nothing is invented where there was none."""

import zlib

import pytest

from layersviz.core.journey import Half, Journey, Mark
from layersviz.core.layer import Layer
from layersviz.core.packet import LinkType
from tests.core.foreign import has_stop, hosts, line, sentences, stop, told, wire
from tests.dissect.octets import ethernet, ipv4, ipv6, tcp, udp

PACKET = ipv4(17, udp(b"hello, world, and a little more"))
LOOPBACK = bytes(15) + b"\1"
LOCAL = ipv6(17, udp(b"hello", addresses=LOOPBACK * 2), LOOPBACK * 2)
SLL = bytes.fromhex("0004 0001 0006 020000000001 0000 0800")
SLL2 = bytes.fromhex("0800 0000 00000002 0001 00 06 0200000000010000")


def physical(journey: Journey) -> bool:
    return any(step.layer is Layer.PHYSICAL and step.half is not Half.WIRE for step in journey.steps)


def computed(journey: Journey) -> list[str]:
    return [part.label for part in wire(journey).parts if part.computed]


def captured_octets(journey: Journey) -> int:
    return sum(part.octets for part in wire(journey).parts if not part.computed)


def test_a_whole_ethernet_frame_has_bits_and_a_check_sequence() -> None:
    frame = ethernet(0x0800, PACKET)
    journey = told(frame)
    assert journey.fcs == zlib.crc32(frame).to_bytes(4, "little").hex()
    assert physical(journey)
    assert computed(journey) == ["Preamble+SFD", "FCS"]


NO_WIRE = {
    "loopback of BSD": (LinkType.NULL, (30).to_bytes(4, "little") + LOCAL, "in memory", True),
    "loopback of OpenBSD": (LinkType.LOOP, (24).to_bytes(4) + LOCAL, "in memory", True),
    "loopback of Linux": (LinkType.ETHERNET, bytes(12) + b"\x86\xdd" + LOCAL, "in memory", True),
    "tunnel with BSD's note": (LinkType.NULL, (2).to_bytes(4, "little") + PACKET, "without link headers", True),
    "Linux cooked": (LinkType.LINUX_SLL, SLL + PACKET, "Linux's note", True),
    "Linux cooked 2": (LinkType.LINUX_SLL2, SLL2 + PACKET, "Linux's note", True),
    "raw": (LinkType.RAW, PACKET, "IP packet alone", False),
    "IPv4": (LinkType.IPV4, PACKET, "IP packet alone", False),
    "IPv6": (LinkType.IPV6, LOCAL, "IP packet alone", False),
}


@pytest.mark.parametrize("name", NO_WIRE)
def test_what_was_on_no_known_wire_has_neither_bits_nor_check_sequence(name: str) -> None:
    link_type, octets, said, has_link = NO_WIRE[name]
    journey = told(octets, link_type=link_type)
    assert journey.fcs == ""
    assert not physical(journey)
    assert computed(journey) == []
    assert captured_octets(journey) == len(octets)
    assert said in wire(journey).sentence
    assert has_stop(journey, Half.DOWN, Layer.LINK) == has_link
    assert "Ethernet" not in sentences(journey) or name == "loopback of Linux"
    assert has_stop(journey, Half.UP, Layer.TRANSPORT)


def test_linuxs_loopback_says_why_its_addresses_are_zero() -> None:
    journey = told(bytes(12) + b"\x86\xdd" + LOCAL, between=hosts(client="::1", server="::1"))
    assert "there is no card" in stop(journey, Half.DOWN, Layer.LINK).sentence
    assert line(stop(journey, Half.DOWN, Layer.LINK), "Addresses").text == "both zero: loopback has no card"


def test_addresses_of_zero_between_two_hosts_are_not_said_to_be_loopback() -> None:
    journey = told(bytes(12) + b"\x08\x00" + PACKET)
    assert "or they were removed" in stop(journey, Half.DOWN, Layer.LINK).sentence
    assert "in memory" not in sentences(journey)
    assert journey.fcs == ""


def test_an_unknown_link_type_is_payload_and_says_so() -> None:
    journey = told(b"whatever", link_type=147)
    assert [step.half for step in journey.steps] == [Half.WIRE]
    assert journey.steps[0].sentence == "Link type 147 is not known here: the 8 captured bytes are not read."
    assert [(part.label, part.octets) for part in wire(journey).parts] == [("data", 8)]


def test_a_frame_that_was_cut_short_has_no_check_sequence_and_shows_what_is_missing() -> None:
    frame = ethernet(0x0800, ipv4(6, tcp(b"x" * 100)))
    journey = told(frame[:90], length=len(frame))
    assert journey.fcs == ""
    assert not physical(journey)
    assert [(part.label, part.octets) for part in wire(journey).parts][-2:] == [("data", 36), ("not captured", 64)]
    assert "kept 90 of the frame's 154 bytes" in wire(journey).sentence
    assert line(stop(journey, Half.DOWN, Layer.NETWORK), "Size").text == "20 + 120 = 140 bytes"
    check = line(stop(journey, Half.UP, Layer.TRANSPORT), "Checksum")
    assert (check.text.endswith("not checkable"), check.mark) == (True, Mark.PLAIN)


def test_a_cut_inside_the_transport_header_is_no_data() -> None:
    frame = ethernet(0x0800, ipv4(6, tcp(options=bytes.fromhex("020405b40101080a0000000100000002"))))
    journey = told(frame[:60], length=len(frame))
    assert journey.name == "ACK"
    assert line(stop(journey, Half.DOWN, Layer.TRANSPORT), "Size").text == "36 + 0 = 36 bytes"


@pytest.mark.parametrize(("tags", "most"), [(0, 1514), (1, 1518), (2, 1522)])
def test_a_frame_larger_than_ethernets_was_never_one_frame_on_a_wire(tags: int, most: int) -> None:
    def journey(octets: int) -> Journey:
        head = bytes.fromhex("8100000a" * tags + "0800")
        return told(ethernet(0, b"")[:12] + head + ipv4(17, udp(bytes(octets - 14 - 4 * tags - 28))))

    assert physical(journey(most))
    larger = journey(most + 1)
    assert larger.fcs == ""
    assert f"{most + 1} bytes are more than an ordinary Ethernet frame has ({most})" in wire(larger).sentence


def test_each_tag_is_told_with_its_purpose() -> None:
    journey = told(ethernet(0x88A8, bytes.fromhex("000a 8100 0014 0800") + PACKET))
    down = stop(journey, Half.DOWN, Layer.LINK)
    assert "VLAN 10" in down.sentence
    assert "VLAN 20" in down.sentence
    assert [part.label for part in wire(journey).parts][1:5] == ["Ethernet", "802.1ad", "802.1Q", "IPv4"]
    assert journey.rows[3].protocol == "Ethernet II, 802.1ad, 802.1Q"


TWO_TAGS = bytes.fromhex("000a 8100 0014 0800")


@pytest.mark.parametrize(
    ("outer", "inner", "chain"),
    [
        (0x0800, b"", "EtherType 0x0800 (IPv4): up to IP"),
        (0x8100, TWO_TAGS[4:], "EtherType 0x8100 \u2192 VLAN 20 \u2192 0x0800 (IPv4): up to IP"),
        (0x8100, TWO_TAGS, "EtherType 0x8100 \u2192 VLAN 10 \u2192 VLAN 20 \u2192 0x0800 (IPv4): up to IP"),
    ],
)
def test_the_receiver_follows_the_tags_to_what_they_lead_to(outer: int, inner: bytes, chain: str) -> None:
    journey = told(ethernet(outer, inner + PACKET))
    up = stop(journey, Half.UP, Layer.LINK)
    assert chain in up.sentence
    assert line(up, "EtherType").text == chain.removeprefix("EtherType ").replace("to IP", "to IPv4")


def test_a_second_tag_is_not_told_in_the_firsts_words() -> None:
    down = stop(told(ethernet(0x8100, TWO_TAGS + PACKET)), Half.DOWN, Layer.LINK)
    assert down.sentence.count("one link serves as several") == 1


@pytest.mark.parametrize(
    ("code", "session", "clause", "said"),
    [
        (0x09, 0, "asks for an access concentrator", "(PADI)"),
        (0x07, 0, "offers itself as access concentrator", "The access concentrator BRAS has heard"),
        (0x19, 0, "asks the access concentrator for a session", "(PADR)"),
        (0x65, 17, "confirms the session", "this connection is session 17"),
        (0x65, 0, "refuses the session", "refuses: session 0 is none"),
        (0xA7, 17, "ends the session", "Session 17 ends here"),
    ],
)
def test_each_packet_of_pppoes_discovery_has_a_sentence_of_its_own(
    code: int, session: int, clause: str, said: str
) -> None:
    tags = bytes.fromhex("0102 0004") + b"BRAS"
    head = bytes((0x11, code)) + session.to_bytes(2) + len(tags).to_bytes(2)
    journey = told(ethernet(0x8863, head + tags))
    assert journey.title == f"the client {clause}"
    assert said in stop(journey, Half.DOWN, Layer.LINK).sentence
    assert "PPPoE itself takes it" in stop(journey, Half.UP, Layer.LINK).sentence


def test_a_length_in_place_of_a_type_is_told_as_that() -> None:
    journey = told(ethernet(46, bytes.fromhex("424203") + bytes(43)))
    assert "length, 46" in stop(journey, Half.DOWN, Layer.LINK).sentence
    assert journey.name == "LLC"


def test_a_packet_in_pppoe_is_told_to_its_application() -> None:
    journey = told(ethernet(0x8864, bytes.fromhex("11000011") + (len(PACKET) + 2).to_bytes(2) + b"\0\x21" + PACKET))
    assert "session 17" in stop(journey, Half.DOWN, Layer.LINK).sentence
    assert has_stop(journey, Half.UP, Layer.APPLICATION)


def test_in_a_capture_by_others_the_destination_mac_may_be_a_routers() -> None:
    up = stop(told(ethernet(0x0800, PACKET)), Half.UP, Layer.LINK)
    assert "a router's" in up.sentence
    assert line(up, "Dest MAC").mark is Mark.CAPTURED


def test_a_header_that_can_not_be_read_is_told_as_far_as_it_goes() -> None:
    journey = told(ethernet(0x0800, bytes.fromhex("4f00")))
    assert journey.problem in sentences(journey)
    assert told(b"").steps
