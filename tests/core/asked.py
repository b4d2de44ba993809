"""Runs for questions, and what their octets say, read by hand: nothing here asks our dissection."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from layersviz.capture.simulated_run import draw_numbers, simulate
from layersviz.core.frame import Frame
from layersviz.core.host import Hosts, Side
from layersviz.core.journey import Journey
from layersviz.core.layer import Layer
from layersviz.core.played_run import Source
from layersviz.core.predict import Asked, QuestionKind, question, questions_at
from layersviz.recordings.lessons import files
from layersviz.recordings.retelling import retell
from tests.lab.frames import IPV4, pseudo_header, seen, sums_up
from tests.recorded import RecordedRun, recorded_run, tell

SIMULATED_RUNS = 100
FIRST_PORT = 40_000
Question = tuple[int, int, QuestionKind, Asked]
"""Frame, step, kind, and the question."""


@dataclass(frozen=True, slots=True)
class Told:
    """A run's frames, and the journeys that are told of them."""

    name: str
    frames: tuple[Frame, ...]
    journeys: tuple[Journey, ...]

    def asked(self, seed: int = 1) -> Iterator[Question]:
        """Every question that can be asked in this run."""
        for journey in self.journeys:
            for step in journey.steps:
                for kind in questions_at(self.journeys, journey.number, step.number):
                    asked = question(self.journeys, journey.number, step.number, kind, seed)
                    yield journey.number, step.number, kind, asked


def recorded() -> list[Told]:
    """The lab's own captures and the ready lessons'."""
    runs = [(name, recorded_run(name)) for name in ("handshake-cold", "handshake-warm")]
    told = [Told(name, run.frames, tell(run)) for name, run in runs]
    for path in sorted(files.FOLDER.glob("*.jsonl")):
        run = files.read(path)
        told.append(Told(path.stem, run.frames, retell(run)))
    return told


def simulated(seed: int) -> Told:
    """A run with numbers of its own, and a port of its own."""
    plain = recorded_run("handshake-cold").hosts
    hosts = Hosts(client=replace(plain.client, port=FIRST_PORT + seed), server=plain.server)
    numbers = draw_numbers(Random(seed))
    frames = tuple(simulate(hosts, numbers, start_ns=seed * 10**9, with_arp=seed % 2 == 0))
    run = RecordedRun(hosts=hosts, frames=frames)
    return Told(f"simulated {seed}", frames, tell(run, source=Source.SIMULATED))


@dataclass(frozen=True, slots=True)
class Read:
    """What a frame's octets say. Ports, numbers and flags are None where it is no TCP or UDP over IP."""

    sender: Side
    target_mac: str
    protocol: int = 0
    source: int | None = None
    target: int | None = None
    sequence: int | None = None
    acknowledgment: int | None = None
    flags: int | None = None
    octets: int | None = None
    icmp: tuple[int, int] | None = None


def read(frame: Frame) -> Read:
    octets = frame.octets
    mac = ":".join(f"{octet:02x}" for octet in octets[:6])
    (ethertype,) = struct.unpack_from("!H", octets, 12)
    if ethertype == 0x0800:
        header, (total,), protocol = (octets[14] & 15) * 4, struct.unpack_from("!H", octets, 16), octets[23]
        return _transport(frame, mac, protocol, octets[14 + header : 14 + total])
    if ethertype == 0x86DD:
        (payload,) = struct.unpack_from("!H", octets, 18)
        return _transport(frame, mac, octets[20], octets[54 : 54 + payload])
    return Read(frame.sender, mac)


def _transport(frame: Frame, mac: str, protocol: int, load: bytes) -> Read:
    if protocol == 6:
        source, target, sequence, acknowledgment, flags = struct.unpack_from("!HHIIH", load)
        data = len(load) - (flags >> 12) * 4
        return Read(frame.sender, mac, 6, source, target, sequence, acknowledgment, flags & 0xFFF, data)
    if protocol == 17:
        source, target, length = struct.unpack_from("!HHH", load)
        return Read(frame.sender, mac, 17, source, target, octets=length - 8)
    return Read(frame.sender, mac, protocol, icmp=(load[0], load[1]))


ACCEPTED = "No layer: it is accepted"


def refused_by(frame: Frame) -> str:
    """Which layer takes a damaged frame no further, by the sums over what came of it (RFC 1071)."""
    if frame.at_card:
        return str(Layer.LINK.label)
    came = seen({"octets": frame.arrived.hex()})
    if came.ethertype == IPV4 and not sums_up(came.ip_header):
        return str(Layer.NETWORK.label)
    return ACCEPTED if sums_up(pseudo_header(came) + came.segment) else str(Layer.TRANSPORT.label)
