"""`python -m tests.benchmarks.speaking daphne|uvicorn|plain PORT`: a server that says what it is told to, when.

`daphne` and `uvicorn` serve the project's own application. `plain` is a bare `websockets` server without any
application: the floor below them. Orders are lines of JSON on standard input: `{"messages": 20, "every_ms": 250,
"octets": 3000}`. Each message holds the moment at which the server began to send it.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

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


async def say_in_room(sentence: str) -> None:
    """As the capture worker tells of its lab: through the channel layer, the room and the hub."""
    from config.routing import embedded
    from layersviz.capture.events import LabState, LabStatus
    from layersviz.core.played_run import Source

    status = LabStatus(state=LabState.READY, source=Source.LAB, sentence=sentence)
    await embedded._worker._stage.change(status)


# --- the servers ------------------------------------------------------------------------------------------------------


def serve_by_daphne(port: int) -> None:
    """Exactly as `manage.py serve`, with one more task."""
    from config.asgi import application
    from config.routing import embedded
    from layersviz.web.server import Server

    tasks: set[asyncio.Task[None]] = set()

    async def begin() -> None:
        embedded.hub()
        tasks.add(asyncio.create_task(obey_orders(say_in_room)))
        print("ready", flush=True)

    Server(application, host="127.0.0.1", port=port, most_octets=1, begin=begin, stop=embedded.stop).run()


def serve_by_uvicorn(port: int) -> None:
    """With `--ws-per-message-deflate false`."""
    import uvicorn

    from config.asgi import application
    from config.routing import embedded

    async def serve() -> None:
        config = uvicorn.Config(
            application, port=port, ws_per_message_deflate=False, lifespan="off", log_level="critical", ws=_uvicorn_ws()
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        embedded.hub()
        print("ready", flush=True)
        await obey_orders(say_in_room)
        server.should_exit = True
        await serving

    asyncio.run(serve())


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
            print("ready", flush=True)
            await obey_orders(say)

    asyncio.run(run())


def _uvicorn_ws() -> Any:
    return os.environ.get("UVICORN_WS", "auto")


SERVERS = {"daphne": serve_by_daphne, "uvicorn": serve_by_uvicorn, "plain": serve_plainly}

if __name__ == "__main__":
    SERVERS[sys.argv[1]](int(sys.argv[2]))
