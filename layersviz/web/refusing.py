"""A page that says in one sentence why not, and where to go from here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _


def refuse(request: HttpRequest, sentence: str | Promise, *, heading: str = "", status: int = 403) -> HttpResponse:
    values: dict[str, Any] = {
        "heading": heading or _("This is the presenter's to do"),
        "sentence": sentence,
        "is_signed_in": request.user.is_authenticated,
    }
    return render(request, "refused.html", values, status=status)
