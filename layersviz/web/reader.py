"""What whoever asks for a page reads: sentences and numbers in the language of the request that is being answered."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import get_language

from layersviz.core.said import said
from layersviz.web.said import translated

Value = TypeVar("Value")


def reader_language() -> str:
    """As Django names it: 'de'."""
    return get_language() or str(settings.LANGUAGE_CODE)


def for_reader(value: Value) -> Value:
    """The value with every sentence in it in the reader's language (see `web.said.translated`)."""
    return translated(value, reader_language())


def number(value: int) -> str:
    """A whole number with its thousands apart, to be said in any language."""
    return said("{number:,}", number=value)


class ReaderLanguage(LocaleMiddleware):
    """Django's choice of the language. What is the same in all of them says so: its view sets `speaks_no_language`."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if getattr(response, "speaks_no_language", False):
            return response
        return super().process_response(request, response)
