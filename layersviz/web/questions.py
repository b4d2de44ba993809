"""What a class was asked and has answered, as a table to take along: the presenter's alone."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.said import Catalogue, in_language
from layersviz.rooms.answers import AnswerRow, answers_of
from layersviz.web import access
from layersviz.web.refusing import refuse
from layersviz.web.said import catalogue

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads no UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_PERSON_LETTERS = 8


@require_safe
@cache_control(no_store=True)
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """All questions of the class, a line for each answer."""
    room = access.presented(request, code)
    if room is None:
        return refuse(request, _("Only its presenter can see what a class has answered."))
    language = get_language() or "en"
    lines = _lines([_heading(), *(_cells(row, catalogue(language)) for row in answers_of(room))])
    name = f"layersviz-{room.code}-answers.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _heading() -> list[str]:
    return [
        *(_("Question"), _("Asked at (UTC)"), _("Frame"), _("Step"), _("Text"), _("Right answer")),
        *(_("Student"), _("Name"), _("Answer"), _("Right"), _("Answered at (UTC)")),
    ]


def _cells(row: AnswerRow, words: Catalogue) -> list[str]:
    return [
        *(str(row.question), f"{row.asked_at:%Y-%m-%d %H:%M:%S}", str(row.frame), str(row.step)),
        *(in_language(row.text, words), in_language(row.right, words), row.person[:_PERSON_LETTERS], row.name),
        *(in_language(row.choice, words), _("yes") if row.is_right else _("no"), f"{row.at:%Y-%m-%d %H:%M:%S}"),
    ]


def _lines(rows: list[list[str]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    for row in rows:
        line = StringIO()
        csv.writer(line).writerow([defused(cell) for cell in row])
        yield line.getvalue()


def defused(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is text from now on (OWASP's advice on CSV injection)."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
