"""Records the ready lessons anew: each is one run of its scene in the real lab."""

import asyncio
from argparse import ArgumentParser
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layersviz.capture.events import LabState
from layersviz.capture.lab_source import LabSource
from layersviz.capture.source import (
    EndTold,
    FrameSeen,
    SourceEvent,
    SourceImpossible,
    SourceRefused,
    SourceRunEnded,
    SourceRunStarted,
    SourceStatus,
)
from layersviz.core.ending import Ending
from layersviz.core.frame import Frame
from layersviz.core.order import COLD
from layersviz.core.played_run import PlayedRun, Source
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.course import Lesson
from layersviz.recordings.lessons.page_runs import EVERY


class Command(BaseCommand):
    help = "Record the ready lessons anew, in the real lab. An installation that has them already keeps its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="only these lessons, such as 02-refused; all where none is named")

    def handle(self, *args: Any, slugs: list[str], **options: Any) -> None:
        unknown = set(slugs) - {lesson.slug for lesson in EVERY}
        if unknown:
            raise CommandError(f"There is no lesson {min(unknown)}.")
        asyncio.run(self._record([lesson for lesson in EVERY if lesson.slug in slugs or not slugs]))

    async def _record(self, lessons: list[Lesson]) -> None:
        lab = LabSource(settings.LAB_HOSTS, wire_delay_ms=settings.LAB_WIRE_DELAY_MS)
        await lab.open()
        try:
            async with aclosing(lab.events()) as events:
                await _until_ready(events)
                if not lessons[0].cold:
                    await lab.start_run(0, COLD)  # nobody keeps it: it makes both hosts know each other
                    await _whole_run(events)
                for number, lesson in enumerate(lessons, start=1):
                    await lab.start_run(number, lesson.order)
                    run = await _whole_run(_letting_go(events, lab, lesson))
                    files.write(files.path_of(lesson.slug), run)
                    self.stdout.write(f"{lesson.slug}: {len(run.frames)} frames")
        finally:
            await lab.close()


async def _until_ready(events: AsyncGenerator[SourceEvent]) -> None:
    async for event in events:
        match event:
            case SourceStatus(state=LabState.READY):
                return
            case SourceImpossible():
                raise CommandError(f"{event.sentence} {event.remedy}")
    raise CommandError("The lab did not become ready.")


async def _letting_go(
    events: AsyncGenerator[SourceEvent], lab: LabSource, lesson: Lesson
) -> AsyncGenerator[SourceEvent]:
    """The same events; what is held is let go at the lesson's moment, as a presenter would."""
    async for event in events:
        if isinstance(event, FrameSeen) and event.frame.number == lesson.let_go_behind:
            await lab.let_go(event.run, 0)
        yield event


async def _whole_run(events: AsyncGenerator[SourceEvent]) -> PlayedRun:
    started: SourceRunStarted | None = None
    frames: list[Frame] = []
    ending: Ending | None = None
    async for event in events:
        match event:
            case SourceRunStarted():
                started = event
            case FrameSeen():
                frames.append(event.frame)
            case EndTold():
                ending = event.ending
            case SourceRefused(sentence=problem) | SourceRunEnded(problem=problem) if problem:
                raise CommandError(problem)
            case SourceRunEnded() if started is not None:
                return PlayedRun(
                    hosts=started.hosts,
                    frames=tuple(frames),
                    source=Source.LAB,
                    order=started.order,
                    clocks=started.clocks,
                    ending=ending,
                )
    raise CommandError("The lab ended in the middle of a run.")
