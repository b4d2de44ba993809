"""`python -m tests.benchmarks.speaking daphne|uvicorn|plain PORT`: a server that says what it is told to, when.

`daphne` and `uvicorn` serve the project's own application. `plain` is a bare `websockets` server without any
application: the floor below them. It prints `ready` and the code of its class. Orders are lines of JSON on standard
input, `{"messages": 20, "every_ms": 250, "octets": 3000}`; one that is carried out is printed. Each message holds the
moment at which the server began to send it.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

Say = Callable[[str], Awaitable[None]]
"""Sends one sentence to every viewer."""


async def obey_orders(say: Say) -> None:
    """Until standard input ends; a line on standard output says when an order is carried out."""
    async for order in _orders():
        await _obey(say, **order)
        print(json.dumps(order), flush=True)


async def _orders() -> AsyncIterator[dict[str, int]]:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        yield json.loads(line)


async def _obey(say: Say, *, messages: int, every_ms: int, octets: int) -> None:
    clock = asyncio.get_running_loop().time
    first = clock()
    for number in range(messages):
        await asyncio.sleep(first + number * every_ms / 1000 - clock())
        await say(f"sent {time.monotonic_ns()} ".ljust(octets, "."))


def make_class() -> str:
    """The tables and a room, as `manage.py serve` makes them; gives its code."""
    from django.core.management import call_command

    import config.asgi  # noqa: F401 - it sets Django up
    from layersviz.rooms.register import standing_room

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    return standing_room().code


def say_in_class(code: str) -> Say:
    """As the owner of the room tells how visitors are shown: through the channel layer and the hub, numbered."""
    from config.routing import embedded
    from layersviz.capture.events import LabState, LiveStatus

    async def say(sentence: str) -> None:
        await embedded.tell_live(code, LiveStatus(state=LabState.READY, address="", sentence=sentence))

    return say


# --- the servers ------------------------------------------------------------------------------------------------------


def serve_by_daphne(port: int) -> None:
    """Exactly as `manage.py serve`, with one more task."""
    code = make_class()

    from config.asgi import application
    from config.routing import embedded
    from layersviz.web.server import Server

    tasks: set[asyncio.Task[None]] = set()

    async def begin() -> None:
        embedded.start()
        tasks.add(asyncio.create_task(obey_orders(say_in_class(code))))
        print("ready", code, flush=True)

    Server(application, host="127.0.0.1", port=port, most_octets=1, begin=begin, stop=embedded.stop).run()


def serve_by_uvicorn(port: int) -> None:
    """As `uvicorn --ws-per-message-deflate false config.asgi:application`, with one more task."""
    import uvicorn

    code = make_class()

    from config.asgi import application
    from config.routing import embedded

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            embedded.start()
            tasks.add(asyncio.create_task(obey_orders(say_in_class(code))))
            print("ready", code, flush=True)

    tasks: set[asyncio.Task[None]] = set()
    Server(uvicorn.Config(application, port=port, ws_per_message_deflate=False, log_level="critical")).run()


def serve_plainly(port: int) -> None:
    """Nothing but `websockets`, which sends the same octets to each connection."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    connections: set[ServerConnection] = set()

    async def welcome(connection: ServerConnection) -> None:
        connections.add(connection)
        await connection.wait_closed()
        connections.discard(connection)

    async def say(sentence: str) -> None:
        broadcast(connections, json.dumps({"kind": "lab_moved", "sentence": sentence}))

    async def run() -> None:
        async with serve(welcome, "127.0.0.1", port, compression=None):
            print("ready", "none", flush=True)
            await obey_orders(say)

    asyncio.run(run())


SERVERS = {"daphne": serve_by_daphne, "uvicorn": serve_by_uvicorn, "plain": serve_plainly}

if __name__ == "__main__":
    SERVERS[sys.argv[1]](int(sys.argv[2]))
