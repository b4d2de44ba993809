"""Whatever octets a file has, they raise nothing and take no time: any at all, and sound captures after a change."""

import gzip
import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from layersviz.core.packet import Packet
from layersviz.files.pcap import LONGEST
from tests.files.parts import enhanced, interface, obsolete, option, pcap, record, section, simple
from tests.files.reading import read
from tests.files.writing import handshake, written

SLOWEST_S = 1.0
BEGINNINGS = st.sampled_from([b"", pcap(), pcap(order=">"), section(), section() + interface(), b"\x1f\x8b\x08"])
SOUND = (
    written(*handshake(), comment="Hello World"),
    written(*handshake(), lost=True),
    section(order=">")
    + interface(option(9, b"\x8a", order=">"), order=">")
    + b"".join(part(order=">") for part in (enhanced, simple, obsolete)),
    pcap(*(record(packet.octets) for packet in handshake())),
    pcap(*(record(packet.octets, order=">") for packet in handshake()), order=">", magic=0xA1B23C4D),
    gzip.compress(written(*handshake())),
)
PIECES = st.sampled_from(
    [bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x01\0\0\0", b"\0\x04\0\0", b"\x0a\x0d\x0d\x0a"]
)


@st.composite
def changed(draw):
    """A sound capture, in which a few pieces are overwritten, left out or doubled."""
    octets = bytearray(draw(st.sampled_from(SOUND)))
    for _each in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(octets)))
        last = first + draw(st.integers(0, 40))
        octets[first:last] = draw(PIECES | st.binary(max_size=8) | st.just(bytes(octets[first:last]) * 2))
    return bytes(octets)


@settings(max_examples=400, deadline=None)
@given(BEGINNINGS, st.binary(max_size=400))
@example(b"", b"")
def test_any_octets_are_packets_or_a_problem(beginning, octets):
    check(beginning + octets)


@settings(max_examples=400, deadline=None)
@given(changed())
def test_a_changed_capture_is_packets_or_a_problem(octets):
    check(octets)


@settings(max_examples=100, deadline=None)
@given(changed())
def test_a_changed_capture_inside_gzip_is_no_other(octets):
    assert read(gzip.compress(octets)) == read(octets) or octets.startswith(b"\x1f\x8b")


def check(octets: bytes) -> None:
    begin = time.process_time()  # what others on this machine do is not our slowness
    packets, problem = read(octets)
    again, trouble = read(written(*packets))
    assert time.process_time() - begin < SLOWEST_S
    assert problem == "" or problem.endswith(".")
    assert "\n" not in problem
    assert [packet.number for packet in packets] == sorted({packet.number for packet in packets})
    assert all(len(packet.octets) <= LONGEST for packet in packets)
    assert (trouble, [same(packet) for packet in again]) == ("", [same(packet) for packet in packets])


def same(packet: Packet) -> tuple[object, ...]:
    return packet.octets, packet.length, packet.time_ns or 0, packet.link_type, packet.comments
