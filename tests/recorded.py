"""The project's own captures: runs of its lab, kept as the lines that the lab child printed."""

import json
from dataclasses import dataclass
from pathlib import Path

from layersviz.core.frame import Frame, States
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.journey import Journey
from layersviz.core.played_run import Source
from layersviz.core.story import Story
from layersviz.core.tcp_state import TcpState
from layersviz.dissect import dissect

CAPTURES = Path(__file__).parent / "captures"
SERVER = Host(side=Side.SERVER, ip="10.0.0.2", mac="bc:f2:b8:57:86:02", port=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRun:
    hosts: Hosts
    frames: tuple[Frame, ...]


def recorded_run(name: str) -> RecordedRun:
    lines = [json.loads(line) for line in (CAPTURES / f"{name}.jsonl").read_text().splitlines()]
    port = next(line["client_port"] for line in lines if line["kind"] == "run_started")
    client = Host(side=Side.CLIENT, ip="10.0.0.3", mac="bc:35:db:cf:1b:03", port=port)
    seen = [line for line in lines if line["kind"] == "frame"]
    return RecordedRun(
        hosts=Hosts(client=client, server=SERVER),
        frames=tuple(
            Frame(
                number=number,
                time_ns=line["time_ns"],
                sender=Side(line["sender"]),
                octets=bytes.fromhex(line["octets"]),
                taken=_states(line["taken"]),
                delivered=_states(line["delivered"]),
            )
            for number, line in enumerate(seen, start=1)
        ),
    )


def tell(run: RecordedRun, *, source: Source = Source.LAB) -> tuple[Journey, ...]:
    story = Story(hosts=run.hosts, source=source)
    return tuple(story.tell(frame, dissect(frame.octets)) for frame in run.frames)


def _states(line: dict[str, str]) -> States:
    return States(client=TcpState(line["client"]), server=TcpState(line["server"]))
