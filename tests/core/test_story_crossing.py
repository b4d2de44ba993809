"""What crosses, what comes too early, and what is for nobody: told as the two ends lived it."""

import struct

from layersviz.core.frame import Frame
from layersviz.core.host import Side
from layersviz.core.journey import Half, Journey
from layersviz.core.layer import Layer
from layersviz.core.order import Deed
from layersviz.core.packet import LinkType
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.core.story.refusals import refused
from layersviz.core.tcp_ends import Closing, Opening
from layersviz.dissect import dissect
from layersviz.recordings.lessons.files import path_of, read
from layersviz.recordings.retelling import retell
from tests.core import faulty
from tests.core.foreign import has_stop, hosts, line, play, stop
from tests.dissect.octets import icmp, ipv4, tcp, udp
from tests.survey.segments import CLIENT, HANDSHAKE, SERVER, Sent

FINS = (Sent(CLIENT, "FA", 1, 1), Sent(SERVER, "FA", 1, 1), Sent(CLIENT, "A", 2, 2), Sent(SERVER, "A", 2, 2))
SYNS = (Sent(CLIENT, "S", 0, 0), Sent(SERVER, "S", 0, 0), Sent(CLIENT, "SA", 0, 1), Sent(SERVER, "SA", 0, 1))
EARLY = (Sent(CLIENT, "S", 0, 0, 20), Sent(SERVER, "SA", 0, 21), Sent(CLIENT, "A", 21, 1))
COOKIE = bytes((34, 10, *range(8), 1, 1))


def down(journey: Journey, layer: Layer = Layer.TRANSPORT) -> str:
    return stop(journey, Half.DOWN, layer).sentence


def up(journey: Journey, layer: Layer = Layer.TRANSPORT) -> str:
    return stop(journey, Half.UP, layer).sentence


def test_who_opens_the_connection_too_has_its_port_open() -> None:
    first, second, answer, other_answer = play(*SYNS, opening=Opening.SIMULTANEOUS)
    assert "Nobody" not in up(first)
    assert "Server: SYN-SENT \u2192 SYN-RECEIVED." in up(first)
    assert "Client: SYN-SENT \u2192 SYN-RECEIVED." in up(second)
    assert "Server: SYN-RECEIVED \u2192 ESTABLISHED." in up(answer)
    assert line(stop(first, Half.UP, Layer.TRANSPORT), "Port").text.endswith("socket (SYN-SENT)")
    assert "in SYN-RECEIVED: the two SYN/ACKs cross, too" in down(other_answer)


def test_fins_that_cross_are_told_without_close_wait() -> None:
    *_, first, second, _, _ = play(*HANDSHAKE, *FINS, closing=Closing.SIMULTANEOUS)
    assert "has sent a FIN of its own" in up(first)
    assert "CLOSE-WAIT" not in up(first)
    assert not has_stop(first, Half.UP, Layer.APPLICATION)
    assert "left before the client's FIN had come" in down(second)
    assert "Server: ESTABLISHED \u2192 FIN-WAIT-1." in down(second)
    assert "Server: FIN-WAIT-1 \u2192 CLOSING. Client: FIN-WAIT-1 \u2192 CLOSING." in up(second)


def test_where_nothing_is_known_beforehand_no_end_goes_from_close_wait_to_closing() -> None:
    *_, second, _, _ = play(*HANDSHAKE, *FINS, source=Source.LIVE)
    assert "Server: ESTABLISHED \u2192 FIN-WAIT-1." in down(second)


def test_a_syn_behind_its_answer_is_said_to_be_in_the_wrong_order() -> None:
    answer, syn = play(Sent(SERVER, "SA", 0, 1), Sent(CLIENT, "S", 0, 0))
    assert "Client: SYN-SENT \u2192 ESTABLISHED." in up(answer)
    assert "the wrong order" in down(syn)


def test_a_fin_that_completes_the_handshake_opens_and_then_closes() -> None:
    *_, fin = play(*HANDSHAKE[:2], Sent(CLIENT, "FA", 1, 1))
    assert "Server: SYN-RECEIVED \u2192 ESTABLISHED \u2192 CLOSE-WAIT." in up(fin)


