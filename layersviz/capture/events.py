"""What a room asks of its capture, in the imperative, and what it hears of it, in the past tense. Plain values."""

from enum import StrEnum

import msgspec

from layersviz.core.ending import Ending, KernelLook
from layersviz.core.host import Hosts, Side
from layersviz.core.journey import Journey
from layersviz.core.order import PLAIN, FrameKind, Order
from layersviz.core.played_run import Source
from layersviz.core.socket_row import SocketRow
from layersviz.core.timers import Clocks


class LabState(StrEnum):
    """What the source of frames can do now; a recording has all its frames already."""

    STARTING = "starting"
    READY = "ready"
    DOWN = "down"
    RECORDED = "recorded"


class LiveStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Whether visitors are shown, in one sentence. `address` is what they open; `remedy` says what would enable it."""

    state: LabState
    address: str
    sentence: str
    remedy: str = ""


class LabStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the lab in one sentence; `remedy` says what would enable the real lab where it is simulated.

    `live` is None where no interface was asked for.
    """

    state: LabState
    source: Source
    sentence: str
    remedy: str = ""
    live: LiveStatus | None = None


class StartRun(msgspec.Struct, frozen=True, kw_only=True):
    """Play one true run."""

    asked_by: str
    order: Order = PLAIN


class LetGo(msgspec.Struct, frozen=True, kw_only=True):
    """The frame of that number, which a fault holds on the wire, may go on; 0: all of them."""

    held: int = 0


class StopRun(msgspec.Struct, frozen=True, kw_only=True):
    """Break the run off that is on."""


class LabChanged(msgspec.Struct, frozen=True, kw_only=True):
    status: LabStatus


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """The recording that a run is shown from, by its number; of a capture file one conversation, counted from 1."""

    recording: int
    conversation: int | None = None


class RunStarted(msgspec.Struct, frozen=True, kw_only=True):
    """`replay`: all of it was played before, and is only shown again. `clocks` are None where they are not known."""

    run: int
    source: Source
    hosts: Hosts
    order: Order = PLAIN
    clocks: Clocks | None = None
    replay: Replayed | None = None


class FrameDissected(msgspec.Struct, frozen=True, kw_only=True):
    """One frame of a run, with all that the stage shows of it."""

    run: int
    journey: Journey


class HeldFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A frame that a fault holds on the wire: `number` counts the held ones of a run, `nth` the frames of its kind from
    its side. `since_ns` is when the wire took it, `octets` hexadecimal."""

    number: int
    sender: Side
    frame: FrameKind
    nth: int
    since_ns: int
    octets: str


class HeldMoved(msgspec.Struct, frozen=True, kw_only=True):
    """All frames that are held on the wire now."""

    run: int
    held: tuple[HeldFrame, ...]


class RunEnded(msgspec.Struct, frozen=True, kw_only=True):
    """`problem` is one sentence where the run did not go to its end, else empty. `ending` is None where nobody knows
    it: only the lab asks kernels and programs. `is_past`: it was so when the run was kept, its kernels are gone."""

    run: int
    problem: str = ""
    ending: Ending | None = None
    is_past: bool = False


class WaitMoved(msgspec.Struct, frozen=True, kw_only=True):
    """What both kernels say now of the connection of a run that is over; None where nobody can be asked any more."""

    run: int
    look: KernelLook | None


class RunKept(msgspec.Struct, frozen=True, kw_only=True):
    """`recording` is the number under which the run can be opened again; else `problem` says why it is not kept."""

    run: int
    recording: int | None
    problem: str = ""


class RunRefused(msgspec.Struct, frozen=True, kw_only=True):
    """A run was asked for and not begun; `asked_by` is the viewer who asked."""

    asked_by: str
    sentence: str


class SocketsSeen(msgspec.Struct, frozen=True, kw_only=True):
    """All sockets of the lab's hosts at one moment; else `problem` is one sentence why there are none.

    `untold` are protocols that the kernel does not tell of. `unprivileged_from` is the first port that needs no right
    there, None where that is not known. The lab is process `pid`; it holds its hosts' network namespaces by these
    descriptors.
    """

    rows: tuple[SocketRow, ...] = ()
    untold: tuple[str, ...] = ()
    unprivileged_from: int | None = None
    pid: int = 0
    client_namespace: int = 0
    server_namespace: int = 0
    problem: str = ""


class PortTried(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel of the lab's server said to a try to bind that port, with the `right` to privileged ports or
    without: the number of its error and the system's name for it, 0 and empty where it let us."""

    port: int
    right: bool
    number: int
    error: str


Answer = SocketsSeen | PortTried
"""What changes nothing of the room: it goes to whoever looks."""

Event = LabChanged | RunStarted | FrameDissected | HeldMoved | RunEnded | WaitMoved | RunKept | RunRefused
