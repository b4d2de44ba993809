"""Frames are found again where they lie: those of every conversation, and every frame belongs to one."""

import gzip
import io
from pathlib import Path

import msgspec
import pytest

from layersviz.core.packet import Packet
from layersviz.files import PcapngWriter, open_capture, plain_copy
from layersviz.survey.frame_list import Remembered, in_order, pack, packets, read
from layersviz.survey.index import Index
from tests.survey.segments import PATIENT_RUN, packets_of
from tests.survey.test_index import FILES
from tests.survey.test_survey import ethernet, pieces

MOST = 50_000_000


def index_of(captured: list[Packet]) -> Index:
    index = Index(remember_frames=True)
    for packet in captured:
        index.feed(packet)
    return index


def told(packet: Packet) -> tuple[object, ...]:
    return packet.number, packet.octets, packet.length, packet.time_ns, packet.link_type, packet.position


def assert_found_again(octets: bytes) -> None:
    plain = io.BytesIO()
    plain_copy(io.BytesIO(octets), plain, MOST)
    captured = list(open_capture(io.BytesIO(octets)))
    index = index_of(captured)
    found: list[Packet] = []
    for place, conversation in enumerate(index.conversations()):
        frames = read(index.frames_of(place))
        assert [frame.number for frame in frames] == sorted(frame.number for frame in frames)
        assert sum(not frame.back for frame in frames) == conversation.first.frames
        assert sum(frame.back for frame in frames) == conversation.second.frames
        assert frames[0].number == conversation.first_frame
        found += packets(plain, frames)
    assert sorted(map(told, found)) == [told(packet) for packet in captured]


@pytest.mark.skipif(not FILES, reason="There are no captures by others beside this project.")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_frame_of_others_captures_is_found_again_in_one_conversation(path: Path) -> None:
    assert_found_again(path.read_bytes())


def test_frames_are_found_in_a_long_file_and_behind_gzip() -> None:
    file = io.BytesIO()
    writer = PcapngWriter(file, comment="long")
    for number in range(1, 900):
        writer.write(Packet(number=number, octets=bytes(1000), length=1200, time_ns=None if number % 2 else number))
    assert_found_again(file.getvalue())
    assert_found_again(gzip.compress(file.getvalue()))


def test_a_packed_list_is_read_as_it_was() -> None:
    frames = [
        Remembered(1, 1 << 40, 60, 1500, -5, 1, False),
        Remembered(7, 16, 0, 0, None, 276, True),
        Remembered(3, 0, 262_144, (1 << 32) - 1, (1 << 63) - 1, 65_535, True),
    ]
    packed = b"".join(pack(frame, back=int(frame.back)) for frame in frames)
    assert read(packed) == frames
    assert read(in_order(packed)) == [frames[0], frames[2], frames[1]]


def test_a_frame_that_the_file_has_lost_is_cut_short() -> None:
    [packet] = packets(io.BytesIO(b"abcdef"), [Remembered(1, 4, 10, 10, None, 1)])
    assert (packet.octets, packet.length) == (b"ef", 10)


def test_fragments_belong_to_the_conversation_of_their_datagram() -> None:
    parts = [ethernet(number, part) for number, part in enumerate(pieces(24), start=10)]
    run = packets_of(PATIENT_RUN[:3])
    index = index_of([*run, parts[2], parts[0], *packets_of(PATIENT_RUN[3:5]), parts[1]])
    [conversation] = index.conversations()
    assert conversation.first.frames + conversation.second.frames == 8
    assert [frame.number for frame in read(index.frames_of(0))] == [1, 1, 2, 2, 3, 10, 11, 12]


def test_fragments_that_never_got_whole_are_a_conversation_of_their_addresses() -> None:
    [conversation] = index_of([ethernet(1, pieces(24)[0]), ethernet(2, pieces(24)[1])]).conversations()
    assert (conversation.protocol, conversation.first.address, conversation.first.frames) == ("IPv4", "10.0.0.1", 2)
    assert conversation.first.port is None


ARP = bytes.fromhex("0001080006040001" + "020000000003" + "0a000003" + "000000000000" + "0a000002")
ARP_ANSWER = bytes.fromhex("0001080006040002" + "020000000002" + "0a000002" + "020000000003" + "0a000003")
FROM_THREE, FROM_TWO = bytes.fromhex("ffffffffffff020000000003"), bytes.fromhex("020000000003020000000002")


def test_arp_is_a_conversation_of_two_ip_addresses_and_other_frames_of_two_mac_addresses() -> None:
    frames = [
        FROM_THREE + b"\x08\x06" + ARP,
        FROM_TWO + b"\x08\x06" + ARP_ANSWER,
        FROM_TWO + b"\x88\xcc" + bytes(46),
        bytes(5),
    ]
    found = index_of(
        [Packet(number=number, octets=octets, length=60, time_ns=None) for number, octets in enumerate(frames, start=1)]
    ).conversations()
    assert [(each.protocol, each.first.address, each.second.address) for each in found] == [
        ("ARP", "10.0.0.3", "10.0.0.2"),
        ("Ethernet", "02:00:00:00:00:02", "02:00:00:00:00:03"),
        ("Ethernet", "", ""),
    ]
    assert (found[0].first.frames, found[0].second.frames) == (1, 1)


def test_of_a_quoted_segment_alone_there_is_no_conversation() -> None:
    run = packets_of(PATIENT_RUN[:1])
    quoted = run[0].octets[14:]
    head = bytes.fromhex("4500") + (28 + len(quoted)).to_bytes(2) + bytes.fromhex("0001000040010000")
    error = ethernet(1, head + bytes((10, 0, 0, 2, 10, 0, 0, 1)) + bytes.fromhex("0301000000000000") + quoted)
    assert [each.protocol for each in index_of([error]).conversations()] == ["ICMP"]
    later = [msgspec.structs.replace(packet, number=2) for packet in run]
    assert [each.protocol for each in index_of([error, *later]).conversations()] == ["ICMP", "TCP"]
