"""The journeys of a recorded run: every stop, every number, every row, against the octets themselves."""

import zlib
from dataclasses import replace

import pytest

from layersviz.core.frame import Frame
from layersviz.core.host import Side
from layersviz.core.journey import Half, Mark
from layersviz.core.layer import Layer
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.dissect import dissect
from tests.recorded import recorded_run, tell

RUN = recorded_run("handshake-cold")
JOURNEYS = tell(RUN)
BY_NAME = {journey.name: journey for journey in JOURNEYS}
SYN, SYN_ACK, GET, ANSWER = (BY_NAME[name] for name in ("SYN", "SYN/ACK", "GET /", "200 OK gzip"))
HANDSHAKE_ACK = JOURNEYS[4]


def line(step, label):
    return next(each for each in step.lines if each.label == label)


def stop(journey, half, layer):
    return next(step for step in journey.steps if (step.half, step.layer) == (half, layer))


def test_a_cold_run_is_told_from_arp_to_the_last_ack():
    assert [journey.name for journey in JOURNEYS] == [
        "ARP request",
        "ARP reply",
        "SYN",
        "SYN/ACK",
        "ACK",
        "GET /",
        "ACK",
        "200 OK gzip",
        "ACK",
        "FIN/ACK",
        "FIN/ACK",
        "ACK",
    ]


def test_a_segment_of_the_handshake_stops_eleven_times():
    assert [(step.half, step.layer) for step in SYN.steps] == [
        *((Half.DOWN, layer) for layer in Layer),
        (Half.WIRE, Layer.PHYSICAL),
        *((Half.UP, layer) for layer in reversed(Layer)),
    ]


def test_arp_is_no_matter_of_transport_or_application():
    assert {step.layer for step in JOURNEYS[0].steps} == {Layer.NETWORK, Layer.LINK, Layer.PHYSICAL}


def test_sizes_add_up_on_the_way_down():
    sizes = [sum(part.octets for part in step.parts) for step in SYN.steps[:5]]
    assert sizes == [0, 40, 60, 78, 86]  # 78 and 86 with the computed check sequence and preamble
    assert line(stop(SYN, Half.DOWN, Layer.LINK), "Size").text == "14 + 60 = 74 bytes"


def test_headers_come_off_on_the_way_up():
    outermost = [step.parts[0].label if step.parts else None for step in SYN.steps[6:]]
    assert outermost == ["Ethernet", "IPv4", "TCP", None, None]


def test_only_preamble_and_check_sequence_are_marked_as_computed():
    on_the_wire = stop(GET, Half.WIRE, Layer.PHYSICAL)
    assert [part.label for part in on_the_wire.parts if part.computed] == ["Preamble+SFD", "FCS"]
    assert sum(part.octets for part in on_the_wire.parts if not part.computed) == len(GET.octets) // 2


@pytest.mark.parametrize("journey", [SYN, SYN_ACK, HANDSHAKE_ACK])
def test_the_application_layer_is_empty_during_the_handshake(journey):
    for half in (Half.DOWN, Half.UP):
        step = stop(journey, half, Layer.APPLICATION)
        assert step.parts == ()
        assert line(step, "Data").text == "none: 0 bytes"


def test_the_shown_numbers_are_those_in_the_octets():
    octets = bytes.fromhex(SYN_ACK.octets)
    transport = stop(SYN_ACK, Half.DOWN, Layer.TRANSPORT)
    assert line(transport, "Seq").text == f"0 (raw {int.from_bytes(octets[38:42])})"
    assert line(transport, "Ack").text == f"1 (raw {int.from_bytes(octets[42:46])})"
    assert line(transport, "Checksum").text == f"0x{octets[50:52].hex()}"
    assert line(stop(SYN_ACK, Half.DOWN, Layer.NETWORK), "Checksum").text == f"0x{octets[24:26].hex()}"


