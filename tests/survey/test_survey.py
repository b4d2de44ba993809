"""What needs memory: fragments, HTTP messages over segments, times."""

import itertools
import struct

import msgspec
import pytest

from layersviz.core.fragments import MOST_PACKETS, Fragment, Fragments
from layersviz.core.packet import Packet
from layersviz.survey.fields import fields, seconds
from layersviz.survey.survey import Survey
from tests.survey.segments import (
    ADDRESSES,
    CLIENT,
    HANDSHAKE,
    SERVER,
    Sent,
    ipv4,
    packet_of,
    packets_of,
    plain,
    tcp,
)

MORE = 0x2000


def surveyed(packets: list[Packet]) -> list[dict[str, list[str]]]:
    survey = Survey()
    return [fields(survey.feed(packet)) for packet in packets]


def ethernet(number: int, octets: bytes) -> Packet:
    whole = b"\0" * 12 + b"\x08\0" + octets
    return Packet(number=number, octets=whole, length=len(whole), time_ns=number)


def pieces(size: int, *, identification: int = 1) -> list[bytes]:
    """A segment with 40 octets of data as IPv4 fragments of that size."""
    sent = Sent(CLIENT, "PA", 1, 1, 40)
    whole = tcp(sent, plain(sent), b"z" * 40)
    return [
        ipv4(
            b"".join(ADDRESSES),
            whole[at : at + size],
            identification=identification,
            fragmentation=at // 8 | (MORE if at + size < len(whole) else 0),
        )
        for at in range(0, len(whole), size)
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_transport_fields_stand_only_at_the_fragment_that_completes(order: tuple[int, ...]) -> None:
    parts = pieces(24)
    found = surveyed([ethernet(number, parts[place]) for number, place in enumerate(order, start=1)])
    assert ["tcp.srcport" in each for each in found] == [False, False, True]
    assert found[-1]["tcp.len"] == ["40"]
    assert found[-1]["tcp.stream"] == ["0"]
    assert found[-1]["ip.frag_offset"] == [str(order[-1] * 24 // 8)]
    assert found[-1]["frame.protocols"][0].startswith("eth:ethertype:ip:tcp")


def test_fragments_of_two_packets_do_not_mix() -> None:
    one, two = pieces(32, identification=1), pieces(32, identification=2)
    found = surveyed([ethernet(1, one[0]), ethernet(2, two[1])])
    assert all("tcp.srcport" not in each for each in found)


def test_what_waits_for_fragments_is_bounded() -> None:
    fragments = Fragments()
    for number in range(MOST_PACKETS + 1):
        fragments.add(Fragment(number.to_bytes(4), 0, True, b"x" * 8))
    assert fragments.add(Fragment((0).to_bytes(4), 8, False, b"y")) is None
    assert fragments.add(Fragment((2).to_bytes(4), 8, False, b"y")) == b"x" * 8 + b"y"


def test_fragments_beyond_the_greatest_packet_are_left_out() -> None:
    assert Fragments().add(Fragment(b"key", 65_528, False, b"x" * 100)) is None


REQUEST = b"GET /hello HTTP/1.1\r\nHost: me\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"


def conversation(*said: tuple[int, bytes, str]) -> list[Packet]:
    """A handshake and then what each side says, in order; flags besides ACK are the third value."""
    packets = packets_of(HANDSHAKE)
    at = [1, 1]
    for number, (side, data, flags) in enumerate(said, start=4):
        sent = Sent(side, "A" + flags, at[side], at[1 - side], len(data), ms=number * 10)
        packets.append(packet_of(number, sent, data))
        at[side] += len(data)
    return packets


def http(packets: list[Packet]) -> list[tuple[int, str]]:
    """The frames, from 1, at which messages are complete, with the method or the code."""
    return [
        (number, value)
        for number, each in enumerate(surveyed(packets), start=1)
        for name in ("http.request.method", "http.response.code")
        for value in each.get(name, ())
    ]


def test_a_message_is_told_at_the_segment_that_completes_it() -> None:
    packets = conversation(
        (CLIENT, REQUEST[:22], ""), (CLIENT, REQUEST[22:], ""), (SERVER, ANSWER[:40], ""), (SERVER, ANSWER[40:], "")
    )
    assert http(packets) == [(5, "GET"), (7, "200")]


@pytest.mark.parametrize(
    ("answer", "told_at"),
    [
        ([ANSWER], [5]),
        ([ANSWER[:30], ANSWER[30:42], ANSWER[42:]], [7]),
        ([ANSWER + ANSWER], [5, 5]),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"0\r\n\r\n"], [6]),
        ([b"HTTP/1.1 204 No Content\r\nContent-Length: 10\r\n\r\n"], [5]),
        ([b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nabc", b"def"], []),
    ],
)
def test_an_answer_is_as_long_as_its_head_says(answer: list[bytes], told_at: list[int]) -> None:
    packets = conversation((CLIENT, REQUEST, ""), *[(SERVER, part, "") for part in answer])
    assert [number for number, value in http(packets) if value != "GET"] == told_at


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    packets = conversation((CLIENT, REQUEST, ""), (SERVER, b"HTTP/1.1 200 OK\r\n\r\nabc", ""), (SERVER, b"", "F"))
    assert http(packets) == [(4, "GET"), (6, "200")]


def test_a_missing_segment_hides_the_message() -> None:
    packets = conversation(
        (CLIENT, REQUEST, ""), (SERVER, ANSWER[:40], ""), (SERVER, ANSWER[40:44], ""), (SERVER, ANSWER[44:], "")
    )
    assert http(packets[:5] + packets[6:]) == [(4, "GET")]


def test_a_segment_that_is_sent_again_completes_the_message_that_lacks_it() -> None:
    packets = conversation(
        (CLIENT, REQUEST, ""), (SERVER, ANSWER[:40], ""), (SERVER, ANSWER[40:44], ""), (SERVER, ANSWER[44:], "")
    )
    again = msgspec.structs.replace(packets[5], number=8, time_ns=packets[6].time_ns + 500_000_000)
    assert http([*packets[:5], packets[6], again]) == [(4, "GET"), (7, "200")]


def test_the_rest_of_a_message_that_was_missed_does_not_hide_the_next_one() -> None:
    packets = conversation(
        (CLIENT, REQUEST, ""), (SERVER, ANSWER, ""), (SERVER, b"\x07" * 20, ""), (SERVER, ANSWER, "")
    )
    assert http([*packets[:4], *packets[5:]]) == [(4, "GET"), (6, "200")]


def test_times_are_told_from_the_first_frame_also_backwards() -> None:
    first, second = packets_of(HANDSHAKE)[:2]
    found = surveyed([second, first, msgspec.structs.replace(first, time_ns=None)])
    assert found[1]["frame.time_relative"] == ["-0.010000000"]
    assert found[0]["frame.time_epoch"] == ["1000.010000000"]
    assert "frame.time_epoch" not in found[2]
    assert seconds(-1) == "-0.000000001"


def test_vlan_tags_do_not_separate_streams() -> None:
    first, second, third = packets_of(HANDSHAKE)
    tagged = msgspec.structs.replace(
        second, octets=second.octets[:12] + b"\x81\0\0\x05" + second.octets[12:], length=second.length + 4
    )
    assert [each["tcp.stream"] for each in surveyed([first, tagged, third])] == [["0"]] * 3


def test_an_unknown_link_type_is_only_a_frame() -> None:
    found = surveyed([Packet(number=1, octets=b"abc", length=3, time_ns=0, link_type=65_000)])
    assert found[0]["frame.len"] == ["3"]
    assert "tcp.stream" not in found[0]


def icmp_error(number: int, quoted: bytes) -> Packet:
    """Destination unreachable, with the packet that it speaks of."""
    carried = struct.pack("!BBHI", 3, 1, 0, 0) + quoted
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(carried), 1, 0, 64, 1, 0)
    return ethernet(number, head + ADDRESSES[SERVER] + ADDRESSES[CLIENT] + carried)


def test_a_quoted_segment_belongs_to_its_stream_and_is_not_judged() -> None:
    packets = packets_of(HANDSHAKE)
    found = surveyed([*packets[:2], icmp_error(3, packets[0].octets[14:]), packets[2]])
    assert found[2]["tcp.stream"] == ["0"]
    assert found[2]["tcp.seq"] == [str(plain(HANDSHAKE[0]).sequence)]
    assert "tcp.seq_raw" not in found[2]
    assert not any(name.startswith("tcp.analysis") for name in found[2])
    assert found[3]["tcp.seq"] == ["1"]


def test_of_a_short_quote_only_ports_and_sequence_number_are_told() -> None:
    found = surveyed([icmp_error(1, packets_of(HANDSHAKE)[0].octets[14:42])])[0]
    assert found["tcp.seq"] == [str(plain(HANDSHAKE[0]).sequence)]
    assert "tcp.stream" not in found


@pytest.mark.parametrize("kept", range(60))
def test_a_snap_length_anywhere_is_data_and_no_exception(kept: int) -> None:
    found = surveyed([msgspec.structs.replace(each, octets=each.octets[:kept]) for each in packets_of(HANDSHAKE)])
    assert all(("tcp.stream" in each) == (kept >= 14 + 20 + 16) for each in found)


def test_a_segment_whose_options_are_cut_counts_but_nothing_is_said_of_it() -> None:
    syn, answer, third = packets_of(HANDSHAKE)
    found = surveyed([msgspec.structs.replace(syn, octets=syn.octets[:54]), answer, third])
    assert found[1]["tcp.analysis.ack_rtt"] == ["0.010000000"]
    assert found[2]["tcp.window_size_scalefactor"] == ["-1"]
