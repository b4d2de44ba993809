"""This machine's sockets, as psutil reads them: the same rows that netstat, lsof and ss give.

What the system does not tell us, because it needs a right that we don't have, is None in a row. Blocking; asked of a
thread.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from layersviz.core.said import said
from layersviz.core.socket_row import SocketRow
from layersviz.core.tcp_state import TcpState

MOST_ROWS = 400
FRESH_S = 2.0
"""For so long an answer is given again: every presenter's page asks, and a large machine takes its time."""

_NOT_TOLD = said("This system tells nobody without privileges which sockets it has: the commands below do, with sudo.")
_STATES = {
    **{each.value.replace("-", "_"): each for each in TcpState},
    "FIN_WAIT1": TcpState.FIN_WAIT_1,
    "FIN_WAIT2": TcpState.FIN_WAIT_2,
    "SYN_RECV": TcpState.SYN_RECEIVED,
    "CLOSE": TcpState.CLOSED,
}
"""As psutil names them; it writes NONE for UDP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSockets:
    """`left_out` counts rows past the first MOST_ROWS; `problem` is one sentence where the system tells nothing."""

    rows: tuple[SocketRow, ...] = ()
    left_out: int = 0
    problem: str = ""


class Machine:
    """Asks the system at most once in FRESH_S, however many ask us."""

    def __init__(self, read: Callable[[], Sequence[Any]], now_s: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._now_s = now_s
        self._lock = threading.Lock()
        self._told: MachineSockets | None = None
        self._told_s = 0.0

    def sockets(self) -> MachineSockets:
        with self._lock:
            if self._told is None or self._now_s() - self._told_s > FRESH_S:
                self._told, self._told_s = _sockets(self._read), self._now_s()
            return self._told


def read_connections() -> Sequence[Any]:
    """psutil's own rows; it is loaded when somebody first asks."""
    import psutil

    return list(psutil.net_connections(kind="inet"))


machine = Machine(read_connections)


def _sockets(read: Callable[[], Sequence[Any]]) -> MachineSockets:
    import psutil

    try:
        found = read()
    except (psutil.AccessDenied, PermissionError):
        return MachineSockets(problem=_NOT_TOLD)
    except OSError as error:
        return MachineSockets(
            problem=said("This system does not tell its sockets: {reason}.", reason=error.strerror or error)
        )
    who = lru_cache(maxsize=None)(_who)
    rows = sorted((_row(each, *who(each.pid)) for each in found), key=_order)
    return MachineSockets(rows=tuple(rows[:MOST_ROWS]), left_out=max(0, len(rows) - MOST_ROWS))


def _order(row: SocketRow) -> tuple[bool, bool, int, str, str, int]:
    """What waits for others first, what no process has any more last, each by port."""
    return not row.waits, row.pid == 0, row.local_port, row.protocol, row.local_ip, row.remote_port


def _row(each: Any, command: str | None, user: str | None) -> SocketRow:
    is_tcp = each.type == socket.SOCK_STREAM
    state = _STATES.get(each.status) if is_tcp else None
    is_nobodys = each.pid is None and state is TcpState.TIME_WAIT
    return SocketRow(
        command="" if is_nobodys else command,
        pid=0 if is_nobodys else each.pid,
        user="" if is_nobodys else user,
        family="IPv6" if each.family == socket.AF_INET6 else "IPv4",
        protocol="TCP" if is_tcp else "UDP",
        local_ip=each.laddr.ip if each.laddr else "",
        local_port=each.laddr.port if each.laddr else 0,
        remote_ip=each.raddr.ip if each.raddr else "",
        remote_port=each.raddr.port if each.raddr else 0,
        state="" if state is None else state.value,
    )


def _who(pid: int | None) -> tuple[str | None, str | None]:
    """A process's command and user; each None where it is not told, or gone by now."""
    import psutil

    if pid is None:
        return None, None
    try:
        process = psutil.Process(pid)
    except (psutil.Error, OSError):
        return None, None
    return _told(process.name), _told(process.username)


def _told(ask: Callable[[], str]) -> str | None:
    import psutil

    try:
        return ask()
    except (psutil.Error, OSError, KeyError):
        return None


def waiting(rows: Iterable[SocketRow]) -> tuple[SocketRow, ...]:
    """Those that wait for whoever comes."""
    return tuple(row for row in rows if row.waits)
