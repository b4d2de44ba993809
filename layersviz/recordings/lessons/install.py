"""Puts the lessons that were never here among the recordings. One that somebody deletes does not come back."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import DatabaseError, transaction

from layersviz.recordings.keeping import NotKeptError, keep
from layersviz.recordings.lessons import files
from layersviz.recordings.lessons.course import COURSE, Lesson
from layersviz.recordings.models import InstalledLesson, Recording

logger = logging.getLogger(__name__)


def install_lessons(course: Iterable[Lesson] = COURSE) -> None:
    """Raises nothing: a lesson that can't be had is a sentence in the log, and the others are there."""
    try:
        if missing := _missing(course):
            with transaction.atomic():
                _install_all(_missing(missing))  # another process may have done it while we waited for the database
    except DatabaseError as error:
        logger.warning("The ready lessons could not be put among the recordings: %s.", error)


def _missing(course: Iterable[Lesson]) -> list[Lesson]:
    known = set(InstalledLesson.objects.values_list("name", flat=True))
    return [lesson for lesson in course if lesson.slug not in known]


def _install_all(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        try:
            with transaction.atomic():
                _install(lesson)
        except (DatabaseError, NotKeptError, OSError, ValueError) as error:
            logger.warning('The ready lesson "%s" could not be put among the recordings: %s', lesson.name, error)


def _install(lesson: Lesson) -> None:
    run = files.read(files.path_of(lesson.slug))
    _installed, is_new = InstalledLesson.objects.get_or_create(name=lesson.slug)
    if not is_new:  # by another process, just now
        return
    Recording.objects.filter(pk=keep(run)).update(
        name=lesson.name,
        about=lesson.about,
        lesson=lesson.slug,
        made_at=datetime.fromtimestamp(run.frames[0].time_ns / 1e9, UTC),
    )
