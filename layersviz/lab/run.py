"""One run: applications that act in turns, each only while the wire is idle, until all have done and closed.

Knows nothing of the wire and of clocks: what is ready, and the time, are arguments.
"""

from collections.abc import Collection, Iterable
from selectors import BaseSelector

from layersviz.core.frame import States
from layersviz.core.host import Hosts, Side
from layersviz.core.order import FrameKind
from layersviz.core.said import said
from layersviz.lab.faults import Fault, Passage
from layersviz.lab.frame_kind import glance
from layersviz.lab.turns import Awaited, Pause, Readiness, Script


class Application:
    """A script on one host, and the socket or the moment that it waits for."""

    def __init__(self, name: str, script: Script, selector: BaseSelector) -> None:
        self.name = name
        self.is_done = False
        self.resumes_at: float | None = None
        self._script = script
        self._selector = selector
        self._awaited: Readiness | None = None

    def act(self, ready: Collection[int], now_s: float) -> bool:
        """Go on with the script where it can; False where it has to wait or is done."""
        if self.is_done or not self._can_act(ready, now_s):
            return False
        self._await(None, now_s)
        try:
            self._await(next(self._script), now_s)
        except StopIteration:
            self.is_done = True
        return True

    def break_off(self) -> None:
        """Leave the script where it is; it resets its connection."""
        self._await(None, 0.0)
        self._script.close()
        self.is_done = True

    def _can_act(self, ready: Collection[int], now_s: float) -> bool:
        if self.resumes_at is not None:
            return now_s >= self.resumes_at
        return self._awaited is None or self._awaited.socket.fileno() in ready

    def _await(self, awaited: Awaited, now_s: float) -> None:
        if self._awaited is not None:
            self._selector.unregister(self._awaited.socket)
        self._awaited, self.resumes_at = None, None
        match awaited:
            case Readiness():
                self._selector.register(awaited.socket, awaited.event)
                self._awaited = awaited
            case Pause():
                self.resumes_at = now_s + awaited.seconds


class Run:
    """`expected` are the states in which a whole run ends, None where there is no connection that could have any.

    `begins_at` is on the monotonic clock; a run may last for `longest_s`, in seconds.
    """

    def __init__(
        self,
        number: int,
        hosts: Hosts,
        applications: Iterable[Application],
        *,
        expected: States | None,
        faults: Iterable[Fault] = (),
        begins_at: float,
        longest_s: float,
    ) -> None:
        self.number = number
        self.hosts = hosts
        self.expected = expected
        self.passage = Passage(faults)
        self.longest_s = longest_s
        self.ends_at = begins_at + longest_s
        self.problem = ""
        self._applications = tuple(applications)

    @property
    def wakes_at(self) -> float:
        """When something has to be done even if nothing is ready."""
        resuming = [each.resumes_at for each in self._applications if each.resumes_at is not None]
        return min([self.ends_at, *resuming])

    def act(self, ready: Collection[int], now_s: float) -> bool:
        """Let one application act; False where none can now."""
        for application in self._applications:
            try:
                if application.act(ready, now_s):
                    return True
            except OSError as error:
                self.break_off(
                    said(
                        "The {name} could not go on: {reason}.",
                        name=application.name,
                        reason=error.strerror or error,
                    )
                )
                return True
        return False

    def has_ended(self, states: States | None) -> bool:
        if not all(application.is_done for application in self._applications):
            return False
        return bool(self.problem) or states == self.expected

    def break_off(self, problem: str) -> None:
        self.problem = problem
        for application in self._applications:
            application.break_off()

    def owns(self, octets: bytes) -> bool:
        """All is but what an earlier run's ports left behind, and what a host tells the network about itself (MLD)."""
        seen = glance(octets)
        if seen.kind is FrameKind.OTHER:
            return False
        return not seen.ports or set(seen.ports) == {self.hosts.at(side).port for side in Side}
