"""The runs that a page of /learn/ goes through: as recordings where they are there, else as the files of the course."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest

from layersviz.core.played_run import PlayedRun
from layersviz.recordings.keeping import load
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.page_runs import EVERY
from layersviz.recordings.lessons.pages.page import Page, places
from layersviz.recordings.lessons.readings import Readings
from layersviz.recordings.models import Recording
from layersviz.recordings.retelling import retell
from layersviz.web.access import visible

_NAMES = {lesson.slug: lesson.name for lesson in EVERY}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownRun:
    """`kept` is None where the recording was deleted, or is another one than the page speaks of."""

    name: str
    readings: Readings
    kept: Recording | None


def runs_of(request: HttpRequest, page: Page) -> Mapping[str, ShownRun]:
    """By the slugs of the ready lessons, in the order of the page."""
    found = {kept.lesson: kept for kept in Recording.objects.filter(visible(request), lesson__in=page.runs)}
    return {slug: _run(page, slug, found.get(slug)) for slug in page.runs}


def _run(page: Page, slug: str, kept: Recording | None) -> ShownRun:
    if kept is not None:
        readings = _read(load(kept))
        if _has_all(page, slug, readings):
            return ShownRun(name=_NAMES[slug], readings=readings, kept=kept)
    return ShownRun(name=_NAMES[slug], readings=_of_the_course(slug), kept=None)


@cache
def _of_the_course(slug: str) -> Readings:
    return _read(files.read(files.path_of(slug)))


def _read(run: PlayedRun) -> Readings:
    return Readings(run, retell(run))


def _has_all(page: Page, slug: str, readings: Readings) -> bool:
    """Whether that run has every step and every value that the page speaks of."""
    sentences = [sentence for sentence in page.sentences if sentence.run == slug]
    texts = [text for sentence in sentences for text in (sentence.plain, sentence.precise)]
    if slug == page.runs[0]:
        texts.append(page.attempt)
    return all(readings.place(sentence.at) is not None for sentence in sentences) and all(
        readings.value(place) is not None for text in texts for place in places(text)
    )
