"""The place that visitors come to: Hello World on a port of its own, and the capture of that port."""

import errno
from functools import partial

from layersviz.capture.events import LabState, LiveStatus
from layersviz.capture.live_source import LiveSource, live_command
from layersviz.web.embedded import Embedded
from layersviz.web.hello_port import HelloPort


async def open_to_visitors(
    embedded: Embedded, code: str, *, interface: str, port: int, addresses: list[str], python: str
) -> None:
    """Listen on the interface's addresses and have the room of that code show who comes.

    What is in the way is told as the live status; all else goes on without visitors. `python` runs the capturing child.
    """
    hello = HelloPort()
    try:
        await hello.listen(addresses, port)
    except OSError as error:
        sentence, remedy = explain(error, interface, port)
        await embedded.tell_live(code, LiveStatus(state=LabState.DOWN, address="", sentence=sentence, remedy=remedy))
        return
    heard = list(hello.servers)  # without any, the child says what the interface lacks
    address = url(heard[0], port) if heard else ""
    command = live_command(python, interface, port, heard)
    embedded.show_visitors(code, partial(LiveSource, interface, command=command), address=address)


def url(ip: str, port: int) -> str:
    host = f"[{ip}]" if ":" in ip else ip
    return f"http://{host}{'' if port == 80 else f':{port}'}/hello/"


def explain(error: OSError, interface: str, port: int) -> tuple[str, str]:
    """Why nobody can visit, and what would enable it."""
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} is in use, so nobody can visit over {interface}.",
                f"Take another: LIVE_PORT={port + 1}",
            )
        case errno.EACCES:
            return (
                f"Port {port} needs a right that this user has not, so nobody can visit over {interface}.",
                "Take one from 1024 on: LIVE_PORT=8080",
            )
    return f"Port {port} of {interface} cannot be opened: {error.strerror or error}.", "Start layersviz again."
