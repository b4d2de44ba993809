"""The link: tags, lengths and EtherTypes, and links that are no Ethernet at all."""

import pytest

from layersviz.core.packet import LinkType
from layersviz.dissect import dissect
from tests.dissect.octets import ethernet, ipv4, ipv6, tcp

SEGMENT = ipv4(6, tcp(b"hello"))
ARP = bytes.fromhex("0001080006040001" + "0200000000010a000001" + "0000000000000a000002")


def names(dissection):
    return [header.protocol for header in dissection]


@pytest.mark.parametrize(
    ("kind", "protocol", "prefix"),
    [(0x8100, "802.1Q", "vlan"), (0x88A8, "802.1ad", "ieee8021ad"), (0x9100, "802.1Q", "vlan")],
)
def test_tags_are_headers_of_their_own_and_may_be_stacked(kind, protocol, prefix):
    tagged = ethernet(kind, bytes.fromhex("600a") + bytes.fromhex("81000014") + bytes.fromhex("0800") + SEGMENT)
    dissection = dissect(tagged)
    assert names(dissection) == ["Ethernet II", protocol, "802.1Q", "IPv4", "TCP"]
    outer, inner = dissection.headers[1:3]
    assert [outer.number(f"{prefix}.{name}") for name in ("priority", "dei", "id")] == [3, 0, 10]
    assert (inner.number("vlan.id"), inner.text("vlan.etype")) == (20, "0x0800 (IPv4)")


def test_a_length_instead_of_an_ethertype_means_llc_and_what_lies_behind_it_pads():
    dissection = dissect(ethernet(7, bytes.fromhex("424203") + b"spam" + bytes(20)))
    assert names(dissection) == ["IEEE 802.3", "LLC"]
    assert (dissection.headers[0].number("eth.len"), dissection.payload, dissection.padding) == (7, b"spam", 20)


def test_snap_gives_an_ethertype_again():
    dissection = dissect(ethernet(8 + len(SEGMENT), bytes.fromhex("aaaa030000000800") + SEGMENT))
    assert names(dissection) == ["IEEE 802.3", "LLC", "SNAP", "IPv4", "TCP"]


def test_neither_a_length_nor_an_ethertype_is_said_to_be_that():
    dissection = dissect(ethernet(1520, b"what"))
    assert (names(dissection), dissection.payload) == (["Ethernet"], b"what")
    assert "1520" in dissection.problem


@pytest.mark.parametrize(
    ("link_type", "octets", "expected"),
    [
        (LinkType.NULL, bytes.fromhex("02000000") + SEGMENT, ["Loopback", "IPv4", "TCP"]),
        (LinkType.NULL, bytes.fromhex("0000001e") + ipv6(59, b""), ["Loopback", "IPv6"]),
        (LinkType.LOOP, bytes.fromhex("00000002") + SEGMENT, ["Loopback", "IPv4", "TCP"]),
        (LinkType.RAW, SEGMENT, ["IPv4", "TCP"]),
        (LinkType.RAW, ipv6(59, b""), ["IPv6"]),
        (LinkType.IPV4, SEGMENT, ["IPv4", "TCP"]),
        (LinkType.IPV6, ipv6(59, b""), ["IPv6"]),
        (LinkType.LINUX_SLL, bytes.fromhex("00040001000602000000000100000806") + ARP, ["Linux cooked", "ARP"]),
        (
            LinkType.LINUX_SLL2,
            bytes.fromhex("0806000000000003000100060200000000010000") + ARP,
            ["Linux cooked 2", "ARP"],
        ),
        (
            LinkType.LINUX_SLL2,
            bytes.fromhex("8035000000000003000100060200000000010000") + ARP,
            ["Linux cooked 2", "RARP"],
        ),
        (147, SEGMENT, []),
    ],
)
def test_every_link_type_has_its_own_header_and_none_is_invented(link_type, octets, expected):
    dissection = dissect(octets, link_type)
    assert names(dissection) == expected
    assert dissection.header("Ethernet II") is None
    assert dissection.problem == ""


def test_of_an_unknown_link_type_all_is_payload():
    assert dissect(b"abc", 147).payload == b"abc"


def test_a_pppoe_session_carries_ip_and_its_padding_is_not_payload():
    session = bytes.fromhex("11000011") + (len(SEGMENT) + 2).to_bytes(2) + bytes.fromhex("0021") + SEGMENT
    dissection = dissect(ethernet(0x8864, session + bytes(4)))
    assert names(dissection) == ["Ethernet II", "PPPoE session", "PPP", "IPv4", "TCP"]
    assert (dissection.payload, dissection.padding) == (b"hello", 4)


def test_what_ppp_carries_besides_ip_is_payload_with_a_name():
    dissection = dissect(ethernet(0x8864, bytes.fromhex("110000110006c02101010004")))
    assert dissection.header("PPP").text("ppp.protocol") == "0xc021 (LCP)"
    assert dissection.payload == bytes.fromhex("01010004")


def test_pppoe_discovery_shows_its_tags():
    tags = bytes.fromhex("01010000" + "01020004") + b"BRAS"
    dissection = dissect(ethernet(0x8863, bytes.fromhex("11070000") + len(tags).to_bytes(2) + tags))
    fields = dissection.header("PPPoE tags").fields
    assert [field.text for field in fields] == [
        "0x0101 (Service name)",
        "0",
        "0x0102 (Access concentrator's name)",
        "4",
        "BRAS",
    ]
