"""What the wire did to a frame, told: lost, damaged, held, overtaken, doubled; who refuses it, who waits, what comes
again."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from layersviz.core.checksum import crc32, frame_check_sequence
from layersviz.core.frame import Frame, Timer, Timers
from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey, Mark, Step
from layersviz.core.layer import Layer
from layersviz.core.order import PLAIN, Deed, Order
from layersviz.core.said import encoder
from layersviz.core.story import Story
from layersviz.core.story.refusals import refused
from layersviz.core.timers import Clocks
from layersviz.dissect import dissect, dissect_both
from layersviz.recordings.retelling import retell
from layersviz.web.said import catalogue
from tests.core.faulty import (
    ACK_OF_GET,
    ANSWER,
    CLOCKS,
    EVERYTHING,
    GET,
    HANDSHAKE_ACK,
    LEFT_996,
    SERVER_FIN,
    SYN,
    SYN_ACK,
    WARM,
    again,
    damaged,
    held,
    later,
    numbered,
    run_of,
    tell_live,
)
from tests.core.foreign import hosts, line, stop, wire
from tests.core.test_story_in_german import FROM_THE_WIRE, has_words, pairs
from tests.dissect.octets import IPV6_ADDRESSES, ethernet, ipv4, ipv6, tcp, udp

ETHERNET_BITS, IP_BITS = 14 * 8, 34 * 8


def told(*frames: Frame, order: Order = PLAIN, clocks: Clocks | None = None) -> list[Journey]:
    run = run_of(numbered(*frames), order, clocks)
    journeys = retell(run)
    assert list(journeys) == tell_live(run)
    return list(journeys)


def alone(octets: bytes, bit: int) -> Journey:
    frame = Frame(number=1, time_ns=0, sender=Side.CLIENT, octets=octets, flipped_bit=bit)
    between = hosts(client="::1", server="::2") if octets[12:14] == b"\x86\xdd" else hosts()
    return Story(hosts=between).tell(frame, *dissect_both(frame))


def last(journey: Journey) -> Step:
    return journey.steps[-1]


# --- one wrong bit ----------------------------------------------------------------------------------------------------


def test_damage_on_the_wire_is_found_by_the_check_sequence_and_no_kernel_sees_it() -> None:
    frame = damaged(GET, 47, at_card=True)
    *_, journey = told(SYN, SYN_ACK, HANDSHAKE_ACK, frame)
    sent, came = crc32(frame.octets), crc32(frame.arrived)
    assert (journey.refused_at, last(journey).layer) == (Layer.LINK, Layer.LINK)
    assert line(last(journey), "FCS").text == f"0x{sent:08x} came, 0x{came:08x} over {len(frame.octets)} bytes"
    assert line(last(journey), "FCS").mark is Mark.BAD
    assert f"0x{came:08x}" in last(journey).sentence
    assert f"0x{sent:08x}" in last(journey).sentence
    assert journey.arrived_fcs == journey.fcs == frame_check_sequence(frame.octets).hex()
    assert journey.arrived == frame.arrived.hex()
    assert wire(journey).title == "Damaged on the wire"
    assert "unchanged" in wire(journey).sentence


def test_damage_in_a_device_gets_a_new_check_sequence_so_that_the_link_finds_nothing() -> None:
    *_, journey = told(SYN, SYN_ACK, HANDSHAKE_ACK, damaged(GET, 183))
    fcs = crc32(bytes.fromhex(journey.arrived))
    assert bytes.fromhex(journey.arrived_fcs) == fcs.to_bytes(4, "little")
    assert journey.arrived_fcs != journey.fcs
    assert "between two links" in wire(journey).sentence
    assert f"0x{fcs:08x}" in wire(journey).sentence
    link = stop(journey, Half.UP, Layer.LINK)
    assert line(link, "FCS").text.startswith(f"0x{fcs:08x}")
    assert all(each.mark is not Mark.BAD for each in link.lines)
    assert journey.refused_at is Layer.NETWORK


def test_the_wrong_bit_is_named_by_its_field_with_the_old_and_the_new_value() -> None:
    *_, journey = told(SYN, SYN_ACK, HANDSHAKE_ACK, damaged(GET, 183))
    assert line(wire(journey), "ip.ttl").text == "64 \u2192 65"
    assert line(wire(journey), "Wrong bit").text == "183: byte 22, its bit 7, counted from 0"
    assert "\u201cTime to live\u201d (ip.ttl): 64 became 65" in wire(journey).sentence
    *_, in_data = told(SYN, SYN_ACK, HANDSHAKE_ACK, damaged(GET, 66 * 8))
    assert line(wire(in_data), "Data").text == "0x47 \u2192 0xc7"
    assert "byte 1 of 99" in wire(in_data).sentence


def test_each_bit_of_a_segment_over_ipv4_is_found_by_the_layer_that_covers_it() -> None:
    for bit in range(ETHERNET_BITS, 8 * len(GET.octets), 3):
        frame = damaged(GET, bit)
        journey = Story(hosts=WARM.hosts).tell(frame, *dissect_both(frame))
        expected = Layer.NETWORK if bit < IP_BITS else Layer.TRANSPORT
        assert (journey.refused_at, last(journey).layer, last(journey).half) == (expected, expected, Half.UP), bit
        assert "nobody tells the client" in last(journey).sentence
        assert not any(each.key == "Taken off" for each in last(journey).lines)
        assert expected in {part.layer for part in last(journey).parts}


@pytest.mark.parametrize(("bit", "layer", "label"), [(183, Layer.NETWORK, "IPv4"), (500, Layer.TRANSPORT, "TCP")])
def test_the_sum_that_does_not_come_out_is_shown(bit: int, layer: Layer, label: str) -> None:
    *_, journey = told(SYN, SYN_ACK, HANDSHAKE_ACK, damaged(GET, bit))
    header = dissect(bytes.fromhex(journey.arrived)).header(label)
    assert header is not None
    assert header.checksum is not None
    found, true = header.checksum.found, header.checksum.true or 0
    total = (found + (true ^ 0xFFFF)) % 0xFFFF or 0xFFFF
    assert line(last(journey), "Sum").text == f"0x{total:04x}, and not 0xffff"
    assert total != 0xFFFF
    assert {each.mark for each in last(journey).lines} == {Mark.BAD}
    assert f"0x{found:04x}" in last(journey).sentence
    assert f"0x{true:04x}" in last(journey).sentence
    assert last(journey).layer is layer


def test_a_refused_frame_changes_no_state() -> None:
    *_, journey, second = told(SYN, SYN_ACK, HANDSHAKE_ACK, damaged(GET, 600), later(GET, 210))
    assert {step.states for step in journey.steps} == {GET.taken}
    assert journey.up_heading == "The server refuses GET /: damaged"
    assert (second.repeats, second.refused_at) == (4, None)
    assert stop(second, Half.UP, Layer.APPLICATION)


OVER_IPV6 = ethernet(0x86DD, ipv6(6, tcp(b"hello", addresses=IPV6_ADDRESSES)))
DATAGRAM = ethernet(0x86DD, ipv6(17, udp(b"hello", addresses=IPV6_ADDRESSES)))
_IPV6 = 14 * 8


@pytest.mark.parametrize("octets", [OVER_IPV6, DATAGRAM])
@pytest.mark.parametrize(
    ("bit", "layer", "told_of"),
    [
        (_IPV6 + 3, Layer.NETWORK, "can't be true"),
        (_IPV6 + 60, None, "\u201cHop limit\u201d was 64 when it was sent, and is 72 now"),
        (_IPV6 + 20, None, "no checksum covers that"),
        (_IPV6 + 64 + 127, Layer.TRANSPORT, "covers the addresses too"),
        (_IPV6 + 192 + 127, Layer.NETWORK, "is not mine"),
        (_IPV6 + 48, Layer.NETWORK, "nobody here takes"),
        (_IPV6 + 32, Layer.NETWORK, "can't be true"),
    ],
)
def test_what_ipv6_can_find_itself_and_what_it_leaves_to_others(
    octets: bytes, bit: int, layer: Layer | None, told_of: str
) -> None:
    journey = alone(octets, bit)
    assert journey.refused_at is layer
    assert any(told_of in step.sentence for step in journey.steps if step.half is Half.UP)


def test_a_wrong_source_address_of_ethernet_behind_a_device_is_noticed_by_nobody() -> None:
    journey = alone(ethernet(0x0800, ipv4(17, udp(b"hello"))), 6 * 8 + 7)
    assert journey.refused_at is None
    assert "nobody notices" in stop(journey, Half.UP, Layer.LINK).sentence
    assert last(journey).layer is Layer.APPLICATION


def test_who_will_notice_is_said_of_tcp_and_of_udp() -> None:
    *_, data = told(SYN, SYN_ACK, HANDSHAKE_ACK, damaged(GET, 600))
    assert "TCP notices by the silence" in last(data).sentence
    assert "UDP does not repair it" in last(alone(DATAGRAM, _IPV6 + 64 + 127)).sentence
    *_, bare = told(SYN, SYN_ACK, damaged(HANDSHAKE_ACK, 400))
    assert "A bare ACK is not sent again by itself" in last(bare).sentence


def test_a_damaged_frame_is_not_told_without_what_came() -> None:
    with pytest.raises(ValueError, match="what came"):
        Story(hosts=WARM.hosts).tell(damaged(SYN, 200), dissect(SYN.octets))


# --- copies and frames that are late ----------------------------------------------------------------------------------


def test_the_wires_copy_was_not_sent_by_anybody() -> None:
    copy = replace(GET, copy_of=4, deed=Deed.DUPLICATE)
    *_, original, second, _ack = told(
        SYN, SYN_ACK, HANDSHAKE_ACK, replace(GET, deed=Deed.DUPLICATE), copy, later(ACK_OF_GET, 1)
    )
    assert "second copy" in wire(original).sentence
    assert {step.half for step in second.steps} == {Half.WIRE, Half.UP}
    assert (second.copy_of, second.repeats, second.findings) == (4, 0, ())
    assert second.arrow == "Copy of 4: GET /, 99 bytes"
    assert "had come before" in last(second).sentence
    assert last(second).layer is Layer.TRANSPORT


def test_udp_gives_its_application_a_copy_as_well() -> None:
    frame = Frame(number=1, time_ns=0, sender=Side.CLIENT, octets=DATAGRAM)
    story = Story(hosts=hosts(client="::1", server="::2"))
    story.tell(frame, dissect(DATAGRAM))
    second = story.tell(replace(frame, number=2, copy_of=1), dissect(DATAGRAM))
    assert "a second time" in stop(second, Half.UP, Layer.TRANSPORT).sentence
    assert last(second).layer is Layer.APPLICATION


def test_a_held_syn_is_told_when_it_leaves_and_judged_as_it_was_sent() -> None:
    second = again(SYN, 1_003)
    first = held(SYN, 1_500, taken=SYN.taken, delivered=SYN.delivered)
    one, late = told(second, first, clocks=CLOCKS)
    assert [finding.name for finding in one.findings] == ["retransmission"]
    assert (one.name, late.name, late.findings) == ("SYN again", "SYN", ())
    assert "a frame that is still on the wire, 1,003.0 ms later" in stop(one, Half.DOWN, Layer.TRANSPORT).sentence
    assert [(each.side, each.predicted_ms, each.was_ms) for each in one.waits] == [(Side.CLIENT, 1_000, 1_003)]
    assert wire(late).title == "Held on the wire"
    assert "1,500.0 ms" in wire(late).sentence
    assert "frame 1 (SYN again)" in wire(late).sentence
    assert (late.time_us, late.arrived_us, late.held_ms) == (0, 1_500_000, 1_500)
    assert one.time_us == 1_003_000
    assert "brings nothing new" in stop(late, Half.UP, Layer.TRANSPORT).sentence


def test_an_application_does_not_go_back_where_a_frame_is_told_late() -> None:
    *_, late = told(again(SYN, 1_003), later(SYN_ACK, 1_004), later(HANDSHAKE_ACK, 1_005), held(SYN, 1_500))
    assert {step.client_call for step in late.steps} == {"connect() returns"}


def test_a_fin_that_is_sent_again_changed_the_state_when_it_was_sent_first() -> None:
    fin = again(replace(SERVER_FIN, taken=SERVER_FIN.taken), 210)
    *_, second, _late = told(SYN, SYN_ACK, HANDSHAKE_ACK, GET, ACK_OF_GET, ANSWER, fin, held(SERVER_FIN, 400))
    sentence = stop(second, Half.DOWN, Layer.TRANSPORT).sentence
    assert "Server: ESTABLISHED \u2192 FIN-WAIT-1, when it was sent for the first time." in sentence


def test_the_hello_world_server_is_named_only_where_it_runs() -> None:
    for scene, owner in (("handshake", "the Hello World server"), ("side-by-side", "the server's socket")):
        syn, *_ = told(SYN, order=Order(scene=scene))
        assert owner in stop(syn, Half.UP, Layer.TRANSPORT).sentence


def test_no_state_goes_back_where_a_frame_is_told_late() -> None:
    _one, late = told(again(SYN, 1_003), held(SYN, 1_500, delivered=SYN.delivered))
    assert {step.states for step in late.steps} == {SYN.delivered}


def test_bytes_that_are_overtaken_are_neither_lost_nor_sent_again() -> None:
    fin = replace(SERVER_FIN, time_ns=ANSWER.time_ns + 1, arrived_ns=ANSWER.time_ns + 1_000_000, delivered=ANSWER.taken)
    before = (SYN, SYN_ACK, HANDSHAKE_ACK, GET, ACK_OF_GET)
    *_, first, overtaken = told(*before, fin, held(ANSWER, 2, Deed.SWAP, delivered=SERVER_FIN.delivered))
    assert (first.findings, overtaken.findings) == ((), ())
    assert "it counts when they have come" in stop(first, Half.UP, Layer.TRANSPORT).sentence
    assert "The FIN that came before it counts now" in stop(overtaken, Half.UP, Layer.TRANSPORT).sentence
    assert wire(overtaken).title == "Overtaken on the wire"
    assert not any(
        each.mark is Mark.BAD for journey in (first, overtaken) for step in journey.steps for each in step.lines
    )


def test_a_slower_direction_says_how_long_its_frames_are_on_their_way() -> None:
    frames = [replace(SYN, arrived_ns=SYN.time_ns + 501_000_000), later(SYN_ACK, 501)]
    one, other = told(*frames, order=Order(client_delay_ms=500))
    assert "slower by 500 ms: the frame is on its way for 501.0 ms" in wire(one).sentence
    assert one.arrived_us == 501_000
    assert "slower" not in wire(other).sentence


# --- what is sent again, and the waiting ------------------------------------------------------------------------------


def test_a_syn_that_is_sent_again_is_tied_to_the_one_before() -> None:
    lost = replace(SYN, lost=True, delivered=SYN.taken, timers=LEFT_996)
    first, second = told(lost, again(SYN, 1_003), clocks=CLOCKS)
    assert (first.repeats, second.repeats) == (0, 1)
    how = {each.label: each.text for each in second.repeats_how}
    old, new = [dissect(bytes.fromhex(each.octets)).header("IPv4").text("ip.id") for each in (first, second)]
    assert how["Seq"].endswith(": the same")
    assert how["Identification"] == f"{old} \u2192 {new}"
    assert old != new
    assert how["TSval"].endswith(": the same")  # the octets say so
    assert "It repeats frame 1, 1,003.0 ms later. The number is old, the packet around it is new." in (
        stop(second, Half.DOWN, Layer.TRANSPORT).sentence
    )


def test_data_that_are_sent_again_are_the_same_bytes() -> None:
    *_, second = told(SYN, SYN_ACK, HANDSHAKE_ACK, damaged(GET, 600), again(GET, 210))
    assert {each.label: each.text for each in second.repeats_how}["Data"] == "the same 99 bytes"


def test_the_waiting_is_predicted_by_settings_textbook_and_the_kernels_timer_and_then_measured() -> None:
    lost = replace(SYN, lost=True, delivered=SYN.taken, timers=LEFT_996)
    second = replace(again(SYN, 1_003), lost=True, delivered=SYN.taken)
    first, last_one = told(lost, second, clocks=CLOCKS)
    (begun,) = first.waits
    assert (begun.side, begun.predicted_ms, begun.textbook_ms, begun.kernel_ms, begun.was_ms) == (
        *(Side.CLIENT, 1_000, 1_000, 996, None),
    )
    ended, begun_again = last_one.waits
    assert (ended.was_ms, ended.kernel_ms) == (1_003, 996)
    assert (begun_again.predicted_ms, begun_again.textbook_ms) == (1_000, 2_000)
    assert "1 s by its kernel's settings, 2 s by the textbook (RFC 6298)" in wire(last_one).sentence
    assert "may end at 60 s" not in wire(last_one).sentence
    assert "has waited 1,003.0 ms for an answer to its SYN" in stop(last_one, Half.DOWN, Layer.TRANSPORT).sentence


def test_a_timer_of_which_nothing_is_left_predicts_nothing() -> None:
    none_left = Timers(client=None, server=Timer(what="retransmission", left_ms=0))
    lost = replace(ANSWER, lost=True, delivered=ANSWER.taken, timers=none_left)
    *_, journey = told(SYN, SYN_ACK, HANDSHAKE_ACK, GET, ACK_OF_GET, lost, clocks=CLOCKS)
    assert [each.kernel_ms for each in journey.waits] == [None]
    assert "waits" not in wire(journey).sentence


def test_a_lost_syn_ack_keeps_both_waiting_and_a_lost_ack_the_server() -> None:
    timers = Timers(client=Timer(what="retransmission", left_ms=990), server=Timer(what="retransmission", left_ms=996))
    _, lost = told(SYN, replace(SYN_ACK, lost=True, delivered=SYN_ACK.taken, timers=timers), clocks=CLOCKS)
    assert {(each.side, each.kernel_ms) for each in lost.waits} == {(Side.SERVER, 996), (Side.CLIENT, 990)}
    ack = replace(HANDSHAKE_ACK, lost=True, delivered=HANDSHAKE_ACK.taken, timers=timers)
    *_, lost = told(SYN, SYN_ACK, ack, clocks=CLOCKS)
    assert [(each.side, each.kernel_ms) for each in lost.waits] == [(Side.SERVER, 996)]


def test_nothing_is_predicted_where_neither_settings_nor_timers_are_known() -> None:
    lost = replace(SYN, lost=True, delivered=SYN.taken)
    (journey,) = told(lost)
    assert "waits for" not in wire(journey).sentence
    assert (journey.waits[0].predicted_ms, journey.waits[0].kernel_ms) == (None, None)


def test_what_is_sent_again_before_the_timer_runs_out_has_another_cause() -> None:
    timers = Timers(server=Timer(what="retransmission", left_ms=1_000))
    copy = replace(later(SYN, 1), copy_of=1, taken=SYN.delivered, delivered=SYN.delivered)
    answer = replace(SYN_ACK, timers=timers, lost=True, delivered=SYN_ACK.taken)
    *_, second = told(SYN, answer, replace(copy, arrived_ns=SYN_ACK.time_ns + 1), again(SYN_ACK, 2), clocks=CLOCKS)
    sentence = stop(second, Half.DOWN, Layer.TRANSPORT).sentence
    assert "what came from the other end has asked for it" in sentence
    assert "No timer has run out: frame 3 (copy of SYN) has caused it." in sentence
    assert second.waits == ()


def test_bytes_that_come_again_soon_were_not_overtaken() -> None:
    lost = replace(ANSWER, lost=True, delivered=ANSWER.taken)
    fin = replace(SERVER_FIN, delivered=SERVER_FIN.taken)
    soon = replace(again(ANSWER, 0), time_ns=fin.time_ns + 1_000, arrived_ns=0)
    *_, second = told(SYN, SYN_ACK, HANDSHAKE_ACK, GET, ACK_OF_GET, lost, fin, soon)
    assert [finding.name for finding in second.findings] == ["out_of_order"]
    assert "its bytes were sent before" in second.findings[0].sentence
    assert second.repeats == 6
    assert "overtaken" not in second.steps[0].sentence


# --- all of it --------------------------------------------------------------------------------------------------------


def both_languages() -> tuple[list[Any], list[Any]]:
    journeys = retell(EVERYTHING)
    return json.loads(encoder().encode(journeys)), json.loads(encoder(catalogue("de")).encode(journeys))


def test_a_run_with_every_fault_is_told_in_german_as_well() -> None:
    left = {
        english
        for _path, english, german in pairs(*both_languages())
        if english == german and has_words(english) and not FROM_THE_WIRE.search(english)
    }
    assert not left


def test_no_part_of_a_german_sentence_is_left_in_english() -> None:
    for _path, english, german in pairs(*both_languages()):
        words = english.split()
        rows = {" ".join(words[at : at + 4]) for at in range(len(words) - 3)}
        assert not [row for row in rows if row in german and len(WORDS.findall(row)) > 2], german


WORDS = re.compile(r"\b[a-z]{2,}\b")


def test_a_german_sentence_of_a_fault_has_all_the_numbers_of_the_english_one() -> None:
    for english, german in zip(*both_languages(), strict=True):
        for step, same in zip(english["steps"], german["steps"], strict=True):
            numbers, others = [sorted(re.findall(r"\d+", each["sentence"])) for each in (step, same)]
            assert numbers == others, step["sentence"]


def test_the_story_clock_has_no_gap_where_frames_are_lost_refused_and_doubled() -> None:
    at = 0
    for step in (step for journey in retell(EVERYTHING) for step in journey.steps):
        assert step.start_ms == at
        at = step.end_ms


def test_what_was_damaged_came_to_no_port_that_could_be_closed() -> None:
    sent, dissection = replace(SYN, octets=DATAGRAM), dissect(DATAGRAM)
    port_unreachable = ethernet(0x86DD, ipv6(58, b"\1\4" + bytes(6) + DATAGRAM[14:]))
    report = (replace(SYN_ACK, number=2, octets=port_unreachable), dissect(port_unreachable))
    assert refused([(sent, dissection), report]) == {1}
    assert refused([(replace(sent, flipped_bit=400), dissection), report]) == set()
