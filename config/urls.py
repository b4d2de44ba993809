"""The pages, with the settings' values that they need."""

from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from layersviz.web import (
    conversations,
    dashboard,
    handout,
    learn,
    ports,
    questions,
    recordings,
    rooms,
    script_texts,
    uploads,
    views,
)
from layersviz.web.addresses import Addresses
from layersviz.web.codes import CodeConverter
from layersviz.web.hello import hello

register_converter(CodeConverter, "code")

_addresses = {"addresses": Addresses(public_url=settings.PUBLIC_URL, network_address=settings.NETWORK_ADDRESS)}
_stage = {"hosts": settings.LAB_HOSTS, **_addresses}
_limits = uploads.Limits(
    octets=settings.UPLOAD_LIMIT_OCTETS,
    unpacked_octets=settings.UNPACKED_LIMIT_OCTETS,
    folder=settings.ARRIVING_ROOT,
)
_CONVERSATION = "recordings/<int:number>/conversations/<int:conversation>/"

urlpatterns = [
    path("", dashboard.dashboard, {**_addresses, "with_lab": settings.LAB == "auto"}, name="dashboard"),
    path("present/<code:code>/", views.present, _stage, name="present"),
    path("present/<code:code>/notes/", rooms.notes, name="notes"),
    path("present/<code:code>/questions.csv", questions.answers, name="answers"),
    path("show/<code:code>/", views.show, _stage, name="show"),
    path("show/", RedirectView.as_view(pattern_name="dashboard")),  # where the projector's page was
    path("join/", views.join_form, name="join_form"),
    path("join/<code:code>/", views.join, _stage, name="join"),
    path("join/<code:code>/qr.svg", views.qr, _addresses, name="qr"),
    path("join/<str:typed>/", views.join_form),
    path("rooms/", rooms.open_one, name="open_room"),
    path("rooms/<code:code>/close/", rooms.close_one, name="close_room"),
    path("login/", rooms.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("recordings/", recordings.index, {"limit_octets": settings.UPLOAD_LIMIT_OCTETS}, name="recordings"),
    path("recordings/upload/", uploads.upload, {"limits": _limits}, name="upload"),
    path("recordings/<int:number>/", recordings.recording, name="recording"),
    path("recordings/<int:number>/facts/", recordings.facts, name="recording_facts"),
    path("recordings/<int:number>/handout/", handout.recording, name="recording_handout"),
    path(_CONVERSATION, conversations.conversation, name="conversation"),
    path(f"{_CONVERSATION}handout/", handout.conversation, name="conversation_handout"),
    path(f"{_CONVERSATION}facts/", conversations.facts, name="conversation_facts"),
    path(f"{_CONVERSATION}file/", conversations.download_conversation, name="conversation_file"),
    path("recordings/<int:number>/file/", recordings.download, name="recording_file"),
    path("recordings/<int:number>/rename/", recordings.rename, name="rename_recording"),
    path("recordings/<int:number>/share/", recordings.share, name="share_recording"),
    path("recordings/<int:number>/delete/", recordings.delete, name="delete_recording"),
    path("learn/", learn.index, name="learn"),
    path("learn/glossary/", learn.glossary, name="glossary"),
    path("learn/<slug:slug>/", learn.lesson, name="lesson"),
    path("ports/", ports.ports, {"hosts": settings.LAB_HOSTS}, name="ports"),
    path("ports/machine.json", ports.machine_sockets, name="machine_sockets"),
    path("hello/", hello, name="hello"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("i18n/<slug:language>/<slug:digest>.js", script_texts.script_texts, name="script_texts"),
    path("favicon.ico", views.favicon),  # a browser asks for it beside a page that names none, such as /hello/
    path("<code:code>", views.short, name="short"),  # last: a code may be a word, too
    path("<code:code>/", views.short),
]
