"""Addresses that a command prints for whoever runs the server."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.machine import EVERYWHERE
from layersviz.rooms.models import RegisteredRoom
from layersviz.rooms.register import issue_token

LINK_LASTS_S = 12 * 3600


def presenter_link(room: RegisteredRoom, base: str, seconds: float = LINK_LASTS_S) -> str:
    """It makes the first who opens it the room's presenter."""
    return f"{base}/present/{room.code}/?token={issue_token(room, seconds)}"


def addresses(host: str, port: int, own: list[str]) -> tuple[str, str]:
    """Where to open the page on this machine, and on others; the latter is empty where they can't."""
    tail = "" if port == 80 else f":{port}"
    name = "localhost" if host in (*EVERYWHERE, "127.0.0.1", "::1") else f"[{host}]" if ":" in host else host
    return f"http://{name}{tail}", f"http://{own[0]}{tail}" if own else ""


def greeting(room: RegisteredRoom, link: str, here: str, elsewhere: str) -> Iterator[str]:
    """A line for each address; `elsewhere` is where other machines find the server, empty where they can't."""
    yield f"Presenter   {link}"
    yield f"Projector   {here}/show/{room.code}/"
    yield f"Students    {elsewhere or here}/{room.code}"
    if is_loopback(elsewhere or here):
        yield "            Only this machine can open it: start with HOST=0.0.0.0 to let the class in."
    yield f"Hello World {elsewhere or here}/hello/"


def is_loopback(base: str) -> bool:
    """Whether an address leads nowhere but to the machine that opens it."""
    name = urlsplit(base).hostname or ""
    return name in ("localhost", "::1") or name.startswith("127.")