def test_data_of_a_syn_goes_to_the_application_with_the_third_segment() -> None:
    syn, _, third = play(*EARLY)
    assert "no fast open cookie vouches" in up(syn, Layer.APPLICATION)
    assert "the next byte of data will have seq 21" in down(third)
    assert "No new data" in down(third, Layer.APPLICATION)
    assert "The 20 bytes of the SYN now go to the application." in up(third, Layer.APPLICATION)


def test_a_fast_open_cookie_vouches_for_the_data_of_a_syn() -> None:
    octets = ipv4(6, tcp(b"hello", flags=2, options=COOKIE))
    story = Story(hosts=hosts(), source=Source.FILE)
    frame = Frame(number=1, time_ns=0, sender=Side.CLIENT, octets=octets, link_type=LinkType.RAW)
    syn = story.tell(frame, dissect(octets, LinkType.RAW))
    assert "vouches for the sender" in down(syn)
    assert "may read the 5 bytes at once" in up(syn, Layer.APPLICATION)


def test_a_reset_that_does_not_cover_the_syn_is_said_to_count_for_nothing() -> None:
    _, reset = play(HANDSHAKE[0], Sent(SERVER, "RA", 1, 0))
    assert "does not cover the client's SYN" in down(reset)
    assert "ignored" in up(reset)


def test_bytes_for_a_closed_end_are_dropped_and_answered_with_a_reset() -> None:
    run = (Sent(SERVER, "RA", 1, 1), Sent(CLIENT, "PA", 1, 1, 150), Sent(SERVER, "R", 1, 0))
    *_, data, answer = play(*HANDSHAKE, *run)
    assert "its 150 bytes: they are dropped" in up(data)
    assert not has_stop(data, Half.UP, Layer.APPLICATION)
    assert "has no such connection" in down(answer)


def test_an_answer_that_comes_twice_is_a_duplicate_and_its_ack_no_matter_of_the_application() -> None:
    syn, answer, third = HANDSHAKE
    run = (syn, answer, third, Sent(SERVER, "SA", 0, 1, ms=1000, shift=3), Sent(CLIENT, "A", 1, 1, ms=1010))
    *_, again, last = play(*run, source=Source.LIVE, lost=(3,))
    assert "A duplicate: it brings nothing new" in up(again)
    assert not has_stop(last, Half.DOWN, Layer.APPLICATION)
    assert "accept() returns" in up(last, Layer.APPLICATION)


def test_a_reset_of_a_program_that_we_know_is_its_close() -> None:
    *_, reset = retell(read(path_of("08-reset")))
    assert "close() with bytes unread" in down(reset, Layer.APPLICATION)
    *_, unknown = play(*HANDSHAKE, Sent(SERVER, "PA", 1, 1, 10), Sent(CLIENT, "RA", 1, 11))
    assert not has_stop(unknown, Half.DOWN, Layer.APPLICATION)


def test_a_datagram_that_icmp_reports_stops_at_the_transport_layer() -> None:
    sent = ipv4(17, udp(b"hello", ports=(4000, 80)))
    other = ipv4(17, udp(b"hello", ports=(4000, 81)))
    report = ipv4(1, icmp(3, 3, bytes(4) + sent))
    frames = [
        Frame(number=number, time_ns=0, sender=side, octets=octets, link_type=LinkType.RAW)
        for number, (side, octets) in enumerate(
            [(Side.CLIENT, other), (Side.CLIENT, sent), (Side.SERVER, report), (Side.CLIENT, sent)], start=5
        )
    ]
    dissected = [(frame, dissect(frame.octets, frame.link_type)) for frame in frames]
    assert refused(dissected) == {6}
    story = Story(hosts=hosts(port=80), refused=refused(dissected))
    wanted, closed, *_ = [story.tell(*each) for each in dissected]
    assert "Nobody has port 80 open: the kernel reports it by ICMP." in up(closed)
    assert not has_stop(closed, Half.UP, Layer.APPLICATION)
    assert up(wanted, Layer.APPLICATION).startswith("If a program has port 81 open")


def test_a_kept_run_knows_beforehand_that_its_datagram_is_refused() -> None:
    datagram, report = retell(read(path_of("10-udp-closed-port")))
    assert "Nobody has port 80 open" in up(datagram)
    assert not has_stop(datagram, Half.UP, Layer.APPLICATION)
    assert report.name == "ICMP port unreachable"


