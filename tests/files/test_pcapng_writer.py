"""What is written is read again as it was, by us and by tshark."""

import shutil
import subprocess

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layersviz.core.packet import Packet
from tests.files.parts import DATA
from tests.files.reading import epoch, read
from tests.files.writing import handshake, written

COMMENTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
PACKETS = st.builds(
    Packet,
    number=st.just(1),
    octets=st.binary(max_size=200),
    length=st.integers(0, 2**32 - 1),
    time_ns=st.integers(-(2**63), 2**63 - 1),
    link_type=st.integers(0, 2**16 - 1),
    interface=st.none(),
    comments=st.lists(COMMENTS, max_size=3).map(tuple),
)


def test_a_handshake_is_read_again_as_it_was():
    assert read(written(*handshake(), comment="Hello World")) == (handshake(), "")


@settings(max_examples=150, deadline=None)
@given(st.lists(PACKETS, max_size=6))
def test_any_packets_are_read_again_but_for_their_interface(packets):
    again, problem = read(written(*packets))
    assert problem == ""
    assert [packet.number for packet in again] == list(range(1, len(packets) + 1))
    assert [msgspec.structs.replace(packet, number=1, interface=None) for packet in again] == packets


def test_each_link_type_has_an_interface():
    types = (1, 101, 1, 276, 101)
    again, _problem = read(written(*(Packet(number=1, octets=DATA, length=60, time_ns=1, link_type=t) for t in types)))
    assert [(packet.interface, packet.link_type) for packet in again] == [(0, 1), (1, 101), (0, 1), (2, 276), (1, 101)]


@pytest.mark.parametrize(
    ("change", "time_ns"),
    [({}, None), ({"length": 100}, 0), ({"comments": ("said",)}, 0)],
)
def test_a_packet_without_a_time_keeps_being_so_where_the_format_has_it(change, time_ns):
    packet = msgspec.structs.replace(Packet(number=1, octets=DATA, length=60, time_ns=None, interface=0), **change)
    again, problem = read(written(packet))
    assert (again, problem) == ([msgspec.structs.replace(packet, time_ns=time_ns)], "")


def test_a_lost_packet_says_so_behind_its_own_comments():
    again, _problem = read(written(handshake()[0], lost=True))
    assert again[0].comments == ("step 1 →", "second", "lost on the wire")


@pytest.mark.parametrize(
    ("comment", "read_as"),
    [
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b"),
        ("\ud800", "?"),
        ("x" * 70_000, "x" * 65_535),
        ("é" * 40_000, "é" * 32_767),
        ("", ""),
    ],
)
def test_a_comment_that_the_format_can_not_hold_is_made_to_fit(comment, read_as):
    packet = msgspec.structs.replace(handshake()[0], comments=(comment, "next"))
    again, problem = read(written(packet, comment=comment))
    assert (again[0].comments, problem) == ((read_as, "next"), "")


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed: nobody else reads what we write")
def test_tshark_reads_the_same_frames_times_and_comments(tmp_path):
    count = len(handshake())
    raw = Packet(number=count + 1, octets=DATA, length=1500, time_ns=-1_500_000_001, link_type=101)
    timeless = Packet(number=count + 2, octets=DATA, length=60, time_ns=None)
    packets = [*handshake(), raw, timeless]
    path = tmp_path / "written.pcapng"
    path.write_bytes(written(*packets, comment="Hello World"))
    fields = ("frame.number", "frame.len", "frame.cap_len", "frame.time_epoch", "frame.comment")
    told = subprocess.run(
        ["tshark", "-n", "-r", path, "-T", "fields", *(word for field in fields for word in ("-e", field))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["\t".join(line(packet)) for packet in packets]


@pytest.mark.skipif(shutil.which("capinfos") is None, reason="capinfos is not installed: nobody else reads our comment")
def test_capinfos_reads_the_comment_and_the_application(tmp_path):
    path = tmp_path / "written.pcapng"
    path.write_bytes(written(*handshake(), comment="Hello World"))
    told = subprocess.run(["capinfos", path], capture_output=True, text=True, check=True).stdout
    assert "Hello World" in told
    assert "layersviz" in told
    assert "nanoseconds (9)" in told


def line(packet):
    """What tshark is asked for, of one packet."""
    lengths = str(packet.length), str(len(packet.octets))
    return str(packet.number), *lengths, epoch(packet.time_ns), ",".join(packet.comments)
