"""The Hello World page as a Django view; core/hello.py makes the answer.

GZipMiddleware must not stand before it: the answer is packed already where the client accepts that.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from layersviz.core.hello import respond


@csrf_exempt  # it changes nothing, and a POST must hear 405 (wrong method), not 403 (no token)
def hello(request: HttpRequest) -> HttpResponse:
    """Answer any method at /hello/."""
    answer = respond(request.method or "", request.headers.items())
    response = HttpResponse(answer.body, status=answer.status, reason=answer.reason, headers=dict(answer.headers))
    response.speaks_no_language = True  # type: ignore[attr-defined] # for `web.reader.ReaderLanguage`
    return response
