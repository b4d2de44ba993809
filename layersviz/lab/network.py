"""The lab's three namespaces, laid out as client - wire - server, with both hosts' addresses and links up.

Knows nothing of runs. All of it is gone when this process ends.
"""

import errno
import os
import socket
import time
from contextlib import suppress
from typing import Self

from layersviz.core.host import Host, Hosts, Side
from layersviz.lab.address import family_of
from layersviz.lab.namespaces import Namespace, become_root_of_own
from layersviz.lab.offload import switch_off_offload
from layersviz.lab.refusal import Need, needing
from layersviz.lab.rtnetlink import Rtnetlink
from layersviz.lab.socket_states import SocketStates
from layersviz.lab.wire import Wire

CARD = "eth0"
"""What a host calls its only interface. The wire calls its own ends as the hosts: client, server."""
_PATIENCE_S, _BETWEEN_TRIES_S = 2.0, 0.002
_ANY_PORT = 9


class Station:
    """One host: its namespace, its addresses, and its one interface."""

    def __init__(self, host: Host, namespace: Namespace) -> None:
        self.host = host
        self.namespace = namespace
        with namespace.entered():
            self._rtnetlink = Rtnetlink()

    def open_socket(self, family: socket.AddressFamily, kind: socket.SocketKind) -> socket.socket:
        """A nonblocking socket of this host's own kernel stack."""
        with self.namespace.entered():
            return socket.socket(family, kind | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)

    def configure(self, neighbour: Host) -> None:
        """Offload off, IPv6 silent, address given, card up: in this order, so that nothing is sent in between."""
        with self.namespace.entered():
            with needing(Need.OFFLOAD):
                switch_off_offload(CARD)
            with needing(Need.HOST):
                silence_ipv6(self._rtnetlink, CARD)
                self._rtnetlink.give_address(CARD, self.host.ip, peer_ip=neighbour.ip)
                self._rtnetlink.bring_up(CARD)

    def add_address(self, ip: str, *, peer_ip: str) -> None:
        """Nothing happens where the card has it."""
        with self.namespace.entered(), suppress(FileExistsError):
            self._rtnetlink.give_address(CARD, ip, peer_ip=peer_ip)

    def await_route(self, ip: str) -> None:
        """IPv6 has one only when the kernel has noticed that the link is up: some milliseconds after it is.

        Asked by connecting a datagram socket, which sends nothing.
        """
        gives_up_at = time.monotonic() + _PATIENCE_S
        with self.open_socket(family_of(ip), socket.SOCK_DGRAM) as probe:
            while number := probe.connect_ex((ip, _ANY_PORT)):
                if time.monotonic() > gives_up_at:
                    raise OSError(number, os.strerror(number))
                time.sleep(_BETWEEN_TRIES_S)

    def forget(self, neighbour: Host) -> None:
        with self.namespace.entered(), suppress(FileNotFoundError):
            self._rtnetlink.forget_neighbour(CARD, neighbour.ip)

    def confirm(self, neighbour: Host) -> None:
        """Nothing happens where nobody is known by that address, or where it was asked for and nobody answered."""
        try:
            with self.namespace.entered():
                self._rtnetlink.confirm_neighbour(CARD, neighbour.ip)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EINVAL):
                raise


class Network:
    """Both stations, the wire between them, and a view of both kernels' TCP states."""

    def __init__(self, *, client: Station, server: Station, wire: Wire, states: SocketStates) -> None:
        self.client = client
        self.server = server
        self.wire = wire
        self.states = states

    @classmethod
    def build(cls, hosts: Hosts, *, delay_s: float = 0.0) -> Self:
        """Make it all, and stay in the last namespace made. Raises ForbiddenError where the kernel says no."""
        become_root_of_own()
        between = Namespace.fresh()
        client = Station(hosts.client, Namespace.fresh())
        server = Station(hosts.server, Namespace.fresh())
        with between.entered():
            wire = _lay_wire(client, server, delay_s)
        with needing(Need.SOCKET_STATES):
            states = SocketStates.inside(client.namespace, server.namespace, hosts)
        return cls(client=client, server=server, wire=wire, states=states)

    def speak_ipv6(self, hosts: Hosts) -> None:
        """Both hosts have these addresses from now on. Raises OSError where the kernel has no IPv6."""
        self.client.add_address(hosts.client.ip, peer_ip=hosts.server.ip)
        self.server.add_address(hosts.server.ip, peer_ip=hosts.client.ip)
        self.client.await_route(hosts.server.ip)
        self.server.await_route(hosts.client.ip)

    def forget_neighbours(self, hosts: Hosts) -> None:
        """Both hosts forget each other's MAC address, so that ARP has to come first."""
        self.client.forget(hosts.server)
        self.server.forget(hosts.client)

    def confirm_neighbours(self, hosts: Hosts) -> None:
        """Both hosts trust what they know of each other, so that nobody asks again in the middle of a run."""
        self.client.confirm(hosts.server)
        self.server.confirm(hosts.client)


def _lay_wire(client: Station, server: Station, delay_s: float) -> Wire:
    rtnetlink = Rtnetlink()
    for station in (client, server):
        name = station.host.side.value
        with needing(Need.VETH):
            rtnetlink.make_veth(name, peer=CARD, peer_mac=station.host.mac, peer_namespace=station.namespace.descriptor)
        with needing(Need.OFFLOAD):
            switch_off_offload(name)
        with needing(Need.HOST):
            silence_ipv6(rtnetlink, name)
            rtnetlink.bring_up(name)
    client.configure(server.host)
    server.configure(client.host)
    with needing(Need.PACKET_SOCKET):
        return Wire.between(Side.CLIENT.value, Side.SERVER.value, delay_s=delay_s)


def silence_ipv6(rtnetlink: Rtnetlink, interface: str) -> None:
    with suppress(OSError):  # a kernel without IPv6 does not know the wish: it is silent already
        rtnetlink.keep_ipv6_silent(interface)