def test_the_check_sequence_is_the_frames_own_crc32():
    crc = zlib.crc32(bytes.fromhex(SYN.octets))
    assert SYN.fcs == crc.to_bytes(4, "little").hex()
    fcs = line(stop(SYN, Half.DOWN, Layer.LINK), "FCS")
    assert (fcs.text, fcs.mark) == (f"0x{crc:08x} (CRC-32)", Mark.COMPUTED)


def test_the_first_bits_are_sent_least_significant_bit_first():
    first = bytes.fromhex(SYN.octets)[0]
    shown = line(stop(SYN, Half.DOWN, Layer.PHYSICAL), "First bits").text.split()[0]
    assert first == 0xBC
    assert shown == "00111101"


def test_a_scaled_window_is_shown_with_its_sum():
    assert line(stop(HANDSHAKE_ACK, Half.DOWN, Layer.TRANSPORT), "Window").text == "63 \u00d7 1024 = 64512 bytes"
    assert line(stop(SYN, Half.DOWN, Layer.TRANSPORT), "Window").text == "64240 bytes"


def test_the_receiver_checks_each_layer_with_real_values():
    link = stop(SYN, Half.UP, Layer.LINK)
    assert line(link, "Dest MAC").text == "bc:f2:b8:57:86:02 is mine"
    network = stop(SYN, Half.UP, Layer.NETWORK)
    assert line(network, "Checksum").text.endswith("sum 0xffff: right")
    transport = stop(SYN, Half.UP, Layer.TRANSPORT)
    assert line(transport, "Port").text == "80 \u2192 the Hello World server (LISTEN)"
    assert line(transport, "Checksum").text.endswith("sum 0xffff with pseudo-header: right")


def test_a_segments_checksum_covers_the_pseudo_header_too():
    assert "Segment and pseudo-header (both addresses, protocol, length) add up to 0xffff" in (
        stop(SYN, Half.UP, Layer.TRANSPORT).sentence
    )
    assert all(each.mark is not Mark.BAD for step in SYN.steps for each in step.lines)


def test_a_damaged_segment_is_refused_at_the_layer_that_finds_it():
    damaged = bytearray(RUN.frames[2].octets)
    damaged[40] ^= 1
    journey = Story(hosts=RUN.hosts).tell(replace(RUN.frames[2], octets=bytes(damaged)), dissect(bytes(damaged)))
    assert line(stop(journey, Half.UP, Layer.NETWORK), "Checksum").mark is Mark.GOOD
    assert line(stop(journey, Half.UP, Layer.TRANSPORT), "Checksum").mark is Mark.BAD
    assert "TCP drops it" in stop(journey, Half.UP, Layer.TRANSPORT).sentence


def test_states_change_where_tcp_works_on_the_segment():
    seen = [(step.half, step.layer, step.states.server) for step in SYN.steps]
    assert seen[-3:] == [
        (Half.UP, Layer.NETWORK, "LISTEN"),
        (Half.UP, Layer.TRANSPORT, "SYN-RECEIVED"),
        (Half.UP, Layer.APPLICATION, "SYN-RECEIVED"),
    ]


def test_every_state_along_the_run_is_the_one_that_the_kernels_had():
    for journey, frame in zip(JOURNEYS, RUN.frames, strict=True):
        assert stop(journey, Half.WIRE, Layer.PHYSICAL).states == frame.taken
        assert journey.steps[-1].states.at(frame.sender.other) == frame.delivered.at(frame.sender.other)


def test_the_client_is_in_syn_sent_while_arp_asks():
    first = JOURNEYS[0].steps[0]
    assert first.states.client == "SYN-SENT"
    assert "read from the kernel" in line(first, "State").text


def test_the_gzip_answer_is_shown_compressed_and_plain_with_an_honest_remark():
    step = stop(ANSWER, Half.UP, Layer.APPLICATION)
    carried = len(bytes.fromhex(ANSWER.octets).partition(b"\r\n\r\n")[2])
    assert line(step, "Compressed").text.startswith(f"{carried} bytes: 1f 8b 08")
    assert line(step, "Plain").text == "34 bytes: <HTML><h1>Hello World!</h1></HTML>"
    assert line(step, "Was gzip worth it?").text.startswith(f"No: 34 bytes became {carried}.")


