"""Both ends' states at the end of a run, how it opened and how it closed."""

import pytest

from layersviz.core.tcp_ends import Closing, Opening, TcpEnds
from layersviz.core.tcp_state import TcpState
from tests.survey.segments import CLIENT, HANDSHAKE, SERVER, Sent, plain


def followed(*run: Sent) -> TcpEnds:
    ends = TcpEnds(plain(run[0]))
    for sent in run:
        ends.follow(sent.side ^ run[0].side, plain(sent))
    return ends


SYN = Sent(CLIENT, "S", 0, 0)
FOUR = (
    Sent(CLIENT, "FA", 1, 1),
    Sent(SERVER, "A", 1, 2),
    Sent(SERVER, "FA", 1, 2),
    Sent(CLIENT, "A", 2, 2),
)
THREE = (Sent(CLIENT, "FA", 1, 1), Sent(SERVER, "FA", 1, 2), Sent(CLIENT, "A", 2, 2))
CROSSED = (
    Sent(CLIENT, "FA", 1, 1),
    Sent(SERVER, "FA", 1, 1),
    Sent(CLIENT, "A", 2, 2),
    Sent(SERVER, "A", 2, 2),
)
HALF = (Sent(CLIENT, "FA", 1, 1), Sent(SERVER, "A", 1, 2), Sent(SERVER, "A", 1, 2, 10))
OPENINGS = {
    "three-way": HANDSHAKE,
    "simultaneous": (SYN, Sent(SERVER, "S", 0, 0), Sent(CLIENT, "SA", 0, 1), Sent(SERVER, "SA", 0, 1)),
    "fast open": (Sent(CLIENT, "S", 0, 0, 20), Sent(SERVER, "SA", 0, 21), Sent(CLIENT, "A", 21, 1)),
    "refused": (SYN, Sent(SERVER, "RA", 0, 1)),
    "no answer": (SYN, SYN, SYN),
    "unfinished": (SYN, Sent(SERVER, "SA", 0, 1)),
    "in mid-stream": (Sent(SERVER, "A", 1, 1, 5), Sent(CLIENT, "A", 1, 6)),
}
CLOSINGS = {
    "orderly in four segments": FOUR,
    "orderly in three segments": THREE,
    "simultaneous": CROSSED,
    "half close": HALF,
    "unfinished": THREE[:2],
    "reset": (Sent(SERVER, "RA", 1, 1),),
    "still open": (Sent(SERVER, "A", 1, 1, 5),),
}


def test_there_is_a_run_for_each_way_to_open_and_to_close() -> None:
    assert OPENINGS.keys() == set(Opening)
    assert CLOSINGS.keys() == set(Closing)


@pytest.mark.parametrize("name", OPENINGS)
def test_how_a_connection_opens_is_told(name: str) -> None:
    assert followed(*OPENINGS[name]).opening() == name


@pytest.mark.parametrize("name", CLOSINGS)
def test_how_a_connection_closes_is_told(name: str) -> None:
    assert followed(*HANDSHAKE, *CLOSINGS[name]).closing() == name


@pytest.mark.parametrize(
    ("run", "states"),
    [
        (HANDSHAKE, (TcpState.ESTABLISHED, TcpState.ESTABLISHED)),
        (HANDSHAKE[:2], (TcpState.ESTABLISHED, TcpState.SYN_RECEIVED)),
        (OPENINGS["simultaneous"], (TcpState.ESTABLISHED, TcpState.ESTABLISHED)),
        (OPENINGS["no answer"], (TcpState.SYN_SENT, None)),
        (OPENINGS["refused"], (TcpState.CLOSED, TcpState.CLOSED)),
        ((*HANDSHAKE, *FOUR), (TcpState.TIME_WAIT, TcpState.CLOSED)),
        ((*HANDSHAKE, *FOUR[:2]), (TcpState.FIN_WAIT_2, TcpState.CLOSE_WAIT)),
        ((*HANDSHAKE, *THREE), (TcpState.TIME_WAIT, TcpState.CLOSED)),
        ((*HANDSHAKE, *CROSSED), (TcpState.TIME_WAIT, TcpState.TIME_WAIT)),
        ((*HANDSHAKE, *CLOSINGS["reset"]), (TcpState.CLOSED, TcpState.CLOSED)),
    ],
)
def test_both_ends_are_in_the_states_of_the_table(run: tuple[Sent, ...], states: tuple[TcpState, TcpState]) -> None:
    assert followed(*run).states == states


def test_a_handshake_out_of_order_is_still_one_of_three_segments() -> None:
    answer, syn = Sent(SERVER, "SA", 0, 1), Sent(CLIENT, "S", 0, 0)
    assert followed(answer, syn, Sent(CLIENT, "A", 1, 1)).opening() is Opening.THREE_WAY


def test_a_reset_that_does_not_acknowledge_the_syn_refuses_nothing() -> None:
    ends = followed(SYN, Sent(SERVER, "R", 0, 0))
    assert ends.states[0] is TcpState.SYN_SENT
    assert ends.closing() is Closing.STILL_OPEN
