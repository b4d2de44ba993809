"""Who looks at the pages: somebody, a presenter who has signed in; and nobody's wrong codes from the test before."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import open_room


@pytest.fixture(autouse=True)
def _nothing_guessed() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def teacher(db: None) -> User:
    return User.objects.create_user("teacher")


@pytest.fixture
def presenter(teacher: User) -> Client:
    """A browser in which the teacher has signed in."""
    browser = Client()
    browser.force_login(teacher)
    return browser


@pytest.fixture
def room(teacher: User) -> RegisteredRoom:
    """The teacher's class."""
    return open_room(teacher, "Networks 1")


@pytest.fixture
def student(room: RegisteredRoom) -> Client:
    """A browser that has joined the class."""
    browser = Client()
    assert browser.get(f"/join/{room.code}/").status_code == 200
    return browser
