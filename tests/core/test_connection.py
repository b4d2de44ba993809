"""A connection as a script: who sent what, where both ends are behind it, and how its numbers count."""

import pytest

from layersviz.core.frame import Frame
from layersviz.core.story.connection import Connections, Segment
from layersviz.core.tcp_arrival import Arrival
from layersviz.core.tcp_ends import Acknowledged, Closing, Opening
from layersviz.dissect import dissect
from tests.core.foreign import frames
from tests.recorded import recorded_run
from tests.survey.segments import CLIENT, HANDSHAKE, SERVER, Sent


def follow(connections: Connections, frame: Frame) -> Segment | None:
    dissection = dissect(frame.octets)
    tcp = dissection.header("TCP")
    return None if tcp is None else connections.follow(frame, dissection, tcp, arrives=not frame.lost)


def followed(
    *run: Sent, lost: tuple[int, ...] = (), opening: Opening | None = None, closing: Closing | None = None
) -> list[Segment]:
    connections = Connections(opening, closing)
    found = [follow(connections, frame) for frame in frames(run, lost=lost)]
    return [segment for segment in found if segment is not None]


def states(segment: Segment) -> tuple[str, str]:
    return segment.delivered.client, segment.delivered.server


def test_the_client_is_established_before_the_server() -> None:
    _, answered, third = followed(*HANDSHAKE)
    assert states(answered) == ("ESTABLISHED", "SYN-RECEIVED")
    assert states(third) == ("ESTABLISHED", "ESTABLISHED")
    assert third.acknowledges is Acknowledged.SYN


def test_the_third_segment_and_the_first_data_have_the_same_sequence_number() -> None:
    *_, third, data = followed(*HANDSHAKE, Sent(CLIENT, "PA", length=99))
    assert third.sequence == data.sequence == 1


def test_relative_numbers_go_on_past_the_end_of_32_bits() -> None:
    *_, before, behind = followed(*HANDSHAKE, Sent(SERVER, "A", 1, length=200), Sent(SERVER, "A", 201, length=200))
    assert (before.sequence, behind.sequence) == (1, 201)


def test_a_window_is_scaled_where_both_ends_offered_it_but_never_a_syns_own() -> None:
    syn, _, third = followed(*HANDSHAKE)
    assert (syn.window, syn.shift) == (1000, 0)
    assert (third.window, third.shift) == (4000, 2)


def test_a_window_is_not_scaled_where_one_end_has_not_offered_it() -> None:
    *_, third = followed(HANDSHAKE[0], Sent(SERVER, "SA", 0, 1), HANDSHAKE[2])
    assert (third.window, third.shift) == (1000, 0)


def test_a_server_that_closes_first_waits_in_time_wait() -> None:
    run = (Sent(SERVER, "FA", 1, 1), Sent(CLIENT, "FA", 1, 2), Sent(SERVER, "A", 2, 2))
    *_, closes, answers, last = followed(*HANDSHAKE, *run)
    assert states(closes) == ("CLOSE-WAIT", "FIN-WAIT-1")
    assert states(answers) == ("LAST-ACK", "TIME-WAIT")
    assert (last.acknowledges, *states(last)) == (Acknowledged.FIN, "CLOSED", "TIME-WAIT")


def test_a_fin_that_rides_on_data_is_acknowledged_behind_the_data() -> None:
    run = (Sent(SERVER, "FA", 1, 1, 100), Sent(CLIENT, "A", 1, 101), Sent(CLIENT, "A", 1, 102))
    *_, data_only, with_fin = followed(*HANDSHAKE, *run)
    assert data_only.delivered.server == "FIN-WAIT-1"
    assert with_fin.delivered.server == "FIN-WAIT-2"


def test_a_simultaneous_open_ends_established_on_both_sides() -> None:
    run = (Sent(CLIENT, "S", 0, 0), Sent(SERVER, "S", 0, 0), Sent(CLIENT, "SA", 0, 1), Sent(SERVER, "SA", 0, 1))
    segments = followed(*run, opening=Opening.SIMULTANEOUS)
    assert [states(segment) for segment in segments] == [
        ("SYN-SENT", "SYN-RECEIVED"),
        ("SYN-RECEIVED", "SYN-RECEIVED"),
        ("SYN-RECEIVED", "ESTABLISHED"),
        ("ESTABLISHED", "ESTABLISHED"),
    ]


