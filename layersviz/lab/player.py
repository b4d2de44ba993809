"""The lab's one loop: carry frames, let applications act while the wire is idle, read orders, report.

One thread and one loop, so that a TCP state is never read while something else moves.
"""

import errno
import os
import socket
import time
from collections.abc import Collection
from dataclasses import asdict, replace
from selectors import EVENT_READ, PollSelector

from layersviz.core.host import Hosts
from layersviz.core.tcp_state import TcpState
from layersviz.lab.applications import ask_hello, serve_hello
from layersviz.lab.network import Network, Station
from layersviz.lab.orders import Lines, OrderError, PlayRun, Reports, read_order
from layersviz.lab.ports import SourcePorts
from layersviz.lab.refusal import Need, needing
from layersviz.lab.run import Application, Run
from layersviz.lab.socket_states import SocketStates
from layersviz.lab.wire import Sighting


class Player:
    """Plays runs on a network, one after the other, as they are ordered."""

    def __init__(self, network: Network, lines: Lines, reports: Reports, *, longest_run_s: float = 5.0) -> None:
        self._network = network
        self._lines = lines
        self._reports = reports
        self._longest_run_s = longest_run_s
        self._ports = SourcePorts(network.client.host.port)
        self._states: SocketStates = network.states
        self._run: Run | None = None
        self._selector = PollSelector()  # unlike epoll it takes a file as standard input, too
        self._selector.register(lines.descriptor, EVENT_READ)
        for wire_socket in network.wire.sockets:
            self._selector.register(wire_socket, EVENT_READ)
        self._listener = _listen(network.server)
        with needing(Need.SOCKET_STATES):
            if network.states.read().server is not TcpState.LISTEN:
                raise OSError(errno.ENOENT, "the kernel does not find its own listener")

    def play(self) -> None:
        """Play until standard input has ended. Frames come first, then applications, then the end of a run."""
        self._reports.tell("ready", kernel=os.uname().release, pid=os.getpid())
        wait_s: float | None = None
        while not self._lines.have_ended:
            ready = {key.fd for key, _events in self._selector.select(wait_s)}
            if self._lines.descriptor in ready:
                self._obey()
            busy = self._carry() or self._act(ready)
            wait_s = 0 if busy else self._longest_wait_s()

    def _carry(self) -> bool:
        """Carry all that waits on the wire; False where it was idle."""
        carried = False
        while (sighting := self._network.wire.take()) is not None:
            carried = True
            if self._run is not None and self._run.owns(sighting.octets):
                self._deliver_and_tell(self._run, sighting)
            else:
                self._network.wire.deliver(sighting.octets, to=sighting.sender.other)
        return carried

    def _deliver_and_tell(self, run: Run, sighting: Sighting) -> None:
        """Deliver one frame whole before anything else happens, with both kernels' states on either side of it."""
        taken = self._states.read()
        self._network.wire.deliver(sighting.octets, to=sighting.sender.other)
        delivered = self._states.read()
        self._reports.tell(
            "frame",
            run=run.number,
            time_ns=sighting.time_ns,
            sender=sighting.sender,
            octets=sighting.octets.hex(),
            taken=asdict(taken),
            delivered=asdict(delivered),
        )

    def _act(self, ready: Collection[int]) -> bool:
        """The wire is idle: one application may act, or the run has ended. False where all have to wait."""
        if self._run is None:
            return False
        if self._run.act(ready):
            return True
        states = self._states.read()
        if self._run.has_ended(states):
            self._reports.tell("run_ended", run=self._run.number, problem=self._run.problem)
            self._run = None
            return False
        if time.monotonic() < self._run.ends_at:
            return False
        self._run.break_off(
            f"The run did not end within {self._longest_run_s:g} s: "
            f"the client was {states.client}, the server {states.server}."
        )
        return True

    def _longest_wait_s(self) -> float | None:
        return None if self._run is None else max(0.0, self._run.ends_at - time.monotonic())

    def _obey(self) -> None:
        for line in self._lines.read():
            try:
                order = read_order(line)
            except OrderError as error:
                self._reports.tell("refused", run=0, sentence=str(error))
                continue
            if self._run is None:
                self._start(order)
            else:
                self._reports.tell("refused", run=order.run, sentence="A run is already on; wait until it has ended.")

    def _start(self, order: PlayRun) -> None:
        if order.cold:
            self._network.forget_neighbours()
        client, server = self._network.client, self._network.server
        connection = client.open_socket()
        port = self._ports.bind(connection, client.host.ip)
        hosts = Hosts(client=replace(client.host, port=port), server=server.host)
        self._states = self._network.states.of(hosts)
        self._run = Run(
            order.run,
            hosts,
            (
                Application("server", serve_hello(self._listener, port), self._selector),
                Application("client", ask_hello(connection, server.host), self._selector),
            ),
            ends_at=time.monotonic() + self._longest_run_s,
        )
        self._reports.tell("run_started", run=order.run, client_port=port)


def _listen(server: Station) -> socket.socket:
    with needing(Need.LISTENER):
        listener = server.open_socket()
        listener.bind((server.host.ip, server.host.port))
        listener.listen()
        return listener
