"""The pages. What they show comes by websocket; a page itself is always the same."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.host import Hosts
from layersviz.web.reader import for_reader
from layersviz.web.state_diagram import draw


@require_safe
@cache_control(no_store=True)
def dashboard(request: HttpRequest, hosts: Hosts) -> HttpResponse:
    """The presenter's page, with all controls."""
    return _page(request, "dashboard.html", page="present", hosts=hosts)


@require_safe
@cache_control(no_store=True)
def show(request: HttpRequest, hosts: Hosts) -> HttpResponse:
    """The projector's page: nothing but the picture."""
    return _page(request, "show.html", page="show", hosts=hosts)


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.svg"))


def _page(request: HttpRequest, template: str, *, page: str, hosts: Hosts) -> HttpResponse:
    hello_url = request.build_absolute_uri(reverse("hello"))
    return render(
        request, template, {"page": page, "hosts": hosts, "hello_url": hello_url, "diagram": for_reader(draw())}
    )