def test_a_senders_rows_run_down_and_a_receivers_run_up():
    down, up = (
        [row.layer for row in SYN.rows if row.half is Half.DOWN],
        [row.layer for row in SYN.rows if row.half is Half.UP],
    )
    assert down == [Layer.TRANSPORT, Layer.NETWORK, Layer.LINK, Layer.PHYSICAL]
    assert up == list(reversed(down))


def test_rows_with_data_begin_at_the_application():
    assert GET.rows[0].layer is Layer.APPLICATION
    assert GET.rows[-1].layer is Layer.APPLICATION


@pytest.mark.parametrize(("journey", "word"), [(SYN, "SYN"), (SYN_ACK, "SYN/ACK"), (HANDSHAKE_ACK, "ACK")])
def test_the_info_column_names_the_handshakes_segment(journey, word):
    assert {row.info for row in journey.rows if row.layer is not Layer.PHYSICAL} == {f"3-way handshake ({word})"}


def test_the_link_row_has_ports_addresses_and_macs():
    row = next(row for row in SYN.rows if row.layer is Layer.LINK)
    assert row.ports == f"Src Port: {RUN.hosts.client.port}\nDst Port: 80"
    assert row.ips == "Src IP: 10.0.0.3\nDst IP: 10.0.0.2"
    assert row.macs == "Src MAC: bc:35:db:cf:1b:03\nDst MAC: bc:f2:b8:57:86:02"


def test_every_step_stands_on_its_own_layers_row_or_on_none():
    for journey in JOURNEYS:
        for step in journey.steps:
            if step.row is not None:
                row = journey.rows[step.row]
                assert (row.half, row.layer, row.side) == (step.half, step.layer, step.side)


def test_steps_follow_each_other_on_the_story_clock_without_gap():
    at = 0
    for journey in JOURNEYS:
        for step in journey.steps:
            assert step.start_ms == at
            assert step.start_ms < step.rest_ms < step.end_ms
            at = step.end_ms


def test_real_time_is_counted_from_the_first_frame():
    assert JOURNEYS[0].time_us == 0
    assert JOURNEYS[2].time_us == (RUN.frames[2].time_ns - RUN.frames[0].time_ns) / 1000


def test_a_warm_run_tells_the_syn_from_closed():
    warm = tell(recorded_run("handshake-warm"))
    first = stop(warm[0], Half.DOWN, Layer.TRANSPORT)
    assert warm[0].name == "SYN"
    assert "CLOSED \u2192 SYN-SENT" in line(first, "State").text


def test_a_simulated_run_marks_no_value_as_captured():
    marks = {
        each.mark for journey in tell(RUN, source=Source.SIMULATED) for step in journey.steps for each in step.lines
    }
    assert Mark.CAPTURED not in marks
    assert Mark.SIMULATED in marks


def test_a_frame_of_an_unknown_kind_is_told_all_the_same():
    octets = bytes.fromhex("bcf2b8578602bc35dbcf1b0386dd") + bytes(40)
    journey = Story(hosts=RUN.hosts).tell(
        Frame(number=1, time_ns=0, sender=Side.CLIENT, octets=octets), dissect(octets)
    )
    assert journey.steps[0].layer is Layer.LINK


def test_a_frame_below_the_least_length_says_that_its_padding_is_missing():
    arp, syn = JOURNEYS[0], SYN
    assert "18 bytes of padding" in stop(arp, Half.DOWN, Layer.LINK).sentence
    assert "lacks" in stop(arp, Half.WIRE, Layer.PHYSICAL).sentence
    assert "padding" not in stop(syn, Half.DOWN, Layer.LINK).sentence + stop(syn, Half.WIRE, Layer.PHYSICAL).sentence
