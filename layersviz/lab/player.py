"""The lab's one loop: carry frames, let applications act while the wire is idle, read orders, report.

One thread and one loop, so that a TCP state is never read while something else moves.
"""

import errno
import os
import socket
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from selectors import EVENT_READ, PollSelector

from layersviz.core.frame import States
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.order import Deed, named
from layersviz.core.said import said
from layersviz.core.tcp_state import TcpState
from layersviz.lab.address import family_of, over_ipv6
from layersviz.lab.faults import Carried, Loss, Pick
from layersviz.lab.network import Network, Station
from layersviz.lab.orders import LetGo, Lines, OrderError, PlayRun, Reports, StopRun, read_order
from layersviz.lab.ports import SourcePorts
from layersviz.lab.refusal import Need, needing
from layersviz.lab.run import Application, Run
from layersviz.lab.scenes import SCENES, Scene
from layersviz.lab.socket_states import SocketStates
from layersviz.lab.wire import Sighting


class Player:
    """Plays runs on a network, one after the other, as they are ordered."""

    def __init__(
        self, network: Network, lines: Lines, reports: Reports, *, scenes: Mapping[str, Scene] = SCENES
    ) -> None:
        self._network = network
        self._lines = lines
        self._reports = reports
        self._scenes = scenes
        self._ports = SourcePorts(network.client.host.port)
        self._states: SocketStates = network.states
        self._run: Run | None = None
        self._selector = PollSelector()  # unlike epoll it takes a file as standard input, too
        self._selector.register(lines.descriptor, EVENT_READ)
        for wire_socket in network.wire.sockets:
            self._selector.register(wire_socket, EVENT_READ)
        _try_listening(network)

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
                self._carry_for(self._run, sighting)
            else:
                self._network.wire.deliver(sighting)
        return carried

    def _carry_for(self, run: Run, sighting: Sighting) -> None:
        """One frame of a run onto the wire, and off it what the run's faults let go on now."""
        for frame in run.passage.enter(Carried(sighting=sighting, taken=self._states_of(run))):
            self._deliver_and_tell(run, frame)

    def _deliver_and_tell(self, run: Run, frame: Carried) -> None:
        """Deliver one frame whole before anything else happens; a lost one stays where it is."""
        sighting = frame.sighting
        if not frame.lost:
            self._network.wire.deliver(sighting)
        self._reports.tell(
            "frame",
            run=run.number,
            time_ns=sighting.time_ns,
            sender=sighting.sender,
            octets=sighting.octets.hex(),
            taken=_plain(frame.taken),
            delivered=_plain(self._states_of(run)),
            lost=frame.lost,
        )

    def _states_of(self, run: Run) -> States | None:
        """Both kernels' states of its connection, None where it has none."""
        return None if run.expected is None else self._states.read()

    def _act(self, ready: Collection[int]) -> bool:
        """The wire is idle: one application may act, or the run has ended. False where all have to wait."""
        run = self._run
        if run is None:
            return False
        now_s = time.monotonic()
        if run.act(ready, now_s):
            return True
        states = self._states_of(run)
        if run.has_ended(states):
            if self._let_go(run):
                return True
            self._reports.tell("run_ended", run=run.number, problem=run.problem)
            self._run = None
            return False
        if now_s < run.ends_at:
            return False
        run.break_off(_not_ended(run, states))
        return True

    def _let_go(self, run: Run) -> bool:
        """No fault outlives its run: what is still held arrives now. False where nothing was."""
        held = run.passage.let_go()
        for frame in held:
            self._deliver_and_tell(run, frame)
        return bool(held)

    def _longest_wait_s(self) -> float | None:
        return None if self._run is None else max(0.0, self._run.wakes_at - time.monotonic())

    def _obey(self) -> None:
        for line in self._lines.read():
            try:
                order = read_order(line)
            except OrderError as error:
                self._reports.tell("refused", run=0, sentence=str(error))
                continue
            match order:
                case PlayRun():
                    self._begin(order)
                case LetGo() | StopRun():
                    if self._run is not None and self._run.number == order.run:
                        self._interfere(self._run, order)

    def _interfere(self, run: Run, order: LetGo | StopRun) -> None:
        """Something is asked of the run that is on."""
        if isinstance(order, StopRun):
            run.break_off(said("The run was stopped."))
        else:
            self._let_go(run)

    def _begin(self, play: PlayRun) -> None:
        order = play.order
        scene = self._scenes.get(f"{order.scene}-ipv6" if order.ipv6 else order.scene)
        if self._run is not None:
            self._refuse(play, said("A run is already on; wait until it has ended."))
        elif scene is None:
            self._refuse(play, said("The lab does not know this scene."))
        elif not all(fault.deed is Deed.LOSE for fault in order.faults):
            self._refuse(play, said("The lab can lose frames, and nothing else yet."))
        else:
            self._start(play, scene)

    def _refuse(self, play: PlayRun, sentence: str) -> None:
        self._reports.tell("refused", run=play.run, sentence=sentence)

    def _start(self, play: PlayRun, scene: Scene) -> None:
        order, server = play.order, self._network.server.host
        hosts = Hosts(client=self._network.client.host, server=replace(server, port=order.server_port or server.port))
        if scene.over_ipv6:
            hosts = over_ipv6(hosts)
            try:
                self._network.speak_ipv6(hosts)
            except OSError as error:
                self._refuse(play, said("This kernel gives the lab no IPv6: {strerror}.", strerror=error.strerror))
                return
        if order.cold:
            self._network.forget_neighbours(hosts)
        else:
            self._network.confirm_neighbours(hosts)
        lost = (Pick(sender=sender, kind=kind, nth=nth) for sender, kind, nth in named(order.faults))
        faults = (*scene.faults, *(Loss(frame=pick) for pick in lost))
        self._open(play.run, replace(scene, faults=faults), hosts)

    def _open(self, number: int, scene: Scene, hosts: Hosts) -> None:
        """Both hosts' sockets, bound to their ports, and the run."""
        sockets = {Side.CLIENT: self._network.client.open_socket(family_of(hosts.client.ip), scene.transport)}
        port = self._ports.bind(sockets[Side.CLIENT], hosts.client.ip)
        hosts = replace(hosts, client=replace(hosts.client, port=port))
        if Side.SERVER in scene.programs:
            sockets[Side.SERVER] = _open_at_own_port(self._network.server, hosts.server, scene.transport)
        self._states = self._network.states.of(hosts)
        self._run = Run(
            number,
            hosts,
            (
                Application(side.word, program(sockets[side], hosts.at(side.other)), self._selector)
                for side, program in scene.programs.items()
            ),
            expected=scene.ends,
            faults=scene.faults,
            begins_at=time.monotonic(),
            longest_s=scene.longest_run_s,
        )
        self._reports.tell(
            "run_started",
            run=number,
            client_port=port,
            client_ip=hosts.client.ip,
            server_ip=hosts.server.ip,
            server_port=hosts.server.port,
        )


def _open_at_own_port(station: Station, host: Host, transport: socket.SocketKind) -> socket.socket:
    """Bound, even while an earlier connection of that port is in TIME-WAIT."""
    opened = station.open_socket(family_of(host.ip), transport)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host.ip, host.port))
    return opened


def _not_ended(run: Run, states: States | None) -> str:
    if states is None:
        return said("The run did not end within {longest_s:g} s.", longest_s=run.longest_s)
    return said(
        "The run did not end within {longest_s:g} s: the client was {client}, the server {server}.",
        longest_s=run.longest_s,
        client=states.client,
        server=states.server,
    )


def _try_listening(network: Network) -> None:
    """Raises ForbiddenError where the server can't listen, or its kernel does not tell that it does."""
    with needing(Need.LISTENER):
        listener = _open_at_own_port(network.server, network.server.host, socket.SOCK_STREAM)
        listener.listen()
    with listener, needing(Need.SOCKET_STATES):
        if network.states.read().server is not TcpState.LISTEN:
            raise OSError(errno.ENOENT, "the kernel does not find its own listener")


def _plain(states: States | None) -> dict[str, TcpState] | None:
    return None if states is None else asdict(states)
