"""A page that fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of our inside")


urlpatterns = [path("", fail)]
