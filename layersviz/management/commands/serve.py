"""Starts everything in one process: pages, websockets, capture worker, lab. Ctrl-C ends it."""

import asyncio
import errno
import resource
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config.machine import EVERYWHERE, names_for, network_address, own_addresses
from layersviz.capture.events import LabState, LabStatus, LiveStatus
from layersviz.core.played_run import Source
from layersviz.live.rights import give_up_net_raw
from layersviz.management.alone import alone_in
from layersviz.management.links import addresses, greeting, presenter_link
from layersviz.management.memory import keep_giving_back, lay_out_memory
from layersviz.recordings.lessons.install import install_lessons
from layersviz.recordings.lessons.page_runs import EVERY
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.news import lab_statuses
from layersviz.rooms.register import standing_room
from layersviz.web.catalogues import compile_if_changed
from layersviz.web.static import collect_if_changed

SWITCH_S = 0.0005
"""So long may a thread hold up the others: a frame on the stage must not wait while an upload is kept."""


class Command(BaseCommand):
    help = "Serve the pages and play the runs."
    requires_system_checks = ()  # the lab tells by itself how it is; the rest is `manage.py check`'s

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on; 0.0.0.0 lets the network in")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on, 1 to 65535")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if not 1 <= port <= 65535:
            raise CommandError(f"--port is {port}: a port is a whole number from 1 to 65535.")
        give_up_net_raw()
        with nullcontext() if settings.REDIS_URL or not settings.WITH_WORKER else alone_in(settings.VAR_DIR):
            self._begin(host, port)

    def _begin(self, host: str, port: int) -> None:
        settings.ALLOWED_HOSTS = list(dict.fromkeys([*settings.ALLOWED_HOSTS, *names_for(host)]))
        compile_if_changed(settings.BASE_DIR / "layersviz" / "locale", Path(settings.LOCALE_PATHS[0]))
        if not settings.DEBUG:
            collect_if_changed([Path(source) for source in settings.STATICFILES_DIRS], Path(settings.STATIC_ROOT))
        self._make_tables()
        install_lessons(EVERY)
        settings.NETWORK_ADDRESS = network_address(host)
        room = standing_room()
        self._serve(host, port, room, self._greeting(host, port, room))

    def _make_tables(self) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}.") from error

    def _serve(self, host: str, port: int, room: RegisteredRoom, greeting: str) -> None:
        # These read the settings and the static files when they are imported, so not before now.
        from config.asgi import application
        from config.routing import embedded
        from layersviz.web.bodies import ROOM_FOR_A_FORM
        from layersviz.web.server import Server
        from layersviz.web.service_notice import keep_telling
        from layersviz.web.visiting import open_to_visitors

        async def begin() -> None:
            self._news = asyncio.create_task(self._print_news(room.code))
            self._notice = asyncio.create_task(keep_telling(settings.NOTIFY_SOCKET, settings.WATCHDOG_US))
            self._memory = asyncio.create_task(keep_giving_back())
            embedded.start()
            self._print(greeting)
            if settings.LIVE_INTERFACE and settings.WITH_WORKER:
                await open_to_visitors(
                    embedded,
                    room.code,
                    interface=settings.LIVE_INTERFACE,
                    port=settings.LIVE_PORT,
                    addresses=settings.LIVE_ADDRESSES,
                    python=settings.LIVE_PYTHON,
                )

        async def stop() -> None:
            self._notice.cancel()
            self._memory.cancel()
            await embedded.stop()

        most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))  # each viewer is one
        sys.setswitchinterval(SWITCH_S)
        lay_out_memory()
        most_octets = settings.UPLOAD_LIMIT_OCTETS + ROOM_FOR_A_FORM
        server = Server(application, host=host, port=port, most_octets=most_octets, begin=begin, stop=stop)
        server.run()
        if server.problem is not None:
            raise CommandError(explain(server.problem, host, port))

    def _greeting(self, host: str, port: int, room: RegisteredRoom) -> str:
        """The addresses to open. In production what is printed goes into a log, where no token may be."""
        own = own_addresses() if host in EVERYWHERE else []
        here, elsewhere = (settings.PUBLIC_URL,) * 2 if settings.PUBLIC_URL else addresses(host, port, own)
        link = "by `manage.py present`, which prints a link" if settings.PRODUCTION else presenter_link(room, here)
        return "\n".join(greeting(room, link, here, elsewhere))

    async def _print_news(self, code: str) -> None:
        """Whenever the lab, or the way for visitors, comes up or goes down, as long as the server runs."""
        before: LabStatus | None = None
        async for status in lab_statuses(get_channel_layer(), code):
            for line in news(before, status):
                self._print(line)
            before = status

    def _print(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def lab_line(status: LabStatus) -> str:
    if status.source is Source.LAB:
        return f"Lab         {status.sentence}"
    remedy = f"\n            What would enable the real lab: {status.remedy}" if status.remedy else ""
    return f"Lab         SIMULATED. {status.sentence}{remedy}"


def news(before: LabStatus | None, now: LabStatus) -> Iterator[str]:
    """A line for each that has come up or gone down."""
    if now.state is not LabState.STARTING and (before is None or before.state is not now.state):
        yield lab_line(now)
    live_before = before.live.state if before is not None and before.live is not None else LabState.STARTING
    if now.live is not None and now.live.state not in (LabState.STARTING, live_before):
        yield live_line(now.live)


def live_line(status: LiveStatus) -> str:
    if status.state is LabState.READY:
        return f"Visitors    {status.address}\n            {status.sentence}"
    remedy = f"\n            What would enable it: {status.remedy}" if status.remedy else ""
    return f"Visitors    NOT SHOWN. {status.sentence}{remedy}"


def explain(problem: OSError, host: str, port: int) -> str:
    """Why the server can't listen, in one sentence with a hint."""
    match problem.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is in use by another program: end that one, or choose another with PORT={port + 1}."
        case errno.EACCES:
            return f"Port {port} needs a right that this user has not: choose one from 1024 on, such as PORT=8000."
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host}: choose HOST=127.0.0.1, or HOST=0.0.0.0 for all it has."
    return f"The server cannot listen on {host}, port {port}: {problem.strerror or problem}."
