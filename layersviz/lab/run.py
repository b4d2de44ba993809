"""One run: applications that act in turns, each only while the wire is idle, until all have done and closed.

Knows nothing of the wire and of clocks: what is ready, and the time, are arguments.
"""

import errno
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from selectors import BaseSelector

from layersviz.core.ending import Heard
from layersviz.core.frame import States
from layersviz.core.host import Hosts, Side
from layersviz.core.order import Fault, FrameKind, Named
from layersviz.core.said import said
from layersviz.lab.faults import Crossing, Passage
from layersviz.lab.frame_kind import glance, is_over_ipv6
from layersviz.lab.hearing import Hearing
from layersviz.lab.socket_states import Look
from layersviz.lab.turns import Awaited, Pause, Readiness, Script


class Application:
    """A script on one host, and the socket or the moment that it waits for; `gives_up_at` it waits no longer."""

    def __init__(
        self,
        name: str,
        script: Script,
        selector: BaseSelector,
        *,
        gives_up_at: float | None = None,
        hearing: Hearing | None = None,
    ) -> None:
        self.name = name
        self.hearing = hearing
        self.is_done = False
        self.resumes_at: float | None = None
        self._script = script
        self._selector = selector
        self._awaited: Readiness | None = None
        self._gives_up_at = gives_up_at
        self._waits_since = 0.0
        self._waits_until: float | None = None

    @property
    def wakes_at(self) -> float | None:
        """When it will do something even if nothing is ready."""
        if self.resumes_at is not None or self._awaited is None:
            return self.resumes_at
        return min((each for each in (self._waits_until, self._gives_up_at) if each is not None), default=None)

    def act(self, ready: Collection[int], now_s: float, *, is_patient: bool = False) -> bool:
        """Go on with the script where it can; False where it has to wait or is done. What stops it is raised."""
        if self.is_done:
            return False
        if self._can_act(ready, now_s):
            self._go_on(lambda: next(self._script), now_s)
        elif not is_patient and self._has_waited_enough(now_s):
            late = TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
            if self.hearing is not None:
                self.hearing.note_silence(now_s - self._waits_since)
            self._go_on(lambda: self._script.throw(late), now_s)
        else:
            return False
        return True

    def break_off(self) -> None:
        """Leave the script where it is; it resets its connection."""
        self._await(None, 0.0)
        self._script.close()
        self.is_done = True

    def put_off(self, seconds: float) -> None:
        """So much later it gives up."""
        if self._waits_until is not None:
            self._waits_until += seconds
        if self._gives_up_at is not None:
            self._gives_up_at += seconds

    def _go_on(self, step: Callable[[], Awaited], now_s: float) -> None:
        self._await(None, now_s)
        try:
            self._await(step(), now_s)
        except StopIteration:
            self.is_done = True
        except OSError:
            self.is_done = True
            raise

    def _can_act(self, ready: Collection[int], now_s: float) -> bool:
        if self.resumes_at is not None:
            return now_s >= self.resumes_at
        return self._awaited is None or self._awaited.socket.fileno() in ready

    def _has_waited_enough(self, now_s: float) -> bool:
        return self._awaited is not None and self.wakes_at is not None and now_s >= self.wakes_at

    def _await(self, awaited: Awaited, now_s: float) -> None:
        if self._awaited is not None:
            self._selector.unregister(self._awaited.socket)
        self._awaited, self.resumes_at, self._waits_until, self._waits_since = None, None, None, now_s
        match awaited:
            case Readiness():
                self._selector.register(awaited.socket, awaited.event)
                self._awaited = awaited
                self._waits_until = None if awaited.patience_s is None else now_s + awaited.patience_s
            case Pause():
                self.resumes_at = now_s + awaited.seconds


class Run:
    """`expected` are the states in which a whole run ends, None where there is no connection that could have any.

    `begins_at` is on the monotonic clock; a run may last for `longest_s`, in seconds. Where it `is_disturbed` by what
    was asked for, programs may fail and it may end in other states: that is then what happened, and no problem.
    """

    def __init__(
        self,
        number: int,
        hosts: Hosts,
        applications: Iterable[Application],
        *,
        expected: States | None,
        faults: Mapping[Named, Fault] | None = None,
        crossings: Iterable[Crossing] = (),
        begins_at: float,
        longest_s: float,
        is_disturbed: bool = False,
    ) -> None:
        self.number = number
        self.hosts = hosts
        self.expected = expected
        self.passage = Passage(faults or {}, crossings)
        self.longest_s = longest_s
        self.ends_at = begins_at + longest_s
        self.problem = ""
        self.has_connection = expected is not None
        self._is_disturbed = is_disturbed
        self._applications = tuple(applications)
        self._former: tuple[Application, ...] = ()
        self._stands_since: float | None = None

    @property
    def wakes_at(self) -> float | None:
        """When something has to be done even if nothing is ready; None while its clock stands."""
        moments = [each.wakes_at if self._runs else each.resumes_at for each in self._applications]
        moments += [self.ends_at] if self._runs else []
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What each of its programs has heard so far."""
        heard = (each.hearing for each in (*self._former, *self._applications))
        return tuple(each.told() for each in heard if each is not None)

    @property
    def _runs(self) -> bool:
        return self._stands_since is None

    def go_on(self, applications: Iterable[Application], expected: States | None) -> None:
        """What comes after those that are done."""
        self._former += self._applications
        self._applications, self.expected = tuple(applications), expected
        self.has_connection |= expected is not None

    def let_clock_run(self, runs: bool, now_s: float) -> None:
        """While a frame is held the run's clock stands: it can't last too long, and nobody's patience runs out."""
        if self._stands_since is not None and runs:
            stood_s = now_s - self._stands_since
            self.ends_at += stood_s
            for application in self._applications:
                application.put_off(stood_s)
        if runs or self._runs:
            self._stands_since = None if runs else now_s

    def act(self, ready: Collection[int], now_s: float) -> bool:
        """Let one application act; False where none can now."""
        for application in self._applications:
            try:
                if application.act(ready, now_s, is_patient=not self._runs):
                    return True
            except OSError as error:
                if not self._is_disturbed:
                    self.break_off(_stopped(application, error))
                return True
        return False

    def is_too_long(self, now_s: float) -> bool:
        return self._runs and now_s >= self.ends_at and not self.problem

    def has_ended(self, look: Look | None) -> bool:
        """Everybody is done, and the kernels have come to the end or have nothing more to send."""
        if not all(application.is_done for application in self._applications):
            return False
        if self.problem or look is None or look.states == self.expected:
            return True
        return self._is_disturbed and not look.will_send

    def break_off(self, problem: str) -> None:
        self.problem = problem
        for application in self._applications:
            application.break_off()

    def owns(self, octets: bytes) -> bool:
        """All is but what an earlier run left behind, by its ports or by its version of IP (a host asks after some
        seconds whether a neighbour is still there), and what a host tells the network about itself (MLD)."""
        seen = glance(octets)
        if seen.kind is FrameKind.OTHER or is_over_ipv6(octets) is not (":" in self.hosts.client.ip):
            return False
        return not seen.ports or set(seen.ports) == {self.hosts.at(side).port for side in Side}


def _stopped(application: Application, error: OSError) -> str:
    return said("The {name} could not go on: {reason}.", name=application.name, reason=error.strerror or error)
