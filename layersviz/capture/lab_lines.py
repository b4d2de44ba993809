"""What the lab's child process says, line by line, as values. `layersviz.lab.orders` writes the same.

Knows nothing of processes.
"""

import json

import msgspec

from layersviz.capture.child_lines import ChildLine, with_said
from layersviz.capture.events import HeldFrame
from layersviz.core.ending import Heard, KernelLook
from layersviz.core.frame import States, Timers
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.order import Deed, Order, to_plain
from layersviz.core.socket_row import SocketRow
from layersviz.core.timers import Clocks


class Ready(ChildLine, frozen=True, kw_only=True, tag="ready"):
    """Both hosts and the wire are up. `kernel` is its release ("6.12.9")."""

    kernel: str
    pid: int


class Impossible(ChildLine, frozen=True, kw_only=True, tag="impossible"):
    """The kernel forbids the lab; the child's last line."""

    sentence: str
    remedy: str


class RunStarted(ChildLine, frozen=True, kw_only=True, tag="run_started"):
    """The addresses are the hosts' own where they are empty."""

    run: int
    client_port: int
    client_ip: str = ""
    server_ip: str = ""
    server_port: int = 0
    clocks: Clocks | None = None


class FrameCarried(ChildLine, frozen=True, kw_only=True, tag="frame"):
    """`octets` is hexadecimal. The states are None where there is no connection; a `lost` frame was not delivered.

    The rest as in `core.frame.Frame`; `copy_of` counts the run's frames as they are told, from 1.
    """

    run: int
    time_ns: int
    sender: Side
    octets: str
    taken: States | None = None
    delivered: States | None = None
    lost: bool = False
    deed: Deed | None = None
    flipped_bit: int | None = None
    at_card: bool = False
    copy_of: int = 0
    arrived_ns: int = 0
    held_ns: int = 0
    timers: Timers | None = None


class FrameTaken(ChildLine, frozen=True, kw_only=True, tag="taken"):
    """A frame that the wire keeps for a while: its `FrameCarried` follows, with the same time, side and octets."""

    run: int
    time_ns: int
    sender: Side
    octets: str
    taken: States | None = None


class Held(ChildLine, frozen=True, kw_only=True, tag="held"):
    """All frames that are held now; said again each time that this changes."""

    run: int
    held: tuple[HeldFrame, ...]


class SocketsTold(ChildLine, frozen=True, kw_only=True, tag="sockets"):
    """As `capture.events.SocketsSeen`."""

    rows: tuple[SocketRow, ...]
    untold: tuple[str, ...]
    unprivileged_from: int | None
    pid: int
    client_namespace: int
    server_namespace: int


class Bound(ChildLine, frozen=True, kw_only=True, tag="bound"):
    """As `capture.events.PortTried`."""

    port: int
    right: bool
    number: int
    error: str


class Ended(ChildLine, frozen=True, kw_only=True, tag="ending"):
    """How the run ended, just before `RunEnded`; as `core.ending.Ending`."""

    run: int
    look: KernelLook | None
    heard: tuple[Heard, ...]


class Waiting(ChildLine, frozen=True, kw_only=True, tag="waiting"):
    """What both kernels say of the last run's connection now, while a host still waits in TIME-WAIT, and once more."""

    run: int
    look: KernelLook


class RunEnded(ChildLine, frozen=True, kw_only=True, tag="run_ended"):
    run: int
    problem: str


class Refused(ChildLine, frozen=True, kw_only=True, tag="refused"):
    run: int
    sentence: str


OfRun = RunStarted | FrameTaken | FrameCarried | Held | Ended | RunEnded | Waiting
LabLine = Ready | Impossible | OfRun | Refused | SocketsTold | Bound


_decoder: msgspec.json.Decoder[LabLine] = msgspec.json.Decoder(LabLine)


def read_line(line: bytes) -> LabLine:
    """Raises msgspec.DecodeError; then the child and we are not of the same version."""
    return with_said(_decoder.decode(line))


def write_order(run: int, order: Order) -> bytes:
    return _line(kind="run", run=run, **to_plain(order))


def write_let_go(run: int, held: int) -> bytes:
    return _line(kind="let_go", run=run, held=held)


def write_stop(run: int) -> bytes:
    return _line(kind="stop", run=run)


def write_tell_sockets() -> bytes:
    return _line(kind="sockets")


def write_try_bind(port: int, *, right: bool) -> bytes:
    return _line(kind="bind", port=port, right=right)


def _line(**values: object) -> bytes:
    return json.dumps(values).encode("ascii") + b"\n"


def write_settings(hosts: Hosts, wire_delay_ms: float) -> str:
    """The child's only argument."""
    return json.dumps(
        {"client": _settings(hosts.client), "server": _settings(hosts.server), "wire_delay_ms": wire_delay_ms}
    )


def _settings(host: Host) -> dict[str, str | int]:
    return {"ip": host.ip, "mac": host.mac, "port": host.port}
