"""What is told when a run has ended, and while one of its hosts still waits in TIME-WAIT: what the kernels say of it.

Asks now and then, never sleeps: `ask` does what is due by now, `wakes_at` says when it is to be called again.
"""

import time
from dataclasses import asdict

from layersviz.core.ending import Ending, KernelLook
from layersviz.core.frame import Timer
from layersviz.core.host import Side
from layersviz.core.tcp_state import TcpState
from layersviz.lab.orders import Reports
from layersviz.lab.run import Run
from layersviz.lab.socket_states import SocketStates

_ASK_EVERY_S = 15.0
_ONCE_MORE_S = 0.5
"""A kernel's timer runs out up to some seconds later than it says: its clock for long waits has few marks."""


class Afterwards:
    """Of the last run, until the next one begins."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._run = 0
        self._states: SocketStates | None = None
        self._told: KernelLook | None = None
        self.wakes_at: float | None = None

    def begin(self, run: Run, states: SocketStates) -> None:
        """The run is over: tell how, and watch who waits."""
        look = _look(states) if run.has_connection else None
        self._reports.tell("ending", run=run.number, **asdict(Ending(look=look, heard=run.heard)))
        self._run, self._states, self._told = run.number, states, look
        self._plan(look)

    def end(self) -> None:
        """Another run begins: nobody looks at this one any more."""
        self.wakes_at = None

    def ask(self, now_s: float) -> None:
        """Tell what the kernels say now, where it is time, and more than that it goes on as they said."""
        if self.wakes_at is None or self._states is None or now_s < self.wakes_at:
            return
        look = _look(self._states)
        if self._told is None or look.states != self._told.states or _left_ms(look) > 0:
            self._reports.tell("waiting", run=self._run, look=asdict(look))
            self._told = look
        self._plan(look)

    def _plan(self, look: KernelLook | None) -> None:
        if look is None or not _waiting(look):
            self.wakes_at = None
            return
        left_s = _left_ms(look) / 1000
        self.wakes_at = time.monotonic() + min(_ASK_EVERY_S, max(_ONCE_MORE_S, left_s))


def _look(states: SocketStates) -> KernelLook:
    seen = states.look()
    return KernelLook(at_ns=time.time_ns(), states=seen.states, timers=seen.timers)


def _waiting(look: KernelLook) -> list[Timer | None]:
    return [look.timers.at(side) for side in Side if look.states.at(side) is TcpState.TIME_WAIT]


def _left_ms(look: KernelLook) -> int:
    """Until the first of them has waited long enough."""
    return min((timer.left_ms for timer in _waiting(look) if timer is not None), default=0)
