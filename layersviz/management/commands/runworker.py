"""A capture worker as a process of its own, `manage.py runworker capture`: it owns rooms, with their labs.

Stands in place of Channels' own command of that name: ours takes no messages from a queue, it holds rooms by leases.
"""

import asyncio
import signal
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layersviz.management.commands.serve import SWITCH_S
from layersviz.management.memory import keep_giving_back, lay_out_memory
from layersviz.web.catalogues import compile_if_changed
from layersviz.web.probe_port import ProbePort
from layersviz.web.service_notice import keep_telling


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
        compile_if_changed(settings.BASE_DIR / "layersviz" / "locale", Path(settings.LOCALE_PATHS[0]))
        sys.setswitchinterval(SWITCH_S)
        lay_out_memory()
        asyncio.run(self._work())

    async def _work(self) -> None:
        """Until SIGTERM or Ctrl-C: then the rooms are given back, and another worker takes them at once."""
        from config.routing import make_service  # reads the settings when it is imported

        service = make_service(get_channel_layer())
        working = asyncio.ensure_future(service.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        await self._open_probes()
        self._notice = asyncio.create_task(keep_telling(settings.NOTIFY_SOCKET, settings.WATCHDOG_US))
        self._memory = asyncio.create_task(keep_giving_back())
        self.stdout.write(f"Capture worker {service.name} takes rooms.")
        self.stdout.flush()
        with suppress(asyncio.CancelledError):
            await working
        self._notice.cancel()
        self._memory.cancel()

    async def _open_probes(self) -> None:
        """/healthz, /readyz and /metrics; without METRICS_PORT there is no such port."""
        if not settings.METRICS_PORT:
            return
        from config.probes import probes  # reads the settings when it is imported

        try:
            self._probes = await ProbePort(probes).listen(settings.METRICS_HOST, settings.METRICS_PORT)
        except OSError as error:
            at = f"{settings.METRICS_HOST}, port {settings.METRICS_PORT}"
            raise CommandError(f"The worker cannot answer /healthz on {at}: {error.strerror or error}.") from error
