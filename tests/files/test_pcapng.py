"""pcapng as it is read: sections, interfaces, every kind of packet, and where it is damaged."""

from struct import pack

import pytest

from layersviz.core.packet import Packet
from tests.files.parts import DATA, block, enhanced, interface, obsolete, option, section, simple
from tests.files.reading import read

END = bytes(4)
START = section() + interface()
SECOND = 10**9
NAMED = option(1, b"\x0a\0\0\1host\0")


def statistics(options=b""):
    return block(5, pack("<III", 0, 1, 1) + options)


def secrets(length):
    return block(10, pack("<II", 0x544C534B, length) + b"abcd")


@pytest.mark.parametrize("order", ["<", ">"])
def test_every_kind_of_packet_is_read_in_both_orders_of_octets(order):
    parts = [interface(order=order, link_type=113), interface(order=order, link_type=0)]
    parts += [enhanced(order=order, interface=1, time=1_234_567, length=900), simple(order=order)]
    parts += [obsolete(order=order, options=option(1, b"old", order=order), time=2_000_000)]
    packets, problem = read(section(order=order) + b"".join(parts))
    assert problem == ""
    assert packets == [
        Packet(number=1, octets=DATA, length=900, time_ns=1_234_567_000, link_type=0, interface=1),
        Packet(number=2, octets=DATA, length=60, time_ns=None, link_type=113, interface=0),
        Packet(number=3, octets=DATA, length=60, time_ns=2 * SECOND, link_type=113, interface=0, comments=("old",)),
    ]


def test_a_new_section_has_its_own_order_of_octets_and_its_own_interfaces():
    first, second = START + enhanced(), section(order=">") + interface(order=">", link_type=101)
    packets, problem = read(first + second + enhanced(order=">") + START + enhanced())
    assert ([(packet.number, packet.link_type) for packet in packets], problem) == ([(1, 1), (2, 101), (3, 1)], "")


def test_an_interface_may_be_described_after_the_first_packet():
    packets, problem = read(START + enhanced() + interface(link_type=276) + enhanced(interface=1))
    assert ([(packet.interface, packet.link_type) for packet in packets], problem) == ([(0, 1), (1, 276)], "")


@pytest.mark.parametrize(
    ("options", "count", "time_ns"),
    [
        (b"", 1_000_001, 1_000_001_000),
        (option(9, b"\x09"), 123_456_789_123_456_789, 123_456_789_123_456_789),
        (option(9, b"\x0c"), 5 * 10**12 + 123_456_789_999, 5_123_456_789),
        (option(9, b"\0"), 12_345, 12_345 * SECOND),
        (option(9, b"\x8a"), 3 * 1024 + 1, 3 * SECOND + 976_562),
        (option(9, b"\xbf"), 2**63 + 2**62, 1_500_000_000),
        (option(9, b"\x03") + option(9, b"\x09"), 1500, 1_500_000_000),
        (option(9, b"\x09\x09"), 1_000_001, 1_000_001_000),
        (option(14, pack("<q", 1000)), 1_000_001, 1001 * SECOND + 1000),
        (option(14, pack("<q", -2000)), 500_000, -2000 * SECOND + 500_000_000),
        (option(14, b"abcd"), 1_000_001, 1_000_001_000),
        (option(14, pack("<q", 2**62)), 0, None),
        (b"", 2**64 - 1, None),
    ],
)
def test_times_are_exact_to_the_nanosecond_or_none(options, count, time_ns):
    packets, problem = read(section() + interface(options) + enhanced(time=count))
    assert (packets[0].time_ns, problem) == (time_ns, "")


def test_a_simple_packet_is_as_long_as_its_interface_lets_it():
    packets, problem = read(section() + interface(snap_length=40) + simple(DATA[:40], length=100))
    assert (len(packets[0].octets), packets[0].length, problem) == (40, 100, "")


def test_comments_are_text_whatever_their_octets_are():
    options = option(1, b"one") + option(1, b"") + option(1, b"cut\0here") + option(1, b"\xff\xc3\xa9") + END
    packets, _problem = read(START + enhanced(options=options + option(1, b"behind the end")))
    assert packets[0].comments == ("one", "", "cut", "\N{REPLACEMENT CHARACTER}é")


@pytest.mark.parametrize(
    "other",
    [
        block(0x7777, b"whatever"),
        block(0x7777, b"abcde", length=17, again=17),
        block(0x80000001, b""),
        statistics(option(4, bytes(8)) + END),
        block(4, NAMED + END + option(2, b"dns") + END),
        block(4, NAMED),
        secrets(4),
    ],
)
def test_blocks_that_are_no_packets_are_passed_over(other):
    packets, problem = read(START + enhanced() + other + enhanced())
    assert ([packet.number for packet in packets], problem) == ([1, 2], "")


