"""What many tests need: the lab's default hosts, and pages that name static files by their plain names."""

import signal
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django.fixtures import Settings

from config.environment import read_hosts
from layersviz.core.host import Hosts
from layersviz.web.catalogues import compile_if_changed

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Whoever starts us in the background has Ctrl-C ignored, and every program that we start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _compiled_translations() -> None:
    """As `serve` makes them; nothing to do where they are current."""
    compile_if_changed(Path(configured.BASE_DIR) / "layersviz" / "locale", Path(configured.LOCALE_PATHS[0]))


@pytest.fixture(scope="session")
def hosts() -> Hosts:
    return read_hosts({})


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """A page can be rendered before `serve` has collected the static files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = None
