"""The pages, with the settings' values that they need."""

from django.conf import settings
from django.urls import path

from layersviz.web import recordings, views
from layersviz.web.hello import hello

_hosts = {"hosts": settings.LAB_HOSTS}

urlpatterns = [
    path("", views.dashboard, _hosts, name="dashboard"),
    path("show/", views.show, _hosts, name="show"),
    path("recordings/", recordings.index, name="recordings"),
    path("recordings/<int:number>/", recordings.recording, name="recording"),
    path("recordings/<int:number>/file/", recordings.download, name="recording_file"),
    path("recordings/<int:number>/rename/", recordings.rename, name="rename_recording"),
    path("recordings/<int:number>/delete/", recordings.delete, name="delete_recording"),
    path("hello/", hello, name="hello"),
    path("favicon.ico", views.favicon),  # a browser asks for it beside a page that names none, such as /hello/
]
