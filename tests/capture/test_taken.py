"""A frame that the wire keeps is told when it leaves, and known of since it was taken."""

import json
from dataclasses import replace

from layersviz.capture.events import FrameDissected, HeldMoved, LabState, LabStatus
from layersviz.capture.lab_source import LabSource
from layersviz.capture.source import FrameSeen, FrameTaken
from layersviz.capture.stage import Stage, StagedRun
from layersviz.core.journey import Journey
from layersviz.core.played_run import Source
from tests.core.faulty import CLOCKS, SYN, WARM, again, held

FIRST, SECOND = replace(held(SYN, 1_500), number=2), replace(again(SYN, 1_003), number=1)


async def test_the_labs_line_becomes_a_frame_without_a_number() -> None:
    source = LabSource(WARM.hosts)
    line = {"kind": "taken", "run": 3, "time_ns": 5, "sender": "client", "octets": "0102", "taken": None}
    source.hear(json.dumps(line).encode())
    event = await anext(source.events())
    assert isinstance(event, FrameTaken)
    assert (event.run, event.frame.number, event.frame.octets, event.frame.time_ns) == (3, 0, b"\1\2", 5)


async def told(*, is_taken: bool) -> list[Journey]:
    journeys: list[Journey] = []

    async def hear(event: object) -> None:
        if isinstance(event, FrameDissected):
            journeys.append(event.journey)

    stage = Stage(hear, LabStatus(state=LabState.READY, source=Source.LAB, sentence="Ready."), None)
    run = StagedRun(number=1, hosts=WARM.hosts, source=Source.LAB, clocks=CLOCKS)
    await stage.open(run)
    if is_taken:
        stage.take(run, replace(FIRST, number=0))
    for frame in (SECOND, FIRST):
        await stage.add(run, frame)
    return journeys


async def test_the_stage_judges_what_was_sent_meanwhile_in_its_light() -> None:
    one, late = await told(is_taken=True)
    assert [finding.name for finding in one.findings] == ["retransmission"]
    assert (one.name, late.name, late.time_us) == ("SYN again", "SYN", 0)


async def test_without_that_line_the_late_one_is_no_retransmission_either() -> None:
    one, late = await told(is_taken=False)
    assert (one.name, late.name, one.findings, late.findings) == ("SYN", "SYN", (), ())


async def test_what_is_taken_and_cannot_be_read_ends_nothing() -> None:
    async def hear(event: object) -> None:
        assert not isinstance(event, HeldMoved | FrameSeen)

    stage = Stage(hear, LabStatus(state=LabState.READY, source=Source.LAB, sentence="Ready."), None)
    run = StagedRun(number=1, hosts=WARM.hosts, source=Source.LAB)
    for octets in (b"", b"\0" * 13, SYN.octets[:40], SYN.octets[:14] + b"\xff" * 60):
        stage.take(run, replace(FIRST, number=0, octets=octets))
    await stage.add(run, SECOND)
    assert run.frames == [SECOND]
