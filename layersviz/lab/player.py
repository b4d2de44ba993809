"""The lab's one loop: carry frames, let applications act while the wire is idle, read orders, report.

One thread and one loop, so that a TCP state is never read while something else moves. The loop waits for the earliest
of all that is to come, and for nothing else: no frame, no program and no order waits for another's time.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from selectors import EVENT_READ, SelectSelector

from layersviz.core.host import Hosts, Side
from layersviz.core.order import Order
from layersviz.core.said import said
from layersviz.lab.afterwards import Afterwards
from layersviz.lab.carrier import Carrier
from layersviz.lab.network import Network
from layersviz.lab.opening import Opening, try_listening
from layersviz.lab.orders import LetGo, Lines, OrderError, PlayRun, Reports, StopRun, TellSockets, TryBind, read_order
from layersviz.lab.patience import is_disturbed, longest_s, patience_s
from layersviz.lab.run import Run
from layersviz.lab.scenes import SCENES, Scene
from layersviz.lab.socket_states import Look
from layersviz.lab.sockets_desk import SocketsDesk
from layersviz.lab.sysctls import Sysctls

_NEIGHBOURS_KEPT_S = 5.0


class Player:
    """Plays runs on a network, one after the other, as they are ordered."""

    def __init__(
        self, network: Network, lines: Lines, reports: Reports, *, scenes: Mapping[str, Scene] = SCENES
    ) -> None:
        self._network = network
        self._lines = lines
        self._reports = reports
        self._scenes = scenes
        self._sysctls = Sysctls(network.client.namespace, network.server.namespace)
        self._carrier = Carrier(network.wire, network.states, reports)
        self._desk = SocketsDesk(network, reports)
        # select() waits to the microsecond, where poll() and epoll would to the millisecond; it takes files, too.
        self._wire_alone, self._all = SelectSelector(), SelectSelector()
        for selector in (self._wire_alone, self._all):
            selector.register(lines.descriptor, EVENT_READ)
            for plug in network.wire.sockets:
                selector.register(plug, EVENT_READ)
        self._opening = Opening(network, self._all)
        self._afterwards = Afterwards(reports)
        self._run: Run | None = None
        self._next: list[Scene] = []
        self._patience_s: float | None = None
        self._neighbours_kept_at = 0.0
        try_listening(network)

    def play(self) -> None:
        """Play until standard input has ended. Frames come first, then applications, then the end of a run."""
        self._reports.tell("ready", kernel=os.uname().release, pid=os.getpid())
        is_busy = False
        while not self._lines.have_ended:
            ready = self._wait(is_busy)
            if self._lines.descriptor in ready:
                self._obey()
            is_busy = self._carrier.carry() or self._go_on(ready)
            self._afterwards.ask(time.monotonic())

    def _wait(self, is_busy: bool) -> set[int]:
        """Until something is ready or due. Programs can't act while a frame is under way, so they don't wake us."""
        selector = self._wire_alone if self._carrier.is_under_way else self._all
        wait_s = 0.0 if is_busy else self._longest_wait_s()
        return {key.fd for key, _events in selector.select(wait_s)}

    def _longest_wait_s(self) -> float | None:
        moments = [self._carrier.wakes_at, self._afterwards.wakes_at]
        if self._run is not None:
            moments += [self._run.ends_at if self._carrier.is_under_way else self._run.wakes_at]
            moments += [self._neighbours_kept_at + _NEIGHBOURS_KEPT_S]
        earliest = min((moment for moment in moments if moment is not None), default=None)
        return None if earliest is None else max(0.0, earliest - time.monotonic())

    def _go_on(self, ready: set[int]) -> bool:
        """The run goes on, where it can; False where all have to wait."""
        run, now_s = self._run, time.monotonic()
        if run is None:
            return False
        self._keep_neighbours(run, now_s)
        if run.is_too_long(now_s):
            self._break_off(run, _not_ended(run, self._carrier.look()))
            return True
        if self._carrier.is_under_way:
            return False
        return run.act(ready, now_s) or (run.has_ended(self._carrier.look()) and self._end(run))

    def _end(self, run: Run) -> bool:
        """No fault outlives its run: what is still kept arrives first. False where it has ended, or where a frame is
        held that somebody else has to let go."""
        if self._carrier.let_kept_go():
            return True
        if run.passage.held:
            return False
        if self._next and not run.problem:
            then = self._next.pop(0)
            run.go_on(self._opening.open_next(then, run.hosts, self._gives_up_at()), then.ends)
            return True
        self._sysctls.use_textbook(False)
        self._afterwards.begin(run, self._network.states.of(run.hosts))
        self._carrier.end()
        self._run = None
        self._reports.tell("run_ended", run=run.number, problem=run.problem)
        return False

    def _break_off(self, run: Run, problem: str) -> None:
        run.break_off(problem)
        self._carrier.give_up()

    def _keep_neighbours(self, run: Run, now_s: float) -> None:
        """Or, in a run of half a minute, somebody would ask for a MAC address in its midst."""
        if now_s >= self._neighbours_kept_at + _NEIGHBOURS_KEPT_S:
            self._network.confirm_neighbours(run.hosts)
            self._neighbours_kept_at = now_s

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
                case TellSockets() | TryBind():
                    self._desk.answer(order)
                case LetGo() | StopRun():
                    if self._run is not None and self._run.number == order.run:
                        self._interfere(self._run, order)

    def _interfere(self, run: Run, order: LetGo | StopRun) -> None:
        """Something is asked of the run that is on."""
        if isinstance(order, LetGo):
            self._carrier.let_go(order.held)
        elif not run.problem:
            self._break_off(run, said("The run was stopped."))

    def _begin(self, play: PlayRun) -> None:
        scene = self._scenes.get(f"{play.order.scene}-ipv6" if play.order.ipv6 else play.order.scene)
        if self._run is not None:
            self._refuse(play, said("A run is already on; wait until it has ended."))
        elif scene is None:
            self._refuse(play, said("The lab does not know this scene."))
        elif sentence := self._why_not(play.order):
            self._refuse(play, sentence)
        else:
            self._start(play, scene)

    def _why_not(self, order: Order) -> str:
        """What only this lab can know; empty where it can play it. The timers are as it asks for from then on."""
        if order.server_port in self._opening.ports:
            first, last = self._opening.ports.ends
            return said(
                "The ports from {first} to {last} are the client's; choose another for the server.",
                first=first,
                last=last,
            )
        if order.textbook and self._sysctls.clocks is None:
            return said("This system does not let the lab change its timers.")
        return ""

    def _refuse(self, play: PlayRun, sentence: str) -> None:
        self._reports.tell("refused", run=play.run, sentence=sentence)

    def _start(self, play: PlayRun, scene: Scene) -> None:
        order, server = play.order, self._network.server.host
        hosts = Hosts(client=self._network.client.host, server=replace(server, port=order.server_port or server.port))
        if scene.over_ipv6:
            hosts = hosts.over_ipv6()
            try:
                self._network.speak_ipv6(hosts)
            except OSError as error:
                self._refuse(play, said("This kernel gives the lab no IPv6: {strerror}.", strerror=error.strerror))
                return
        try:
            self._sysctls.use_textbook(order.textbook)
        except OSError:
            self._refuse(play, said("This system does not let the lab change its timers."))
            return
        if order.cold:
            self._network.forget_neighbours(hosts)
        else:
            self._network.confirm_neighbours(hosts)
        self._open(play.run, order, scene, hosts)

    def _open(self, number: int, order: Order, scene: Scene, hosts: Hosts) -> None:
        """Both hosts' programs, and the run."""
        self._afterwards.end()
        clocks, now_s = self._sysctls.clocks, time.monotonic()
        disturbed = is_disturbed(order, scene.faults)
        self._patience_s = patience_s(scene.patience_s, order, clocks) if disturbed else None
        hosts, programs = self._opening.open_first(scene, hosts, self._gives_up_at())
        self._run = Run(
            number,
            hosts,
            programs,
            expected=scene.ends,
            faults=scene.faults_with(order.faults),
            crossings=scene.crossings,
            begins_at=now_s,
            longest_s=longest_s(scene.longest_run_s, self._patience_s, parts=1 if scene.then is None else 2),
            is_disturbed=disturbed,
        )
        self._next = [] if scene.then is None else [scene.then]
        self._neighbours_kept_at = now_s
        self._carrier.begin(self._run, self._network.states.of(hosts), _delays_ns(order))
        self._reports.tell(
            "run_started",
            run=number,
            client_port=hosts.client.port,
            client_ip=hosts.client.ip,
            server_ip=hosts.server.ip,
            server_port=hosts.server.port,
            clocks=None if clocks is None else asdict(clocks),
        )

    def _gives_up_at(self) -> float | None:
        """When a program that begins now has no more patience; None where it always hears something."""
        return None if self._patience_s is None else time.monotonic() + self._patience_s


def _delays_ns(order: Order) -> dict[Side, int]:
    return {Side.CLIENT: order.client_delay_ms * 1_000_000, Side.SERVER: order.server_delay_ms * 1_000_000}


def _not_ended(run: Run, look: Look | None) -> str:
    if look is None:
        return said("The run did not end within {longest_s:g} s.", longest_s=run.longest_s)
    return said(
        "The run did not end within {longest_s:g} s: the client was {client}, the server {server}.",
        longest_s=run.longest_s,
        client=look.states.client,
        server=look.states.server,
    )
