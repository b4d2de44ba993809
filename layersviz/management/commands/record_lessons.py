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
    FrameSeen,
    SourceEvent,
    SourceImpossible,
    SourceRefused,
    SourceRunEnded,
    SourceRunStarted,
    SourceStatus,
)
from layersviz.core.frame import Frame
from layersviz.core.order import COLD, Order
from layersviz.core.played_run import PlayedRun, Source
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.course import COURSE, Lesson


class Command(BaseCommand):
    help = "Record the ready lessons anew, in the real lab. An installation that has them already keeps its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="only these lessons, such as 02-refused; all where none is named")

    def handle(self, *args: Any, slugs: list[str], **options: Any) -> None:
        unknown = set(slugs) - {lesson.slug for lesson in COURSE}
        if unknown:
            raise CommandError(f"There is no lesson {min(unknown)}.")
        asyncio.run(self._record([lesson for lesson in COURSE if lesson.slug in slugs or not slugs]))

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
                    await lab.start_run(number, Order(scene=lesson.scene, cold=lesson.cold))
                    run = await _whole_run(events)
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


async def _whole_run(events: AsyncGenerator[SourceEvent]) -> PlayedRun:
    started: SourceRunStarted | None = None
    frames: list[Frame] = []
    async for event in events:
        match event:
            case SourceRunStarted():
                started = event
            case FrameSeen():
                frames.append(event.frame)
            case SourceRefused(sentence=problem) | SourceRunEnded(problem=problem) if problem:
                raise CommandError(problem)
            case SourceRunEnded() if started is not None:
                return PlayedRun(
                    hosts=started.hosts,
                    frames=tuple(frames),
                    source=Source.LAB,
                    order=started.order,
                    clocks=started.clocks,
                )
    raise CommandError("The lab ended in the middle of a run.")
