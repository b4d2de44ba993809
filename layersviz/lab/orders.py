"""The lines that the lab's child process reads and writes: one JSON object each.

Knows nothing of what is done with them.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from layersviz.core.host import Host, Hosts, Side
from layersviz.core.order import LAST_PORT, Order, from_plain, why_not
from layersviz.core.said import Said, to_parts

_LONGEST_LINE = 65_536
_EXAMPLE = '{"kind": "run", "run": 1, "cold": false, "scene": "handshake"}'
_UNKNOWN = f"The order is unknown; the lab knows {_EXAMPLE}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayRun:
    """Play one run."""

    run: int
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """Of the frames that this run's faults hold the one of that number may go on; 0: all of them."""

    run: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRun:
    """Break that run off."""

    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TellSockets:
    """Tell all sockets that both hosts have now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TryBind:
    """Try to bind that port on the server, with the `right` to privileged ports or without it."""

    port: int
    right: bool


LabOrder = PlayRun | LetGo | StopRun | TellSockets | TryBind


class OrderError(ValueError):
    """Its text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The client's port is the first source port; `delay_s` is how long a frame is on the wire."""

    hosts: Hosts
    delay_s: float


def read_settings(text: str) -> Settings:
    """The child's only argument."""
    given = json.loads(text)
    return Settings(
        hosts=Hosts(client=_host(Side.CLIENT, given["client"]), server=_host(Side.SERVER, given["server"])),
        delay_s=float(given["wire_delay_ms"]) / 1000,
    )


def _host(side: Side, settings: dict[str, Any]) -> Host:
    return Host(side=side, ip=str(settings["ip"]), mac=str(settings["mac"]), port=int(settings["port"]))


def read_order(line: bytes) -> LabOrder:
    """Raises OrderError."""
    try:
        order = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise OrderError("The order is not a JSON object on a line of its own.") from error
    match order:
        case {"kind": "run", "run": int(run), "cold": bool(), "scene": str(), **_rest} if type(run) is int:
            return PlayRun(run=run, order=_read_run(order))
        case {"kind": "let_go", "run": int(run), "held": int(held)}:
            return LetGo(run=run, held=held)
        case {"kind": "stop", "run": int(run)}:
            return StopRun(run=run)
        case {"kind": "sockets"}:
            return TellSockets()
        case {"kind": "bind", "port": int(port), "right": bool(right)} if type(port) is int and 0 < port <= LAST_PORT:
            return TryBind(port=port, right=right)
        case _:
            raise OrderError(_UNKNOWN)


def _read_run(line: dict[str, Any]) -> Order:
    try:
        order = from_plain({name: value for name, value in line.items() if name not in ("kind", "run")})
        problem = why_not(order)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OrderError(_UNKNOWN) from error
    if problem:
        raise OrderError(problem)
    return order


class Lines:
    """Standard input as it comes in, cut into lines. A line that never ends is given up in pieces."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._rest = b""
        self.have_ended = False

    def read(self) -> Iterator[bytes]:
        """The lines that are whole by now; for when the descriptor is readable."""
        octets = os.read(self.descriptor, _LONGEST_LINE)
        self.have_ended = not octets
        *lines, self._rest = (self._rest + octets).split(b"\n")
        yield from (line for line in lines if line.strip())
        if len(self._rest) > _LONGEST_LINE:
            yield self._rest
            self._rest = b""


class Reports:
    """Standard output; each report is out at once and whole."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def tell(self, kind: str, **values: object) -> None:
        """Sentences are told in English; beside them goes what they remember, so that others can say them, too."""
        said = {name: to_parts(value) for name, value in values.items() if isinstance(value, Said)}
        told = {"kind": kind, **values, "said": said} if said else {"kind": kind, **values}
        line = json.dumps(told, separators=(",", ":")).encode("ascii") + b"\n"
        while line:
            line = line[os.write(self._descriptor, line) :]
