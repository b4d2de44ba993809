"""`manage.py dissect FILE` where Django starts it, with the options that every command of Django's has."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from layersviz.survey import printing


class Command(BaseCommand):
    help = printing.HELP
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        printing.add_arguments(parser)

    def handle(self, *args: Any, file: Path, conversations: bool, **options: Any) -> None:
        problem = printing.print_capture(file, conversations=conversations)
        if problem:
            self.stderr.write(problem)
            sys.exit(printing.DAMAGED)
