"""One run: two applications that act in turns, each only while the wire is idle, until both have done and closed.

Knows nothing of the wire and of clocks: what is ready, and the time, are arguments.
"""

from collections.abc import Collection, Iterable
from selectors import BaseSelector

from layersviz.core.frame import States
from layersviz.core.host import Hosts, Side
from layersviz.core.tcp_state import TcpState
from layersviz.lab.applications import Readiness, Script

_ETHERTYPE_IPV4, _PROTOCOL_TCP = b"\x08\x00", 6


class Application:
    """A script on one host, and the socket that it waits for."""

    def __init__(self, name: str, script: Script, selector: BaseSelector) -> None:
        self.name = name
        self.is_done = False
        self._script = script
        self._selector = selector
        self._awaited: Readiness | None = None

    def act(self, ready: Collection[int]) -> bool:
        """Go on with the script where it can; False where it has to wait or is done."""
        if self.is_done or (self._awaited is not None and self._awaited.socket.fileno() not in ready):
            return False
        self._await(None)
        try:
            self._await(next(self._script))
        except StopIteration:
            self.is_done = True
        return True

    def break_off(self) -> None:
        """Leave the script where it is; it resets its connection."""
        self._await(None)
        self._script.close()
        self.is_done = True

    def _await(self, awaited: Readiness | None) -> None:
        if self._awaited is not None:
            self._selector.unregister(self._awaited.socket)
        if awaited is not None:
            self._selector.register(awaited.socket, awaited.event)
        self._awaited = awaited


class Run:
    """`ends_at` is on the monotonic clock, in seconds. `expected` are the states in which a whole run ends."""

    expected = States(client=TcpState.CLOSED, server=TcpState.TIME_WAIT)  # the server closes first

    def __init__(self, number: int, hosts: Hosts, applications: Iterable[Application], *, ends_at: float) -> None:
        self.number = number
        self.hosts = hosts
        self.ends_at = ends_at
        self.problem = ""
        self._applications = tuple(applications)

    def act(self, ready: Collection[int]) -> bool:
        """Let one application act; False where none can now."""
        for application in self._applications:
            try:
                if application.act(ready):
                    return True
            except OSError as error:
                self.break_off(f"The {application.name} could not go on: {error.strerror or error}.")
                return True
        return False

    def has_ended(self, states: States) -> bool:
        if not all(application.is_done for application in self._applications):
            return False
        return bool(self.problem) or states == self.expected

    def break_off(self, problem: str) -> None:
        self.problem = problem
        for application in self._applications:
            application.break_off()

    def owns(self, octets: bytes) -> bool:
        """Whether a frame belongs to this run: all does, but the segments that an earlier connection left behind."""
        if octets[12:14] != _ETHERTYPE_IPV4 or octets[23:24] != bytes([_PROTOCOL_TCP]):
            return True
        start = 14 + 4 * (octets[14] & 0x0F)
        ports = {int.from_bytes(octets[start : start + 2]), int.from_bytes(octets[start + 2 : start + 4])}
        return ports == {self.hosts.at(side).port for side in Side}
