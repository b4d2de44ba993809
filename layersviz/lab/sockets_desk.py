"""Answers what is asked of the lab's hosts beside any run: which sockets they have, whether a port can be bound.

Costs nothing while nobody asks: a kernel walks through its whole table for a list, which takes it some milliseconds.
"""

import os
import socket
from dataclasses import asdict

from layersviz.core.host import Side
from layersviz.lab.binding import try_to_bind, unprivileged_from, words_of
from layersviz.lab.network import Network, Station
from layersviz.lab.orders import Reports, TellSockets, TryBind
from layersviz.lab.socket_list import sockets_of, this_process
from layersviz.lab.socket_states import open_inside


class SocketsDesk:
    """Of one network."""

    def __init__(self, network: Network, reports: Reports) -> None:
        self._stations = {Side.CLIENT: network.client, Side.SERVER: network.server}
        self._reports = reports
        self._kernels: dict[Side, socket.socket] = {}

    def answer(self, order: TellSockets | TryBind) -> None:
        if isinstance(order, TellSockets):
            self._tell_sockets()
        else:
            self._try(order, self._stations[Side.SERVER])

    def _tell_sockets(self) -> None:
        owner = this_process()
        told = {side: sockets_of(self._kernel(side), side, owner) for side in self._stations}
        self._reports.tell(
            "sockets",
            rows=[asdict(row) for rows, _untold in told.values() for row in rows],
            untold=sorted({protocol for _rows, untold in told.values() for protocol in untold}),
            unprivileged_from=unprivileged_from(self._stations[Side.SERVER].namespace),
            pid=os.getpid(),
            client_namespace=self._stations[Side.CLIENT].namespace.descriptor,
            server_namespace=self._stations[Side.SERVER].namespace.descriptor,
        )

    def _kernel(self, side: Side) -> socket.socket:
        if side not in self._kernels:
            self._kernels[side] = open_inside(self._stations[side].namespace)
        return self._kernels[side]

    def _try(self, order: TryBind, server: Station) -> None:
        number = try_to_bind(server.namespace, server.host.ip, order.port, with_right=order.right)
        self._reports.tell("bound", port=order.port, right=order.right, number=number, error=words_of(number))
