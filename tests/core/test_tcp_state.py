"""The transition table against RFC 9293, figure 5."""

import pytest

from layersviz.core.tcp_state import TRANSITIONS, TcpEvent, TcpState, after

S, E = TcpState, TcpEvent


def walk(state, *events):
    for event in events:
        state = after(state, event)
    return state


def test_an_active_open_and_close_walks_to_time_wait():
    opened = walk(S.CLOSED, E.SENT_SYN, E.RECEIVED_SYN_ACK)
    assert opened is S.ESTABLISHED
    assert walk(opened, E.SENT_FIN, E.RECEIVED_ACK_OF_FIN, E.RECEIVED_FIN) is S.TIME_WAIT


def test_a_passive_open_and_close_walks_back_to_closed():
    opened = walk(S.LISTEN, E.RECEIVED_SYN, E.RECEIVED_ACK_OF_SYN)
    assert opened is S.ESTABLISHED
    assert walk(opened, E.RECEIVED_FIN, E.SENT_FIN, E.RECEIVED_ACK_OF_FIN) is S.CLOSED


def test_a_simultaneous_open_goes_through_syn_received():
    assert walk(S.CLOSED, E.SENT_SYN, E.RECEIVED_SYN) is S.SYN_RECEIVED


def test_a_simultaneous_close_goes_through_closing():
    closing = walk(S.ESTABLISHED, E.SENT_FIN, E.RECEIVED_FIN)
    assert closing is S.CLOSING
    assert after(closing, E.RECEIVED_ACK_OF_FIN) is S.TIME_WAIT


@pytest.mark.parametrize("state", [S.SYN_SENT, S.ESTABLISHED, S.FIN_WAIT_1, S.FIN_WAIT_2, S.CLOSE_WAIT, S.LAST_ACK])
def test_a_reset_closes_a_connection(state):
    assert after(state, E.RECEIVED_RST) is S.CLOSED


def test_a_reset_of_a_half_open_connection_leaves_the_listener():
    assert after(S.SYN_RECEIVED, E.RECEIVED_RST) is S.LISTEN


def test_what_the_table_has_no_row_for_changes_nothing():
    assert after(S.LISTEN, E.RECEIVED_FIN) is S.LISTEN


def test_every_state_can_be_reached():
    assert set(TRANSITIONS.values()) | {S.LISTEN} == set(S)
