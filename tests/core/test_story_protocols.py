"""What packets of captures by others say: protocols, checksums, fragments; and no word of programs unknown to us."""

import struct

import pytest

from layersviz.core.journey import Half, Mark
from layersviz.core.layer import Layer
from layersviz.core.packet import LinkType
from layersviz.core.played_run import Source
from tests.core.foreign import has_stop, hosts, line, play, sentences, stop, told, wire
from tests.dissect.octets import IPV6_ADDRESSES, dns, icmp, ipv4, ipv6, pseudo, tcp, udp
from tests.survey.segments import CLIENT, HANDSHAKE, SERVER, Sent

QUESTION = b"\x07example\x03org\0\0\1\0\1"
ANSWER = b"\xc0\x0c\0\1\0\1\0\0\x0e\x10\0\4\xc0\0\2\1"
DATAGRAM = ipv4(17, udp(b"hello"))


def packet(octets: bytes, **options: object):  # type: ignore[no-untyped-def]
    return told(octets, link_type=LinkType.RAW, **options)  # type: ignore[arg-type]


def test_a_dns_question_and_its_answer_are_told_in_words() -> None:
    asks = packet(ipv4(17, udp(dns(QUESTION), ports=(4000, 53))))
    message = struct.pack("!HHHHHH", 7, 0x8180, 1, 1, 0, 0) + QUESTION + ANSWER
    answers = packet(ipv4(17, udp(message, ports=(53, 4000))))
    assert asks.arrow == "DNS query A example.org"
    assert "which IPv4 address has example.org?" in stop(asks, Half.DOWN, Layer.APPLICATION).sentence
    assert answers.arrow == "DNS answer A 192.0.2.1"
    assert line(stop(answers, Half.UP, Layer.APPLICATION), "Answer").text == "A 192.0.2.1"


def test_a_question_that_has_no_answer_says_why() -> None:
    message = struct.pack("!HHHHHH", 7, 0x8183, 1, 0, 0, 0) + QUESTION
    assert packet(ipv4(17, udp(message, ports=(53, 4000)))).arrow == "DNS answer no such name"


def test_udp_has_no_states() -> None:
    assert {step.states for step in packet(DATAGRAM).steps} == {None}


@pytest.mark.parametrize(
    ("message", "arrow"),
    [
        (icmp(8, 0, b"\0\1\0\5hello"), "ICMP echo request 5"),
        (icmp(0, 0, b"\0\1\0\5hello"), "ICMP echo reply 5"),
        (icmp(3, 3, bytes(4) + DATAGRAM[:28]), "ICMP port unreachable"),
        (icmp(11, 0, bytes(4) + DATAGRAM[:28]), "ICMP time exceeded"),
        (icmp(42, 0, bytes(4)), "ICMP type 42"),
    ],
)
def test_an_icmp_message_has_its_own_name_and_ends_at_the_network_layer(message: bytes, arrow: str) -> None:
    journey = packet(ipv4(1, message))
    assert journey.arrow == arrow
    assert {step.layer for step in journey.steps if step.half is not Half.WIRE} == {Layer.NETWORK}


def test_an_error_says_which_packet_it_quotes() -> None:
    journey = packet(ipv4(1, icmp(3, 3, bytes(4) + DATAGRAM)))
    assert "from 10.0.0.1 to 10.0.0.2 (UDP to port 2222)" in stop(journey, Half.DOWN, Layer.NETWORK).sentence
    labels = [part.label for part in wire(journey).parts]
    assert labels == ["IPv4", "ICMP", "quoted packet"]


def test_neighbour_discovery_asks_what_arp_asks() -> None:
    head = b"\x87\0\0\0" + bytes(4) + IPV6_ADDRESSES[16:]
    total = pseudo(58, len(head), IPV6_ADDRESSES) + head
    checksum = (~(sum(struct.unpack(f"!{len(total) // 2}H", total)) % 0xFFFF)) & 0xFFFF
    journey = packet(ipv6(58, head[:2] + checksum.to_bytes(2) + head[4:]))
    assert journey.arrow == "ICMPv6 who has ::2"
    assert "What ARP is to IPv4" in stop(journey, Half.DOWN, Layer.NETWORK).sentence
    assert line(stop(journey, Half.UP, Layer.NETWORK), "ICMPv6 checksum").mark is Mark.GOOD


def test_ipv6_has_no_checksum_and_its_extension_headers_are_told() -> None:
    datagram = udp(b"hello", addresses=IPV6_ADDRESSES)
    journey = packet(ipv6(0, bytes.fromhex("1100010400000000") + datagram), between=hosts(client="::1", server="::2"))
    down, up = stop(journey, Half.DOWN, Layer.NETWORK), stop(journey, Half.UP, Layer.NETWORK)
    assert "no checksum of its own" in down.sentence
    assert "every router on the way" in down.sentence
    assert not any(each.label == "Checksum" for each in up.lines)
    assert line(up, "Next header").text == "17 (UDP): up to UDP"
    assert line(up, "Taken off").text == "48 bytes"