def test_an_acknowledgment_with_sack_is_no_window_update_and_names_the_gap() -> None:
    told = [journey for journey in retell(read(path_of("06-lost-segment"))) if journey.name == "ACK with SACK"]
    assert "window_update" in [finding.name for journey in told for finding in journey.findings]
    assert all(
        "still missing: bytes 2897 to 4344. SACK says what is here already: bytes 4345" in down(each) for each in told
    )


def test_a_repeat_that_sack_has_caused_is_not_told_of_as_an_unanswered_one() -> None:
    (again,) = [each for each in retell(read(path_of("page-side-by-side"))) if each.name == "data again"]
    assert "(ACK with SACK) has caused it" in down(again)
    assert "no acknowledgment of it has come" not in down(again)


def test_what_comes_a_second_time_is_answered_with_d_sack() -> None:
    told = [each for each in retell(read(path_of("page-simultaneous-open"))) if each.name == "ACK with D-SACK"]
    assert [each.sender for each in told] == [Side.CLIENT, Side.SERVER]
    assert all("D-SACK says what came a second time: the SYN (0)." in down(each) for each in told)


def test_the_syn_acks_of_a_simultaneous_open_answer_the_others_syn() -> None:
    told = [down(each) for each in retell(read(path_of("page-simultaneous-open"))) if each.name == "SYN/ACK"]
    assert len(told) == 2
    assert not [each for each in told if "retransmission" in each or "it answers that" not in each]


def test_a_segment_of_an_old_number_into_a_closed_window_is_a_probe() -> None:
    journeys = retell(read(path_of("07-zero-window")))
    (probe,) = [each for each in journeys if "keep_alive" in [finding.name for finding in each.findings]]
    assert (probe.name, probe.arrow) == ("window probe", "Window probe, ack 105")
    assert "persist timer" in down(probe)
    answer = journeys[journeys.index(probe) + 1]
    assert answer.name == "window probe ACK"
    assert "It answers the probe." in down(answer)


def test_a_late_syn_is_to_be_answered_and_its_answer_is_a_challenge_ack() -> None:
    journeys = retell(read(path_of("page-held-syn")))
    (late,) = [each for each in journeys if each.deed == "hold"]
    assert "brings nothing new. It changes nothing, and is to be answered once more" in up(late)
    (challenge,) = [each for each in journeys if each.name == "challenge ACK"]
    assert "still waits" not in down(challenge)
    assert "window update" not in down(challenge)


def test_a_reset_in_time_wait_cuts_the_waiting_short() -> None:
    closing = (Sent(CLIENT, "FA", 1, 1), Sent(SERVER, "FA", 1, 2), Sent(CLIENT, "A", 2, 2), Sent(SERVER, "R", 2, 0))
    *_, reset = play(*HANDSHAKE, *closing)
    assert "cuts the waiting short" in up(reset)


def test_an_acknowledgment_that_its_request_overtook_changes_nothing() -> None:
    ack = faulty.held(faulty.HANDSHAKE_ACK, 50, Deed.SWAP)
    *_, late = faulty.tell_live(faulty.run_of(faulty.numbered(faulty.SYN, faulty.SYN_ACK, faulty.GET, ack)))
    assert late.kind == "ACK of the handshake"
    assert "what overtook it has acknowledged our SYN already" in up(late)
    assert "ack is our number + 1" not in up(late)


def test_a_syn_ack_that_comes_again_to_an_open_connection_is_not_acceptable() -> None:
    syn, syn_ack, _ack = HANDSHAKE
    *_, again = play(syn, syn_ack, syn_ack)
    assert "is not acceptable here, changes nothing" in up(again)


def test_a_report_of_another_kind_refuses_nothing() -> None:
    sent = ipv4(17, udp(b"hello"))
    report = ipv4(1, icmp(3, 1, struct.pack("!I", 0) + sent))
    frames = [
        Frame(number=number, time_ns=0, sender=Side.CLIENT, octets=octets, link_type=LinkType.RAW)
        for number, octets in enumerate((sent, report), start=1)
    ]
    assert refused([(frame, dissect(frame.octets, frame.link_type)) for frame in frames]) == frozenset()
