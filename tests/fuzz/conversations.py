"""Captures with whole conversations in them, and all that the survey says of a changed one."""

import io

from layersviz.core.packet import Packet
from layersviz.files import PcapngWriter, open_capture, plain_copy
from layersviz.survey.frame_list import packets as read_packets
from layersviz.survey.frame_list import read
from layersviz.survey.index import Index
from layersviz.survey.report import report
from tests.fuzz.frames import Frame
from tests.survey.segments import CLIENT, PATIENT_RUN, SERVER, packets_of
from tests.survey.test_survey import ANSWER, REQUEST, conversation

FRAMES_AT_ONCE, MOST_SAMPLES, LONGEST_FRAME = 6, 40, 400
MOST_OCTETS = 10_000_000


def index_and_report(octets: bytes) -> None:
    """Every frame is found again in one conversation, and there is a report of each."""
    plain = io.BytesIO()
    plain_copy(io.BytesIO(octets), plain, MOST_OCTETS)
    with open_capture(io.BytesIO(octets)) as capture:
        packets = list(capture)
    index = Index(remember_frames=True)
    for packet in packets:
        index.feed(packet)
    found: list[Packet] = []
    for place, _conversation in enumerate(index.conversations()):
        own = list(read_packets(plain, read(index.frames_of(place))))
        report(own)
        found += own
    report(packets)
    if [(each.number, each.octets) for each in sorted(found, key=lambda packet: packet.number)] != [
        (packet.number, packet.octets) for packet in packets
    ]:
        raise ValueError("A frame is in no conversation, in two, or was not found again.")


def captures(frames: tuple[Frame, ...]) -> tuple[bytes, ...]:
    """A connection with losses, HTTP in pieces, and frames of every kind in small numbers."""
    web = conversation((CLIENT, REQUEST[:22], ""), (CLIENT, REQUEST[22:] + REQUEST, ""), (SERVER, ANSWER + ANSWER, "F"))
    kinds = [
        Packet(number=number, octets=octets, length=len(octets), time_ns=number, link_type=link_type)
        for number, (link_type, octets) in enumerate(frames, start=1)
        if len(octets) < LONGEST_FRAME
    ]
    few = [kinds[at : at + FRAMES_AT_ONCE] for at in range(0, len(kinds), FRAMES_AT_ONCE)]
    return tuple(_packed(packets) for packets in (packets_of(PATIENT_RUN), web, *few[:MOST_SAMPLES]))


def _packed(packets: list[Packet]) -> bytes:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    for packet in packets:
        writer.write(packet)
    return file.getvalue()
