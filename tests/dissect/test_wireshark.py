"""Wireshark's names and tshark's own text, as tshark 4.0 gave them for the same octets."""

import json
from pathlib import Path

import pytest

from layersviz.core.packet import LinkType, Packet
from layersviz.dissect import dissect
from layersviz.dissect.wireshark import stateless_fields
from layersviz.files import open_capture
from tests.dissect.octets import IPV6_ADDRESSES, dns, ethernet, icmp, ipv4, ipv6, tcp, udp

CAPTURES = Path(__file__).resolve().parents[3] / "shared" / "captures"
ORACLES = sorted((CAPTURES / "oracle").glob("*.jsonl"))
OF_A_HEADER = ("eth.", "vlan.", "arp.", "ip.", "ipv6.", "udp.", "icmpv6.", "dns.", "frame.number", "frame.len")


def fields(octets, length=None, link_type=LinkType.ETHERNET, **others):
    length = len(octets) if length is None else length
    packet = Packet(number=1, octets=octets, length=length, time_ns=None, link_type=link_type, **others)
    return stateless_fields(packet, dissect(octets, link_type, length))


def test_a_segment_has_its_flags_in_twelve_bits_and_its_options_as_octets():
    shown = fields(ethernet(0x0800, ipv4(6, tcp(b"data", options=bytes.fromhex("020405b4"), flags=0x12))))
    assert shown["tcp.flags"] == ["0x0012"]
    assert (shown["tcp.hdr_len"], shown["tcp.len"]) == (["24"], ["4"])
    assert (shown["tcp.options"], shown["tcp.option_kind"]) == (["020405b4"], ["2"])
    assert (shown["tcp.checksum.status"], shown["ip.checksum.status"]) == (["1"], ["1"])
    assert shown["frame.protocols"] == ["eth:ethertype:ip:tcp:data"]


def test_an_error_gives_two_values_outermost_first():
    shown = fields(ethernet(0x0800, ipv4(1, icmp(3, 3, bytes(4) + ipv4(17, udp(b"question"))[:28]))))
    assert (shown["ip.proto"], shown["icmp.type"], shown["udp.dstport"]) == (["1", "17"], ["3"], ["2222"])
    assert "_ws.malformed" not in shown


def test_of_a_segment_header_that_is_cut_only_the_ports_are_known_before_the_window():
    whole = ethernet(0x0800, ipv4(6, tcp()))
    shown = fields(whole[: 34 + 15], len(whole))
    assert shown["tcp.srcport"] == ["1111"]
    assert not {"tcp.seq_raw", "tcp.flags", "tcp.len"} & set(shown)
    assert shown["_ws.short"] == ["[Packet size limited during capture: TCP truncated]"]
    assert fields(whole[: 34 + 16], len(whole))["tcp.window_size_value"] == ["500"]


def test_what_the_packet_itself_cuts_is_malformed():
    shown = fields(ethernet(0x0800, ipv4(6, tcp()[:12])))
    assert shown["_ws.malformed"] == ["[Malformed Packet: TCP]", "_ws.malformed"]


def test_a_udp_length_beyond_the_packet_is_counted_and_read_on():
    datagram = udp(dns(b"\x01a\0\0\1\0\1"), ports=(4000, 53))
    shown = fields(ethernet(0x0800, ipv4(17, datagram[:4] + b"\x40\0" + datagram[6:])))
    assert (shown["_ws.malformed"], shown["udp.checksum.status"]) == (["_ws.malformed"], ["2"])
    assert shown["dns.qry.name"] == ["a"]


def test_a_zero_checksum_is_not_present_over_ipv4_and_illegal_over_ipv6():
    datagram = udp(b"data")
    silent = datagram[:6] + bytes(2) + datagram[8:]
    assert fields(ethernet(0x0800, ipv4(17, silent)))["udp.checksum.status"] == ["3"]
    assert fields(ethernet(0x86DD, ipv6(17, silent)))["udp.checksum.status"] == ["4"]


@pytest.mark.parametrize(
    ("octets", "link_type", "protocols", "encapsulation"),
    [
        (bytes.fromhex("02000000") + ipv4(6, tcp()), LinkType.NULL, "null:ip:tcp", "15"),
        (bytes.fromhex("00000002") + ipv4(6, tcp()), LinkType.LOOP, "null:ip:tcp", "174"),
        (ipv6(6, tcp(addresses=IPV6_ADDRESSES)), LinkType.RAW, "raw:ipv6:tcp", "7"),
        (ipv4(6, tcp()), LinkType.IPV4, "ip:tcp", "129"),
        (ipv6(6, tcp(addresses=IPV6_ADDRESSES)), LinkType.IPV6, "ipv6:tcp", "130"),
    ],
)
def test_other_links_have_no_ethernet_fields(octets, link_type, protocols, encapsulation):
    shown = fields(octets, link_type=link_type)
    assert (shown["frame.protocols"], shown["frame.encap_type"]) == ([protocols], [encapsulation])
    assert not [name for name in shown if name.startswith("eth.")]


def test_an_interface_and_comments_are_there_only_where_the_capture_has_them():
    plain = fields(ethernet(0x1234, b"abc"))
    assert not {"frame.interface_id", "frame.comment"} & set(plain)
    told = fields(ethernet(0x1234, b"abc"), interface=2, comments=("one", "two"))
    assert (told["frame.interface_id"], told["frame.comment"]) == (["2"], ["one", "two"])


@pytest.mark.skipif(not ORACLES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.stem)
def test_headers_of_captures_by_others_agree_with_tshark(oracle):
    """Fields below the transport and UDP's; a fragment's are known only with the other fragments."""
    expected = [json.loads(line) for line in oracle.read_text(encoding="utf-8", errors="surrogateescape").splitlines()]
    with open_capture(CAPTURES / oracle.stem) as capture:
        for packet, theirs in zip(capture, expected, strict=True):
            ours = stateless_fields(packet, dissect(packet.octets, packet.link_type, packet.length))
            for name in sorted(set(ours) | set(theirs)):
                if name.startswith(OF_A_HEADER):
                    assert ours.get(name) == theirs.get(name), (packet.number, name)
