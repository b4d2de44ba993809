"""Opens what a scene's programs need: on each host its socket, at its own port, and the program on it.

Knows nothing of the wire.
"""

import errno
import socket
from dataclasses import replace
from selectors import BaseSelector

from layersviz.core.host import Host, Hosts, Side
from layersviz.core.tcp_state import TcpState
from layersviz.lab.address import family_of
from layersviz.lab.hearing import Hearing, HearingSocket
from layersviz.lab.network import Network, Station
from layersviz.lab.ports import SourcePorts
from layersviz.lab.refusal import Need, needing
from layersviz.lab.run import Application
from layersviz.lab.scenes import Scene
from layersviz.lab.turns import Program


class Opening:
    """Of both hosts of a network, whose client gets another port for each run."""

    def __init__(self, network: Network, selector: BaseSelector) -> None:
        self.ports = SourcePorts(network.client.host.port)
        self._network = network
        self._selector = selector

    def open_first(
        self, scene: Scene, hosts: Hosts, gives_up_at: float | None
    ) -> tuple[Hosts, tuple[Application, ...]]:
        """The hosts with the client's next free port, and the scene's programs."""
        client = self._network.client.open_socket(family_of(hosts.client.ip), scene.transport)
        port = self.ports.bind(client, hosts.client.ip)
        hosts = replace(hosts, client=replace(hosts.client, port=port))
        return hosts, self._programs(scene, hosts, client, gives_up_at)

    def open_next(self, scene: Scene, hosts: Hosts, gives_up_at: float | None) -> tuple[Application, ...]:
        """The programs of what comes after, at the same ports."""
        return self._programs(
            scene, hosts, _open_bound(self._network.client, hosts.client, scene.transport), gives_up_at
        )

    def _programs(
        self, scene: Scene, hosts: Hosts, client: socket.socket, gives_up_at: float | None
    ) -> tuple[Application, ...]:
        sockets = {Side.CLIENT: client}
        if Side.SERVER in scene.programs:
            sockets[Side.SERVER] = _open_bound(self._network.server, hosts.server, scene.transport)
        return tuple(
            self._program(side, program, sockets[side], hosts.at(side.other), gives_up_at)
            for side, program in scene.programs.items()
        )

    def _program(
        self, side: Side, program: Program, opened: socket.socket, other: Host, gives_up_at: float | None
    ) -> Application:
        """The program on its socket, which notes what it hears."""
        hearing = Hearing(side, opened.type)
        script = program(HearingSocket(opened, hearing), other)
        return Application(side.word, script, self._selector, gives_up_at=gives_up_at, hearing=hearing)


def _open_bound(station: Station, host: Host, transport: socket.SocketKind) -> socket.socket:
    """At the host's own port, even while an earlier connection of that port is in TIME-WAIT."""
    opened = station.open_socket(family_of(host.ip), transport)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host.ip, host.port))
    return opened


def try_listening(network: Network) -> None:
    """Raises ForbiddenError where the server can't listen, or its kernel does not tell that it does."""
    with needing(Need.LISTENER):
        listener = _open_bound(network.server, network.server.host, socket.SOCK_STREAM)
        listener.listen()
    with listener, needing(Need.SOCKET_STATES):
        if network.states.read().server is not TcpState.LISTEN:
            raise OSError(errno.ENOENT, "the kernel does not find its own listener")
