"""A recording as a file: what Wireshark opens is what the wire carried."""

import io
import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from layersviz.core.packet import Packet
from layersviz.core.played_run import Source
from layersviz.files import PcapngWriter, open_capture
from layersviz.files.pcap import LONGEST
from layersviz.recordings.export import NO_TIME, SIMULATED, WITHOUT_TIME, file_of, file_of_conversation
from layersviz.recordings.keeping import keep
from layersviz.recordings.models import RecordedConversation, Recording
from tests.core.faulty import EVERYTHING
from tests.recorded import recorded_run, tell
from tests.recordings.capture_files import kept_capture, octets_of_run, pcapng, pcapng_without_times
from tests.recordings.test_keeping import played

pytestmark = pytest.mark.django_db


def exported(folder: Path, *, source: Source = Source.LAB) -> Path:
    path = folder / "run.pcapng"
    with file_of(Recording.objects.get(pk=keep(played(source=source)))) as file:
        path.write_bytes(file.read())
    return path


def test_the_file_holds_the_frames_their_times_and_their_story(tmp_path: Path) -> None:
    run = recorded_run("handshake-cold")
    with open_capture(exported(tmp_path)) as capture:
        packets = list(capture)
    assert [(packet.octets, packet.time_ns) for packet in packets] == [
        (each.octets, each.time_ns) for each in run.frames
    ]
    for packet, journey in zip(packets, tell(run), strict=True):
        (told,) = packet.comments
        assert [line for line in told.split("\n") if line] == [
            f"{step.number}. {step.title}: {step.sentence}" for step in journey.steps
        ]


def test_frames_are_in_the_order_of_their_sending_as_they_were_sent_and_say_what_became_of_them(tmp_path: Path) -> None:
    run, path = EVERYTHING, tmp_path / "run.pcapng"
    with file_of(Recording.objects.get(pk=keep(run))) as file:
        path.write_bytes(file.read())
    with open_capture(path) as capture:
        packets = list(capture)
    sent = sorted(run.frames, key=lambda frame: frame.time_ns)
    assert [(each.octets, each.time_ns) for each in packets] == [(each.octets, each.time_ns) for each in sent]
    for frame, packet in zip(sent, packets, strict=True):
        said = "\n".join(packet.comments)
        assert ("lost on the wire" in packet.comments) == frame.lost
        assert (f"Bit {frame.flipped_bit} (from 0) was flipped" in said) == (frame.flipped_bit is not None)
        assert (f"second copy of the frame that layersviz tells as number {frame.copy_of}" in said) == (
            frame.copy_of > 0
        )
        assert (f"kept it for {frame.held_ns / 1e6:.1f} ms" in said) == (frame.held_ns > 0)
    refused = [each for each in packets if any("Refused by the receiver" in comment for comment in each.comments)]
    assert len(refused) == len([frame for frame in sent if frame.flipped_bit is not None])


@pytest.mark.skipif(
    shutil.which("tshark") is None, reason="tshark is not installed: what it makes of our file is not tried"
)
def test_tshark_finds_no_wrong_checksum_and_nothing_malformed_in_frames_that_were_damaged_on_their_way(
    tmp_path: Path,
) -> None:
    with file_of(Recording.objects.get(pk=keep(EVERYTHING))) as file:
        (tmp_path / "run.pcapng").write_bytes(file.read())
    fields = ["tcp.checksum.status", "ip.checksum.status", "_ws.malformed"]
    command = ["tshark", "-n", "-r", str(tmp_path / "run.pcapng"), "-T", "json"]
    checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    asked = [word for field in fields for word in ("-e", field)]
    done = subprocess.run([*command, *checks, *asked], capture_output=True, text=True, check=True)
    seen = [packet["_source"]["layers"] for packet in json.loads(done.stdout)]
    assert len(seen) == len(EVERYTHING.frames)
    assert {status for each in seen for status in each["tcp.checksum.status"] + each["ip.checksum.status"]} == {"1"}
    assert not [each for each in seen if "_ws.malformed" in each]


def test_each_frame_of_a_simulated_run_says_that_it_is(tmp_path: Path) -> None:
    with open_capture(exported(tmp_path, source=Source.SIMULATED)) as capture:
        assert all(packet.comments[0] == SIMULATED for packet in capture)


