"""How a run of the lab ended: what both kernels said of its connection then, and what each program had really heard.

Values only, of the standard library: the lab's child makes them. Knows nothing of frames.
"""

from dataclasses import dataclass

from layersviz.core.frame import States, Timers
from layersviz.core.host import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelLook:
    """What both kernels said of one connection at one moment; `at_ns` is nanoseconds since 1970 (UTC)."""

    at_ns: int
    states: States
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one call of recv() gave; `text` is how it begins, a dot for each octet that is no printable ASCII."""

    at_ns: int
    octets: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the program on that side heard of the other end, by "tcp" or "udp".

    It was given `octets` by so many `reads`; `first` are the first few of them. `ended`: recv() gave nothing more, for
    the other end has closed. Where a call failed, `call` says which ("connect()"), `error` is the system's name of it
    ("ECONNREFUSED") and `words` are the system's own. `waited_ms` is how long it waited for what never came before it
    gave up, None where it did not.
    """

    side: Side
    transport: str
    octets: int = 0
    reads: int = 0
    first: tuple[Read, ...] = ()
    ended: bool = False
    call: str = ""
    error: str = ""
    words: str = ""
    waited_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """`look` is None where there was no connection; `heard` in the order in which the programs began."""

    look: KernelLook | None = None
    heard: tuple[Heard, ...] = ()
