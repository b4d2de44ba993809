"""Which connections are followed, from when to when, and how a flood of them is met. No socket, no clock."""

from dataclasses import replace
from random import Random

from layersviz.core.host import Side
from layersviz.live import visits
from layersviz.live.segment import End, Segment, read_segment
from layersviz.live.visits import Began, Ended, Happening, Seen, Visits

FIN, SYN, RST, ACK = 1, 2, 4, 16
SERVER = End(ip="10.9.0.1", port=8080, mac="02:00:00:00:00:01")


class Bench:
    def __init__(self) -> None:
        self.visits = Visits(8080, frozenset({SERVER.ip}))
        self.now_s = 1_000.0

    def up(self, flags: int, port: int = 40_000, seq: int = 0, ack: int = 0, data: int = 0) -> list[Happening]:
        """A segment from a visitor."""
        visitor = End(ip="10.9.0.7", port=port, mac="02:00:00:00:00:07")
        return self._see(visitor, SERVER, flags, seq, ack, data)

    def down(self, flags: int, port: int = 40_000, seq: int = 0, ack: int = 0, data: int = 0) -> list[Happening]:
        """A segment to a visitor."""
        visitor = End(ip="10.9.0.7", port=port, mac="02:00:00:00:00:07")
        return self._see(SERVER, visitor, flags, seq, ack, data)

    def _see(self, source: End, target: End, flags: int, seq: int, ack: int, data: int) -> list[Happening]:
        segment = Segment(source=source, target=target, sequence=seq, acknowledgment=ack, flags=flags, data_octets=data)
        return list(self.visits.see(segment, 54 + data, self.now_s))


def kinds(happenings: list[Happening]) -> list[str]:
    return [type(each).__name__ for each in happenings]


def test_a_visit_begins_with_a_syn_and_ends_when_both_fins_are_acknowledged() -> None:
    bench = Bench()
    assert kinds(bench.up(SYN, seq=9)) == ["Began", "Seen"]
    bench.down(SYN | ACK, seq=99, ack=10)
    bench.up(ACK, seq=10, ack=100, data=5)
    assert kinds(bench.down(FIN | ACK, seq=100, ack=15, data=7)) == ["Seen"]
    assert kinds(bench.up(ACK, seq=15, ack=108)) == ["Seen"]
    assert kinds(bench.up(FIN | ACK, seq=15, ack=108)) == ["Seen"]
    *_seen, ended = bench.down(ACK, seq=108, ack=16)
    assert isinstance(ended, Ended)
    assert ended.problem == ""


def test_an_acknowledgment_of_less_than_the_fin_does_not_end_a_visit() -> None:
    bench = Bench()
    bench.up(SYN)
    bench.down(FIN | ACK, seq=2**32 - 1, ack=1)
    bench.up(FIN | ACK, seq=1, ack=2**32 - 1)
    assert kinds(bench.down(ACK, seq=0, ack=2)) == ["Seen"]
    assert kinds(bench.up(ACK, seq=2, ack=0)) == ["Seen", "Ended"]


def test_data_is_counted_by_who_sent_it() -> None:
    bench = Bench()
    bench.up(SYN)
    (seen,) = bench.up(ACK, data=30)
    assert isinstance(seen, Seen)
    assert (seen.sender, seen.data_octets) == (Side.CLIENT, 30)


def test_what_began_before_us_is_nobodys() -> None:
    bench = Bench()
    assert bench.up(ACK, data=3) == bench.down(SYN | ACK) == bench.up(RST) == []


def test_the_same_syn_once_more_is_the_same_visit() -> None:
    bench = Bench()
    bench.up(SYN, seq=5)
    assert kinds(bench.up(SYN, seq=5)) == ["Seen"]


def test_a_new_syn_from_the_same_port_is_a_new_visit() -> None:
    bench = Bench()
    bench.up(SYN, seq=5)
    ended, began, _seen = bench.up(SYN, seq=6)
    assert isinstance(ended, Ended)
    assert ended.problem == visits.REPLACED
    assert isinstance(began, Began)


def test_a_connection_that_stays_open_is_let_go_with_a_sentence() -> None:
    bench = Bench()
    bench.up(SYN)
    assert list(bench.visits.expire(bench.now_s + visits.LONGEST_S - 1)) == []
    (ended,) = bench.visits.expire(bench.now_s + visits.LONGEST_S)
    assert ended.problem == "This connection was still open after 30 seconds: what came later is not shown."
    assert bench.up(ACK, data=1) == []


def test_a_connection_with_too_many_frames_is_let_go_with_a_sentence() -> None:
    bench = Bench()
    bench.up(SYN)
    told = [each for _ in range(visits.MOST_FRAMES + 9) for each in bench.up(ACK, data=1)]
    assert isinstance(told[-1], Ended)
    assert told[-1].problem == visits.TOO_LONG
    assert len(told) == visits.MOST_FRAMES


def test_a_flood_begins_no_more_visits_than_can_be_followed_and_is_counted() -> None:
    bench = Bench()
    began = [bench.up(SYN, port=port) for port in range(1, 1_001)]
    assert sum(bool(each) for each in began) == visits.MOST_AT_ONCE
    assert bench.visits.passed_over == 1_000 - visits.MOST_AT_ONCE


def test_after_a_burst_visits_begin_only_as_fast_as_is_allowed() -> None:
    bench = Bench()
    begun = []
    for port in range(1, 401):
        bench.now_s += 0.1
        begun.append(bool(bench.up(SYN, port=port)))
        bench.up(RST, port=port)
    assert sum(begun) == visits.BURST + 40 - 1
    assert all(begun[: visits.BURST])


def test_octets_of_any_kind_are_a_segment_or_none() -> None:
    random = Random(3)
    for _ in range(20_000):
        octets = bytearray(random.randbytes(random.randrange(90)))
        if len(octets) > 14:
            octets[14] = random.choice((0x45, 0x4F, 0x41, 0x60))
        read_segment(bytes(octets), has_ethernet_header=random.random() < 0.5)


def test_a_segment_cut_short_keeps_the_length_that_its_ip_header_tells() -> None:
    ethernet = bytes.fromhex("0200000000010200000000070800")
    ipv4 = bytes.fromhex("450003e80000400040060000" + "0a090007" + "0a090001")
    tcp = bytes.fromhex("9c401f90" + "00000001" + "00000002" + "50180040" + "00000000")
    segment = read_segment(ethernet + ipv4 + tcp + b"only some", has_ethernet_header=True)
    assert segment is not None
    assert segment.data_octets == 1000 - 40
    assert segment.source == End(ip="10.9.0.7", port=40_000, mac="02:00:00:00:00:07")
    assert replace(segment.target, mac="") == replace(SERVER, mac="")