def test_an_answer_that_was_captured_first_opens_the_clients_connection_at_once() -> None:
    answer, syn, third = followed(Sent(SERVER, "SA", 0, 1), Sent(CLIENT, "S", 0, 0), Sent(CLIENT, "A", 1, 1))
    assert (answer.taken.client, answer.delivered.client) == ("SYN-SENT", "ESTABLISHED")
    assert (states(syn), states(third)) == (("ESTABLISHED", "SYN-RECEIVED"), ("ESTABLISHED", "ESTABLISHED"))


@pytest.mark.parametrize("closing", [None, Closing.SIMULTANEOUS])
def test_fins_that_cross_take_each_end_through_fin_wait_1(closing: Closing | None) -> None:
    fins = (Sent(CLIENT, "FA", 1, 1), Sent(SERVER, "FA", 1, 1), Sent(CLIENT, "A", 2, 2))
    *_, first, second, last = followed(*HANDSHAKE, *fins, closing=closing)
    assert first.delivered.server == ("CLOSE-WAIT" if closing is None else "ESTABLISHED")
    assert (second.before.server, second.taken.server) == ("ESTABLISHED", "FIN-WAIT-1")
    assert states(second) == ("CLOSING", "CLOSING")
    assert states(last) == ("CLOSING", "TIME-WAIT")


def test_bytes_for_a_closed_end_are_not_taken() -> None:
    *_, data = followed(*HANDSHAKE, Sent(SERVER, "RA", 1, 1), Sent(CLIENT, "PA", 1, 1, 150))
    assert (data.arrival, data.ready_octets) == (Arrival.NONE, 0)


def test_who_is_known_to_refuse_has_not_listened() -> None:
    syn, reset = followed(HANDSHAKE[0], Sent(SERVER, "RA", 0, 1), opening=Opening.REFUSED)
    assert states(syn) == ("SYN-SENT", "CLOSED")
    assert states(reset) == ("CLOSED", "CLOSED")


def test_a_capture_that_begins_in_the_middle_has_both_ends_established() -> None:
    first, second = followed(Sent(SERVER, "PA", 500, 700, 10), Sent(CLIENT, "A", 700, 510))
    assert first.is_first_of_middle
    assert not second.is_first_of_middle
    assert states(second) == ("ESTABLISHED", "ESTABLISHED")
    assert (first.sequence, second.acknowledgment) == (1, 11)


def test_a_lost_syn_changes_its_sender_only() -> None:
    lost, again = followed(HANDSHAKE[0], Sent(CLIENT, "S", 0, 0, ms=1000, shift=2), lost=(1,))
    assert states(lost) == ("SYN-SENT", "LISTEN")
    assert states(again) == ("SYN-SENT", "SYN-RECEIVED")
    assert (lost.synchronized_before, again.synchronized_before) == (False, True)


def test_bytes_behind_a_lost_segment_wait_for_it() -> None:
    run = (Sent(CLIENT, "A", 1, length=10), Sent(CLIENT, "A", 11, length=20), Sent(CLIENT, "A", 1, length=10, ms=300))
    *_, lost, early, again = followed(*HANDSHAKE, *run, lost=(4,))
    assert (lost.arrival, early.arrival, again.arrival) == (Arrival.NONE, Arrival.EARLY, Arrival.IN_ORDER)
    assert again.ready_octets == 30


def test_bytes_that_were_acknowledged_are_known_when_they_come_again() -> None:
    data = Sent(CLIENT, "A", 1, length=10)
    *_, unknown, _, known = followed(*HANDSHAKE, data, data, Sent(SERVER, "A", 1, 11), data)
    assert (unknown.arrival, known.arrival) == (Arrival.REPEATED, Arrival.KNOWN)


def test_what_is_acknowledged_has_come_even_where_the_capture_lacks_it() -> None:
    *_, data = followed(*HANDSHAKE, Sent(SERVER, "A", 1, 501), Sent(CLIENT, "A", 501, length=10))
    assert (data.arrival, data.ready_octets) == (Arrival.IN_ORDER, 10)


@pytest.mark.parametrize("name", ["handshake-cold", "handshake-warm"])
def test_the_states_computed_from_the_frames_are_those_of_both_kernels(name: str) -> None:
    connections, compared = Connections(None), 0
    for frame in recorded_run(name).frames:
        segment = follow(connections, frame)
        if segment is not None:
            assert (segment.taken, segment.delivered) == (frame.taken, frame.delivered), frame.number
            compared += 1
    assert compared == 10
