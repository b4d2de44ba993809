"""What many tests need: the lab's default hosts, and pages that name static files by their plain names."""

import pytest
from pytest_django.fixtures import Settings

from config.environment import read_hosts
from layersviz.core.host import Hosts


@pytest.fixture
def hosts() -> Hosts:
    return read_hosts({})


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """A page can be rendered before `serve` has collected the static files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = None
