"""What the pages' scripts say, in a reader's language: Django's catalogue script, at an address that names its content.

English has none: the scripts are written in it.
"""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

FOR_EVER_S = 10 * 365 * 86_400


@require_safe
@gzip_page
def script_texts(_request: HttpRequest, language: str, digest: str) -> HttpResponse:
    """The catalogue as a script; an older address gets today's texts, and a browser does not keep them."""
    script = _script(language)
    if not script:
        raise Http404(f"The scripts have no texts in '{language}'.")
    response = HttpResponse(script, 'text/javascript; charset="utf-8"')
    if digest == _digest(language):
        patch_cache_control(response, public=True, max_age=FOR_EVER_S, immutable=True)
    else:
        patch_cache_control(response, no_store=True)
    return response


def address_of(language: str) -> str:
    """Where the scripts' texts in that language are; empty for English, and for a language that has none."""
    return reverse("script_texts", args=[language, _digest(language)]) if _script(language) else ""


@cache
def _script(language: str) -> bytes:
    if language == settings.LANGUAGE_CODE or language not in dict(settings.LANGUAGES):
        return b""
    with override(language):
        return JavaScriptCatalog().get(HttpRequest()).content


@cache
def _digest(language: str) -> str:
    return sha256(_script(language)).hexdigest()[:12]
