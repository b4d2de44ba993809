"""A capture of 100,000 frames that is made here: its conversations by us, by tshark, by Scapy; as whole processes."""

import asyncio
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from statistics import median

from layersviz.capture.simulated_run import draw_numbers, simulate
from layersviz.core.packet import Packet
from layersviz.files import PcapngWriter
from tests.benchmarks import mixture
from tests.benchmarks.figure import Figure
from tests.recorded import recorded_run
from tests.web.live import PROJECT

FRAMES = 100_000
RUNS, CLIENTS = 100, 100
"""So many connections, each by so many clients, of ten frames each."""
SAMPLE = 5_000
"""So many frames for those who are too slow for all of them."""
ROUNDS = 3
CLIENT = bytes((10, 0, 0, 3))
DISSECT = (sys.executable, "manage.py", "dissect", "--conversations")
CONVERSATIONS = ("tshark", "-n", "-q", "-z", "conv,tcp", "-r")
SCAPY = """
import sys
from scapy.all import PcapNgReader
for count, packet in enumerate(PcapNgReader(sys.argv[1]), start=1): pass
print(count)
"""


async def measure() -> list[Figure]:
    return await asyncio.to_thread(_measure)


def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        whole, sample, small = (Path(folder) / f"{name}.pcapng" for name in ("whole", "sample", "small"))
        frames, mean_octets = mixture.make(whole, FRAMES)
        mixture.make(sample, SAMPLE)
        small_frames = make_capture(small, CLIENTS)
        ours_s, memory_mib = _timed(*DISSECT, str(whole))
        figures = [
            Figure(name="the capture", value=f"{mean_octets:.0f} octets a frame", goal=f"(it holds {mixture.HOLDS})"),
            Figure(name=f"index of {frames:,} frames, the whole command", value=f"{ours_s:.2f} s", goal=""),
            Figure(name="memory for it", value=f"{memory_mib:.0f} MiB", goal="< 300 MB"),
        ]
        theirs = [("Scapy's PcapNgReader", 1 / 15, (sys.executable, "-c", SCAPY, str(sample)), SAMPLE)]
        if shutil.which("tshark"):
            theirs = [
                ("tshark -q -z conv,tcp", 1.0, (*CONVERSATIONS, str(whole)), frames),
                ("tshark -T json", 1 / 15, ("tshark", "-n", "-T", "json", "-r", str(sample)), SAMPLE),
                *theirs,
            ]
        figures += [_beside(ours_s / frames, *each) for each in theirs]
        return figures + (_of_small_frames(small, small_frames) if shutil.which("tshark") else [])


def _of_small_frames(capture: Path, frames: int) -> list[Figure]:
    """Ten frames to a connection and next to no data: tshark's best case, and our worst."""
    ours_s, _ = _timed(*DISSECT, str(capture))
    tshark_s, _ = _timed(*CONVERSATIONS, str(capture))
    name = f"beside tshark -q -z conv,tcp, {frames:,} small frames, ten to a connection"
    return [Figure(name=name, value=f"{ours_s:.2f} s, {ours_s / tshark_s:.3f}", goal="")]


def _beside(ours_s: float, name: str, most: float, command: tuple[str, ...], frames: int) -> Figure:
    """Our time for a frame in parts of theirs."""
    seconds, _ = _timed(*command)
    ratio = ours_s / (seconds / frames)
    return Figure(
        name=f"our time for a frame beside {name} ({frames / seconds:,.0f}/s)",
        value=f"{ratio:.3f}",
        goal=f"< {most:.3g}",
    )


def _timed(*command: str) -> tuple[float, float]:
    """Median seconds of some runs, and the most MiB that the process held."""
    seconds, most_kib = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - began)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        most_kib = max(most_kib, usage.ru_maxrss)
    return median(seconds), most_kib / 1024


def make_capture(path: Path, clients: int) -> int:
    """Every client speaks as the first one did, from an address of its own; gives the number of frames."""
    hosts, chance, number = recorded_run("handshake-warm").hosts, Random(1), 0
    runs = [list(simulate(hosts, draw_numbers(chance), start_ns=0, with_arp=False)) for _ in range(RUNS)]
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        for client in range(clients):
            for port, run in enumerate(runs, start=20_000):
                for frame in run:
                    number += 1
                    octets = _of_client(frame.octets, client, port)
                    writer.write(Packet(number=number, octets=octets, length=len(octets), time_ns=number * 100_000))
    return number


def _of_client(octets: bytes, client: int, port: int) -> bytes:
    """The same frame from another client's address and port, its checksums as they then are (RFC 1624 section 3)."""
    changed = bytearray(octets)
    address = octets.index(CLIENT, 26)
    port_at = 34 if address == 26 else 36
    (old,) = struct.unpack_from("!H", octets, port_at)
    struct.pack_into("!H", changed, address + 1, client)
    struct.pack_into("!H", changed, port_at, port)
    # The address's two words and where they lie in the sums: an odd offset would swap them, so words are read anew.
    words = [
        (at, struct.unpack_from("!H", octets, at)[0], struct.unpack_from("!H", changed, at)[0])
        for at in (address, address + 2)
    ]
    for field, more in ((24, []), (50, [(port_at, old, port)])):
        (checksum,) = struct.unpack_from("!H", octets, field)
        total = (~checksum & 0xFFFF) + sum((~before & 0xFFFF) + after for _, before, after in [*words, *more])
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        struct.pack_into("!H", changed, field, ~total & 0xFFFF)
    return bytes(changed)
