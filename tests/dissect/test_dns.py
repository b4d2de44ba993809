"""Questions, answers, and names that point in circles."""

import time

import pytest

from layersviz.core.packet import LinkType
from layersviz.dissect import dissect
from tests.dissect.octets import dns, ipv4, tcp, udp

NAME = b"\x03www\x07example\x03com\x00"
QUESTION = NAME + bytes.fromhex("00010001")
POINTER = b"\xc0\x0c"


def over_udp(message, ports=(4000, 53)):
    return dissect(ipv4(17, udp(message, ports=ports)), LinkType.RAW)


def record(kind, value, name=POINTER):
    return name + kind.to_bytes(2) + bytes.fromhex("00010000003c") + len(value).to_bytes(2) + value


def test_a_question_has_name_type_and_class():
    header = over_udp(dns(QUESTION)).header("DNS")
    assert header.text("dns.qry.name") == "www.example.com"
    assert header.text("dns.qry.type") == "1 (A)"
    assert header.number("dns.flags.recdesired") == 1


@pytest.mark.parametrize(
    ("kind", "value", "field", "text"),
    [
        (1, bytes((10, 0, 0, 2)), "dns.a", "10.0.0.2"),
        (28, bytes(15) + b"\1", "dns.aaaa", "::1"),
        (5, POINTER, "dns.cname", "www.example.com"),
        (15, b"\0\x0a\x04mail" + POINTER, "dns.mx.mail_exchange", "mail.www.example.com"),
        (16, b"\x05hello", "dns.txt", "hello"),
        (33, bytes(4) + b"\x00\x50" + POINTER, "dns.srv.target", "www.example.com"),
        (99, b"\xab\xcd", "dns.data", "abcd"),
    ],
)
def test_an_answer_has_name_type_and_value(kind, value, field, text):
    header = over_udp(dns(QUESTION, record(kind, value), (1, 1, 0, 0))).header("DNS")
    assert header.text("dns.resp.name") == "www.example.com"
    assert header.text(field) == text


def test_fields_cover_the_message_without_gap_or_overlap():
    answers = record(1, bytes(4)) + record(6, POINTER + b"\0" + bytes(20)) + record(5, POINTER)
    header = over_udp(dns(QUESTION, answers, (1, 3, 0, 0))).header("DNS")
    at = header.octet_offset * 8
    for field in header.fields:
        assert field.bit_offset == at, field.name
        at += field.bit_length
    assert at == (header.octet_offset + header.octet_length) * 8


@pytest.mark.parametrize("name", [b"\xc0\x0c", b"\x01a\xc0\x0c", b"\xc0\x0e\xc0\x0c"])
def test_a_name_that_points_in_a_circle_is_data(name):
    header = over_udp(dns(name + bytes.fromhex("00010001"))).header("DNS")
    assert "pointer that loops" in header.text("dns.qry.name")


def test_many_names_that_point_far_back_are_malformed_and_not_slow():
    long_name = b"\x01a" * 120 + b"\0"
    questions = (long_name + bytes(4)) + (POINTER + bytes(4)) * 9000
    started = time.process_time()  # what others on this machine do is not our slowness
    dissection = over_udp(dns(questions, counts=(9001, 0, 0, 0)))
    assert time.process_time() - started < 1
    assert "DNS" in dissection.problem


def test_a_message_that_ends_too_early_says_so_and_keeps_what_was_read():
    dissection = over_udp(dns(QUESTION, record(1, bytes(4))[:-2], (1, 1, 0, 0)))
    assert "DNS message" in dissection.problem
    assert dissection.header("DNS").text("dns.qry.name") == "www.example.com"


def test_over_tcp_each_message_of_a_segment_is_a_header():
    message = dns(QUESTION)
    segment = (len(message).to_bytes(2) + message) * 2
    dissection = dissect(ipv4(6, tcp(segment, ports=(4000, 53))), LinkType.RAW)
    assert [header.protocol for header in dissection] == ["IPv4", "TCP", "DNS", "DNS"]
    assert dissection.problem == ""


def test_a_plain_question_is_known_on_any_port_and_other_data_is_not():
    assert over_udp(dns(QUESTION), ports=(4000, 4001)).header("DNS") is not None
    assert over_udp(b"not a question at all", ports=(4000, 4001)).header("DNS") is None


def test_odd_octets_of_a_name_are_shown_as_escapes():
    header = over_udp(dns(b"\x04a\n\x01b\x00" + bytes.fromhex("00010001"))).header("DNS")
    assert header.text("dns.qry.name") == "a\\n\\001b"
