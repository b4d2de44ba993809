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
        known = set(InstalledLesson.objects.values_list("name", flat=True))
        missing = [lesson for lesson in course if lesson.slug not in known]
        if missing:
            with transaction.atomic():
                _install_all(missing)
    except DatabaseError as error:
        logger.warning("The ready lessons could not be put among the recordings: %s.", error)


def _install_all(lessons: list[Lesson]) -> None:
    for lesson in lessons:
        try:
            with transaction.atomic():
                _install(lesson)
        except (DatabaseError, NotKeptError, OSError, ValueError) as error:
            logger.warning('The ready lesson "%s" could not be put among the recordings: %s', lesson.name, error)


def _install(lesson: Lesson) -> None:
    run = files.read(files.path_of(lesson.slug))
    InstalledLesson.objects.create(name=lesson.slug)
    Recording.objects.filter(pk=keep(run)).update(
        name=lesson.name,
        about=lesson.about,
        lesson=lesson.slug,
        made_at=datetime.fromtimestamp(run.frames[0].time_ns / 1e9, UTC),
    )
