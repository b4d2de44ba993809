"""A conversation as a script: who sent what, and where both ends are behind it."""

import pytest

from layersviz.core.conversation import ACK, FIN, PSH, RST, SYN, Acknowledged, Conversation
from layersviz.core.header import Field, Header
from layersviz.core.host import Side
from layersviz.core.layer import Layer
from layersviz.core.tcp_state import TcpState
from layersviz.dissect import dissect
from tests.recorded import recorded_run

CLIENT, SERVER = Side.CLIENT, Side.SERVER


def tcp(flags, *, seq=0, ack=0, window=1000, shift=None):
    numbers = {"tcp.flags": flags, "tcp.seq_raw": seq, "tcp.ack_raw": ack, "tcp.window_size_value": window}
    if shift is not None:
        numbers["tcp.options.wscale.shift"] = shift
    fields = tuple(
        Field(name=name, label=name, text=str(number), bit_offset=0, bit_length=8, number=number)
        for name, number in numbers.items()
    )
    return Header(layer=Layer.TRANSPORT, protocol="TCP", octet_offset=34, octet_length=20, fields=fields)


def opened(client_seq=1000, server_seq=5000, **options):
    conversation = Conversation()
    conversation.follow(CLIENT, tcp(SYN, seq=client_seq, **options), 0)
    conversation.follow(SERVER, tcp(SYN | ACK, seq=server_seq, ack=client_seq + 1, **options), 0)
    conversation.follow(CLIENT, tcp(ACK, seq=client_seq + 1, ack=server_seq + 1), 0)
    return conversation


def test_the_client_is_established_before_the_server():
    conversation = Conversation()
    conversation.follow(CLIENT, tcp(SYN, seq=7), 0)
    answered = conversation.follow(SERVER, tcp(SYN | ACK, seq=9, ack=8), 0)
    assert (answered.delivered.client, answered.delivered.server) == ("ESTABLISHED", "SYN-RECEIVED")
    third = conversation.follow(CLIENT, tcp(ACK, seq=8, ack=10), 0)
    assert third.delivered.server == "ESTABLISHED"
    assert third.acknowledges is Acknowledged.SYN


def test_the_third_segment_and_the_first_data_have_the_same_sequence_number():
    conversation = Conversation()
    conversation.follow(CLIENT, tcp(SYN, seq=7), 0)
    conversation.follow(SERVER, tcp(SYN | ACK, seq=9, ack=8), 0)
    third = conversation.follow(CLIENT, tcp(ACK, seq=8, ack=10), 0)
    data = conversation.follow(CLIENT, tcp(PSH | ACK, seq=8, ack=10), 99)
    assert third.sequence == data.sequence == 1


def test_relative_numbers_go_on_past_the_end_of_32_bits():
    conversation = opened(client_seq=0xFFFFFFF0)
    data = conversation.follow(CLIENT, tcp(ACK, seq=5, ack=5001), 10)
    assert data.sequence == 21


def test_a_syns_own_window_is_never_scaled():
    conversation = Conversation()
    assert conversation.follow(CLIENT, tcp(SYN, seq=1, window=64240, shift=10), 0).window == 64240


def test_a_window_is_scaled_once_both_ends_have_offered_it():
    segment = opened(shift=10).follow(CLIENT, tcp(ACK, seq=1001, ack=5001, window=63), 0)
    assert (segment.window, segment.shift) == (64512, 10)


def test_a_window_is_not_scaled_where_one_end_has_not_offered_it():
    conversation = Conversation()
    conversation.follow(CLIENT, tcp(SYN, seq=1, shift=10), 0)
    conversation.follow(SERVER, tcp(SYN | ACK, seq=5, ack=2), 0)
    assert conversation.follow(CLIENT, tcp(ACK, seq=2, ack=6, window=63), 0).window == 63


def test_a_server_that_closes_first_waits_in_time_wait():
    conversation = opened()
    conversation.follow(SERVER, tcp(FIN | ACK, seq=5001, ack=1001), 0)
    assert conversation.states.client == "CLOSE-WAIT"
    conversation.follow(CLIENT, tcp(FIN | ACK, seq=1001, ack=5002), 0)
    assert conversation.states.server == "TIME-WAIT"
    last = conversation.follow(SERVER, tcp(ACK, seq=5002, ack=1002), 0)
    assert last.acknowledges is Acknowledged.FIN
    assert (conversation.states.client, conversation.states.server) == ("CLOSED", "TIME-WAIT")


def test_a_fin_that_rides_on_data_is_acknowledged_behind_the_data():
    conversation = opened()
    conversation.follow(SERVER, tcp(FIN | ACK, seq=5001, ack=1001), 100)
    assert conversation.follow(CLIENT, tcp(ACK, seq=1001, ack=5101), 0).delivered.server == "FIN-WAIT-1"
    assert conversation.follow(CLIENT, tcp(ACK, seq=1001, ack=5102), 0).delivered.server == "FIN-WAIT-2"


def test_a_refused_connection_closes_the_client_at_once():
    conversation = Conversation()
    conversation.follow(CLIENT, tcp(SYN, seq=1), 0)
    assert conversation.follow(SERVER, tcp(RST | ACK, seq=0, ack=2), 0).delivered.client == "CLOSED"


def test_a_simultaneous_open_ends_established_on_both_sides():
    conversation = Conversation(server=TcpState.CLOSED)
    conversation.follow(CLIENT, tcp(SYN, seq=1), 0)
    conversation.follow(SERVER, tcp(SYN, seq=5), 0)
    assert conversation.states.client == "SYN-RECEIVED"
    conversation.follow(CLIENT, tcp(SYN | ACK, seq=1, ack=6), 0)
    conversation.follow(SERVER, tcp(SYN | ACK, seq=5, ack=2), 0)
    assert conversation.states.client == "ESTABLISHED"


@pytest.mark.parametrize("name", ["handshake-cold", "handshake-warm"])
def test_the_states_computed_from_the_frames_are_those_of_both_kernels(name):
    conversation, compared = Conversation(), 0
    for frame in recorded_run(name).frames:
        dissection = dissect(frame.octets)
        header = dissection.header("TCP")
        if header is None:
            continue
        segment = conversation.follow(frame.sender, header, len(dissection.payload))
        assert (segment.taken, segment.delivered) == (frame.taken, frame.delivered), frame.number
        compared += 1
    assert compared == 10
