"""`manage.py present`: prints a fresh link for the presenter of a class; it works once."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from layersviz.management.links import LINK_LASTS_S, addresses, presenter_link
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import find_open, standing_room

_HOUR_S = 3600


class Command(BaseCommand):
    help = "Print a fresh link for the presenter of a class; it works once."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", default="", help="the class's code (default: the server's own class)")
        parser.add_argument("--hours", type=float, default=LINK_LASTS_S / _HOUR_S, help="how long the link works")

    def handle(self, *args: Any, code: str, hours: float, **options: Any) -> None:
        if not 0 < hours <= 24 * 14:
            raise CommandError(f"--hours is {hours:g}: a link works for more than 0 hours and for 14 days at most.")
        base = settings.PUBLIC_URL or addresses(settings.HOST, settings.PORT, [])[0]
        try:
            self.stdout.write(presenter_link(_room(code), base, hours * _HOUR_S))
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}. Has the server been started once?") from error


def _room(code: str) -> RegisteredRoom:
    if not code:
        return standing_room()
    room = find_open(code)
    if room is None:
        raise CommandError(f"There is no open class with the code {code}.")
    return room