@pytest.mark.skipif(
    shutil.which("tshark") is None, reason="tshark is not installed: what it makes of our file is not tried"
)
@pytest.mark.parametrize("source", [Source.LAB, Source.SIMULATED])
def test_tshark_opens_it_with_the_same_frames_and_finds_nothing_to_complain_of(tmp_path: Path, source: Source) -> None:
    run = recorded_run("handshake-cold")
    fields = ["frame.time_epoch", "tcp.checksum.status", "ip.checksum.status", "tcp.analysis.flags", "_ws.malformed"]
    command = ["tshark", "-n", "-r", str(exported(tmp_path, source=source)), "-T", "json"]
    checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]
    asked = [word for field in fields for word in ("-e", field)]
    done = subprocess.run([*command, *checks, *asked], capture_output=True, text=True, check=True)
    seen = [packet["_source"]["layers"] for packet in json.loads(done.stdout)]
    assert [round(float(each["frame.time_epoch"][0]) * 1e3) for each in seen] == [
        round(frame.time_ns / 1e6) for frame in run.frames
    ]
    assert {status for each in seen for status in each.get("tcp.checksum.status", [])} == {"1"}
    assert {status for each in seen for status in each.get("ip.checksum.status", [])} == {"1"}
    assert not [each for each in seen if "tcp.analysis.flags" in each or "_ws.malformed" in each]


def test_a_conversation_of_a_file_is_taken_along_with_its_own_frames_and_our_sentences(tmp_path: Path) -> None:
    octets = octets_of_run()
    recording = kept_capture(tmp_path, pcapng(octets))
    conversation = recording.conversations.get(place=1)
    packets = taken_along(tmp_path, conversation)
    assert [packet.octets for packet in packets] == octets[2:]
    assert packets[0].time_ns == 1_700_000_000_003_000_000
    for number, packet in enumerate(packets, start=3):
        assert packet.comments[0].startswith(f"Frame {number} of lesson.pcapng\n1. ")


def taken_along(folder: Path, conversation: RecordedConversation) -> list[Packet]:
    with file_of_conversation(conversation) as file:
        (folder / "out").write_bytes(file.read())
    with open_capture(folder / "out") as capture:
        return list(capture)


def test_comments_that_were_in_the_file_stay(tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    for number, octets in enumerate(octets_of_run(), start=1):
        said = (f"first of {number}", "second")
        writer.write(Packet(number=number, octets=octets, length=len(octets), time_ns=number, comments=said))
    recording = kept_capture(tmp_path, file.getvalue())
    for place, first in ((0, 1), (1, 3)):
        for number, packet in enumerate(taken_along(tmp_path, recording.conversations.get(place=place)), start=first):
            ours, *theirs = packet.comments
            assert ours.startswith(f"Frame {number} of lesson.pcapng\n")
            assert theirs == [f"first of {number}", "second"]


def test_frames_without_a_time_stay_so(tmp_path: Path) -> None:
    recording = kept_capture(tmp_path, pcapng_without_times(octets_of_run()))
    packets = taken_along(tmp_path, recording.conversations.get(place=1))
    assert [packet.octets for packet in packets] == octets_of_run()[2:]
    assert {packet.time_ns for packet in packets} == {None}
    assert WITHOUT_TIME.encode() in (tmp_path / "out").read_bytes()


def test_a_frame_without_a_time_that_was_cut_short_says_that_1970_is_not_its_time(tmp_path: Path) -> None:
    plain = pcapng_without_times([octets_of_run()[0]])
    cut = plain.replace(struct.pack("<I", LONGEST), struct.pack("<I", 40))  # the interface's snap length
    recording = kept_capture(tmp_path, cut)
    (packet,) = taken_along(tmp_path, recording.conversations.get())
    assert (len(packet.octets), packet.length, packet.time_ns) == (40, 42, 0)
    assert packet.comments[0].split("\n")[:2] == ["Frame 1 of lesson.pcapng", NO_TIME]


@pytest.mark.skipif(
    shutil.which("tshark") is None, reason="tshark is not installed: what it makes of our file is not tried"
)
def test_tshark_opens_a_conversation_of_a_file_too(tmp_path: Path) -> None:
    recording = kept_capture(tmp_path, pcapng(octets_of_run()))
    with file_of_conversation(recording.conversations.get(place=1)) as file:
        (tmp_path / "out").write_bytes(file.read())
    command = ["tshark", "-n", "-r", str(tmp_path / "out"), "-T", "fields", "-e", "tcp.stream", "-e", "tcp.flags"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["0"] * 10