def test_a_fragment_says_where_it_belongs() -> None:
    journey = packet(ipv4(17, bytes(16), fragmentation=0x2000 | 185))
    assert journey.arrow == "IPv4 fragment at offset 1480"
    assert "16 bytes belong at offset 1480" in stop(journey, Half.DOWN, Layer.NETWORK).sentence
    assert not has_stop(journey, Half.UP, Layer.TRANSPORT)


def test_a_packet_within_a_packet_is_told_with_both_ways() -> None:
    journey = packet(ipv4(4, ipv4(17, udp(b"hello"))))
    assert "inside another packet" in stop(journey, Half.DOWN, Layer.NETWORK).sentence


def test_a_partial_checksum_is_not_called_wrong() -> None:
    segment = tcp(b"x")
    total = pseudo(6, len(segment))
    partial = (sum(struct.unpack("!6H", total)) % 0xFFFF).to_bytes(2)
    up = stop(packet(ipv4(6, segment[:16] + partial + segment[18:])), Half.UP, Layer.TRANSPORT)
    assert "partial, not wrong" in up.sentence
    assert line(up, "Checksum").mark is Mark.PLAIN


def test_a_wrong_checksum_in_a_capture_by_others_may_be_the_cards_to_come() -> None:
    segment = tcp(b"x")
    journey = packet(ipv4(6, segment[:16] + b"\0\1" + segment[18:]))
    up = stop(journey, Half.UP, Layer.TRANSPORT)
    assert "either damage" in up.sentence
    assert line(up, "Checksum").mark is Mark.BAD
    assert has_stop(journey, Half.UP, Layer.APPLICATION)


def test_in_the_lab_a_damaged_segment_goes_no_further_and_changes_nothing() -> None:
    segment = tcp(flags=2)
    journey = packet(ipv4(6, segment[:16] + b"\0\1" + segment[18:]), source=Source.LAB)
    assert journey.steps[-1].layer is Layer.TRANSPORT
    assert "TCP drops it." in journey.steps[-1].sentence
    assert journey.steps[-1].states is not None
    assert journey.steps[-1].states.server == "LISTEN"


def test_no_word_is_said_of_programs_that_nobody_knows() -> None:
    run = (
        *HANDSHAKE,
        Sent(CLIENT, "PA", 1, 1, 100),
        Sent(SERVER, "A", 1, 101, 500),
        Sent(SERVER, "FA", 501, 101),
        Sent(CLIENT, "FA", 101, 502),
        Sent(SERVER, "A", 502, 102),
    )
    for journey in play(*run):
        told_words = sentences(journey) + " ".join(each.text for step in journey.steps for each in step.lines)
        assert "Hello World" not in told_words
        assert "()" not in told_words
        assert {(step.client_call, step.server_call) for step in journey.steps} == {("", "")}
    assert "Hello World" in sentences(play(*run, source=Source.LIVE)[0])


@pytest.mark.parametrize("flags", range(64))
def test_any_flags_are_told(flags: int) -> None:
    journey = packet(ipv4(6, tcp(flags=flags)))
    assert journey.name
    assert all(step.sentence for step in journey.steps)


def test_the_next_hops_mtu_is_shown_only_where_a_packet_is_too_big() -> None:
    quote = ipv4(17, udp(b"late"))
    for code, is_shown in ((3, False), (4, True)):
        step = stop(packet(ipv4(1, icmp(3, code, bytes(4) + quote))), Half.DOWN, Layer.NETWORK)
        assert ("Next hop's MTU" in {each.label for each in step.lines}) is is_shown


def test_an_error_says_whether_it_quotes_all_of_the_packet_and_who_gets_it() -> None:
    quote = ipv4(17, udp(b"late"))
    whole, part = [packet(ipv4(1, icmp(3, 3, bytes(4) + each))) for each in (quote, quote[:28])]
    assert "It quotes that packet, " in stop(whole, Half.DOWN, Layer.NETWORK).sentence
    assert "It quotes the beginning of that packet, " in stop(part, Half.DOWN, Layer.NETWORK).sentence
    assert "By the quoted ports UDP finds the socket" in stop(whole, Half.UP, Layer.NETWORK).sentence


def test_a_question_for_a_neighbour_is_named_once() -> None:
    head = b"\x87\0\0\0" + bytes(4) + IPV6_ADDRESSES[16:]
    journey = packet(ipv6(58, head))
    told_down = stop(journey, Half.DOWN, Layer.NETWORK).sentence
    assert told_down.startswith("Neighbour solicitation (ICMPv6).")
    assert told_down.lower().count("who has") == 1
    assert journey.title.endswith("the client sends a neighbour solicitation")