@pytest.mark.parametrize(
    "custom",
    [block(0xBAD, pack("<I", 32473)), block(0x40000BAD, pack("<I", 32473)), block(9, b"__REALTIME_TIMESTAMP=1\n")],
)
def test_what_wireshark_counts_as_a_frame_though_it_is_no_packet_is_counted(custom):
    packets, problem = read(START + enhanced() + custom + enhanced())
    assert ([packet.number for packet in packets], problem) == ([1, 3], "")


def test_a_link_type_that_nobody_knows_is_no_damage():
    packets, problem = read(section() + interface(link_type=9999) + enhanced())
    assert (packets[0].link_type, problem) == (9999, "")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (section()[:20], "cut short"),
        (section()[:6], "cut short"),
        (START[:-3], "cut short"),
        (section(magic=0x12345678) + interface(), "in which order"),
        (section(version=(2, 0)) + interface(), "version 2.0 of pcapng"),
        (section(version=(1, 1)) + interface(), "version 1.1 of pcapng"),
        (section(option(4, b"abcd", length=99)) + interface(), "an option of 99 octets is longer than its block"),
        (section(), "no interface 0 has been described"),
        (section() + simple(), "no interface has been described"),
        (section() + block(1, b"abcd"), "16 octets, too few for its kind"),
        (section() + interface(option(11, b"")), "option 11 can't be 0 octets long"),
    ],
)
def test_a_damaged_beginning_has_no_packets(start, words):
    packets, problem = read(start + enhanced())
    if "cut short" in words:
        packets, problem = read(start)
    assert packets == []
    assert words in problem


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (enhanced()[:5], "cut short"),
        (enhanced()[:8], "cut short"),
        (enhanced()[:-2], "cut short"),
        (block(0x7777, bytes(50))[:-20], "cut short"),
        (enhanced(interface=1), "no interface 1 has been described"),
        (enhanced(captured=200), "Frame 2 is damaged: it claims 200 octets, more than its block has"),
        (enhanced(bytes(262_145)), "Frame 2 is damaged: it claims 262,145 octets"),
        (simple(length=100), "Frame 2 is damaged: it claims 100 octets"),
        (block(6, b"abcd"), "16 octets, too few for its kind"),
        (block(6, bytes(20), length=8), "8 octets, too few for its kind"),
        (bytes(64), "0 octets, too few for its kind"),
        (block(6, bytes(20), again=99), "32 octets first and 99 at its end"),
        (block(0x7777, b"abcd", length=0x10000000), "268,435,456 octets, too many"),
        (block(6, b"abcd", length=0x1000000), "16,777,216 octets, too many"),
        (enhanced(options=option(1, b"hello", length=400)), "an option of 400 octets is longer than its block"),
        (enhanced(options=b"\1\0\1\0"), "an option of 1 octets is longer than its block"),
        (enhanced(options=option(2, b"abc")), "option 2 can't be 3 octets long"),
        (enhanced(options=option(4, b"abcd")), "option 4 can't be 4 octets long"),
        (enhanced(options=option(7, b"")), "option 7 can't be 0 octets long"),
        (enhanced(options=option(7, b"\1abcd")), "verdict can't be 5 octets long"),
        (enhanced(options=option(2988, b"ab")), "option 2988 can't be 2 octets long"),
        (statistics(option(4, bytes(8), length=200)), "an option of 200 octets is longer than its block"),
        (block(4, option(1, b"\x0a\0\0\1host", length=300)), "an option of 300 octets is longer than its block"),
        (block(4, option(1, b"\x0a\0\0\1host") + END), "a name of an address is cut short"),
        (block(4, option(1, b"\x0a\0") + END), "a name of an address is cut short"),
        (block(4, END + option(2, b"dns", length=99)), "an option of 99 octets is longer than its block"),
        (secrets(400), "secrets are longer than their block"),
        (section(magic=0), "in which order"),
        (section(version=(2, 0)), "version 2.0"),
    ],
)
def test_what_came_before_the_damage_is_kept_and_one_sentence_says_what_it_is(damage, words):
    behind = b"" if words == "cut short" else enhanced()
    packets, problem = read(START + enhanced() + damage + behind)
    assert [packet.octets for packet in packets] == [DATA]
    assert words in problem
    assert problem.endswith(".")
