"""The pages, with the settings' values that they need."""

from django.conf import settings
from django.urls import include, path

from layersviz.web import captures, handout, recordings, script_texts, uploads, views
from layersviz.web.hello import hello

_hosts = {"hosts": settings.LAB_HOSTS}
_limits = uploads.Limits(
    octets=settings.UPLOAD_LIMIT_OCTETS,
    unpacked_octets=settings.UNPACKED_LIMIT_OCTETS,
    folder=settings.ARRIVING_ROOT,
)
_CONVERSATION = "recordings/<int:number>/conversations/<int:conversation>/"

urlpatterns = [
    path("", views.dashboard, _hosts, name="dashboard"),
    path("show/", views.show, _hosts, name="show"),
    path("recordings/", recordings.index, {"limit_octets": settings.UPLOAD_LIMIT_OCTETS}, name="recordings"),
    path("recordings/upload/", uploads.upload, {"limits": _limits}, name="upload"),
    path("recordings/<int:number>/", recordings.recording, name="recording"),
    path("recordings/<int:number>/facts/", recordings.facts, name="recording_facts"),
    path("recordings/<int:number>/handout/", handout.recording, name="recording_handout"),
    path(_CONVERSATION, captures.conversation, name="conversation"),
    path(f"{_CONVERSATION}handout/", handout.conversation, name="conversation_handout"),
    path(f"{_CONVERSATION}facts/", captures.facts, name="conversation_facts"),
    path(f"{_CONVERSATION}file/", captures.download_conversation, name="conversation_file"),
    path("recordings/<int:number>/file/", recordings.download, name="recording_file"),
    path("recordings/<int:number>/rename/", recordings.rename, name="rename_recording"),
    path("recordings/<int:number>/delete/", recordings.delete, name="delete_recording"),
    path("hello/", hello, name="hello"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("i18n/<slug:language>/<slug:digest>.js", script_texts.script_texts, name="script_texts"),
    path("favicon.ico", views.favicon),  # a browser asks for it beside a page that names none, such as /hello/
]
