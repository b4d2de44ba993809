"""Which of the recordings a list names as ready lessons: not the runs that belong to a page of /learn/ alone."""

from django.db.models import QuerySet

from layersviz.recordings.lessons.page_runs import SLUGS
from layersviz.recordings.models import Recording


def ready_lessons(found: QuerySet[Recording]) -> QuerySet[Recording]:
    """Those of `found`, in the order of the course."""
    return found.exclude(lesson="").exclude(lesson__in=SLUGS).order_by("lesson")
