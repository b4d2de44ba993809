"""Each finding of the TCP analysis, in the smallest run that has it."""

import pytest

from layersviz.core.tcp_findings import NAMES, SENTENCES, names
from tests.survey.segments import CLIENT, HANDSHAKE, PATIENT_RUN, SERVER, Sent, analyses


def last(*run: Sent) -> set[str]:
    """The findings of a run's last segment, behind a handshake."""
    return set(names(analyses(*HANDSHAKE, *run)[-1].findings))


def test_every_finding_has_one_plain_sentence() -> None:
    assert set(NAMES.values()) == SENTENCES.keys()
    for sentence in SENTENCES.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_numbers_are_relative_even_where_they_begin_again_at_zero() -> None:
    found = analyses(*PATIENT_RUN)
    assert [each.sequence for each in found] == [sent.sequence for sent in PATIENT_RUN]
    assert [each.acknowledgment for each in found[1:]] == [sent.acknowledgment for sent in PATIENT_RUN[1:]]


def test_a_window_is_scaled_behind_the_handshake_only() -> None:
    syn, answer, third = analyses(*HANDSHAKE)
    assert (syn.window, syn.scale_factor) == (1000, None)
    assert (answer.window, answer.scale_factor) == (1000, None)
    assert (third.window, third.scale_factor) == (4000, 4)


def test_scaling_is_off_where_one_end_did_not_offer_it() -> None:
    found = analyses(Sent(CLIENT, "S", 0, shift=2), Sent(SERVER, "SA", 0), Sent(CLIENT, "A"))
    assert (found[-1].window, found[-1].scale_factor) == (1000, -2)


def test_scaling_is_not_known_where_the_handshake_was_not_seen() -> None:
    assert analyses(Sent(CLIENT, "A"))[0].scale_factor == -1


def test_the_initial_round_trip_is_measured_from_syn_to_third_segment() -> None:
    assert analyses(*HANDSHAKE)[-1].initial_rtt_ns == 20_000_000


def test_an_acknowledgment_tells_how_long_its_segment_was_on_the_way() -> None:
    found = analyses(*HANDSHAKE, Sent(CLIENT, "A", 1, 1, 100, ms=30), Sent(SERVER, "A", 1, 101, ms=37))
    assert found[-1].ack_rtt_ns == 7_000_000


def test_completeness_says_what_was_seen_before() -> None:
    assert [each.completeness for each in analyses(*HANDSHAKE, Sent(CLIENT, "A", 1, 1, 5), Sent(SERVER, "RA"))] == [
        0,
        1,
        3,
        7,
        15,
    ]


DATA = Sent(CLIENT, "A", 1, 1, 100, ms=100)
RUNS = {
    "retransmission": (DATA, Sent(CLIENT, "A", 1, 1, 100, ms=400)),
    "spurious_retransmission": (DATA, Sent(SERVER, "A", 1, 101, ms=101), Sent(CLIENT, "A", 1, 1, 100, ms=400)),
    "out_of_order": (Sent(CLIENT, "A", 101, 1, 100, ms=100), Sent(CLIENT, "A", 1, 1, 100, ms=101)),
    "lost_segment": (Sent(CLIENT, "A", 101, 1, 100, ms=100),),
    "ack_lost_segment": (Sent(SERVER, "A", 1, 501, ms=100),),
    "duplicate_ack": (Sent(SERVER, "A", window=9, ms=100), Sent(SERVER, "A", window=9, ms=101)),
    "keep_alive": (Sent(CLIENT, "A", 0, 1, ms=100),),
    "keep_alive_ack": (Sent(SERVER, "A", ms=99), Sent(CLIENT, "A", 0, 1, ms=100), Sent(SERVER, "A", 1, 1, ms=101)),
    "window_update": (Sent(SERVER, "A", ms=100), Sent(SERVER, "A", window=2000, ms=101)),
    "window_full": (Sent(SERVER, "A", window=10, ms=99), Sent(CLIENT, "A", 1, 1, 80, ms=100)),
    "zero_window": (Sent(SERVER, "A", window=0, ms=100),),
    "zero_window_probe": (Sent(SERVER, "A", window=0, ms=100), Sent(CLIENT, "A", 1, 1, 1, ms=400)),
    "zero_window_probe_ack": (
        Sent(SERVER, "A", window=0, ms=100),
        Sent(CLIENT, "A", 1, 1, 1, ms=400),
        Sent(SERVER, "A", window=0, ms=401),
    ),
    "reused_ports": (Sent(CLIENT, "S", 5_000_000, 0, ms=900),),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_finding_is_made_where_its_rule_says_so(name: str) -> None:
    assert name in last(*RUNS[name])


@pytest.mark.parametrize("name", RUNS)
def test_a_finding_is_not_made_one_segment_earlier(name: str) -> None:
    assert name not in last(*RUNS[name][:-1])


def test_a_fast_retransmission_follows_two_duplicate_acknowledgments_at_once() -> None:
    found = analyses(*PATIENT_RUN)
    assert [each.duplicate_ack_number for each in found[8:10]] == [1, 2]
    assert set(names(found[10].findings)) == {"retransmission", "fast_retransmission"}
    late = [*PATIENT_RUN[:10], Sent(SERVER, "A", 501, 101, 500, ms=153)]
    assert set(names(analyses(*late)[-1].findings)) == {"retransmission"}


def test_a_reused_pair_of_ports_is_another_stream() -> None:
    found = analyses(*HANDSHAKE, *RUNS["reused_ports"])
    assert [each.stream for each in found] == [0, 0, 0, 1]
    assert (found[-1].sequence, found[-1].completeness) == (0, 1)


def test_ordinary_traffic_has_no_findings() -> None:
    assert last(DATA, Sent(SERVER, "A", 1, 101, ms=101), Sent(SERVER, "A", 1, 101, 50, ms=102)) == set()


def test_bytes_that_the_capture_has_not_got_are_told_once_until_the_other_end_acknowledges_anew() -> None:
    run = [
        Sent(SERVER, "A", 1, 501, ms=100),
        Sent(SERVER, "A", 1, 501, 10, ms=101),
        Sent(CLIENT, "A", 901, 11, ms=102),
        Sent(SERVER, "A", 11, 1401, 10, ms=103),
        Sent(SERVER, "A", 21, 1401, 10, ms=104),
        Sent(SERVER, "A", 31, 1401, 10, ms=105),
    ]
    found = [set(names(each.findings)) for each in analyses(*HANDSHAKE, *run)[3:]]
    told = ["ack_lost_segment" in each for each in found]
    assert told == [True, False, False, True, True, False]


def test_old_bytes_count_as_asked_for_when_their_sender_acknowledged_what_was_not_seen() -> None:
    again = Sent(SERVER, "A", 1, 1, 50, ms=25)
    unseen = Sent(SERVER, "A", 101, 901, 50, ms=24)
    assert set(names(analyses(*HANDSHAKE, unseen, again)[-1].findings)) == {"retransmission", "fast_retransmission"}
    seen = Sent(SERVER, "A", 101, 1, 50, ms=24)
    assert "fast_retransmission" not in last(seen, again)


def test_a_clock_that_goes_backwards_makes_old_bytes_a_retransmission_not_an_overtaken_segment() -> None:
    ahead = Sent(CLIENT, "A", 101, 1, 100, ms=100)
    assert "out_of_order" in last(ahead, Sent(CLIENT, "A", 1, 1, 100, ms=101))
    assert last(ahead, Sent(CLIENT, "A", 1, 1, 100, ms=99)) == {"retransmission"}
