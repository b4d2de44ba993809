"""A capture worker as a process of its own, `manage.py runworker capture`: it owns rooms, with their labs.

Stands in place of Channels' own command of that name: ours takes no messages from a queue, it holds rooms by leases.
"""

import asyncio
import gc
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layersviz.management.commands.serve import SWITCH_S


class Command(BaseCommand):
    help = "Own rooms and their labs, beside web processes: any number of these may run."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("channels", nargs="+", choices=["capture"], help="what to work for: capture")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.REDIS_URL:
            raise CommandError(
                "REDIS_URL is not set: without it, the worker runs within `manage.py serve` and nowhere else."
            )
        sys.setswitchinterval(SWITCH_S)
        gc.freeze()
        asyncio.run(self._work())

    async def _work(self) -> None:
        """Until SIGTERM or Ctrl-C: then the rooms are given back, and another worker takes them at once."""
        from config.routing import make_service  # reads the settings when it is imported

        service = make_service(get_channel_layer())
        working = asyncio.ensure_future(service.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        self.stdout.write(f"Capture worker {service.name} takes rooms.")
        self.stdout.flush()
        await asyncio.gather(working, return_exceptions=True)
